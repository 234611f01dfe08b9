//! What is done at the screen, and for it.

use domain::card_presentation::CardFailure;
use domain::consent::ConsentAnswer;
use leptos::prelude::*;
use protocol::bridge::SimulatedCard;
use protocol::http::{
    CardReading, ConfirmationTick, ConsentAnswers, PairingCode, PasscodeEntry, ProblemCode,
    ReaderScreenState, VisualConfirmationId,
};
use std::time::Duration;

use super::model::{Local, Registration, Seen};
use crate::api::events::Feed;
use crate::api::{Error, reader_screen};
use crate::clock;
use crate::reader::{CardGeneration, ReadFailure, Reader};
use crate::staff_button::StaffButton;
use crate::task::{Task, sleep};

/// How often the service is asked why the line is gone, in milliseconds.
const ASK_EVERY: f64 = 20_000.0;

/// The screen's state, and everything that can be done to it.
#[derive(Clone, Copy)]
pub(super) struct Control {
    feed: Feed<ReaderScreenState>,
    // These two are large: what is handed around all the time is where they are.
    reader: StoredValue<Reader>,
    staff_button: StoredValue<StaffButton>,
    registration: RwSignal<Registration>,
    /// The code of registration, as far as it is typed.
    pairing_code: RwSignal<String>,
    local: RwSignal<Local>,
    /// What the last act met.
    problem: RwSignal<Option<Error>>,
    act: Task,
    check: Task,
    asked_at: StoredValue<f64>,
}

impl Control {
    pub(super) fn new() -> Self {
        let check = Task::new();
        let lost = RwSignal::new(0_u32);
        let on_lost = Callback::new(move |()| lost.update(|times| *times += 1));
        let feed = Feed::new(on_lost);
        let label = Signal::derive(move || label(feed.state().as_ref()));
        let control = Self {
            feed,
            reader: StoredValue::new(Reader::follow(label)),
            staff_button: StoredValue::new(StaffButton::follow()),
            registration: RwSignal::new(Registration::Unknown),
            pairing_code: RwSignal::new(String::new()),
            local: RwSignal::new(Local::default()),
            problem: RwSignal::new(None),
            act: Task::new(),
            check,
            asked_at: StoredValue::new(0.0),
        };
        Effect::new(move |_| {
            if lost.get() > 0 {
                control.ask_why();
            }
        });
        control.ask();
        control
    }

    /// Everything that decides what is shown.
    pub(super) fn seen(self) -> Seen {
        Seen {
            registration: self.registration.get(),
            freshness: self.feed.freshness(),
            screen: self.feed.state(),
            reader: self.reader().status(),
            local: self.local.get(),
        }
    }

    pub(super) fn screen(self) -> Option<ReaderScreenState> {
        self.feed.state()
    }

    pub(super) fn problem(self) -> Option<Error> {
        self.problem.get()
    }

    pub(super) fn is_busy(self) -> bool {
        self.act.is_running()
    }

    pub(super) fn change(self, change: impl FnOnce(&mut Local)) {
        self.local.update(change);
    }

    pub(super) fn has_answered(self, id: &VisualConfirmationId) -> bool {
        self.local
            .with_untracked(|local| local.answered.as_ref() == Some(id))
    }

    /// Whether this browser is a screen is asked at the start, and again while the service is away.
    fn ask(self) {
        self.check.run(async move {
            loop {
                match reader_screen::state().await {
                    Ok(state) => return self.is_one(state),
                    Err(error) if is_no_screen(&error) => return self.is_none(),
                    Err(_) => sleep(Duration::from_secs(3)).await,
                }
            }
        });
    }

    /// The line is gone: whether because the screen is one no more, only an answer can say.
    fn ask_why(self) {
        let now = clock::wall();
        if self.registration.get_untracked() != Registration::Yes
            || now - self.asked_at.get_value() < ASK_EVERY
        {
            return;
        }
        self.asked_at.set_value(now);
        self.check.run(async move {
            match reader_screen::state().await {
                Ok(state) => self.feed.take(state),
                Err(error) if is_no_screen(&error) => self.is_none(),
                // The line is made anew all the while; then it may be asked again.
                Err(_) => self.asked_at.set_value(now - ASK_EVERY + 2_000.0),
            }
        });
    }

    fn is_one(self, state: ReaderScreenState) {
        self.problem.set(None);
        self.pairing_code.set(String::new());
        self.feed.take(state);
        self.registration.set(Registration::Yes);
        self.feed.open();
    }

    fn is_none(self) {
        self.feed.stop();
        self.reader().stop_reading();
        self.local.set(Local::default());
        self.problem.set(None);
        self.registration.update(|registration| {
            *registration = match registration {
                Registration::Yes | Registration::Revoked => Registration::Revoked,
                Registration::Unknown | Registration::No => Registration::No,
            }
        });
    }

    pub(super) fn register(self, code: String) {
        self.pair(async move { reader_screen::pair(&PairingCode { code }).await });
    }

    pub(super) fn register_for_demo(self) {
        self.pair(reader_screen::pair_for_demo());
    }

    fn pair(self, pairing: impl Future<Output = Result<ReaderScreenState, Error>> + 'static) {
        self.problem.set(None);
        self.act.run(async move {
            match pairing.await {
                Ok(state) => self.is_one(state),
                Err(error) => self.problem.set(Some(error)),
            }
        });
    }

    pub(super) fn pairing_code(self) -> RwSignal<String> {
        self.pairing_code
    }

    pub(super) fn reader(self) -> Reader {
        self.reader.get_value()
    }

    pub(super) fn staff_button(self) -> StaffButton {
        self.staff_button.get_value()
    }

