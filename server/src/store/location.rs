//! Where the store is.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;

/// A store's place, from `--data DIR` or `--database URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location(PathBuf);

/// The database URL can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LocationError {
    /// Not `sqlite:`.
    #[error("--database takes sqlite:PATH; “{scheme}:” is not supported by this version")]
    Scheme {
        /// What stood before the colon.
        scheme: String,
    },
    /// Nothing behind `sqlite:`.
    #[error("--database sqlite:PATH names no file")]
    NoPath,
}

impl Location {
    /// The file `shikaku.sqlite` in a directory.
    pub fn in_directory(directory: &Path) -> Self {
        Self(directory.join("shikaku.sqlite"))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(url: &str) -> Result<Self, LocationError> {
        match url.split_once(':') {
            Some(("sqlite", path)) => match path.strip_prefix("//").unwrap_or(path) {
                "" => Err(LocationError::NoPath),
                path => Ok(Self(PathBuf::from(path))),
            },
            Some((scheme, _)) => Err(LocationError::Scheme {
                scheme: scheme.to_owned(),
            }),
            None => Err(LocationError::Scheme {
                scheme: String::new(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_names_a_file() {
        let table = [
            ("sqlite:a/b.sqlite", Some("a/b.sqlite")),
            ("sqlite:///a/b.sqlite", Some("/a/b.sqlite")),
            ("sqlite:", None),
            ("postgres://localhost/shikaku", None),
            ("a/b.sqlite", None),
        ];
        for (url, path) in table {
            let location = url.parse::<Location>().ok();
            assert_eq!(
                location.as_ref().map(Location::path),
                path.map(Path::new),
                "{url}"
            );
        }
    }
}
