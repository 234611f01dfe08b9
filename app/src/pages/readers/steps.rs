//! 目視確認, カード, 同意: what staff do, what they say, and what has happened.

use domain::account::Role;
use domain::card_presentation::{CardFailure, CardNotice};
use domain::consent::ConsentBundle;
use leptos::prelude::*;
use protocol::http::{Stage, VisualConfirmationId, VisualConfirmationState};

use super::confirmation::Tick;
use super::desk::{Act, Desk};
use crate::components::card_notice::AboutCard;
use crate::components::link::Link;
use crate::components::notice::{Notice, Tone};
use crate::route::Route;
use crate::session::Session;
use crate::text::VISUAL_CAUTION;

/// How far it has come: 1 to 3.
const fn number(stage: &Stage) -> u8 {
    match stage {
        Stage::Confirmation => 1,
        Stage::Card { .. } => 2,
        Stage::Consents { .. } => 3,
    }
}

#[component]
pub(super) fn Steps(
    id: VisualConfirmationId,
    state: Memo<Option<VisualConfirmationState>>,
    desk: Desk,
) -> impl IntoView {
    let stage =
        Memo::new(move |_| state.with(|state| state.as_ref().map(|state| state.stage.clone())));
    let now = Memo::new(move |_| stage.with(|stage| stage.as_ref().map_or(1, number)));
    let is_confirmed = Memo::new(move |_| now.get() > 1);
    // The way is opened only while it can be seen whether it is open; closing it is safe.
    let is_blocked = Signal::derive(move || now.get() > 2 || (!desk.is_live() && now.get() == 1));
    let tick = Callback::new(move |is_set| desk.act(Act::Tick(id.clone(), is_set), None));
    let card = move || match stage.get() {
        Some(Stage::Card { failure: None }) => view! {
            <Said words="「カードリーダーに、マイナンバーカードを置いてください。」" />
        }
        .into_any(),
        Some(Stage::Card {
            failure: Some(failure),
        }) => view! { <Failure failure /> }.into_any(),
        _ => ().into_any(),
    };
    let consents = move || match stage.get() {
        Some(Stage::Consents { asked, notice }) => view! { <Consents asked notice /> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <ol class="steps">
            <Step number=1 now title="顔写真を見て、本人を確認する">
                <Said words="「マイナンバーカードの顔写真を見せてください。マスクや帽子は外してください。」" />
                <div class="caution">
                    <h3 class="caution__title">"目視確認の留意事項"</h3>
                    <p>{VISUAL_CAUTION}</p>
                    <p>"原則として、患者本人に顔写真を提示してもらってください。"</p>
                </div>
                <Tick label="目視で本人確認完了" is_set=is_confirmed desk on_change=tick is_blocked>
                    <span class="desk__hint">"チェックを入れるまで、カードは読み取られません。"</span>
                </Tick>
            </Step>
            <Step number=2 now title="カードを置いてもらう"><div role="status">{card}</div></Step>
            <Step number=3 now title="患者が同意を選ぶ"><div role="status">{consents}</div></Step>
        </ol>
    }
}

#[component]
fn Step(number: u8, now: Memo<u8>, title: &'static str, children: Children) -> impl IntoView {
    let mark = move || match number.cmp(&now.get()) {
        std::cmp::Ordering::Less => "完了",
        std::cmp::Ordering::Equal => "今ここ",
        std::cmp::Ordering::Greater => "",
    };
    view! {
        <li
            class="steps__step"
            class:steps__step--now=move || now.get() == number
            class:steps__step--done=move || number < now.get()
            aria-current=move || (now.get() == number).then_some("step")
        >
            <p class="steps__title">
                <strong>{title}</strong>
                <span class="steps__mark">{mark}</span>
            </p>
            {children()}
        </li>
    }
}

/// What staff say to the patient.
#[component]
fn Said(words: &'static str) -> impl IntoView {
    view! {
        <p class="said"><span class="said__to">"患者への声かけ"</span>{words}</p>
    }
}

/// The card brought nothing: what happened, and what to do next.
#[component]
fn Failure(failure: CardFailure) -> impl IntoView {
    let session = Session::expect();
    let title = match failure.number() {
        Some(number) => [number, "　", failure.title()].concat(),
        None => failure.title().to_owned(),
    };
    let may_link = failure == CardFailure::NotLinked;
    view! {
        <Notice tone=Tone::Error title>
            <p>{failure.remedy()}</p>
            {failure.offers_search().then(|| view! {
                <p><Link to=Route::Search>{Route::Search.title()}</Link></p>
            })}
            {move || (may_link && session.allows(Role::may_manage_accounts)).then(|| view! {
                <p>"検索した方の「資格情報確認」に、このカードを結び付けるボタンが表示されます（10分以内）。"</p>
            })}
        </Notice>
    }
}

/// What is being asked, and what staff should tell the patient.
#[component]
fn Consents(asked: Vec<ConsentBundle>, notice: Option<CardNotice>) -> impl IntoView {
    let asked: Vec<_> = asked.iter().map(|bundle| bundle.label()).collect();
    let asked = asked.join("、");
    let notice = notice.map(|notice| view! { <AboutCard notice /> });
    view! {
        <Said words="「画面の質問に答えてください。」" />
        <p>"確認している情報："{asked}</p>
        <p class="desk__hint">"患者が答え終わると、資格情報がこの画面に表示されます。"</p>
        {notice}
    }
}
