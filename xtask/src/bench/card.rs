//! How long a card takes: through the bridge beside without it, through readers that the page
//! drives itself beside the card's own time, and from the placed card to the eligibility on the screen. The crate `tests` has what that needs, so its program
//! `measure-card` measures, and says each figure in a line.

use std::env::consts::EXE_SUFFIX;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::figures::Figures;
use super::sizes::Options;
use crate::command::{command, run};
use crate::fakes;
use crate::run::{bridge_program, build_bridge};
use crate::setup::Prepared;
use crate::workspace::Workspace;

/// What a read through the bridge may take at most, by a read without it.
const MOST_READ_RATIO: f64 = 1.2;
/// What a read through a reader that the page drives itself may take at most, by the card's own time.
const MOST_DEVICE_RATIO: f64 = 1.3;
/// What may pass between card and eligibility, without the card's own time, in milliseconds.
const MOST_CARD_TO_RESULT: f64 = 100.0;

/// One card, read both ways; in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Read {
    direct: f64,
    through: f64,
}

impl Read {
    fn ratio(self) -> f64 {
        self.through / self.direct
    }
}

/// A reader that the page drives itself; in milliseconds.
#[derive(Debug)]
struct Device {
    name: &'static str,
    /// What its figures are called.
    key: &'static str,
    read: f64,
    /// The card's own time in it.
    card: f64,
    /// The time on the wires in it.
    wire: f64,
}

impl Device {
    fn ratio(&self) -> f64 {
        self.read / self.card
    }

    /// What is neither card nor wire: the page, and its browser.
    fn page(&self) -> f64 {
        self.read - self.card - self.wire
    }
}

/// What they are called, for people and for programs.
const DEVICES: [(&str, &str); 3] = [
    ("RC-S380", "rc_s380"),
    ("RC-S300", "rc_s300"),
    ("BALTECH", "baltech"),
];

/// What was measured.
#[derive(Debug)]
pub(super) struct Card {
    /// A card that answers at once, and one that takes 20 ms for each command; only where there
    /// is a virtual reader.
    reads: Option<[Read; 2]>,
    devices: Vec<Device>,
    /// From the placed card to the eligibility: what each part is called, and its milliseconds.
    parts: [(&'static str, f64); 4],
    /// All of it without the card's own time, in milliseconds.
    total: f64,
    /// The same for the first patient after the page was loaded.
    first: f64,
}

/// Builds everything but the service: in release mode what is measured, but not what measures,
/// which only waits.
pub(super) fn build(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    fakes::build(workspace, prepared)?;
    run(&mut build_bridge(workspace, &["--release"]))?;
    let mut examples = workspace.cargo(["build", "--locked", "--release", "-p", "reader-bridge"]);
    run(examples.args(["--example", "direct", "--example", "through"]))?;
    let mut tests = workspace.cargo(["build", "--locked", "-p", "tests"]);
    run(tests.args(["--bin", "measure-card"]))
}

/// Measures both.
pub(super) fn measure(
    workspace: &Workspace,
    prepared: &Prepared,
    server: &Path,
    options: Options,
) -> Result<Card> {
    let examples = workspace.target.join("release/examples");
    let measure_card = format!("debug/measure-card{EXE_SUFFIX}");
    let measure_card = workspace.target.join(measure_card);
    let browser = prepared.browser()?;
    let measure = |what: &str| {
        let mut program = command(&measure_card);
        let output = program
            .arg(what)
            .args(options.rounds_in_browser())
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver)
            .env("SHIKAKU_SERVER", server)
            .env("SHIKAKU_BRIDGE", bridge_program(workspace, "release"))
            .env("SHIKAKU_EXAMPLES", &examples)
            .env("SHIKAKU_FAKES", fakes::script_file(workspace))
            .output()
            .context("measure-card does not start")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "measure-card {what}: {errors}");
        let figures = String::from_utf8_lossy(&output.stdout);
        Ok::<_, anyhow::Error>(figures.into_owned())
    };
    // Other systems have no virtual reader.
    let bridge = cfg!(target_os = "linux").then(|| measure("bridge"));
    let devices = measure("devices")?;
    Card::of(bridge.transpose()?.as_deref(), &devices, &measure("page")?)
}

impl Card {
    /// From what `measure-card` said.
    fn of(bridge: Option<&str>, devices: &str, page: &str) -> Result<Self> {
        let read = |figures, card| {
            Ok::<_, anyhow::Error>(Read {
                direct: figure(figures, &format!("{card}_direct_ms"))?,
                through: figure(figures, &format!("{card}_through_ms"))?,
            })
        };
        let reads =
            bridge.map(|it| Ok::<_, anyhow::Error>([read(it, "instant")?, read(it, "slow")?]));
        let devices = DEVICES.into_iter().map(|(name, key)| {
            Ok::<_, anyhow::Error>(Device {
                name,
                key,
                read: figure(devices, &format!("{key}_ms"))?,
                card: figure(devices, &format!("{key}_card_ms"))?,
                wire: figure(devices, &format!("{key}_wire_ms"))?,
            })
        });
        Ok(Self {
            reads: reads.transpose()?,
            devices: devices.collect::<Result<_>>()?,
            parts: [
                ("card", figure(page, "card_ms")?),
                ("bridge", figure(page, "bridge_ms")?),
                ("server", figure(page, "server_ms")?),
                ("render", figure(page, "render_ms")?),
            ],
            total: figure(page, "total_ms")?,
            first: figure(page, "first_total_ms")?,
        })
    }

