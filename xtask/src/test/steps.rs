//! The checks one by one: what each runs, and why it is there.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{Group, postgres, silent};
use crate::bench::check_first_load;
use crate::command::{in_folder, run};
use crate::fakes;
use crate::ops;
use crate::page;
use crate::run::{bridge_program, build_bridge, build_server, server_program};
use crate::setup::Prepared;
use crate::workspace::Workspace;

/// One check.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) group: Group,
    pub(super) name: &'static str,
    pub(super) why: &'static str,
    pub(super) run: fn(&Workspace, &Prepared) -> Result<()>,
}

/// All checks. `app` is for wasm32 only, and so is in no native one.
pub(super) const STEPS: &[Step] = &[
    Step {
        group: Group::Style,
        name: "format",
        why: "differences show changes, not habits",
        run: format,
    },
    Step {
        group: Group::Style,
        name: "clippy",
        why: "lints of the native code",
        run: clippy,
    },
    Step {
        group: Group::Style,
        name: "clippy for wasm",
        why: "lints of the code that runs in the browser",
        run: clippy_wasm,
    },
    Step {
        group: Group::Style,
        name: "docs",
        why: "no broken links between the native docs",
        run: docs,
    },
    Step {
        group: Group::Style,
        name: "docs for wasm",
        why: "no broken links in the app's docs",
        run: docs_wasm,
    },
    Step {
        group: Group::Unit,
        name: "unit tests",
        why: "each crate by itself, with its doc examples",
        run: unit,
    },
    Step {
        group: Group::Unit,
        name: "architecture",
        why: "which crate may use which",
        run: architecture,
    },
    Step {
        group: Group::Unit,
        name: "wasm tests",
        why: "the app's logic, compiled as for the browser",
        run: wasm,
    },
    Step {
        group: Group::Api,
        name: "API tests",
        why: "the server's HTTP interface and its store",
        run: api,
    },
    Step {
        group: Group::Api,
        name: "API tests on PostgreSQL",
        why: "the same, with the store on a database server",
        run: postgres::run_on,
    },
    Step {
        group: Group::Api,
        name: "many machines",
        why: "two servers and two databases, each killed while people search",
        run: ops::survive,
    },
    Step {
        group: Group::Card,
        name: "virtual card",
        why: "a reader of cards by somebody else takes ours for real",
        run: virtual_card,
    },
    Step {
        group: Group::Card,
        name: "reader bridge",
        why: "what it promises, on a real PC/SC service that is killed, stopped and restarted",
        run: reader_bridge,
    },
    Step {
        group: Group::Card,
        name: "conformance",
        why: "the bridge's connections keep to RFC 6455",
        run: conformance,
    },
    Step {
        group: Group::Browser,
        name: "page",
        why: "the app as it will be delivered",
        run: page::build,
    },
    Step {
        group: Group::Browser,
        name: "server",
        why: "the programs the browser will talk to: one with the page inside, and the bridge",
        run: server,
    },
    Step {
        group: Group::Browser,
        name: "first load",
        why: "what a browser loads first stays below its limit",
        run: check_first_load,
    },
    Step {
        group: Group::Browser,
        name: "fakes",
        why: "readers and a staff button for a browser that has none",
        run: fakes::build,
    },
    Step {
        group: Group::Browser,
        name: "journeys",
        why: "what people do, in headless Chromium",
        run: journeys,
    },
];

const WASM_CRATES: [&str; 10] = [
    "-p", "app", "-p", "domain", "-p", "protocol", "-p", "card", "-p", "fakes",
];

fn format(workspace: &Workspace, _: &Prepared) -> Result<()> {
    run(&mut workspace.cargo(["fmt", "--all", "--check"]))
}

