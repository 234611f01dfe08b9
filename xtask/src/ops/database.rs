//! One of the two databases.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use super::example::patiently;
use super::machine::Machine;
use super::part::Part;
use crate::command::{answer, command, run};

/// The first in a folder of its own, with its settings beside its data, as Debian has them.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) part: Part,
    pub(super) port: u16,
    folder: PathBuf,
}

impl Database {
    pub(super) fn new(name: &'static str, port: u16, machine: &Machine) -> Result<Self> {
        let folder = machine.folder.join(name);
        fs::create_dir(&folder)?;
        let settings = format!(
            "include '{ops}/postgresql/shikaku.conf'\nhba_file = '{ops}/postgresql/pg_hba.conf'\n\
             cluster_name = '{name}'\nlisten_addresses = '127.0.0.1'\nport = {port}\n\
             unix_socket_directories = '{folder}'\ndata_directory = '{folder}/data'\n",
            ops = machine.ops().display(),
            folder = folder.display(),
        );
        fs::write(folder.join("postgresql.conf"), settings)?;
        Ok(Self {
            part: Part::new(name, &machine.folder),
            port,
            folder,
        })
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn settings(&self) -> PathBuf {
        self.folder.join("postgresql.conf")
    }

    /// Makes it the first primary, with everybody's role and password.
    pub(super) fn found(&mut self, machine: &Machine) -> Result<()> {
        let mut initdb = machine.as_whom.command(machine.program("initdb")?);
        initdb.args(["--auth=peer", "--encoding=UTF8", "--locale=C"]);
        initdb.args(["--data-checksums", "--pgdata"]);
        run(initdb.arg(self.data()).stdout(Stdio::null()))?;
        self.start(machine)?;
        let mut roles = self.psql(machine)?;
        run(roles
            .arg("--file")
            .arg(machine.ops().join("postgresql/roles.sql")))?;
        for (role, password) in machine.passwords() {
            // On standard input, not on a command line.
            let sql = machine.file(&format!("{role}.sql"));
            fs::write(&sql, format!("ALTER ROLE {role} PASSWORD '{password}';\n"))?;
            run(self.psql(machine)?.stdin(fs::File::open(&sql)?))?;
            fs::remove_file(sql)?;
        }
        Ok(())
    }

    /// Who owns the cluster, over its socket.
    fn psql(&self, machine: &Machine) -> Result<Command> {
        let mut psql = machine.as_whom.command(machine.program("psql")?);
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
            .args(["--dbname", "postgres", "--port", &self.port.to_string()])
            .arg("--host")
            .arg(&self.folder)
            .env_remove("PGUSER");
        Ok(psql)
    }

    /// Starts it as its unit would: not where another one has become the primary meanwhile.
    pub(super) fn start(&mut self, machine: &Machine) -> Result<()> {
        ensure!(!self.part.runs(), "{} runs already", self.part.name);
        run(machine
            .as_postgres("may-start")
            .arg(self.data())
            .stdin(Stdio::null()))?;
        let mut postgres = machine.as_whom.command(machine.program("postgres")?);
        let settings = format!("config_file={}", self.settings().display());
        postgres.arg("-D").arg(self.data()).args(["-c", &settings]);
        self.part.start(&mut postgres)?;
        self.wait(machine)
    }

    fn wait(&mut self, machine: &Machine) -> Result<()> {
        let ready = machine.program("pg_isready")?;
        let port = self.port.to_string();
        patiently("a database that answers", || {
            self.part.must_run()?;
            let mut asked = command(&ready);
            asked.args(["-q", "-h", "127.0.0.1", "-p", &port]);
            asked.args(["-U", "keeper", "-d", "shikaku"]);
            Ok(answer(&mut asked).map(drop))
        })
    }

    /// Makes it a replica of another one.
    pub(super) fn rejoin(&mut self, machine: &Machine, primary: &str) -> Result<()> {
        ensure!(!self.part.runs(), "stop {} first", self.part.name);
        let mut rejoin = machine.as_postgres("rejoin");
        rejoin.arg(self.data()).arg(primary);
        rejoin.env("CONFIG", self.settings()).stdout(Stdio::null());
        run(&mut rejoin)?;
        self.start(machine)
    }
}
