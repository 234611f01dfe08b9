//! The server's tests once more, on a `PostgreSQL` server in a scratch folder.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::command::{answer, command, in_folder, run};
use crate::setup::Prepared;
use crate::workspace::Workspace;

/// Of every server here: reached by its socket only.
const ALWAYS: [&str; 3] = [
    "listen_addresses=",
    "max_connections=300",
    "log_min_messages=panic",
];

/// How long a server may take to start.
const START: Duration = Duration::from_mins(1);

/// Nothing that these tests keep has to survive a power cut.
const SETTINGS: [&str; 4] = [
    "shared_buffers=256MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// Runs the tests of the server crate against a server that is there for them only.
pub(super) fn run_on(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("\n省略/skipped  the scratch server is made with programs of Linux");
        return Ok(());
    }
    let server = Server::start(prepared.postgres()?, &SETTINGS)?;
    run(workspace
        .cargo(["test", "--locked", "-p", "server"])
        .env("SHIKAKU_TEST_DATABASE", server.url()))
}

/// A server; stopped when it is dropped.
pub(crate) struct Server {
    process: Child,
    stop: Command,
    /// With its data and its socket.
    folder: TempDir,
}

impl Server {
    /// Starts one in a folder of its own, with settings (`name=value`).
    pub(crate) fn start(programs: &Path, settings: &[&str]) -> Result<Self> {
        // Its own user has to get in, and a socket's path must be short.
        let folder = tempfile::Builder::new().prefix("shikaku-pg").tempdir()?;
        let data = folder.path().join("data");
        let as_whom = Unprivileged::find()?;
        as_whom.own(folder.path())?;
        let initdb = in_folder(programs, "initdb").context("initdb is gone")?;
        run(as_whom
            .command(initdb)
            .args(["--username=shikaku", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .stdout(std::process::Stdio::null()))?;
        let postgres = in_folder(programs, "postgres").context("postgres is gone")?;
        let mut command = as_whom.command(postgres);
        command.arg("-D").arg(&data).arg("-k").arg(folder.path());
        for setting in ALWAYS.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        let process = command.spawn().context("could not start: postgres")?;
        let control = in_folder(programs, "pg_ctl").context("pg_ctl is gone")?;
        let mut stop = as_whom.command(control);
        stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(&data);
        let mut server = Self {
            process,
            stop,
            folder,
        };
        server.wait(programs)?;
        Ok(server)
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let ready = in_folder(programs, "pg_isready").context("pg_isready is gone")?;
        let started = Instant::now();
        let socket = self.folder.path();
        let is_ready = || {
            answer(
                command(&ready)
                    .args(["-q", "-U", "shikaku", "-h"])
                    .arg(socket),
            )
        };
        while is_ready().is_none() {
            if let Some(status) = self.process.try_wait()? {
                bail!("PostgreSQL ended at once: {status}");
            }
            if started.elapsed() > START {
                bail!("PostgreSQL did not start within {} s", START.as_secs());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The folder of its socket.
    pub(crate) fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// Its database, as the service names it.
    pub(crate) fn url(&self) -> String {
        let socket = self.folder.path().display().to_string();
        let socket = socket.replace('%', "%25").replace('/', "%2F");
        format!("postgres://shikaku@{socket}/postgres")
    }
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

/// `PostgreSQL` refuses to run as root.
enum Unprivileged {
    /// Whoever runs this is.
    Already,
    /// The user that Debian's package makes.
    Postgres,
}

impl Unprivileged {
    fn find() -> Result<Self> {
        if answer(command("id").arg("-u")).as_deref() != Some("0") {
            return Ok(Self::Already);
        }
        if answer(command("id").args(["-u", "postgres"])).is_none() {
            bail!("PostgreSQL does not run as root, and there is no user postgres");
        }
        Ok(Self::Postgres)
    }

    fn own(&self, folder: &Path) -> Result<()> {
        match self {
            Self::Already => Ok(()),
            Self::Postgres => run(command("chown").arg("postgres").arg(folder)),
        }
    }

    /// In place of itself, so that who is stopped is the server.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        match self {
            Self::Already => command(program),
            Self::Postgres => {
                let mut setpriv = command("setpriv");
                setpriv
                    .args(["--reuid=postgres", "--regid=postgres", "--init-groups"])
                    .arg("--")
                    .arg(program);
                setpriv
            }
        }
    }
}
