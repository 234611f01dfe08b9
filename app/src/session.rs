//! Who is logged in.

mod today;

use std::future::Future;

use domain::account::Role;
use domain::date::Date;
use leptos::prelude::*;
use protocol::http::{LogIn, ProblemCode, SessionInfo};

use crate::api::{self, Error};
use today::Today;

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
}

/// Why nobody is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Nobody was.
    NotYet,
    /// 「ログアウト」.
    LoggedOut,
    /// The service had ended the session.
    Ended,
}

/// The session, shared by all pages.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    state: RwSignal<State>,
    today: StoredValue<Option<Today>>,
}

impl Session {
    /// A session about which nothing is known yet.
    pub(crate) fn provide() -> Self {
        let session = Self {
            state: RwSignal::new(State::Starting),
            today: StoredValue::new(None),
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
            Ok(info) => self.begin(info),
            Err(error) if error.code() == Some(ProblemCode::NotLoggedIn) => {
                self.end(Why::NotYet);
            }
            Err(error) => self.state.set(State::Unreachable(error)),
        }
    }

    /// Asks again: the day may have changed, and in another window of this
    /// browser somebody may have logged in or out.
    pub(crate) async fn recheck(self) {
        if let Some(Ok(info)) = self.call(api::session()).await {
            self.begin(info);
        }
    }

    /// ログイン.
    pub(crate) async fn log_in(self, form: LogIn) -> Result<(), Error> {
        api::log_in(&form).await.map(|info| self.begin(info))
    }

    /// ログアウト. A session that the service had ended already is one, too.
    pub(crate) async fn log_out(self) -> Result<(), Error> {
        match api::log_out().await {
            Err(error) if error.code() != Some(ProblemCode::NotLoggedIn) => Err(error),
            _ => {
                self.end(Why::LoggedOut);
                Ok(())
            }
        }
    }

    /// Makes a call; `None` when the session turns out to have ended, which
    /// leads to the log-in page.
    pub(crate) async fn call<T>(
        self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<Result<T, Error>> {
        let result = call.await;
        match &result {
            Err(error) if error.code() == Some(ProblemCode::NotLoggedIn) => {
                self.end(Why::Ended);
                None
            }
            _ => Some(result),
        }
    }

    fn begin(self, info: SessionInfo) {
        self.today
            .set_value(Some(Today::told(info.today, Today::by_this_clock())));
        let state = State::LoggedIn(info);
        if self.state.with_untracked(|now| *now != state) {
            self.state.set(state);
        }
    }

    fn end(self, why: Why) {
        self.state.set(State::LoggedOut(why));
    }
}
