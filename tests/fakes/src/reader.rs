//! A reader at a port, in the browser's terms: transfers that begin, and are done later.

use card::demo::DemoCard;
use card::virtual_card::{Profile, VirtualCard};
use card::virtual_reader::cost::Wire;
use card::virtual_reader::{
    BaltechHabits, Counts, Fault, Identity, Kind, REPORT_DESCRIPTOR, RadioHabits, RcS300Habits,
    VirtualReader,
};
use serde_json::json;
use wasm_bindgen::prelude::*;

use crate::descriptor;
use crate::pace::{Pace, Speed};

/// A fault that waits for its time.
#[derive(Debug)]
struct Planned {
    /// How many commands must have reached the card since it was planned.
    after: usize,
    /// How many transfers then, beginning with the next one from the host as 0.
    ahead: usize,
    what: Trouble,
}

#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// Of the device itself.
    Device(Fault),
    /// The answer takes so many milliseconds longer.
    Late(f64),
}

/// What the device has for the host.
#[wasm_bindgen(getter_with_clone)]
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// What it is; with a report's number first, where it is one.
    pub bytes: Vec<u8>,
    /// When the host has it, in milliseconds.
    pub at: f64,
    /// Whether the host's buffer was too small, and no whole number of packets.
    #[wasm_bindgen(js_name = isBabble)]
    pub is_babble: bool,
}

/// A reader at a port. Times are milliseconds of any one clock.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Reader {
    kind: Kind,
    device: VirtualReader,
    card: Option<Profile>,
    pace: Pace,
    planned: Vec<Planned>,
    /// The read that is to take longer, by the number of its transfer.
    late: Vec<(usize, f64)>,
    /// What did not fit into the host's buffer.
    rest: Vec<u8>,
    is_pulled_out: bool,
    /// When the host began to send the first command to this card, and the counts before.
    began: Option<(f64, Counts)>,
}

