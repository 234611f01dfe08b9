//! Import of files as people have them.

use domain::search::SearchForm;
use server::import::{HeaderError, ImportError, Progress, Rejections, Summary, import};

use crate::harness::Service;

const HEADER: &str = "InsurerNumber,InsurerName,InsuredCardClassification,InsuredIdentificationNumber,Name,NameKana,Sex1,Birthdate,Address,QualificationDate";
const ROW: &str =
    "06130488,架空電機健康保険組合,01,1,新橋　太郎,ｼﾝﾊﾞｼ ﾀﾛｳ,1,20210326,東京都港区,20210326";

fn form() -> SearchForm {
    SearchForm {
        name: "新橋太郎".to_owned(),
        birthdate: "2021/3/26".to_owned(),
        sex1: "1".to_owned(),
        address: "港区".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
        ..SearchForm::default()
    }
}

struct Steps(Vec<u64>);

impl Progress for Steps {
    fn advance(&mut self, bytes: u64) {
        self.0.push(bytes);
    }
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let service = Service::new();
    let csv = format!("{HEADER}\n{ROW}\n");
    assert_eq!(
        service.import(&csv),
        Summary {
            rows: 1,
            added: 1,
            ..Summary::default()
        }
    );
    let before = service.query("SELECT record FROM coverage");
    assert_eq!(
        service.import(&csv),
        Summary {
            rows: 1,
            unchanged: 1,
            ..Summary::default()
        }
    );
    assert_eq!(service.query("SELECT record FROM coverage"), before);
    assert!(!service.path("insured.rejected.csv").exists());
}

#[test]
fn byte_order_mark_crlf_quotes_and_unknown_columns_do_not_matter() {
    let service = Service::new();
    let csv = format!("\u{FEFF}Remark,{HEADER}\r\n\"a, \"\"b\"\"\n\",{ROW}\r\n");
    let summary = service.import(csv);
    assert_eq!((summary.added, summary.rejected), (1, 0));
    assert_eq!(summary.ignored_columns, ["Remark"]);
}

#[tokio::test]
async fn spellings_of_an_insurer_number_are_one_coverage() {
    let service = Service::new();
    for number in ["138057", "00138057", "  138057", "0138057"] {
        let row = ROW.replace("06130488", number);
        service.import(format!("{HEADER}\n{row}\n"));
    }
    assert_eq!(service.query("SELECT count(*) || '' FROM coverage"), ["1"]);
    let client = service.log_in("staff").await;
    let eligibility = client.eligibility(&form()).await;
    assert_eq!(eligibility.coverages[0].insurer_number.as_str(), "00138057");
}

#[tokio::test]
async fn a_changed_row_changes_the_coverage_and_keeps_the_person() {
    let service = Service::new();
    service.import(format!("{HEADER},PersonIdentifier\n{ROW},P1\n"));
    let moved = ROW.replace("港区", "足立区");
    let summary = service.import(format!("{HEADER},PersonIdentifier\n{moved},P1\n"));
    assert_eq!((summary.added, summary.changed), (0, 1));
    assert_eq!(service.query("SELECT count(*) || '' FROM person"), ["1"]);
    let client = service.log_in("staff").await;
    let in_new_place = SearchForm {
        address: "足立区".to_owned(),
        ..form()
    };
    assert_eq!(client.eligibility(&in_new_place).await.coverages.len(), 1);
}

#[test]
fn without_person_identifier_namesakes_stay_apart() {
    let service = Service::new();
    let other = ROW.replace(",01,1,", ",01,2,");
    service.import(format!("{HEADER}\n{ROW}\n{other}\n"));
    assert_eq!(service.query("SELECT count(*) || '' FROM person"), ["2"]);
}

