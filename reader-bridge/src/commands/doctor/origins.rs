//! Whose pages matter.

use std::path::Path;

use super::Finding;
use crate::commands::{Control, Controlled, pair};
use crate::door::origin::Origin;
use crate::files;
use crate::pairing::{Approvals, PairingStore};

/// The origins that matter: those that are named, or else those that are known.
pub(super) fn look(folder: &Path, named: &[Origin]) -> (Vec<Origin>, Vec<Finding>) {
    const PAIRINGS: &str = "ペアリング";
    let mut findings = Vec::new();
    let mut known = started_with(folder);
    match PairingStore::open(folder).and_then(|store| store.list()) {
        Ok(pairings) => {
            findings.push(Finding::note(PAIRINGS, format!("{}件", pairings.len())));
            known.extend(pairings.into_iter().map(|pairing| pairing.origin));
        }
        Err(error) => findings.push(Finding::bad(
            PAIRINGS,
            error.to_string(),
            "ファイルを消し、画面を登録し直してください",
        )),
    }
    let file = files::approvals();
    if file.exists() {
        let mut approvals = Approvals::default();
        match approvals.add_file(&file) {
            Ok(()) => known.extend(approvals.origins().cloned()),
            Err(error) => findings.push(Finding::bad(
                "管理者の許可",
                error.to_string(),
                "ファイルを直してください。直るまで起動しません",
            )),
        }
    }
    let mut origins = if named.is_empty() {
        known
    } else {
        named.to_vec()
    };
    origins.sort_by_key(Origin::to_string);
    origins.dedup();
    (origins, findings)
}

/// What the running bridge was started with, if one runs that says so.
fn started_with(folder: &Path) -> Vec<Origin> {
    let running = files::running(folder).ok().flatten();
    let answer = running.and_then(|running| pair::tell(&running, &Control::Origins).ok());
    match answer {
        Some(Controlled::Origins(origins)) => origins,
        _ => Vec::new(),
    }
}
