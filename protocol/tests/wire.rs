//! Every message as it stands on the wire. A failing snapshot is a change of
//! protocol: think of the pages and programs of another version.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use domain::account::Role;
use domain::consent::ConsentBundle;
use domain::passcode::PasscodeState;
use domain::search::{Field, SearchForm};
use domain::session::SessionRules;
use domain::timestamp::Timestamp;
use protocol::http::{
    About, AccountChoice, AccountState, AccountSummary, AccountToCreate, Candidate, CandidateId,
    CardLink, ConsentsAsked, DemoAccount, Health, IssuedPasscode, LogIn, OneTimePassword, PageKey,
    PasscodeIssue, Passkey, PasskeyAddition, PasskeyChallenge, PasskeyChoice, PasskeyLogIn,
    PasskeyRenaming, PasskeyRule, PasskeyToAdd, Passkeys, PasswordChange, ProblemCode,
    ProblemViolation, SearchAnswer, SearchOutcome, SessionInfo, Unlock,
};

fn id() -> CandidateId {
    "A".repeat(80).parse().unwrap()
}

#[test]
fn messages_on_the_wire() {
    insta::assert_json_snapshot!(
        "health",
        Health {
            status: "ok".to_owned(),
            version: "0.1.0".to_owned(),
        }
    );
    insta::assert_json_snapshot!(
        "about",
        About {
            version: "0.1.0".to_owned(),
            demo_accounts: vec![DemoAccount {
                user_id: "staff".parse().unwrap(),
                password: "shikaku-demo".to_owned(),
                role: Role::Staff,
            }],
        }
    );
    insta::assert_json_snapshot!(
        "log_in",
        LogIn {
            user_id: "staff".to_owned(),
            password: "shikaku-demo".to_owned(),
            take_over: false,
        }
    );
    insta::assert_json_snapshot!(
        "session_info",
        SessionInfo {
            user_id: "staff".parse().unwrap(),
            role: Role::Staff,
            medical_institution_code: "1310000001".parse().unwrap(),
            institution_name: "新橋サンプルクリニック".to_owned(),
            today: "2026-11-22".parse().unwrap(),
            rules: SessionRules::default(),
            is_locked: false,
            must_change_password: false,
            must_add_passkey: false,
            passcode_is_void: false,
            page_key: Some(PageKey(
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()
            )),
        }
    );
    insta::assert_json_snapshot!("search_form", SearchForm::default());
}

#[test]
fn accounts_on_the_wire() {
    let time = Timestamp::from_unix_milliseconds(1_795_316_400_000);
    insta::assert_json_snapshot!(
        "unlock",
        Unlock {
            password: "shikaku-demo".to_owned(),
        }
    );
    insta::assert_json_snapshot!(
        "password_change",
        PasswordChange {
            current_password: "shikaku-demo".to_owned(),
            new_password: "correct horse".to_owned(),
        }
    );
    insta::assert_json_snapshot!(
        "account_to_create",
        AccountToCreate {
            user_id: "hanako".to_owned(),
            role: Role::Staff,
        }
    );
    insta::assert_json_snapshot!(
        "account_choice",
        AccountChoice {
            user_id: "hanako".parse().unwrap(),
        }
    );
    insta::assert_json_snapshot!(
        "one_time_password",
        OneTimePassword {
            user_id: "hanako".parse().unwrap(),
            password: "abcd-efgh-jkmn-pqrs".to_owned(),
            expires_at: time,
        }
    );
    let states = [
        AccountState::Enabled,
        AccountState::OneTime,
        AccountState::OneTimeExpired,
        AccountState::Disabled,
    ];
    let accounts = states.map(|state| AccountSummary {
        user_id: "hanako".parse().unwrap(),
        role: Role::Administrator,
        state,
        passkeys: 2,
        last_logged_in_at: Some(time),
    });
    insta::assert_json_snapshot!("accounts", accounts);
}

