//! A service of its own for each test, and somebody who talks to it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::account::Role;
use domain::passcode::PasscodeLife;
use domain::search::SearchForm;
use domain::timestamp::Timestamp;
use futures_util::StreamExt as _;
use protocol::http::{Eligibility, Problem, SearchAnswer, SearchOutcome, path};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::accounts::Accounts;
use server::certificate::Verifier;
use server::clock::Clock;
use server::entropy::SystemEntropy;
use server::http::pressure::Capacity;
use server::import::{Progress, Rejections, Summary, Target, import};
use server::openings::OpeningRules;
use server::passcodes::{PasscodeRules, PasscodeSecret};
use server::passkeys::Passkeys;
use server::retention;
use server::router::router;
use server::state::{AppState, Mode};
use server::store::{Institution, Location, Reader, Store, StoreError, StoredPerson};
use server::sweeping;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::database::Database;

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
    pub(crate) state: AppState,
    passcodes: PasscodeRules,
    directory: TempDir,
    /// The last line of the trail that [`Self::audited`] leaves out.
    audited_after: AtomicI64,
    /// After the store, which has connections to it.
    pub(crate) database: Database,
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

    /// The same, taking on only so much at once.
    pub(crate) fn with_capacity(capacity: Capacity) -> Self {
        let mut service = Self::new();
        service.state = service.state.clone().with_capacity(capacity);
        service.router = router(service.state.clone());
        service
    }

    /// The same, with the emergency function open for the institution of `admin` and `staff`.
    pub(crate) async fn opened() -> Self {
        let service = Self::new();
        service.open_function().await;
        service
    }

    pub(crate) fn in_mode(mode: Mode) -> Self {
        let directory = TempDir::new().unwrap();
        let database = Database::new(directory.path());
        let clock = Arc::new(ManualClock(AtomicI64::new(START)));
        let passcodes = PasscodeRules {
            life: PasscodeLife::EndOfDay,
            secret: PasscodeSecret::new(&SystemEntropy).unwrap(),
        };
        let service = Self::on(directory, database, clock, passcodes, mode);
        service.add_account("admin", Role::Administrator, false);
        service.add_account("staff", Role::Staff, false);
        service.add_account("operator", Role::Operator, false);
        service
    }

    /// Another server on the same database; `None` where that is a file.
    pub(crate) fn beside(&self) -> Option<Self> {
        let database = self.database.shared()?;
        let mode = Mode {
            without_rate_limits: true,
            ..Mode::default()
        };
        let (clock, passcodes) = (self.clock.clone(), self.passcodes.clone());
        let directory = TempDir::new().unwrap();
        Some(Self::on(directory, database, clock, passcodes, mode))
    }

    /// Another server on the same database, which is no file, with replicas of it.
    pub(crate) fn reading_from(&self, replicas: &[Location], most_lag: Duration) -> Self {
        let database = self.database.shared().unwrap();
        let store = Store::open(&database.location()).unwrap();
        let store = store.with_replicas(replicas, most_lag).unwrap();
        let mode = Mode {
            without_rate_limits: true,
            ..Mode::default()
        };
        let (clock, passcodes) = (self.clock.clone(), self.passcodes.clone());
        let directory = TempDir::new().unwrap();
        Self::with_store(store, directory, database, clock, passcodes, mode)
    }

    fn on(
        directory: TempDir,
        database: Database,
        clock: Arc<ManualClock>,
        passcodes: PasscodeRules,
        mode: Mode,
    ) -> Self {
        let store = Store::open(&database.location()).unwrap();
        Self::with_store(store, directory, database, clock, passcodes, mode)
    }

    fn with_store(
        store: Store,
        directory: TempDir,
        database: Database,
        clock: Arc<ManualClock>,
        passcodes: PasscodeRules,
        mode: Mode,
    ) -> Self {
        let state = AppState::new(store.clone(), clock.clone(), Arc::new(SystemEntropy), mode);
        let state = equipped(state.unwrap(), &passcodes).with_passkeys(passkeys());
        let router = router(state.clone());
        Self {
            clock,
            store,
            router,
            state,
            passcodes,
            directory,
            audited_after: AtomicI64::new(0),
            database,
        }
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

    /// An account of another institution.
    pub(crate) fn add_account_elsewhere(&self, user_id: &str, role: Role) {
        let institution = Institution {
            medical_institution_code: "1300000005".parse().unwrap(),
            name: "汐留サンプル薬局".to_owned(),
        };
        let user_id = user_id.parse().unwrap();
        let accounts = self.accounts();
        accounts
            .add(institution, &user_id, role, PASSWORD, false)
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

    /// Everybody in the store.
    pub(crate) fn persons(&self) -> Vec<StoredPerson> {
        let mut persons = Vec::new();
        let read = |reader: &Reader<'_>| reader.each_person(|person| persons.push(person));
        self.store.read_blocking::<_, StoreError>(read).unwrap();
        persons
    }

    /// Applies the retention and gives the number of removed lines.
    pub(crate) fn prune(&self, years: u16) -> usize {
        retention::apply(&self.store, self.clock.now(), years).unwrap()
    }

    /// One column of a query on the store, by another connection.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        self.database.query(sql)
    }

    /// What requests left in the audit trail, as `action:outcome`.
    pub(crate) fn audited(&self) -> Vec<String> {
        let after = self.audited_after.load(Ordering::Relaxed);
        self.query(&format!(
            "SELECT action || ':' || coalesce(outcome, '') FROM audit
             WHERE request_id IS NOT NULL AND sequence > {after} ORDER BY sequence"
        ))
    }

    /// From now on [`Self::audited`] tells of what follows only.
    pub(crate) fn begin_audited(&self) {
        let last = self.query("SELECT max(sequence) FROM audit");
        let last = last[0].parse().unwrap();
        self.audited_after.store(last, Ordering::Relaxed);
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
        self.store = Store::open(&self.database.location()).unwrap();
        let entropy = Arc::new(SystemEntropy);
        let state = AppState::new(
            self.store.clone(),
            self.clock.clone(),
            entropy,
            Mode::default(),
        );
        let state = equipped(state.unwrap(), &self.passcodes);
        self.state = state.with_passkeys(passkeys());
        self.router = router(self.state.clone());
    }

    /// The same service, started without knowing its origin.
    pub(crate) fn forget_origin(&mut self) {
        let entropy = Arc::new(SystemEntropy);
        let (store, clock) = (self.store.clone(), self.clock.clone());
        let state = AppState::new(store, clock, entropy, Mode::default());
        self.router = router(state.unwrap());
    }

    /// Ends what is over by its time, as the service does every second.
    pub(crate) async fn sweep(&self) {
        let since = self.clock.now().plus_seconds(-1);
        sweeping::once(&self.state, since).await.unwrap();
    }
}

