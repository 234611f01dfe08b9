//! Where browsers see the service: scheme, host and port, as passkeys are bound to it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use webauthn_rs::prelude::Url;

/// An origin that browsers let have passkeys: https, or http of this machine, with
/// a name for its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    url: Url,
    host: String,
}

/// Not an [`Origin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidOrigin {
    /// No URL, or one with a path, a user or more.
    #[error("an origin is a scheme, a host and perhaps a port, like https://clinic.example")]
    NoOrigin,
    /// Passkeys are bound to names.
    #[error("browsers have no passkeys for an IP address; give the service a name")]
    NoName,
    /// Browsers have no passkeys there.
    #[error("browsers have passkeys over https only, and over http for localhost")]
    NotSecure,
}

impl Origin {
    /// The host's name, in lower case.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) const fn url(&self) -> &Url {
        &self.url
    }

    /// Whether its host is this one, or below it.
    pub(super) fn is_at_or_below(&self, host: &str) -> bool {
        let rest = self.host.strip_suffix(host);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let url = Url::parse(text.trim()).map_err(|_| InvalidOrigin::NoOrigin)?;
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !url.has_host() || !is_bare {
            return Err(InvalidOrigin::NoOrigin);
        }
        let Some(host) = url.domain().map(str::to_owned) else {
            return Err(InvalidOrigin::NoName);
        };
        let is_local = host == "localhost" || host.ends_with(".localhost");
        match url.scheme() {
            "https" => Ok(Self { url, host }),
            "http" if is_local => Ok(Self { url, host }),
            _ => Err(InvalidOrigin::NotSecure),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passkeys::Passkeys;

    #[test]
    fn origins_are_where_browsers_have_passkeys() {
        use InvalidOrigin::{NoName, NoOrigin, NotSecure};
        let table = [
            ("https://clinic.example", Ok("https://clinic.example")),
            ("https://Clinic.example:443/", Ok("https://clinic.example")),
            (
                "https://clinic.example:8443",
                Ok("https://clinic.example:8443"),
            ),
            ("http://localhost:8080", Ok("http://localhost:8080")),
            ("http://a.localhost", Ok("http://a.localhost")),
            ("http://clinic.example", Err(NotSecure)),
            ("ftp://clinic.example", Err(NotSecure)),
            ("http://notlocalhost", Err(NotSecure)),
            ("http://127.0.0.1:8080", Err(NoName)),
            ("https://[::1]", Err(NoName)),
            ("https://clinic.example/app", Err(NoOrigin)),
            ("https://clinic.example/?a", Err(NoOrigin)),
            ("https://a@clinic.example", Err(NoOrigin)),
            ("clinic.example", Err(NoOrigin)),
            ("data:text/plain,a", Err(NoOrigin)),
            ("", Err(NoOrigin)),
        ];
        for (text, expected) in table {
            let origin = text.parse::<Origin>().map(|origin| origin.to_string());
            assert_eq!(origin, expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn origins_together_are_of_one_site() {
        let table: [(&[&str], bool); 6] = [
            (&["https://clinic.example"], true),
            (
                &["https://clinic.example", "https://clinic.example:8443"],
                true,
            ),
            (
                &["https://clinic.example", "https://desk.clinic.example"],
                true,
            ),
            (
                &["https://clinic.example", "https://badclinic.example"],
                false,
            ),
            (
                &["https://desk.clinic.example", "https://clinic.example"],
                false,
            ),
            (&[], false),
        ];
        for (origins, works) in table {
            let parsed = origins.iter().map(|origin| origin.parse().unwrap());
            assert_eq!(
                Passkeys::new(parsed.collect()).is_ok(),
                works,
                "{origins:?}"
            );
        }
    }
}
