//! The mail server that reports are sent over.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::mail::MailServer;

/// Holds the mail server's URL where there is no file.
const VARIABLE: &str = "SHIKAKU_SMTP_URL";

/// How reports are sent. The URL holds a password, so it never stands on the command line, which
/// other users of the machine can see.
#[derive(Debug, Args)]
pub struct MailArgs {
    /// A file with the mail server that reports are sent over: `smtps://USER:PASSWORD@HOST[:465]`, or
    /// `smtp://USER:PASSWORD@HOST[:587]` for STARTTLS; by default the variable `SHIKAKU_SMTP_URL`, else
    /// reports leave as files only.
    #[arg(long, value_name = "FILE")]
    pub smtp_url_file: Option<PathBuf>,
    /// Certificates (PEM) that the mail server is believed by besides the system's own.
    #[arg(long, value_name = "FILE")]
    pub smtp_roots: Option<PathBuf>,
}

impl MailArgs {
    /// The mail server, if there is one.
    pub fn mail_server(&self) -> anyhow::Result<Option<MailServer>> {
        let url = match &self.smtp_url_file {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("{} can't be read", file.display()))?,
            None => match std::env::var(VARIABLE) {
                Ok(url) if !url.trim().is_empty() => url,
                _ => return Ok(None),
            },
        };
        let roots = match &self.smtp_roots {
            Some(file) => {
                let roots = std::fs::read(file);
                Some(roots.with_context(|| format!("{} can't be read", file.display()))?)
            }
            None => None,
        };
        Ok(Some(MailServer::from_url(&url, roots.as_deref())?))
    }
}
