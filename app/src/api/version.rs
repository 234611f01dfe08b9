//! Whether the service delivers a newer page than this one.

use std::sync::LazyLock;

use leptos::prelude::*;
use protocol::http::VERSION_HEADER;

static IS_OUTDATED: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

/// Whether an answer named another page than this one.
pub(crate) fn is_outdated() -> bool {
    IS_OUTDATED.get()
}

/// The same, without following it.
pub(crate) fn is_outdated_untracked() -> bool {
    IS_OUTDATED.get_untracked()
}

/// An answer named a page, by its header.
pub(super) fn told(delivered: Option<String>) {
    if differ(&own(), &delivered.unwrap_or_default()) {
        IS_OUTDATED.set(true);
    }
}

/// A page or a service without a name was built for work on it: they may differ.
fn differ(own: &str, delivered: &str) -> bool {
    !own.is_empty() && !delivered.is_empty() && own != delivered
}

/// The name that the service wrote into this page.
fn own() -> String {
    let meta = ["meta[name=", VERSION_HEADER, "]"].concat();
    let meta = document().query_selector(&meta).ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::differ;

    #[wasm_bindgen_test]
    fn only_two_names_can_differ() {
        let table = [
            ("a", "b", true),
            ("a", "a", false),
            ("", "b", false),
            ("a", "", false),
        ];
        for (own, delivered, expected) in table {
            assert_eq!(differ(own, delivered), expected, "{own} {delivered}");
        }
    }
}
