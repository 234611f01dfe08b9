//! Passkeys: as the second half of a log-in, one's own, and as the institution's rule.

use axum::http::StatusCode;
use domain::search::SearchForm;
use protocol::http::{
    AccountSummary, OneTimePassword, PasskeyChallenge, PasskeyRule, Passkeys, ProblemCode,
    SessionInfo, path,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::authenticator::Authenticator;
use crate::harness::{Answer, Client, PASSWORD, Service};

async fn ask_to_add(client: &Client<'_>) -> PasskeyChallenge {
    let body = json!({ "password": PASSWORD });
    client.post(path::PASSKEY_CHALLENGE, body).await.json()
}

/// Adds the passkey of a seed.
async fn add(client: &Client<'_>, seed: u8) -> Authenticator {
    let authenticator = Authenticator::new(seed);
    let challenge = ask_to_add(client).await;
    let answer = send(client, &challenge, &authenticator).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    authenticator
}

async fn send(
    client: &Client<'_>,
    challenge: &PasskeyChallenge,
    authenticator: &Authenticator,
) -> Answer {
    let credential = authenticator.register(&challenge.options);
    let body = json!({ "token": challenge.token, "name": "受付", "credential": credential });
    client.post(path::PASSKEYS, body).await
}

/// The question that a right password is answered with.
async fn asked(client: &mut Client<'_>, user_id: &str) -> PasskeyChallenge {
    let answer = client.take_over(user_id, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    assert_eq!(client.cookie, None);
    answer.json()
}

async fn prove(client: &mut Client<'_>, token: &str, credential: &str) -> Answer {
    let body = json!({ "token": token, "credential": credential });
    client.begin(path::PASSKEY_LOG_IN, body).await
}

async fn own(client: &Client<'_>) -> Passkeys {
    client.get(path::PASSKEYS).await.json()
}

fn code(answer: &Answer) -> ProblemCode {
    answer.problem().code
}

#[tokio::test]
async fn a_log_in_with_a_passkey_needs_both() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let mut authenticator = add(&staff, 1).await;
    let known = own(&staff).await;
    assert_eq!(known.passkeys.len(), 1);
    assert_eq!(known.passkeys[0].name.as_str(), "受付");
    assert_eq!(known.passkeys[0].last_used_at, None);
    assert!(!known.is_required);

    let mut client = service.stranger();
    let challenge = asked(&mut client, "staff").await;
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    let info: SessionInfo = answer.json();
    assert!(!info.must_add_passkey);
    assert_eq!(
        own(&client).await.passkeys[0].last_used_at,
        Some(domain::timestamp::Timestamp::from_unix_milliseconds(
            1_795_316_400_000
        ))
    );
    let events = service.audited();
    assert_eq!(
        events,
        [
            "logged_in:",
            "passkey_asked:addition",
            "passkey_added:1",
            "passkey_asked:log_in",
            "logged_in:passkey",
            "took_over:",
        ]
    );

    // Where the other origin of the service is, it works as well.
    authenticator.origin = "http://desk.localhost:8080".to_owned();
    let mut client = service.stranger();
    let challenge = asked(&mut client, "staff").await;
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn locks_and_one_time_passwords_go_on_as_without_a_passkey() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let mut authenticator = add(&staff, 1).await;
    service.clock.advance_seconds(10 * 60);
    assert_eq!(code(&own_refused(&staff).await), ProblemCode::Locked);
    let answer = staff
        .post(path::UNLOCK, json!({ "password": PASSWORD }))
        .await;
    assert_eq!(answer.status, StatusCode::OK);

    let admin = service.log_in("admin").await;
    let choice = json!({ "user_id": "staff" });
    let made: OneTimePassword = admin.post(path::RESET_ACCOUNT, choice).await.json();
    let mut client = service.stranger();
    let challenge: PasskeyChallenge = client.log_in("staff", &made.password).await.json();
    let tokens = service.database.hashes("token_hash", "passkey_challenge");
    let hash: [u8; 32] = Sha256::digest(challenge.token.as_bytes()).into();
    let hash = hash.map(|byte| format!("{byte:02X}")).concat();
    assert_eq!(tokens, [hash]);
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    let info: SessionInfo = answer.json();
    assert!(info.must_change_password && !info.must_add_passkey);
    let refused = own_refused(&client).await;
    assert_eq!(code(&refused), ProblemCode::PasswordChangeRequired);
}

async fn own_refused(client: &Client<'_>) -> Answer {
    client.get(path::PASSKEYS).await
}

#[tokio::test]
async fn hostile_answers_open_nothing() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let honest = add(&staff, 1).await;
    let admin = service.log_in("admin").await;
    let others = add(&admin, 2).await;
    let with = |change: fn(&mut Authenticator)| {
        let mut authenticator = honest.clone();
        change(&mut authenticator);
        authenticator
    };
    let disguised = Authenticator {
        credential_id: honest.credential_id.clone(),
        ..others.clone()
    };
    let table = [
        (
            "another challenge",
            with(|one| one.challenge = Some("AAAA".to_owned())),
        ),
        (
            "another port",
            with(|one| one.origin = "http://localhost:8081".to_owned()),
        ),
        (
            "another scheme",
            with(|one| one.origin = "https://localhost:8080".to_owned()),
        ),
        (
            "another site",
            with(|one| one.origin = "https://clinic.example".to_owned()),
        ),
        (
            "a site that ends alike",
            with(|one| one.origin = "http://evillocalhost:8080".to_owned()),
        ),
        (
            "for another site",
            with(|one| one.rp_id = "clinic.example".to_owned()),
        ),
        (
            "a registration",
            with(|one| one.kind = Some("webauthn.create")),
        ),
        ("nobody verified", honest.clone().without_verification()),
        ("nobody there", with(|one| one.flags = 0)),
        ("another account's", others),
        ("another key under this id", disguised),
        ("unknown", Authenticator::new(3)),
    ];
    for (what, mut authenticator) in table {
        // Each fails for its own reason, not because too many failed before.
        service.clock.advance_seconds(24 * 3600);
        let mut client = service.stranger();
        let challenge = asked(&mut client, "staff").await;
        let credential = authenticator.prove(&challenge.options);
        let answer = prove(&mut client, &challenge.token, &credential).await;
        assert_eq!(code(&answer), ProblemCode::PasskeyRefused, "{what}");
        assert_eq!(client.cookie, None, "{what}");
        // Once: not even the right answer will do after a wrong one.
        let right = honest.clone().prove(&challenge.options);
        let answer = prove(&mut client, &challenge.token, &right).await;
        assert_eq!(code(&answer), ProblemCode::PasskeyChallengeOver, "{what}");
    }
    for nonsense in ["", "{}", "null", "[]", "\u{1}", "{\"id\":1}"] {
        service.clock.advance_seconds(24 * 3600);
        let mut client = service.stranger();
        let challenge = asked(&mut client, "staff").await;
        let answer = prove(&mut client, &challenge.token, nonsense).await;
        assert_eq!(code(&answer), ProblemCode::PasskeyRefused, "{nonsense}");
    }
    let refused = service.audited();
    let refused = refused.iter().filter(|line| *line == "passkey_refused:");
    assert_eq!(refused.count(), 18);
}

