//! 「パスワードの変更」, and 「すべての端末からログアウト」.

mod everywhere;
mod model;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::api::Error;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::field::{Kind, TextField};
use crate::components::heading::Heading;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::dom;
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use everywhere::Everywhere;
use model::{Field, Model};

/// The id of what came of it.
const NEWS: &str = "password-news";

/// What came of a change.
#[derive(Clone)]
enum News {
    Changed,
    Failed(Error),
}

/// The form; with a one-time password the only page there is.
#[component]
pub(crate) fn PasswordPage() -> impl IntoView {
    let session = Session::expect();
    let must_change =
        Memo::new(move |_| session.info().is_some_and(|info| info.must_change_password));
    let above =
        move || (!must_change.get()).then(|| view! { <Breadcrumbs above=vec![Route::Menu] /> });
    view! {
        {above}
        <div class="account">
            <Heading route=Route::Password />
            {move || must_change.get().then(|| view! {
                <Notice tone=Tone::Attention title="新しいパスワードを決めてください">
                    <p>"仮パスワードでログインしています。自分だけが知るパスワードに変えると、利用を始められます。"</p>
                </Notice>
            })}
            <ChangeForm />
            {move || (!must_change.get()).then(|| view! { <Everywhere /> })}
        </div>
    }
}

#[component]
fn ChangeForm() -> impl IntoView {
    let session = Session::expect();
    let task = Task::new();
    let model = RwSignal::new(Model::default());
    let news = RwSignal::new(None::<News>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        news.set(None);
        let Some(user_id) = session.user_id_untracked() else {
            return;
        };
        let change = match model.try_update(|model| model.submit(&user_id)) {
            Some(Ok(change)) => change,
            Some(Err(field)) => return dom::focus_soon(field.id()),
            None => return,
        };
        task.run(async move {
            let Some(result) = session.change_password(change).await else {
                return;
            };
            if result.is_ok() {
                model.try_set(Model::default());
            }
            news.try_set(Some(result.map_or_else(News::Failed, |()| News::Changed)));
            dom::focus_soon(NEWS);
        });
    };
    view! {
        {move || news.get().map(told)}
        <form class="login__form" method="post" novalidate=true on:submit=submit>
            <PasswordField model field=Field::Current kind=Kind::Password hint="" />
            <PasswordField model field=Field::New kind=Kind::NewPassword hint="10文字以上" />
            <PasswordField model field=Field::Again kind=Kind::NewPassword hint="" />
            <button
                type="submit"
                class="button button--solid"
                id="change-password"
                disabled=move || task.is_running()
            >
                "パスワードを変更"
            </button>
        </form>
    }
}

#[component]
fn PasswordField(
    model: RwSignal<Model>,
    field: Field,
    kind: Kind,
    hint: &'static str,
) -> impl IntoView {
    view! {
        <TextField
            id=field.id()
            label=field.label()
            kind
            hint
            value=Signal::derive(move || model.with(|model| model.text(field).to_owned()))
            error=Signal::derive(move || model.with(|model| model.error(field)))
            on_input=Callback::new(move |text| model.update(|model| model.enter(field, text)))
        />
    }
}

fn told(news: News) -> AnyView {
    match news {
        News::Changed => view! {
            <Notice tone=Tone::Information title="パスワードを変更しました" id=NEWS>
                <p>"次のログインから、新しいパスワードを使ってください。"</p>
            </Notice>
        }
        .into_any(),
        News::Failed(error) => view! { <ProblemNotice error id=NEWS /> }.into_any(),
    }
}
