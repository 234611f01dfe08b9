//! When what a device does is done: a clock that is told the time, in milliseconds.

use card::virtual_reader::Counts;
use card::virtual_reader::cost::Wire;

/// How long a device takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Speed {
    /// No time at all.
    AtOnce,
    /// So many milliseconds before each answer, which is not an acknowledgement only.
    Each(f64),
    /// As long as `card::virtual_reader::cost` says.
    Modelled,
}

/// The device's own time.
#[derive(Debug)]
pub(crate) struct Pace {
    pub(crate) speed: Speed,
    wire: Wire,
    /// When the last that the host sent has reached the device.
    heard_at: f64,
    /// When the device has an answer to it.
    ready_at: f64,
    /// When the last answer has reached the host.
    arrived_at: f64,
}

impl Pace {
    pub(crate) fn new(wire: Wire) -> Self {
        Self {
            speed: Speed::AtOnce,
            wire,
            heard_at: 0.0,
            ready_at: 0.0,
            arrived_at: 0.0,
        }
    }

    /// The host began to send at `now`, which cost this; gives when it is sent.
    pub(crate) fn send(&mut self, now: f64, cost: Counts) -> f64 {
        self.heard_at = now.max(self.heard_at) + self.on_wire(cost);
        let thought = match self.speed {
            Speed::AtOnce => 0.0,
            Speed::Each(milliseconds) => milliseconds,
            Speed::Modelled => cost.card_time().as_secs_f64() * 1e3,
        };
        self.ready_at = self.heard_at.max(self.ready_at) + thought;
        self.heard_at
    }

    /// The host began to read at `now`; gives when it has the answer. An acknowledgement comes
    /// before the card is asked.
    pub(crate) fn receive(&mut self, now: f64, cost: Counts, is_acknowledgement: bool) -> f64 {
        let from = if is_acknowledgement {
            self.heard_at
        } else {
            self.ready_at
        };
        self.arrived_at = now.max(from).max(self.arrived_at) + self.on_wire(cost);
        self.arrived_at
    }

    /// The answer that was given last comes so much later.
    pub(crate) fn hold_up(&mut self, milliseconds: f64) -> f64 {
        self.arrived_at += milliseconds;
        self.arrived_at
    }

    fn on_wire(&self, cost: Counts) -> f64 {
        match self.speed {
            Speed::AtOnce | Speed::Each(_) => 0.0,
            Speed::Modelled => cost.wire_time(self.wire).as_secs_f64() * 1e3,
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "whole milliseconds have no rounding errors"
)]
mod tests {
    use super::*;

    #[test]
    fn answers_take_the_time_of_wire_and_card() {
        let written = Counts {
            transfers: 1,
            packets: 3,
            commands: 1,
            ..Counts::default()
        };
        let read = Counts {
            commands: 0,
            ..written
        };
        // A command, and an exchange for it, of 10 and 1.5 ms.
        for (speed, wire, expected) in [
            (Speed::AtOnce, Wire::Bulk, [100.0, 100.0, 100.0]),
            (Speed::Each(40.0), Wire::Bulk, [100.0, 100.0, 140.0]),
            (Speed::Modelled, Wire::Bulk, [101.0, 102.0, 113.5]),
            (Speed::Modelled, Wire::Reports, [103.0, 106.0, 117.5]),
        ] {
            let mut pace = Pace::new(wire);
            pace.speed = speed;
            let sent = pace.send(100.0, written);
            let acknowledged = pace.receive(sent, read, true);
            let answered = pace.receive(acknowledged, read, false);
            assert_eq!(
                [sent, acknowledged, answered],
                expected,
                "{speed:?} {wire:?}"
            );
            assert_eq!(pace.hold_up(5.0), answered + 5.0);
            let next = pace.receive(0.0, Counts::default(), false);
            assert_eq!(next, answered + 5.0, "no answer overtakes another");
        }
    }
}