#[tokio::test]
async fn an_answer_is_good_once_and_for_five_minutes_and_for_its_question() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let mut authenticator = add(&staff, 1).await;

    let mut client = service.stranger();
    let challenge = asked(&mut client, "staff").await;
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = prove(&mut service.stranger(), &challenge.token, &credential).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyChallengeOver, "again");

    // The same answer to another question.
    let mut client = service.stranger();
    let challenge = asked(&mut client, "staff").await;
    let answer = prove(&mut client, &challenge.token, &credential).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyRefused, "replayed");

    // A counter that stands still: the passkey was copied.
    let mut client = service.stranger();
    let challenge = asked(&mut client, "staff").await;
    authenticator.counter -= 1;
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyRefused, "copied");

    for (seconds, status) in [(299, StatusCode::OK), (300, StatusCode::GONE)] {
        let mut client = service.stranger();
        let challenge = asked(&mut client, "staff").await;
        service.clock.advance_seconds(seconds);
        let credential = authenticator.prove(&challenge.options);
        let answer = prove(&mut client, &challenge.token, &credential).await;
        assert_eq!(answer.status, status, "{seconds}");
    }
    // A question about a new passkey is none about a log-in, and the other way round.
    let mut client = service.stranger();
    let challenge = asked(&mut client, "staff").await;
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    assert_eq!(answer.status, StatusCode::OK);
    let addition = ask_to_add(&client).await;
    let answer = prove(&mut service.stranger(), &addition.token, &credential).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyChallengeOver);
    let body = json!({ "token": "AAAA", "name": "受付", "credential": "{}" });
    let answer = client.post(path::PASSKEYS, body).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyChallengeOver);
}

