//! Each part of the example is killed while people search, and nothing that they were told
//! is lost.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use super::crowd::{Cost, Crowd, PEOPLE};
use super::desk::{Opening, Session};
use super::example::Example;
use super::machine::Programs;
use crate::command::{answer, command};

/// They search more than the limits of one institution allow.
const OPTIONS: &[&str] = &["--without-rate-limits"];

/// Whoever is being answered by what is killed is refused, and who comes before that is
/// noticed; nobody more than so often.
const MOST_REFUSED: usize = 5 * PEOPLE;

/// The same once there is a primary again: servers and load balancer have to find that out.
const MOST_REFUSED_AFTER_RETURN: usize = 50 * PEOPLE;

/// Long enough for many to be answered what would be lost.
const ALONE: Duration = Duration::from_secs(1);

pub(super) fn test(programs: Programs) -> Result<()> {
    let mut example = Example::start(programs, 0, OPTIONS)?;
    survive(&mut example).inspect_err(|_| example.say_last_words())
}

fn survive(example: &mut Example) -> Result<()> {
    let (one, two) = (example.server("one")?, example.server("two")?);
    let session = Session::of("staff", &two)?;
    // What one server opens, and who logged in at one, is known to the other at once.
    let opening = Opening::make(&two, &one)?;
    let day = answer(command("date").args(["-u", "+%Y-%m-%d"])).context("what day is it?")?;
    let searched = session.search(&one, &day)?.status;
    ensure!(searched == 200, "the other server says {searched}");
    let crowd = Crowd::gather(&session, &example.front(), &day)?;
    crowd.during(|| Ok(()))?;

    for server in ["one", "two"] {
        let cost = crowd.during(|| example.kill(server))?;
        limited(&format!("server {server} is killed"), cost, MOST_REFUSED)?;
        crowd.during(|| example.start_part(server))?;
    }
    replica_dies(example, &crowd)?;
    primary_dies(example, &crowd)?;
    both_die(example, &crowd)?;

    ensure!(session.holds(&example.front())?, "the session was lost");
    let answered = crowd.disperse()?;
    // With another primary they still hear of each other.
    let mut window = session.follow(&two)?;
    window.until_told("opened")?;
    opening.end(&one)?;
    window.until_told("ended")?;
    all_are_in_the_trail(example, &answered)
}

fn replica_dies(example: &mut Example, crowd: &Crowd) -> Result<()> {
    let cost = crowd.during(|| example.kill("b"))?;
    limited("the replica is killed", cost, MOST_REFUSED)?;
    ensure!(example.in_step() == "alone a", "{}", example.in_step());
    example.start_part("b")?;
    example.until_noted("in-step a")?;
    let cost = crowd.during(|| Ok(()))?;
    limited("the replica is back", cost, MOST_REFUSED)
}

fn primary_dies(example: &mut Example, crowd: &Crowd) -> Result<()> {
    refused("promoting beside the primary", &example.promote("b"))?;
    // What the primary writes in between it alone has. That must not be answered: it is lost.
    for name in ["keeper", "b"] {
        example.kill(name)?;
    }
    thread::sleep(ALONE);
    example.kill("a")?;
    example.start_part("b")?;
    example.promote("b")?;
    let cost = crowd.during(|| Ok(()))?;
    limited("the primary is replaced", cost, MOST_REFUSED_AFTER_RETURN)?;
    example.start_part("keeper")?;
    // There must not be two.
    refused("starting it as a second primary", &example.start_part("a"))?;
    example.rejoin("a", "b")?;
    example.until_noted("in-step b")?;
    let cost = crowd.during(|| Ok(()))?;
    limited("the old primary is a replica", cost, MOST_REFUSED)
}

/// Then the one that was left alone has to come back: the other one lacks what it answered.
fn both_die(example: &mut Example, crowd: &Crowd) -> Result<()> {
    crowd.during(|| example.kill("a"))?;
    example.until_noted("alone b")?;
    example.kill("b")?;
    example.start_part("a")?;
    refused("promoting what was not in step", &example.promote("a"))?;
    example.start_part("b")?;
    let cost = crowd.during(|| Ok(()))?;
    limited(
        "both databases were killed",
        cost,
        MOST_REFUSED_AFTER_RETURN,
    )?;
    example.until_noted("in-step b")
}

fn limited(what: &str, cost: Cost, most: usize) -> Result<()> {
    let Cost { refused, silence } = cost;
    println!(
        "  {what}: {refused} refused, {:.1} s without an answer",
        silence.as_secs_f64()
    );
    ensure!(refused <= most, "{what}: {refused} were refused");
    Ok(())
}

fn refused(what: &str, done: &Result<()>) -> Result<()> {
    if done.is_ok() {
        bail!("{what} was not refused");
    }
    Ok(())
}

/// On the database that is left, each search that was answered, and a chain that holds.
fn all_are_in_the_trail(example: &Example, answered: &[String]) -> Result<()> {
    let machine = &example.machine;
    let said = |arguments: &[&str]| {
        let said = answer(&mut machine.server(arguments));
        said.with_context(|| format!("{arguments:?} failed"))
    };
    let trail = said(&[
        "audit", "export", "--format", "jsonl", "--action", "searched",
    ])?;
    let kept: HashSet<&str> = trail
        .lines()
        .filter_map(|line| line.split_once(r#""request_id":""#)?.1.split('"').next())
        .collect();
    let lost = answered.iter().filter(|id| !kept.contains(id.as_str()));
    let (lost, count) = (lost.count(), answered.len());
    ensure!(
        lost == 0,
        "{lost} of {count} searches were answered and are not in the trail"
    );
    let distinct: HashSet<&String> = answered.iter().collect();
    ensure!(distinct.len() == count, "requests share their ids");
    println!("  {count} searches were answered, and all are in the trail");
    let holds = said(&["audit", "verify"])?;
    println!("  {}", holds.lines().next().unwrap_or_default());
    Ok(())
}
