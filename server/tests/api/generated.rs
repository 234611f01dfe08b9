//! Requests made up from the description: valid, mutated and hostile ones. None
//! may end in a 5xx, in an answer that is not described, or, when invalid, in a success.
//!
//! The generator is seeded: the same requests in every run.

use axum::body::Body;
use axum::http::{Method, Request, header};
use jsonschema::Validator;
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use protocol::http::path;
use serde_json::{Map, Value, json};

use crate::desk::Desk;
use crate::harness::{Answer, Client, Service};

/// Requests for each operation.
const REQUESTS: usize = 400;

/// Texts that have broken other programs, and some that are nearly right.
const HOSTILE: [&str; 22] = [
    "",
    " ",
    "\0",
    "\u{202e}\u{feff}",
    "'; DROP TABLE audit; --",
    "%00%ff",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "＿＿ー－",
    "𠮷󠄀",
    "●●●",
    "-1",
    "NaN",
    "1e999",
    "18446744073709551616",
    "0000-00-00",
    "2026-02-30",
    "9999-12-31",
    "令和99年99月99日",
    "昭和64年1月8日",
    "AAAAAAAAAAAAAAAAAAAAAA",
];

#[tokio::test]
async fn generated_requests_find_nothing() {
    let service = Service::new();
    let description: Value = service.stranger().get(path::OPENAPI).await.json();
    let clients = [
        service.stranger(),
        service.log_in("staff").await,
        service.log_in("admin").await,
        service.log_in("operator").await,
        Desk::new(&service).await.screen,
    ];
    let mut runner = TestRunner::deterministic();
    let (mut taken, mut refused) = (0, 0);
    for operation in operations(&description) {
        if operation.is_followed() {
            continue;
        }
        let checks = Checks::of(&description, &operation);
        let requests = requests(&description, &operation);
        for count in 0..REQUESTS {
            let made = requests.new_tree(&mut runner).unwrap().current();
            // Log-in hashes a password, which is slow on purpose.
            if operation.is_log_in() && count > 25 {
                break;
            }
            let client = &clients[count % clients.len()];
            // Log-out would leave nothing to test with.
            let client = if operation.method == Method::DELETE {
                &clients[0]
            } else {
                client
            };
            let answer = made.send(client, &operation).await;
            checks.check(&made, &answer);
            if answer.status.is_success() {
                taken += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(
        taken > 500 && refused > 1000,
        "{taken} taken, {refused} refused"
    );
}

/// One method of one address.
struct Operation {
    method: Method,
    path: String,
    value: Value,
}

impl Operation {
    fn is_log_in(&self) -> bool {
        self.method == Method::POST && self.path == path::SESSION
    }

    /// Whether its answer goes on for ever.
    fn is_followed(&self) -> bool {
        let content = &self.value["responses"]["200"]["content"];
        content["text/event-stream"].is_object()
    }

    fn parameters(&self, place: &str) -> Vec<&Value> {
        let parameters = self.value["parameters"].as_array().into_iter().flatten();
        parameters.filter(|one| one["in"] == place).collect()
    }

    fn body_schema(&self) -> Option<&Value> {
        let schema = &self.value["requestBody"]["content"]["application/json"]["schema"];
        (!schema.is_null()).then_some(schema)
    }
}

fn operations(description: &Value) -> Vec<Operation> {
    let paths = description["paths"].as_object().unwrap();
    let items = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, value)| Operation {
            method: method.to_uppercase().parse().unwrap(),
            path: path.clone(),
            value: value.clone(),
        })
    });
    items.collect()
}

/// A schema of the description, with all that it refers to.
fn validator(description: &Value, schema: &Value) -> Validator {
    let mut root = schema.as_object().cloned().unwrap_or_default();
    root.insert("components".to_owned(), description["components"].clone());
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&Value::Object(root)).unwrap()
}

/// What must hold for every answer of an operation.
struct Checks {
    name: String,
    body: Option<Validator>,
    query: Vec<(String, Validator)>,
    answers: Vec<(u16, Option<Validator>)>,
}

impl Checks {
    fn of(description: &Value, operation: &Operation) -> Self {
        let responses = operation.value["responses"].as_object().unwrap();
        let answers = responses.iter().map(|(status, response)| {
            let content = response["content"].as_object().into_iter().flatten();
            let json = content
                .filter(|(media_type, _)| media_type.contains("json"))
                .map(|(_, content)| validator(description, &content["schema"]))
                .next();
            (status.parse().unwrap(), json)
        });
        let query = operation.parameters("query").into_iter().map(|one| {
            let name = one["name"].as_str().unwrap().to_owned();
            (name, validator(description, &one["schema"]))
        });
        Self {
            name: format!("{} {}", operation.method, operation.path),
            body: operation
                .body_schema()
                .map(|schema| validator(description, schema)),
            query: query.collect(),
            answers: answers.collect(),
        }
    }

    fn check(&self, made: &Made, answer: &Answer) {
        let status = answer.status.as_u16();
        let context = format!("{} {made:?}: {status} {}", self.name, answer.text());
        assert!(status < 500, "{context}");
        let described = self.answers.iter().find(|(known, _)| *known == status);
        let (_, schema) = described.unwrap_or_else(|| panic!("not described: {context}"));
        if let Some(schema) = schema {
            let body: Value = answer.json();
            if let Err(error) = schema.validate(&body) {
                panic!("{error}: {context}");
            }
        }
        assert_eq!(answer.header("x-request-id").len(), 32, "{context}");
        if !self.is_valid(made) {
            assert!(status >= 400, "invalid, and taken: {context}");
        }
    }

