//! WebUSB: a reader's vendor interface as transfers. Nothing here knows what is in them.
//!
//! Devices are never asked what they are (`instanceof`): tests have their own.

use std::time::Duration;

use card::reader::{Event, Medium, Model};
use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Usb, UsbAlternateInterface, UsbDevice, UsbDeviceFilter, UsbDeviceRequestOptions, UsbDirection,
    UsbEndpoint, UsbEndpointType, UsbInTransferResult, UsbOutTransferResult, UsbTransferStatus,
};

use crate::js::{bytes, member, promise, settled};
use crate::task::within;

/// The configuration that every reader has.
const CONFIGURATION: u8 = 1;
/// A vendor's own class.
const VENDOR_CLASS: u8 = 0xFF;
/// How long the browser and the device may take for a step of opening or closing.
const STEP_TIME: Duration = Duration::from_secs(5);
/// How long a transfer to the device may take.
const WRITE_TIME: Duration = Duration::from_secs(1);

/// `navigator.usb`, in browsers that have it, on pages that may have it.
pub(super) fn api() -> Option<Usb> {
    member(&window().navigator(), "usb").map(JsValue::unchecked_into)
}

/// The devices that this page may use and that are there.
pub(super) fn devices(api: &Usb) -> Promise {
    promise(api.get_devices())
}

/// Has the browser ask which reader to use. Within a click only.
pub(super) fn request(api: &Usb) -> Promise {
    let filters: Vec<_> = Model::ALL
        .into_iter()
        .filter(|model| model.medium() == Medium::WebUsb)
        .flat_map(Model::usb_numbers)
        .map(|(vendor, product)| {
            let filter = UsbDeviceFilter::new();
            filter.set_vendor_id(*vendor);
            filter.set_product_id(*product);
            filter
        })
        .collect();
    promise(api.request_device(&UsbDeviceRequestOptions::new(&filters)))
}

/// A claimed interface.
pub(super) struct Line {
    device: UsbDevice,
    interface: u8,
    input: u8,
    output: u8,
    /// The transfer from the device that nobody has got the outcome of yet: WebUSB takes none back.
    reading: Option<JsFuture>,
}

/// Opens a device and claims the reader's interface.
pub(super) async fn open(device: &UsbDevice) -> Result<Line, JsValue> {
    // It is open already where an earlier attempt took too long.
    if !device.opened() {
        settled(STEP_TIME, device.open()).await?;
    }
    let configured = device.configuration();
    if configured.is_none_or(|now| now.configuration_value() != CONFIGURATION) {
        settled(STEP_TIME, device.select_configuration(CONFIGURATION)).await?;
    }
    let line = find_interface(device).ok_or(JsValue::UNDEFINED)?;
    settled(STEP_TIME, device.claim_interface(line.interface)).await?;
    Ok(line)
}

fn find_interface(device: &UsbDevice) -> Option<Line> {
    let interfaces = device.configuration()?.interfaces();
    interfaces.iter().find_map(|interface| {
        let setting = interface.alternate();
        if setting.interface_class() != VENDOR_CLASS {
            return None;
        }
        Some(Line {
            device: device.clone(),
            interface: interface.interface_number(),
            input: bulk(&setting, UsbDirection::In)?,
            output: bulk(&setting, UsbDirection::Out)?,
            reading: None,
        })
    })
}

fn bulk(setting: &UsbAlternateInterface, direction: UsbDirection) -> Option<u8> {
    let is_it = |endpoint: &UsbEndpoint| {
        endpoint.type_() == UsbEndpointType::Bulk && endpoint.direction() == direction
    };
    let endpoint = setting.endpoints().iter().find(is_it)?;
    Some(endpoint.endpoint_number())
}

impl Line {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Event {
        let Some(sent) = self.post(bytes) else {
            return Event::Unplugged;
        };
        match within(WRITE_TIME, JsFuture::from(sent)).await {
            Some(Ok(result)) => self.sent(&result.unchecked_into()).await,
            Some(Err(_)) => Event::Unplugged,
            None => Event::Late,
        }
    }

    async fn sent(&self, result: &UsbOutTransferResult) -> Event {
        if result.status() == UsbTransferStatus::Stall {
            self.clear_halt(UsbDirection::Out, self.output).await;
            return Event::Late;
        }
        Event::Written
    }

    async fn clear_halt(&self, direction: UsbDirection, endpoint: u8) {
        // If it fails, the next transfer shows it.
        let _ = settled(STEP_TIME, self.device.clear_halt(direction, endpoint)).await;
    }

    /// Sends without waiting.
    pub(super) fn post(&self, bytes: &[u8]) -> Option<Promise> {
        // A copy: the browser may look at it later, when this memory holds something else.
        let bytes = Uint8Array::from(bytes);
        let sent = self.device.transfer_out_with_u8_array(self.output, &bytes);
        sent.ok().map(promise)
    }

    pub(super) async fn read(&mut self, most: usize, limit: Duration) -> Event {
        // It stays where it is while it is waited for: whoever waits may be stopped.
        let reading = self.reading.get_or_insert_with(|| {
            let most = u32::try_from(most).unwrap_or(u32::MAX);
            JsFuture::from(promise(self.device.transfer_in(self.input, most)))
        });
        let Some(result) = within(limit, reading).await else {
            return Event::Late;
        };
        self.reading = None;
        match result {
            Ok(result) => self.received(result.unchecked_into()).await,
            Err(_) => Event::Unplugged,
        }
    }

    async fn received(&self, result: UsbInTransferResult) -> Event {
        match (result.status(), result.data()) {
            (UsbTransferStatus::Ok, Some(data)) => Event::Received(bytes(&data)),
            (UsbTransferStatus::Ok, None) => Event::Received(Vec::new()),
            (UsbTransferStatus::Stall, _) => {
                self.clear_halt(UsbDirection::In, self.input).await;
                Event::Late
            }
            _ => Event::Late,
        }
    }
}

/// Closes a device, and with it gives back its interface.
pub(super) fn close(device: &UsbDevice) -> Promise {
    promise(device.close())
}

/// What a promise of several devices brought.
pub(super) fn each(devices: JsValue) -> impl Iterator<Item = UsbDevice> {
    let devices: Array = devices.unchecked_into();
    devices.into_iter().map(JsValue::unchecked_into)
}
