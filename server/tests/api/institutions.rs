//! The register of institutions: entered one by one, and as a file.

use axum::http::StatusCode;
use domain::account::Role;
use encoding_rs::SHIFT_JIS;
use protocol::http::{
    InstitutionImport, InstitutionPage, ProblemCode, RefusedRow, RegisteredInstitution, path,
};
use serde_json::json;

use crate::function::CODE;
use crate::harness::{Client, Service};

const HEADER: &str = "医療機関コード,医療機関名,電話番号,メールアドレス\n";

async fn import(operator: &Client<'_>, csv: impl Into<Vec<u8>>) -> InstitutionImport {
    let answer = operator.post_csv(csv.into()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn list(operator: &Client<'_>, query: &str) -> InstitutionPage {
    let path = format!("{}{query}", path::OPERATOR_INSTITUTIONS);
    operator.get(&path).await.json()
}

#[tokio::test]
async fn an_institution_is_registered_and_changed() {
    let service = Service::new();
    service.add_account_elsewhere("other", Role::Operator);
    let operator = service.log_in("operator").await;
    service.begin_audited();
    let before = list(&operator, "").await;
    let listed = before.institutions.iter();
    let codes: Vec<_> = listed
        .map(|it| it.medical_institution_code.as_str())
        .collect();
    assert_eq!(codes, [CODE], "who only operates is no institution");
    assert_eq!(before.institutions[0].telephone, None);

    let path = format!("{}/{CODE}", path::OPERATOR_INSTITUTIONS);
    let new = json!({ "name": " 新橋医院 ", "telephone": "０３（１２３４）５６７８", "email": "a@example.jp" });
    let told: RegisteredInstitution = operator.put(&path, new).await.json();
    assert_eq!(told.name, "新橋医院");
    assert_eq!(told.telephone.as_ref().unwrap().as_str(), "0312345678");
    assert!(told.has_valid_check_digit);
    assert_eq!(list(&operator, "").await.institutions, [told]);
    assert_eq!(service.audited(), ["institution_registered:1311234569"]);
    let staff = service.log_in("staff").await;
    let info: protocol::http::SessionInfo = staff.get(path::SESSION).await.json();
    assert_eq!(
        info.institution_name, "新橋医院",
        "it goes by that name now"
    );
}

#[tokio::test]
async fn what_can_t_be_registered_is_named_with_its_field() {
    let service = Service::new();
    let operator = service.log_in("operator").await;
    let long = "あ".repeat(81);
    let table = [
        (CODE, ("", "0312345678", "a@example.jp"), vec!["name"]),
        (
            CODE,
            (long.as_str(), "0312345678", "a@example.jp"),
            vec!["name"],
        ),
        (CODE, ("新橋", "12", "a@example.jp"), vec!["telephone"]),
        (CODE, ("新橋", "", ""), vec!["telephone", "email"]),
        (CODE, ("", "x", "x"), vec!["name", "telephone", "email"]),
        (
            "123",
            ("新橋", "0312345678", "a@example.jp"),
            vec!["medical_institution_code"],
        ),
    ];
    for (code, (name, telephone, email), fields) in table {
        let path = format!("{}/{code}", path::OPERATOR_INSTITUTIONS);
        let body = json!({ "name": name, "telephone": telephone, "email": email });
        let problem = operator.put(&path, body).await.problem();
        assert_eq!(problem.code, ProblemCode::InvalidInput);
        let violated: Vec<_> = problem
            .violations
            .iter()
            .map(|one| one.field.as_str())
            .collect();
        assert_eq!(violated, fields);
    }
}

#[tokio::test]
async fn the_register_is_looked_through_by_name_and_code_page_by_page() {
    let service = Service::new();
    let operator = service.log_in("operator").await;
    let rows: Vec<_> = (0..150)
        .map(|number| format!("14000{number:05},ゆうひ{number}医院,0312345678,a@example.jp\n"))
        .collect();
    let rows = rows.concat();
    import(
        &operator,
        format!("{HEADER}{rows}1400099999,あさひ薬局,0312345678,a@example.jp\n"),
    )
    .await;
    let first = list(&operator, "?text=%E3%83%A6%E3%82%A6%E3%83%92").await;
    assert_eq!((first.institutions.len(), first.total), (100, 150));
    let next = first.next.unwrap();
    let second = list(
        &operator,
        &format!("?text=%E3%83%A6%E3%82%A6%E3%83%92&after={next}"),
    )
    .await;
    assert_eq!(
        (second.institutions.len(), second.next, second.total),
        (50, None, 150)
    );
    assert_eq!(list(&operator, "?text=99999").await.total, 1);
    assert_eq!(list(&operator, "?text=nobody").await.total, 0);
    let bad = format!("{}?after=1", path::OPERATOR_INSTITUTIONS);
    assert_eq!(
        operator.get(&bad).await.problem().code,
        ProblemCode::InvalidInput
    );
}

#[tokio::test]
async fn a_file_is_taken_in_whatever_it_is_written() {
    let rows = "1400000001,汐留医院,03-1234-5678,a@example.jp\r\n\
                1400000002,\"芝浦, 歯科\",03-1234-5679,b@example.jp\r\n";
    let text = format!("医療機関コード,医療機関名,電話番号,メールアドレス\r\n{rows}");
    let shift_jis = SHIFT_JIS.encode(&text).0.into_owned();
    let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
    let turned = "電話番号,医療機関コード,メールアドレス,医療機関名\n\
                  03-1234-5678,1400000001,a@example.jp,汐留医院\n\
                  03-1234-5679,1400000002,b@example.jp,\"芝浦, 歯科\"\n";
    for csv in [text.clone().into_bytes(), shift_jis, marked, turned.into()] {
        let service = Service::new();
        let operator = service.log_in("operator").await;
        service.begin_audited();
        let outcome = import(&operator, csv.clone()).await;
        assert_eq!(
            (outcome.added, outcome.changed, outcome.unchanged),
            (2, 0, 0)
        );
        assert_eq!(outcome.refused, []);
        let again = import(&operator, csv).await;
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 2));
        let changed = "1400000002,芝浦歯科,03-1234-5679,b@example.jp\n";
        let changed = import(&operator, format!("{HEADER}{changed}")).await;
        assert_eq!(
            (changed.added, changed.changed, changed.unchanged),
            (0, 1, 0)
        );
        assert_eq!(
            service.audited(),
            [
                "institutions_imported:added:2 changed:0 unchanged:0",
                "institutions_imported:added:0 changed:0 unchanged:2",
                "institutions_imported:added:0 changed:1 unchanged:0",
            ]
        );
        let names =
            service.query("SELECT name FROM institution WHERE telephone IS NOT NULL ORDER BY id");
        assert_eq!(names, ["汐留医院", "芝浦歯科"]);
    }
}

