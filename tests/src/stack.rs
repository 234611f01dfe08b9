//! The service as a real program on a store of its own.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{opening, store};

/// How long the service may take to answer after its start.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Journeys at once: more of them only wait for the processor.
static PLACES: Semaphore = Semaphore::const_new(2);

/// A running service in demo mode; it ends with this value.
pub struct Stack {
    data: TempDir,
    port: u16,
    server: Option<Child>,
    options: &'static [&'static str],
    /// What the service is to log into a file, if anything.
    log_level: Option<&'static str>,
    /// The URL of the mail server, if there is one.
    mail_server: Option<String>,
    _place: SemaphorePermit<'static>,
}

impl Stack {
    /// Starts the service on a fresh store and a free port.
    pub async fn start() -> anyhow::Result<Self> {
        Self::begin(&[], None, None).await
    }

    /// The same, with options of its own.
    pub async fn start_with(options: &'static [&'static str]) -> anyhow::Result<Self> {
        Self::begin(options, None, None).await
    }

    /// The same as [`Self::start`], with the emergency function open.
    pub async fn start_opened() -> anyhow::Result<Self> {
        Self::start().await?.opened()
    }

    /// Opens the emergency function of the demo's clinic, by everybody's own steps.
    pub fn opened(self) -> anyhow::Result<Self> {
        opening::open_function(self.port)?;
        Ok(self)
    }

    /// Takes an operator's step of the one opening that needs something.
    pub fn operate(&self, act: &serde_json::Value) -> anyhow::Result<()> {
        opening::operate(self.port, act)
    }

    /// Lets hours pass for every opening of the function, as far as the store knows.
    pub fn pass_hours(&self, hours: i64) -> anyhow::Result<()> {
        store::pass_hours(self.data.path(), hours)
    }

    /// Starts the service with a log of a level, to be read by [`Self::log`].
    pub async fn start_with_log(level: &'static str) -> anyhow::Result<Self> {
        Self::begin(&[], Some(level), None).await
    }

    /// Starts the service with a mail server on this machine.
    pub async fn start_with_mail(server: SocketAddr) -> anyhow::Result<Self> {
        Self::begin(&[], None, Some(format!("smtp://{server}"))).await
    }

    /// What the service has logged.
    pub fn log(&self) -> anyhow::Result<String> {
        Ok(fs::read_to_string(self.log_file())?)
    }

    fn log_file(&self) -> std::path::PathBuf {
        self.data.path().join("service.log")
    }

    async fn begin(
        options: &'static [&'static str],
        log_level: Option<&'static str>,
        mail_server: Option<String>,
    ) -> anyhow::Result<Self> {
        let place = PLACES.acquire().await?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut stack = Self {
            data: TempDir::new()?,
            port,
            server: None,
            options,
            log_level,
            mail_server,
            _place: place,
        };
        stack.start_server()?;
        Ok(stack)
    }

    /// The address of the page, without a slash at the end.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the service listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The same page under this machine's name: passkeys are bound to names.
    pub fn named_address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Starts the service again on the same store and port.
    pub fn start_server(&mut self) -> anyhow::Result<()> {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut arguments = vec!["serve", "--demo", "--listen", &listen];
        arguments.extend(self.options);
        let mut command = self.command(&arguments)?;
        if let Some(level) = self.log_level {
            let file = fs::File::options()
                .create(true)
                .append(true)
                .open(self.log_file())?;
            command.env("RUST_LOG", level).stderr(file);
        }
        if let Some(url) = &self.mail_server {
            command.env("SHIKAKU_SMTP_URL", url);
        }
        let server = self.server.insert(command.stdout(Stdio::null()).spawn()?);
        let started = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            ensure!(server.try_wait()?.is_none(), "the service has ended");
            ensure!(
                started.elapsed() < START_TIMEOUT,
                "the service does not answer"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Ends the service without a word, as a power cut does.
    pub fn kill_server(&mut self) -> anyhow::Result<()> {
        if let Some(mut server) = self.server.take() {
            server.kill()?;
            server.wait()?;
        }
        Ok(())
    }

    /// Runs another command of the service on the same store.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let output = self.command(arguments)?.output()?;
        if !output.status.success() {
            bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(output)
    }

    /// Adds somebody to a demo that is set up, as it is once somebody could log in; gives the
    /// password.
    pub fn add_account(
        &self,
        user_id: &str,
        role: &str,
        institution_code: &str,
    ) -> anyhow::Result<String> {
        let institution = ["--role", role, "--institution-code", institution_code];
        let added = self.run(&[&["account", "add", user_id], &institution[..]].concat())?;
        let added = String::from_utf8(added.stdout)?;
        let password = added
            .lines()
            .find_map(|line| line.strip_prefix("password: "));
        let password = password.and_then(|line| line.split_whitespace().next());
        Ok(password.context("no password")?.to_owned())
    }

    /// Imports a file's content while the service runs.
    pub fn import(&self, csv: &[u8]) -> anyhow::Result<Output> {
        let file = self.data.path().join("insured.csv");
        fs::write(&file, csv)?;
        self.run(&["import", file.to_str().context("the path is not UTF-8")?])
    }

    fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let store: &Path = self.data.path();
        let mut command = Command::new(crate::program("SHIKAKU_SERVER")?);
        command.args(arguments).arg("--data").arg(store);
        Ok(command)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // The store goes too, so nothing is lost with an end by force.
        let _ = self.kill_server();
    }
}
