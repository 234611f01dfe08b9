//! Pages that wait for a person to accept their code.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// Pages that wait.
#[derive(Default)]
pub struct Pending {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    last: u64,
    pages: BTreeMap<u64, Waiter>,
}

struct Waiter {
    page: WaitingPage,
    accepted: oneshot::Sender<()>,
}

/// A page that waits, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPage {
    /// The code that both sides show.
    pub code: String,
    /// Where the page comes from.
    pub origin: String,
    /// How it calls itself.
    pub label: String,
}

/// A place among those who wait; given up when dropped.
pub struct Place<'a> {
    pending: &'a Pending,
    number: u64,
    accepted: oneshot::Receiver<()>,
}

impl Place<'_> {
    /// Waits until somebody accepts the code. False if nobody can any more.
    pub async fn accepted(&mut self) -> bool {
        (&mut self.accepted).await.is_ok()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.pending
            .locked(|waiting| waiting.pages.remove(&self.number));
    }
}

impl Pending {
    /// Begins to wait.
    pub fn wait(&self, page: WaitingPage) -> Place<'_> {
        let (sender, accepted) = oneshot::channel();
        let number = self.locked(|waiting| {
            waiting.last += 1;
            let waiter = Waiter {
                page,
                accepted: sender,
            };
            waiting.pages.insert(waiting.last, waiter);
            waiting.last
        });
        Place {
            pending: self,
            number,
            accepted,
        }
    }

    /// Accepts the page that shows this code. None is accepted if none or several do.
    pub fn accept(&self, code: &str) -> Option<WaitingPage> {
        self.locked(|waiting| {
            let mut same = waiting
                .pages
                .iter()
                .filter(|(_, waiter)| waiter.page.code == code);
            let (number, _) = same.next()?;
            if same.next().is_some() {
                return None;
            }
            let number = *number;
            let waiter = waiting.pages.remove(&number)?;
            waiter.accepted.send(()).ok()?;
            Some(waiter.page)
        })
    }

    /// Who waits.
    pub fn pages(&self) -> Vec<WaitingPage> {
        self.locked(|waiting| {
            let waiters = waiting.pages.values();
            waiters.map(|waiter| waiter.page.clone()).collect()
        })
    }

    fn locked<T>(&self, work: impl FnOnce(&mut Waiting) -> T) -> T {
        work(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
