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
            // Whoever stops waiting stays on the list until the next ring: once is enough.
            let waker = context.waker();
            if !inner.waiting.iter().any(|known| known.will_wake(waker)) {
                inner.waiting.push(waker.clone());
            }
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::task::Context;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn is_ready(future: std::pin::Pin<&mut impl Future>) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        future.poll(&mut context).is_ready()
    }

    #[wasm_bindgen_test]
    fn who_waits_hears_the_next_ring() {
        let bell = Bell::default();
        bell.ring();
        let mut first = std::pin::pin!(bell.rung());
        let mut second = std::pin::pin!(bell.rung());
        assert!(!is_ready(first.as_mut()));
        bell.clone().ring();
        assert!(is_ready(first.as_mut()));
        assert!(is_ready(second.as_mut()), "though it did not listen yet");
        assert!(!is_ready(std::pin::pin!(bell.rung())));
    }

    #[wasm_bindgen_test]
    fn what_is_waited_for_is_looked_at_again_at_each_ring() {
        let bell = Bell::default();
        let count = Cell::new(0);
        let mut three = std::pin::pin!(bell.until(|| {
            count.set(count.get() + 1);
            (count.get() == 3).then_some(())
        }));
        assert!(!is_ready(three.as_mut()));
        assert!(!is_ready(three.as_mut()), "not without a ring");
        bell.ring();
        assert!(!is_ready(three.as_mut()));
        bell.ring();
        assert!(is_ready(three.as_mut()));
    }

    #[wasm_bindgen_test]
    fn those_who_gave_up_do_not_pile_up() {
        let bell = Bell::default();
        for _ in 0..100 {
            assert!(!is_ready(std::pin::pin!(bell.rung())));
        }
        assert_eq!(bell.0.borrow().waiting.len(), 1);
    }
}
