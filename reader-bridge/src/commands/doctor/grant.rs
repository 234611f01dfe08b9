//! `doctor --policies`: files for administrators of managed machines.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::announce::say;
use crate::cli::Doctor;
use crate::door::origin::Origin;
use crate::policy::{Grants, PolicyFile};

/// Shows the files, or writes them. The number is the process's status.
pub(super) fn run(arguments: &Doctor, origins: &[Origin]) -> anyhow::Result<u8> {
    let grants = Grants::new(origins, &arguments.hid)?;
    let files = grants.files()?;
    match &arguments.into {
        Some(folder) => write(folder, &files, arguments.force)?,
        None => show(&files),
    }
    say("");
    for origin in origins {
        say(&format!("・画面の接続元: {origin}"));
    }
    if grants.lacks_hid_readers() {
        say(
            "・BALTECH の機種は USB の番号が公開されていないため、含みません。端末で番号を確かめ（Linux: lsusb、\
             Windows: デバイスマネージャーの VID と PID）、--hid VENDOR:PRODUCT で加えてください",
        );
    }
    say(
        "・同じ名前のポリシーがほかにあるときは、並べずに 1 つにまとめてください。置いた後は chrome://policy、\
         edge://policy、about:policies で確かめられます",
    );
    Ok(0)
}

fn show(files: &[PolicyFile]) {
    for file in files {
        say(&format!("\n■ {}", file.place));
        say(file.content.trim_end());
    }
}

/// Writes all of them, or none if that would lose what somebody else wrote.
fn write(folder: &Path, files: &[PolicyFile], is_forced: bool) -> anyhow::Result<()> {
    let paths: Vec<_> = files.iter().map(|file| folder.join(&file.name)).collect();
    let mut wanted = Vec::new();
    let mut kept = Vec::new();
    for (path, file) in paths.iter().zip(files) {
        match fs::read(path) {
            Ok(content) if content == file.content.as_bytes() => {}
            Ok(_) if !is_forced => kept.push(path.display().to_string()),
            Ok(_) => wanted.push((path, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => wanted.push((path, file)),
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        }
    }
    if !kept.is_empty() {
        bail!(
            "別の内容のファイルがあるため、何も書いていません。別のフォルダーを指定するか、上書きしてよければ --force を\
             付けてください / nothing is written, to lose nothing:\n{}",
            kept.join("\n")
        );
    }
    for (path, file) in wanted {
        put(path, &file.content, is_forced).with_context(|| path.display().to_string())?;
    }
    for (path, file) in paths.iter().zip(files) {
        say(&format!("{}\n    → {}", path.display(), file.place));
    }
    Ok(())
}

fn put(path: &Path, content: &str, is_forced: bool) -> io::Result<()> {
    fs::create_dir_all(path.parent().map_or_else(PathBuf::new, Path::to_owned))?;
    let mut file = if is_forced {
        fs::File::create(path)?
    } else {
        fs::File::create_new(path)?
    };
    file.write_all(content.as_bytes())
}
