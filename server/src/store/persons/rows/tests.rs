use domain::search::SearchForm;
use rusqlite::{Connection, params_from_iter};

use super::*;
use crate::store::pool::in_memory;

/// Every combination of conditions that the form's rules allow.
fn allowed_forms() -> Vec<SearchForm> {
    let choices = |bit: u32, number: u32, text: &str| match number >> bit & 1 {
        1 => text.to_owned(),
        _ => String::new(),
    };
    let form = |number| SearchForm {
        name: choices(0, number, "新橋太郎"),
        name_kana: choices(1, number, "シンバシタロウ"),
        address: choices(2, number, "東京都"),
        insurer_name: choices(3, number, "架空"),
        with_variants: number >> 4 & 1 == 1,
        birthdate: "1980/1/1".to_owned(),
        sex1: "1".to_owned(),
        qualification_confirmation_date: "2026/11/22".to_owned(),
    };
    (0..32).map(form).collect()
}

/// What the database says it does, a line a step.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let parameters = vec![1; statement.parameter_count()];
    let rows = statement.query_map(params_from_iter(parameters), |row| row.get(3));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn no_allowed_search_scans() {
    let connection = in_memory();
    let today = "2026-11-22".parse().unwrap();
    let mut searched = 0;
    for form in allowed_forms() {
        let Ok(criteria) = form.parse(today) else {
            continue;
        };
        searched += 1;
        let wanted = Wanted::of(&criteria.keys()).unwrap();
        let statements = statements(&wanted);
        assert!((4..=5).contains(&statements.len()), "few look-ups");
        for (sql, _) in statements {
            for step in plan(&connection, sql) {
                let is_direct = step.starts_with("SEARCH")
                    && (step.contains("INTEGER PRIMARY KEY")
                        || step.contains("PRIMARY KEY (key=?"));
                assert!(is_direct, "{step}");
            }
        }
    }
    assert_eq!(searched, 18, "the form's rules allow as many");
    let scan = plan(&connection, "SELECT id FROM person WHERE record = ?1");
    assert!(scan[0].starts_with("SCAN"), "{scan:?}");
}

fn stored(identifier: &str, name: &str, kana: &str) -> crate::store::StoredCoverage {
    let json = format!(
        r#"{{"insured_card_classification":"01","insurer_number":"06130488","insurer_name":"架空",
        "name":"{name}","name_kana":"{kana}","sex1":"1","birthdate":"1980-01-01",
        "specific_diseases_certificate_list":[]}}"#
    );
    crate::store::StoredCoverage {
        person_identifier: identifier.to_owned(),
        certificate_serial_number: None,
        coverage: serde_json::from_str(&json).unwrap(),
    }
}

fn found(connection: &Connection, name: &str, kana: &str) -> Vec<i64> {
    let form = SearchForm {
        name: name.to_owned(),
        name_kana: kana.to_owned(),
        ..allowed_forms().remove(4)
    };
    let keys = form.parse("2026-11-22".parse().unwrap()).unwrap().keys();
    let rows = Rows(Sql::Sqlite(connection))
        .among(&Wanted::of(&keys).unwrap())
        .unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

#[test]
fn a_changed_name_moves_nobody() {
    let connection = in_memory();
    let rows = Rows(Sql::Sqlite(&connection));
    let mut person = Person::new(&stored("A", "新橋太郎", "シンバシ"));
    let row = rows.add(&person).unwrap();
    let before = keys::keys_of(row, &person);
    person.keep(&stored("A", "渋谷●郎", "シブヤ"));
    rows.change(row, &before, &person).unwrap();
    for (name, kana, is_found) in [
        ("新橋太郎", "", false),
        ("渋谷太郎", "", true),
        ("渋田太朗", "", false),
        ("", "シブヤ", true),
        ("", "シンジュク", false),
    ] {
        assert_eq!(
            !found(&connection, name, kana).is_empty(),
            is_found,
            "{name}{kana}"
        );
    }
    let number = person.number(row, &rows.numbers().unwrap());
    assert_eq!(rows.of_person(number).unwrap().unwrap().id, row);
    // Nothing is left behind.
    let before = keys::keys_of(row, &person);
    person.keep(&stored("A", "新橋太郎", "シンバシ"));
    rows.change(row, &before, &person).unwrap();
    let keys: i64 = connection
        .query_row("SELECT count(*) FROM person_key", [], |row| row.get(0))
        .unwrap();
    assert_eq!(keys, 2, "an identifier and a name");
}

#[test]
fn more_namesakes_than_a_place_has_rows_are_all_found() {
    let connection = in_memory();
    let transaction = connection.unchecked_transaction().unwrap();
    for number in 0..600 {
        let person = Person::new(&stored(&number.to_string(), "新橋太郎", "シンバシ"));
        Rows(Sql::Sqlite(&transaction)).add(&person).unwrap();
    }
    assert_eq!(found(&transaction, "", "シンバシ").len(), 600);
    assert_eq!(found(&transaction, "新橋太郎", "").len(), 600);
    assert!(
        Rows(Sql::Sqlite(&transaction))
            .of_identifier("599")
            .unwrap()
            .is_some()
    );
}
