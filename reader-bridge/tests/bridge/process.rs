//! The bridge as a real program.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

use crate::ORIGIN;
use crate::pcsc::Pcscd;

const PROGRAM: &str = env!("CARGO_BIN_EXE_shikaku-reader-bridge");
/// Long enough for a machine that does other things too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running bridge; it ends with this value.
pub(crate) struct Bridge {
    process: Child,
    folder: TempDir,
    pub(crate) port: u16,
    lines: Receiver<String>,
}

impl Bridge {
    /// A bridge with a simulated reader that lets pages of [`ORIGIN`] in.
    pub(crate) fn simulated() -> Self {
        Self::start(&mut program(), &["--simulator", "--pre-approve", ORIGIN])
    }

    /// A bridge on that PC/SC service that lets pages of [`ORIGIN`] in.
    pub(crate) fn on(service: &Pcscd) -> Self {
        let mut command = service.client(PROGRAM);
        Self::start(command.stdin(Stdio::null()), &["--pre-approve", ORIGIN])
    }

    /// A bridge with those options.
    pub(crate) fn start(command: &mut Command, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = command
            .args(["run", "--port", "0", "--data"])
            .arg(folder.path())
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let said = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut bridge = Self {
            process,
            folder,
            port: 0,
            lines,
        };
        let address = bridge.line(|line| line.contains("http://127.0.0.1:"));
        let port = address.trim().trim_end_matches('/').rsplit(':').next();
        bridge.port = port.unwrap().parse().unwrap();
        bridge.line(|line| line.contains("Ctrl-C"));
        bridge
    }

    /// The next line on its terminal that is as wanted.
    pub(crate) fn line(&self, is_wanted: impl Fn(&str) -> bool) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap();
            if is_wanted(&line) {
                return line;
            }
        }
    }

    /// Runs another command of the program in the same folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = program();
        command
            .args(arguments)
            .arg("--data")
            .arg(self.folder.path());
        command.output().unwrap()
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Asks it to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
    }

    /// Waits for its end; true if it was content.
    pub(crate) fn ended(&mut self) -> bool {
        self.process.wait().unwrap().success()
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, not yet told what to do.
pub(crate) fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.stdin(Stdio::null());
    command
}

/// What a process uses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Resident memory.
    pub(crate) kilobytes: u64,
    /// The most that it ever was.
    pub(crate) most_kilobytes: u64,
    pub(crate) threads: u64,
    pub(crate) files: usize,
    /// Hundredths of a second of the processor's time so far.
    pub(crate) ticks: u64,
}

impl Usage {
    pub(crate) fn of(process: u32) -> Self {
        let folder = format!("/proc/{process}");
        let status = std::fs::read_to_string(format!("{folder}/status")).unwrap();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        let stat = std::fs::read_to_string(format!("{folder}/stat")).unwrap();
        let after_name = stat.rsplit(')').next().unwrap();
        // Of what follows the name, the twelfth and thirteenth (proc(5): utime, stime).
        let times = after_name.split_whitespace().skip(11).take(2);
        Self {
            kilobytes: field("VmRSS:"),
            most_kilobytes: field("VmHWM:"),
            threads: field("Threads:"),
            files: std::fs::read_dir(format!("{folder}/fd")).unwrap().count(),
            ticks: times.map(|time| time.parse::<u64>().unwrap()).sum(),
        }
    }
}
