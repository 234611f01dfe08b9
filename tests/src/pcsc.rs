//! A PC/SC service of one's own, with one virtual reader: pcscd and vpcd, beside whatever
//! service the machine has and beside those of other tests.
//!
//! pcscd has its socket's place compiled in, so it gets a `/run` of its own (a mount
//! namespace); clients find the socket by `PCSCLITE_CSOCK_NAME`. vpcd listens on all
//! addresses and knows no other way, so these tests belong on a machine that is not
//! reachable from outside.

use std::fs::{self, File};
use std::iter;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use card::virtual_card::VirtualCard;
use tempfile::TempDir;

use crate::vpcd::{InsertedCard, Manner};

/// How long the service may take to listen after its start.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Where clients of libpcsclite look for the service.
pub const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

/// The driver that vpcd is, as Debian installs it.
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";

/// Puts the folder `$1` in the place of `/run`, then becomes pcscd, with its readers in `$2`.
/// Services are where only root's `PATH` leads.
const SCRIPT: &str = "mount --bind \"$1\" /run && PATH=$PATH:/usr/sbin \
                      && exec pcscd --foreground --info --config \"$2\"";

/// Places for ports that were tried: two services of one process never try the same.
static TRIED_PORTS: AtomicU16 = AtomicU16::new(0);

/// A running service; it ends with this value.
pub struct Pcscd {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Pcscd {
    /// Starts a service with an empty reader of two slots, of which the first is used.
    pub fn start() -> Result<Self> {
        let mut service = Self::new()?;
        service.configure_reader()?;
        service.start_service()?;
        Ok(service)
    }

    /// Starts a service without a reader: [`Self::attach_reader`] brings it.
    pub fn start_without_reader() -> Result<Self> {
        let mut service = Self::new()?;
        service.start_service()?;
        Ok(service)
    }

    /// Gives it the reader. It looks for readers that are no USB devices when it starts, and so is
    /// started again.
    pub fn attach_reader(&mut self) -> Result<()> {
        self.configure_reader()?;
        self.kill()?;
        self.start_service()
    }

    fn new() -> Result<Self> {
        let folder = TempDir::new()?;
        let port = free_ports()?;
        let service = Self {
            folder,
            port,
            process: None,
        };
        fs::create_dir(service.run_folder())?;
        fs::create_dir(service.configuration())?;
        Ok(service)
    }

    fn configure_reader(&self) -> Result<()> {
        let port = self.port;
        let reader = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{port:#X}\n\
             LIBPATH {DRIVER}\nCHANNELID {port:#X}\n"
        );
        Ok(fs::write(self.configuration().join("vpcd"), reader)?)
    }

    /// Starts the service again, after [`Self::kill`].
    pub fn start_service(&mut self) -> Result<()> {
        // What a killed service has left would keep another from starting.
        let left = self.run_folder().join("pcscd");
        if left.exists() {
            fs::remove_dir_all(left)?;
        }
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("pcscd.log"))?;
        let (socket, run_folder, configuration) =
            (self.socket(), self.run_folder(), self.configuration());
        let process = self.process.insert(
            own_namespace()
                .args(["sh", "-c", SCRIPT, "pcscd"])
                .args([run_folder, configuration])
                .stdout(log.try_clone()?)
                .stderr(log)
                .stdin(Stdio::null())
                .spawn()
                .context("pcscd does not start; `cargo xtask setup` installs it")?,
        );
        let started = Instant::now();
        while UnixStream::connect(&socket).is_err() {
            let is_over = process.try_wait()?.is_some() || started.elapsed() > START_TIMEOUT;
            ensure!(!is_over, "pcscd does not listen: {}", self.log()?);
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends the service without a word. Its socket stays, as after a crash.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// The service's process, if it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// What the service has logged.
    pub fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.path().join("pcscd.log"))?)
    }

    /// Where it listens: the value of [`SOCKET_VARIABLE`] for its clients.
    pub fn socket(&self) -> PathBuf {
        self.run_folder().join("pcscd/pcscd.comm")
    }

    /// A program that is a client of this service.
    pub fn client(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env(SOCKET_VARIABLE, self.socket());
        command
    }

    /// Puts a card into the first slot.
    pub fn insert(&self, card: VirtualCard) -> Result<InsertedCard> {
        self.insert_with(card, Manner::default())
    }

    /// The same, with manners of its own.
    pub fn insert_with(&self, card: VirtualCard, manner: Manner) -> Result<InsertedCard> {
        InsertedCard::insert(self.port, card, manner)
    }

    fn run_folder(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    fn configuration(&self) -> PathBuf {
        self.folder.path().join("readers")
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// A port for each slot, one after the other, below those that the system gives to
/// connections.
fn free_ports() -> Result<u16> {
    let is_free = |port| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok();
    let process = u16::try_from(std::process::id() % 5000).unwrap_or_default();
    iter::repeat_with(|| TRIED_PORTS.fetch_add(1, Ordering::Relaxed) % 5000)
        .take(5000)
        .map(|step| 20_000 + (process + step) % 5000 * 2)
        .find(|port| is_free(*port) && is_free(port + 1))
        .context("no two free ports for a virtual reader")
}

/// Runs what follows with mounts of its own. Only root may; everybody is root in a user
/// namespace, where the machine allows them.
fn own_namespace() -> Command {
    let mut command = Command::new("unshare");
    command.arg("--mount");
    let is_root = fs::metadata("/proc/self")
        .is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0);
    if !is_root {
        command.args(["--user", "--map-root-user"]);
    }
    command
}
