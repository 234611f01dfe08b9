//! How many persons another spelling of 氏名 would find.

use domain::search::{MOST_CANDIDATES, SearchForm};
use leptos::prelude::*;

use super::advice::Advisor;
use crate::components::notice::{Notice, Tone};

/// Offers the search with variant characters, or says that it was one.
#[component]
pub(super) fn Variants(asked: SearchForm, more: u32, advise: Advisor) -> AnyView {
    if asked.with_variants {
        return view! {
            <p class="variants">
                <span>"異体字（髙と高、﨑と崎など）も含めて検索しました。"</span>
                <button type="button" class="button button--text" id="without-variants" on:click=move |_| advise.include_variants(false)>
                    "異体字を含めずに検索"
                </button>
            </p>
        }
        .into_any();
    }
    if more == 0 {
        return ().into_any();
    }
    let most = u32::try_from(MOST_CANDIDATES).unwrap_or(u32::MAX);
    let title = if more > most {
        format!("異体字を含めると、ほかに{most}人を超える人が該当します")
    } else {
        format!("異体字を含めると、ほかに{more}人が該当します")
    };
    view! {
        <Notice tone=Tone::Information title>
            <div class="advice__step">
                <span class="advice__text">
                    "氏名は、字形の違う漢字（髙と高、﨑と崎など）を別の字として検索しています。"
                </span>
                <button type="button" class="button button--outline button--small advice__do" id="with-variants" on:click=move |_| advise.include_variants(true)>
                    "異体字も含めて検索"
                </button>
            </div>
        </Notice>
    }
    .into_any()
}