    /// Two tables.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        if let Some([instant, slow]) = self.reads {
            text.push_str(
                "| reading a card | direct | through the bridge | ratio |\n|---|---|---|---|\n",
            );
            for (name, read) in [
                ("answers at once", instant),
                ("20 ms for each command", slow),
            ] {
                let Read { direct, through } = read;
                let ratio = read.ratio();
                let _ = writeln!(
                    text,
                    "| {name} | {direct:.2} ms | {through:.2} ms | {ratio:.2} |"
                );
            }
            let _ = writeln!(text, "\nThe aim is a ratio of at most {MOST_READ_RATIO}.\n");
        }
        text.push_str(
            "| read by the page itself | ms | card | wire | page | ratio |\n|---|---|---|---|---|---|\n",
        );
        for device in &self.devices {
            let Device {
                name,
                read,
                card,
                wire,
                ..
            } = device;
            let (page, ratio) = (device.page(), device.ratio());
            let _ = writeln!(
                text,
                "| {name} | {read:.1} | {card:.1} | {wire:.1} | {page:.1} | {ratio:.2} |"
            );
        }
        let _ = writeln!(
            text,
            "\nCard and wire are a model's (`card::virtual_reader::cost`), kept by readers that are not there; an \
             RC-S380's acknowledgements travel while the card works, and so the page's part can be below 0. The \
             aim is a ratio of at most {MOST_DEVICE_RATIO} to the card.\n"
        );
        text.push_str("| card placed → eligibility on the screen | ms |\n|---|---|\n");
        let rest = [
            ("without the card", self.total),
            ("without the card, first patient", self.first),
        ];
        for (name, milliseconds) in self.parts.into_iter().chain(rest) {
            let _ = writeln!(text, "| {name} | {milliseconds:.1} |");
        }
        let _ = writeln!(
            text,
            "\nThe aim is at most {MOST_CARD_TO_RESULT} ms without the card. Each row is its own median; \
             the patient's time between the questions and 「決定」 is left out."
        );
        text
    }

    /// Adds its figures.
    pub(super) fn add_to(&self, figures: &mut Figures) {
        if let Some([instant, slow]) = self.reads {
            figures.add("bridge_read_ratio", instant.ratio());
            figures.add("bridge_read_ratio_20ms", slow.ratio());
        }
        for device in &self.devices {
            let name = format!("device_read_ratio_{}", device.key);
            figures.add(name, device.ratio());
        }
        figures.add("card_to_result_ms", self.total);
        for (name, milliseconds) in self.parts {
            figures.add(format!("card_to_result_{name}_ms"), milliseconds);
        }
        figures.add("card_to_result_first_ms", self.first);
    }
}

/// The value in the line of a name.
pub(super) fn figure(figures: &str, name: &str) -> Result<f64> {
    let mut lines = figures.lines().filter_map(|line| line.split_once(' '));
    let value = lines.find(|(found, _)| *found == name);
    let value = value.and_then(|(_, value)| value.parse().ok());
    value.with_context(|| format!("{name} was not measured"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BRIDGE: &str = "instant_direct_ms 4.000\ninstant_through_ms 4.500\n\
                          slow_direct_ms 200.000\nslow_through_ms 201.000\n";
    const DEVICES: &str = "rc_s380_ms 320\nrc_s380_card_ms 280\nrc_s380_wire_ms 33\n\
                           rc_s300_ms 330\nrc_s300_card_ms 300\nrc_s300_wire_ms 22\n\
                           baltech_ms 350\nbaltech_card_ms 280\nbaltech_wire_ms 40\n";
    const PAGE: &str = "card_ms 0.5\nbridge_ms 2\nserver_ms 9\nrender_ms 20\ntotal_ms 31\n\
                        first_total_ms 60\n";

    #[test]
    fn figures_are_found_by_their_whole_names() {
        let card = Card::of(Some(BRIDGE), DEVICES, PAGE).unwrap();
        let mut figures = Figures::new(String::new(), String::new(), String::new());
        card.add_to(&mut figures);
        let json = figures.json().unwrap();
        let found: serde_json::Value = serde_json::from_str(&json).unwrap();
        for (name, expected) in [
            ("bridge_read_ratio", 1.125),
            ("bridge_read_ratio_20ms", 1.005),
            ("device_read_ratio_rc_s380", 1.1429),
            ("device_read_ratio_rc_s300", 1.1),
            ("device_read_ratio_baltech", 1.25),
            ("card_to_result_ms", 31.0),
            ("card_to_result_card_ms", 0.5),
            ("card_to_result_first_ms", 60.0),
        ] {
            assert_eq!(found[name], expected, "{json}");
        }
        let text = card.markdown();
        for expected in [
            "| answers at once | 4.00 ms | 4.50 ms | 1.12 |",
            "| RC-S380 | 320.0 | 280.0 | 33.0 | 7.0 | 1.14 |",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }

    #[test]
    fn a_figure_that_was_not_said_is_an_error() {
        assert!(Card::of(None, DEVICES, PAGE).is_ok());
        for (bridge, devices, page) in [
            (Some(""), DEVICES, PAGE),
            (Some(BRIDGE), DEVICES, ""),
            (Some(BRIDGE), "", PAGE),
            (Some("instant_direct_ms x"), DEVICES, PAGE),
        ] {
            assert!(Card::of(bridge, devices, page).is_err(), "{bridge:?}");
        }
    }
}
