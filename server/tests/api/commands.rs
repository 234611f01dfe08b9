//! The program as a person runs it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags};
use server::store::{Location, Store};
use tempfile::TempDir;

pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_shikaku-server"))
}

fn run(data: &TempDir, arguments: &[&str]) -> Output {
    let mut command = program();
    command.args(arguments).arg("--data").arg(data.path());
    command.stdin(Stdio::null()).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server that is stopped at the end, whatever happens.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
    output: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) fn start(data: &TempDir, arguments: &[&str]) -> Self {
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let address = said(&mut output, "http://");
        Self {
            child,
            address,
            output,
        }
    }

    /// Where the numbers are.
    fn numbers(&mut self) -> String {
        let address = said(&mut self.output, "Prometheus: http://");
        address.trim_end_matches("/metrics").to_owned()
    }

    pub(crate) fn get(&self, path: &str) -> String {
        get(&self.address, path)
    }
}

/// What stands behind this at the beginning of a line of the output.
pub(crate) fn said(output: &mut BufReader<ChildStdout>, before: &str) -> String {
    let mut lines = output.lines().map_while(Result::ok);
    let found = lines.find_map(|line| Some(line.trim().strip_prefix(before)?.to_owned()));
    found.unwrap().trim_end_matches('/').to_owned()
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn accounts_are_added_listed_disabled_and_reset() {
    let data = TempDir::new().unwrap();
    let add = [
        "account",
        "add",
        "hanako",
        "--role",
        "staff",
        "--institution-code",
        "1311234569",
    ];
    let refused = run(&data, &add);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("--institution-name"));
    let named = [&add[..], &["--institution-name", "新橋医院"]].concat();
    let added = run(&data, &named);
    assert!(added.status.success(), "{}", text(&added.stderr));
    assert!(text(&added.stdout).contains("password: "));
    let taken = run(&data, &add);
    assert!(
        text(&taken.stderr).contains("is taken"),
        "{}",
        text(&taken.stderr)
    );
    let list = || text(&run(&data, &["account", "list"]).stdout);
    assert_eq!(list(), "1311234569\thanako\tstaff\t新橋医院\tenabled\n");
    assert!(
        run(&data, &["account", "disable", "hanako"])
            .status
            .success()
    );
    assert!(list().ends_with("disabled\n"));
    assert!(
        run(&data, &["account", "reset-password", "hanako"])
            .status
            .success()
    );
    assert!(list().ends_with("enabled\n"));
    let reset = run(&data, &["account", "reset-passkeys", "hanako"]);
    assert!(text(&reset.stdout).contains("no passkeys any more"));
    for command in ["disable", "reset-passkeys"] {
        let unknown = run(&data, &["account", command, "nobody"]);
        assert!(text(&unknown.stderr).contains("no account"), "{command}");
    }
}

#[test]
fn programs_that_begin_a_store_together_do_not_disturb_each_other() {
    let data = TempDir::new().unwrap();
    let start = || {
        program()
            .args(["account", "list", "--data"])
            .arg(data.path())
            .spawn()
            .unwrap()
    };
    let programs: Vec<Child> = (0..8).map(|_| start()).collect();
    for mut program in programs {
        assert!(program.wait().unwrap().success());
    }
}

