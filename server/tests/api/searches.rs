//! The emergency search through the API, on a real store.

use axum::http::{Method, StatusCode};
use domain::code::QualificationValidity;
use domain::search::SearchForm;
use protocol::http::{ProblemCode, SearchAnswer, SearchOutcome, path};
use serde_json::json;

use crate::harness::{Client, Service};

/// The two persons of the source document, and others for the rules.
const INSURED: &str = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,NameKana,Sex1,Birthdate,Address,QualificationDate,DisqualificationDate,ReasonOfLoss,PersonIdentifier
06139992,東京新橋サンプル保険者,01,1,新橋　太郎,ｼﾝﾊﾞｼ ﾀﾛｳ,1,20210326,東京都港区〇〇5丁目,20210326,,,A
06010128,北海道新橋健康保険組合,01,2,新橋　太郎,ｼﾝﾊﾞｼ ﾀﾛｳ,1,20210326,東京都足立区皇居裏1,20210326,,,B
06130488,架空電機健康保険組合,01,3,●藤　祥一,ｻﾄｳ ｼﾖｳｲﾁ,1,19600401,東京都港区芝公園1-2-3,20000401,20200401,03,C
  131219,東京都足立区,01,4,佐藤　祥一,ｻﾄｳ ｼｮｳｲﾁ,1,19600401,,20200401,,,C
06130488,架空電機健康保険組合,01,5,田中　花子,ﾀﾅｶ ﾊﾅｺ,2,19700101,大阪府堺市,20100401,20200331,01,D
";