#[wasm_bindgen]
impl Reader {
    /// A reader that has just been plugged in: `rc-s380`, `rc-s300`, `rc-s300-blocks` (which
    /// leaves the block protocol to its host) or `baltech`.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str) -> Result<Self, JsError> {
        let kind = kind(name).ok_or_else(|| JsError::new("no such reader"))?;
        Ok(Self::of(kind))
    }

    /// What it says it is, as JSON: the fields of `USBDevice` and `HIDDevice`.
    pub fn identity(&self) -> String {
        let Identity {
            vendor,
            product,
            name,
            interfaces,
        } = self.kind.identity();
        let interfaces: Vec<_> = interfaces
            .iter()
            .map(|each| json!({ "number": each.number, "class": each.class, "in": each.endpoints.0, "out": each.endpoints.1 }))
            .collect();
        json!({
            "vendorId": vendor,
            "productId": product,
            "productName": name,
            "interfaces": interfaces,
            "collections": descriptor::collections(REPORT_DESCRIPTOR),
            "isHid": self.is_hid(),
        })
        .to_string()
    }

    /// Places a card: `valid`, `expired`, `not-linked` or `driving-licence`.
    pub fn place(&mut self, name: &str) -> Result<(), JsError> {
        let profile = match name {
            "valid" => DemoCard::Valid.profile(),
            "expired" => DemoCard::Expired.profile(),
            "not-linked" => DemoCard::NotLinked.profile(),
            "driving-licence" => Profile::driving_licence(),
            _ => return Err(JsError::new("no such card")),
        };
        self.card = Some(profile);
        self.began = None;
        self.lay_card();
        Ok(())
    }

    /// Takes the card away.
    pub fn remove(&mut self) {
        self.card = None;
        self.device.remove();
    }

    /// Plugs it in after it was pulled out: it knows nothing of before, and the card that
    /// lay there lies there still.
    pub fn plug(&mut self) {
        let speed = self.pace.speed;
        let card = self.card.take();
        *self = Self::of(self.kind);
        self.pace.speed = speed;
        self.card = card;
        self.lay_card();
    }

    /// Answers at once; or after so many milliseconds each; or, below 0, after the model's time.
    #[wasm_bindgen(js_name = setSpeed)]
    pub fn set_speed(&mut self, milliseconds: f64) {
        self.pace.speed = match milliseconds {
            0.0 => Speed::AtOnce,
            ..0.0 => Speed::Modelled,
            _ => Speed::Each(milliseconds),
        };
    }

    /// Disturbs the transfer that comes `ahead` transfers after the first from the host for
    /// which `after` more commands have reached the card. `fault` is `late` (by `amount` ms), `garbled` (the bit
    /// `amount`), `cut` or `split` (after `amount` bytes), `glued`, `twice`, `unplugged` or `card-removed`.
    pub fn disturb(
        &mut self,
        after: usize,
        ahead: usize,
        fault: &str,
        amount: u32,
    ) -> Result<(), JsError> {
        let what = trouble(fault, amount).ok_or_else(|| JsError::new("no such fault"))?;
        self.planned.push(Planned {
            after: self.device.counts().commands + after,
            ahead,
            what,
        });
        Ok(())
    }

    /// How many disturbances are still to come.
    pub fn planned(&self) -> usize {
        self.planned.len()
    }

    /// How many commands have reached cards since it was plugged in.
    pub fn commands(&self) -> usize {
        self.device.counts().commands
    }

    /// What the reading of the card that was placed last has cost so far, as JSON: when it began, and
    /// what card and wires take for it by the model, in milliseconds. `null` before it began.
    pub fn reading(&self) -> String {
        let reading = self.began.map(|(began_at, before)| {
            let cost = self.device.counts().since(before);
            json!({
                "beganAt": began_at,
                "transfers": cost.transfers - cost.empty_reads,
                "cardMs": cost.card_time().as_secs_f64() * 1e3,
                "wireMs": cost.wire_time(wire(self.kind)).as_secs_f64() * 1e3,
            })
        });
        json!(reading).to_string()
    }

    /// Whether its field is on.
    #[wasm_bindgen(js_name = hasField)]
    pub fn has_field(&self) -> bool {
        self.device.has_field()
    }

    /// The host sends; gives when that is done. Nothing if the device is pulled out by this.
    pub fn write(&mut self, bytes: &[u8], now: f64) -> Option<f64> {
        self.make_trouble();
        let before = self.device.counts();
        if self.device.write(bytes).is_err() {
            self.is_pulled_out = true;
            return None;
        }
        let cost = self.device.counts().since(before);
        if cost.commands > 0 {
            self.began.get_or_insert((now, before));
        }
        Some(self.pace.send(now, cost))
    }

    /// The host wants at most so many bytes. Nothing while there is nothing, or when the device is
    /// pulled out by this.
    pub fn read(&mut self, most: usize, now: f64) -> Option<Arrival> {
        let before = self.device.counts();
        let message = if self.rest.is_empty() {
            let read = self.device.read();
            self.is_pulled_out |= read.is_err();
            read.ok()??
        } else {
            core::mem::take(&mut self.rest)
        };
        let cost = self.device.counts().since(before);
        let mut at = self
            .pace
            .receive(now, cost, self.is_acknowledgement(&message));
        let is_now = |(place, _): &mut (usize, f64)| *place <= before.transfers;
        for (_, milliseconds) in self.late.extract_if(.., is_now) {
            at = self.pace.hold_up(milliseconds);
        }
        let is_babble = message.len() > most && !most.is_multiple_of(PACKET);
        let mut bytes = message;
        let rest = bytes.split_off(most.min(bytes.len()));
        if !is_babble {
            self.rest = rest;
        }
        Some(Arrival {
            bytes,
            at,
            is_babble,
        })
    }

    /// Whether a fault has pulled it out.
    #[wasm_bindgen(js_name = isPulledOut)]
    pub fn is_pulled_out(&self) -> bool {
        self.is_pulled_out
    }
}

/// What an endpoint takes at once.
const PACKET: usize = 64;

impl Reader {
    fn of(kind: Kind) -> Self {
        Self {
            kind,
            device: VirtualReader::new(kind),
            card: None,
            pace: Pace::new(wire(kind)),
            planned: Vec::new(),
            late: Vec::new(),
            rest: Vec::new(),
            is_pulled_out: false,
            began: None,
        }
    }

    fn is_hid(&self) -> bool {
        matches!(self.kind, Kind::Baltech(_))
    }

    fn lay_card(&mut self) {
        if let Some(card) = &self.card {
            let card = VirtualCard::new(card.clone());
            self.device.place(card, RadioHabits::default());
        }
    }

    /// The RC-S380 says that it has heard, before it does anything.
    fn is_acknowledgement(&self, message: &[u8]) -> bool {
        self.kind == Kind::RcS380 && message.len() == 6
    }

    /// Sees to the faults whose time has come.
    fn make_trouble(&mut self) {
        let Counts {
            transfers,
            commands,
            ..
        } = self.device.counts();
        let is_due = |planned: &mut Planned| commands >= planned.after;
        for Planned { ahead, what, .. } in self.planned.extract_if(.., is_due) {
            match what {
                Trouble::Device(fault) => self.device.disturb(transfers + ahead, fault),
                Trouble::Late(milliseconds) => self.late.push((transfers + ahead, milliseconds)),
            }
        }
    }
}

