//! One step of many openings.

use axum::http::StatusCode;
use futures_util::future::join_all;
use protocol::http::{
    BulkOutcome, InstitutionImport, OpeningPage, OperatorOpening, OperatorState, path,
};
use serde_json::{Value, json};

use super::{list, timeline, violated};
use crate::function::{Sides, call_back, open};
use crate::harness::Service;

/// As many as can be done at once.
const ALL: usize = 1_000;
/// Of those, how many are not ready for what is done.
const NOT_CALLED: usize = 10;

/// Registers so many institutions by a file and enters a request for each; gives the
/// openings' ids.
async fn requested(sides: &Sides<'_>, count: usize) -> Vec<String> {
    let rows = (0..count).map(|number| {
        format!(
            "{},医院{number:04},0312345678,a{number}@example.jp\n",
            code(number)
        )
    });
    let csv: String =
        std::iter::once("医療機関コード,医療機関名,電話番号,メールアドレス\n".to_owned())
            .chain(rows)
            .collect();
    let import: InstitutionImport = sides.operator.post_csv(csv.into_bytes()).await.json();
    assert_eq!(import.added as usize, count, "{:?}", import.refused);
    let requested = async |number: usize| {
        let body = json!({
            "medical_institution_code": code(number), "contact": "花子", "cause": "disaster",
        });
        let answer = sides.operator.post(path::OPERATOR_OPENINGS, body).await;
        answer.json::<OperatorOpening>().opening.id.to_string()
    };
    // Not more at once than the service takes on.
    let mut ids = Vec::new();
    for first in (0..count).step_by(AT_ONCE) {
        let numbers = first..count.min(first + AT_ONCE);
        ids.extend(join_all(numbers.map(&requested)).await);
    }
    ids
}

/// Requests of the operator at the same time.
const AT_ONCE: usize = 50;

fn code(number: usize) -> String {
    format!("{:010}", 1_400_000_000 + number)
}

async fn bulk(sides: &Sides<'_>, openings: &[String], act: Value) -> BulkOutcome {
    let body = json!({ "openings": openings, "act": act, "reason": "台風による停電" });
    let answer = sides.operator.post(path::OPERATOR_BULK, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_are_opened_and_each_is_checked_for_itself() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let ids = requested(&sides, ALL).await;
    for called in ids[NOT_CALLED..].chunks(AT_ONCE) {
        join_all(called.iter().map(|id| sides.act(id, call_back()))).await;
    }
    service.begin_audited();

    for act in [json!("send_form"), open(24)] {
        let outcome = bulk(&sides, &ids, act.clone()).await;
        assert_eq!(outcome.done as usize, ALL - NOT_CALLED, "{act}");
        let refused: Vec<_> = outcome.refused.iter().map(|it| it.id.to_string()).collect();
        assert_eq!(refused, ids[..NOT_CALLED], "{act}");
        for (refusal, number) in outcome.refused.iter().zip(0..) {
            assert_eq!(refusal.message, "先に「電話確認を記録」してください");
            assert_eq!(refusal.institution_name, format!("医院{number:04}"));
        }
    }
    let audited = service.audited();
    assert_eq!(audited.len(), 2 * (ALL - NOT_CALLED), "each for itself");
    assert!(audited.contains(&format!("function_opened:{} 24", code(ALL - 1))));
    assert_eq!(
        timeline(&sides, &ids[NOT_CALLED]).await[0],
        "operator: 開放（24時間、一括：台風による停電）"
    );
    let mut console = sides.operator.follow(path::OPERATOR_EVENTS).await;
    let state: OperatorState = console.state().await;
    assert_eq!((state.requested, state.opened), (10, 990));

    // The list turns its pages.
    let mut pages: Vec<OpeningPage> = vec![list(&sides, "?stage=opened").await];
    while let Some(next) = pages.last().unwrap().next.clone() {
        pages.push(list(&sides, &format!("?stage=opened&after={next}")).await);
    }
    let listed: Vec<_> = pages.iter().flat_map(|page| &page.openings).collect();
    assert_eq!((pages.len(), listed.len()), (10, 990));
    assert!(pages.iter().all(|page| page.total == 990));

    // All end in the same second.
    service.clock.advance_seconds(24 * 3600);
    service.sweep().await;
    let ended = service.query("SELECT count(*) FROM opening WHERE stage = 'ended'");
    assert_eq!(ended, ["990"]);
}

#[tokio::test]
async fn what_is_wrong_with_the_whole_is_said_at_once() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let id = "AAAAAAAAAAAAAAAAAAAAAA";
    let table = [
        (
            json!({ "openings": [], "act": "end", "reason": "復旧" }),
            "openings",
        ),
        (
            json!({ "openings": vec![id; ALL + 1], "act": "end", "reason": "復旧" }),
            "openings",
        ),
        (
            json!({ "openings": [id], "act": "end", "reason": "" }),
            "reason",
        ),
    ];
    for (body, field) in table {
        let answer = sides.operator.post(path::OPERATOR_BULK, body).await;
        assert_eq!(violated(&answer), [field]);
    }
}

#[tokio::test]
async fn none_is_done_twice_and_one_that_is_not_there_is_named() {
    let service = Service::new();
    let sides = Sides::new(&service).await;
    let id = sides.open(1).await;
    let unknown = "AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    let openings = [id.clone(), id.clone(), unknown];
    let extend = json!({ "extend": { "hours": 2 } });
    let outcome = bulk(&sides, &openings, extend).await;
    assert_eq!((outcome.done, outcome.refused.len()), (1, 1));
    assert_eq!(outcome.refused[0].institution_name, "");
    assert_eq!(outcome.refused[0].message, "該当する利用申請がありません");
    let period = sides.state().await.opening.unwrap().period.unwrap();
    assert_eq!(period.starts_at.plus_seconds(3 * 3600), period.ends_at);
    let too_long = bulk(
        &sides,
        std::slice::from_ref(&id),
        json!({ "extend": { "hours": 336 } }),
    )
    .await;
    assert_eq!(
        too_long.refused[0].message,
        "開放する時間は1時間から336時間までです"
    );
    let ended = bulk(&sides, std::slice::from_ref(&id), json!("end")).await;
    assert_eq!(ended.done, 1);
    assert_eq!(
        sides.state().await.opening.unwrap().reason.as_deref(),
        Some("台風による停電")
    );
    assert_eq!(
        timeline(&sides, &id).await[0],
        "operator: 終了（理由：台風による停電、一括）"
    );
}
