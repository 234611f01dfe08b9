//! A `PostgreSQL` server in a scratch folder, for tests and measurements.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::command::{answer, command, in_folder, run};
use crate::unprivileged::Unprivileged;

/// Of every server here: nobody from another machine reaches it.
const ALWAYS: [&str; 3] = [
    // For TLS, which a socket of the file system does without.
    "listen_addresses=localhost",
    "max_connections=300",
    "log_min_messages=panic",
];

/// What it says, in its folder: by the settings above next to nothing.
const LOG: &str = "log";

/// How long a server may take to start.
const START: Duration = Duration::from_mins(1);

/// A server; stopped when it is dropped.
pub(crate) struct Server {
    process: Child,
    stop: Command,
    /// With its data, its socket and its log.
    folder: TempDir,
    port: u16,
}

impl Server {
    /// Starts an empty one in a folder of its own, with settings (`name=value`).
    pub(crate) fn start(programs: &Path, settings: &[&str]) -> Result<Self> {
        Self::with_data(programs, settings, |as_whom, data| {
            init(programs, as_whom, data)
        })
    }

    /// Starts one that has what another one has, and follows it.
    pub(crate) fn replica_of(primary: &Self, programs: &Path, settings: &[&str]) -> Result<Self> {
        Self::with_data(programs, settings, |as_whom, data| {
            copy(programs, as_whom, primary, data)
        })
    }

    fn with_data(
        programs: &Path,
        settings: &[&str],
        make: impl FnOnce(&Unprivileged, &Path) -> Result<()>,
    ) -> Result<Self> {
        // Its own user has to get in, and a socket's path must be short.
        let folder = tempfile::Builder::new().prefix("shikaku-pg").tempdir()?;
        let data = folder.path().join("data");
        let as_whom = Unprivileged::find()?;
        as_whom.own(folder.path())?;
        make(&as_whom, &data)?;
        let postgres = in_folder(programs, "postgres").context("postgres is gone")?;
        let mut command = as_whom.command(postgres);
        command.arg("-D").arg(&data).arg("-k").arg(folder.path());
        let port = free_port()?;
        command.arg("-p").arg(port.to_string());
        for setting in ALWAYS.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        command.stderr(File::create(folder.path().join(LOG))?);
        let process = command.spawn().context("could not start: postgres")?;
        let control = in_folder(programs, "pg_ctl").context("pg_ctl is gone")?;
        let mut stop = as_whom.command(control);
        stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(&data);
        let mut server = Self {
            process,
            stop,
            folder,
            port,
        };
        server.wait(programs)?;
        Ok(server)
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let ready = in_folder(programs, "pg_isready").context("pg_isready is gone")?;
        let started = Instant::now();
        while answer(self.client(&ready).arg("-q")).is_none() {
            if let Some(status) = self.process.try_wait()? {
                let said = fs::read_to_string(self.log()).unwrap_or_default();
                bail!("PostgreSQL ended at once: {status} {said}");
            }
            if started.elapsed() > START {
                bail!("PostgreSQL did not start within {} s", START.as_secs());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// A client program that speaks to it.
    pub(crate) fn client(&self, program: &Path) -> Command {
        let mut client = command(program);
        client
            .args(["-U", "shikaku", "-p", &self.port.to_string(), "-h"])
            .arg(self.folder.path());
        client
    }

    /// The file that it logs into.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join(LOG)
    }

    /// Its database, as the service names it.
    pub(crate) fn url(&self) -> String {
        let socket = self.folder.path().display().to_string();
        let socket = socket.replace('%', "%25").replace('/', "%2F");
        format!("postgres://shikaku@{socket}:{}/postgres", self.port)
    }
}

/// One that nobody has at this moment.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port is free")?;
    Ok(listener.local_addr()?.port())
}

fn init(programs: &Path, as_whom: &Unprivileged, data: &Path) -> Result<()> {
    let initdb = in_folder(programs, "initdb").context("initdb is gone")?;
    run(as_whom
        .command(initdb)
        .args(["--username=shikaku", "--auth=trust", "--encoding=UTF8"])
        .args(["--locale=C", "--no-sync", "--pgdata"])
        .arg(data)
        .stdout(Stdio::null()))
}

/// What is written to the primary from now on streams to the copy.
fn copy(programs: &Path, as_whom: &Unprivileged, primary: &Server, data: &Path) -> Result<()> {
    let basebackup = in_folder(programs, "pg_basebackup").context("pg_basebackup is gone")?;
    run(as_whom
        .command(basebackup)
        .args(["--checkpoint=fast", "--no-sync", "--write-recovery-conf"])
        .args(["--username=shikaku", "--port", &primary.port.to_string()])
        .arg("--host")
        .arg(primary.folder.path())
        .arg("--pgdata")
        .arg(data))
}

impl Drop for Server {
    fn drop(&mut self) {
        // Killed, it would leave shared memory behind.
        if run(&mut self.stop).is_err() {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}
