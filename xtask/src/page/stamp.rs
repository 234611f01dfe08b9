//! What something was built from, as text: one line for each file and tool.
//!
//! Contents count, not times: those change with every checkout.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

use anyhow::{Context as _, Result};

/// A sorted list of `name  hash` lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp(BTreeSet<String>);

impl Stamp {
    /// The stamp of tools, and of files and folders below `root`. Absent ones are left out.
    pub(crate) fn of<'a>(
        root: &Path,
        tools: &[String],
        sources: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self> {
        let mut lines: BTreeSet<String> = tools.iter().cloned().collect();
        for source in sources {
            add(root, source, &mut lines)?;
        }
        Ok(Self(lines))
    }

    /// The stamp of the last build that ended well.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(file).ok()?;
        Some(Self(text.lines().map(str::to_owned).collect()))
    }

    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let text: String = self
            .0
            .iter()
            .flat_map(|line| [line.as_str(), "\n"])
            .collect();
        fs::write(file, text).with_context(|| format!("could not write {}", file.display()))
    }

    /// All of it in sixteen letters.
    pub(crate) fn digest(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    /// The name in the first line that is not in both.
    pub(crate) fn first_change(&self, last: &Self) -> Option<String> {
        let line = self.0.symmetric_difference(&last.0).next()?;
        Some(line.split("  ").next().unwrap_or(line).to_owned())
    }
}

fn add(root: &Path, name: &str, lines: &mut BTreeSet<String>) -> Result<()> {
    let path = root.join(name);
    let unreadable = || format!("could not read {}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(&path).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?.file_name();
            // Editors' own files come and go.
            let entry = entry.to_string_lossy();
            if !entry.starts_with('.') && !entry.ends_with('~') {
                add(root, &format!("{name}/{entry}"), lines)?;
            }
        }
    } else if path.is_file() {
        let mut hasher = DefaultHasher::new();
        fs::read(&path).with_context(unreadable)?.hash(&mut hasher);
        lines.insert(format!("{name}  {:016x}", hasher.finish()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_names_what_changed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("app/src")).unwrap();
        fs::write(root.join("app/src/main.rs"), "one").unwrap();
        fs::write(root.join("index.html"), "page").unwrap();
        let stamp = |tool: &str| {
            Stamp::of(root, &[tool.to_owned()], ["app", "index.html", "absent"]).unwrap()
        };
        let file = root.join("stamp");
        stamp("trunk 1").write(&file).unwrap();
        let last = Stamp::read(&file).unwrap();

        assert_eq!(stamp("trunk 1").first_change(&last), None);
        assert_eq!(
            stamp("trunk 2").first_change(&last).as_deref(),
            Some("trunk 1")
        );

        fs::write(root.join("app/src/.main.rs.swp"), "editor").unwrap();
        assert_eq!(
            stamp("trunk 1").first_change(&last),
            None,
            "an editor's file"
        );

        fs::write(root.join("app/src/main.rs"), "two").unwrap();
        assert_eq!(
            stamp("trunk 1").first_change(&last).as_deref(),
            Some("app/src/main.rs")
        );

        fs::write(root.join("app/src/main.rs"), "one").unwrap();
        assert_eq!(stamp("trunk 1").first_change(&last), None, "put back");

        fs::remove_file(root.join("index.html")).unwrap();
        assert_eq!(
            stamp("trunk 1").first_change(&last).as_deref(),
            Some("index.html")
        );
    }

    #[test]
    fn no_file_is_no_stamp() {
        assert_eq!(Stamp::read(Path::new("no/such/stamp")), None);
    }
}
