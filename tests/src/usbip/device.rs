//! A reader as a USB device: requests in, answers out, some of them later.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use card::virtual_reader::Unplugged;

use super::descriptors::{descriptor, is_hid};
use super::wire::{Answer, Request, Status, Submit};
use crate::emulated::EmulatedReader;

/// An endpoint's direction, in its address.
const IN: u8 = 0x80;

/// Addresses of endpoints that refuse everything until that is cleared.
#[derive(Debug, Clone, Default)]
pub(super) struct Halted(Arc<Mutex<BTreeSet<u8>>>);

impl Halted {
    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeSet<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
pub(super) struct Device {
    reader: EmulatedReader,
    configuration: u8,
    /// Reads that wait: their numbers and how much they take.
    waiting: VecDeque<(u32, usize)>,
    /// What did not go into the last read.
    rest: Vec<u8>,
    halted: Halted,
}

/// The parts of a control request (USB 2.0, 9.3).
struct Setup {
    kind: u8,
    request: u8,
    value: [u8; 2],
    index: u8,
}

impl Device {
    pub(super) fn new(reader: EmulatedReader, halted: Halted) -> Self {
        Self {
            reader,
            configuration: 0,
            waiting: VecDeque::new(),
            rest: Vec::new(),
            halted,
        }
    }

    /// What is to be said now, in this order.
    pub(super) fn hear(&mut self, request: Request) -> Result<Vec<Answer>, Unplugged> {
        match request {
            Request::Submit(submit) if submit.endpoint == 0 => {
                let mut answers = vec![self.control(&submit)?];
                answers.extend(self.deliver()?);
                Ok(answers)
            }
            Request::Submit(submit) => self.transfer(&submit),
            Request::Unlink { number, victim } => Ok(vec![self.unlink(number, victim)]),
        }
    }

    fn transfer(&mut self, submit: &Submit) -> Result<Vec<Answer>, Unplugged> {
        let address = submit.endpoint | if submit.is_in { IN } else { 0 };
        if self.halted.lock().contains(&address) || !self.has_endpoint(address) {
            return Ok(vec![stalled(submit.number)]);
        }
        let mut answers = Vec::new();
        if submit.is_in {
            self.waiting.push_back((submit.number, submit.length));
        } else {
            self.reader.write(&submit.data)?;
            answers.push(done(submit.number, submit.length));
        }
        answers.extend(self.deliver()?);
        Ok(answers)
    }

    /// Endpoints of a card reader's interface are there, and nobody speaks at them.
    fn has_endpoint(&self, address: u8) -> bool {
        let identity = self.reader.identity();
        let mut interfaces = identity.interfaces.iter();
        interfaces.any(|interface| {
            let (input, output) = interface.endpoints;
            interface.class != 0x0B && (address == input | IN || (address == output))
        })
    }

    /// Gives the reads that wait what the reader has for them.
    fn deliver(&mut self) -> Result<Vec<Answer>, Unplugged> {
        let mut answers = Vec::new();
        while let Some(&(number, length)) = self.waiting.front() {
            let mut data = std::mem::take(&mut self.rest);
            if data.is_empty() {
                match self.reader.read()? {
                    Some(message) => data = message,
                    None => break,
                }
            }
            self.waiting.pop_front();
            if data.len() > length {
                self.rest = data.split_off(length);
            }
            answers.push(Answer::Submitted {
                number,
                status: Status::Fine,
                length: data.len(),
                data,
            });
        }
        Ok(answers)
    }

    fn unlink(&mut self, number: u32, victim: u32) -> Answer {
        let before = self.waiting.len();
        self.waiting.retain(|(waiting, _)| *waiting != victim);
        let status = if self.waiting.len() < before {
            Status::Reset
        } else {
            // It had been answered already.
            Status::Fine
        };
        Answer::Unlinked { number, status }
    }

    fn control(&mut self, submit: &Submit) -> Result<Answer, Unplugged> {
        let [kind, request, v0, v1, i0, _, ..] = submit.setup;
        let setup = Setup {
            kind,
            request,
            value: [v1, v0],
            index: i0,
        };
        let number = submit.number;
        if submit.is_in {
            let told = self.tell(&setup).map(|mut data| {
                data.truncate(submit.length);
                Answer::Submitted {
                    number,
                    status: Status::Fine,
                    length: data.len(),
                    data,
                }
            });
            return Ok(told.unwrap_or_else(|| stalled(number)));
        }
        Ok(if self.obey(&setup, &submit.data)? {
            done(number, submit.length)
        } else {
            stalled(number)
        })
    }

    /// The answer to a question at the control pipe, if it is one of the device's.
    fn tell(&self, setup: &Setup) -> Option<Vec<u8>> {
        match (setup.kind, setup.request) {
            // GET_DESCRIPTOR, of the device or of an interface.
            (0x80 | 0x81, 6) => {
                let [kind, index] = setup.value;
                descriptor(&self.reader.identity(), kind, index)
            }
            // GET_STATUS.
            (0x80 | 0x81, 0) => Some(vec![0, 0]),
            (0x82, 0) => Some(vec![u8::from(self.halted.lock().contains(&setup.index)), 0]),
            // GET_CONFIGURATION, GET_INTERFACE.
            (0x80, 8) => Some(vec![self.configuration]),
            (0x81, 10) => Some(vec![0]),
            _ => None,
        }
    }

    /// Whether it obeys an order at the control pipe.
    fn obey(&mut self, setup: &Setup, data: &[u8]) -> Result<bool, Unplugged> {
        let is_hid = is_hid(&self.reader.identity());
        match (setup.kind, setup.request) {
            // SET_CONFIGURATION.
            (0x00, 9) => {
                let [_, configuration] = setup.value;
                self.configuration = configuration;
                self.halted.lock().clear();
            }
            // CLEAR_FEATURE and SET_FEATURE, of an endpoint: its halt.
            (0x02, 1) => {
                self.halted.lock().remove(&setup.index);
            }
            (0x02, 3) => {
                self.halted.lock().insert(setup.index);
            }
            // SET_INTERFACE, to the only setting.
            (0x01, 11) => return Ok(setup.value == [0, 0]),
            // SET_IDLE.
            (0x21, 10) if is_hid => {}
            // SET_REPORT, of output.
            (0x21, 9) if is_hid && setup.value[0] == 2 => self.reader.write(data)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn done(number: u32, length: usize) -> Answer {
    Answer::Submitted {
        number,
        status: Status::Fine,
        length,
        data: Vec::new(),
    }
}

fn stalled(number: u32) -> Answer {
    Answer::Submitted {
        number,
        status: Status::Stalled,
        length: 0,
        data: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
