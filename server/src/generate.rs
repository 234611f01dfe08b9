//! Invented insured persons in the import format, for the demo, tests and measurements.
//!
//! Person `i` is a function of the seed and `i` alone: the same seed gives the
//! same file on every machine, and a longer file begins with the shorter one. There is
//! variety for a country, and it is quick: an import must not have to wait for it.

mod country;
mod insurers;
mod line;
mod names;
mod person;
mod towns;

use std::io::{self, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use thiserror::Error;

use country::Country;
use person::{COLUMNS, Person};

/// The persons could not be written.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// The output failed.
    #[error("the persons can't be written")]
    Write(#[from] io::Error),
}

/// Persons that a thread makes at once.
const TOGETHER: u64 = 2_000;
/// Blocks that are ready before they are written, of each thread.
const READY: usize = 2;

/// Makes persons from a seed.
pub struct Generator {
    seed: u64,
}

impl Generator {
    /// The same seed gives the same persons.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Writes the header and so many persons, one or two coverages each.
    pub fn write(&self, persons: u64, mut output: impl Write) -> Result<(), GenerateError> {
        writeln!(output, "{}", COLUMNS.join(","))?;
        let country = Country::new();
        let blocks = persons.div_ceil(TOGETHER);
        thread::scope(|scope| {
            let threads = thread::available_parallelism().map_or(1, NonZero::get);
            let made: Vec<Receiver<Vec<u8>>> = (0..blocks)
                .take(threads)
                .map(|first| {
                    let (sender, made) = sync_channel(READY);
                    let country = &country;
                    scope.spawn(move || {
                        let mut numbers = (first..blocks).step_by(threads);
                        // Nobody takes it any more when the output is closed.
                        numbers
                            .all(|number| sender.send(self.block(country, number, persons)).is_ok())
                    });
                    made
                })
                .collect();
            for receiver in made.iter().cycle() {
                match receiver.recv() {
                    Ok(block) => output.write_all(&block)?,
                    Err(_) => return Ok(output.flush()?),
                }
            }
            Ok(output.flush()?)
        })
    }

    /// The lines of some persons.
    fn block(&self, country: &Country, number: u64, persons: u64) -> Vec<u8> {
        let mut lines = Vec::with_capacity(700 * 1024);
        let seeded = ChaCha8Rng::seed_from_u64(self.seed);
        let first = number * TOGETHER;
        for index in first..persons.min(first + TOGETHER) {
            let mut rng = seeded.clone();
            rng.set_stream(index);
            Person::new(country, &mut rng).write((self.seed, index), &mut rng, &mut lines);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(seed: u64, persons: u64) -> String {
        let mut output = Vec::new();
        Generator::new(seed).write(persons, &mut output).unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn the_seed_decides_and_longer_files_begin_with_shorter_ones() {
        assert_eq!(generated(7, 50), generated(7, 50));
        assert_ne!(generated(7, 50), generated(8, 50));
        assert!(generated(7, 50).starts_with(&generated(7, 20)));
    }

    #[test]
    fn lines_have_all_columns_and_the_variety_of_a_country() {
        let persons = generated(1, 3 * TOGETHER + 7);
        let mut reader = csv::Reader::from_reader(persons.as_bytes());
        assert_eq!(reader.headers().unwrap(), &COLUMNS[..]);
        let place = |name| COLUMNS.iter().position(|column| *column == name).unwrap();
        let mut values = vec![std::collections::HashSet::new(); COLUMNS.len()];
        for row in reader.records() {
            for (place, value) in row.unwrap().iter().enumerate() {
                values[place].insert(value.to_owned());
            }
        }
        let count = |name| values[place(name)].len();
        assert_eq!(count("PersonIdentifier"), 6007);
        assert!(
            count("Name") > 5000 && count("Name") < 6007,
            "{}",
            count("Name")
        );
        assert!(count("InsurerName") > 1000);
        assert!(count("Birthdate") > 5000);
        assert!(count("Address") > 5000);
        for number in &values[place("InsurerNumber")] {
            let number: domain::identifier::InsurerNumber = number.parse().unwrap();
            assert!(number.has_valid_check_digit(), "{}", number.as_str());
        }
    }
}
