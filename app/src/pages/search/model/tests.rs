use protocol::http::{ProblemViolation, SearchOutcome};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;

fn nobody() -> SearchAnswer {
    SearchAnswer {
        outcome: SearchOutcome::NotFound,
        variant_matches: 0,
    }
}

fn today() -> Date {
    "2026-11-22".parse().unwrap()
}

fn typed(texts: &[(Field, &str)]) -> Model {
    let mut model = Model::default();
    model.open(today());
    for (field, text) in texts {
        model.enter(*field, (*text).to_owned());
    }
    model
}

fn complete() -> Model {
    typed(&[
        (Field::NameKana, "しんばし たろう"),
        (Field::Birthdate, "R3.3.26"),
        (Field::Sex1, "1"),
        (Field::Address, "東京都"),
    ])
}

fn shown(model: &Model) -> Vec<(Field, String)> {
    let errors = model.errors(today()).into_iter();
    errors.map(|error| (error.field, error.message)).collect()
}

#[wasm_bindgen_test]
fn nothing_is_wrong_before_the_user_did_something() {
    assert!(shown(&typed(&[])).is_empty());
}

#[wasm_bindgen_test]
fn search_shows_every_error_and_mending_takes_it_away() {
    let mut model = typed(&[]);
    assert!(model.submit(today()).is_none());
    let fields: Vec<_> = shown(&model).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields,
        [Field::Name, Field::Birthdate, Field::Sex1, Field::Address]
    );
    model.enter(Field::NameKana, "シンバシ".to_owned());
    model.enter(Field::Sex1, "2".to_owned());
    let fields: Vec<_> = shown(&model).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, [Field::Birthdate, Field::Address]);
}

#[wasm_bindgen_test]
fn a_date_is_judged_when_its_field_is_left() {
    let table = [
        ("", None, None),
        ("きのう", None, Some("日付として読めません")),
        ("60/4/1", None, Some("元号を付けて")),
        ("s600401", Some("1985/04/01（昭和60年4月1日）"), None),
        (
            "２０１９．５．１",
            Some("2019/05/01（令和元年5月1日）"),
            None,
        ),
        (
            "2030/1/1",
            Some("2030/01/01（令和12年1月1日）"),
            Some("生年月日は資格確認日まで"),
        ),
    ];
    for (text, echo, error) in table {
        let mut model = typed(&[(Field::Birthdate, text)]);
        assert_eq!(model.echo(Field::Birthdate).as_deref(), echo, "{text}");
        assert!(shown(&model).is_empty(), "{text}");
        model.leave(Field::Birthdate);
        let errors = shown(&model);
        match error {
            None => assert!(errors.is_empty(), "{text}: {errors:?}"),
            Some(error) => assert!(errors[0].1.contains(error), "{text}: {errors:?}"),
        }
        model.enter(Field::Birthdate, "1".to_owned());
        assert!(shown(&model).is_empty(), "typing again: {text}");
    }
}

#[wasm_bindgen_test]
fn the_day_follows_today_until_the_user_sets_it() {
    let field = Field::QualificationConfirmationDate;
    let tomorrow = "2026-11-23".parse().unwrap();
    let mut model = typed(&[]);
    assert_eq!(model.text(field), "2026/11/22");
    model.open(tomorrow);
    assert_eq!(model.text(field), "2026/11/23");
    for text in ["2026/11/1", ""] {
        let mut model = typed(&[(field, text)]);
        model.open(tomorrow);
        assert_eq!(model.text(field), text);
    }
}

#[wasm_bindgen_test]
fn what_the_service_refuses_is_shown_beside_its_field() {
    let violation = |field: &str| ProblemViolation {
        field: field.to_owned(),
        message: "今日までの日付を入力してください".to_owned(),
    };
    let day = Field::QualificationConfirmationDate;
    let table = [
        (vec![day.code()], Reaction::ShowErrors, 1),
        (vec![day.code(), "elsewhere"], Reaction::ShowAnswer, 0),
        (vec![], Reaction::ShowAnswer, 0),
    ];
    for (fields, reaction, count) in table {
        let mut model = complete();
        let form = model.submit(today()).unwrap();
        let violations = fields.into_iter().map(violation).collect();
        let problem = ProblemCode::InvalidInput.problem("r", violations);
        assert_eq!(model.answered(form, Err(Error::Problem(problem))), reaction);
        assert_eq!(shown(&model).len(), count);
        model.enter(day, "2026/11/21".to_owned());
        assert!(shown(&model).is_empty());
    }
}

