//! The service as a program of its own, on a store that is made for the measurement.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use super::http::Connection;
use crate::command::command;

/// Who searches, who asks for the function, and who opens it.
const USER_ID: &str = "bench";
const ADMINISTRATOR: &str = "bench-administrator";
const OPERATOR: &str = "bench-operator";
const INSTITUTION_CODE: &str = "1311234569";
/// Of the persons that a store is filled with.
pub(super) const SEED: u32 = 1;
pub(super) const PASSWORD: &str = "correct horse battery";

/// The server's program, and the folder of its store.
#[derive(Debug)]
pub(super) struct Programs {
    server: PathBuf,
    folder: PathBuf,
    /// The store, where it is no file in the folder.
    database: Option<String>,
}

impl Programs {
    /// Puts a program into an empty folder.
    pub(super) fn copy(server: &Path, folder: PathBuf) -> Result<Self> {
        let copy = folder.join(server.file_name().context("the server has no file name")?);
        fs::copy(server, &copy)?;
        Ok(Self {
            server: copy,
            folder,
            database: None,
        })
    }

    /// A program that is already there, with a new store in this folder.
    pub(super) fn at(server: PathBuf, folder: PathBuf) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Self {
            server,
            folder,
            database: None,
        })
    }

    /// The same program, with a store of its own in a folder of this name.
    pub(super) fn apart(&self, name: &str) -> Result<Self> {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self {
            server: self.server.clone(),
            folder,
            database: None,
        })
    }

    /// The same program, with a store in a database of this URL.
    pub(super) fn on(&self, name: &str, database: String) -> Result<Self> {
        let apart = self.apart(name)?;
        Ok(Self {
            database: Some(database),
            ..apart
        })
    }

    /// Says where the store is.
    fn with_store<'c>(&self, server: &'c mut Command) -> &'c mut Command {
        match &self.database {
            Some(url) => server.arg("--database").arg(url),
            None => server.arg("--data").arg(self.file("data")),
        }
    }

    /// Gives the disk back.
    pub(super) fn remove(self) -> Result<()> {
        Ok(fs::remove_dir_all(&self.folder)?)
    }

    /// The server's program.
    pub(super) fn server(&self) -> &Path {
        &self.server
    }

    /// The folder of the store and what belongs to it.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs a command on the store; gives what it printed.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut server = command(&self.server);
        self.with_store(server.args(arguments));
        let output = server.stderr(Stdio::inherit()).output()?;
        ensure!(
            output.status.success(),
            "{} from: {arguments:?}",
            output.status
        );
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Writes invented persons to a file; another seed makes others.
    pub(super) fn generate(&self, seed: u32, persons: u32, file: &Path) -> Result<()> {
        let mut generate = self.generator(seed, persons);
        let status = generate.stdout(File::create(file)?).status()?;
        ensure!(status.success(), "{status} from: generate");
        Ok(())
    }

    /// Imports invented persons as they are made; gives what the import printed. There is no
    /// file, which of a country is as large as the store.
    pub(super) fn import_generated(&self, persons: u32) -> Result<String> {
        let mut generate = self
            .generator(SEED, persons)
            .stdout(Stdio::piped())
            .spawn()?;
        let made = generate.stdout.take().context("no output of: generate")?;
        let mut import = command(&self.server);
        self.with_store(import.args(["import", "-"]));
        let output = import.stdin(made).stderr(Stdio::inherit()).output()?;
        let status = generate.wait()?;
        ensure!(status.success(), "{status} from: generate");
        ensure!(output.status.success(), "{} from: import", output.status);
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Invented persons, the first ones of any longer file.
    pub(super) fn generated(&self, persons: u32) -> Result<String> {
        let output = self
            .generator(SEED, persons)
            .stderr(Stdio::inherit())
            .output()?;
        ensure!(output.status.success(), "{} from: generate", output.status);
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// A longer one begins with what a shorter one writes.
    fn generator(&self, seed: u32, persons: u32) -> Command {
        let mut server = command(&self.server);
        server.args(["generate", "--seed", &seed.to_string()]);
        server.args(["--persons", &persons.to_string()]);
        server
    }

    /// Starts the service with somebody who may search, and the function open.
    pub(super) fn serve(&self) -> Result<Service> {
        self.add_account(USER_ID, "staff")?;
        self.add_account(ADMINISTRATOR, "administrator")?;
        self.add_account(OPERATOR, "operator")?;
        let mut server = command(&self.server);
        server.args(["serve", "--without-rate-limits"]);
        server.args(["--report-address", "report@example.jp"]);
        server.args(["--listen", "127.0.0.1:0", "--secret-file"]);
        server.arg(self.file("secret"));
        let mut child = self
            .with_store(&mut server)
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("no output of the service")?;
        let mut service = Service {
            child,
            address: String::new(),
            idle_megabytes: None,
        };
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.trim().strip_prefix("http://")?.to_owned()));
        let address = address.context("the service did not say where it listens")?;
        address
            .trim_end_matches('/')
            .clone_into(&mut service.address);
        // It may go on talking; nobody listening would end it.
        std::thread::spawn(move || lines.for_each(drop));
        service.idle_megabytes = service.megabytes();
        service.open_function()?;
        Ok(service)
    }

    fn add_account(&self, user_id: &str, role: &str) -> Result<()> {
        let mut server = command(&self.server);
        server
            .args([
                "account",
                "add",
                user_id,
                "--role",
                role,
                "--password-stdin",
            ])
            .args(["--institution-code", INSTITUTION_CODE])
            .args(["--institution-name", "bench"]);
        let server = self.with_store(&mut server);
        let mut child = server.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let mut stdin = child.stdin.take().context("no input of the service")?;
        writeln!(stdin, "{PASSWORD}")?;
        drop(stdin);
        let status = child.wait()?;
        ensure!(status.success(), "{status} from: account add");
        Ok(())
    }
}

