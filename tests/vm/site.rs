//! The service on this machine, and a virtual machine with all readers beside it.

use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use card::demo::DemoCard;
use card::reader::Model;
use card::virtual_card::VirtualCard;
use card::virtual_reader::{BaltechHabits, Kind, RcS300Habits};
use tests::emulated::EmulatedReader;
use tests::uhid::HidPort;
use tests::usbip::Bus;
use tests::{Browser, Machine, Stack};

use crate::medium::Medium;

/// A reader, and how it is plugged in.
pub(crate) struct Port {
    pub(crate) model: Model,
    pub(crate) reader: EmulatedReader,
    /// Its place on the bus; the others are HID devices.
    on_bus: Option<usize>,
}

impl Port {
    /// What browsers call the way to it.
    pub(crate) fn way(&self) -> &'static str {
        self.on_bus.map_or("hid", |_| "usb")
    }

    pub(crate) fn medium<'a>(&self, page: &'a Browser) -> Medium<'a> {
        Medium::new(page, self.way(), self.reader.identity())
    }

    pub(crate) fn place(&self, card: DemoCard) {
        self.reader.place(VirtualCard::new(card.profile()));
    }
}

/// Everything that runs. It ends with this value.
pub(crate) struct Site {
    pub(crate) stack: Stack,
    pub(crate) machine: Machine,
    bus: Bus,
    hid: HidPort,
    began: Instant,
}

impl Site {
    /// Starts all but the browser, and gives the readers: none is plugged in.
    pub(crate) async fn start() -> Result<(Self, [Port; 3])> {
        let port = |model, kind, on_bus| Port {
            model,
            reader: EmulatedReader::new(kind),
            on_bus,
        };
        let ports = [
            port(Model::RcS380, Kind::RcS380, Some(0)),
            port(
                Model::RcS300,
                Kind::RcS300(RcS300Habits::default()),
                Some(1),
            ),
            port(
                Model::Baltech,
                Kind::Baltech(BaltechHabits::default()),
                None,
            ),
        ];
        let [rc_s380, rc_s300, baltech] = &ports;
        let bus = Bus::start(&[rc_s380.reader.clone(), rc_s300.reader.clone()])?;
        let hid = HidPort::start(&baltech.reader)?;
        let stack = Stack::start().await?;
        let began = Instant::now();
        let mut machine = Machine::start()?;
        let on_usb = [rc_s380.reader.identity(), rc_s300.reader.identity()];
        let origin = Machine::address(stack.port());
        machine.allow(&origin, &on_usb, &[baltech.reader.identity()])?;
        let site = Self {
            stack,
            machine,
            bus,
            hid,
            began,
        };
        site.tells("the machine runs");
        Ok((site, ports))
    }

    /// Starts the machine's browser.
    pub(crate) async fn browser(&mut self) -> Result<Browser> {
        let origin = self.origin();
        let browser = self.machine.browser(&origin).await?;
        self.tells("its browser runs");
        Ok(browser)
    }

    /// The service's address for the machine.
    pub(crate) fn origin(&self) -> String {
        Machine::address(self.stack.port())
    }

    pub(crate) fn plug_in(&mut self, port: &Port) -> Result<()> {
        match port.on_bus {
            Some(number) => self.machine.plug_in(&self.bus, number),
            None => self.machine.plug_in_hid(&self.hid),
        }
    }

    pub(crate) fn unplug(&self, port: &Port) -> Result<()> {
        match port.on_bus {
            Some(number) => self.bus.unplug(number),
            None => self.hid.unplug(),
        }
    }

    /// The reader's endpoint in refuses everything until that is cleared.
    pub(crate) fn halt(&self, port: &Port) -> Result<()> {
        let [face, ..] = port.reader.identity().interfaces else {
            bail!("no interface");
        };
        let number = port.on_bus.context("not on the bus")?;
        self.bus.halt(number, face.endpoints.0 | 0x80)
    }

    /// Says what has happened after how long.
    #[expect(clippy::print_stdout, reason = "a run of minutes has to be followed")]
    pub(crate) fn tells(&self, what: &str) {
        println!("{:6.1} s  {what}", self.began.elapsed().as_secs_f64());
    }
}
