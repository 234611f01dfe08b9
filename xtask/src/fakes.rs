//! Devices for a browser that has none (the crate `fakes`): one script, which journeys have
//! pages run before their own.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::command::{command, in_folder, run};
use crate::setup::{self, Prepared};
use crate::workspace::Workspace;

/// The module's name, before wasm-bindgen adds `_bg` to it.
const NAME: &str = "fakes";

/// Makes the script up to date.
pub(crate) fn build(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    let mut cargo = prepared.wasm_cargo(workspace, ["build", "--locked", "-p", NAME])?;
    run(cargo.args(["--lib", "--profile", "wasm-release"]))?;
    let built = workspace.wasm_target().join(setup::TARGET);
    let module = built.join("wasm-release").join(NAME).with_extension("wasm");
    let folder = workspace.wasm_target().join(NAME);
    let bindgen = in_folder(&prepared.wasm()?.bindgen, "wasm-bindgen")
        .context("the wasm-bindgen tool is gone")?;
    run(command(bindgen)
        .args(["--target", "no-modules", "--no-typescript"])
        .args(["--out-name", NAME, "--out-dir"])
        .args([&folder, &module]))?;
    let read = |path: PathBuf| {
        fs::read(&path).with_context(|| format!("could not read {}", path.display()))
    };
    let whole = script(
        &String::from_utf8(read(folder.join(NAME).with_extension("js"))?)?,
        &read(folder.join("fakes_bg.wasm"))?,
        &String::from_utf8(read(workspace.root.join("tests/fakes/navigator.js"))?)?,
    );
    let file = script_file(workspace);
    fs::write(&file, whole).with_context(|| format!("could not write {}", file.display()))
}

/// Where [`build`] leaves it.
pub(crate) fn script_file(workspace: &Workspace) -> PathBuf {
    workspace.wasm_target().join(NAME).join("navigator.js")
}

/// The module is part of the script: it has to be there before the page begins.
fn script(bindings: &str, module: &[u8], navigator: &str) -> String {
    let bytes = STANDARD.encode(module);
    format!(
        "{bindings}\nwasm_bindgen.initSync({{ module: \
         Uint8Array.from(atob(\"{bytes}\"), (byte) => byte.charCodeAt(0)) }});\n{navigator}"
    )
}

#[cfg(test)]
mod tests {
    use super::script;

    #[test]
    fn the_module_is_there_before_what_uses_it() {
        let script = script("bindings", b"\0asm", "use");
        let places = ["bindings", "initSync", "AGFzbQ==", "use"].map(|part| script.find(part));
        assert!(places.is_sorted() && places[0].is_some(), "{script}");
    }
}