/// A running service; it ends with this value.
#[derive(Debug)]
pub(super) struct Service {
    child: Child,
    /// Host and port.
    pub(super) address: String,
    /// Resident when it had just started.
    pub(super) idle_megabytes: Option<f64>,
}

impl Service {
    /// Logs in who searches; gives the header line of the session.
    pub(super) fn log_in(&self) -> Result<String> {
        self.log_in_as(USER_ID)
    }

    /// Logs in the operator; gives the header line of his session.
    pub(super) fn log_in_operator(&self) -> Result<String> {
        self.log_in_as(OPERATOR)
    }

    /// What is resident at this moment, in megabytes; only Linux tells.
    pub(super) fn megabytes(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        resident(&status)
    }

    pub(super) fn log_in_as(&self, user_id: &str) -> Result<String> {
        let json = format!(r#"{{"user_id":"{user_id}","password":"{PASSWORD}","take_over":true}}"#);
        let answer = Connection::open(&self.address)?.post("/api/session", "", &json)?;
        let cookie = answer
            .header("set-cookie")
            .and_then(|c| c.split(';').next());
        match cookie {
            Some(cookie) if answer.status == 200 => Ok(format!("cookie: {cookie}\r\n")),
            _ => bail!("the log-in was refused with status {}", answer.status),
        }
    }

    /// Opens the emergency function by everybody's own steps.
    fn open_function(&self) -> Result<()> {
        let operator = self.log_in_as(OPERATOR)?;
        let institution = format!("/api/operator/institutions/{INSTITUTION_CODE}");
        let registered = r#"{"name":"bench","telephone":"0312345678","email":"bench@example.jp"}"#;
        let answer = Connection::open(&self.address)?.put(&institution, &operator, registered)?;
        ensure!(answer.status == 200, "the register said {}", answer.status);
        let administrator = self.log_in_as(ADMINISTRATOR)?;
        let request = r#"{"contact":"bench","cause":"line"}"#;
        let standing = self.done("/api/opening", &administrator, request)?;
        let id = standing.split_once(r#""opening":{"id":""#);
        let id = id.and_then(|(_, rest)| rest.split('"').next());
        let acts = format!(
            "/api/operator/openings/{}/acts",
            id.context("an opening without an id")?
        );
        for act in [
            r#"{"call_back":{"spoken_to":"bench"}}"#,
            r#""send_form""#,
            r#"{"open":{"hours":24}}"#,
        ] {
            self.done(&acts, &operator, act)?;
        }
        Ok(())
    }

    pub(super) fn done(&self, path: &str, session: &str, json: &str) -> Result<String> {
        let answer = Connection::open(&self.address)?.post(path, session, json)?;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        ensure!(answer.status == 200, "{path}: {} {body}", answer.status);
        Ok(body)
    }

    /// Today in UTC, 2026-11-22, by the service's answers.
    pub(super) fn date(&self) -> Result<String> {
        let answer = Connection::open(&self.address)?.get("/api/health", "")?;
        let date = answer.header("date").context("an answer without a date")?;
        iso(date).with_context(|| format!("not a date of HTTP: {date}"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The store is for this measurement only, so nothing is lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `VmRSS:     20480 kB` as 20.97152.
fn resident(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024.0 / 1_000_000.0)
}

/// `Sun, 22 Nov 2026 11:02:23 GMT` as 2026-11-22.
fn iso(date: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = date.split(' ').skip(1);
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    Some(format!("{year}-{month:02}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_resident_is_read() {
        let found = resident("VmSize:\t  90000 kB\nVmRSS:\t   20480 kB\n");
        assert!((found.unwrap() - 20.971_52).abs() < 1e-9);
        assert_eq!(resident("VmRSS: 1 MB"), None);
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        for (date, expected) in [
            ("Sun, 22 Nov 2026 11:02:23 GMT", Some("2026-11-22")),
            ("Thu, 01 Jan 2026 00:00:00 GMT", Some("2026-01-01")),
            ("2026-11-22", None),
        ] {
            assert_eq!(iso(date).as_deref(), expected);
        }
    }
}