#[tokio::test]
async fn what_changes_the_account_ends_the_waiting() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let mut authenticator = add(&staff, 1).await;
    let admin = service.log_in("admin").await;
    let choice = json!({ "user_id": "staff" });
    for path in [path::RESET_PASSKEYS, path::DISABLE_ACCOUNT] {
        let mut client = service.stranger();
        let challenge = asked(&mut client, "staff").await;
        admin.post(path, choice.clone()).await;
        let credential = authenticator.prove(&challenge.options);
        let answer = prove(&mut client, &challenge.token, &credential).await;
        assert_eq!(code(&answer), ProblemCode::PasskeyChallengeOver, "{path}");
        if path == path::RESET_PASSKEYS {
            let staff = service.log_in("staff").await;
            authenticator = add(&staff, 3).await;
        }
    }
}

#[tokio::test]
async fn attempts_count_until_the_passkey_is_right() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let mut authenticator = add(&staff, 1).await;
    let mut client = service.stranger();
    for _ in 0..5 {
        let challenge = asked(&mut client, "staff").await;
        let answer = prove(&mut client, &challenge.token, "{}").await;
        assert_eq!(code(&answer), ProblemCode::PasskeyRefused);
    }
    let early = client.take_over("staff", PASSWORD).await;
    assert_eq!(code(&early), ProblemCode::TooManyAttempts);
    service.clock.advance_seconds(30);
    let challenge = asked(&mut client, "staff").await;
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    assert_eq!(answer.status, StatusCode::OK);
    // Forgiven: there are four free ones again.
    for _ in 0..4 {
        client.cookie = None;
        asked(&mut client, "staff").await;
    }
}

#[tokio::test]
async fn a_passkey_takes_over_only_when_told_to() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let mut authenticator = add(&staff, 1).await;
    let mut client = service.stranger();
    let answer = client.log_in("staff", PASSWORD).await;
    assert_eq!(code(&answer), ProblemCode::InUseElsewhere);
    // Somebody logs in between the question and the answer.
    staff
        .send(axum::http::Method::DELETE, path::SESSION, None)
        .await;
    let quick: PasskeyChallenge = client.log_in("staff", PASSWORD).await.json();
    let mut other = service.stranger();
    let challenge: PasskeyChallenge = other.log_in("staff", PASSWORD).await.json();
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut other, &challenge.token, &credential).await;
    assert_eq!(answer.status, StatusCode::OK);
    let credential = authenticator.prove(&quick.options);
    let answer = prove(&mut client, &quick.token, &credential).await;
    assert_eq!(code(&answer), ProblemCode::InUseElsewhere);
    assert_eq!(other.get(path::SESSION).await.status, StatusCode::OK);
    let challenge = asked(&mut client, "staff").await;
    let credential = authenticator.prove(&challenge.options);
    let answer = prove(&mut client, &challenge.token, &credential).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        code(&other.get(path::SESSION).await),
        ProblemCode::TakenOver
    );
}

