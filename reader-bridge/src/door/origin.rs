//! Where a page comes from, as browsers say it (RFC 6454 §6.2, HTML §7.1.1).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An origin: scheme, host and port. Two are equal or they are not; there is no part of
/// one, and no pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scheme {
    Http,
    Https,
}

/// The text is not an origin as browsers write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "an origin is written as browsers do: https://clinic.example or http://127.0.0.1:8080, in \
     small letters, without a path, and without a port that is the scheme's own"
)]
pub struct NotAnOrigin;

impl Origin {
    /// The host: a name in small letters, or an address, an IPv6 one in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The origin with its port, even if that is the scheme's own: for patterns in which no port
    /// means every port.
    pub fn with_port(&self) -> String {
        format!("{}://{}:{}", self.scheme.name(), self.host, self.port)
    }

    /// Whether its pages come over TLS.
    pub fn is_secure(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// Whether it is this machine itself.
    pub fn is_loopback(&self) -> bool {
        matches!(self.host.as_str(), "127.0.0.1" | "localhost" | "[::1]")
    }
}

impl Scheme {
    const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let (scheme, rest) = text.split_once("://").ok_or(NotAnOrigin)?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(NotAnOrigin),
        };
        // A host in brackets has colons of its own.
        let end = rest.rfind(']').map_or(0, |bracket| bracket + 1);
        let (host, port) = match rest[end..].split_once(':') {
            Some((more, port)) => (&rest[..end + more.len()], Some(port)),
            None => (rest, None),
        };
        let port = port.map_or(Ok(scheme.port()), |port| {
            port.parse().map_err(|_| NotAnOrigin)
        })?;
        let origin = Self {
            scheme,
            host: host.to_owned(),
            port,
        };
        // What is not written in the one way that there is was not written by a browser.
        if is_host(host) && origin.to_string() == text {
            Ok(origin)
        } else {
            Err(NotAnOrigin)
        }
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        return address
            .parse::<Ipv6Addr>()
            .is_ok_and(|parsed| parsed.to_string() == address);
    }
    let labels: Vec<_> = host.split('.').collect();
    let is_number = labels
        .last()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    if is_number {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    host.len() <= 253 && labels.into_iter().all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    (1..=63).contains(&label.len()) && label.bytes().all(is_allowed)
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.host)?;
        if self.port != self.scheme.port() {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Origin {
    type Error = NotAnOrigin;

    fn try_from(text: String) -> Result<Self, NotAnOrigin> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.to_string()
    }
}
