//! `audit list|export|verify|prune`.

use std::io::{self, Write as _};

use anyhow::bail;
use domain::audit::{Action, LinkHash, Record, outcome_label};

use crate::audit_file;
use crate::cli::{AuditCommand, AuditFilterArgs, ExportFormat};
use crate::clock::{Clock as _, SystemClock};
use crate::retention;
use crate::store::{AuditEvent, AuditFilter, AuditScope, Audited, Flaw, Store, StoreError};

/// Lines read at once: memory stays flat, and the service is not held up.
const LINES: usize = 1000;

/// Runs a command on the audit trail.
pub fn run(command: &AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::List { filter, store } => list(&Store::open(&store.location())?, filter),
        AuditCommand::Export {
            format,
            filter,
            store,
        } => export(&Store::open(&store.location())?, *format, filter),
        AuditCommand::Verify { head, store } => verify(&Store::open(&store.location())?, *head),
        AuditCommand::Prune {
            older_than_years,
            store,
        } => {
            let store = Store::open(&store.location())?;
            let removed = retention::apply(&store, SystemClock.now(), *older_than_years)?;
            println!("{removed} lines older than {older_than_years} years removed");
            Ok(())
        }
    }
}

fn list(store: &Store, filter: &AuditFilterArgs) -> anyhow::Result<()> {
    note(store, Action::AuditRead)?;
    let mut out = io::stdout().lock();
    each(store, filter, |record| {
        let action = record.action.parse::<Action>().ok();
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let outcome = record.outcome.as_deref().unwrap_or_default();
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            record.sequence,
            record.at.tokyo_iso(),
            text(&record.medical_institution_code),
            text(&record.user_id),
            text(&record.role),
            record.action,
            record
                .person_id
                .map_or_else(|| "-".to_owned(), |id| id.to_string()),
            text(&record.device),
            outcome_label(action, outcome),
        )?;
        Ok(())
    })
}

/// Reading the trail leaves a line in it.
fn note(store: &Store, action: Action) -> Result<(), StoreError> {
    store.write_blocking(SystemClock.now(), |_| {
        let event = AuditEvent::new(action, None).outcome("command line");
        Ok(Audited::new((), event))
    })
}

fn export(store: &Store, format: ExportFormat, filter: &AuditFilterArgs) -> anyhow::Result<()> {
    note(store, Action::AuditExported)?;
    let mut out = io::stdout().lock();
    match format {
        ExportFormat::Jsonl => each(store, filter, |record| {
            serde_json::to_writer(&mut out, record)?;
            Ok(out.write_all(b"\n")?)
        }),
        ExportFormat::Csv => {
            let mut csv = csv::Writer::from_writer(out);
            audit_file::write_header(&mut csv)?;
            each(store, filter, |record| {
                Ok(audit_file::write_record(&mut csv, record)?)
            })?;
            Ok(csv.flush()?)
        }
    }
}

/// Does something with each line that passes, the earliest first.
fn each(
    store: &Store,
    arguments: &AuditFilterArgs,
    mut work: impl FnMut(&Record) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let scope = match &arguments.institution {
        Some(code) => AuditScope::Institution(code.clone()),
        None => AuditScope::Everything,
    };
    let filter = AuditFilter {
        from: arguments.from,
        to: arguments.to,
        user_id: arguments.account.clone(),
        action: arguments.action,
    };
    let mut after = 0;
    loop {
        let records =
            store.read_blocking(|reader| reader.audit_after(&scope, &filter, after, LINES))?;
        let Some(last) = records.last() else {
            return Ok(());
        };
        after = last.sequence;
        records.iter().try_for_each(&mut work)?;
    }
}

fn verify(store: &Store, noted: Option<LinkHash>) -> anyhow::Result<()> {
    let found = store.read_blocking(|reader| reader.verify_audit(noted))?;
    if let Some(broken) = found.broken {
        let line = broken.sequence;
        match broken.flaw {
            Flaw::Missing => bail!("the chain is broken: line {line} was removed"),
            Flaw::Changed => {
                bail!("the chain is broken: line {line} was changed, or put in another one's place")
            }
            Flaw::EndMissing => bail!(
                "the chain is broken: it ends at line {line} and does not hold the head that was \
                 noted down; lines after it were removed, or all of it was written anew"
            ),
        }
    }
    println!(
        "{} lines hold; {} older ones were removed by the retention",
        found.lines, found.removed
    );
    println!("head: {}", found.head);
    println!("Note it down elsewhere: verify --head then sees whether the end was cut off, too.");
    Ok(())
}
