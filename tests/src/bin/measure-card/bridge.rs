//! Reading a virtual card on a real PC/SC service: `direct` and `through`, the examples of
//! `reader-bridge`, in turns, so that whatever else the machine does meets both.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use card::demo::DemoCard;
use card::virtual_card::VirtualCard;
use tempfile::TempDir;
use tests::pcsc::Pcscd;
use tests::program;
use tests::vpcd::Manner;

use super::{Figure, median};

const ORIGIN: &str = "http://127.0.0.1:8080";
/// Rounds unless another number is asked for.
pub(super) const ROUNDS: usize = 7;
/// How long the service and the bridge may take to notice the card.
const PATIENCE: Duration = Duration::from_secs(20);

/// A card that answers at once shows most of what the bridge adds; the other is as slow as
/// a real one.
const CARDS: [Card; 2] = [
    Card {
        delay: Duration::ZERO,
        readings: 300,
        names: ["instant_direct_ms", "instant_through_ms"],
    },
    Card {
        delay: Duration::from_millis(20),
        readings: 5,
        names: ["slow_direct_ms", "slow_through_ms"],
    },
];

struct Card {
    /// For each command.
    delay: Duration,
    /// In each round, each way.
    readings: u32,
    names: [&'static str; 2],
}

/// Measures both cards, both ways.
pub(super) fn measure(rounds: usize) -> Result<Vec<Figure>> {
    let examples = program("SHIKAKU_EXAMPLES")?;
    let mut figures = Vec::new();
    for Card {
        delay,
        readings,
        names,
    } in CARDS
    {
        let service = Pcscd::start()?;
        let manner = Manner {
            delay,
            is_gone_after: None,
        };
        let _card = service.insert_with(VirtualCard::new(DemoCard::Valid.profile()), manner)?;
        let direct = |count: u32| {
            let mut example = service.client(examples.join("direct"));
            milliseconds(example.arg(count.to_string()))
        };
        let through = |bridge: &Bridge, count: u32| {
            let mut example = Command::new(examples.join("through"));
            let (port, count) = (bridge.port.to_string(), count.to_string());
            milliseconds(example.args([&port, ORIGIN, &count]))
        };
        until_good(|| direct(1))?;
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            times[0].push(direct(readings)?);
            // It watches the readers: what is direct must not wait for that.
            let bridge = Bridge::start(&service)?;
            until_good(|| through(&bridge, 1))?;
            times[1].push(through(&bridge, readings)?);
        }
        figures.extend(names.into_iter().zip(times.map(median)));
    }
    Ok(figures)
}

/// What an example prints, in microseconds.
fn milliseconds(example: &mut Command) -> Result<f64> {
    let output = example.output().context("an example does not start")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}");
    let microseconds = String::from_utf8_lossy(&output.stdout);
    Ok(microseconds.trim().parse::<f64>()? / 1000.0)
}

fn until_good(mut work: impl FnMut() -> Result<f64>) -> Result<()> {
    let started = Instant::now();
    loop {
        match work() {
            Ok(_) => return Ok(()),
            Err(error) if started.elapsed() > PATIENCE => return Err(error),
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// The bridge on that service; it ends with this value.
struct Bridge {
    process: Child,
    port: u16,
    _data: TempDir,
}

impl Bridge {
    fn start(service: &Pcscd) -> Result<Self> {
        let data = TempDir::new()?;
        let mut process = service
            .client(program("SHIKAKU_BRIDGE")?)
            .args(["run", "--port", "0", "--pre-approve", ORIGIN, "--data"])
            .arg(data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let said = process.stdout.take();
        let mut bridge = Self {
            process,
            port: 0,
            _data: data,
        };
        let mut lines = BufReader::new(said.context("no output of the bridge")?).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("http://127.0.0.1:")?;
            address.trim().trim_end_matches('/').parse().ok()
        });
        let Some(port) = port else {
            bail!("the bridge did not say where it listens");
        };
        bridge.port = port;
        // It may go on talking; nobody listening would end it.
        thread::spawn(move || lines.for_each(drop));
        Ok(bridge)
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
