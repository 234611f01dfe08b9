//! Puts the built page (`../dist`, made by `cargo xtask`) into the program: every file
//! as it is and compressed once, here, so that serving is copying.
//!
//! Without `../dist` the program is built without a page and says so when asked
//! for one; with `SHIKAKU_REQUIRE_APP` set that is an error.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../dist");
    println!("cargo::rerun-if-env-changed=SHIKAKU_REQUIRE_APP");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let dist = Path::new("../dist");
    let index = dist.join("index.html");
    if !index.is_file() && env::var_os("SHIKAKU_REQUIRE_APP").is_some() {
        return Err("../dist/index.html is missing: build the page first (cargo xtask run)".into());
    }
    let mut files = Vec::new();
    if index.is_file() {
        collect(dist, &mut files)?;
    }
    files.sort();
    let mut table = String::from("pub(super) static FILES: &[File] = &[\n");
    for file in &files {
        write_entry(&mut table, &out, dist, file)?;
    }
    table.push_str("];\n");
    let html = fs::read_to_string(&index).unwrap_or_default();
    writeln!(table, "{}", policy(&inline_script_sources(&html)))?;
    let version = page_version(&html);
    writeln!(table, "pub(crate) const PAGE_VERSION: &str = {version:?};")?;
    fs::write(out.join("files.rs"), table)?;
    Ok(())
}

/// The policy that `facts/bridge.md` lists. WebAssembly needs 'wasm-unsafe-eval'; the one
/// inline script, which starts the app, is allowed by its hash. The reader bridge answers on
/// this machine's own ports only.
fn policy(inline_scripts: &str) -> String {
    // A test holds them to `protocol::bridge::PORTS`, which would be long to compile here.
    let bridge = [8765, 8766, 8767]
        .map(|port| format!(" ws://127.0.0.1:{port} http://127.0.0.1:{port}"))
        .concat();
    format!(
        "pub(crate) const CONTENT_SECURITY_POLICY: &str = {:?};",
        format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{inline_scripts}; \
             style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'{bridge}; \
             manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
    )
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn write_entry(
    table: &mut String,
    out: &Path,
    dist: &Path,
    file: &Path,
) -> Result<(), Box<dyn Error>> {
    let mut bytes = fs::read(file)?;
    let path = file
        .strip_prefix(dist)?
        .to_string_lossy()
        .replace('\\', "/");
    if path == "index.html" {
        bytes = named(&String::from_utf8(bytes)?)?.into_bytes();
    }
    let digest = Sha256::digest(&bytes);
    let hash = URL_SAFE_NO_PAD.encode(digest);
    let store = |suffix: &str, content: &[u8]| -> Result<String, Box<dyn Error>> {
        let target = out.join(format!("{hash}{suffix}"));
        fs::write(&target, content)?;
        Ok(format!(
            "include_bytes!({:?})",
            target.display().to_string()
        ))
    };
    let identity = store("", &bytes)?;
    // What does not get smaller is sent as it is.
    let smaller = |suffix: &str, content: Vec<u8>| {
        if content.len() < bytes.len() {
            Ok(format!("Some({})", store(suffix, &content)?))
        } else {
            Ok::<_, Box<dyn Error>>("None".to_owned())
        }
    };
    let brotli = smaller(".br", brotli(&bytes)?)?;
    let gzip = smaller(".gz", gzip(&bytes)?)?;
    writeln!(
        table,
        "File {{ path: {path:?}, content_type: {:?}, etag: {:?}, identity: {identity}, \
         brotli: {brotli}, gzip: {gzip} }},",
        content_type(&path),
        format!("\"{hash}\""),
    )?;
    Ok(())
}

/// What the page is called: it changes with every file of it, because their
/// names in `index.html` hold the hashes of what is in them.
fn page_version(html: &str) -> String {
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(html.as_bytes()));
    digest.chars().take(12).collect()
}

/// The page with its name in it, so that it knows when the service has a newer one. Trunk leaves
/// quotes out where it can.
fn named(html: &str) -> Result<String, Box<dyn Error>> {
    let version = page_version(html);
    let places = [r#"name="x-shikaku-version""#, "name=x-shikaku-version"];
    let place = places.into_iter().find(|place| html.contains(place));
    let place = place.ok_or("index.html has no place for its name")?;
    Ok(html.replacen(place, &format!("{place} content={version:?}"), 1))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// ` 'sha256-…'` for each script that stands in the page itself.
fn inline_script_sources(html: &str) -> String {
    let mut sources = String::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, after)) = after.split_once('>') else {
            break;
        };
        let Some((content, after)) = after.split_once("</script>") else {
            break;
        };
        if !attributes.contains("src=") {
            let hash = STANDARD.encode(Sha256::digest(content.as_bytes()));
            sources = format!("{sources} 'sha256-{hash}'");
        }
        rest = after;
    }
    sources
}
