//! A page as a way to a reader: the protocol's drivers run here, and their transfers in the page.

use std::time::Duration;

use anyhow::{Context as _, Result};
use card::reader::{Event, Reader, ReaderError, Step, Transfer};
use card::virtual_reader::Identity;
use serde_json::{Value, json};
use tests::Browser;

/// Everything here takes longer than on a terminal.
const SLOWNESS: u32 = 20;

/// What the page does: each of them is called with its arguments, and gives a promise.
const SCRIPT: &str = include_str!("medium.js");

/// A page's way to one device that it may use.
pub(crate) struct Medium<'a> {
    page: &'a Browser,
    way: &'static str,
    identity: Identity,
}

impl<'a> Medium<'a> {
    /// By `usb` or `hid`.
    pub(crate) fn new(page: &'a Browser, way: &'static str, identity: Identity) -> Self {
        Self {
            page,
            way,
            identity,
        }
    }

    /// Teaches a page that was just loaded, and counts from now what is plugged in and pulled out.
    pub(crate) async fn prepare(page: &Browser) -> Result<()> {
        page.driver().execute(SCRIPT, Vec::new()).await?;
        Ok(())
    }

    /// Waits until the page sees the device, or sees it no more.
    pub(crate) async fn is_there(&self, is_there: bool) -> Result<()> {
        for _ in 0..600 {
            if self.call("find", vec![]).await?.is_object() == is_there {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        anyhow::bail!("{} is there, or not: never {is_there}", self.identity.name)
    }

    /// Opens the device, and tells what the page sees of it.
    pub(crate) async fn open(&self) -> Result<Value> {
        self.call("open", vec![]).await
    }

    /// Gives it back.
    pub(crate) async fn close(&self) -> Result<()> {
        self.call("close", vec![]).await.map(drop)
    }

    /// How often such devices came and went.
    pub(crate) async fn events(&self) -> Result<(u64, u64)> {
        let events = self.call("events", vec![]).await?;
        let count = |name: &str| events[name].as_u64().context("no count");
        Ok((count("connect")?, count("disconnect")?))
    }

    /// Does all that a driver wants.
    pub(crate) async fn run<T>(&self, begun: Result<Step<T>, ReaderError>) -> Result<(Reader, T)> {
        let mut step = begun?;
        loop {
            match step {
                Step::Transfer(run, wanted) => step = run.resume(self.transfer(wanted).await?)?,
                Step::Done(reader, value) => return Ok((reader, value)),
            }
        }
    }

    /// Calls what the page was taught.
    pub(crate) async fn call(&self, what: &str, mut arguments: Vec<Value>) -> Result<Value> {
        let Identity {
            vendor, product, ..
        } = self.identity;
        let mut all = vec![json!(self.way), json!(what), json!(vendor), json!(product)];
        all.append(&mut arguments);
        let call = "const done = arguments[arguments.length - 1];
            const [way, what, ...rest] = [...arguments].slice(0, -1);
            window.medium[way][what](...rest).then(done, error => done(String(error)))";
        let answer = self.page.driver().execute_async(call, all).await?;
        let answer = answer.json().clone();
        match answer.as_str() {
            Some(error) => anyhow::bail!("{what}: {error}"),
            None => Ok(answer),
        }
    }

    async fn transfer(&self, wanted: Transfer) -> Result<Event> {
        match wanted {
            Transfer::Write(bytes) => Ok(match self.call("write", vec![json!(bytes)]).await {
                Ok(_) => Event::Written,
                Err(error) => unplugged(error)?,
            }),
            Transfer::Read { most, within } => {
                let within = u64::try_from((within * SLOWNESS).as_millis())?;
                match self.call("read", vec![json!(most), json!(within)]).await {
                    Ok(Value::Null) => Ok(Event::Late),
                    Ok(bytes) => Ok(Event::Received(serde_json::from_value(bytes)?)),
                    Err(error) => unplugged(error),
                }
            }
            Transfer::Pause(time) => {
                tokio::time::sleep(time).await;
                Ok(Event::Paused)
            }
        }
    }
}

/// What browsers say of a transfer to a device that is gone.
fn unplugged(error: anyhow::Error) -> Result<Event> {
    let text = error.to_string();
    let is_gone = ["NetworkError", "NotFoundError", "disconnected"]
        .iter()
        .any(|word| text.contains(word));
    if is_gone {
        Ok(Event::Unplugged)
    } else {
        Err(error)
    }
}
