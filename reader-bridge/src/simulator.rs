//! A reader that is none, with cards that belong to nobody: for trying things out.

use std::sync::{Arc, Mutex, PoisonError};

use card::demo::DemoCard;
use card::virtual_card::{Profile, VirtualCard};
use protocol::bridge::SimulatedCard;

use crate::desk::{Presence, Sighting, Ticket};
use crate::medium::{Channel, Medium, Reader, Trouble};
use crate::pcsc::Watching;

/// What people read as the reader's name.
const NAME: &str = "模擬カードリーダー";

/// The simulated reader, without a card in the beginning.
#[derive(Clone, Default)]
pub struct Simulator {
    place: Arc<Mutex<Place>>,
}

#[derive(Default)]
struct Place {
    card: Option<VirtualCard>,
    /// Cards placed and taken so far, as PC/SC counts them.
    count: u32,
}

impl Simulator {
    /// Places a card, or takes the one that is there.
    pub fn put(&self, card: Option<SimulatedCard>, watching: &dyn Watching) {
        self.locked(|place| {
            if place.card.is_some() {
                place.count += 1;
            }
            place.card = card.map(|card| {
                place.count += 1;
                let mut card = VirtualCard::new(profile(card));
                card.power_on();
                card
            });
        });
        self.tell(watching);
    }

    /// Tells what is on the reader.
    pub fn tell(&self, watching: &dyn Watching) {
        let presence = self.locked(|place| match place.card {
            Some(_) => Presence::Card { count: place.count },
            None => Presence::Absent,
        });
        watching.seen(&[Sighting {
            name: NAME.to_owned(),
            presence,
        }]);
    }

    fn locked<T>(&self, work: impl FnOnce(&mut Place) -> T) -> T {
        work(&mut self.place.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_card<T>(
        &self,
        count: u32,
        work: impl FnOnce(&mut VirtualCard) -> T,
    ) -> Result<T, Trouble> {
        self.locked(|place| match &mut place.card {
            Some(card) if place.count == count => Ok(work(card)),
            _ => Err(Trouble::CardRemoved),
        })
    }
}

impl Medium for Simulator {
    fn reader(&self, _: &str) -> Box<dyn Reader> {
        Box::new(self.clone())
    }
}

impl Reader for Simulator {
    fn with_card(
        &mut self,
        ticket: &Ticket,
        work: &mut dyn FnMut(&mut dyn Channel),
    ) -> Result<(), Trouble> {
        work(&mut SimulatedChannel {
            simulator: self,
            count: ticket.count,
        });
        // The reset at the end; a card that was taken needs none.
        let _ = Self::with_card(self, ticket.count, |card| card.power_on().len());
        Ok(())
    }
}

struct SimulatedChannel<'a> {
    simulator: &'a Simulator,
    count: u32,
}

impl Channel for SimulatedChannel<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Trouble> {
        Simulator::with_card(self.simulator, self.count, |card| card.transmit(command))
    }
}

fn profile(card: SimulatedCard) -> Profile {
    match card {
        SimulatedCard::Valid => DemoCard::Valid,
        SimulatedCard::Expired => DemoCard::Expired,
        SimulatedCard::NotLinked => DemoCard::NotLinked,
    }
    .profile()
}
