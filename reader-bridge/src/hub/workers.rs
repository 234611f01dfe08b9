//! A thread for each reader that is used: a call into PC/SC may take as long as the card,
//! the reader or the service like.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use protocol::bridge::ReaderId;
use tokio::sync::oneshot;

use super::Outcome;
use crate::desk::{Ending, Ticket};
use crate::medium::{Medium, Reader, Trouble};
use crate::reading::{Failed, Read, Watch, read};

type End = Box<dyn FnOnce(&Ticket, &Result<Read, Failed>) -> Ending + Send>;

struct Task {
    ticket: Ticket,
    with_ca: bool,
    watch: Arc<Watch>,
    end: End,
    answer: oneshot::Sender<Outcome>,
}

/// The threads.
pub(super) struct Workers {
    medium: Arc<dyn Medium>,
    threads: Mutex<HashMap<ReaderId, Sender<Task>>>,
}

/// A reading under way. Dropping it ends the reading before its next command.
pub struct Job {
    watch: Arc<Watch>,
    answer: oneshot::Receiver<Outcome>,
}

impl Job {
    /// How it ends; `None` if its thread has died.
    pub async fn outcome(&mut self) -> Option<Outcome> {
        (&mut self.answer).await.ok()
    }

    /// Whether a command has been sent to the card.
    pub fn has_sent(&self) -> bool {
        self.watch.sent.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.watch.is_cancelled.store(true, Ordering::Relaxed);
    }
}

impl Workers {
    pub(super) fn new(medium: Arc<dyn Medium>) -> Self {
        Self {
            medium,
            threads: Mutex::default(),
        }
    }

    /// Has the card read. `end` is called when the reader is free again.
    pub(super) fn read(
        &self,
        ticket: Ticket,
        with_ca: bool,
        end: impl FnOnce(&Ticket, &Result<Read, Failed>) -> Ending + Send + 'static,
    ) -> Job {
        let watch = Arc::<Watch>::default();
        let (sender, answer) = oneshot::channel();
        let job = Job {
            watch: Arc::clone(&watch),
            answer,
        };
        let reader = ticket.reader;
        let name = ticket.name.clone();
        let task = Task {
            ticket,
            with_ca,
            watch,
            end: Box::new(end),
            answer: sender,
        };
        let unsent = self.locked(|threads| {
            let thread = threads
                .entry(reader)
                .or_insert_with(|| start(Arc::clone(&self.medium), name));
            thread.send(task).err()
        });
        if let Some(unsent) = unsent {
            // The thread could not start, or has died: the next reading gets a new one.
            self.dismiss(reader);
            unsent.0.finish(Err(Failed::Trouble(Trouble::Other(
                "the reader's thread has ended",
            ))));
        }
        job
    }

    /// The reader is gone; its thread ends when it is back from PC/SC.
    pub(super) fn dismiss(&self, reader: ReaderId) {
        self.locked(|threads| threads.remove(&reader));
    }

    fn locked<T>(&self, work: impl FnOnce(&mut HashMap<ReaderId, Sender<Task>>) -> T) -> T {
        work(&mut self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn start(medium: Arc<dyn Medium>, name: String) -> Sender<Task> {
    let (sender, tasks) = channel();
    let thread = thread::Builder::new().name("reader".to_owned());
    if let Err(error) = thread.spawn(move || work(&mut *medium.reader(&name), &tasks)) {
        tracing::error!(%error, "a thread for a reader could not start");
    }
    sender
}

fn work(reader: &mut dyn Reader, tasks: &Receiver<Task>) {
    for task in tasks {
        if task.watch.is_cancelled.load(Ordering::Relaxed) {
            task.finish(Err(Failed::Cancelled));
            continue;
        }
        let mut result = None;
        let (with_ca, watch) = (task.with_ca, Arc::clone(&task.watch));
        let opened = reader.with_card(&task.ticket, &mut |channel| {
            result = Some(read(channel, with_ca, &watch));
        });
        let result = match (result, opened) {
            (Some(result), _) => result,
            (None, Err(trouble)) => Err(Failed::Trouble(trouble)),
            (None, Ok(())) => Err(Failed::Cancelled),
        };
        task.finish(result);
    }
}

impl Task {
    /// Frees the reader first, so that whoever has the answer can use it again.
    fn finish(self, read: Result<Read, Failed>) {
        let ending = (self.end)(&self.ticket, &read);
        // Nobody may be waiting any more.
        let _ = self.answer.send(Outcome { read, ending });
    }
}
