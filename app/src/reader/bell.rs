//! Wakes whoever waits for something to change, and does not say what.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::task::sleep;

/// A bell. Its clones ring together.
#[derive(Clone, Default)]
pub(super) struct Bell(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    rings: u32,
    waiting: Vec<Waker>,
}

impl Bell {
    /// Wakes everybody who waits.
    pub(super) fn ring(&self) {
        let waiting = {
            let mut inner = self.0.borrow_mut();
            inner.rings = inner.rings.wrapping_add(1);
            std::mem::take(&mut inner.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits for the next ring after this call.
    pub(super) fn rung(&self) -> impl Future<Output = ()> + use<> {
        let inner = Rc::clone(&self.0);
        let before = inner.borrow().rings;
        poll_fn(move |context| {
            let mut inner = inner.borrow_mut();
            if inner.rings != before {
                return Poll::Ready(());
            }
            inner.waiting.push(context.waker().clone());
            Poll::Pending
        })
    }

    /// Waits until something holds, which is looked at now and at every ring.
    pub(super) async fn until<T>(&self, mut what: impl FnMut() -> Option<T>) -> T {
        loop {
            let rung = self.rung();
            if let Some(value) = what() {
                return value;
            }
            rung.await;
        }
    }
}

/// What comes of some work, if it is done in time.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(std::pin::pin!(work), std::pin::pin!(sleep(limit))).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
