//! The bridge as a real program.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

use crate::ORIGIN;

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
