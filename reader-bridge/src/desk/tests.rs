//! The desk against a model of it, and by hand.

use proptest::prelude::*;

use super::*;

const ONE: ConnectionId = ConnectionId(1);
const TWO: ConnectionId = ConnectionId(2);
const NOW: Duration = Duration::ZERO;

fn sighting(name: &str, presence: Presence) -> Sighting {
    Sighting {
        name: name.to_owned(),
        presence,
    }
}

/// A desk with one reader, and a card on it.
fn desk() -> (Desk, ReaderId, CardGeneration) {
    let mut desk = Desk::new(Ids::since(0));
    desk.observe(&[sighting("reader", Presence::Card { count: 1 })]);
    let state = desk.states(ONE, NOW).remove(0);
    (desk, state.id, state.card.generation().unwrap())
}

fn ticket(admission: Result<Admission, ErrorCode>) -> Ticket {
    match admission.unwrap() {
        Admission::Now(ticket) => ticket,
        Admission::Later => panic!("not now"),
    }
}

#[test]
fn what_is_seen_becomes_generations() {
    let card = |count| Presence::Card { count };
    let elsewhere = |count| Presence::Elsewhere { count };
    // Each step: what is seen, and whether it is another card than before.
    let table = [
        (card(1), true),
        (card(1), false),
        (elsewhere(1), false),
        (card(1), false),
        (card(3), true),
        (Presence::Absent, true),
        (card(5), true),
        (Presence::Mute, true),
        (card(5), true),
    ];
    let mut desk = Desk::new(Ids::since(0));
    desk.observe(&[sighting("reader", Presence::Absent)]);
    let reader = desk.states(ONE, NOW)[0].id;
    let mut before = None;
    for (step, (presence, is_another)) in table.into_iter().enumerate() {
        desk.observe(&[sighting("reader", presence)]);
        let now = desk.state(reader, ONE, NOW).unwrap().card.generation();
        assert_eq!(now != before, is_another, "{step}");
        before = now;
    }
}

#[test]
fn a_reader_that_was_plugged_in_anew_is_another_one() {
    let (mut desk, first, _) = desk();
    desk.observe(&[sighting("reader", Presence::Card { count: 7 })]);
    assert_eq!(desk.states(ONE, NOW)[0].id, first);
    let notices = desk.observe(&[sighting("reader", Presence::Card { count: 1 })]);
    let second = desk.states(ONE, NOW)[0].id;
    assert!(second > first);
    assert_eq!(notices, [Notice::Removed(first), Notice::Attached(second)]);
}

#[test]
fn what_does_not_change_is_not_told() {
    let (mut desk, ..) = desk();
    let same = [sighting("reader", Presence::Card { count: 1 })];
    assert_eq!(desk.observe(&same), []);
    assert_eq!(desk.set_service(ServiceState::Available), []);
}

#[test]
fn a_reader_is_taken_over_as_it_was_seen_only() {
    let (mut desk, reader, card) = desk();
    let (first, _) = desk.acquire(reader, None, ONE, "one", NOW).unwrap();
    let refused = desk.acquire(reader, None, TWO, "two", NOW);
    assert_eq!(refused.unwrap_err(), ErrorCode::ReaderInUse);
    let wrong = Some(HoldingId(first.0 + 1000));
    let refused = desk.acquire(reader, wrong, TWO, "two", NOW);
    assert_eq!(refused.unwrap_err(), ErrorCode::HolderChanged);
    // Never in the middle of a command.
    let running = ticket(desk.begin(first, ONE, Some(card)));
    let refused = desk.acquire(reader, Some(first), TWO, "two", NOW);
    assert_eq!(refused.unwrap_err(), ErrorCode::ReaderBusy);
    assert_eq!(desk.end(&running, None).0, Ending::Valid);
    let (second, notices) = desk.acquire(reader, Some(first), TWO, "two", NOW).unwrap();
    let lost = Notice::Lost {
        connection: ONE,
        lease: first,
        reader,
        reason: LossReason::TakenOver,
    };
    assert_eq!(notices, [lost, Notice::Changed(reader)]);
    assert_eq!(desk.begin(first, ONE, None), Err(ErrorCode::LeaseEnded));
    // Knowing the number is not enough.
    assert_eq!(desk.begin(second, ONE, None), Err(ErrorCode::LeaseEnded));
    ticket(desk.begin(second, TWO, None));
}

#[test]
fn the_next_page_waits_for_the_end_of_a_command_that_nobody_wants() {
    let (mut desk, reader, card) = desk();
    let (first, _) = desk.acquire(reader, None, ONE, "one", NOW).unwrap();
    let running = ticket(desk.begin(first, ONE, Some(card)));
    desk.disconnect(ONE);
    let (second, _) = desk.acquire(reader, None, TWO, "two", NOW).unwrap();
    let wait = desk.begin(second, TWO, Some(card));
    assert_eq!(wait, Ok(Admission::Later));
    assert_eq!(desk.end(&running, None).0, Ending::LeaseGone);
    ticket(desk.begin(second, TWO, Some(card)));
}

#[test]
fn after_a_sleep_nothing_is_as_before() {
    let (mut desk, reader, card) = desk();
    let (lease, _) = desk.acquire(reader, None, ONE, "one", NOW).unwrap();
    let running = ticket(desk.begin(lease, ONE, Some(card)));
    let notices = desk.wake();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert_eq!(desk.end(&running, None).0, Ending::CardGone);
    let (lease, _) = desk.acquire(reader, None, ONE, "one", NOW).unwrap();
    let stale = desk.begin(lease, ONE, Some(card));
    assert_eq!(stale, Err(ErrorCode::StaleCard));
}

