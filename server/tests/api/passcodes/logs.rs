//! What is logged, in every detail, has neither the digits nor what was entered.

use axum::http::StatusCode;
use tracing::level_filters::LevelFilter;

use super::screen::{entered, screen};
use super::{fours, issue, other_than};
use crate::harness::Service;
use crate::log::Log;

#[tokio::test]
async fn no_log_has_the_digits() {
    let log = Log::begin(LevelFilter::TRACE);
    let service = Service::new();
    let admin = service.log_in("admin").await;
    let client = screen(&service, "reception");
    // Each line has the year.
    let passcode = loop {
        let passcode = issue(&admin).await;
        if !["2026", "2025"].contains(&passcode.as_str()) {
            break passcode;
        }
    };
    let wrong = other_than(&passcode);
    entered(&client, &wrong).await;
    assert_eq!(entered(&client, &passcode).await.status, StatusCode::OK);
    let text = log.text();
    assert!(text.contains("/api/reader/passcode"), "{text}");
    for digits in [passcode, wrong] {
        assert!(!fours(&text).contains(&digits.as_str()), "{digits} {text}");
    }
}
