//! Wakes whoever waits for something to change, and does not say what.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A bell. Its clones ring together.
#[derive(Clone, Default)]
pub(super) struct Bell(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    rings: u32,
    /// Who waits, by a number of his own.
    waiting: BTreeMap<u32, Waker>,
    last: u32,
}

impl Bell {
    /// Wakes everybody who waits.
    pub(super) fn ring(&self) {
        let waiting = {
            let mut inner = self.0.borrow_mut();
            inner.rings = inner.rings.wrapping_add(1);
            std::mem::take(&mut inner.waiting)
        };
        waiting.into_values().for_each(Waker::wake);
    }

    /// Waits for the next ring after this call.
    pub(super) fn rung(&self) -> Rung {
        let mut inner = self.0.borrow_mut();
        inner.last = inner.last.wrapping_add(1);
        Rung {
            inner: Rc::clone(&self.0),
            before: inner.rings,
            number: inner.last,
        }
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

/// Somebody who waits. Whoever gives up leaves nothing behind.
pub(super) struct Rung {
    inner: Rc<RefCell<Inner>>,
    before: u32,
    number: u32,
}

impl Future for Rung {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.inner.borrow().rings != self.before {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        // A waker may be all that holds somebody who waits too: it is dropped when this is whole again.
        let old = self.inner.borrow_mut().waiting.insert(self.number, waker);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Rung {
    fn drop(&mut self) {
        let waker = self.inner.borrow_mut().waiting.remove(&self.number);
        drop(waker);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn is_ready(future: Pin<&mut impl Future<Output = ()>>) -> bool {
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
        assert!(bell.0.borrow().waiting.is_empty());
    }
}
