//! Who sees what: nobody sees a page of others before logging in, and after it
//! everybody is back where he was.

use std::time::Duration;

use domain::account::UserId;
use leptos::prelude::*;

use crate::navigation::Navigator;
use crate::pages::search::Search;
use crate::parts;
use crate::route::Route;
use crate::session::{Session, State, Why};

/// What the window shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    Starting,
    Unreachable,
    Locked,
    Page(Route),
}

/// What to show, given the session and the address.
pub(super) fn screen(state: &State, route: Route) -> Screen {
    match (state, route) {
        // Wanted most when nothing else works, and nobody's secret.
        (_, Route::Errors) => Screen::Page(Route::Errors),
        // An outage has no log-in: whoever is at the desk notes, and reads nothing.
        (State::Unreachable(_) | State::LoggedOut(_), Route::Notebook) => {
            Screen::Page(Route::Notebook)
        }
        (State::Starting, _) | (State::LoggedIn(_), Route::LogIn) => Screen::Starting,
        (State::Unreachable(_), _) => Screen::Unreachable,
        (State::LoggedOut(_), _) => Screen::Page(Route::LogIn),
        (State::Locked(_), _) => Screen::Locked,
        (State::LoggedIn(info), _) if info.must_change_password => Screen::Page(Route::Password),
        (State::LoggedIn(info), _) if info.must_add_passkey => Screen::Page(Route::Passkeys),
        (State::LoggedIn(_), route) => Screen::Page(route),
    }
}

/// Keeps the address in step with the session, and what was typed with its owner.
pub(super) fn keep(navigator: Navigator, session: Session, search: Search) {
    let back_to = StoredValue::new(None::<Route>);
    let owner = StoredValue::new(None::<UserId>);
    Effect::new(move |_| {
        let route = navigator.route();
        match session.state() {
            State::LoggedOut(why) => {
                // Only once: what is noted afterwards is whoever's comes next.
                let had_owner = owner.with_value(Option::is_some);
                if why == Why::LoggedOut && had_owner {
                    owner.set_value(None);
                    search.forget();
                    session.set_draft(String::new());
                    back_to.set_value(None);
                }
                if matches!(route, Route::Errors | Route::Notebook) {
                    let is_notebook = route == Route::Notebook;
                    back_to.set_value(is_notebook.then_some(route));
                    return;
                }
                if why != Why::LoggedOut && route != Route::LogIn {
                    back_to.set_value(Some(route.clone()));
                }
                if route != Route::LogIn {
                    navigator.replace(Route::LogIn);
                }
            }
            State::LoggedIn(info) => {
                let before = owner.try_update_value(|owner| owner.replace(info.user_id.clone()));
                let before = before.flatten();
                if before.as_ref() != Some(&info.user_id) {
                    prepare(session);
                }
                if before.is_some_and(|before| before != info.user_id) {
                    search.forget();
                    session.set_draft(String::new());
                    back_to.set_value(None);
                }
                if route == Route::LogIn {
                    let back_to = back_to.try_update_value(Option::take).flatten();
                    navigator.replace(back_to.unwrap_or(Route::Menu));
                }
            }
            State::Starting | State::Unreachable(_) | State::Locked(_) => {}
        }
    });
}

/// Lets the terminal know what 「控え」 needs: once the page that was opened is there.
fn prepare(session: Session) {
    const SOON: Duration = Duration::from_secs(2);
    set_timeout(
        move || {
            if let State::LoggedIn(info) = session.state_untracked()
                && info.role.may_search()
            {
                parts::tend_notebook(session, info);
            }
        },
        SOON,
    );
}

#[cfg(test)]
mod tests {
    use domain::session::SessionRules;
    use protocol::http::{ProblemCode, SessionInfo};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::api::Error;

    #[wasm_bindgen_test]
    fn pages_are_for_those_who_are_logged_in() {
        let info = SessionInfo {
            user_id: "staff".parse().unwrap(),
            role: domain::account::Role::Staff,
            medical_institution_code: "3410712362".parse().unwrap(),
            institution_name: "架空内科".to_owned(),
            today: "2026-11-22".parse().unwrap(),
            rules: SessionRules::default(),
            is_locked: false,
            must_change_password: false,
            must_add_passkey: false,
            passcode_is_void: false,
            page_key: None,
        };
        let somebody = State::LoggedIn(info.clone());
        let locked = State::Locked(info.clone());
        let newcomer = State::LoggedIn(SessionInfo {
            must_change_password: true,
            ..info.clone()
        });
        let without_passkey = State::LoggedIn(SessionInfo {
            must_add_passkey: true,
            ..info.clone()
        });
        let newest = State::LoggedIn(SessionInfo {
            must_change_password: true,
            must_add_passkey: true,
            ..info
        });
        let ended = State::LoggedOut(Why::Ended(ProblemCode::SessionIdle));
        let unreachable = State::Unreachable(Error::Network);
        let table = [
            (&State::Starting, Route::Menu, Screen::Starting),
            (&unreachable, Route::Menu, Screen::Unreachable),
            (&unreachable, Route::Errors, Screen::Page(Route::Errors)),
            (&ended, Route::Errors, Screen::Page(Route::Errors)),
            (&ended, Route::Search, Screen::Page(Route::LogIn)),
            (&ended, Route::Notebook, Screen::Page(Route::Notebook)),
            (&unreachable, Route::Notebook, Screen::Page(Route::Notebook)),
            (&locked, Route::Notebook, Screen::Locked),
            (&ended, Route::Unknown, Screen::Page(Route::LogIn)),
            (&somebody, Route::Search, Screen::Page(Route::Search)),
            (&somebody, Route::LogIn, Screen::Starting),
            (&locked, Route::Search, Screen::Locked),
            (&locked, Route::LogIn, Screen::Locked),
            (&newcomer, Route::LogIn, Screen::Starting),
            (&newcomer, Route::Search, Screen::Page(Route::Password)),
            (&newest, Route::Search, Screen::Page(Route::Password)),
            (
                &without_passkey,
                Route::Search,
                Screen::Page(Route::Passkeys),
            ),
            (&without_passkey, Route::Menu, Screen::Page(Route::Passkeys)),
        ];
        for (state, route, expected) in table {
            assert_eq!(
                screen(state, route.clone()),
                expected,
                "{state:?} {route:?}"
            );
        }
    }
}