#[tokio::test]
async fn passkeys_are_added_renamed_and_removed_by_their_owner() {
    let service = Service::new();
    let staff = service.log_in("staff").await;
    let body = json!({ "password": "wrong password" });
    let answer = staff.post(path::PASSKEY_CHALLENGE, body).await;
    assert_eq!(code(&answer), ProblemCode::PasswordRefused);

    let challenge = ask_to_add(&staff).await;
    let table = [
        Authenticator::new(1).without_verification(),
        Authenticator {
            origin: "https://clinic.example".to_owned(),
            ..Authenticator::new(1)
        },
        Authenticator {
            kind: Some("webauthn.get"),
            ..Authenticator::new(1)
        },
    ];
    let answer = send(&staff, &challenge, &table[0]).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyRefused);
    let answer = send(&staff, &challenge, &Authenticator::new(1)).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyChallengeOver);
    for authenticator in &table[1..] {
        let challenge = ask_to_add(&staff).await;
        let answer = send(&staff, &challenge, authenticator).await;
        assert_eq!(code(&answer), ProblemCode::PasskeyRefused);
    }
    assert!(own(&staff).await.passkeys.is_empty());

    // Another session can't answer, and nobody can have the same passkey twice.
    let admin = service.log_in("admin").await;
    let challenge = ask_to_add(&staff).await;
    let answer = send(&admin, &challenge, &Authenticator::new(1)).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyChallengeOver);
    for seed in 1..=5 {
        add(&staff, seed).await;
    }
    let challenge = ask_to_add(&admin).await;
    let answer = send(&admin, &challenge, &Authenticator::new(1)).await;
    assert_eq!(code(&answer), ProblemCode::PasskeyRefused);
    let body = json!({ "password": PASSWORD });
    let answer = staff.post(path::PASSKEY_CHALLENGE, body).await;
    assert_eq!(code(&answer), ProblemCode::TooManyPasskeys);

    let id = own(&staff).await.passkeys[0].id;
    let rename = |name: &str| json!({ "id": id, "name": name });
    let answer = staff.post(path::RENAME_PASSKEY, rename("")).await;
    assert_eq!(answer.problem().violations[0].field, "name");
    let answer = admin.post(path::RENAME_PASSKEY, rename("鍵")).await;
    assert_eq!(code(&answer), ProblemCode::NoSuchPasskey);
    let answer = admin.post(path::REMOVE_PASSKEY, json!({ "id": id })).await;
    assert_eq!(code(&answer), ProblemCode::NoSuchPasskey);
    let answer = staff.post(path::RENAME_PASSKEY, rename(" 鍵 ")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(own(&staff).await.passkeys[0].name.as_str(), "鍵");
    let answer = staff.post(path::REMOVE_PASSKEY, json!({ "id": id })).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let answer = staff.post(path::REMOVE_PASSKEY, json!({ "id": id })).await;
    assert_eq!(code(&answer), ProblemCode::NoSuchPasskey);
    assert_eq!(own(&staff).await.passkeys.len(), 4);
}