pub(crate) fn taro() -> SearchForm {
    SearchForm {
        name: "新橋 太郎".to_owned(),
        birthdate: "令和3年3月26日".to_owned(),
        sex1: "1".to_owned(),
        address: "東京都".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

fn shoichi() -> SearchForm {
    SearchForm {
        name_kana: "さとう しょういち".to_owned(),
        birthdate: "S35.4.1".to_owned(),
        sex1: "1".to_owned(),
        insurer_name: "足立区".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

async fn service() -> Service {
    let service = Service::opened().await;
    assert_eq!(service.import(INSURED).added, 5);
    service
}

fn how_many(outcome: &SearchOutcome) -> usize {
    match outcome {
        SearchOutcome::NotFound => 0,
        SearchOutcome::One(_) => 1,
        SearchOutcome::Several(candidates) => candidates.len(),
        SearchOutcome::TooMany { .. } => usize::MAX,
    }
}

#[tokio::test]
async fn several_are_listed_with_five_columns_and_one_is_opened() {
    let service = service().await;
    let client = service.log_in("staff").await;
    let answer = client.search(&taro()).await;
    let value: serde_json::Value = answer.json();
    let columns: Vec<_> = value["outcome"]["several"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(
        columns,
        ["address", "birthdate", "id", "insurer_name", "name", "sex1"]
    );
    let answer: SearchAnswer = answer.json();
    let SearchOutcome::Several(candidates) = answer.outcome else {
        panic!()
    };
    let places: Vec<_> = candidates
        .iter()
        .map(|c| c.address.clone().unwrap())
        .collect();
    assert_eq!(places, ["東京都港区〇〇5丁目", "東京都足立区皇居裏1"]);

    let opened = client.open(candidates[1].id.as_str()).await;
    let eligibility: protocol::http::Eligibility = opened.json();
    assert_eq!(
        eligibility.coverages[0].insurer_name,
        "北海道新橋健康保険組合"
    );
    assert_eq!(
        eligibility.judgement.qualification_validity,
        QualificationValidity::Valid
    );
    assert_eq!(opened.header("cache-control"), "no-store");
    let expected = [
        "logged_in:",
        "searched:several",
        "candidate_listed:",
        "candidate_listed:",
        "eligibility_opened:1",
    ];
    assert_eq!(service.audited(), expected);
    let named = service.query("SELECT count(DISTINCT person_id) || '' FROM audit");
    assert_eq!(named, ["2"]);
}

#[tokio::test]
async fn conditions_narrow_and_every_spelling_finds() {
    let service = service().await;
    let client = service.log_in("staff").await;
    let place = |address: &str| SearchForm {
        address: address.to_owned(),
        ..taro()
    };
    let insurer = |name: &str| SearchForm {
        address: String::new(),
        insurer_name: name.to_owned(),
        ..taro()
    };
    let kana = |kana: &str| SearchForm {
        name: String::new(),
        name_kana: kana.to_owned(),
        ..taro()
    };
    let name = |name: &str| SearchForm {
        name: name.to_owned(),
        ..taro()
    };
    let on = |day: &str| SearchForm {
        qualification_confirmation_date: day.to_owned(),
        ..taro()
    };
    let table = [
        (place("港区"), 1),
        (place("〇〇５丁目"), 1),
        (place("皇居裏一丁目"), 1),
        (place("大阪"), 0),
        (insurer("新橋"), 2),
        (insurer("ｻﾝﾌﾟﾙ"), 1),
        (insurer("北海道"), 1),
        (kana("しんばし たろう"), 2),
        (kana("シンバシタロウ"), 2),
        (kana("ｼﾝﾊﾞｼ ﾀﾛｳ"), 2),
        (kana("シンバシ　タロウ"), 2),
        (kana("シンバシ"), 0),
        (name("新橋太郎"), 2),
        (name("新橋　太"), 0),
        (
            SearchForm {
                sex1: "2".to_owned(),
                ..taro()
            },
            0,
        ),
        (
            SearchForm {
                birthdate: "2021/3/27".to_owned(),
                ..taro()
            },
            0,
        ),
        (
            SearchForm {
                name_kana: "シンバシジロウ".to_owned(),
                ..taro()
            },
            0,
        ),
        (on("2021/03/26"), 2),
    ];
    for (form, expected) in table {
        let body = serde_json::to_string(&form).unwrap();
        assert_eq!(how_many(&client.found(&form).await), expected, "{body}");
    }
}

#[tokio::test]
async fn a_black_circle_in_the_record_does_not_hide_a_person() {
    let service = service().await;
    let client = service.log_in("admin").await;
    // The old coverage has ●藤 and an address, the new one has neither: one person.
    let by_old_name = SearchForm {
        name: "佐藤祥一".to_owned(),
        name_kana: String::new(),
        ..shoichi()
    };
    let by_old_address = SearchForm {
        name: "加藤祥一".to_owned(),
        name_kana: String::new(),
        insurer_name: String::new(),
        address: "芝公園1丁目".to_owned(),
        ..shoichi()
    };
    for form in [shoichi(), by_old_name, by_old_address] {
        let eligibility = client.eligibility(&form).await;
        assert_eq!(eligibility.coverages.len(), 2);
        let shown = eligibility.judgement.shown.unwrap();
        assert_eq!(eligibility.coverages[shown].insurer_name, "東京都足立区");
    }
}

#[tokio::test]
async fn the_confirmation_date_decides_and_nobody_is_hidden() {
    use QualificationValidity::{Invalid, Valid};
    let service = service().await;
    let client = service.log_in("staff").await;
    let hanako = |day: &str| SearchForm {
        name: "田中花子".to_owned(),
        birthdate: "1970/1/1".to_owned(),
        sex1: "2".to_owned(),
        address: "堺市".to_owned(),
        qualification_confirmation_date: day.to_owned(),
        ..SearchForm::default()
    };
    let table = [
        ("2020/3/30", Valid),
        ("2020/3/31", Invalid),
        ("2010/3/31", Invalid),
    ];
    for (day, validity) in table {
        let eligibility = client.eligibility(&hanako(day)).await;
        assert_eq!(
            eligibility.judgement.qualification_validity, validity,
            "{day}"
        );
        assert!(!eligibility.judgement.reason.text().is_empty());
    }
    let reason = client
        .eligibility(&hanako("2026/11/22"))
        .await
        .judgement
        .reason
        .text();
    assert!(reason.contains("令和2年3月31日に資格を喪失"), "{reason}");
    assert!(reason.contains("死亡"), "{reason}");
}

#[tokio::test]
async fn more_than_fifty_are_not_listed() {
    let service = Service::opened().await;
    let header = "InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,PersonIdentifier\n";
    let row = |i: usize| format!("06130488,架空,01,{i},佐藤　葵,1,19800101,東京都{i}番,P{i}\n");
    let fifty: String = (0..50).map(row).collect();
    let service_with_fifty_one = format!("{header}{fifty}{}", row(50));
    let form = SearchForm {
        name: "佐藤葵".to_owned(),
        birthdate: "1980/1/1".to_owned(),
        ..taro()
    };
    service.import(format!("{header}{fifty}"));
    let client = service.log_in("staff").await;
    assert_eq!(how_many(&client.found(&form).await), 50);
    service.import(service_with_fifty_one);
    let answer = client.search(&form).await;
    // Fifty-one addresses, one insurer, no kana: only 住所 tells them apart.
    let expected =
        json!({"outcome": {"too_many": {"narrow_by": ["address"]}}, "variant_matches": 0});
    assert_eq!(answer.json::<serde_json::Value>(), expected);
}

#[tokio::test]
async fn a_candidate_is_for_its_session_and_ten_minutes() {
    let service = service().await;
    let client = service.log_in("staff").await;
    let SearchOutcome::Several(candidates) = client.found(&taro()).await else {
        panic!()
    };
    let id = candidates[0].id.as_str();
    let other = service.log_in("admin").await;
    let expired = async |client: &Client<'_>, id: &str| {
        client.open(id).await.problem().code == ProblemCode::CandidateExpired
    };
    assert!(
        expired(&other, id).await,
        "another session of the same institution"
    );
    for nonsense in [
        &*"A".repeat(80),
        "AAAAAAAAAAAAAAAAAAAAAA",
        "1",
        "%00",
        "..%2f..",
        "新橋",
    ] {
        let escaped: String = nonsense
            .chars()
            .map(|c| {
                if c.is_ascii() {
                    c.to_string()
                } else {
                    "%E6%96%B0".to_owned()
                }
            })
            .collect();
        assert!(expired(&client, &escaped).await, "{nonsense}");
    }
    assert_eq!(client.open(id).await.status, StatusCode::OK);
    service.clock.advance_seconds(10 * 60 - 1);
    assert_eq!(client.open(id).await.status, StatusCode::OK);
    service.clock.advance_seconds(1);
    assert!(expired(&client, id).await);

    let SearchOutcome::Several(candidates) = client.found(&taro()).await else {
        panic!()
    };
    let next = service.log_in("staff").await;
    assert!(
        expired(&next, candidates[0].id.as_str()).await,
        "the next session of the same account"
    );
}

#[tokio::test]
async fn only_staff_and_administrators_search() {
    let service = service().await;
    let stranger = service.stranger();
    assert_eq!(
        stranger.search(&taro()).await.problem().code,
        ProblemCode::NotLoggedIn
    );
    let operator = service.log_in("operator").await;
    assert_eq!(
        operator.search(&taro()).await.problem().code,
        ProblemCode::NotAllowed
    );
    let answer = operator.open("AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(answer.problem().code, ProblemCode::NotAllowed);
    assert_eq!(service.audited(), ["logged_in:"]);
}

#[tokio::test]
async fn every_violation_is_named_with_its_field() {
    let service = service().await;
    let client = service.log_in("staff").await;
    let long = "あ".repeat(201);
    let table = [
        (
            json!({}),
            vec![
                "name",
                "birthdate",
                "sex1",
                "address",
                "qualification_confirmation_date",
            ],
        ),
        (
            json!({"name": "新\u{0}橋", "sex1": "1", "address": "東京", "birthdate": "2021/3/26", "qualification_confirmation_date": "2026/11/22"}),
            vec!["name"],
        ),
        (
            json!({"name": "新橋", "sex1": "3", "address": long, "birthdate": "2021/2/29", "qualification_confirmation_date": "2026/11/23"}),
            vec![
                "birthdate",
                "sex1",
                "address",
                "qualification_confirmation_date",
            ],
        ),
    ];
    for (body, fields) in table {
        let answer = client.send(Method::POST, path::SEARCHES, Some(body)).await;
        let problem = answer.problem();
        assert_eq!(problem.code, ProblemCode::InvalidInput);
        let named: Vec<_> = problem
            .violations
            .iter()
            .map(|v| v.field.as_str())
            .collect();
        assert_eq!(named, fields);
    }
    assert_eq!(service.audited(), ["logged_in:"], "nothing was searched");
}

#[tokio::test]
async fn unknown_members_and_wrong_types_are_refused_by_name() {
    let service = service().await;
    let client = service.log_in("staff").await;
    let table = [
        (json!({"passcode": "1234"}), Some("passcode")),
        (json!({"with_variants": "yes"}), Some("with_variants")),
        (json!({"name": 1}), Some("name")),
        (json!({"name": {"$ne": ""}}), Some("name")),
        (json!(["name"]), None),
        (json!("x"), None),
        (json!(null), None),
    ];
    for (body, member) in table {
        let answer = client
            .send(Method::POST, path::SEARCHES, Some(body.clone()))
            .await;
        let problem = answer.problem();
        assert_eq!(problem.code, ProblemCode::UnreadableRequest, "{body}");
        if let Some(member) = member {
            assert_eq!(problem.violations[0].field, member, "{body}");
        }
    }
}

/// Names that are one but for variants, and names that are not Japanese.
const NAMES: &str = "\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,NameKana,NameOfOther,NameOfOtherKana,Sex1,Birthdate,Address,PersonIdentifier
06130488,架空電機健康保険組合,01,1,髙橋　葵,ﾀｶﾊｼ ｱｵｲ,,,2,19800101,東京都港区,T1
06130488,架空電機健康保険組合,01,2,高橋　葵,ﾀｶﾊｼ ｱｵｲ,,,2,19800101,東京都北区,T2
06130488,架空電機健康保険組合,01,3,高橋　葵,ﾀｶﾊｼ ｱｵｲ,,,2,19800101,大阪府堺市,T3
06130488,架空電機健康保険組合,01,4,渡邉　齊,ﾜﾀﾅﾍﾞ ﾋﾄｼ,,,1,19500505,東京都港区,W1
06130488,架空電機健康保険組合,01,5,渡●　齊,ﾜﾀﾅﾍﾞ ﾋﾄｼ,,,1,19500505,東京都港区,W2
06130488,架空電機健康保険組合,01,6,ＮＧＵＹＥＮ　ＴＨＩ　ＭＡＩ,ｸﾞｴﾝ ﾃｲ ﾏｲ,山﨑　舞,ﾔﾏｻﾞｷ ﾏｲ,2,19900909,東京都港区,N1
06130488,架空電機健康保険組合,01,7,マリア・ガルシア,ﾏﾘｱ ｶﾞﾙｼｱ,,,2,19900909,東京都港区,G1
06130488,架空電機健康保険組合,01,8,呉,ｺﾞ,,,2,19900909,東京都港区,O1
";

fn named(name: &str, birthdate: &str, sex1: &str) -> SearchForm {
    SearchForm {
        name: name.to_owned(),
        birthdate: birthdate.to_owned(),
        sex1: sex1.to_owned(),
        ..taro()
    }
}

#[tokio::test]
async fn variants_are_counted_and_found_only_when_asked_for() {
    let service = Service::opened().await;
    assert_eq!(service.import(NAMES).added, 8);
    let client = service.log_in("staff").await;
    // (氏名, exact, more by variants); 東京都 only, so that the third 高橋 never counts.
    let table = [
        ("髙橋葵", "1980/1/1", "2", 1, 1),
        ("高橋　葵", "1980/1/1", "2", 1, 1),
        ("髙橋\u{E0101} 葵", "1980/1/1", "2", 1, 1),
        ("高梁葵", "1980/1/1", "2", 0, 0),
        ("渡邉齊", "S25.5.5", "1", 2, 0),
        ("渡辺斉", "S25.5.5", "1", 0, 2),
        ("渡邊 斎", "S25.5.5", "1", 0, 2),
        ("山崎舞", "H2.9.9", "2", 0, 1),
    ];
    for (name, birthdate, sex1, exact, more) in table {
        let form = named(name, birthdate, sex1);
        let answer = client.answer(&form).await;
        assert_eq!(how_many(&answer.outcome), exact, "{name}");
        assert_eq!(answer.variant_matches, more, "{name}");
        let all = SearchForm {
            with_variants: true,
            ..form
        };
        let answer = client.answer(&all).await;
        let expected = exact + usize::try_from(more).unwrap();
        assert_eq!(how_many(&answer.outcome), expected, "{name} with variants");
        assert_eq!(answer.variant_matches, 0, "{name}");
    }
    let audited = service.audited();
    assert_eq!(audited[1], "searched:one variants:1");
    assert_eq!(audited[2], "searched:several with_variants");
    let by_kana = SearchForm {
        name_kana: "タカハシアオイ".to_owned(),
        ..named("", "1980/1/1", "2")
    };
    let answer = client.answer(&by_kana).await;
    assert_eq!((how_many(&answer.outcome), answer.variant_matches), (2, 0));
}

#[tokio::test]
async fn more_than_fifty_variants_are_counted_no_further() {
    let service = Service::opened().await;
    let header = "InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,PersonIdentifier\n";
    let row = |i: usize| format!("06130488,架空,01,{i},髙橋　葵,1,19800101,東京都{i}番,P{i}\n");
    service.import(format!("{header}{}", (0..60).map(row).collect::<String>()));
    let client = service.log_in("staff").await;
    let answer = client.answer(&named("高橋葵", "1980/1/1", "1")).await;
    assert_eq!((how_many(&answer.outcome), answer.variant_matches), (0, 51));
    let answer = client.answer(&named("髙橋葵", "1980/1/1", "1")).await;
    assert_eq!(how_many(&answer.outcome), usize::MAX);
    assert_eq!(answer.variant_matches, 0);
}

#[tokio::test]
async fn every_kind_of_name_is_found() {
    let service = Service::opened().await;
    service.import(NAMES);
    let client = service.log_in("staff").await;
    let table = [
        ("Nguyen Thi Mai", 1),
        ("ｎｇｕｙｅｎｔｈｉｍａｉ", 1),
        ("山﨑舞", 1),
        ("NGUYEN", 0),
        ("マリア ガルシア", 1),
        ("マリア・ガルシア", 1),
        ("ﾏﾘｱ･ｶﾞﾙｼｱ", 1),
        ("呉", 1),
        ("吳", 0),
    ];
    for (name, expected) in table {
        let outcome = client.found(&named(name, "1990/9/9", "2")).await;
        assert_eq!(how_many(&outcome), expected, "{name}");
    }
    for (kana, expected) in [
        ("やまざき まい", 1),
        ("グエン・ティ・マイ", 1),
        ("ご", 1),
        ("マイ", 0),
    ] {
        let form = SearchForm {
            name_kana: kana.to_owned(),
            ..named("", "1990/9/9", "2")
        };
        assert_eq!(how_many(&client.found(&form).await), expected, "{kana}");
    }
}

#[tokio::test]
async fn a_person_with_several_coverages_in_force_is_listed_and_none_is_picked() {
    let service = Service::opened().await;
    service.import("\
InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,Sex1,Birthdate,Address,QualificationDate,PersonIdentifier
06130488,架空電機健康保険組合,01,1,佐藤　葵,1,19800101,東京都港区,20100401,P1
138057,東京都架空区,01,2,佐藤　葵,1,19800101,東京都港区,20200401,P1
06130488,架空電機健康保険組合,01,3,佐藤　葵,1,19800101,東京都港区,20100401,P2
");
    let client = service.log_in("staff").await;
    let form = named("佐藤葵", "1980/1/1", "1");
    let SearchOutcome::Several(candidates) = client.found(&form).await else {
        panic!("not several")
    };
    assert_eq!(candidates.len(), 2);
    let eligibility: protocol::http::Eligibility =
        client.open(candidates[0].id.as_str()).await.json();
    let judgement = eligibility.judgement;
    assert_eq!(
        judgement.qualification_validity,
        QualificationValidity::Several
    );
    assert_eq!((judgement.shown, judgement.in_force.len()), (None, 2));
}
