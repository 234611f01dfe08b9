//! Runs: what is to be done with a reader, one transfer after the other, without doing it.
//!
//! A run is a coroutine. Its steps are written as an `async fn` over [`Port`], and the compiler
//! makes the state machine of them; nothing here waits, wakes or knows an executor.

use core::cell::Cell;
use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::rc::Rc;

use super::{Malformed, Reader, ReaderError};

/// What is to be done next with the device. `Debug` shows lengths, never bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum Transfer {
    /// Send the bytes, as one transfer. USB: on the bulk endpoint out; no bytes at all is a
    /// packet of length zero. HID: an output report, whose first byte is its number.
    Write(Vec<u8>),
    /// Wait for one transfer from the device. USB: on the bulk endpoint in. HID: the next
    /// input report, with its number as the first byte.
    ///
    /// A read whose time has run out stays open, where it can't be taken back (WebUSB can't):
    /// the next read takes it over, so that nothing is lost in between.
    Read {
        /// The most bytes that it may bring: a multiple of the endpoint's packet.
        most: usize,
        /// How long it may take.
        within: Duration,
    },
    /// Let so much time go by.
    Pause(Duration),
}

impl fmt::Debug for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(bytes) => write!(f, "Write({} bytes, masked)", bytes.len()),
            Self::Read { most, within } => write!(f, "Read({most}, {within:?})"),
            Self::Pause(time) => write!(f, "Pause({time:?})"),
        }
    }
}

/// What became of a transfer. `Debug` shows lengths, never bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// The bytes were sent.
    Written,
    /// The device sent this.
    Received(Vec<u8>),
    /// The time ran out, for a read or for a write.
    Late,
    /// The time of the pause went by.
    Paused,
    /// The device is gone, or no longer this page's.
    Unplugged,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written => f.write_str("Written"),
            Self::Received(bytes) => write!(f, "Received({} bytes, masked)", bytes.len()),
            Self::Late => f.write_str("Late"),
            Self::Paused => f.write_str("Paused"),
            Self::Unplugged => f.write_str("Unplugged"),
        }
    }
}

/// How long is listened for answers to somebody else.
const DRAIN_TIME: Duration = Duration::from_millis(20);
/// How many of those there can be, generously.
const MOST_STALE: usize = 16;

#[derive(Default)]
struct Slot {
    wanted: Cell<Option<Transfer>>,
    happened: Cell<Option<Event>>,
}

/// The inside of a run: where a driver asks for transfers.
pub(super) struct Port(Rc<Slot>);

impl Port {
    async fn transfer(&self, transfer: Transfer) -> Event {
        self.0.wanted.set(Some(transfer));
        poll_fn(|_| self.0.happened.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    pub(super) async fn write(&self, bytes: Vec<u8>) -> Result<(), ReaderError> {
        match self.transfer(Transfer::Write(bytes)).await {
            Event::Written => Ok(()),
            Event::Late => Err(ReaderError::NotResponding),
            Event::Unplugged => Err(ReaderError::Unplugged),
            Event::Received(_) | Event::Paused => Err(ReaderError::OutOfStep),
        }
    }

    /// `None` if nothing came in time.
    pub(super) async fn read(
        &self,
        most: usize,
        within: Duration,
    ) -> Result<Option<Vec<u8>>, ReaderError> {
        match self.transfer(Transfer::Read { most, within }).await {
            Event::Received(bytes) if bytes.len() > most => Err(Malformed::TooLong.into()),
            Event::Received(bytes) => Ok(Some(bytes)),
            Event::Late => Ok(None),
            Event::Unplugged => Err(ReaderError::Unplugged),
            Event::Written | Event::Paused => Err(ReaderError::OutOfStep),
        }
    }

    /// Reads away what was meant for somebody else, or for this page before.
    pub(super) async fn drain(&self, most: usize) -> Result<(), ReaderError> {
        for _ in 0..MOST_STALE {
            if self.read(most, DRAIN_TIME).await?.is_none() {
                return Ok(());
            }
        }
        Err(Malformed::Unexpected.into())
    }

    pub(super) async fn pause(&self, time: Duration) -> Result<(), ReaderError> {
        match self.transfer(Transfer::Pause(time)).await {
            Event::Paused => Ok(()),
            Event::Unplugged => Err(ReaderError::Unplugged),
            Event::Written | Event::Received(_) | Event::Late => Err(ReaderError::OutOfStep),
        }
    }
}

type Outcome<T> = Result<(Reader, T), ReaderError>;

/// A run that waits for a transfer. Each event consumes it, so that none is given twice;
/// dropping it leaves the device in the middle of something, which
/// [`Reader::release`] and [`Reader::start_up`] know how to end.
#[must_use]
pub struct Run<T> {
    coroutine: Pin<Box<dyn Future<Output = Outcome<T>>>>,
    slot: Rc<Slot>,
}

impl<T> fmt::Debug for Run<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Run(masked)")
    }
}

/// How a run goes on.
#[derive(Debug)]
#[must_use]
pub enum Step<T> {
    /// Do the transfer; give what became of it to the run.
    Transfer(Run<T>, Transfer),
    /// It is over; the reader can be used again.
    Done(Reader, T),
}

impl<T> Run<T> {
    /// Begins a run: nothing is to be done before its first step.
    pub(super) fn begin<C>(coroutine: impl FnOnce(Port) -> C) -> Result<Step<T>, ReaderError>
    where
        C: Future<Output = Outcome<T>> + 'static,
    {
        let slot = Rc::<Slot>::default();
        let run = Self {
            coroutine: Box::pin(coroutine(Port(Rc::clone(&slot)))),
            slot,
        };
        run.step()
    }

    /// Takes what became of the last transfer. After an error the reader is to be
    /// [released](Reader::release), as a new one: nothing that was known of it holds any more.
    pub fn resume(self, event: Event) -> Result<Step<T>, ReaderError> {
        self.slot.happened.set(Some(event));
        self.step()
    }

    fn step(mut self) -> Result<Step<T>, ReaderError> {
        let mut context = Context::from_waker(Waker::noop());
        match self.coroutine.as_mut().poll(&mut context) {
            Poll::Ready(outcome) => outcome.map(|(reader, value)| Step::Done(reader, value)),
            Poll::Pending => match self.slot.wanted.take() {
                Some(transfer) => Ok(Step::Transfer(self, transfer)),
                None => Err(ReaderError::OutOfStep),
            },
        }
    }
}