#[tokio::test]
async fn an_institution_requires_passkeys() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let staff = service.log_in("staff").await;
    let required = json!({ "is_required": true });
    let refused = staff.post(path::PASSKEY_RULE, required.clone()).await;
    assert_eq!(code(&refused), ProblemCode::NotAllowed);
    let refused = admin.post(path::PASSKEY_RULE, required.clone()).await;
    assert_eq!(code(&refused), ProblemCode::OwnPasskeyFirst);
    add(&admin, 1).await;
    let rule: PasskeyRule = admin.post(path::PASSKEY_RULE, required).await.json();
    assert!(rule.is_required);
    let rule: PasskeyRule = admin.get(path::PASSKEY_RULE).await.json();
    assert!(rule.is_required);

    // Who is at work, and who logs in, adds one first.
    let refused = staff.search(&SearchForm::default()).await;
    assert_eq!(code(&refused), ProblemCode::PasskeyRequired);
    let mut newcomer = service.stranger();
    let info: SessionInfo = newcomer.take_over("staff", PASSWORD).await.json();
    assert!(info.must_add_passkey);
    let table = [path::RENAME_PASSKEY, path::REMOVE_PASSKEY, path::SEARCHES];
    for path in table {
        let refused = newcomer.post(path, json!({})).await;
        assert_eq!(code(&refused), ProblemCode::PasskeyRequired, "{path}");
    }
    let challenge = ask_to_add(&newcomer).await;
    let answer = send(&newcomer, &challenge, &Authenticator::new(2)).await;
    let info: SessionInfo = answer.json();
    assert!(!info.must_add_passkey);
    let answer = newcomer.search(&SearchForm::default()).await;
    assert_eq!(code(&answer), ProblemCode::InvalidInput);

    // Not the last one.
    let first = own(&newcomer).await.passkeys[0].id;
    let remove = json!({ "id": first });
    let refused = newcomer.post(path::REMOVE_PASSKEY, remove.clone()).await;
    assert_eq!(code(&refused), ProblemCode::LastPasskey);
    add(&newcomer, 3).await;
    let answer = newcomer.post(path::REMOVE_PASSKEY, remove).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);

    // A new account chooses its password first.
    let create = json!({ "user_id": "hanako", "role": "staff" });
    let made: OneTimePassword = admin.post(path::ACCOUNTS, create).await.json();
    let mut hanako = service.stranger();
    let info: SessionInfo = hanako.log_in("hanako", &made.password).await.json();
    assert!(info.must_change_password && info.must_add_passkey);
    let body = json!({ "password": made.password });
    let refused = hanako.post(path::PASSKEY_CHALLENGE, body).await;
    assert_eq!(code(&refused), ProblemCode::PasswordChangeRequired);
    let change = json!({ "current_password": made.password, "new_password": PASSWORD });
    let info: SessionInfo = hanako.post(path::PASSWORD, change).await.json();
    assert!(!info.must_change_password && info.must_add_passkey);
    add(&hanako, 4).await;
    let optional = json!({ "is_required": false });
    let rule: PasskeyRule = admin.post(path::PASSKEY_RULE, optional).await.json();
    assert!(!rule.is_required);
}

#[tokio::test]
async fn a_lost_device_is_reset_by_an_administrator_or_the_command_line() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let staff = service.log_in("staff").await;
    add(&staff, 1).await;
    let count = |list: Vec<AccountSummary>| {
        let staff = list.iter().find(|one| one.user_id.as_str() == "staff");
        staff.unwrap().passkeys
    };
    assert_eq!(count(admin.get(path::ACCOUNTS).await.json()), 1);
    let table = [
        ("admin", ProblemCode::OwnAccount),
        ("nobody", ProblemCode::NoSuchAccount),
    ];
    for (user_id, expected) in table {
        let choice = json!({ "user_id": user_id });
        let refused = admin.post(path::RESET_PASSKEYS, choice).await;
        assert_eq!(code(&refused), expected, "{user_id}");
    }
    let choice = json!({ "user_id": "staff" });
    let refused = staff.post(path::RESET_PASSKEYS, choice.clone()).await;
    assert_eq!(code(&refused), ProblemCode::NotAllowed);
    let answer = admin.post(path::RESET_PASSKEYS, choice).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(
        code(&staff.get(path::SESSION).await),
        ProblemCode::AccountChanged
    );
    assert_eq!(count(admin.get(path::ACCOUNTS).await.json()), 0);
    service.log_in("staff").await;

    add(&admin, 2).await;
    let admin_id = "admin".parse().unwrap();
    service.accounts().reset_passkeys(&admin_id).unwrap();
    service.log_in("admin").await;
    let events = service.query("SELECT outcome FROM audit WHERE action = 'passkeys_reset'");
    assert_eq!(events, ["staff", "admin"]);
}

#[tokio::test]
async fn a_service_that_does_not_know_its_origin_lets_nobody_past_his_passkey() {
    let mut service = Service::new();
    let staff = service.log_in("staff").await;
    add(&staff, 1).await;
    let cookie = staff.cookie.clone();
    service.forget_origin();
    let mut client = service.stranger();
    let refused = client.take_over("staff", PASSWORD).await;
    assert_eq!(code(&refused), ProblemCode::PasskeysNotSetUp);
    client.cookie = cookie;
    assert!(own(&client).await.origins.is_empty());
    let body = json!({ "password": PASSWORD });
    let refused = client.post(path::PASSKEY_CHALLENGE, body).await;
    assert_eq!(code(&refused), ProblemCode::PasskeysNotSetUp);
}