#[test]
fn public_passwords_and_clear_text_stay_on_loopback() {
    let data = TempDir::new().unwrap();
    let table = [
        (
            &["serve", "--demo", "--listen", "0.0.0.0:0"][..],
            "loopback only",
        ),
        (
            &["serve", "--demo", "--behind-tls", "--listen", "0.0.0.0:0"][..],
            "loopback only",
        ),
        (&["serve", "--listen", "0.0.0.0:0"][..], "--behind-tls"),
        (&["serve", "--listen", "[::]:0"][..], "--behind-tls"),
    ];
    for (arguments, reason) in table {
        let output = run(&data, arguments);
        assert!(!output.status.success());
        assert!(
            text(&output.stderr).contains(reason),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn a_lock_comes_before_the_log_out() {
    let data = TempDir::new().unwrap();
    for (lock, log_out) in [("30m", "30m"), ("0s", "30m"), ("1h", "30m")] {
        let times = ["serve", "--lock-after", lock, "--log-out-after", log_out];
        let output = run(&data, &times);
        assert!(!output.status.success(), "{lock} {log_out}");
        let reason = text(&output.stderr);
        assert!(reason.contains("--lock-after is at least 1s"), "{reason}");
    }
}

#[test]
fn origins_are_those_that_browsers_have_passkeys_for() {
    let data = TempDir::new().unwrap();
    let table: [(&[&str], &str); 4] = [
        (&["http://127.0.0.1:8080"], "IP address"),
        (&["http://clinic.example"], "https only"),
        (&["clinic"], "a scheme, a host"),
        (
            &["https://clinic.example", "https://other.example"],
            "one site",
        ),
    ];
    for (origins, reason) in table {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0"];
        arguments.extend(origins.iter().flat_map(|origin| ["--origin", origin]));
        let output = run(&data, &arguments);
        assert!(!output.status.success(), "{origins:?}");
        let told = text(&output.stderr);
        assert!(told.contains(reason), "{told}");
    }
}

#[test]
fn a_demo_and_work_never_share_a_store() {
    let demo = TempDir::new().unwrap();
    drop(Server::start(&demo, &["--demo"]));
    let output = run(&demo, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(
        text(&output.stderr).contains("invented persons"),
        "{}",
        text(&output.stderr)
    );
    drop(Server::start(&demo, &["--demo"]));

    let work = TempDir::new().unwrap();
    let add = [
        "account",
        "add",
        "hanako",
        "--role",
        "staff",
        "--institution-code",
        "1311234569",
    ];
    let named = [&add[..], &["--institution-name", "新橋医院"]].concat();
    assert!(run(&work, &named).status.success());
    let output = run(&work, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert!(
        text(&output.stderr).contains("public passwords"),
        "{}",
        text(&output.stderr)
    );
    drop(Server::start(&work, &[]));
}

#[test]
fn a_taken_port_and_a_foreign_database_say_what_to_do() {
    let data = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&data, &["serve", "--listen", &address]);
    assert!(
        text(&output.stderr).contains("--listen"),
        "{}",
        text(&output.stderr)
    );
    for (database, expected) in [
        ("mysql://x/y", "sqlite:PATH"),
        ("postgres://x/y", "sslmode=require"),
        ("postgres://127.0.0.1:1/y", "no connection to the database"),
    ] {
        let mut command = program();
        let output = command
            .args(["account", "list", "--database", database])
            .output()
            .unwrap();
        let said = text(&output.stderr);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_file_is_imported_while_a_server_runs_on_the_store() {
    let data = TempDir::new().unwrap();
    let server = Server::start(&data, &["--demo"]);
    let generated = program()
        .args(["generate", "--persons", "300", "--seed", "1"])
        .output()
        .unwrap();
    let file = data.path().join("insured.csv");
    std::fs::write(&file, &generated.stdout).unwrap();
    for expected in ["added", "unchanged"] {
        let output = run(&data, &["import", file.to_str().unwrap()]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let rows = text(&generated.stdout).lines().count() - 1;
        let summary = text(&output.stdout);
        assert!(summary.contains(&format!("{rows} {expected}")), "{summary}");
        assert!(server.get("/api/health").contains("\"status\":\"ok\""));
    }
}

/// An import of a file that has just begun.
fn importing(data: &TempDir, file: &Path) -> Child {
    program()
        .args(["import", file.to_str().unwrap(), "--data"])
        .arg(data.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a program's store says of an import while it writes there, if it can be asked already.
fn seen<T: FromSql>(data: &TempDir, sql: &str) -> Option<T> {
    let store = data.path().join("shikaku.persons.sqlite");
    let store = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    store.query_row(sql, [], |row| row.get(0)).ok()
}

/// Kills an import of a file in its middle; gives how many bytes were in.
fn import_and_kill(data: &TempDir, file: &Path) -> i64 {
    let mut import = importing(data, file);
    let place = || seen(data, "SELECT place FROM import_progress");
    while place().is_none() {
        assert_eq!(
            import.try_wait().unwrap(),
            None,
            "ended before it was killed"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    import.kill().unwrap();
    import.wait().unwrap();
    place().unwrap()
}

/// Generated persons, some rows of them broken, and what an uninterrupted import
/// makes of them: the coverages and the rejections.
pub(crate) fn interrupted_file(directory: &Path) -> (PathBuf, Vec<String>, String) {
    let generated = program()
        .args(["generate", "--persons", "8000", "--seed", "1"])
        .output()
        .unwrap();
    let rows = text(&generated.stdout);
    let break_some = |(number, line): (usize, &str)| match number % 97 {
        1 => format!("{line},too many"),
        _ => line.to_owned(),
    };
    let rows: Vec<String> = rows.lines().enumerate().map(break_some).collect();
    let file = directory.join("insured.csv");
    std::fs::write(&file, rows.join("\r\n")).unwrap();
    let data = TempDir::new().unwrap();
    let whole = run(&data, &["import", file.to_str().unwrap()]);
    assert!(whole.status.success(), "{}", text(&whole.stderr));
    (file, coverages(&data), text(&whole.stdout))
}

pub(crate) fn coverages(data: &TempDir) -> Vec<String> {
    let store = Connection::open(data.path().join("shikaku.persons.sqlite")).unwrap();
    let sql = "SELECT id || ':' || hex(record) FROM person UNION ALL
               SELECT key || ':' || person FROM person_key UNION ALL
               SELECT id || ':' || number || name FROM insurer";
    let mut statement = store.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn an_import_that_was_killed_goes_on_where_it_stopped() {
    let directory = TempDir::new().unwrap();
    let (file, expected, summary) = interrupted_file(directory.path());
    let rejected = directory.path().join("insured.rejected.csv");
    let expected_rejections = std::fs::read_to_string(&rejected).unwrap();
    let data = TempDir::new().unwrap();
    import_and_kill(&data, &file);
    let output = run(&data, &["import", file.to_str().unwrap()]);
    assert!(
        text(&output.stderr).contains("went on at line"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(text(&output.stdout), summary);
    assert!(coverages(&data) == expected, "the stores differ");
    let rejections = std::fs::read_to_string(&rejected).unwrap();
    assert!(rejections == expected_rejections, "the rejections differ");
    let again = run(&data, &["import", file.to_str().unwrap()]);
    assert!(!text(&again.stderr).contains("went on"));
    assert!(text(&again.stdout).contains("0 added, 0 changed"));
}

/// Kills an import of a file once a first import does this step or a later one; gives the
/// step, or `None` if the import had ended before.
fn import_and_kill_at(data: &TempDir, file: &Path, step: &str) -> Option<String> {
    const STEPS: [&str; 4] = ["reading", "persons", "keys", "rest"];
    let mut import = importing(data, file);
    let number = |step: &str| STEPS.iter().position(|one| *one == step).unwrap();
    loop {
        let found: Option<String> = seen(data, "SELECT step FROM filling");
        if found.as_deref().map(number) >= Some(number(step)) {
            import.kill().unwrap();
            import.wait().unwrap();
            return found;
        }
        if import.try_wait().unwrap().is_some() {
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_first_import_can_be_killed_at_any_step() {
    let directory = TempDir::new().unwrap();
    let (file, expected, _) = interrupted_file(directory.path());
    let rejected = directory.path().join("insured.rejected.csv");
    let expected_rejections = std::fs::read_to_string(&rejected).unwrap();
    let data = TempDir::new().unwrap();
    let steps = ["reading", "reading", "persons", "persons", "keys", "rest"];
    let killed = steps.map(|step| import_and_kill_at(&data, &file, step));
    assert_eq!(killed[0].as_deref(), Some("reading"));
    assert!(
        killed.iter().any(|step| step.as_deref() == Some("persons")),
        "{killed:?}"
    );
    let output = run(&data, &["import", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(coverages(&data) == expected, "the stores differ");
    let rejections = std::fs::read_to_string(&rejected).unwrap();
    assert!(rejections == expected_rejections, "the rejections differ");
    assert!(!data.path().join("shikaku.import").exists());
}

#[test]
fn a_first_import_has_the_store_for_itself_unless_a_service_was_first() {
    let data = TempDir::new().unwrap();
    let store: Location = format!("sqlite:{}", data.path().join("shikaku.sqlite").display())
        .parse()
        .unwrap();
    let importing = Store::open_for_import(&store).unwrap();
    let refused = run(&data, &["account", "list"]);
    assert!(text(&refused.stderr).contains("a first import is filling the store"));
    drop(importing);

    let _server = Server::start(&data, &["--demo"]);
    let _importing = Store::open_for_import(&store).unwrap();
    assert!(run(&data, &["account", "list"]).status.success());
}

#[test]
fn an_import_begins_anew_when_the_file_changed_or_it_is_told_to() {
    let directory = TempDir::new().unwrap();
    let (file, expected, _) = interrupted_file(directory.path());
    for change in ["--restart", "a row", "the rejections"] {
        let data = TempDir::new().unwrap();
        let place = import_and_kill(&data, &file);
        let mut arguments = vec!["import", file.to_str().unwrap()];
        let original = std::fs::read(&file).unwrap();
        match change {
            "a row" => {
                let mut changed = original.clone();
                // Behind what names the file, before what is in.
                let (from, to) = (70_000, usize::try_from(place).unwrap());
                let digit = changed[from..to].iter().position(|byte| *byte == b'-');
                changed[from + digit.unwrap()] = b'_';
                std::fs::write(&file, changed).unwrap();
            }
            "the rejections" => {
                std::fs::remove_file(directory.path().join("insured.rejected.csv")).unwrap();
            }
            option => arguments.push(option),
        }
        let output = run(&data, &arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(!text(&output.stderr).contains("went on"), "{change}");
        std::fs::write(&file, original).unwrap();
        if change != "a row" {
            assert!(coverages(&data) == expected, "{change}");
        }
    }
}

#[test]
fn the_numbers_have_an_address_of_their_own_if_they_are_asked_for() {
    let data = TempDir::new().unwrap();
    let mut server = Server::start(&data, &["--metrics", "127.0.0.1:0"]);
    assert!(server.get("/api/health").contains("200 OK"));
    let numbers = get(&server.numbers(), "/metrics");
    assert!(numbers.contains("route=\"/api/health\""), "{numbers}");
    assert!(!server.get("/metrics").contains("shikaku_"));
}

#[test]
fn half_a_header_does_not_hold_a_connection_for_ever() {
    let data = TempDir::new().unwrap();
    let server = Server::start(&data, &[]);
    let mut slow = TcpStream::connect(&server.address).unwrap();
    slow.write_all(b"GET /api/health HTTP/1.1\r\nhost: ")
        .unwrap();
    slow.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest)
        .expect("the service ends the connection by itself");
    assert!(server.get("/api/health").contains("200 OK"));
}

#[test]
fn the_audit_trail_is_listed_written_out_checked_and_shortened() {
    let data = TempDir::new().unwrap();
    let add = "account add hanako --role staff --institution-code 1311234569 --institution-name x";
    let add: Vec<&str> = add.split(' ').collect();
    assert!(run(&data, &add).status.success());
    assert!(
        run(&data, &["account", "disable", "hanako"])
            .status
            .success()
    );

    let list = |arguments: &[&str]| {
        let output = run(&data, &[&["audit", "list"][..], arguments].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let all = list(&[]);
    assert_eq!(all.lines().count(), 3, "and that it was read");
    assert!(all.ends_with("\taudit_read\t-\t-\tコマンドから\n"), "{all}");
    let disabled = list(&["--action", "account_disabled"]);
    assert!(disabled.starts_with("2\t"), "{disabled}");
    assert!(
        disabled.ends_with("\taccount_disabled\t-\t-\thanako\n"),
        "{disabled}"
    );
    assert_eq!(list(&["--to", "2020-01-01"]), "");
    assert_eq!(list(&["--institution", "1311234569"]), "");
    assert_eq!(list(&["--account", "hanako"]), "");
    let unknown = run(&data, &["audit", "list", "--action", "fly"]);
    assert!(!unknown.status.success());

    let verify = run(&data, &["audit", "verify"]);
    let verified = text(&verify.stdout);
    assert!(verified.starts_with("7 lines hold; 0 older"), "{verified}");
    let head = verified
        .lines()
        .find_map(|line| line.strip_prefix("head: "));
    let head = head.unwrap();

    let csv = run(&data, &["audit", "export", "--format", "csv"]);
    let csv = text(&csv.stdout);
    assert!(csv.starts_with("番号,日時,"), "{csv}");
    assert_eq!(csv.lines().count(), 9, "a header, and the export itself");
    let jsonl = run(&data, &["audit", "export", "--format", "jsonl"]);
    let last = text(&jsonl.stdout).lines().last().unwrap().to_owned();
    assert!(last.contains(r#""action":"audit_exported""#), "{last}");

    assert!(
        run(&data, &["audit", "verify", "--head", head])
            .status
            .success()
    );
    let other = "0".repeat(63) + "1";
    let cut = run(&data, &["audit", "verify", "--head", &other]);
    assert!(!cut.status.success());
    assert!(
        text(&cut.stderr).contains("ends at line 9"),
        "{}",
        text(&cut.stderr)
    );

    let prune = run(&data, &["audit", "prune", "--older-than-years", "5"]);
    assert!(text(&prune.stdout).starts_with("0 lines"));
    let refused = run(&data, &["audit", "prune", "--older-than-years", "0"]);
    assert!(!refused.status.success());
}
