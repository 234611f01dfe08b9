//! One way to a reader: what it can do, how it stands, and its button.

use leptos::prelude::*;

use super::model::{Standing, UNSUPPORTED, after, name};
use crate::pages::reader::control::Control;
use crate::reader::{Way, is_supported, permitted};
use crate::task::Task;

/// What stands on the card.
struct Offer {
    /// For the elements' names.
    id: &'static str,
    button: &'static str,
    text: &'static str,
    /// The only readers that it leads to; nothing where there are too many to name.
    readers: &'static [&'static str],
    /// How far it was tried.
    caution: Option<&'static str>,
    /// What the browser will ask.
    before: &'static str,
}

const NOTHING_INSTALLED: &str = "ソフトウェアを入れずに使います。使えるカードリーダー：";
const LIST: &str = "押すと、ブラウザーが一覧を出します。選んで「接続」を押してください。";
const ON_EMULATION: &str =
    "模擬の機器で確かめました。実物のカードリーダーでは、まだ試していません。";

const fn offer(way: Way) -> Offer {
    match way {
        Way::Bridge => Offer {
            id: "choose-bridge",
            button: "この端末のブリッジを使う",
            text: "この端末に入れたブリッジを通して使います。ほとんどのICカードリーダーが、どのブラウザーでも使えます。",
            readers: &[],
            caution: None,
            before: "初めてのときは、ブラウザーが接続の許可をたずねます。「許可」を押してください。",
        },
        Way::Usb => Offer {
            id: "choose-usb",
            button: "USBのカードリーダーを選ぶ",
            text: NOTHING_INSTALLED,
            readers: &["Sony RC-S380", "RC-S300（試験的）"],
            caution: Some(ON_EMULATION),
            before: LIST,
        },
        Way::Hid => Offer {
            id: "choose-hid",
            button: "HIDのカードリーダーを選ぶ",
            text: NOTHING_INSTALLED,
            readers: &["BALTECH（試験的）"],
            caution: Some(ON_EMULATION),
            before: LIST,
        },
    }
}

#[component]
pub(super) fn WayCard(
    control: Control,
    way: Way,
    /// What came of the last press.
    told: RwSignal<&'static str>,
) -> impl IntoView {
    let Offer {
        id,
        button,
        text,
        readers,
        caution,
        before,
    } = offer(way);
    let reader = control.reader();
    let is_supported = is_supported(way);
    let standing =
        Memo::new(move |_| Standing::of(way, reader.way(), &reader.status(), is_supported));
    let known = known(control, way);
    // One that this page may have already needs no asking.
    let at_hand = move || {
        (standing.get() == Standing::Usable)
            .then(|| known.get().into_iter().next())
            .flatten()
    };
    let press = move |_| {
        told.set("");
        if !is_supported {
            told.set(UNSUPPORTED);
        } else if way == Way::Bridge || untrack(at_hand).is_some() {
            reader.choose(way);
        } else {
            reader.pick(way, move |picked| {
                told.try_set(after(picked));
            });
        }
    };
    let reason = move || match at_hand() {
        _ if !is_supported => UNSUPPORTED.to_owned(),
        Some(name) => ["許可してある「", &name, "」を使います。"].concat(),
        None => before.to_owned(),
    };
    let (title, why) = ([id, "-title"].concat(), [id, "-why"].concat());
    let labelled_by = title.clone();
    view! {
        <li class="choose__way" aria-labelledby=labelled_by>
            <div class="choose__what">
                <h2 class="choose__title" id=title>{name(way)}</h2>
                <span class=move || standing.get().class()>{move || standing.get().label()}</span>
            </div>
            <p>
                {text}
                {readers.iter().map(|name| view! { <strong class="choose__reader">{*name}</strong> }).collect_view()}
            </p>
            {caution.map(|text| view! { <p class="choose__caution">{text}</p> })}
            <p class="choose__why" id=why.clone()>{reason}</p>
            <button
                type="button"
                class="button button--outline reader__button"
                id=id
                aria-disabled=(!is_supported).then_some("true")
                aria-describedby=why
                on:click=press
            >
                {button}
            </button>
        </li>
    }
}

/// The names of devices that this page may have by this way and that are plugged in; asked
/// for again whenever something about the reader changes.
fn known(control: Control, way: Way) -> RwSignal<Vec<String>> {
    let known = RwSignal::new(Vec::new());
    if way == Way::Bridge || !is_supported(way) {
        return known;
    }
    let reader = control.reader();
    let state = Memo::new(move |_| (reader.way(), reader.status()));
    let task = Task::new();
    Effect::new(move |_| {
        state.track();
        task.run(async move {
            let names = permitted(way).await;
            known.try_set(names);
        });
    });
    known
}
