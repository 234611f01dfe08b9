use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::coverage::Coverage;
use tempfile::TempDir;

use super::*;
use crate::store::{ImportProgress, Location, Reader, StoredCoverage, Upsert};

const FILE: FileKey = [7; 32];

/// A file in no order: rows of one person together and apart, in one place and in several,
/// changed, repeated, and more namesakes than a place has rows.
fn rows() -> Vec<StoredCoverage> {
    let mut rows = Vec::new();
    for number in 0..500_u64 {
        let person = number * 7919 % 211;
        let insurer = number / 422;
        let kana = match (number % 13, number % 10) {
            (0, _) => "ﾍﾂﾉ ﾅﾏｴ".to_owned(),
            (_, 1) => "ﾄﾞｳﾒｲ".to_owned(),
            _ => format!("ｶﾅ {}", "ｱ".repeat(1 + person as usize % 17)),
        };
        rows.push(row(person, insurer, &kana, number % 5));
    }
    rows.extend((0..520).map(|person| row(1000 + person, 0, "ﾄﾞｳﾒｲ", 0)));
    rows.extend(rows.last().cloned());
    rows
}

fn row(person: u64, insurer: u64, kana: &str, town: u64) -> StoredCoverage {
    let is_namesake = kana == "ﾄﾞｳﾒｲ";
    let day = if is_namesake { 1 } else { 1 + person % 27 };
    let json = format!(
        r#"{{"insured_card_classification":"01","insurer_number":"0613048{insurer}",
        "insurer_name":"架空{insurer}","name":"新橋　{person}●","name_kana":"{kana}","sex1":"1",
        "birthdate":"1980-01-{day:02}","address":"東京都{town}","qualification_date":"2020-04-01",
        "specific_diseases_certificate_list":[]}}"#
    );
    StoredCoverage {
        person_identifier: format!("P{person}"),
        certificate_serial_number: person
            .is_multiple_of(3)
            .then(|| format!("AB{person}{insurer}")),
        coverage: serde_json::from_str(&json).unwrap(),
    }
}

/// Everybody by identifier; persons' numbers differ where namesakes are numbered otherwise.
type Everybody = BTreeMap<String, (Option<String>, Vec<Coverage>)>;

fn everybody(store: &Store) -> Everybody {
    let mut persons = BTreeMap::new();
    let take = |reader: &Reader<'_>| {
        let mut numbers = Vec::new();
        reader.each_person(|person| {
            numbers.push((person.number, person.person_identifier.clone()));
            let known = (person.certificate_serial_number, person.coverages);
            let before = persons.insert(person.person_identifier, known);
            assert!(before.is_none(), "nobody is there twice");
        })?;
        for (number, identifier) in numbers {
            let found = reader.person_of_identifier(&identifier)?;
            assert_eq!(found.map(|(found, _)| found), Some(number), "{identifier}");
            assert!(!reader.coverages(number)?.is_empty());
        }
        for (serial, _) in persons.values() {
            if let Some(serial) = serial {
                assert!(reader.person_of_certificate(serial)?.is_ok(), "{serial}");
            }
        }
        Ok::<_, StoreError>(())
    };
    store.read_blocking(take).unwrap();
    persons
}

fn opened(folder: &TempDir) -> Store {
    Store::open_for_import(&Location::in_directory(folder.path())).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_unix_milliseconds(0)
}

/// The same, row by row.
fn kept(store: &Store) -> Counts {
    let mut counts = Counts::default();
    for stored in rows() {
        let keep = |writer: &Writer<'_>| {
            let upsert = writer.keep_coverage(&stored)?;
            Ok::<_, StoreError>(append::imported(upsert, 1))
        };
        counts.count(store.write_blocking(now(), keep).unwrap());
    }
    counts
}

/// Fills the store, or goes on; `interrupt` is asked at each step whether it ends there.
fn fill(store: &Store, mut interrupt: impl FnMut() -> bool) -> Option<Counts> {
    let (filling, stands) = Filling::begin(store, Some(FILE), true).unwrap();
    assert!(stands);
    let mut filling = filling.unwrap();
    let note = |writer: &Writer<'_>| {
        let progress = ImportProgress {
            place: 1,
            line: 1,
            prefix: [0; 32],
            rejected_bytes: 0,
            summary: String::new(),
        };
        writer.note_import_progress(&FILE, &progress)
    };
    let begun = usize::try_from(filling.rows).unwrap();
    if filling.state.step == Step::Reading {
        for stored in rows().into_iter().skip(begun) {
            filling.add(&Prepared::new(stored)).unwrap();
            if filling.is_full() {
                filling.begin_run(now(), note).unwrap();
                if interrupt() {
                    return None;
                }
            }
        }
        filling.begin_run(now(), note).unwrap();
    }
    let mut told = |_: Phase, _: u64, _: u64| assert!(!interrupt(), "interrupted");
    let last = |writer: &Writer<'_>| writer.forget_import_progress(&FILE);
    let finish = AssertUnwindSafe(|| filling.finish(&now, &mut told, last).unwrap());
    catch_unwind(finish).ok()
}

