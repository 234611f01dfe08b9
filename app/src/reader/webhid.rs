//! WebHID: a reader's reports as transfers, the number first. Nothing here knows what is in them.
//!
//! Devices are never asked what they are (`instanceof`): tests have their own.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use card::reader::Event;
use js_sys::{Array, Promise, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Hid, HidCollectionInfo, HidDevice, HidDeviceRequestOptions, HidInputReportEvent};

use super::bell::Bell;
use crate::js::{Listener, bytes, member, promise, settled};
use crate::task::within;

/// How long the browser and the device may take to open.
const STEP_TIME: Duration = Duration::from_secs(5);
/// How long a report to the device may take.
const WRITE_TIME: Duration = Duration::from_secs(1);
/// Elgato, whose buttons are devices of this kind too: its number as a vendor of USB devices.
pub(crate) const ELGATO: u16 = 0x0FD9;
/// More reports than this nobody has waited for: they are of a device that is no reader.
const MOST_WAITING: usize = 64;
/// The reports to a reader; most are said in the first two.
const REPORTS: [u8; 2] = [1, 2];

/// `navigator.hid`, in browsers that have it, on pages that may have it.
pub(crate) fn api() -> Option<Hid> {
    member(&window().navigator(), "hid").map(JsValue::unchecked_into)
}

/// The devices that this page may use and that are there.
pub(super) fn devices(api: &Hid) -> Promise {
    promise(api.get_devices())
}

/// Has the browser ask which device to use. Within a click only.
pub(super) fn request(api: &Hid) -> Promise {
    promise(api.request_device(&HidDeviceRequestOptions::new(&[])))
}

/// Those of several devices that may be readers, the likeliest first: a device can be there
/// several times, with another part of its reports each.
pub(super) fn each(devices: JsValue) -> impl Iterator<Item = HidDevice> {
    let devices: Array = devices.unchecked_into();
    let mut readers: Vec<HidDevice> = devices
        .into_iter()
        .map(JsValue::unchecked_into)
        .filter(|device: &HidDevice| device.vendor_id() != ELGATO)
        .collect();
    readers.sort_by_key(|device| !has_reports(device));
    readers.into_iter()
}

fn has_reports(device: &HidDevice) -> bool {
    let Some(collections) = member(device, "collections") else {
        return false;
    };
    let collections: Array = collections.unchecked_into();
    let takes = |collection: JsValue| {
        let collection: HidCollectionInfo = collection.unchecked_into();
        let reports = collection.get_output_reports();
        let reports = reports.map(|reports| reports.into_iter().collect::<Vec<_>>());
        let reports = reports.unwrap_or_default();
        REPORTS.iter().all(|wanted| {
            let is_it = |report: &web_sys::HidReportInfo| report.get_report_id() == Some(*wanted);
            reports.iter().any(is_it)
        })
    };
    collections.into_iter().any(takes)
}

/// What came in, and nobody has taken yet.
type Queue = Rc<RefCell<VecDeque<Vec<u8>>>>;

/// An open device.
pub(super) struct Line {
    device: HidDevice,
    queue: Queue,
    bell: Bell,
    _listener: Listener,
}

/// Opens a device, and collects its reports from then on.
pub(super) async fn open(device: &HidDevice) -> Result<Line, JsValue> {
    let queue = Queue::default();
    let bell = Bell::default();
    let (to, ring) = (Rc::clone(&queue), bell.clone());
    let listener = Listener::new(device.clone(), "inputreport", move |event| {
        let event: HidInputReportEvent = event.unchecked_into();
        let mut queue = to.borrow_mut();
        if queue.len() < MOST_WAITING {
            let mut report = vec![event.report_id()];
            report.extend(bytes(&event.data()));
            queue.push_back(report);
        }
        drop(queue);
        ring.ring();
    });
    // It is open already where an earlier attempt took too long.
    if !device.opened() {
        settled(STEP_TIME, device.open()).await?;
    }
    Ok(Line {
        device: device.clone(),
        queue,
        bell,
        _listener: listener,
    })
}

impl Line {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Event {
        let Some(sent) = self.post(bytes) else {
            return Event::Unplugged;
        };
        match within(WRITE_TIME, JsFuture::from(sent)).await {
            Some(Ok(_)) => Event::Written,
            Some(Err(_)) => Event::Unplugged,
            None => Event::Late,
        }
    }

    /// Sends without waiting.
    pub(super) fn post(&self, bytes: &[u8]) -> Option<Promise> {
        let (report, data) = bytes.split_first()?;
        // A copy: the browser may look at it later, when this memory holds something else.
        let data = Uint8Array::from(data);
        let sent = self.device.send_report_with_u8_array(*report, &data);
        sent.ok().map(promise)
    }

    pub(super) async fn read(&mut self, limit: Duration) -> Event {
        let next = self.bell.until(|| self.queue.borrow_mut().pop_front());
        match within(limit, next).await {
            Some(report) => Event::Received(report),
            None => Event::Late,
        }
    }
}

/// Closes a device.
pub(super) fn close(device: &HidDevice) -> Promise {
    promise(device.close())
}
