//! What is logged, in every detail, has neither the digits nor what was entered.

use std::io;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use tracing_subscriber::filter::LevelFilter;

use super::screen::{entered, screen};
use super::{fours, issue, other_than};
use crate::harness::Service;

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_has_the_digits() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
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
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/api/reader/passcode"), "{text}");
    for digits in [passcode, wrong] {
        assert!(!fours(&text).contains(&digits.as_str()), "{digits} {text}");
    }
}
