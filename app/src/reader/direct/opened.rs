//! A device that is being used: whatever happens, it is left with its field off, closed, and
//! given back to other pages, in this order.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use card::reader::{Model, Reader, ReaderError, Step};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::device::{Device, Line};
use super::held::Lock;
use super::model::Manner;
use crate::js::settled;
use crate::reader::bell::Bell;
use crate::task::{sleep, within};

/// How long it may take to switch the field off.
const RELEASE_TIME: Duration = Duration::from_secs(4);
/// How long it may take to close.
const CLOSE_TIME: Duration = Duration::from_secs(5);
/// How often a device that is open although it was closed is closed again.
const CLOSINGS: u8 = 4;

/// How devices are left, and how many are about to be.
#[derive(Clone, Default)]
pub(super) struct Leaving(Rc<Inner>);

#[derive(Default)]
struct Inner {
    manner: Cell<Manner>,
    count: Cell<u32>,
    bell: Bell,
}

impl Leaving {
    /// How what is open is left when it is dropped.
    pub(super) fn set_manner(&self, manner: Manner) {
        self.0.manner.set(manner);
    }

    /// Waits until nothing is on its way out.
    pub(super) async fn settled(&self) {
        let Inner { count, bell, .. } = &*self.0;
        bell.until(|| (count.get() == 0).then_some(())).await;
    }

    fn begin(&self) {
        self.0.count.set(self.0.count.get() + 1);
    }

    fn end(&self) {
        self.0.count.set(self.0.count.get().saturating_sub(1));
        self.0.bell.ring();
    }
}

/// A device in use.
pub(super) struct Opened {
    parts: Option<Parts>,
    leaving: Leaving,
}

struct Parts {
    device: Device,
    model: Model,
    line: Option<Line>,
    /// The browser has not said yet what became of opening it.
    is_opening: bool,
    /// Given back last.
    lock: Lock,
}

impl Opened {
    /// A device that nobody else uses, not open yet.
    pub(super) fn new(device: Device, model: Model, lock: Lock, leaving: &Leaving) -> Self {
        leaving.set_manner(Manner::default());
        Self {
            parts: Some(Parts {
                device,
                model,
                line: None,
                is_opening: false,
                lock,
            }),
            leaving: leaving.clone(),
        }
    }

    /// Opens it.
    pub(super) async fn open(&mut self) -> Result<(), JsValue> {
        let parts = self.parts.as_mut().ok_or(JsValue::NULL)?;
        parts.is_opening = true;
        let opened = parts.device.open().await;
        // Without a word from the browser it may yet open.
        parts.is_opening = matches!(&opened, Err(error) if error.is_null());
        if opened.is_err() && parts.device.is_open() {
            // Half-open it would be in the way of whoever has the other half.
            let _ = settled(CLOSE_TIME, parts.device.close()).await;
        }
        parts.line = Some(opened?);
        Ok(())
    }

    /// A driver of which nothing is known, for this device.
    pub(super) fn reader(&self) -> Result<Reader, ReaderError> {
        let parts = self.parts.as_ref().ok_or(ReaderError::Unplugged)?;
        Ok(Reader::new(parts.model))
    }

    /// Does something with the reader.
    pub(super) async fn run<T>(
        &mut self,
        begun: Result<Step<T>, ReaderError>,
    ) -> Result<(Reader, T), ReaderError> {
        let line = self.parts.as_mut().and_then(|parts| parts.line.as_mut());
        run(line.ok_or(ReaderError::Unplugged)?, begun).await
    }
}

async fn run<T>(
    line: &mut Line,
    begun: Result<Step<T>, ReaderError>,
) -> Result<(Reader, T), ReaderError> {
    let mut step = begun?;
    loop {
        match step {
            Step::Done(reader, value) => return Ok((reader, value)),
            Step::Transfer(run, wanted) => step = run.resume(line.transfer(wanted).await)?,
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let Some(parts) = self.parts.take() else {
            return;
        };
        let manner = self.leaving.0.manner.get();
        if manner == Manner::Hurry {
            return parts.hurry();
        }
        let leaving = self.leaving.clone();
        leaving.begin();
        leptos::task::spawn_local(async move {
            parts.leave(manner).await;
            leaving.end();
        });
    }
}

impl Parts {
    /// Everything at once; the browser does it in order.
    fn hurry(self) {
        if let Some(line) = &self.line {
            for frame in self.model.farewell() {
                line.post(&frame);
            }
        }
        drop(JsFuture::from(self.device.close()));
    }

    async fn leave(self, manner: Manner) {
        let Self {
            device,
            model,
            mut line,
            is_opening,
            lock,
        } = self;
        if manner == Manner::Release
            && let Some(line) = &mut line
        {
            let released = run(line, Reader::new(model).release());
            // What goes wrong now can't be helped.
            let _ = within(RELEASE_TIME, released).await;
        }
        // What is being opened can only be closed once it is open.
        for _ in 0..CLOSINGS {
            let is_open = device.is_open();
            if is_open {
                let _ = settled(CLOSE_TIME, device.close()).await;
            }
            if !is_opening && !device.is_open() {
                break;
            }
            if is_opening && is_open {
                break;
            }
            sleep(Duration::from_millis(500)).await;
        }
        drop(line);
        drop(lock);
    }
}
