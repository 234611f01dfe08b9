//! 「同意の質問」: what the screens ask.

use domain::consent::ConsentBundle;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::http::ConsentsAsked;

use crate::api::{self, Error};
use crate::components::problem::ProblemNotice;
use crate::components::toast::Toast;
use crate::dom;
use crate::session::Session;
use crate::task::Task;

const PROBLEM: &str = "consents-problem";

/// A box for each bundle; what is ticked is asked from the next patient on.
#[component]
pub(super) fn ConsentsSection(session: Session) -> impl IntoView {
    let toast = Toast::expect();
    let task = Task::new();
    let asked = RwSignal::new(None::<Vec<ConsentBundle>>);
    let failure = RwSignal::new(None::<Error>);
    let fail = move |error| {
        failure.try_set(Some(error));
    };
    task.run(async move {
        match session.call(api::desk::consents_asked()).await {
            Some(Ok(answer)) => {
                asked.try_set(Some(answer.bundles));
            }
            Some(Err(error)) => fail(error),
            None => {}
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        let bundles = asked.get_untracked().unwrap_or_default();
        task.run(async move {
            let wanted = ConsentsAsked { bundles };
            match session.call(api::desk::ask_consents(&wanted)).await {
                Some(Ok(answer)) => {
                    asked.try_set(Some(answer.bundles));
                    toast.say("同意の質問を保存しました");
                }
                Some(Err(error)) => {
                    fail(error);
                    dom::focus_soon(PROBLEM);
                }
                None => {}
            }
        });
    };
    let boxes = ConsentBundle::ALL.map(|bundle| {
        let is_asked =
            move || asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.contains(&bundle)));
        let change = move |event| {
            let is_set = event_target_checked(&event);
            asked.update(|asked| *asked = Some(changed(asked.as_deref(), bundle, is_set)));
        };
        view! {
            <label class="tick">
                <input class="tick__box" type="checkbox" prop:checked=is_asked on:change=change />
                <span class="tick__text"><span class="tick__label">{bundle.label()}</span></span>
            </label>
        }
    });
    let is_blocked = move || task.is_running() || asked.with(Option::is_none);
    view! {
        <section class="account__section" aria-labelledby="consents-title">
            <h2 class="account__title" id="consents-title">"同意の質問"</h2>
            <div role="alert">
                {move || failure.get().map(|error| view! { <ProblemNotice error id=PROBLEM /> })}
            </div>
            <form method="post" on:submit=save>
                <fieldset class="ticks" disabled=is_blocked>
                    <legend class="account__text">
                        "読取画面で患者に尋ねる情報を、1つ以上選んでください。次の患者から変わります。"
                    </legend>
                    {boxes.into_iter().collect_view()}
                </fieldset>
                <button type="submit" class="button button--outline" disabled=is_blocked>"保存"</button>
            </form>
        </section>
    }
}

/// With a bundle or without, in the order in which they are asked.
fn changed(
    asked: Option<&[ConsentBundle]>,
    bundle: ConsentBundle,
    is_set: bool,
) -> Vec<ConsentBundle> {
    let asked = asked.unwrap_or_default();
    let all = ConsentBundle::ALL.into_iter();
    all.filter(|one| {
        if *one == bundle {
            is_set
        } else {
            asked.contains(one)
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use ConsentBundle::{DiagnosisAndPharmacists, Operation, SpecificHealthCheckups};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_is_asked_keeps_its_order() {
        type Case<'a> = (
            &'a [ConsentBundle],
            ConsentBundle,
            bool,
            &'a [ConsentBundle],
        );
        let table: [Case<'_>; 3] = [
            (
                &[Operation],
                DiagnosisAndPharmacists,
                true,
                &[DiagnosisAndPharmacists, Operation],
            ),
            (&[Operation], Operation, false, &[]),
            (&[Operation], SpecificHealthCheckups, false, &[Operation]),
        ];
        for (asked, bundle, is_set, expected) in table {
            assert_eq!(changed(Some(asked), bundle, is_set), expected);
        }
    }
}
