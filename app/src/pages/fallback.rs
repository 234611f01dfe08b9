//! What to do when a search still finds nobody: the ladder of the notice that the source
//! document belongs to (`facts/domain.md` §1.8), from what is surest down.

use leptos::prelude::*;

/// 保険者番号 of a claim whose insurer is not known, and the alternative to it.
const UNKNOWN_INSURER: [&str; 2] = ["77777777", "77777779"];

/// Short steps, to be opened.
#[component]
pub(crate) fn Fallback() -> impl IntoView {
    let [number, other] = UNKNOWN_INSURER;
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
                    "どちらも分からないときは「不詳」として請求してください。保険者番号は"
                    <code>{number}</code>"、または"<code>{other}</code>
                    "です。申立書の内容を、明細書の摘要欄に記載してください。"
                </li>
            </ol>
            <p class="desk__hint">
                "番号の使い分けと記載のしかたは、審査支払機関の最新の案内で確認してください。"
            </p>
        </details>
    }
}
