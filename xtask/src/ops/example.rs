//! All parts of the example, in a scratch folder.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use super::database::Database;
use super::machine::{Machine, Programs};
use super::part::Part;
use crate::bench::Connection;
use crate::command::{command, run};

/// How long anything may take that is waited for; a hang ends, too.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(100);

/// The whole example; it ends with this value.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) machine: Machine,
    pub(super) databases: [Database; 2],
    keeper: Part,
    servers: [Server; 2],
    front: Part,
    front_port: u16,
    /// Further options of the servers.
    options: &'static [&'static str],
    folder: TempDir,
}

/// One of the servers.
#[derive(Debug)]
struct Server {
    part: Part,
    port: u16,
}

impl Example {
    /// Starts everything, one part after the other. Port 0 is any.
    pub(super) fn start(
        programs: Programs,
        front_port: u16,
        options: &'static [&'static str],
    ) -> Result<Self> {
        // A socket's path must be short.
        let folder = tempfile::Builder::new().prefix("shikaku-ops").tempdir()?;
        let mut machine = Machine::new(programs, folder.path())?;
        let [front, a, b, one, two] = free_ports(front_port)?;
        let databases = [
            Database::new("a", a, &machine)?,
            Database::new("b", b, &machine)?,
        ];
        machine.know(&databases)?;
        let server = |name, port| Server {
            part: Part::new(name, folder.path()),
            port,
        };
        let mut example = Self {
            keeper: Part::new("keeper", folder.path()),
            servers: [server("one", one), server("two", two)],
            front: Part::new("front", folder.path()),
            front_port: front,
            databases,
            machine,
            options,
            folder,
        };
        let started = example.start_all();
        started.inspect_err(|_| example.say_last_words())?;
        Ok(example)
    }

    fn start_all(&mut self) -> Result<()> {
        let [a, b] = &mut self.databases;
        a.found(&self.machine)?;
        b.rejoin(&self.machine, "a")?;
        self.start_keeper()?;
        self.until_noted("in-step a")?;
        // One after the other: the first makes the tables and the demo's persons.
        for name in ["one", "two"] {
            self.start_part(name)?;
        }
        self.start_front()
    }

    fn start_keeper(&mut self) -> Result<()> {
        let mut keeper = self.machine.operator("keeper");
        self.keeper.start(&mut keeper)
    }

    /// Waits for the keeper to have noted who is the primary and how the other one stands.
    pub(super) fn until_noted(&mut self, expected: &str) -> Result<()> {
        patiently(expected, || {
            self.keeper.must_run()?;
            Ok((self.in_step() == expected).then_some(()))
        })
    }

    /// What the keeper noted last.
    pub(super) fn in_step(&self) -> String {
        let noted = fs::read_to_string(self.machine.file("in-step"));
        noted.unwrap_or_default().trim().to_owned()
    }

    /// Starts what was killed, and waits until it answers.
    pub(super) fn start_part(&mut self, name: &str) -> Result<()> {
        if name == "keeper" {
            return self.start_keeper();
        }
        if let Some(index) = self.database(name) {
            return self.databases[index].start(&self.machine);
        }
        self.start_server(name)
    }

    fn start_server(&mut self, name: &str) -> Result<()> {
        let (secret, port) = (
            self.machine.file("passcode-secret"),
            self.server_port(name)?,
        );
        let mut command = self.machine.server(&["serve", "--demo"]);
        command
            .args(["--listen", &format!("127.0.0.1:{port}"), "--secret-file"])
            .arg(secret)
            .args(["--origin", &format!("http://localhost:{}", self.front_port)])
            .args(self.options);
        let part = self.part(name)?;
        part.start(&mut command)?;
        patiently("a server that is ready", || {
            part.must_run()?;
            Ok(is_ready(port).then_some(()))
        })
    }

    fn start_front(&mut self) -> Result<()> {
        let mut haproxy = command(&self.machine.programs.haproxy);
        haproxy
            .arg("-db")
            .arg("-f")
            .arg(self.machine.ops().join("haproxy.cfg"))
            .env("SHIKAKU_FRONT", format!("127.0.0.1:{}", self.front_port))
            .env_remove("SHIKAKU_FRONT_TLS");
        for (name, server) in ["SHIKAKU_ONE", "SHIKAKU_TWO"].iter().zip(&self.servers) {
            haproxy.env(name, format!("127.0.0.1:{}", server.port));
        }
        self.front.start(&mut haproxy)?;
        let port = self.front_port;
        patiently("a load balancer that answers", || {
            self.front.must_run()?;
            Ok(is_ready(port).then_some(()))
        })
    }

    /// Where browsers go.
    pub(super) fn front(&self) -> String {
        format!("127.0.0.1:{}", self.front_port)
    }

    /// Host and port of one server.
    pub(super) fn server(&self, name: &str) -> Result<String> {
        Ok(format!("127.0.0.1:{}", self.server_port(name)?))
    }

    fn server_port(&self, name: &str) -> Result<u16> {
        let server = self.servers.iter().find(|server| server.part.name == name);
        Ok(server.with_context(|| no_such(name))?.port)
    }

    fn database(&self, name: &str) -> Option<usize> {
        let mut databases = self.databases.iter();
        databases.position(|database| database.part.name == name)
    }

    /// All that may be killed: without the load balancer nobody could be told anything.
    fn parts(&mut self) -> impl Iterator<Item = &mut Part> {
        let servers = self.servers.iter_mut().map(|server| &mut server.part);
        let databases = self.databases.iter_mut().map(|database| &mut database.part);
        servers.chain(databases).chain([&mut self.keeper])
    }

    fn part(&mut self, name: &str) -> Result<&mut Part> {
        let found = self.parts().find(|part| part.name == name);
        found.with_context(|| no_such(name))
    }

    /// As if its machine had lost its power.
    pub(super) fn kill(&mut self, name: &str) -> Result<()> {
        self.part(name)?.kill()
    }

    /// Makes a replica the primary, by the operator's command.
    pub(super) fn promote(&self, name: &str) -> Result<()> {
        run(self.machine.operator("promote").arg(name))
    }

    /// Makes a database that was a primary the replica of another one.
    pub(super) fn rejoin(&mut self, name: &str, primary: &str) -> Result<()> {
        let index = self.database(name).with_context(|| no_such(name))?;
        self.databases[index].rejoin(&self.machine, primary)
    }

    /// What each part is doing, by name.
    pub(super) fn standing(&mut self) -> Vec<(&'static str, bool)> {
        let parts = self.parts();
        parts.map(|part| (part.name, part.runs())).collect()
    }

    /// What each part said last, for whoever wonders why it does not work.
    pub(super) fn say_last_words(&self) {
        let servers = self.servers.iter().map(|server| &server.part);
        let databases = self.databases.iter().map(|database| &database.part);
        for part in servers.chain(databases).chain([&self.keeper, &self.front]) {
            println!("--- {}\n{}", part.name, part.last_words());
        }
    }

    /// Where its data and its logs are.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        self.front.stop("-KILL");
        for server in &mut self.servers {
            server.part.stop("-KILL");
        }
        self.keeper.stop("-TERM");
        for database in &mut self.databases {
            // At once, but in order: killed, it would leave shared memory behind.
            database.part.stop("-QUIT");
        }
    }
}

fn no_such(name: &str) -> String {
    format!("there is no {name}: the parts are one, two, a, b and keeper")
}

fn is_ready(port: u16) -> bool {
    Connection::open(&format!("127.0.0.1:{port}"))
        .and_then(|mut server| server.get("/api/health/ready", ""))
        .is_ok_and(|answer| answer.status == 200)
}

/// Asks until there is an answer, or no hope any more.
pub(super) fn patiently<T>(what: &str, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if started.elapsed() > PATIENCE {
            bail!("waited for {} s in vain: {what}", PATIENCE.as_secs());
        }
        std::thread::sleep(PAUSE);
    }
}

/// The first as it is wanted, the others as nobody has them now.
fn free_ports(first: u16) -> Result<[u16; 5]> {
    let mut held = Vec::new();
    for port in [first, 0, 0, 0, 0] {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        held.push(free.with_context(|| format!("port {port} can't be used; see --port"))?);
    }
    let mut ports = [0; 5];
    for (port, held) in ports.iter_mut().zip(&held) {
        *port = held.local_addr()?.port();
    }
    Ok(ports)
}