/// Believing the demo's cards, with passcodes that outlive a restart, and with an address
/// that report forms come from.
fn equipped(state: AppState, passcodes: &PasscodeRules) -> AppState {
    let openings = OpeningRules {
        report_address: Some("report@example.jp".parse().unwrap()),
        ..OpeningRules::default()
    };
    state
        .with_openings(openings)
        .with_passcodes(passcodes.clone())
        .with_verifier(Verifier::of_demo())
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

    /// Becomes a reader's own screen by a code.
    pub(crate) async fn pair(&mut self, code: &str) -> Answer {
        let answer = self.post(path::READER, json!({ "code": code })).await;
        self.keep_cookie(&answer, "shikaku-reader");
        answer
    }

    /// Sends what may begin a session, and keeps its cookie.
    pub(crate) async fn begin(&mut self, path: &str, body: Value) -> Answer {
        let answer = self.send(Method::POST, path, Some(body)).await;
        self.keep_cookie(&answer, "shikaku-session");
        answer
    }

    /// Keeps a cookie of an answer beside those of other names.
    pub(crate) fn keep_cookie(&mut self, answer: &Answer, name: &str) {
        let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
        let mut cookies = cookies.map(|cookie| cookie.to_str().unwrap());
        let Some(cookie) = cookies.find(|cookie| cookie.contains(name)) else {
            return;
        };
        let cookie = cookie.split(';').next().unwrap();
        let others = self.cookie.as_deref().unwrap_or_default().split("; ");
        let others = others.filter(|other| !other.is_empty() && !other.contains(name));
        self.cookie = Some(others.chain([cookie]).collect::<Vec<_>>().join("; "));
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    /// A file of institutions.
    pub(crate) async fn post_csv(&self, csv: Vec<u8>) -> Answer {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path::OPERATOR_INSTITUTION_FILE)
            .header(header::CONTENT_TYPE, "text/csv");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.request(request.body(Body::from(csv)).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Follows a stream of events, which must be let in.
    pub(crate) async fn follow(&self, path: &str) -> Followed {
        let mut request = Request::builder().uri(path);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = self.service.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Followed {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
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

    /// As [`Self::send`]; of a stream that goes on for ever only the head is read.
    pub(crate) async fn first(&self, method: Method, path: &str, body: Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = self.service.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let is_stream = parts.headers.get(header::CONTENT_TYPE);
        let is_stream = is_stream.is_some_and(|value| value == "text/event-stream");
        let body = if is_stream { Body::empty() } else { body };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
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

/// A stream of events that is read.
pub(crate) struct Followed {
    body: BodyDataStream,
    text: String,
}

impl Followed {
    /// The next event's name and data; `None` at the end.
    pub(crate) async fn event(&mut self) -> Option<(String, String)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let member = |name: &str| {
                    let mut lines = event.lines();
                    lines
                        .find_map(|line| line.strip_prefix(name))
                        .unwrap()
                        .trim()
                        .to_owned()
                };
                let event = (member("event:"), member("data:"));
                let read = self.text.len() - rest.len();
                self.text.drain(..read);
                return Some(event);
            }
            let bytes = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The next state.
    pub(crate) async fn state<T: DeserializeOwned>(&mut self) -> T {
        loop {
            let (name, data) = self.event().await.unwrap();
            if name == "state" {
                return serde_json::from_str(&data).unwrap();
            }
        }
    }

    /// Whether the stream ends before another sign of life.
    pub(crate) async fn ends(&mut self) -> bool {
        loop {
            match self.event().await {
                None => return true,
                Some((name, _)) if name == "alive" => return false,
                Some(_) => {}
            }
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
