//! What is typed while the example runs.

use std::io::{self, BufRead as _};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::example::Example;

const HELP: &str = "  kill NAME      as if its machine had lost its power: one or two (servers), a or b (databases), keeper
  start NAME     starts it again
  promote NAME   makes the replica the primary, when the primary is gone
  rejoin a b     makes a, which was the primary, a replica of b; or the other way round
  status         what runs, and what the keeper has noted
  quit           stops everything and removes it; Ctrl-C only stops it";

/// Does what is typed, until told to stop.
pub(super) fn obey(example: &mut Example) -> Result<()> {
    println!(
        "\nブラウザーで開いてください / Open in a browser:  http://{}/\n\
         データ、記録 / Data and logs:                   {}\n\n{HELP}\n",
        example.front(),
        example.folder().display()
    );
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let done = match words.as_slice() {
            [] => Ok(()),
            ["quit"] => return Ok(()),
            ["status"] => {
                say_standing(example);
                Ok(())
            }
            ["kill", name] => example.kill(name),
            ["start", name] => example.start_part(name),
            ["promote", name] => example.promote(name),
            ["rejoin", name, primary] => example.rejoin(name, primary),
            _ => {
                println!("{HELP}");
                Ok(())
            }
        };
        match done {
            Ok(()) => println!("ok"),
            Err(error) => println!("✗ {error:#}"),
        }
    }
    // Nobody can type anything, so it runs until it is stopped from outside.
    loop {
        thread::sleep(Duration::from_hours(24));
    }
}

fn say_standing(example: &mut Example) {
    for (name, runs) in example.standing() {
        println!("  {name:<6} {}", if runs { "runs" } else { "is down" });
    }
    println!("  noted: {}", example.in_step());
}
