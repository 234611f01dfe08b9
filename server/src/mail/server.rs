//! The mail server that reports are given to, over SMTP (RFC 5321).

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use thiserror::Error;
use tokio::time::timeout;
use url::Url;

/// The longest that everything may take: the person waits, and a request is cut off after 30 s.
const TIME_LIMIT: Duration = Duration::from_secs(20);
/// The longest that taking leave may take; it changes nothing any more.
const QUIT_LIMIT: Duration = Duration::from_secs(1);

const SMTPS_PORT: u16 = 465;
const SUBMISSION_PORT: u16 = 587;

/// Where reports are sent to, and how.
pub struct MailServer {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    time_limit: Duration,
}

enum Security {
    /// TLS from the first byte on (RFC 8314).
    Tls(TlsParameters),
    /// TLS before anything is said that matters, or nothing at all (RFC 3207).
    StartTls(TlsParameters),
    /// This machine only.
    Loopback,
}

/// The address of a mail server can't be used. Never repeats it: it holds a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidMailServer {
    /// Not of the form.
    #[error(
        "the mail server is written as smtps://USER:PASSWORD@HOST[:465] or \
         smtp://USER:PASSWORD@HOST[:587]"
    )]
    Form,
    /// Something after `?` that is not known; most of all, TLS that may be left out.
    #[error("the mail server's address has one option only: ?tls=required")]
    Option,
    /// The system's roots or those given can't be read.
    #[error("the trusted certificates can't be read")]
    Tls,
}

/// Why a mail was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Undelivered {
    /// Nobody to talk to, not over TLS, or not in time; the mail was not given to anybody.
    #[error("the mail server can't be reached")]
    Unreachable,
    /// The server said no; it does not have the mail.
    #[error("the mail server refused")]
    Refused,
    /// The mail was given to the server, and its answer did not come.
    #[error("the mail server did not answer")]
    Uncertain,
}

impl MailServer {
    /// From a URL: `smtps://` for TLS, `smtp://` for STARTTLS, which only a server on this machine need
    /// not offer (but with `?tls=required`). Its certificate is believed by the system's roots and by
    /// those given (PEM).
    pub fn from_url(text: &str, roots: Option<&[u8]>) -> Result<Self, InvalidMailServer> {
        use InvalidMailServer::{Form, Option, Tls};
        let url = Url::parse(text.trim()).map_err(|_| Form)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Form)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(Form);
        }
        let must_have_tls = match url.query() {
            None => !is_loopback(&host),
            Some("tls=required") => true,
            Some(_) => return Err(Option),
        };
        let tls = || {
            let tls = TlsParameters::builder(host.clone());
            let tls = match roots {
                Some(roots) => tls.add_root_certificate(Certificate::from_pem(roots)?),
                None => tls,
            };
            tls.build()
        };
        let tls = || tls().map_err(|_: Error| Tls);
        let (security, usual_port) = match url.scheme() {
            "smtps" => (Security::Tls(tls()?), SMTPS_PORT),
            "smtp" if must_have_tls => (Security::StartTls(tls()?), SUBMISSION_PORT),
            "smtp" => (Security::Loopback, SUBMISSION_PORT),
            _ => return Err(Form),
        };
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(|text| text.into_owned()).map_err(|_| Form)
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(
                decoded(url.username())?,
                decoded(password)?,
            )),
            None if url.username().is_empty() => None,
            None => return Err(Form),
        };
        Ok(Self {
            port: url.port().unwrap_or(usual_port),
            host,
            security,
            credentials,
            time_limit: TIME_LIMIT,
        })
    }

    /// The same, less patient.
    #[must_use]
    pub const fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Its port.
    #[cfg(test)]
    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Whether nothing is said to it without TLS.
    #[cfg(test)]
    pub(super) const fn must_have_tls(&self) -> bool {
        !matches!(self.security, Security::Loopback)
    }

    /// Gives the server a mail; `Ok` means that it took it over.
    pub async fn deliver(&self, mail: &Message) -> Result<(), Undelivered> {
        let mut is_given = false;
        let delivered = timeout(self.time_limit, self.give(mail, &mut is_given)).await;
        let delivered = delivered.unwrap_or(Err(if is_given {
            Undelivered::Uncertain
        } else {
            Undelivered::Unreachable
        }));
        let mut connection = delivered.inspect_err(|undelivered| {
            tracing::warn!(%undelivered, "a report was not delivered");
        })?;
        drop(timeout(QUIT_LIMIT, connection.quit()).await);
        Ok(())
    }

    async fn give(
        &self,
        mail: &Message,
        is_given: &mut bool,
    ) -> Result<AsyncSmtpConnection, Undelivered> {
        let mut connection = self.connect().await.map_err(|error| why(&error))?;
        let envelope = mail.envelope();
        let sender = Mail::new(envelope.from().cloned(), Vec::new());
        connection
            .command(sender)
            .await
            .map_err(|error| why(&error))?;
        for recipient in envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), Vec::new());
            connection
                .command(recipient)
                .await
                .map_err(|error| why(&error))?;
        }
        connection
            .command(Data)
            .await
            .map_err(|error| why(&error))?;
        *is_given = true;
        let given = connection.message(&mail.formatted()).await;
        given.map_err(|error| match why(&error) {
            Undelivered::Refused => Undelivered::Refused,
            _ => Undelivered::Uncertain,
        })?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let server = (self.host.as_str(), self.port);
        let hello = ClientId::default();
        let tls = match &self.security {
            Security::Tls(tls) => Some(tls.clone()),
            Security::StartTls(_) | Security::Loopback => None,
        };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, None, &hello, tls, None).await?;
        if let Security::StartTls(tls) = &self.security {
            connection.starttls(tls.clone(), &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&mechanisms, credentials).await?;
        }
        Ok(connection)
    }
}

/// What a failure means as long as the mail is not given. What the server said is not repeated
/// anywhere: it may name addresses.
fn why(error: &Error) -> Undelivered {
    let code = error.status().map(|code| code.to_string());
    tracing::warn!(code, tls = error.is_tls(), "the mail server did not go on");
    if error.is_permanent() || error.is_transient() {
        Undelivered::Refused
    } else {
        Undelivered::Unreachable
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Nothing of it: it holds a password.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailServer(masked)")
    }
}
