//! How many files the program lets itself have open.

use std::io::{BufReader, Read as _};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::commands::{program, said};

/// What the system allows a process: the usual and the highest number of open files.
fn limits(pid: u32) -> (String, String) {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let mut numbers = line.unwrap().split_whitespace().map(str::to_owned);
    (numbers.next().unwrap(), numbers.next().unwrap())
}

#[test]
fn it_takes_as_many_as_it_may_and_says_when_these_are_few() {
    for (highest, is_few) in [("1024", true), ("4300", false)] {
        let data = TempDir::new().unwrap();
        let mut child = Command::new("sh")
            .args([
                "-c",
                "ulimit -Sn 256 && ulimit -Hn \"$1\" && shift && exec \"$@\"",
                "sh",
            ])
            .arg(highest)
            .arg(program().get_program())
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        said(&mut BufReader::new(child.stdout.take().unwrap()), "http://");
        let limits = limits(child.id());
        child.kill().unwrap();
        let mut log = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        child.wait().unwrap();
        assert_eq!(limits, (highest.to_owned(), highest.to_owned()));
        let told = log.contains("few connections at once") && log.contains("\"connections\":896");
        assert_eq!(told, is_few, "{log}");
    }
}