/// A file, and the lines of it that can't be taken.
type Case = (Vec<u8>, Vec<(u64, String)>);

#[tokio::test]
async fn a_row_that_can_t_be_taken_holds_up_the_whole_file_and_is_named_by_its_line() {
    let good = "1400000001,汐留医院,03-1234-5678,a@example.jp\n";
    let heading = "1行目を見出し「医療機関コード,医療機関名,電話番号,メールアドレス」にして、UTF-8かShift_JISで保存してください";
    let telephone =
        "電話番号：市外局番から、10桁または11桁の数字で入力してください（例：03-1234-5678）";
    let table: Vec<Case> = vec![
        (b"".to_vec(), vec![(1, heading.to_owned())]),
        (b"a,b\n".to_vec(), vec![(1, heading.to_owned())]),
        (good.into(), vec![(1, heading.to_owned())]),
        (
            format!("{},備考\n", HEADER.trim_end()).into(),
            vec![(1, heading.to_owned())],
        ),
        (
            HEADER.into(),
            vec![(1, "医療機関の行がありません".to_owned())],
        ),
        (
            format!(
                "{HEADER}{good}1400000002,芝浦,1,b@example.jp\n\n123,三田,0312345678,c@example.jp\n"
            )
            .into(),
            vec![
                (3, telephone.to_owned()),
                (5, "医療機関コード：桁数が違います（10桁）".to_owned()),
            ],
        ),
        (
            format!("{HEADER}{good}{good}").into(),
            vec![(3, "2行目と同じ医療機関コードです".to_owned())],
        ),
        (
            format!("{HEADER}1400000002,芝浦\n").into(),
            vec![(2, "列の数が4ではありません".to_owned())],
        ),
        (
            format!("{HEADER}1400000002,,,\n").into(),
            vec![(
                2,
                "医療機関名：入力してください、電話番号：入力してください、\
                 メールアドレス：入力してください"
                    .to_owned(),
            )],
        ),
        (
            [
                HEADER.as_bytes(),
                good.as_bytes(),
                b"1400000002,\xFF\xFF,0312345678,b@example.jp\n",
            ]
            .concat(),
            vec![(3, "医療機関名：文字を読み取れません".to_owned())],
        ),
    ];
    let service = Service::new();
    let operator = service.log_in("operator").await;
    service.begin_audited();
    for (csv, expected) in table {
        let outcome = import(&operator, csv.clone()).await;
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(line, message)| RefusedRow { line, message })
            .collect();
        assert_eq!(
            outcome.refused,
            expected,
            "{}",
            String::from_utf8_lossy(&csv)
        );
        assert_eq!(
            (outcome.added, outcome.changed, outcome.unchanged),
            (0, 0, 0)
        );
    }
    let registered = service.query("SELECT count(*) FROM institution WHERE telephone IS NOT NULL");
    assert_eq!(registered, ["0"]);
    assert_eq!(service.audited(), [""; 0]);
}

#[tokio::test]
async fn only_a_file_of_some_size_is_read() {
    let service = Service::new();
    let operator = service.log_in("operator").await;
    let json = operator
        .post(path::OPERATOR_INSTITUTION_FILE, json!({}))
        .await;
    assert_eq!(json.problem().code, ProblemCode::UnreadableRequest);
    let large = operator.post_csv(vec![b'a'; 2 * 1024 * 1024 + 1]).await;
    assert_eq!(large.problem().code, ProblemCode::TooLarge);
}
