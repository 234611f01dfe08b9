//! 「緊急時医療情報・資格確認機能」.

use leptos::prelude::*;

use super::menu::{ForSearchers, MenuItem};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::route::Route;

/// What the emergency function offers.
#[component]
pub(crate) fn EmergencyPage() -> impl IntoView {
    view! {
        <Breadcrumbs above=vec![Route::Menu] />
        <Heading route=Route::Emergency />
        <ForSearchers>
            <ul class="menu">
                <MenuItem
                    to=Route::Search
                    text="氏名、生年月日、性別などで患者を検索し、資格情報を確認します。"
                />
                <MenuItem
                    to=Route::Notebook
                    text="照会できない間に患者を控えておき、照会できるようになってから、まとめて照会します。"
                />
            </ul>
        </ForSearchers>
    }
}
