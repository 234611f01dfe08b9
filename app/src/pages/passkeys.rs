//! 「パスキーの設定」: one's own passkeys.

mod add;
mod list;
mod rename;

use leptos::prelude::*;
use protocol::http::{Passkey, PasskeyChoice, Passkeys, ProblemCode};

use crate::api::{self, Error};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::heading::Heading;
use crate::components::notice::{Notice, Tone};
use crate::components::problem::ProblemNotice;
use crate::components::waiting::Waiting;
use crate::dom;
use crate::passkey::{self, Failure, FailureNotice};
use crate::route::Route;
use crate::session::Session;
use crate::task::Task;
use add::AddForm;
use list::PasskeyList;
use rename::RenameForm;

/// The id of what came of something.
const NEWS: &str = "passkey-news";

/// What is known, and what is being done.
#[derive(Clone, Copy)]
struct Own {
    session: Session,
    loading: Task,
    changing: Task,
    known: RwSignal<Option<Result<Passkeys, Error>>>,
    renamed: RwSignal<Option<Passkey>>,
    news: RwSignal<Option<News>>,
}

/// What came of something.
#[derive(Clone)]
enum News {
    Done {
        title: &'static str,
        next: &'static str,
    },
    Failed(Error),
    Unanswered(Failure),
}

impl Own {
    fn load(self) {
        self.loading.run(async move {
            if let Some(answer) = self.session.call(api::passkeys()).await {
                self.known.try_set(Some(answer));
            }
        });
    }

    /// Tells what came of something; if it was done, the list is old.
    fn tell(self, news: News) {
        if matches!(news, News::Done { .. }) {
            self.renamed.try_set(None);
            self.load();
        }
        self.news.try_set(Some(news));
        dom::focus_soon(NEWS);
    }

    fn remove(self, id: i64) {
        self.news.set(None);
        self.changing.run(async move {
            let choice = PasskeyChoice { id };
            let call = api::remove_passkey(&choice);
            if let Some(result) = self.session.call(call).await {
                let done = News::Done {
                    title: "パスキーを削除しました",
                    next: "端末に残っているパスキーは、もう使えません。",
                };
                self.tell(result.map_or_else(News::Failed, |()| done));
            }
        });
    }
}

/// The passkeys, and the form for another one; where one is a must, the only page
/// there is until it was added.
#[component]
pub(crate) fn PasskeysPage() -> impl IntoView {
    let session = Session::expect();
    let must_add = Memo::new(move |_| session.info().is_some_and(|info| info.must_add_passkey));
    let own = Own {
        session,
        loading: Task::new(),
        changing: Task::new(),
        known: RwSignal::new(None),
        renamed: RwSignal::new(None),
        news: RwSignal::new(None),
    };
    own.load();
    let above =
        move || (!must_add.get()).then(|| view! { <Breadcrumbs above=vec![Route::Menu] /> });
    let first = move || {
        must_add.get().then(|| {
            view! {
                <Notice tone=Tone::Attention title="パスキーを登録してください">
                    <p>"この医療機関では、ログインにパスキーが必要です。登録すると、利用を始められます。"</p>
                </Notice>
            }
        })
    };
    view! {
        {above}
        <Heading route=Route::Passkeys />
        <div class="account">
            {first}
            <p class="account__text">
                "パスキーを登録すると、ログインのときに、パスワードに加えて、この端末やスマートフォンの指紋、顔、PINなどで本人を確かめます。"
            </p>
        </div>
        {move || own.news.get().map(told)}
        {move || own.known.get().map(|known| content(known, own))}
        {move || {
            own.known
                .with(Option::is_none)
                .then(|| view! { <div role="status"><Waiting text="パスキーを読み込んでいます…" /></div> })
        }}
    }
}

fn content(known: Result<Passkeys, Error>, own: Own) -> AnyView {
    let known = match known {
        Ok(known) => known,
        Err(error) => {
            return view! {
                <div role="alert">
                    <ProblemNotice error>
                        <button type="button" class="button button--solid" on:click=move |_| own.load()>
                            "もう一度読み込む"
                        </button>
                    </ProblemNotice>
                </div>
            }
            .into_any();
        }
    };
    let add = match passkey::elsewhere(&known.origins) {
        Some(origin) => view! { <FailureNotice failure=Failure::Elsewhere(origin) /> }.into_any(),
        None if known.origins.is_empty() => {
            let error = Error::Problem(ProblemCode::PasskeysNotSetUp.problem("", Vec::new()));
            view! { <ProblemNotice error /> }.into_any()
        }
        None => view! { <AddForm own known=known.passkeys.len() /> }.into_any(),
    };
    view! {
        <PasskeyList list=known.passkeys own />
        {move || own.renamed.get().map(|passkey| view! { <RenameForm passkey own /> })}
        {add}
    }
    .into_any()
}

fn told(news: News) -> AnyView {
    match news {
        News::Done { title, next } => {
            view! { <Notice tone=Tone::Information title id=NEWS><p>{next}</p></Notice> }.into_any()
        }
        News::Failed(error) => view! { <ProblemNotice error id=NEWS /> }.into_any(),
        News::Unanswered(failure) => view! { <FailureNotice failure id=NEWS /> }.into_any(),
    }
}
