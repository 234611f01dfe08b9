//! Where the app is, kept in step with the browser's history.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::dom;
use crate::route::Route;

/// The address bar, as a signal.
#[derive(Clone, Copy)]
pub(crate) struct Navigator {
    route: RwSignal<Route>,
    moved: StoredValue<bool>,
}

impl Navigator {
    /// Starts at the address that was opened, and follows Back and Forward.
    pub(crate) fn provide() -> Self {
        let navigator = Self {
            route: RwSignal::new(Route::here()),
            moved: StoredValue::new(false),
        };
        provide_context(navigator);
        let listener =
            window_event_listener(ev::popstate, move |_| navigator.arrive(Route::here()));
        on_cleanup(move || listener.remove());
        navigator
    }

    /// The navigator that the app provides.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// The page now shown.
    pub(crate) fn route(self) -> Route {
        self.route.get()
    }

    /// Whether this is no longer the page that the browser itself opened.
    pub(crate) fn has_moved(self) -> bool {
        self.moved.get_value()
    }

    /// Goes to a page; Back returns from it.
    pub(crate) fn go(self, route: Route) {
        // History fails only when flooded, and the page must change all the same.
        let _ = history(
            |history, path| history.push_state_with_url(&JsValue::NULL, "", path),
            &route,
        );
        self.arrive(route);
        dom::scroll_to_top();
    }

    /// Puts a page in the place of the present one.
    pub(crate) fn replace(self, route: Route) {
        let _ = history(
            |history, path| history.replace_state_with_url(&JsValue::NULL, "", path),
            &route,
        );
        self.arrive(route);
        dom::scroll_to_top();
    }

    fn arrive(self, route: Route) {
        if self.route.with_untracked(|now| *now != route) {
            self.moved.set_value(true);
            self.route.set(route);
        }
    }
}

impl Route {
    /// The page of the address bar.
    pub(crate) fn here() -> Self {
        Self::parse(&window().location().pathname().unwrap_or_default())
    }
}

fn history(
    change: impl FnOnce(&web_sys::History, Option<&str>) -> Result<(), JsValue>,
    route: &Route,
) -> Result<(), JsValue> {
    change(&window().history()?, Some(&route.path()))
}
