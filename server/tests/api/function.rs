//! The steps that open the emergency function, taken over HTTP by who takes them.

use axum::http::StatusCode;
use domain::opening::MOST_HOURS;
use protocol::http::{OpeningState, OperatorOpening, path};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Service};

/// 医療機関コード of the accounts `admin` and `staff`.
pub(crate) const CODE: &str = "1311234569";

/// Both sides of an opening.
pub(crate) struct Sides<'a> {
    pub(crate) administrator: Client<'a>,
    pub(crate) operator: Client<'a>,
}

impl<'a> Sides<'a> {
    /// `admin`, whose institution is registered, and `operator`.
    pub(crate) async fn new(service: &'a Service) -> Self {
        let sides = Self {
            administrator: service.log_in("admin").await,
            operator: service.log_in("operator").await,
        };
        let answer = sides.register(CODE, "新橋サンプルクリニック").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        sides
    }

    /// An institution is written into the register.
    pub(crate) async fn register(&self, code: &str, name: &str) -> Answer {
        let path = format!("{}/{code}", path::OPERATOR_INSTITUTIONS);
        let body = json!({
            "name": name, "telephone": "03-1234-5678", "email": "clinic@example.jp",
        });
        self.operator.put(&path, body).await
    }

    /// 「利用申請」.
    pub(crate) async fn try_request(&self) -> Answer {
        let body = json!({ "contact": "資格　花子", "cause": "line" });
        self.administrator.post(path::OPENING, body).await
    }

    /// 「利用申請」, which is taken; gives the opening's id.
    pub(crate) async fn request(&self) -> String {
        let answer = self.try_request().await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer
            .json::<OpeningState>()
            .opening
            .unwrap()
            .id
            .to_string()
    }

    /// An act of the operator.
    pub(crate) async fn try_act(&self, id: &str, act: Value) -> Answer {
        let path = format!("{}/{id}/acts", path::OPERATOR_OPENINGS);
        self.operator.post(&path, act).await
    }

    /// An act of the operator, which is done.
    pub(crate) async fn act(&self, id: &str, act: Value) -> OperatorOpening {
        let answer = self.try_act(id, act.clone()).await;
        assert_eq!(answer.status, StatusCode::OK, "{act}: {}", answer.text());
        answer.json()
    }

    /// Every step up to an open function.
    pub(crate) async fn open(&self, hours: u32) -> String {
        let id = self.request().await;
        for act in [call_back(), json!("send_form"), open(hours)] {
            self.act(&id, act).await;
        }
        id
    }

    /// Where the institution's own function stands.
    pub(crate) async fn state(&self) -> OpeningState {
        self.administrator.get(path::OPENING).await.json()
    }
}

pub(crate) fn call_back() -> Value {
    json!({ "call_back": { "spoken_to": "資格　花子" } })
}

pub(crate) fn open(hours: u32) -> Value {
    json!({ "open": { "hours": hours } })
}

pub(crate) fn because(act: &str) -> Value {
    json!({ act: { "reason": "復旧した" } })
}

impl Service {
    /// Opens the function for the institution of `staff` and `admin`, for as long as it can
    /// be; nobody stays logged in, and [`Self::audited`] begins after it.
    pub(crate) async fn open_function(&self) {
        let sides = Sides::new(self).await;
        sides.open(MOST_HOURS).await;
        sides.administrator.delete(path::SESSION).await;
        sides.operator.delete(path::SESSION).await;
        self.begin_audited();
    }
}
