//! Import of files as people have them.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::search::SearchForm;
use domain::timestamp::Timestamp;
use encoding_rs::SHIFT_JIS;
use server::clock::Clock;
use server::generate::Generator;
use server::import::{
    Encoding, HeaderError, ImportError, Options, Progress, Rejections, Summary, Target, import,
    import_file,
};

use crate::database::Database;
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

/// A clock that stops the import that asks it this often.
struct StoppingClock(AtomicUsize);

impl Clock for StoppingClock {
    fn now(&self) -> Timestamp {
        let left = self.0.fetch_sub(1, Ordering::Relaxed);
        assert!(left > 0, "interrupted");
        Timestamp::from_unix_milliseconds(0)
    }
}

/// Rows of persons with several rows each, in no order, some of which change him, and some
/// of which are broken.
fn changing_rows() -> String {
    let mut generated = Vec::new();
    Generator::new(2).write(700, &mut generated).unwrap();
    let rows = String::from_utf8(generated).unwrap();
    let (header, rows) = rows.split_once('\n').unwrap();
    let moved = rows.replace("丁目", "番地");
    let broken = rows.lines().take(30).map(|row| format!("{row},\n"));
    let broken: String = broken.collect();
    format!("{header}\n{rows}{broken}{moved}{rows}")
}

#[test]
fn an_import_into_a_store_in_use_goes_on_wherever_it_stopped() {
    let csv = changing_rows();
    let whole = Service::new();
    let expected = whole.import(&csv);
    assert!(expected.changed > 700 && expected.rejected == 30);
    let rejected = std::fs::read(whole.path("insured.rejected.csv")).unwrap();

    let service = Service::new();
    let file = service.path("insured.csv");
    std::fs::write(&file, &csv).unwrap();
    let mut rejections = Rejections::beside(&file);
    let mut interrupted = 0;
    // Beside a file's rows their line of the trail comes first, and asks too.
    let asked = match service.database {
        Database::File(_) => 2,
        Database::Server(_) | Database::Shared(_) => 1,
    };
    let summary = loop {
        let target = Target {
            store: &service.store,
            clock: &StoppingClock(AtomicUsize::new(asked)),
            rejections: &mut rejections,
            progress: &mut Steps(Vec::new()),
        };
        let options = Options::default();
        let source = File::open(&file).unwrap();
        let import = AssertUnwindSafe(|| import_file(target, source, options).unwrap());
        match catch_unwind(import) {
            Ok(summary) => break summary,
            Err(_) => interrupted += 1,
        }
        rejections = Rejections::beside(&file);
    };
    assert!(interrupted > 2, "{interrupted}");
    let counted = |of: &Summary| (of.rows, of.added, of.changed, of.unchanged, of.rejected);
    assert_eq!(counted(&summary), counted(&expected));
    assert_eq!(
        service.database.hashes("record", "person"),
        whole.database.hashes("record", "person")
    );
    let again = std::fs::read(service.path("insured.rejected.csv")).unwrap();
    assert!(again == rejected, "the rejections differ");
}

struct Steps(Vec<u64>);

impl Progress for Steps {
    fn advance(&mut self, bytes: u64) {
        self.0.push(bytes);
    }
}

fn target<'a>(
    service: &'a Service,
    rejections: &'a mut Rejections,
    progress: &'a mut Steps,
) -> Target<'a> {
    Target {
        store: &service.store,
        clock: &*service.clock,
        rejections,
        progress,
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
    let before = service.database.hashes("record", "person");
    assert_eq!(
        service.import(&csv),
        Summary {
            rows: 1,
            unchanged: 1,
            ..Summary::default()
        }
    );
    assert_eq!(service.database.hashes("record", "person"), before);
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
    let service = Service::opened().await;
    for number in ["138057", "00138057", "  138057", "0138057"] {
        let row = ROW.replace("06130488", number);
        service.import(format!("{HEADER}\n{row}\n"));
    }
    assert_eq!(service.persons()[0].coverages.len(), 1);
    let client = service.log_in("staff").await;
    let eligibility = client.eligibility(&form()).await;
    assert_eq!(eligibility.coverages[0].insurer_number.as_str(), "00138057");
}

