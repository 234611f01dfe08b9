//! What the parts of the example have in common.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::database::Database;
use crate::command::{command, in_folder, run};
use crate::setup::Prepared;
use crate::unprivileged::Unprivileged;
use crate::workspace::Workspace;

/// What the example is made of.
#[derive(Debug)]
pub(super) struct Programs {
    /// The repository's folder.
    ops: PathBuf,
    postgres: PathBuf,
    pub(super) haproxy: PathBuf,
    server: PathBuf,
}

impl Programs {
    pub(super) fn of(workspace: &Workspace, prepared: &Prepared, server: PathBuf) -> Result<Self> {
        Ok(Self {
            ops: workspace.root.join("ops"),
            postgres: prepared.postgres()?.clone(),
            haproxy: prepared.haproxy()?.clone(),
            server,
        })
    }
}

/// What the parts have in common.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) programs: Programs,
    pub(super) folder: PathBuf,
    pub(super) as_whom: Unprivileged,
    /// As in `shikaku-ops.env`.
    environment: BTreeMap<&'static str, String>,
    /// By role; the first is the servers' own.
    passwords: [(&'static str, String); 3],
    /// Of the servers' database, on whichever host is the primary.
    url: String,
}

impl Machine {
    pub(super) fn new(programs: Programs, folder: &Path) -> Result<Self> {
        let ops = folder.join("ops");
        // Who owns the databases need not get into the repository.
        run(command("cp").arg("-R").arg(&programs.ops).arg(&ops))?;
        Ok(Self {
            programs,
            folder: folder.to_owned(),
            as_whom: Unprivileged::find()?,
            environment: BTreeMap::new(),
            passwords: [
                ("shikaku", secret()?),
                ("keeper", secret()?),
                ("replicator", secret()?),
            ],
            url: String::new(),
        })
    }

    /// Tells everything where the databases are, and who may speak to them.
    pub(super) fn know(&mut self, databases: &[Database; 2]) -> Result<()> {
        let known = databases.iter().map(|database| {
            let (name, port) = (database.part.name, database.port);
            format!("{name}=127.0.0.1:{port}")
        });
        let known: Vec<_> = known.collect();
        let hosts = databases.each_ref().map(|database| database.port);
        let hosts = hosts.map(|port| format!("127.0.0.1:{port}")).join(",");
        self.url = format!("postgres://shikaku@{hosts}/shikaku");
        let pgpass = self.file("pgpass");
        let lines = self.passwords.iter().map(|(role, password)| {
            // Replication is no database, but has to be named.
            format!("127.0.0.1:*:*:{role}:{password}\n")
        });
        fs::write(&pgpass, lines.collect::<String>())?;
        run(command("chmod").arg("600").arg(&pgpass))?;
        self.environment = BTreeMap::from([
            ("DATABASES", known.join(" ")),
            ("IN_STEP", self.file("in-step").display().to_string()),
            ("PGPASSFILE", pgpass.display().to_string()),
            ("PGDATABASE", "shikaku".to_owned()),
            ("PGCONNECT_TIMEOUT", "2".to_owned()),
            ("PGSSLMODE", "disable".to_owned()),
            ("POSTGRESQL", self.programs.postgres.display().to_string()),
        ]);
        self.as_whom.own(&self.folder)
    }

    pub(super) fn ops(&self) -> PathBuf {
        self.folder.join("ops")
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// One of PostgreSQL's.
    pub(super) fn program(&self, name: &str) -> Result<PathBuf> {
        let program = in_folder(&self.programs.postgres, name);
        program.with_context(|| format!("{name} is gone"))
    }

    pub(super) fn passwords(&self) -> &[(&'static str, String)] {
        &self.passwords
    }

    /// A command of `ops/`, as the keeper's user runs it.
    pub(super) fn operator(&self, name: &str) -> Command {
        let mut command = command(self.ops().join(name));
        command.envs(&self.environment);
        command
    }

    /// The same as whom the databases belong to.
    pub(super) fn as_postgres(&self, name: &str) -> Command {
        let mut command = self.as_whom.command(self.ops().join(name));
        command.envs(&self.environment).current_dir(&self.folder);
        command
    }

    /// The server's program with a command, on the databases.
    pub(super) fn server(&self, arguments: &[&str]) -> Command {
        let mut server = command(&self.programs.server);
        server
            .args(arguments)
            .args(["--database", &self.url])
            // In place of the URL's, which others of the machine would see.
            .env("PGPASSWORD", &self.passwords[0].1);
        server
    }
}

/// A password that nobody has to remember.
fn secret() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
