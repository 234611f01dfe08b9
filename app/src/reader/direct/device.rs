//! A device and the line to it, whichever of the browser's ways leads there.

use std::time::Duration;

use card::reader::{Event, Model, Transfer};
use js_sys::{Object, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HidDevice, UsbDevice};

use crate::js::text;
use crate::reader::way::{Numbers, Way};
use crate::reader::{webhid, webusb};
use crate::task::sleep;
use crate::task::within;

/// How long the browser may take to tell its devices, which it sometimes never does.
const LIST_TIME: Duration = Duration::from_secs(2);

/// A device that this page may use.
#[derive(Clone)]
pub(crate) enum Device {
    Usb(UsbDevice),
    Hid(HidDevice),
}

/// What tells when devices come and go.
pub(super) fn source(way: Way) -> Option<JsValue> {
    match way {
        Way::Bridge => None,
        Way::Usb => webusb::api().map(Into::into),
        Way::Hid => webhid::api().map(Into::into),
    }
}

/// The devices that are there and that this page may use.
pub(crate) async fn list(way: Way) -> Vec<Device> {
    let asked = match way {
        Way::Bridge => None,
        Way::Usb => webusb::api().map(|api| webusb::devices(&api)),
        Way::Hid => webhid::api().map(|api| webhid::devices(&api)),
    };
    let Some(asked) = asked else {
        return Vec::new();
    };
    match within(LIST_TIME, JsFuture::from(asked)).await {
        Some(Ok(devices)) => of(way, devices),
        _ => Vec::new(),
    }
}

/// Has the browser ask which device to use; `None` where it can't. Within a click only.
pub(crate) fn request(way: Way) -> Option<Promise> {
    match way {
        Way::Bridge => None,
        Way::Usb => Some(webusb::request(&webusb::api()?)),
        Way::Hid => Some(webhid::request(&webhid::api()?)),
    }
}

/// What is left of what the browser's dialog brought.
pub(crate) fn picked(way: Way, devices: JsValue) -> Option<Device> {
    match way {
        Way::Bridge => None,
        Way::Usb => (devices.is_object()).then(|| Device::Usb(devices.unchecked_into())),
        Way::Hid => of(way, devices).into_iter().next(),
    }
}

fn of(way: Way, devices: JsValue) -> Vec<Device> {
    match way {
        Way::Bridge => Vec::new(),
        Way::Usb => webusb::each(devices).map(Device::Usb).collect(),
        Way::Hid => webhid::each(devices).map(Device::Hid).collect(),
    }
}

impl Device {
    fn as_js(&self) -> &JsValue {
        match self {
            Self::Usb(device) => device,
            Self::Hid(device) => device,
        }
    }

    pub(crate) fn numbers(&self) -> Numbers {
        let (vendor, product) = match self {
            Self::Usb(device) => (device.vendor_id(), device.product_id()),
            Self::Hid(device) => (device.vendor_id(), device.product_id()),
        };
        Numbers { vendor, product }
    }

    /// What its maker calls it.
    pub(crate) fn name(&self) -> String {
        text(self.as_js(), "productName").unwrap_or_else(|| "名前のない機器".to_owned())
    }

    /// What it is spoken to as; `None` if it is no reader.
    pub(crate) fn model(&self) -> Option<Model> {
        let Numbers { vendor, product } = self.numbers();
        match self {
            Self::Usb(_) => Model::by_usb_numbers(vendor, product),
            Self::Hid(_) => Some(Model::Baltech),
        }
    }

    /// Whether an event is about it.
    pub(super) fn is_of(&self, event: &JsValue) -> bool {
        let device = crate::js::member(event, "device");
        device.is_some_and(|device| Object::is(&device, self.as_js()))
    }

    pub(super) async fn open(&self) -> Result<Line, JsValue> {
        Ok(match self {
            Self::Usb(device) => Line::Usb(webusb::open(device).await?),
            Self::Hid(device) => Line::Hid(webhid::open(device).await?),
        })
    }

    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Usb(device) => device.opened(),
            Self::Hid(device) => device.opened(),
        }
    }

    pub(super) fn close(&self) -> Promise {
        match self {
            Self::Usb(device) => webusb::close(device),
            Self::Hid(device) => webhid::close(device),
        }
    }
}

/// An open line.
pub(super) enum Line {
    Usb(webusb::Line),
    Hid(webhid::Line),
}

impl Line {
    /// Does what a driver wants done.
    pub(super) async fn transfer(&mut self, wanted: Transfer) -> Event {
        match (self, wanted) {
            (_, Transfer::Pause(time)) => {
                sleep(time).await;
                Event::Paused
            }
            (Self::Usb(line), Transfer::Write(bytes)) => line.write(&bytes).await,
            (Self::Hid(line), Transfer::Write(bytes)) => line.write(&bytes).await,
            (Self::Usb(line), Transfer::Read { most, within }) => line.read(most, within).await,
            (Self::Hid(line), Transfer::Read { within, .. }) => line.read(within).await,
        }
    }

    /// Sends without waiting for anything.
    pub(super) fn post(&self, bytes: &[u8]) {
        let sent = match self {
            Self::Usb(line) => line.post(bytes),
            Self::Hid(line) => line.post(bytes),
        };
        // Somebody must hear of its failure, or the browser reports it as nobody's.
        drop(sent.map(JsFuture::from));
    }
}