    pub(super) fn open_pad(self) {
        self.problem.set(None);
        self.change(|local| local.is_pad_open = true);
    }

    /// The thing on the desk was pressed: as if it were the button on the screen, if that is there.
    pub(super) fn press_staff_button(self) {
        if untrack(move || self.seen().view()).has_staff_button() {
            self.open_pad();
        }
    }

    pub(super) fn open_choice(self) {
        self.problem.set(None);
        self.change(|local| local.is_choosing = true);
    }

    pub(super) fn close_choice(self) {
        self.staff_button().stop_waiting();
        self.change(|local| local.is_choosing = false);
    }

    pub(super) fn close_pad(self) {
        self.act.stop();
        self.problem.set(None);
        self.change(|local| local.is_pad_open = false);
    }

    pub(super) fn enter(self, passcode: String) {
        let entry = PasscodeEntry { passcode };
        self.run(async move { reader_screen::begin(&entry).await });
    }

    pub(super) fn confirm(self, id: VisualConfirmationId) {
        let tick = ConfirmationTick { is_confirmed: true };
        self.run(async move { reader_screen::confirm(&id, tick).await });
    }

    pub(super) fn cancel(self) {
        if let Some(id) = self.under_way() {
            self.reader().stop_reading();
            self.run(async move { reader_screen::cancel(&id).await });
        }
    }

    pub(super) fn stay(self) {
        if let Some(id) = self.under_way() {
            leptos::task::spawn_local(async move {
                if let Ok(state) = reader_screen::stay(&id).await {
                    self.feed.take(state);
                }
            });
        }
    }

    /// Tried again as long as the service can't be reached: the patient has answered.
    pub(super) fn answer(self, id: VisualConfirmationId, answers: Vec<ConsentAnswer>) {
        let answers = ConsentAnswers { answers };
        self.run(async move {
            // Before the service knows: the end may be told before the answer comes.
            self.change(|local| local.answered = Some(id.clone()));
            let state = until_reached(|| reader_screen::answer(&id, &answers)).await;
            if state.is_err() {
                self.change(Local::take_answers_back);
            }
            state
        });
    }

    /// Has a card read, and hands what came of it to the service.
    pub(super) fn read(self, id: VisualConfirmationId, card: CardGeneration) {
        self.change(|local| {
            local.used = Some(card);
            local.is_reading = true;
            local.was_taken = false;
        });
        self.reader().read(card, move |result| {
            let reading = match result {
                Ok(certificate) => CardReading::Certificate(certificate),
                Err(ReadFailure::Card(failure)) => CardReading::Failed(failure),
                Err(failure) => {
                    return self.change(|local| {
                        local.is_reading = false;
                        local.was_taken = failure == ReadFailure::Taken;
                    });
                }
            };
            self.present(id, card, reading);
        });
    }

    fn present(self, id: VisualConfirmationId, card: CardGeneration, reading: CardReading) {
        leptos::task::spawn_local(async move {
            let presented = until_reached(|| reader_screen::present(&id, &reading)).await;
            self.change(|local| local.accepted = Some(card));
            self.take(presented).await;
            self.change(|local| local.is_reading = false);
        });
    }

    /// Tells the service that what lies on the reader can't be read.
    pub(super) fn refuse(self, id: VisualConfirmationId) {
        leptos::task::spawn_local(async move {
            let reading = CardReading::Failed(CardFailure::Unreadable);
            let refused = until_reached(|| reader_screen::present(&id, &reading)).await;
            self.take(refused).await;
        });
    }

    pub(super) fn stop_reading(self) {
        self.reader().stop_reading();
    }

    pub(super) fn connect(self) {
        self.reader().connect();
    }

    pub(super) fn take_over(self) {
        self.reader().take_over();
    }

    pub(super) fn simulate(self, card: Option<SimulatedCard>) {
        self.reader().simulate(card);
    }

    fn under_way(self) -> Option<VisualConfirmationId> {
        let screen = self.feed.state_untracked()?;
        Some(screen.visual_confirmation?.id)
    }

    fn run(self, act: impl Future<Output = Result<ReaderScreenState, Error>> + 'static) {
        self.problem.set(None);
        self.act.run(async move {
            let result = act.await;
            self.take(result).await;
        });
    }

    async fn take(self, result: Result<ReaderScreenState, Error>) {
        match result {
            Ok(state) => self.feed.take(state),
            Err(error) if is_no_screen(&error) => self.is_none(),
            Err(error) => {
                // It is over, or another's turn: the state says which.
                if is_out_of_turn(&error)
                    && let Ok(state) = reader_screen::state().await
                {
                    self.feed.take(state);
                }
                self.problem.set(Some(error));
            }
        }
    }
}

/// Does something until the service has said yes or no.
async fn until_reached<F>(act: impl Fn() -> F) -> Result<ReaderScreenState, Error>
where
    F: Future<Output = Result<ReaderScreenState, Error>>,
{
    loop {
        match act().await {
            Err(error) if error.is_passing() => sleep(Duration::from_secs(1)).await,
            result => return result,
        }
    }
}

fn is_no_screen(error: &Error) -> bool {
    error.code() == Some(ProblemCode::NotAReaderScreen)
}

fn is_out_of_turn(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(
            ProblemCode::OutOfTurn
                | ProblemCode::BegunElsewhere
                | ProblemCode::VisualConfirmationOver
                | ProblemCode::ReaderBusy
        )
    )
}

/// How the page calls itself before other pages and at the bridge.
fn label(screen: Option<&ReaderScreenState>) -> String {
    screen.map_or_else(
        || "読取画面".to_owned(),
        |screen| ["読取画面「", &screen.name, "」"].concat(),
    )
}
