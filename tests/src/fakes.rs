//! Readers and a staff button that only the page sees: `navigator.usb` and `navigator.hid` of
//! the crate `fakes`, in words for journeys. Each tab has its own devices.

use std::fs;

use anyhow::{Context as _, ensure};
use card::virtual_reader::{BaltechHabits, Identity, Kind, RcS300Habits};
use serde::Serialize;
use serde_json::json;
use thirtyfour::WindowHandle;

use crate::{Browser, Stack};

/// Where the page remembers which reader was chosen.
const CHOICE: &str = "shikaku.reader";

/// Which reader is at the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum FakeReader {
    /// A Sony RC-S380.
    #[serde(rename = "rc-s380")]
    RcS380,
    /// A Sony RC-S300 that speaks the block protocol itself.
    #[serde(rename = "rc-s300")]
    RcS300,
    /// A Sony RC-S300 that leaves it to its host.
    #[serde(rename = "rc-s300-blocks")]
    RcS300ByBlocks,
    /// A BALTECH reader.
    #[serde(rename = "baltech")]
    Baltech,
}

impl FakeReader {
    /// One of each kind.
    pub const ALL: [Self; 3] = [Self::RcS380, Self::RcS300, Self::Baltech];

    /// What it says it is.
    pub fn identity(self) -> Identity {
        match self {
            Self::RcS380 => Kind::RcS380,
            Self::RcS300 | Self::RcS300ByBlocks => Kind::RcS300(RcS300Habits::default()),
            Self::Baltech => Kind::Baltech(BaltechHabits::default()),
        }
        .identity()
    }

    /// The browser's feature that leads to it.
    pub const fn feature(self) -> &'static str {
        match self {
            Self::Baltech => "hid",
            _ => "usb",
        }
    }
}

/// A device at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// The reader.
    Reader,
    /// The Stream Deck.
    Button,
}

/// What becomes of the browser's dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialog {
    /// Somebody picks the device.
    Picks,
    /// Somebody closes it.
    Nothing,
    /// It stays open.
    Open,
    /// There is none: the site's headers forbid it.
    Forbidden,
}

/// What another program keeps the page from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// Opening the reader.
    Open,
    /// Claiming its interface.
    Claim,
}

/// What happens to one transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It takes so many milliseconds longer.
    Late(u32),
    /// This bit of it is another one.
    Garbled(u32),
    /// Only so many bytes come.
    Cut(u32),
    /// It comes in two, the first of so many bytes.
    Split(u32),
    /// It comes twice.
    Twice,
    /// The reader is pulled out before it.
    Unplugged,
    /// The card is taken away before it.
    CardRemoved,
}

/// How fast devices answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// At once.
    AtOnce,
    /// After so many milliseconds each.
    Each(u32),
    /// As `card::virtual_reader::cost` says.
    Modelled,
}

impl Speed {
    fn milliseconds(self) -> i64 {
        match self {
            Self::AtOnce => 0,
            Self::Each(milliseconds) => milliseconds.into(),
            Self::Modelled => -1,
        }
    }
}

/// What there is when a tab begins.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Port {
    /// The reader.
    pub reader: FakeReader,
    /// What is plugged in.
    pub plugged: Vec<Device>,
    /// What the page may use without asking.
    pub granted: Vec<Device>,
    /// What becomes of the dialog.
    pub dialog: Dialog,
    /// Whether another program has the reader.
    pub held: Option<Held>,
    /// The features that the browser has: `usb`, `hid`.
    pub features: Vec<&'static str>,
    /// That of which `getDevices` says nothing.
    pub never_settles: Option<&'static str>,
    /// Whether the system has chosen the device's configuration.
    pub is_configured: bool,
    /// Whether this browser remembers that the reader was chosen.
    #[serde(skip)]
    pub is_chosen: bool,
}

impl Port {
    /// With one reader, which the page has to ask for.
    pub fn with(reader: FakeReader) -> Self {
        Self {
            reader,
            plugged: vec![Device::Reader],
            granted: Vec::new(),
            dialog: Dialog::Picks,
            held: None,
            features: vec!["usb", "hid"],
            never_settles: None,
            is_configured: true,
            is_chosen: false,
        }
    }

    /// With one reader, which was chosen before.
    pub fn used(reader: FakeReader) -> Self {
        Self {
            granted: vec![Device::Reader],
            is_chosen: true,
            ..Self::with(reader)
        }
    }

    /// What the page keeps of the choice, as a script that keeps it once.
    fn choice(&self) -> String {
        if !self.is_chosen {
            return String::new();
        }
        let Identity {
            vendor, product, ..
        } = self.reader.identity();
        let way = self.reader.feature();
        let choice = json!({ "way": way, "vendor": vendor, "product": product }).to_string();
        format!(
            "if (sessionStorage.getItem('fakes') === null) \
             localStorage.setItem({CHOICE:?}, {choice:?});"
        )
    }
}

impl Browser {
    /// Starts a browser that is a reader screen of the demo, and uses this reader.
    pub async fn reader_screen_with(stack: &Stack, reader: FakeReader) -> anyhow::Result<Self> {
        let browser = Self::reader_screen_at(stack, &Port::used(reader)).await?;
        browser.shows("normal").await?;
        Ok(browser)
    }