#[test]
fn passcodes_and_cards_on_the_wire() {
    let time = Timestamp::from_unix_milliseconds(1_795_316_400_000);
    insta::assert_json_snapshot!(
        "issued_passcode",
        IssuedPasscode {
            passcode: "0427".parse().unwrap(),
            expires_at: time,
        }
    );
    let issues = PasscodeState::ALL.map(|state| PasscodeIssue {
        issued_by: "hanako".parse().unwrap(),
        issued_at: time,
        expires_at: time,
        state,
        last_used_at: Some(time),
        wrong_entries: 1,
        wrong_at: vec!["受付1".to_owned()],
    });
    insta::assert_json_snapshot!("passcode_issues", issues);
    insta::assert_json_snapshot!(
        "card_link",
        CardLink {
            card: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
            candidate: id(),
            replaces: false,
        }
    );
    insta::assert_json_snapshot!(
        "consents_asked",
        ConsentsAsked {
            bundles: ConsentBundle::ALL.to_vec(),
        }
    );
}

#[test]
fn passkeys_on_the_wire() {
    let time = Timestamp::from_unix_milliseconds(1_795_316_400_000);
    insta::assert_json_snapshot!(
        "passkey_challenge",
        PasskeyChallenge {
            token: "AAAA".to_owned(),
            options: "{}".to_owned(),
            origins: vec!["https://clinic.example".to_owned()],
        }
    );
    insta::assert_json_snapshot!(
        "passkey_log_in",
        PasskeyLogIn {
            token: "AAAA".to_owned(),
            credential: "{}".to_owned(),
        }
    );
    insta::assert_json_snapshot!(
        "passkey_to_add",
        PasskeyToAdd {
            token: "AAAA".to_owned(),
            name: "受付".to_owned(),
            credential: "{}".to_owned(),
        }
    );
    insta::assert_json_snapshot!(
        "passkeys",
        Passkeys {
            passkeys: vec![Passkey {
                id: 1,
                name: "受付".parse().unwrap(),
                created_at: time,
                last_used_at: Some(time),
            }],
            is_required: true,
            origins: vec!["https://clinic.example".to_owned()],
        }
    );
    let renaming = PasskeyRenaming {
        id: 1,
        name: "受付".to_owned(),
    };
    let addition = PasskeyAddition {
        password: "shikaku-demo".to_owned(),
    };
    let choice = PasskeyChoice { id: 1 };
    let rule = PasskeyRule { is_required: true };
    let others = (addition, renaming, choice, rule);
    insta::assert_json_snapshot!("passkey_requests", others);
}

#[test]
fn search_outcomes_on_the_wire() {
    let candidate = Candidate {
        id: id(),
        name: "新橋　太郎".to_owned(),
        birthdate: "2021-03-26".parse().unwrap(),
        sex1: domain::code::Sex::Male,
        address: None,
        insurer_name: "東京新橋サンプル保険者".to_owned(),
    };
    let narrow_by = vec![Field::Address, Field::InsurerName];
    let outcomes = [
        (SearchOutcome::NotFound, 51),
        (SearchOutcome::One(id()), 2),
        (SearchOutcome::Several(vec![candidate]), 0),
        (SearchOutcome::TooMany { narrow_by }, 0),
    ]
    .map(|(outcome, variant_matches)| SearchAnswer {
        outcome,
        variant_matches,
    });
    insta::assert_json_snapshot!("search_outcomes", outcomes);
}

#[test]
fn problems_on_the_wire() {
    let violation = ProblemViolation {
        field: "birthdate".to_owned(),
        message: "生年月日を入力してください".to_owned(),
    };
    let problem = ProblemCode::InvalidInput.problem("0123456789abcdef", vec![violation]);
    insta::assert_json_snapshot!("problem", problem);
    let codes: Vec<_> = ProblemCode::ALL
        .iter()
        .map(|code| (code, code.status()))
        .collect();
    insta::assert_json_snapshot!("problem_codes", codes);
}

#[test]
fn a_candidate_id_is_of_one_form() {
    for text in [
        "",
        &"A".repeat(22),
        &"A".repeat(79),
        &format!("{}/", "A".repeat(79)),
        &"A".repeat(81),
    ] {
        assert!(text.parse::<CandidateId>().is_err(), "{text}");
    }
}
