//! Who is logged in.

mod idle;
mod today;
mod vault;

use std::future::Future;

use domain::account::{Role, UserId};
use domain::date::Date;
use leptos::prelude::*;
use protocol::http::{
    LogIn, PasskeyChallenge, PasskeyLogIn, PasskeyToAdd, PasswordChange, ProblemCode, SessionInfo,
    Unlock,
};

use crate::api::{self, Error, LoggedIn};
use today::Today;
use vault::Vault;

pub(crate) use idle::watch;
pub(crate) use vault::crypto;

/// What is known of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The service has not been asked yet.
    Starting,
    /// It could not say.
    Unreachable(Error),
    /// Nobody is logged in.
    LoggedOut(Why),
    /// Somebody is.
    LoggedIn(SessionInfo),
    /// Somebody is, and has to give his password again.
    Locked(SessionInfo),
}

/// Why nobody is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Nobody was.
    NotYet,
    /// 「ログアウト」.
    LoggedOut,
    /// The service had ended the session, and says why.
    Ended(ProblemCode),
}

/// The session, shared by all pages.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    state: RwSignal<State>,
    today: StoredValue<Option<Today>>,
    vault: Vault,
    typed: StoredValue<Option<Typed>>,
    /// What is being noted on 「控え」, as text; kept as what was typed is.
    draft: StoredValue<String>,
}

/// Stands between what was typed and the draft; in neither, because both are JSON.
const BETWEEN: char = '\u{1e}';

/// What was typed, which a locked page must not have.
#[derive(Clone, Copy)]
pub(crate) struct Typed {
    /// What there is, if anything.
    pub(crate) copy: Callback<(), Option<String>>,
    /// Takes it away, and with it whatever else was on the page.
    pub(crate) take: Callback<(), String>,
    /// Gives it back.
    pub(crate) give_back: Callback<String>,
}

impl Session {
    /// A session about which nothing is known yet.
    pub(crate) fn provide() -> Self {
        let session = Self {
            state: RwSignal::new(State::Starting),
            today: StoredValue::new(None),
            vault: Vault::new(),
            typed: StoredValue::new(None),
            draft: StoredValue::new(String::new()),
        };
        provide_context(session);
        session
    }

