//! The server's tests once more, on a `PostgreSQL` server in a scratch folder.

use anyhow::Result;

use crate::command::run;
use crate::postgres::Server;
use crate::setup::Prepared;
use crate::workspace::Workspace;

/// Nothing that these tests keep has to survive a power cut.
const SETTINGS: [&str; 4] = [
    "shared_buffers=256MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// Runs the tests of the server crate against a server, and a replica of it, that are there for
/// them only.
pub(super) fn run_on(workspace: &Workspace, prepared: &Prepared) -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("\n省略/skipped  the scratch server is made with programs of Linux");
        return Ok(());
    }
    let programs = prepared.postgres()?;
    let primary = Server::start(programs, &SETTINGS)?;
    let replica = Server::replica_of(&primary, programs, &SETTINGS)?;
    run(workspace
        .cargo(["test", "--locked", "-p", "server"])
        .env("SHIKAKU_TEST_DATABASE", primary.url())
        .env("SHIKAKU_TEST_REPLICA", replica.url()))
}
