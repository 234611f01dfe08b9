//! Where the store is.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// A store's place, from `--data DIR` or `--database URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of `SQLite`'s.
    File(PathBuf),
    /// A database of a `PostgreSQL` server.
    Server(Box<Config>),
}

/// The database URL can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LocationError {
    /// Neither `sqlite:` nor `postgres:`.
    #[error("--database takes sqlite:PATH or postgres://…; “{scheme}:” is not supported")]
    Scheme {
        /// What stood before the colon.
        scheme: String,
    },
    /// Nothing behind `sqlite:`.
    #[error("--database sqlite:PATH names no file")]
    NoPath,
    /// What the driver says; it repeats no password.
    #[error("--database postgres://USER@HOST/NAME can't be read: {0}")]
    Url(String),
    /// Without a host the driver does not know where to look.
    #[error("--database postgres://USER@HOST/NAME names no host")]
    NoHost,
    /// Personal data would be on a network for all to read.
    #[error(
        "the database is on another machine; add sslmode=require to its URL \
         (or sslmode=disable, if something else keeps the connection secret)"
    )]
    Clear,
}

impl Location {
    /// The file `shikaku.sqlite` in a directory.
    pub fn in_directory(directory: &Path) -> Self {
        Self::File(directory.join("shikaku.sqlite"))
    }

    /// The file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }
}

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(url: &str) -> Result<Self, LocationError> {
        match url.split_once(':') {
            Some(("sqlite", path)) => match path.strip_prefix("//").unwrap_or(path) {
                "" => Err(LocationError::NoPath),
                path => Ok(Self::File(PathBuf::from(path))),
            },
            Some(("postgres" | "postgresql", _)) => server(url),
            Some((scheme, _)) => Err(LocationError::Scheme {
                scheme: scheme.to_owned(),
            }),
            None => Err(LocationError::Scheme {
                scheme: String::new(),
            }),
        }
    }
}

/// A connection that stays on this machine needs no secrecy, and its server seldom has a
/// certificate that anybody believes; another one has to be asked for with what it needs.
fn server(url: &str) -> Result<Location, LocationError> {
    let mut config: Config = url
        .parse()
        .map_err(|error: tokio_postgres::Error| LocationError::Url(error.to_string()))?;
    if config.get_hosts().is_empty() {
        return Err(LocationError::NoHost);
    }
    if matches!(config.get_ssl_mode(), SslMode::Prefer) {
        if !config.get_hosts().iter().all(is_here) {
            return Err(LocationError::Clear);
        }
        config.ssl_mode(SslMode::Disable);
    }
    Ok(Location::Server(Box::new(config)))
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) if name == "localhost" => true,
        Host::Tcp(name) => name
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_names_a_file_or_a_server() {
        let file = |path| Ok(Some(PathBuf::from(path)));
        let table = [
            ("sqlite:a/b.sqlite", file("a/b.sqlite")),
            ("sqlite:///a/b.sqlite", file("/a/b.sqlite")),
            ("sqlite:", Err(LocationError::NoPath)),
            ("postgres://localhost/shikaku", Ok(None)),
            ("postgresql://a:b@127.0.0.1:5433,[::1]/shikaku", Ok(None)),
            ("postgres://%2Fvar%2Frun/shikaku", Ok(None)),
            ("postgres://db.example/shikaku", Err(LocationError::Clear)),
            (
                "postgres://localhost,db.example/shikaku?target_session_attrs=read-write",
                Err(LocationError::Clear),
            ),
            ("postgres://db.example/shikaku?sslmode=require", Ok(None)),
            ("postgres://db.example/shikaku?sslmode=disable", Ok(None)),
            ("postgres:///shikaku", Err(LocationError::NoHost)),
            (
                "mysql://localhost/shikaku",
                Err(LocationError::Scheme {
                    scheme: "mysql".to_owned(),
                }),
            ),
            (
                "a/b.sqlite",
                Err(LocationError::Scheme {
                    scheme: String::new(),
                }),
            ),
        ];
        for (url, expected) in table {
            let location = url.parse::<Location>();
            let path = location.map(|location| location.path().map(Path::to_owned));
            assert_eq!(path, expected, "{url}");
        }
    }

    #[test]
    fn a_password_is_not_written_out() {
        let location: Location = "postgres://a:geheim@localhost/b".parse().unwrap();
        assert!(!format!("{location:?}").contains("geheim"));
        let error = "postgres://a:geheim@localhost/b?geheim2=1".parse::<Location>();
        assert!(!error.unwrap_err().to_string().contains("geheim@"));
    }
}