    /// The session that the app provides.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    pub(crate) fn state(self) -> State {
        self.state.get()
    }

    pub(crate) fn state_untracked(self) -> State {
        self.state.get_untracked()
    }

    /// Who is logged in.
    pub(crate) fn info(self) -> Option<SessionInfo> {
        match self.state() {
            State::LoggedIn(info) => Some(info),
            _ => None,
        }
    }

    /// The ユーザID of who is logged in, for a moment's use.
    pub(crate) fn user_id_untracked(self) -> Option<UserId> {
        match self.state_untracked() {
            State::LoggedIn(info) => Some(info.user_id),
            _ => None,
        }
    }

    /// Whether the role of who is logged in passes.
    pub(crate) fn allows(self, may: fn(Role) -> bool) -> bool {
        self.info().is_some_and(|info| may(info.role))
    }

    /// Today by the service's clock, also when the page has been open overnight.
    pub(crate) fn today(self) -> Date {
        let now = Today::by_this_clock();
        self.today
            .get_value()
            .map_or(now, |today| today.moved_to(now))
    }

    /// Asks the service who is logged in.
    pub(crate) async fn resume(self) {
        self.state.set(State::Starting);
        match api::session().await {
            Ok(mut info) => {
                self.open(&mut info).await;
                self.begin(info);
            }
            Err(error) => match ended(&error) {
                Some(ProblemCode::NotLoggedIn) => self.end(Why::NotYet),
                Some(why) => self.end(Why::Ended(why)),
                None => self.state.set(State::Unreachable(error)),
            },
        }
    }

    /// Asks again after the service was not reached, without taking away what is on the page.
    pub(crate) async fn reconnect(self) {
        match api::session().await {
            Ok(mut info) => {
                self.open(&mut info).await;
                self.begin(info);
            }
            Err(error) => match ended(&error) {
                Some(ProblemCode::NotLoggedIn) => self.end(Why::NotYet),
                Some(why) => self.end(Why::Ended(why)),
                None => {}
            },
        }
    }

    /// Leaves a locked session as it is, while the service that would unlock it is away.
    pub(crate) fn set_aside(self) {
        self.state.set(State::Unreachable(Error::Network));
    }

    /// Asks again: the day may have changed, and in another window of this
    /// browser somebody may have logged in or out.
    pub(crate) async fn recheck(self) {
        self.rechecked(api::session()).await;
    }

    /// The same, where nobody did anything.
    pub(crate) async fn recheck_by_itself(self) {
        self.rechecked(api::session_unrecorded()).await;
    }

    async fn rechecked(self, asking: impl Future<Output = Result<SessionInfo, Error>>) {
        let answer = self.call(asking).await;
        // The screen may have been covered meanwhile, and stays so.
        let is_open = matches!(self.state_untracked(), State::LoggedIn(_));
        if let Some(Ok(info)) = answer
            && is_open
        {
            self.begin(info);
        }
    }

    /// ログイン; gives the question to a passkey that is the other half of it, if any.
    pub(crate) async fn log_in(self, form: LogIn) -> Result<Option<PasskeyChallenge>, Error> {
        match api::log_in(&form).await? {
            LoggedIn::Half(challenge) => Ok(Some(challenge)),
            LoggedIn::Session(info) => {
                self.begin(info);
                Ok(None)
            }
        }
    }

    /// The other half of it.
    pub(crate) async fn prove(self, answer: PasskeyLogIn) -> Result<(), Error> {
        let info = api::log_in_by_passkey(&answer).await?;
        self.begin(info);
        Ok(())
    }

    /// What is being noted on 「控え」; empty if nothing is.
    pub(crate) fn draft(self) -> String {
        self.draft.get_value()
    }

    /// Keeps what is being noted.
    pub(crate) fn set_draft(self, text: String) {
        self.draft.set_value(text);
    }

    /// Who keeps what was typed.
    pub(crate) fn guard(self, typed: Typed) {
        self.typed.set_value(Some(typed));
    }

    /// Covers the screen. What is under it goes with its page; what was typed can
    /// be read again only with the password.
    fn lock(self, info: SessionInfo) {
        if let Some(typed) = self.typed.get_value() {
            let mut text = typed.take.run(());
            // What was noted while nobody was logged in has no key that could keep it.
            if matches!(self.state_untracked(), State::LoggedIn(_)) {
                text.push(BETWEEN);
                text.push_str(&self.draft());
                self.set_draft(String::new());
            }
            self.vault.seal(text);
        }
        self.state.set(State::Locked(info));
    }

    /// Takes the key of an open session, and gives back what was typed before it was
    /// locked or the page was loaded again.
    async fn open(self, info: &mut SessionInfo) {
        let Some(key) = info.page_key.take() else {
            return;
        };
        self.vault.keep_key(Some(key)).await;
        let text = self.vault.open().await;
        if let (Some(text), Some(typed)) = (text, self.typed.get_value()) {
            let (typed_text, draft) = text.split_once(BETWEEN).unwrap_or((&text, ""));
            typed.give_back.run(typed_text.to_owned());
            if !draft.is_empty() {
                self.set_draft(draft.to_owned());
            }
        }
    }

    /// Leaves what was typed for the page that will be loaded in this one's place;
    /// `false` when that can't be done and something would be lost.
    pub(crate) async fn keep_typed(self) -> bool {
        let typed = self.typed.get_value();
        let mut text = typed.and_then(|typed| typed.copy.run(()));
        let draft = self.draft();
        if !draft.is_empty() {
            let text = text.get_or_insert_default();
            text.push(BETWEEN);
            text.push_str(&draft);
        }
        self.vault.keep(text).await
    }

    /// Opens the locked session, and gives back what was typed.
    pub(crate) async fn unlock(self, password: String) -> Result<(), Error> {
        match api::unlock(&Unlock { password }).await {
            Ok(mut info) => {
                self.open(&mut info).await;
                self.begin(info);
                Ok(())
            }
            Err(error) => {
                if let Some(why) = ended(&error) {
                    self.end(Why::Ended(why));
                }
                Err(error)
            }
        }
    }

    /// Tells the service that somebody is at work.
    async fn note_activity(self) {
        // Nobody waits for it: a failure is told where something is asked for.
        self.call(api::note_activity()).await;
    }

    /// Asks whether the service has ended an idle session. It stays covered if not.
    async fn ask_for_end(self) {
        if let Err(error) = api::session().await
            && let Some(why) = ended(&error)
        {
            self.end(Why::Ended(why));
        }
    }

    /// パスワードの変更.
    pub(crate) async fn change_password(self, change: PasswordChange) -> Option<Result<(), Error>> {
        let result = self.call(api::change_password(&change)).await?;
        Some(result.map(|info| self.begin(info)))
    }

    /// Adds a passkey.
    pub(crate) async fn add_passkey(self, passkey: PasskeyToAdd) -> Option<Result<(), Error>> {
        let result = self.call(api::add_passkey(&passkey)).await?;
        Some(result.map(|info| self.begin(info)))
    }

    /// 「すべての端末からログアウト」.
    pub(crate) async fn log_out_everywhere(self) -> Option<Result<(), Error>> {
        let result = self.call(api::log_out_everywhere()).await?;
        if result.is_ok() {
            self.end(Why::Ended(ProblemCode::LoggedOutEverywhere));
        }
        Some(result)
    }

    /// ログアウト. A session that the service had ended already is one, too.
    pub(crate) async fn log_out(self) -> Result<(), Error> {
        match api::log_out().await {
            Err(error) if ended(&error).is_none() => Err(error),
            _ => {
                self.end(Why::LoggedOut);
                Ok(())
            }
        }
    }

    /// Makes a call; `None` when the session turns out to have ended, which
    /// leads to the log-in page, to be locked, which covers the screen, or to want a
    /// passkey first.
    pub(crate) async fn call<T>(
        self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<Result<T, Error>> {
        let result = call.await;
        let Err(error) = &result else {
            return Some(result);
        };
        if let Some(why) = ended(error) {
            self.end(Why::Ended(why));
            return None;
        }
        match error.code() {
            Some(ProblemCode::Locked) => {
                if let State::LoggedIn(info) = self.state_untracked() {
                    self.lock(info);
                }
                None
            }
            // Passkeys have become a must: the page for them is shown.
            Some(ProblemCode::PasskeyRequired) => {
                if let Ok(info) = api::session().await {
                    self.begin(info);
                }
                None
            }
            _ => Some(result),
        }
    }

    fn begin(self, mut info: SessionInfo) {
        let page_key = info.page_key.take();
        if page_key.is_some() {
            leptos::task::spawn_local(self.vault.keep_key(page_key));
        }
        self.today
            .set_value(Some(Today::told(info.today, Today::by_this_clock())));
        if info.is_locked {
            return self.lock(info);
        }
        let state = State::LoggedIn(info);
        if self.state.with_untracked(|now| *now != state) {
            self.state.set(state);
        }
    }

    fn end(self, why: Why) {
        self.vault.forget();
        self.state.set(State::LoggedOut(why));
    }
}

/// The code of an error that says that there is no session any more.
fn ended(error: &Error) -> Option<ProblemCode> {
    error.code().filter(|code| code.means_logged_out())
}