const fn wire(kind: Kind) -> Wire {
    match kind {
        Kind::RcS380 | Kind::RcS300(_) => Wire::Bulk,
        Kind::Baltech(_) => Wire::Reports,
    }
}

fn kind(name: &str) -> Option<Kind> {
    let by_blocks = RcS300Habits {
        refuses_layer_4: true,
        ..RcS300Habits::default()
    };
    match name {
        "rc-s380" => Some(Kind::RcS380),
        "rc-s300" => Some(Kind::RcS300(RcS300Habits::default())),
        "rc-s300-blocks" => Some(Kind::RcS300(by_blocks)),
        "baltech" => Some(Kind::Baltech(BaltechHabits::default())),
        _ => None,
    }
}

fn trouble(fault: &str, amount: u32) -> Option<Trouble> {
    let many = usize::try_from(amount).unwrap_or(usize::MAX);
    Some(Trouble::Device(match fault {
        "late" => return Some(Trouble::Late(f64::from(amount))),
        "garbled" => Fault::Garbled(many),
        "cut" => Fault::Cut(many),
        "split" => Fault::Split(many),
        "glued" => Fault::Glued,
        "twice" => Fault::Twice,
        "unplugged" => Fault::Unplugged,
        "card-removed" => Fault::CardRemoved,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RC-S380: the command that starts every other, and its acknowledgement.
    const SET_COMMAND_TYPE: &[u8] = b"\x00\x00\xFF\xFF\xFF\x03\x00\xFD\xD6\x2A\x01\xFF\x00";
    const ACKNOWLEDGED: &[u8] = b"\x00\x00\xFF\x00\xFF\x00";

    fn reader() -> Reader {
        Reader::of(Kind::RcS380)
    }

    fn bytes(arrival: Option<Arrival>) -> Vec<u8> {
        arrival.map(|arrival| arrival.bytes).unwrap_or_default()
    }

    #[test]
    fn a_command_is_acknowledged_and_answered_once() {
        let mut reader = reader();
        assert_eq!(reader.read(290, 0.0), None);
        assert_eq!(reader.write(SET_COMMAND_TYPE, 5.0), Some(5.0));
        assert_eq!(bytes(reader.read(290, 5.0)), ACKNOWLEDGED);
        assert_ne!(bytes(reader.read(290, 5.0)), ACKNOWLEDGED);
        assert_eq!(reader.read(290, 5.0), None);
    }

    #[test]
    fn a_small_buffer_gets_whole_packets_or_babble() {
        for (most, first, is_babble, then) in [(4, 4, true, 0), (64, 6, false, 0), (0, 0, false, 6)]
        {
            let mut reader = reader();
            reader.write(SET_COMMAND_TYPE, 0.0).unwrap();
            let arrival = reader.read(most, 0.0).unwrap();
            assert_eq!(arrival.bytes.len(), first, "{most}");
            assert_eq!(arrival.is_babble, is_babble, "{most}");
            assert_eq!(reader.rest.len(), then, "{most}");
        }
    }

    #[test]
    fn faults_come_when_they_are_planned_and_once() {
        for (ahead, fault, amount, expected) in [
            (1, "late", 30, (Some(30.0), 6)),
            (1, "cut", 2, (Some(0.0), 2)),
            (2, "cut", 2, (Some(0.0), 6)),
            (1, "unplugged", 0, (None, 0)),
        ] {
            let mut reader = reader();
            assert!(reader.disturb(0, ahead, fault, amount).is_ok());
            reader.write(SET_COMMAND_TYPE, 0.0).unwrap();
            let first = reader.read(290, 0.0);
            let seen = (first.as_ref().map(|first| first.at), bytes(first).len());
            assert_eq!(seen, expected, "{fault}");
            assert_eq!(reader.is_pulled_out(), fault == "unplugged");
            reader.plug();
            assert!(!reader.is_pulled_out());
            reader.write(SET_COMMAND_TYPE, 0.0).unwrap();
            assert_eq!(bytes(reader.read(290, 0.0)), ACKNOWLEDGED, "{fault}");
        }
    }

    #[test]
    fn each_reader_says_what_it_is() {
        for (name, product, is_hid) in [
            ("rc-s380", "RC-S380/P", false),
            ("rc-s300", "FeliCa RC-S300/P", false),
            ("rc-s300-blocks", "FeliCa RC-S300/P", false),
            ("baltech", "ID-engine Z (emulated)", true),
        ] {
            let identity = Reader::of(kind(name).unwrap()).identity();
            let identity: serde_json::Value = serde_json::from_str(&identity).unwrap();
            assert_eq!(identity["productName"], product);
            assert_eq!(identity["isHid"], is_hid);
        }
        assert!(kind("").is_none());
    }
}
