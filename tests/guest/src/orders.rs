//! The connection on which the test gives its orders.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::{hid, usb};

/// The host, as QEMU's user network calls it.
const HOST: &str = "10.0.2.2";
/// The kernel's argument that tells the host's port.
const ARGUMENT: &str = "shikaku.port=";
const BARRED: &str = "/etc/modprobe.d/shikaku.conf";
const POLICIES: &str = "/etc/chromium/policies/managed/shikaku.json";

/// Obeys until the test on the host has ended.
pub(crate) fn serve() -> io::Result<()> {
    run("/lib/systemd/systemd-udevd", &["--daemon"])?;
    run("modprobe", &["--all", "vhci-hcd", "uhid"])?;
    let arguments = fs::read_to_string("/proc/cmdline")?;
    let port = arguments
        .split_whitespace()
        .find_map(|word| word.strip_prefix(ARGUMENT)?.parse().ok())
        .ok_or_else(|| io::Error::other("the kernel was not told a port"))?;
    let mut test = connect(port)?;
    for line in BufReader::new(test.try_clone()?).lines() {
        let answer = match obey(&line?) {
            Ok(()) => "ok\n".to_owned(),
            Err(error) => format!("failed {error}\n"),
        };
        test.write_all(answer.as_bytes())?;
    }
    Ok(())
}

fn obey(line: &str) -> io::Result<()> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    match verb {
        "policy" => fs::write(POLICIES, rest),
        "usb" => {
            let (port, bus_id) = rest.split_once(' ').unwrap_or((rest, ""));
            usb::plug_in(connect(number(port)?)?, bus_id)
        }
        "hid" => hid::lend(connect(number(rest)?)?),
        "bar" => bar(rest),
        "browser" => start_browser(number(rest)?),
        _ => Err(io::Error::other("what is that?")),
    }
}

fn bar(module: &str) -> io::Result<()> {
    fs::write(BARRED, format!("blacklist {module}\n"))?;
    run("modprobe", &["--remove", module])
}

/// Starts the browser's driver, and waits until it listens.
fn start_browser(port: u16) -> io::Result<()> {
    let mut driver = Command::new("chromedriver")
        .arg(format!("--port={port}"))
        .args(["--allowed-ips=", "--allowed-origins=*"])
        .env("HOME", "/tmp")
        .spawn()?;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if let Some(status) = driver.try_wait()? {
            return Err(io::Error::other(format!("chromedriver: {status}")));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((HOST, port))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn number(word: &str) -> io::Result<u16> {
    word.parse().map_err(io::Error::other)
}

fn run(program: &str, arguments: &[&str]) -> io::Result<()> {
    let status = Command::new(program).args(arguments).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("{program}: {status}")))
    }
}
