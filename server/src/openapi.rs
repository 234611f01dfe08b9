//! The description of the API, in `OpenAPI`: the handlers' own words
//! (`#[utoipa::path]`), and here what holds for all of them.

use std::collections::BTreeMap;

use axum::Json;
use axum::routing::{MethodRouter, get};
use domain::audit::Action;
use domain::date::Date;
use domain::identifier::MedicalInstitutionCode;
use protocol::http::{
    CandidateId, OpeningId, OpeningStage, PROBLEM_MEDIA_TYPE, Problem, ProblemCode, ReaderScreenId,
    VisualConfirmationId,
};
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, Content, HeaderBuilder, Info, OpenApi, OpenApiBuilder, Ref,
    RefOr, Response, ResponseBuilder, Schema,
};

use crate::state::AppState;

/// The beginning of the description, before any handler.
pub(crate) fn document() -> OpenApi {
    let info = Info::new("shikaku", env!("CARGO_PKG_VERSION"));
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components()))
        .build()
}

fn components() -> Components {
    let cookie = |name: &str| SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(name)));
    let mut schemas = Vec::new();
    add::<Problem>(&mut schemas);
    // Parameters refer to these, and the library collects those of bodies only.
    add::<Action>(&mut schemas);
    add::<CandidateId>(&mut schemas);
    add::<Date>(&mut schemas);
    add::<MedicalInstitutionCode>(&mut schemas);
    add::<OpeningId>(&mut schemas);
    add::<OpeningStage>(&mut schemas);
    add::<ReaderScreenId>(&mut schemas);
    add::<VisualConfirmationId>(&mut schemas);
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("session", cookie("shikaku-session"))
        .security_scheme("reader", cookie("shikaku-reader"))
        .build()
}

fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// Serves the description, once it says for every operation how it may be refused.
pub(crate) fn serve(mut description: OpenApi) -> MethodRouter<AppState> {
    complete(&mut description);
    get(move || std::future::ready(Json(description)))
}

fn complete(description: &mut OpenApi) {
    for (path, item) in &mut description.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                // The functions' names are alike, as each is in a module of its own.
                operation.operation_id = Some(format!("{method}{}", path.replace('/', "_")));
                describe_answers(operation);
            }
        }
    }
}

fn describe_answers(operation: &mut Operation) {
    for status in refusals(operation) {
        let responses = &mut operation.responses.responses;
        responses.insert(status.to_string(), RefOr::T(refusal(status)));
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "Done.".clone_into(&mut response.description);
        }
    }
}

/// The statuses of an operation's refusals: its own, and those of all of its kind.
fn refusals(operation: &Operation) -> Vec<u16> {
    let mut statuses = vec![403, 429, 500, 503];
    let has_query = operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
            RefOr::Ref(_) => false,
        });
    // Readers' own screens have no session.
    let tags = operation.tags.as_deref().unwrap_or_default();
    if operation.security.is_some() && !tags.iter().any(|tag| tag == "reader") {
        statuses.extend([401, 423]);
    }
    if has_query || operation.request_body.is_some() {
        statuses.extend([400, 422]);
    }
    if operation.request_body.is_some() {
        statuses.push(413);
    }
    let own = operation.responses.responses.keys();
    statuses.extend(
        own.filter_map(|status| status.parse().ok())
            .filter(|&status: &u16| status >= 400),
    );
    statuses
}

/// A problem, and which codes it may have with a status.
fn refusal(status: u16) -> Response {
    let codes: BTreeMap<String, &str> = ProblemCode::ALL
        .into_iter()
        .filter(|code| code.status() == status)
        .map(|code| (wire_name(code), code.title()))
        .collect();
    let codes: Vec<String> = codes
        .into_iter()
        .map(|(code, title)| format!("{code}: {title}"))
        .collect();
    let schema = Ref::from_schema_name(Problem::name());
    let mut response = ResponseBuilder::new()
        .description(codes.join("; "))
        .content(PROBLEM_MEDIA_TYPE, Content::new(Some(schema)));
    if status == 429 || status == 503 {
        let header = HeaderBuilder::new().description(Some("In how many seconds to try again."));
        response = response.header("Retry-After", header.build());
    }
    response.build()
}

fn wire_name(code: ProblemCode) -> String {
    let name = serde_json::to_string(&code).unwrap_or_default();
    name.trim_matches('"').to_owned()
}
