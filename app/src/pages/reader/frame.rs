//! What stands around every state of the screen.

use leptos::prelude::*;

use super::control::Control;
use super::language::LanguageSwitch;
use super::model::View;
use super::simulator::Simulator;
use super::still::StillThere;

/// Whose screen it is and the language above, what is shown, and in demo mode the simulated cards.
#[component]
pub(super) fn Frame(control: Control, view: Memo<View>, children: Children) -> impl IntoView {
    let name = move || view.with(View::name);
    let whose = move || {
        let screen = control.screen()?;
        Some(view! {
            <p class="reader__whose">
                <span class="reader__institution">{screen.institution_name}</span>
                <span class="reader__name">{screen.name}</span>
            </p>
        })
    };
    let for_patients = Memo::new(move |_| control.seen().is_for_patients());
    let simulated = Memo::new(move |_| control.seen().offers_simulated_cards());
    view! {
        <div class="reader" on:contextmenu=|event| event.prevent_default()>
            <header class="reader__head">
                {whose}
                {move || for_patients.get().then(|| view! { <LanguageSwitch /> })}
            </header>
            <main class="reader__main" id="main" tabindex="-1" data-view=name>
                {children()}
            </main>
            <StillThere control />
            {move || simulated.get().then(|| view! { <Simulator control /> })}
        </div>
    }
}
