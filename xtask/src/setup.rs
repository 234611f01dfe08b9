//! Finds or installs what building and testing need.

mod apt;
mod browser;
mod components;
mod guest;
mod haproxy;
mod kosoku;
mod npm;
mod postgres;
mod smart_card;
mod tools;
mod wasm_std;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

pub(crate) use browser::Browser;
pub(crate) use guest::{Guest, ensure as ensure_guest};
pub(crate) use npm::check_optimiser;
pub(crate) use wasm_std::TARGET;
use wasm_std::Toolchain;

use crate::workspace::Workspace;

/// Something a task is going to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// rustfmt and clippy.
    Style,
    /// A compiler for wasm32, and the wasm-bindgen tool with its test runner.
    Wasm,
    /// What turns the app into a page: the splitter, Trunk, the design tokens, the optimiser;
    /// and `Wasm`.
    Page,
    /// A browser that a program can drive.
    Browser,
    /// What the reader bridge is linked with.
    PcscLibrary,
    /// A PC/SC service with a virtual reader, and a reader of cards by somebody else.
    VirtualReader,
    /// What drives the `WebSocket` conformance suite.
    Conformance,
    /// A database server.
    Postgres,
    /// A load balancer.
    LoadBalancer,
}

impl Need {
    pub(crate) const ALL: [Self; 9] = [
        Self::Style,
        Self::Wasm,
        Self::Page,
        Self::Browser,
        Self::PcscLibrary,
        Self::VirtualReader,
        Self::Conformance,
        Self::Postgres,
        Self::LoadBalancer,
    ];
}

/// What is on the machine now, as far as it was needed.
#[derive(Debug)]
pub(crate) struct Prepared {
    wasm: Option<Wasm>,
    trunk: Option<PathBuf>,
    splitter: Option<PathBuf>,
    browser: Option<Browser>,
    kosoku: Option<PathBuf>,
    postgres: Option<PathBuf>,
    haproxy: Option<PathBuf>,
}

/// What compiles for wasm32, and binds the result to JavaScript.
#[derive(Debug)]
pub(crate) struct Wasm {
    pub(crate) toolchain: Toolchain,
    /// The folder of `wasm-bindgen` and `wasm-bindgen-test-runner`.
    pub(crate) bindgen: PathBuf,
}

impl Prepared {
    pub(crate) fn wasm(&self) -> Result<&Wasm> {
        self.wasm
            .as_ref()
            .context("the set-up left out the compiler for wasm32")
    }

    /// The folder of `trunk`.
    pub(crate) fn trunk(&self) -> Result<&PathBuf> {
        self.trunk.as_ref().context("the set-up left out Trunk")
    }

    /// `wasm-split-cli`.
    pub(crate) fn splitter(&self) -> Result<&PathBuf> {
        self.splitter
            .as_ref()
            .context("the set-up left out the splitter of wasm modules")
    }

    pub(crate) fn browser(&self) -> Result<&Browser> {
        self.browser
            .as_ref()
            .context("the set-up left out the browser")
    }

    /// The program that drives the conformance suite.
    pub(crate) fn kosoku(&self) -> Result<&PathBuf> {
        self.kosoku
            .as_ref()
            .context("the set-up left out the conformance suite")
    }

    /// The folder of `initdb` and `postgres`.
    pub(crate) fn postgres(&self) -> Result<&PathBuf> {
        self.postgres
            .as_ref()
            .context("the set-up left out the database server")
    }

    /// `haproxy`.
    pub(crate) fn haproxy(&self) -> Result<&PathBuf> {
        self.haproxy
            .as_ref()
            .context("the set-up left out the load balancer")
    }

    /// `cargo` in the repository, for the code that runs in the browser.
    pub(crate) fn wasm_cargo<'a>(
        &self,
        workspace: &Workspace,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Command> {
        let mut cargo = workspace.cargo(arguments);
        self.wasm()?.toolchain.select(&mut cargo);
        cargo.env("CARGO_TARGET_DIR", workspace.wasm_target());
        cargo.args(["--target", TARGET]);
        Ok(cargo)
    }
}

/// Finds or installs what is needed, quickest first.
pub(crate) fn prepare(workspace: &Workspace, needs: &[Need]) -> Result<Prepared> {
    let page = needs.contains(&Need::Page);
    let wasm = page || needs.contains(&Need::Wasm);
    if needs.contains(&Need::Style) {
        components::ensure(workspace)?;
    }
    if needs.contains(&Need::PcscLibrary) {
        smart_card::ensure_library()?;
    }
    if needs.contains(&Need::VirtualReader) {
        smart_card::ensure_virtual_reader()?;
    }
    let postgres = (cfg!(target_os = "linux") && needs.contains(&Need::Postgres))
        .then(postgres::ensure)
        .transpose()?;
    let haproxy = (cfg!(target_os = "linux") && needs.contains(&Need::LoadBalancer))
        .then(haproxy::ensure)
        .transpose()?;
    let browser = needs
        .contains(&Need::Browser)
        .then(browser::ensure)
        .transpose()?;
    if wasm {
        npm::ensure_node()?;
    }
    if page {
        npm::ensure_packages(workspace)?;
    }
    let wasm = if wasm {
        let toolchain = wasm_std::ensure(workspace)?;
        Some(Wasm {
            toolchain,
            bindgen: tools::ensure_bindgen(workspace)?,
        })
    } else {
        None
    };
    let kosoku = needs
        .contains(&Need::Conformance)
        .then(|| kosoku::ensure(workspace))
        .transpose()?;
    let trunk = page.then(|| tools::ensure_trunk(workspace)).transpose()?;
    let splitter = page
        .then(|| tools::ensure_splitter(workspace))
        .transpose()?;
    Ok(Prepared {
        wasm,
        trunk,
        splitter,
        browser,
        kosoku,
        postgres,
        haproxy,
    })
}
