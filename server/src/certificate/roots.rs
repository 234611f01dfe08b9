//! The authorities that are believed: roots of JPKI for user authentication, given
//! as files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use x509_parser::certificate::X509Certificate;
use x509_parser::pem::Pem;

use super::chain::{self, Key};
use super::profile::{self, Hierarchy};
use super::validity::Validity;

/// The organisations that roots for tests and for the demo are of (`facts/card.md` B).
const TEST_ORGANISATION: &str = "JPKI-TEST";
const DEMO_ORGANISATION: &str = "JPKI-DEMO";

/// The most bytes of a file of roots.
const MOST_FILE_BYTES: u64 = 1024 * 1024;

/// An authority that is believed.
pub struct Root {
    /// Its name, in DER.
    pub(super) subject: Vec<u8>,
    pub(super) key: Key,
    pub(super) validity: Validity,
    pub(super) hierarchy: Hierarchy,
}

/// The roots can't be used.
#[derive(Debug, Error)]
pub enum RootError {
    /// A file or the directory can't be read.
    #[error("{path} can't be read")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds something else.
    #[error(
        "{0} is no root of JPKI: a self-signed certificate of an authority (RSA, SHA-256) in \
         DER or PEM"
    )]
    NotARoot(PathBuf),
    /// A test root, which only tests may believe.
    #[error(
        "{0} is a root of test cards; take it away, or say --jpki-test-hierarchy where no \
         patients come"
    )]
    Test(PathBuf),
    /// The demo's root.
    #[error("{0} is the demo's root, whose private key is public; take it away")]
    Demo(PathBuf),
    /// There is none.
    #[error("{0} has no roots (*.cer, *.crt, *.der, *.pem)")]
    None(PathBuf),
}

impl Root {
    /// The root of a certificate in DER; its organisation tells the hierarchy.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let certificate = super::parse(der)?;
        let key = chain::key(certificate.public_key())?;
        let is_root = certificate.subject().as_raw() == certificate.issuer().as_raw()
            && profile::is_authority(&certificate)
            && chain::is_signed_by(&certificate, &key);
        is_root.then(|| Self {
            subject: certificate.subject().as_raw().to_vec(),
            validity: Validity::of(certificate.validity()),
            hierarchy: hierarchy(&certificate),
            key,
        })
    }
}

fn hierarchy(certificate: &X509Certificate<'_>) -> Hierarchy {
    let is_of = |organisation| {
        let mut names = certificate.subject().iter_organization();
        names.any(|name| name.as_str() == Ok(organisation))
    };
    if is_of(DEMO_ORGANISATION) {
        Hierarchy::Demo
    } else if is_of(TEST_ORGANISATION) {
        Hierarchy::Test
    } else {
        Hierarchy::Production
    }
}

/// The roots of a directory's files. Each has to be one: a root that was left out
/// for a slip would be missed when a patient stands at the reader.
pub fn load(directory: &Path, with_test_hierarchy: bool) -> Result<Vec<Root>, RootError> {
    let mut roots = Vec::new();
    for path in files(directory)? {
        let bytes = read(&path).map_err(|source| RootError::File {
            path: path.clone(),
            source,
        })?;
        let not_a_root = || RootError::NotARoot(path.clone());
        for der in certificates(bytes).ok_or_else(not_a_root)? {
            let root = Root::from_der(&der).ok_or_else(not_a_root)?;
            match root.hierarchy {
                Hierarchy::Demo => return Err(RootError::Demo(path)),
                Hierarchy::Test if !with_test_hierarchy => return Err(RootError::Test(path)),
                Hierarchy::Test | Hierarchy::Production => roots.push(root),
            }
        }
    }
    if roots.is_empty() {
        return Err(RootError::None(directory.to_owned()));
    }
    Ok(roots)
}

/// The files whose names say that they are certificates, in their order.
fn files(directory: &Path) -> Result<Vec<PathBuf>, RootError> {
    let failed = |source| RootError::File {
        path: directory.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let extension = path.extension().map(|name| name.to_ascii_lowercase());
        let is_certificate = extension
            .and_then(|name| name.into_string().ok())
            .is_some_and(|name| ["cer", "crt", "der", "pem"].contains(&name.as_str()));
        if is_certificate && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > MOST_FILE_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

/// The certificates of a file: one in DER, or each that stands in PEM; `None` when
/// that is damaged.
fn certificates(bytes: Vec<u8>) -> Option<Vec<Vec<u8>>> {
    const SEQUENCE: u8 = 0x30;
    if bytes.first() == Some(&SEQUENCE) {
        return Some(vec![bytes]);
    }
    let found: Vec<Pem> = Pem::iter_from_buffer(&bytes)
        .collect::<Result<_, _>>()
        .ok()?;
    let certificates = found.into_iter().map(|pem| pem.contents);
    (certificates.len() > 0).then(|| certificates.collect())
}