fn clippy(workspace: &Workspace, _: &Prepared) -> Result<()> {
    let mut cargo = workspace.cargo(["clippy", "--locked", "--workspace", "--exclude", "app"]);
    run(cargo.args(["--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    let mut cargo = prepared.wasm_cargo(workspace, ["clippy", "--locked"])?;
    run(cargo.args(WASM_CRATES).args(["--", "-D", "warnings"]))?;
    // The other crates' tests are native: their helpers need not compile for wasm32.
    let mut cargo = prepared.wasm_cargo(workspace, ["clippy", "--locked", "-p", "app"])?;
    run(cargo.args(["--all-targets", "--", "-D", "warnings"]))
}

fn docs(workspace: &Workspace, _: &Prepared) -> Result<()> {
    let mut cargo = workspace.cargo(["doc", "--locked", "--workspace", "--exclude", "app"]);
    run(cargo
        .args(["--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "-Dwarnings"))
}

fn docs_wasm(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    let mut cargo = prepared.wasm_cargo(workspace, ["doc", "--locked", "-p", "app"])?;
    run(cargo
        .args(["--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "-Dwarnings"))
}

fn unit(workspace: &Workspace, _: &Prepared) -> Result<()> {
    let mut cargo = workspace.cargo(["test", "--locked", "--workspace", "--exclude", "app"]);
    run(cargo.args([
        "--exclude",
        "server",
        "--exclude",
        "tests",
        "--exclude",
        "reader-bridge",
    ]))?;
    // The rest of it needs a PC/SC service.
    run(&mut workspace.cargo(["test", "--locked", "-p", "reader-bridge", "--lib"]))
}

fn architecture(workspace: &Workspace, _: &Prepared) -> Result<()> {
    let mut cargo = workspace.cargo(["test", "--locked", "-p", "tests"]);
    // What measures and what carries emulated readers is tested here too: it needs neither reader nor browser.
    run(cargo.args(["--test", "architecture", "--lib", "--bins"]))
}

fn wasm(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    silent::refuse(&workspace.root.join("app"))?;
    let runner = in_folder(&prepared.wasm()?.bindgen, "wasm-bindgen-test-runner")
        .context("the wasm-bindgen tool came without its test runner")?;
    let mut cargo = prepared.wasm_cargo(workspace, ["test", "--locked", "-p", "app", "--tests"])?;
    cargo.env("NODE_PATH", no_parts(workspace)?);
    run(cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner))
}

/// A module of which everything is a function that fails.
const NO_PARTS: &str = r#"
const fail = () => { throw new Error("tests load no parts of the page"); };
module.exports = new Proxy({}, { get: () => fail });
"#;

/// A folder with what Node takes for the loader of parts. The tests' module is not cut into
/// parts, so none is ever loaded, but it names the loader.
fn no_parts(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.wasm_target().join("no-parts");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("__wasm_split_placeholder__.js"), NO_PARTS)?;
    Ok(folder)
}

fn api(workspace: &Workspace, _: &Prepared) -> Result<()> {
    run(&mut workspace.cargo(["test", "--locked", "-p", "server"]))
}

fn virtual_card(workspace: &Workspace, _: &Prepared) -> Result<()> {
    run(&mut workspace.cargo(["test", "--locked", "-p", "tests", "--test", "pcsc"]))
}

fn reader_bridge(workspace: &Workspace, _: &Prepared) -> Result<()> {
    run(&mut workspace.cargo([
        "test",
        "--locked",
        "-p",
        "reader-bridge",
        "--test",
        "bridge",
    ]))
}

fn conformance(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    let mut cargo = workspace.cargo(["test", "--locked", "-p", "reader-bridge"]);
    run(cargo
        .args(["--test", "conformance"])
        .env("SHIKAKU_KOSOKU", prepared.kosoku()?))
}

fn server(workspace: &Workspace, _: &Prepared) -> Result<()> {
    run(&mut build_server(workspace, &[]))?;
    run(&mut build_bridge(workspace, &[]))
}

fn journeys(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    let browser = prepared.browser()?;
    let mut cargo = workspace.cargo(["test", "--locked", "-p", "tests", "--test", "journeys"]);
    run(cargo
        .env("CHROME", &browser.chrome)
        .env("CHROMEDRIVER", &browser.driver)
        .env("SHIKAKU_SERVER", server_program(workspace, "debug"))
        .env("SHIKAKU_BRIDGE", bridge_program(workspace, "debug"))
        .env("SHIKAKU_FAKES", fakes::script_file(workspace))
        // As when the server was built, or cargo would build it again without the page.
        .env("SHIKAKU_REQUIRE_APP", "1"))
}