#[test]
fn numbers_of_the_next_run_are_above_those_of_this_one() {
    let mut first = Ids::since(1_795_316_400_000);
    let last = (0..10_000).map(|_| first.next()).last().unwrap();
    let next = Ids::since(1_795_316_400_000 + 1_000).next();
    assert!(next > last && next < 1 << 53);
}

#[derive(Debug, Clone)]
enum Step {
    See(Vec<(u8, Presence)>),
    LoseService,
    Wake,
    Acquire(u8, u8, bool),
    Release(u8),
    Disconnect(u8),
    Begin(u8, bool),
    End,
}

fn presence() -> impl Strategy<Value = Presence> {
    prop_oneof![
        Just(Presence::Absent),
        Just(Presence::Mute),
        (0_u32..4).prop_map(|count| Presence::Card { count }),
        (0_u32..4).prop_map(|count| Presence::Elsewhere { count }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let connection = 0_u8..3;
    prop_oneof![
        proptest::collection::btree_map(0_u8..3, presence(), 0..3)
            .prop_map(|seen| Step::See(seen.into_iter().collect())),
        Just(Step::LoseService),
        Just(Step::Wake),
        (connection.clone(), 0_u8..3, any::<bool>())
            .prop_map(|(connection, reader, over)| Step::Acquire(connection, reader, over)),
        connection.clone().prop_map(Step::Release),
        connection.clone().prop_map(Step::Disconnect),
        (connection, any::<bool>()).prop_map(|(connection, exact)| Step::Begin(connection, exact)),
        Just(Step::End),
    ]
}

/// What the steps so far have shown.
#[derive(Default)]
struct Model {
    /// Leases that pages believe they have.
    leases: BTreeMap<ConnectionId, HoldingId>,
    running: Vec<Ticket>,
    used: std::collections::BTreeSet<u64>,
}

impl Model {
    fn hear(&mut self, notices: &[Notice]) {
        for notice in notices {
            if let Notice::Lost {
                connection, lease, ..
            } = notice
            {
                let had = self.leases.get(connection);
                if had == Some(lease) {
                    self.leases.remove(connection);
                }
            }
        }
    }

    fn take(&mut self, desk: &mut Desk, step: Step) {
        match step {
            Step::See(seen) => {
                let seen: Vec<_> = seen
                    .into_iter()
                    .map(|(name, presence)| sighting(&name.to_string(), presence))
                    .collect();
                let notices = desk.observe(&seen);
                self.hear(&notices);
            }
            Step::LoseService => {
                let notices = desk.lose_service(ServiceState::Unavailable);
                self.hear(&notices);
            }
            Step::Wake => {
                let notices = desk.wake();
                self.hear(&notices);
            }
            Step::Acquire(connection, reader, over) => {
                let connection = ConnectionId(connection.into());
                let states = desk.states(connection, NOW);
                let Some(state) = states.get(usize::from(reader)) else {
                    return;
                };
                // One lease each, so that the model stays small.
                if self.leases.contains_key(&connection) {
                    return;
                }
                let seen = state.holder.as_ref().map(|holder| holder.holding);
                let acquired =
                    desk.acquire(state.id, seen.filter(|_| over), connection, "page", NOW);
                if let Ok((lease, notices)) = acquired {
                    assert!(self.used.insert(lease.0), "used before");
                    self.hear(&notices);
                    self.leases.insert(connection, lease);
                }
            }
            Step::Release(connection) => {
                let connection = ConnectionId(connection.into());
                if let Some(lease) = self.leases.get(&connection)
                    && desk.release(*lease, connection).is_ok()
                {
                    self.leases.remove(&connection);
                }
            }
            Step::Disconnect(connection) => {
                let connection = ConnectionId(connection.into());
                desk.disconnect(connection);
                self.leases.remove(&connection);
            }
            Step::Begin(connection, exact) => {
                let connection = ConnectionId(connection.into());
                let Some(lease) = self.leases.get(&connection).copied() else {
                    return;
                };
                let states = desk.states(connection, NOW);
                let its = states.iter().find(|state| {
                    state
                        .holder
                        .as_ref()
                        .is_some_and(|held| held.holding == lease)
                });
                let card = its.and_then(|state| state.card.generation());
                let begun = desk.begin(lease, connection, card.filter(|_| exact));
                if let Ok(Admission::Now(ticket)) = begun {
                    let is_free = self.running.iter().all(|run| run.reader != ticket.reader);
                    assert!(is_free, "two commands on one reader");
                    self.running.push(ticket);
                }
            }
            Step::End => {
                if let Some(ticket) = self.running.pop() {
                    let holds = self.leases.values().any(|lease| *lease == ticket.lease);
                    let (ending, _) = desk.end(&ticket, None);
                    assert!(ending != Ending::Valid || holds, "valid without a lease");
                }
            }
        }
    }

    fn check(&mut self, desk: &Desk) {
        let states = desk.states(ConnectionId(99), NOW);
        let held: Vec<_> = states
            .iter()
            .filter_map(|state| state.holder.as_ref())
            .collect();
        // A page that was told nothing still has what it believes to have, and nobody else has.
        assert_eq!(held.len(), self.leases.len());
        for holder in held {
            assert!(self.leases.values().any(|lease| *lease == holder.holding));
        }
    }
}

proptest! {
    #[test]
    fn a_reader_has_one_holder_who_knows_it(steps in proptest::collection::vec(step(), 0..60)) {
        let mut desk = Desk::new(Ids::since(0));
        let mut model = Model::default();
        for step in steps {
            model.take(&mut desk, step);
            model.check(&desk);
        }
    }
}
