//! A service of its own for each test, and somebody who talks to it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::account::Role;
use domain::search::SearchForm;
use domain::timestamp::Timestamp;
use protocol::http::{Eligibility, Problem, SearchAnswer, SearchOutcome, path};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::accounts::Accounts;
use server::clock::Clock;
use server::entropy::SystemEntropy;
use server::import::{Progress, Rejections, Summary, Target, import};
use server::passkeys::Passkeys;
use server::retention;
use server::router::router;
use server::state::{AppState, Mode};
use server::store::{Institution, Location, Store};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) const PASSWORD: &str = "correct horse";

/// Where browsers see the service.
pub(crate) const ORIGIN: &str = "http://localhost:8080";

/// 2026-11-22T12:00:00 in Tokyo.
const START: i64 = 1_795_316_400_000;

/// A clock that tests move.
pub(crate) struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_milliseconds(self.0.load(Ordering::Relaxed))
    }
}

impl ManualClock {
    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }
}

pub(crate) struct Service {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Store,
    pub(crate) router: Router,
    location: Location,
    directory: TempDir,
}

impl Service {
    /// With the accounts `admin`, `staff` and `operator`, and nobody insured.
    pub(crate) fn new() -> Self {
        Self::in_mode(Mode {
            // The clock stands still, so that nothing would ever come back.
            without_rate_limits: true,
            ..Mode::default()
        })
    }

    pub(crate) fn in_mode(mode: Mode) -> Self {
        let directory = TempDir::new().unwrap();
        let location = Location::in_directory(directory.path());
        let store = Store::open(&location).unwrap();
        let clock = Arc::new(ManualClock(AtomicI64::new(START)));
        let state = AppState::new(store.clone(), clock.clone(), Arc::new(SystemEntropy), mode);
        let router = router(state.unwrap().with_passkeys(passkeys()));
        let service = Self {
            clock,
            store,
            router,
            location,
            directory,
        };
        service.add_account("admin", Role::Administrator, false);
        service.add_account("staff", Role::Staff, false);
        service.add_account("operator", Role::Operator, false);
        service
    }

    pub(crate) fn add_account(&self, user_id: &str, role: Role, is_demo: bool) {
        let institution = Institution {
            medical_institution_code: "1311234569".parse().unwrap(),
            name: "新橋サンプルクリニック".to_owned(),
        };
        let user_id = user_id.parse().unwrap();
        self.accounts()
            .add(institution, &user_id, role, PASSWORD, is_demo)
            .unwrap();
    }

    pub(crate) fn accounts(&self) -> Accounts<'_> {
        Accounts {
            store: &self.store,
            entropy: &SystemEntropy,
            now: self.clock.now(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Imports a file's content; what is rejected goes to `insured.rejected.csv`.
    pub(crate) fn import(&self, csv: impl AsRef<[u8]>) -> Summary {
        let mut rejections = Rejections::beside(&self.path("insured.csv"));
        let target = Target {
            store: &self.store,
            clock: &*self.clock,
            rejections: &mut rejections,
            progress: &mut NoProgress,
        };
        import(target, csv.as_ref(), None).unwrap()
    }

    pub(crate) fn store_file(&self) -> PathBuf {
        self.location.path().to_owned()
    }

    /// Applies the retention and gives the number of removed lines.
    pub(crate) fn prune(&self, years: u16) -> usize {
        retention::apply(&self.store, self.clock.now(), years).unwrap()
    }

    /// One column of a query on the store, by another connection.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.location.path()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement
            .query_map([], |row| row.get::<_, Option<String>>(0))
            .unwrap();
        rows.map(|row| row.unwrap().unwrap_or_default()).collect()
    }

    /// What requests left in the audit trail, as `action:outcome`.
    pub(crate) fn audited(&self) -> Vec<String> {
        self.query(
            "SELECT action || ':' || coalesce(outcome, '') FROM audit
             WHERE request_id IS NOT NULL ORDER BY sequence",
        )
    }

    pub(crate) fn stranger(&self) -> Client<'_> {
        Client {
            service: self,
            cookie: None,
        }
    }

    pub(crate) async fn log_in(&self, user_id: &str) -> Client<'_> {
        let mut client = self.stranger();
        let answer = client.take_over(user_id, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK);
        client
    }

    /// The service started again on the same store.
    pub(crate) fn restart(&mut self) {
        self.store = Store::open(&self.location).unwrap();
        let entropy = Arc::new(SystemEntropy);
        let state = AppState::new(
            self.store.clone(),
            self.clock.clone(),
            entropy,
            Mode::default(),
        );
        self.router = router(state.unwrap().with_passkeys(passkeys()));
    }

    /// The same service, started without knowing its origin.
    pub(crate) fn forget_origin(&mut self) {
        let entropy = Arc::new(SystemEntropy);
        let (store, clock) = (self.store.clone(), self.clock.clone());
        let state = AppState::new(store, clock, entropy, Mode::default());
        self.router = router(state.unwrap());
    }
}

fn passkeys() -> Passkeys {
    let origins = [ORIGIN, "http://desk.localhost:8080"].map(|origin| origin.parse().unwrap());
    Passkeys::new(origins.into()).unwrap()
}

struct NoProgress;

impl Progress for NoProgress {
    fn advance(&mut self, _: u64) {}
}

/// A browser, as far as the service sees it.
#[derive(Clone)]
pub(crate) struct Client<'a> {
    service: &'a Service,
    pub(crate) cookie: Option<String>,
}

impl Client<'_> {
    pub(crate) async fn log_in(&mut self, user_id: &str, password: &str) -> Answer {
        let body = json!({ "user_id": user_id, "password": password });
        self.begin(path::SESSION, body).await
    }

    /// Logs in and ends the account's session elsewhere.
    pub(crate) async fn take_over(&mut self, user_id: &str, password: &str) -> Answer {
        let body = json!({ "user_id": user_id, "password": password, "take_over": true });
        self.begin(path::SESSION, body).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Sends what may begin a session, and keeps its cookie.
    pub(crate) async fn begin(&mut self, path: &str, body: Value) -> Answer {
        let answer = self.send(Method::POST, path, Some(body)).await;
        let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
        let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
        if let Some(cookie) = cookies.find(|cookie| cookie.contains("shikaku-session")) {
            self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        }
        answer
    }

    pub(crate) async fn search(&self, form: &SearchForm) -> Answer {
        let body = serde_json::to_value(form).unwrap();
        self.send(Method::POST, path::SEARCHES, Some(body)).await
    }

    pub(crate) async fn answer(&self, form: &SearchForm) -> SearchAnswer {
        let answer = self.search(form).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.text());
        answer.json()
    }

    pub(crate) async fn found(&self, form: &SearchForm) -> SearchOutcome {
        self.answer(form).await.outcome
    }

    pub(crate) async fn open(&self, id: &str) -> Answer {
        self.send(Method::GET, &format!("{}/{id}", path::ELIGIBILITY), None)
            .await
    }

    /// The eligibility of the one person that a form finds.
    pub(crate) async fn eligibility(&self, form: &SearchForm) -> Eligibility {
        let SearchOutcome::One(id) = self.found(form).await else {
            panic!("not one person")
        };
        self.open(id.as_str()).await.json()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.request(request.unwrap()).await
    }

    pub(crate) async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.service.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error}: {} {}", self.status, self.text());
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The problem, whose status is the answer's and whose id is the header's.
    pub(crate) fn problem(&self) -> Problem {
        let problem: Problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.request_id, self.header("x-request-id"));
        assert_eq!(problem.request_id.len(), 32);
        problem
    }
}