#[test]
fn a_missing_mandatory_column_stops_before_anything_is_written() {
    let service = Service::new();
    let csv = format!("{}\n{ROW}\n", HEADER.replace("Birthdate", "BirthDate"));
    let mut rejections = Rejections::beside(&service.path("insured.csv"));
    let mut steps = Steps(Vec::new());
    let error = import(
        &service.store,
        &*service.clock,
        csv.as_bytes(),
        &mut rejections,
        &mut steps,
    );
    match error {
        Err(ImportError::Header(HeaderError::Missing(columns))) => {
            assert_eq!(columns, ["Birthdate"]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(service.query("SELECT count(*) || '' FROM coverage"), ["0"]);
}

#[test]
fn rows_that_fail_are_named_and_the_rest_goes_in() {
    let service = Service::new();
    let table = [
        ("19850231", "20210326", "Birthdate", "実在する日付"),
        ("0630488", "06130488x", "InsurerNumber", "数字"),
        (",1,20210326", ",9,20210326", "Sex1", "OQSCD007"),
        ("新橋　太郎", "", "Name", "必須"),
        ("新橋　太郎", "・・", "Name", "文字"),
        (",01,", ",77,", "InsuredCardClassification", "OQSCD010"),
        ("東京都港区", "東\u{1}京", "Address", "制御文字"),
        ("東京都港区,", "", "", "列の数"),
    ];
    let mut csv = format!("{HEADER}\n");
    for (from, to, ..) in table {
        let from = match from {
            "19850231" => "20210326,東京都港区",
            "0630488" => "06130488",
            from => from,
        };
        let to = if to == "20210326" {
            "19850231,東京都港区"
        } else {
            to
        };
        csv.push_str(&ROW.replacen(from, to, 1));
        csv.push('\n');
    }
    csv.push_str(ROW);
    csv.push('\n');
    let mut bytes = csv.into_bytes();
    bytes.extend_from_slice(b"06130488,\x93\x8c,01,9,a,b,1,20210326,c,20210326\n");
    let summary = service.import(bytes);
    assert_eq!((summary.rows, summary.added, summary.rejected), (10, 1, 9));
    let rejected = std::fs::read(service.path("insured.rejected.csv")).unwrap();
    let rejected = String::from_utf8_lossy(&rejected);
    let mut lines = rejected.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("RejectedLine,RejectedField,RejectedReason,Insurer")
    );
    for (number, (_, _, field, reason)) in table.iter().enumerate() {
        let line = lines.next().unwrap();
        assert!(
            line.starts_with(&format!("{},{field},", number + 2)),
            "{line}"
        );
        assert!(line.contains(reason), "{line}");
    }
    assert!(lines.next().unwrap().contains("UTF-8"));
}

#[test]
fn a_corrected_rejection_file_can_be_imported() {
    let service = Service::new();
    service.import(format!(
        "{HEADER}\n{}\n",
        ROW.replace("20210326,東", "20210399,東")
    ));
    let path = service.path("insured.rejected.csv");
    let again = std::fs::read_to_string(&path).unwrap();
    let summary = service.import(&again);
    assert_eq!((summary.added, summary.rejected), (0, 1));
    let twice = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        twice.lines().next(),
        again.lines().next(),
        "the columns do not pile up"
    );
    let summary = service.import(twice.replace("20210399", "20210326"));
    assert_eq!((summary.added, summary.rejected), (1, 0));
}

#[cfg(unix)]
#[test]
fn files_with_personal_data_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let service = Service::new();
    service.import(format!("{HEADER}\n{}\n", ROW.replace("20210326", "x")));
    let mode = std::fs::metadata(service.path("insured.rejected.csv"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn progress_is_told_as_the_file_is_read() {
    let service = Service::new();
    let mut csv = format!("{HEADER}\n");
    for number in 0..1200 {
        csv.push_str(&ROW.replace(",01,1,", &format!(",01,{number},")));
        csv.push('\n');
    }
    let mut steps = Steps(Vec::new());
    let mut rejections = Rejections::none();
    let summary = import(
        &service.store,
        &*service.clock,
        csv.as_bytes(),
        &mut rejections,
        &mut steps,
    );
    assert_eq!(summary.unwrap().added, 1200);
    assert_eq!(steps.0.len(), 3);
    assert!(steps.0.is_sorted());
    assert_eq!(steps.0.last(), Some(&(csv.len() as u64)));
}