#[wasm_bindgen_test]
fn an_answer_is_for_the_conditions_it_was_asked_with() {
    let mut model = complete();
    assert!(!model.is_stale());
    let form = model.submit(today()).unwrap();
    model.answered(form, Ok(nobody()));
    assert!(model.answer().is_some() && !model.is_stale());
    model.enter(Field::Address, "大阪府".to_owned());
    assert!(model.is_stale());
    model.enter(Field::Address, "東京都".to_owned());
    assert!(!model.is_stale());
    model.submit(today()).unwrap();
    assert!(model.answer().is_none());
}

#[wasm_bindgen_test]
fn advice_is_followed_as_far_as_it_goes_without_the_users_words() {
    let complete = || {
        let mut model = complete();
        model.enter(Field::Name, "髙橋".to_owned());
        model.enter(Field::InsurerName, "電機".to_owned());
        model
    };
    let table = [
        (Advice::KanaInsteadOfName, Next::Search, Field::Name),
        (Advice::NameInsteadOfKana, Next::Search, Field::NameKana),
        (
            Advice::InsurerInsteadOfAddress,
            Next::Search,
            Field::Address,
        ),
        (
            Advice::AddressInsteadOfInsurer,
            Next::Search,
            Field::InsurerName,
        ),
    ];
    for (advice, next, emptied) in table {
        let mut model = complete();
        assert_eq!(model.follow(advice, today()), next);
        assert_eq!(model.text(emptied), "", "{advice:?}");
        // Nothing is left to search by: the user has to go on.
        let mut model = typed(&[(Field::Name, "髙橋"), (Field::Address, "東京都")]);
        assert_eq!(model.follow(advice, today()), Next::Fill(advice.field()));
    }
    for advice in [
        Advice::CheckBirthdateAndSex,
        Advice::ShorterAddress,
        Advice::OtherName,
    ] {
        let mut model = complete();
        assert_eq!(model.follow(advice, today()), Next::Fill(advice.field()));
        assert!(model.form == complete().form, "{advice:?} changes nothing");
    }
}

#[wasm_bindgen_test]
fn another_name_is_first_searched_as_it_is_written() {
    let mut model = complete();
    model.include_variants(true);
    assert!(model.submit(today()).unwrap().with_variants);
    model.enter(Field::Address, "北区".to_owned());
    assert!(model.submit(today()).unwrap().with_variants);
    model.enter(Field::Name, "高橋".to_owned());
    assert!(!model.submit(today()).unwrap().with_variants);
}

#[wasm_bindgen_test]
fn conditions_are_taken_away_and_come_back() {
    let mut model = typed(&[]);
    assert!(!model.has_typed());
    model.enter(Field::Name, "新橋 太郎".to_owned());
    assert!(model.has_typed());
    let text = model.to_text();
    let mut model = Model::default();
    model.restore(&text);
    model.open("2026-11-23".parse().unwrap());
    assert_eq!(model.text(Field::Name), "新橋 太郎");
    assert_eq!(
        model.text(Field::QualificationConfirmationDate),
        "2026/11/23",
        "the day that nobody typed moves on"
    );
}

#[wasm_bindgen_test]
fn conditions_of_another_version_come_back_as_far_as_they_are_known() {
    let mut model = Model::default();
    model.restore(r#"[[["name","高橋"],["passport","X1"],["sex1","2"]],true,"2026/11/22"]"#);
    assert_eq!(
        (model.text(Field::Name), model.text(Field::Sex1)),
        ("高橋", "2")
    );
    assert!(model.form.with_variants);
    model.restore("something else");
    assert_eq!(model.text(Field::Name), "高橋");
}
