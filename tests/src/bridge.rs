//! The reader bridge as a real program, with a simulated reader or with a virtual one on a
//! real PC/SC service.

use std::fs;
#[cfg(target_os = "linux")]
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::ensure;
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Stack;
#[cfg(target_os = "linux")]
use crate::pcsc::{Pcscd, SOCKET_VARIABLE};

/// A page looks on three ports of the machine only, and other programs may have some of them.
static PLACE: Semaphore = Semaphore::const_new(1);

/// How often a bridge is started that finds no free port.
const TRIES: u32 = 60;
const INTERVAL: Duration = Duration::from_millis(100);

/// A running bridge that lets the pages of one service in; it ends with this value.
pub struct Bridge {
    data: TempDir,
    origin: String,
    cards: Cards,
    program: Option<Child>,
    _place: SemaphorePermit<'static>,
}

/// Where its reader and cards are.
enum Cards {
    Simulated,
    /// At the PC/SC service that listens there.
    #[cfg(target_os = "linux")]
    Service(PathBuf),
}

impl Bridge {
    /// Starts one with simulated cards for the pages of a service.
    pub async fn start(stack: &Stack) -> anyhow::Result<Self> {
        Self::begin(stack, Cards::Simulated).await
    }

    /// Starts one that uses a PC/SC service, whether or not that runs.
    #[cfg(target_os = "linux")]
    pub async fn start_on(service: &Pcscd, stack: &Stack) -> anyhow::Result<Self> {
        Self::begin(stack, Cards::Service(service.socket())).await
    }

    async fn begin(stack: &Stack, cards: Cards) -> anyhow::Result<Self> {
        let place = PLACE.acquire().await?;
        let mut bridge = Self {
            data: TempDir::new()?,
            origin: stack.address(),
            cards,
            program: None,
            _place: place,
        };
        bridge.start_again().await?;
        Ok(bridge)
    }

    /// Starts it again, as itself: it keeps its key.
    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        for _ in 0..TRIES {
            let mut program = self
                .command()?
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            // It ends where no port is free, and says where it is once it listens.
            while program.try_wait()?.is_none() {
                if self.is_told_of(program.id()) {
                    self.program = Some(program);
                    return Ok(());
                }
                tokio::time::sleep(INTERVAL).await;
            }
            tokio::time::sleep(INTERVAL).await;
        }
        ensure!(self.program.is_some(), "the bridge does not start");
        Ok(())
    }

    fn command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(crate::program("SHIKAKU_BRIDGE")?);
        command
            .args(["run", "--pre-approve", &self.origin])
            .arg("--data")
            .arg(self.data.path());
        match &self.cards {
            Cards::Simulated => command.arg("--simulator"),
            #[cfg(target_os = "linux")]
            Cards::Service(socket) => command.env(SOCKET_VARIABLE, socket),
        };
        Ok(command)
    }

    fn is_told_of(&self, pid: u32) -> bool {
        let told = fs::read(self.data.path().join("running.json")).unwrap_or_default();
        let told: serde_json::Value = serde_json::from_slice(&told).unwrap_or_default();
        told["pid"] == pid
    }

    /// Ends it without a word.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut program) = self.program.take() {
            program.kill()?;
            program.wait()?;
        }
        Ok(())
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