    /// Starts a browser that is a reader screen of the demo, whatever it shows then.
    pub async fn reader_screen_at(stack: &Stack, port: &Port) -> anyhow::Result<Self> {
        let browser = Self::start().await?;
        browser.plug_in(port).await?;
        browser.go(&format!("{}/reader", stack.address())).await?;
        browser.shows("register").await?;
        browser.press("デモの読取画面として使う").await?;
        browser.is_gone("//main[@data-view='register']").await?;
        Ok(browser)
    }

    /// Gives this tab devices, from its next page on.
    pub async fn plug_in(&self, port: &Port) -> anyhow::Result<()> {
        let script = crate::program("SHIKAKU_FAKES")?;
        let script = fs::read_to_string(&script)
            .with_context(|| format!("could not read {}", script.display()))?;
        let configuration = serde_json::to_string(port)?;
        let choice = port.choice();
        // Other pages than ours, and frames without an origin, have no storage.
        let source = format!(
            "if (location.protocol === 'http:') (() => {{ 'use strict';\n\
             const configuration = {configuration};\n{choice}\n{script}\n}})();"
        );
        let arguments = json!({ "source": source });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", arguments)
            .await
            .map(drop)
    }

    /// Another tab of this browser, with devices of its own, which is then the one that is spoken
    /// to; and the one from before, for [`Self::go_to_tab`].
    pub async fn another_tab(&self, port: &Port) -> anyhow::Result<WindowHandle> {
        let before = self.driver().window().await?;
        let tab = self.driver().new_tab().await?;
        self.go_to_tab(&tab).await?;
        self.plug_in(port).await?;
        Ok(before)
    }

    /// Speaks to a tab from now on, and shows it.
    pub async fn go_to_tab(&self, tab: &WindowHandle) -> anyhow::Result<()> {
        Ok(self.driver().switch_to_window(tab.clone()).await?)
    }

    /// Does something with the devices.
    pub async fn fakes<T: serde::de::DeserializeOwned>(&self, act: &str) -> anyhow::Result<T> {
        self.script(&format!("return fakes.{act} ?? null")).await
    }

    /// Places a card: `valid`, `expired`, `not-linked` or `driving-licence`.
    pub async fn place_card(&self, card: &str) -> anyhow::Result<()> {
        self.fakes(&format!("place('{card}')")).await
    }

    /// Takes it away.
    pub async fn take_card(&self) -> anyhow::Result<()> {
        self.fakes("remove()").await
    }

    /// Pulls the reader out.
    pub async fn unplug_reader(&self) -> anyhow::Result<()> {
        self.fakes("unplug()").await
    }

    /// Puts it in again.
    pub async fn plug_reader(&self) -> anyhow::Result<()> {
        self.fakes("plug()").await
    }

    /// Sets what becomes of the next dialogs.
    pub async fn dialog_gets(&self, dialog: Dialog) -> anyhow::Result<()> {
        let dialog = serde_json::to_string(&dialog)?;
        self.script(&format!("fakes.dialog = {dialog}")).await
    }

    /// Another program takes the reader, or lets it go.
    pub async fn is_held_elsewhere(&self, held: Option<Held>) -> anyhow::Result<()> {
        let held = serde_json::to_string(&held)?;
        self.script(&format!("fakes.held = {held}")).await
    }

    /// Sets how fast the reader answers from now on.
    pub async fn reader_answers(&self, speed: Speed) -> anyhow::Result<()> {
        let milliseconds = speed.milliseconds();
        self.fakes(&format!("setSpeed({milliseconds})")).await
    }

    /// Disturbs the transfer that comes `ahead` transfers after the first from the page for which
    /// `commands` more commands have reached the card.
    pub async fn disturb(&self, commands: u32, ahead: u32, fault: Fault) -> anyhow::Result<()> {
        let (fault, amount) = match fault {
            Fault::Late(amount) => ("late", amount),
            Fault::Garbled(amount) => ("garbled", amount),
            Fault::Cut(amount) => ("cut", amount),
            Fault::Split(amount) => ("split", amount),
            Fault::Twice => ("twice", 0),
            Fault::Unplugged => ("unplugged", 0),
            Fault::CardRemoved => ("card-removed", 0),
        };
        let act = format!("disturb({commands}, {ahead}, '{fault}', {amount})");
        self.fakes(&act).await
    }

    /// Waits until every disturbance has begun.
    pub async fn is_disturbed(&self) -> anyhow::Result<()> {
        self.until("return fakes.planned() === 0").await
    }

    /// How many commands have reached cards since the reader was plugged in.
    pub async fn commands(&self) -> anyhow::Result<u32> {
        self.fakes("commands()").await
    }

    /// Waits until this page has the reader closed, and its field is off. That of a BALTECH
    /// reader can't be switched off by its host.
    pub async fn reader_is_left(&self) -> anyhow::Result<()> {
        self.until("return !fakes.isOpen('reader') && (fakes.isHid || !fakes.hasField())")
            .await
    }

    /// Fails if the page before, or another tab, has left the reader's field on. (It is closed
    /// by its page's end.)
    pub async fn field_was_left_off(&self) -> anyhow::Result<()> {
        let left: serde_json::Value = self.fakes("left()").await?;
        ensure!(left["hasField"] == false, "the field stays on: {left}");
        Ok(())
    }
}