    fn is_valid(&self, made: &Made) -> bool {
        let body = match (&self.body, &made.body) {
            (Some(schema), MadeBody::Json(body)) => schema.is_valid(body),
            (Some(_), MadeBody::Raw(body)) => {
                serde_json::from_slice::<Value>(body).is_ok_and(|body| {
                    self.body
                        .as_ref()
                        .is_some_and(|schema| schema.is_valid(&body))
                })
            }
            (None, _) => true,
        };
        let query = made.query.iter().all(|(name, value)| {
            let known = self.query.iter().find(|(known, _)| known == name);
            // An operation without a query does not look at one.
            known.map_or(self.query.is_empty(), |(_, schema)| {
                let number = value.parse::<u64>().ok().map(Value::from);
                schema.is_valid(&json!(value)) || number.is_some_and(|n| schema.is_valid(&n))
            })
        });
        body && query
    }
}

/// A made-up request.
#[derive(Debug, Clone)]
struct Made {
    path: String,
    query: Vec<(String, String)>,
    body: MadeBody,
    media_type: &'static str,
}

#[derive(Debug, Clone)]
enum MadeBody {
    Json(Value),
    Raw(Vec<u8>),
}

impl Made {
    async fn send(&self, client: &Client<'_>, operation: &Operation) -> Answer {
        let mut uri = operation.path.clone();
        for parameter in ["{candidate}", "{screen}", "{id}", "{code}"] {
            uri = uri.replace(parameter, &encoded(&self.path));
        }
        if !self.query.is_empty() {
            let query: Vec<String> = self
                .query
                .iter()
                .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
                .collect();
            uri = format!("{uri}?{}", query.join("&"));
        }
        let mut request = Request::builder().method(&operation.method).uri(uri);
        if let Some(cookie) = &client.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let body = match &self.body {
            _ if operation.body_schema().is_none() => Body::empty(),
            MadeBody::Json(body) => Body::from(body.to_string()),
            MadeBody::Raw(body) => Body::from(body.clone()),
        };
        let request = request.header(header::CONTENT_TYPE, self.media_type);
        client.request(request.body(body).unwrap()).await
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn requests(description: &Value, operation: &Operation) -> BoxedStrategy<Made> {
    let body = operation.body_schema().map_or_else(
        || Just(json!({})).boxed(),
        |schema| valid(description, schema),
    );
    let body = prop_oneof![
        3 => body.clone().prop_map(MadeBody::Json),
        4 => (body, text(), anything()).prop_map(mutated).prop_map(MadeBody::Json),
        1 => anything().prop_map(MadeBody::Json),
        1 => vec(any::<u8>(), 0..64).prop_map(MadeBody::Raw),
        1 => Just(MadeBody::Raw(vec![b'['; 15_000])),
        1 => Just(MadeBody::Raw(vec![b' '; 20_000])),
    ];
    let names: Vec<String> = operation
        .parameters("query")
        .into_iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .chain(["unknown".to_owned()])
        .collect();
    let member = (prop::sample::select(names), text());
    let media_type = prop::sample::select(vec![
        "application/json",
        "application/json",
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "",
    ]);
    (text(), vec(member, 0..3), body, media_type)
        .prop_map(|(path, query, body, media_type)| Made {
            path: if path.is_empty() {
                "-".to_owned()
            } else {
                path
            },
            query,
            body,
            media_type,
        })
        .boxed()
}

/// Hostile, random and plausible texts.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => prop::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => Just("あ".repeat(2000)),
        4 => prop::sample::select(vec![
            "新橋 太郎", "シンバシ タロウ", "2021/03/26", "2026-11-22", "1", "東京都", "staff", "searched", "12",
        ]).prop_map(str::to_owned),
    ]
    .boxed()
}

/// A value that a schema lets through, as far as the generator goes.
fn valid(description: &Value, schema: &Value) -> BoxedStrategy<Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = description
            .pointer(reference.trim_start_matches('#'))
            .unwrap();
        return valid(description, schema);
    }
    match schema["type"].as_str() {
        Some("object") => {
            let members = schema["properties"]
                .as_object()
                .cloned()
                .unwrap_or_default();
            members
                .iter()
                .fold(Just(Map::new()).boxed(), |object, (name, schema)| {
                    let name = name.clone();
                    (object, valid(description, schema))
                        .prop_map(move |(mut object, value)| {
                            object.insert(name.clone(), value);
                            object
                        })
                        .boxed()
                })
                .prop_map(Value::Object)
                .boxed()
        }
        Some("string") => text().prop_map(Value::String).boxed(),
        _ => anything(),
    }
}

/// Takes a member away, puts another value in its place, or adds an unknown one.
fn mutated((body, name, value): (Value, String, Value)) -> Value {
    let Value::Object(mut members) = body else {
        return value;
    };
    let place = name.len() % (members.len() + 1);
    match members.keys().nth(place).cloned() {
        Some(known) if name.len() % 2 == 0 => {
            members.remove(&known);
        }
        Some(known) => {
            members.insert(known, value);
        }
        None => {
            members.insert(name, value);
        }
    }
    Value::Object(members)
}

/// Any JSON, a few levels deep.
fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            hash_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}
