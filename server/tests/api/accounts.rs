//! 「アカウント情報管理」 and 「パスワードの変更」.

use axum::http::{Method, StatusCode};
use domain::account::Role;
use protocol::http::{
    AccountState, AccountSummary, OneTimePassword, ProblemCode, SessionInfo, path,
};
use serde_json::json;
use server::store::Institution;

use crate::harness::{Client, PASSWORD, Service};

async fn accounts(client: &Client<'_>) -> Vec<(String, Role, AccountState, bool)> {
    let list: Vec<AccountSummary> = client.get(path::ACCOUNTS).await.json();
    let row = |account: AccountSummary| {
        let has_logged_in = account.last_logged_in_at.is_some();
        (
            account.user_id.to_string(),
            account.role,
            account.state,
            has_logged_in,
        )
    };
    list.into_iter().map(row).collect()
}

#[tokio::test]
async fn an_account_is_created_used_reset_and_disabled() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let create = json!({ "user_id": "Hanako", "role": "staff" });
    let made: OneTimePassword = admin.post(path::ACCOUNTS, create.clone()).await.json();
    assert_eq!(made.password.len(), 14);
    let taken = admin.post(path::ACCOUNTS, create).await.problem();
    assert_eq!(taken.violations[0].field, "user_id");
    let row = |state, has_logged_in| ("hanako".to_owned(), Role::Staff, state, has_logged_in);
    assert!(
        accounts(&admin)
            .await
            .contains(&row(AccountState::OneTime, false))
    );

    // Good for nothing but another password.
    let mut hanako = service.stranger();
    let info: SessionInfo = hanako.log_in("hanako", &made.password).await.json();
    assert!(info.must_change_password);
    let refused = hanako
        .search(&domain::search::SearchForm::default())
        .await
        .problem();
    assert_eq!(refused.code, ProblemCode::PasswordChangeRequired);
    let change =
        |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    let table = [
        ("wrong", "another password", ProblemCode::PasswordRefused),
        (&made.password, "short", ProblemCode::InvalidInput),
        (&made.password, "1234567890", ProblemCode::InvalidInput),
        (&made.password, &made.password, ProblemCode::InvalidInput),
    ];
    for (current, new, code) in table {
        let answer = hanako.post(path::PASSWORD, change(current, new)).await;
        assert_eq!(answer.problem().code, code, "{new}");
    }
    let answer = hanako
        .post(path::PASSWORD, change(&made.password, "another password"))
        .await;
    let info: SessionInfo = answer.json();
    assert!(!info.must_change_password);
    let answer = hanako.search(&domain::search::SearchForm::default()).await;
    assert_eq!(answer.problem().code, ProblemCode::InvalidInput);
    assert!(
        accounts(&admin)
            .await
            .contains(&row(AccountState::Enabled, true))
    );
    let once = service.stranger().log_in("hanako", &made.password).await;
    assert_eq!(once.problem().code, ProblemCode::LogInRefused);

    let choice = json!({ "user_id": "hanako" });
    let answer = admin.post(path::DISABLE_ACCOUNT, choice.clone()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let told = hanako.get(path::SESSION).await.problem();
    assert_eq!(told.code, ProblemCode::AccountChanged);
    assert!(
        accounts(&admin)
            .await
            .contains(&row(AccountState::Disabled, true))
    );

    let made: OneTimePassword = admin.post(path::RESET_ACCOUNT, choice).await.json();
    service.clock.advance_seconds(9 * 60);
    let answer = hanako.log_in("hanako", &made.password).await;
    assert_eq!(answer.status, StatusCode::OK);
    let events = service.query(
        "SELECT action || ':' || outcome FROM audit
         WHERE outcome = 'hanako' AND user_id IS NOT NULL ORDER BY sequence",
    );
    assert_eq!(
        events,
        [
            "account_added:hanako",
            "account_disabled:hanako",
            "password_reset:hanako"
        ]
    );
}

#[tokio::test]
async fn a_one_time_password_that_is_not_used_in_time_is_none() {
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let create = json!({ "user_id": "hanako", "role": "administrator" });
    let made: OneTimePassword = admin.post(path::ACCOUNTS, create).await.json();
    service.clock.advance_seconds(72 * 3600);
    let answer = service.stranger().log_in("hanako", &made.password).await;
    assert_eq!(answer.problem().code, ProblemCode::LogInRefused);
    let admin = service.log_in("admin").await;
    let list = accounts(&admin).await;
    assert!(
        list.iter()
            .any(|account| account.2 == AccountState::OneTimeExpired)
    );
}

#[tokio::test]
async fn administrators_touch_neither_themselves_nor_others_institutions() {
    let service = Service::new();
    let elsewhere = Institution {
        medical_institution_code: "3410712362".parse().unwrap(),
        name: "架空内科".to_owned(),
    };
    let stranger = "stranger".parse().unwrap();
    service
        .accounts()
        .add(elsewhere, &stranger, Role::Staff, PASSWORD, false)
        .unwrap();
    let admin = service.log_in("admin").await;
    assert!(
        accounts(&admin)
            .await
            .iter()
            .all(|account| account.0 != "stranger")
    );
    for path in [path::DISABLE_ACCOUNT, path::RESET_ACCOUNT] {
        let table = [
            ("stranger", ProblemCode::NoSuchAccount),
            ("nobody", ProblemCode::NoSuchAccount),
            ("admin", ProblemCode::OwnAccount),
        ];
        for (user_id, code) in table {
            let answer = admin.post(path, json!({ "user_id": user_id })).await;
            assert_eq!(answer.problem().code, code, "{path} {user_id}");
        }
    }
    let operator = json!({ "user_id": "other", "role": "operator" });
    let refused = admin.post(path::ACCOUNTS, operator).await.problem();
    assert_eq!(refused.violations[0].field, "role");

    for user_id in ["staff", "operator"] {
        let client = service.log_in(user_id).await;
        assert_eq!(
            client.get(path::ACCOUNTS).await.problem().code,
            ProblemCode::NotAllowed
        );
        for path in [path::ACCOUNTS, path::DISABLE_ACCOUNT, path::RESET_ACCOUNT] {
            let answer = client.send(Method::POST, path, Some(json!({}))).await;
            assert_eq!(answer.problem().code, ProblemCode::NotAllowed, "{path}");
        }
    }
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_keeps_this_one() {
    let service = Service::new();
    let client = service.log_in("staff").await;
    let change = json!({ "current_password": PASSWORD, "new_password": "another password" });
    let answer = client.post(path::PASSWORD, change).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(client.get(path::SESSION).await.status, StatusCode::OK);
    let mut other = service.stranger();
    let answer = other.take_over("staff", PASSWORD).await;
    assert_eq!(answer.problem().code, ProblemCode::LogInRefused);
    let answer = other.take_over("staff", "another password").await;
    assert_eq!(answer.status, StatusCode::OK);
}