#[tokio::test]
async fn a_changed_row_changes_the_coverage_and_keeps_the_person() {
    let service = Service::opened().await;
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
        target(&service, &mut rejections, &mut steps),
        csv.as_bytes(),
        None,
    );
    match error {
        Err(ImportError::Header(HeaderError::Missing(columns))) => {
            assert_eq!(columns, ["Birthdate"]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(service.query("SELECT count(*) || '' FROM person"), ["0"]);
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
    let mut names = vec!["insured.rejected.csv"];
    if let Database::File(_) = service.database {
        names.extend(["shikaku.sqlite", "shikaku.sqlite-wal"]);
        names.extend(["shikaku.persons.sqlite", "shikaku.persons.sqlite-wal"]);
    }
    for name in names {
        let mode = std::fs::metadata(service.path(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
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
        target(&service, &mut rejections, &mut steps),
        csv.as_bytes(),
        None,
    );
    assert_eq!(summary.unwrap().added, 1200);
    assert!(steps.0.len() > 1, "batch by batch");
    assert!(steps.0.is_sorted());
    assert_eq!(steps.0.last(), Some(&(csv.len() as u64)));
}

fn shift_jis(text: &str) -> Vec<u8> {
    let (bytes, _, is_lossy) = SHIFT_JIS.encode(text);
    assert!(!is_lossy, "not in Shift_JIS");
    bytes.into_owned()
}

#[tokio::test]
async fn shift_jis_as_windows_writes_it_is_found_like_utf8() {
    let service = Service::opened().await;
    let row = ROW
        .replace("新橋　太郎", "髙﨑　太郎①")
        .replace("港区", "港区表参道ソ１");
    let summary = service.import(shift_jis(&format!("{HEADER},備考\n{row},能表\n")));
    assert_eq!((summary.added, summary.rejected), (1, 0));
    assert_eq!(summary.ignored_columns, ["備考"]);
    let client = service.log_in("staff").await;
    let form = SearchForm {
        name: "髙﨑太郎①".to_owned(),
        address: "表参道ソ1".to_owned(),
        ..form()
    };
    let eligibility = client.eligibility(&form).await;
    assert_eq!(eligibility.coverages[0].name, "髙﨑　太郎①");
}

#[test]
fn malformed_shift_jis_rejects_its_row_in_the_encoding_of_the_file() {
    let service = Service::new();
    let mut csv = shift_jis(&format!("{HEADER}\n{ROW}\n"));
    let broken = shift_jis(&ROW.replace(",01,1,", ",01,2,"));
    let name = shift_jis("新橋　太郎");
    let place = broken
        .windows(name.len())
        .position(|bytes| bytes == name)
        .unwrap();
    csv.extend_from_slice(&broken[..place]);
    csv.extend_from_slice(b"\x90\xFF");
    csv.extend_from_slice(&broken[place..]);
    csv.push(b'\n');
    let summary = service.import(&csv);
    assert_eq!((summary.added, summary.rejected), (1, 1));
    let path = service.path("insured.rejected.csv");
    let rejected = std::fs::read(&path).unwrap();
    let (text, _, _) = SHIFT_JIS.decode(&rejected);
    assert!(
        text.contains("3,Name,文字コードがShift_JISではありません,"),
        "{text}"
    );
    let corrected: Vec<u8> = {
        let broken = rejected.windows(2).position(|bytes| bytes == b"\x90\xFF");
        let broken = broken.unwrap();
        [&rejected[..broken], &rejected[broken + 2..]].concat()
    };
    let summary = service.import(corrected);
    assert_eq!((summary.added, summary.rejected), (1, 0));
}

#[test]
fn the_encoding_can_be_said() {
    let service = Service::new();
    // Nothing in the file's beginning tells.
    let csv = format!("{HEADER}\n{}\n", ROW.replace("新橋　太郎", "TARO"));
    let path = service.path("insured.csv");
    std::fs::write(&path, shift_jis(&csv)).unwrap();
    for (encoding, added, rejected) in [(Encoding::Utf8, 0, 1), (Encoding::ShiftJis, 1, 0)] {
        let options = Options {
            encoding: Some(encoding),
            ..Options::default()
        };
        let summary = import_file(
            target(
                &service,
                &mut Rejections::beside(&path),
                &mut Steps(Vec::new()),
            ),
            File::open(&path).unwrap(),
            options,
        )
        .unwrap();
        assert_eq!((summary.added, summary.rejected), (added, rejected));
    }
}

#[tokio::test]
async fn a_private_character_counts_as_one_that_could_not_be_encoded() {
    let service = Service::opened().await;
    let row = ROW.replace("新橋", "新\u{E000}");
    service.import(format!("{HEADER}\n{row}\n"));
    let client = service.log_in("staff").await;
    let eligibility = client.eligibility(&form()).await;
    assert_eq!(eligibility.coverages[0].name, "新●　太郎");
}

#[test]
fn wrong_check_digits_go_in_with_a_warning() {
    let service = Service::new();
    let wrong = |number: u32| {
        ROW.replace("06130488", "06130489")
            .replace(",01,1,", &format!(",01,{number},"))
    };
    let rows: Vec<String> = (2..9).map(wrong).collect();
    let summary = service.import(format!("{HEADER}\n{ROW}\n{}\n", rows.join("\n")));
    assert_eq!((summary.added, summary.rejected), (8, 0));
    assert_eq!(summary.wrong_check_digits.rows, 7);
    assert_eq!(summary.wrong_check_digits.first_lines, [3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn a_new_insurer_joins_the_person_whom_the_identifier_names() {
    let service = Service::opened().await;
    let header = format!("{HEADER},DisqualificationDate,PersonIdentifier");
    service.import(format!("{header}\n{ROW},,P1\n"));
    let new_insurer = ROW
        .replace("06130488,架空電機健康保険組合", "138057,架空市国民健康保険")
        .replacen(
            ",20210326,東京都港区,20210326",
            ",20210326,東京都足立区,20260401",
            1,
        );
    let summary = service.import(format!("{header}\n{ROW},20260401,P1\n{new_insurer},,P1\n"));
    assert_eq!((summary.added, summary.changed), (1, 1));
    let client = service.log_in("staff").await;
    // Found by what the old insurer knew, and judged by all that is known.
    let eligibility = client.eligibility(&form()).await;
    assert_eq!(eligibility.coverages.len(), 2);
    let old = eligibility
        .coverages
        .iter()
        .find(|coverage| coverage.insurer_number.as_str() == "06130488")
        .unwrap();
    assert_eq!(old.disqualification_date.unwrap().to_string(), "2026-04-01");
}

#[tokio::test]
async fn without_an_identifier_the_card_keeps_the_person_through_a_move_and_a_loss() {
    let service = Service::opened().await;
    let header = format!("{HEADER},DisqualificationDate");
    service.import(format!("{header}\n{ROW},\n"));
    let id = || service.query("SELECT id || '' FROM person");
    let before = id();
    let moved = ROW.replace("港区", "足立区");
    let summary = service.import(format!("{header}\n{moved},\n"));
    assert_eq!((summary.added, summary.changed), (0, 1));
    let summary = service.import(format!("{header}\n{moved},20260401\n"));
    assert_eq!((summary.added, summary.changed), (0, 1));
    assert_eq!(id(), before);
    // Another insurer is another card, and nothing but the name would tie the two.
    let elsewhere = moved.replace("06130488,架空電機", "01130012,架空製造");
    service.import(format!("{header}\n{elsewhere},\n"));
    assert_eq!(id().len(), 2);
    let client = service.log_in("staff").await;
    let new_place = SearchForm {
        address: String::new(),
        insurer_name: "架空電機".to_owned(),
        ..form()
    };
    let eligibility = client.eligibility(&new_place).await;
    assert_eq!(eligibility.coverages.len(), 1);
    assert!(eligibility.coverages[0].disqualification_date.is_some());
}
