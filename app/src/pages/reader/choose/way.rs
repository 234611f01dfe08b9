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
    readers: &'static str,
    /// What is not certain about it.
    caution: Option<&'static str>,
    /// What the browser will ask.
    before: &'static str,
}

const fn offer(way: Way) -> Offer {
    match way {
        Way::Bridge => Offer {
            id: "choose-bridge",
            button: "この端末のブリッジを使う",
            readers: "この端末に入れたソフトウェアを通して使います。市販のほとんどのICカードリーダーが、どのブラウザーでも使えます。",
            caution: None,
            before: "初めてのときは、この端末のアプリへの接続をブラウザーがたずねます。「許可」を押してください。",
        },
        Way::Usb => Offer {
            id: "choose-usb",
            button: "USBのカードリーダーを選ぶ",
            readers: "ソフトウェアを入れずに使います。Sony RC-S380、RC-S300（試験的）だけが使えます。",
            caution: Some(
                "RC-S300は実機で試していません。RC-S380も、模擬した機器だけで確かめています。",
            ),
            before: "ブラウザーが機器の一覧を出します。カードリーダーを選び、「接続」を押してください。",
        },
        Way::Hid => Offer {
            id: "choose-hid",
            button: "HIDのカードリーダーを選ぶ",
            readers: "ソフトウェアを入れずに使います。BALTECHのカードリーダー（試験的）だけが使えます。",
            caution: Some("実機で試していません。模擬した機器だけで確かめています。"),
            before: "ブラウザーが機器の一覧を出します。カードリーダーを選び、「接続」を押してください。",
        },
    }
}

#[component]
pub(super) fn WayCard(control: Control, way: Way) -> impl IntoView {
    let Offer {
        id,
        button,
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
    let told = RwSignal::new("");
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
        None => ["押すと、", before].concat(),
    };
    let (title, why) = ([id, "-title"].concat(), [id, "-why"].concat());
    let labelled_by = title.clone();
    view! {
        <li class="choose__way" aria-labelledby=labelled_by>
            <div class="choose__what">
                <h2 class="choose__title" id=title>{name(way)}</h2>
                <span class=move || standing.get().class()>{move || standing.get().label()}</span>
            </div>
            <p>{readers}</p>
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
            <p class="choose__told" role="status">{told}</p>
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
