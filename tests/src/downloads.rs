//! Files that the browser downloads.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::json;

use crate::Browser;

/// How long a download may take.
const PATIENCE: Duration = Duration::from_secs(15);

impl Browser {
    /// From now on files are downloaded into a folder, without a question.
    pub async fn download_into(&self, folder: &Path) -> anyhow::Result<()> {
        let download = json!({ "behavior": "allow", "downloadPath": folder });
        self.devtools("Browser.setDownloadBehavior", download)
            .await
            .map(drop)
    }

    /// The mail file of a 利用報告書 that the page offers, read where it would be downloaded from.
    pub async fn mail_file(&self) -> anyhow::Result<String> {
        self.script(
            "const read = new XMLHttpRequest();
             read.open('GET', document.getElementById('mail').href, false);
             read.send();
             return read.responseText",
        )
        .await
    }
}

/// A text file that the browser downloads, once its last line is whole.
pub async fn downloaded(path: &Path) -> anyhow::Result<String> {
    let started = Instant::now();
    loop {
        match fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return Ok(text),
            _ => ensure!(started.elapsed() < PATIENCE, "no {}", path.display()),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