#[test]
fn filled_or_row_by_row_the_store_is_the_same() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (filled, by_row) = (opened(&one), opened(&other));
    let counts = fill(&filled, || false).unwrap();
    assert_eq!(counts, kept(&by_row));
    assert!(
        counts.added > 600 && counts.changed > 20 && counts.unchanged > 0,
        "{counts:?}"
    );
    assert!(
        everybody(&filled) == everybody(&by_row),
        "the stores differ"
    );
    assert!(!one.path().join("shikaku.import").exists());
    // And it is a store like any other now.
    assert_eq!(kept(&filled).added, 0);
    assert!(everybody(&filled) == everybody(&by_row));
}

#[test]
fn interrupted_anywhere_it_comes_to_the_same() {
    let whole = TempDir::new().unwrap();
    let store = opened(&whole);
    let mut steps = 0;
    let expected = fill(&store, || {
        steps += 1;
        false
    });
    let expected_persons = everybody(&store);
    assert!(steps > 50, "{steps}");
    for at in (1..=steps).step_by(9) {
        let folder = TempDir::new().unwrap();
        let mut step = 0;
        let interrupted = fill(&opened(&folder), || {
            step += 1;
            step == at
        });
        assert_eq!(interrupted, None, "at {at}");
        let mut counts = None;
        // And once more, shortly after.
        for more in [4, usize::MAX] {
            let mut step = 0;
            let more = || {
                step += 1;
                step == more
            };
            counts = counts.or_else(|| fill(&opened(&folder), more));
        }
        assert_eq!(counts, expected, "at {at}");
        assert!(everybody(&opened(&folder)) == expected_persons, "at {at}");
    }
}

#[test]
fn one_that_nobody_goes_on_with_is_brought_in_order() {
    let whole = TempDir::new().unwrap();
    kept(&opened(&whole));
    let expected = everybody(&opened(&whole));
    let mut begun = 0;
    for at in (1..70).step_by(6) {
        let folder = TempDir::new().unwrap();
        let mut step = 0;
        fill(&opened(&folder), || {
            step += 1;
            step == at
        });
        let service = Store::open(&Location::in_directory(folder.path())).unwrap();
        begun += usize::from(!everybody(&service).is_empty());
        kept(&service);
        assert!(everybody(&service) == expected, "at {at}");
        drop(service);
        let (filling, _) = Filling::begin(&opened(&folder), Some(FILE), true).unwrap();
        assert!(filling.is_none(), "others have been in");
        let runs = folder.path().join("shikaku.import");
        assert!(!runs.exists(), "at {at}");
    }
    assert!(begun > 3, "{begun}");
}

#[test]
fn another_file_begins_anew() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let mut steps = 0;
    fill(&store, || {
        steps += 1;
        steps == 2
    });
    let (filling, stands) = Filling::begin(&store, Some([8; 32]), true).unwrap();
    assert!(!stands);
    assert_eq!(filling.unwrap().rows, 0);
}

#[test]
fn without_room_for_sorting_it_says_so_and_can_go_on() {
    let folder = TempDir::new().unwrap();
    let store = opened(&folder);
    let (filling, _) = Filling::begin(&store, Some(FILE), true).unwrap();
    let mut filling = filling.unwrap();
    filling.add(&Prepared::new(rows().remove(0))).unwrap();
    let runs = folder.path().join("shikaku.import");
    std::fs::remove_dir_all(&runs).unwrap();
    let refused = filling.begin_run(now(), |_| Ok(()));
    assert!(matches!(refused, Err(StoreError::Sorting { .. })));
    drop(filling);
    assert!(fill(&store, || false).is_some());
    assert_eq!(everybody(&store).len(), 211 + 520);
}

#[test]
fn upserts_are_counted() {
    let mut counts = Counts::default();
    for upsert in [Upsert::Added, Upsert::Changed, Upsert::Unchanged] {
        counts.count(upsert);
    }
    assert_eq!((counts.added, counts.changed, counts.unchanged), (1, 1, 1));
}
