//! What to do when a search still finds nobody: the ladder of the notice that the source
//! document belongs to (`facts/domain.md` §1.8), from what is surest down.

mod guidance;
mod rewrite;
mod words;

use leptos::prelude::*;

use guidance::ClaimGuidance;

/// Short steps, to be opened. The last one ends with words that institutions may change.
#[component]
pub(crate) fn Fallback() -> impl IntoView {
    view! {
        <details class="fallback">
            <summary>"それでも見つからないとき（資格の確認と請求のしかた）"</summary>
            <ol class="fallback__steps">
                <li>
                    "患者のスマートフォンの「マイナポータル」の資格情報の画面か、「資格情報のお知らせ」とマイナンバーカードを見せてもらい、資格を確認してください。"
                </li>
                <li>"確認できないときは、「被保険者資格申立書」に記入してもらってください。"</li>
                <li>
                    "請求は、現在の資格が分かればその番号で、分からなければ過去の資格（旧資格）の番号で行ってください。"
                </li>
                <li>
                    "どちらも分からないときは、次の案内のとおり「不詳」として請求してください。"
                    <ClaimGuidance />
                </li>
            </ol>
        </details>
    }
}
