//! Debian's packages: what is there, and installing what is not, where this tool may.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{answer, command, run};
use crate::progress;

/// Whether packages of Debian's names can be had here. Its children (Ubuntu …) name and
/// build the packages this tool needs differently.
pub(crate) fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|release| names_debian(&release))
}

fn names_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .any(|line| matches!(line, "ID=debian" | "ID=\"debian\""))
}

/// Those of the packages which are not installed.
pub(crate) fn missing<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect()
}

fn is_installed(package: &str) -> bool {
    let status = answer(command("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]));
    status.as_deref() == Some("installed")
}

/// How a person would install the packages.
pub(crate) fn by_hand(packages: &[&str]) -> String {
    format!(
        "sudo apt-get install --no-install-recommends {}",
        packages.join(" ")
    )
}

/// Installs, or brings up to date, packages; says so first.
pub(crate) fn install(packages: &[&str], name: &str, why: &str) -> Result<()> {
    let by_hand = by_hand(packages);
    if !is_debian() || !may_install() {
        bail!("{name} is missing ({why}); install it and start again: {by_hand}");
    }
    progress::installing(name, why, &by_hand);
    // A fresh machine has no lists; a list that cannot be had need not be the one we need.
    if let Err(error) = run(privileged("apt-get").args(["update", "-qq"])) {
        println!("      going on with the package lists that are there: {error:#}");
    }
    // `--no-remove`: what the developer has installed is not this tool's to replace.
    run(privileged("env")
        .args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "install",
            "-y",
            "--no-remove",
        ])
        .arg("--no-install-recommends")
        .args(packages))
}

/// What keeps Debian's PostgreSQL from making and starting a database of its own.
const NO_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/shikaku-none.conf";

/// Installs PostgreSQL without the database that Debian's package makes and starts: nobody
/// asked for one. What says so is taken away again.
pub(super) fn without_cluster(install: impl FnOnce() -> Result<()>) -> Result<()> {
    if !may_install() {
        return install();
    }
    let said = Path::new(NO_CLUSTER);
    run(privileged("mkdir").arg("-p").args(said.parent()))?;
    let say = "echo 'create_main_cluster = false' > \"$0\"";
    run(privileged("sh").args(["-c", say]).arg(said))?;
    let installed = install();
    run(privileged("rm").arg("-f").arg(said))?;
    installed
}

/// A program run with the right to change the system.
pub(crate) fn privileged(program: &str) -> Command {
    if is_root() {
        return command(program);
    }
    let mut sudo = command("sudo");
    sudo.args(["-n", program]);
    sudo
}

/// Whether [`privileged`] would work without asking anybody.
pub(crate) fn may_install() -> bool {
    is_root() || answer(command("sudo").args(["-n", "true"])).is_some()
}

fn is_root() -> bool {
    answer(command("id").arg("-u")).as_deref() == Some("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_debian_itself_is_debian() {
        for (release, expected) in [
            ("NAME=\"Debian GNU/Linux\"\nID=debian\n", true),
            ("ID=\"debian\"", true),
            ("ID=ubuntu\nID_LIKE=debian", false),
            ("", false),
        ] {
            assert_eq!(names_debian(release), expected, "{release}");
        }
    }
}
