//! One piece of work at a time.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::future::{AbortHandle, Either, abortable, select};
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Runs one future at a time. The next one, [`Task::stop`] and the end of the
/// component that made it each drop the future before, and with it its request.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    handle: StoredValue<Option<AbortHandle>>,
    running: RwSignal<bool>,
}

impl Task {
    /// A task of the component that is being made.
    pub(crate) fn new() -> Self {
        let task = Self {
            handle: StoredValue::new(None),
            running: RwSignal::new(false),
        };
        on_cleanup(move || task.stop());
        task
    }

    /// Whether it is at work.
    pub(crate) fn is_running(self) -> bool {
        self.running.get()
    }

    /// The same, without following it.
    pub(crate) fn is_running_untracked(self) -> bool {
        self.running.get_untracked()
    }

    /// Stops what it does, and does this.
    pub(crate) fn run(self, work: impl Future<Output = ()> + 'static) {
        // Boxed, so that what follows is compiled once and not for every future.
        self.begin(Box::pin(work));
    }

    fn begin(self, work: Pin<Box<dyn Future<Output = ()>>>) {
        self.stop();
        let (work, handle) = abortable(work);
        self.handle.set_value(Some(handle));
        self.running.set(true);
        leptos::task::spawn_local(async move {
            if work.await.is_ok() {
                self.running.try_set(false);
            }
        });
    }

    /// Stops what it does.
    pub(crate) fn stop(self) {
        if let Some(handle) = self.handle.try_update_value(Option::take).flatten() {
            handle.abort();
            self.running.try_set(false);
        }
    }
}

/// Waits.
pub(crate) async fn sleep(duration: Duration) {
    let promise = Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            },
            duration,
        );
    });
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// What comes of some work, if it is done in time; else it is dropped.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(std::pin::pin!(work), std::pin::pin!(sleep(limit))).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
