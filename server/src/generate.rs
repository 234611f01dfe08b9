//! Invented insured persons in the import format, for the demo, tests and measurements.
//!
//! Person `i` is a function of the seed and `i` alone: the same seed gives the
//! same file on every machine, and a longer file begins with the shorter one.

mod insurers;
mod names;
mod towns;

use std::io::{self, Write};

use domain::date::Date;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use thiserror::Error;

use insurers::{ELDERLY, INSURERS, Insurer};
use names::{FAMILY, FEMALE, GivenName, MALE};
use towns::TOWNS;

/// The persons could not be written.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// The output failed.
    #[error("the persons can't be written")]
    Write(#[from] io::Error),
    /// A row could not be written as CSV.
    #[error("the persons can't be written as CSV")]
    Csv(#[from] csv::Error),
}

/// The columns, in the order of [`Person::row`].
const COLUMNS: [&str; 27] = [
    "InsurerNumber",
    "InsurerName",
    "InsuredCardClassification",
    "InsuredCardSymbol",
    "InsuredIdentificationNumber",
    "InsuredBranchNumber",
    "PersonalFamilyClassification",
    "InsuredName",
    "Name",
    "NameKana",
    "Sex1",
    "Birthdate",
    "Address",
    "PostNumber",
    "QualificationDate",
    "DisqualificationDate",
    "ReasonOfLoss",
    "InsuredCertificateIssuanceDate",
    "InsuredCardValidDate",
    "InsuredCardExpirationDate",
    "InsuredPartialContributionRatio",
    "LimitApplicationCertificateClassification",
    "LimitApplicationCertificateClassificationFlag",
    "LimitApplicationCertificateValidStartDate",
    "LimitApplicationCertificateValidEndDate",
    "PersonIdentifier",
    "CertificateSerialNumber",
];

/// The day that ages are counted to. Fixed, so that a file is the same next year.
const REFERENCE: (i32, u8, u8) = (2026, 11, 1);
/// From this age on a person is insured by 後期高齢者医療.
const ELDERLY_AGE: i64 = 75;
const DAYS_PER_YEAR: i64 = 365;

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
    pub fn write(&self, persons: u64, output: impl Write) -> Result<(), GenerateError> {
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(COLUMNS)?;
        for index in 0..persons {
            let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
            rng.set_stream(index);
            for row in Person::new(self.seed, index, &mut rng).rows(&mut rng) {
                writer.write_record(row)?;
            }
        }
        Ok(writer.flush()?)
    }
}

fn pick<'a, T>(rng: &mut ChaCha8Rng, from: &'a [T]) -> &'a T {
    &from[rng.random_range(0..from.len())]
}

/// Earlier entries are more frequent, roughly as names are (Zipf).
fn pick_frequent<'a, T>(rng: &mut ChaCha8Rng, from: &'a [T]) -> &'a T {
    let fraction: f64 = rng.random();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a table of some dozen names; the fraction is below one"
    )]
    let place = (fraction * fraction * from.len() as f64) as usize;
    &from[place.min(from.len() - 1)]
}

fn one_in(rng: &mut ChaCha8Rng, many: u32) -> bool {
    rng.random_range(0..many) == 0
}

/// What the coverages of one person share.
struct Person {
    identifier: String,
    family: &'static str,
    name: String,
    kana: String,
    sex: &'static str,
    birth_day: i64,
    today: i64,
    address: String,
    post_number: String,
    serial_number: String,
}

impl Person {
    fn new(seed: u64, index: u64, rng: &mut ChaCha8Rng) -> Self {
        let family = pick_frequent(rng, FAMILY);
        let is_male: bool = rng.random();
        let given: &GivenName = pick_frequent(rng, if is_male { MALE } else { FEMALE });
        let (year, month, day) = REFERENCE;
        let today = Date::new(year, month, day)
            .unwrap_or(Date::MAX)
            .days_since_unix_epoch();
        let name = format!("{}　{}", family.0, given.0);
        Self {
            identifier: format!("G{seed}-{index:09}"),
            family: family.0,
            name: if one_in(rng, 50) {
                with_unencodable(rng, &name)
            } else {
                name
            },
            kana: kana(rng, family.1, given.1),
            sex: if is_male { "1" } else { "2" },
            birth_day: today - rng.random_range(0..100 * DAYS_PER_YEAR),
            today,
            address: if one_in(rng, 25) {
                String::new()
            } else {
                address(rng)
            },
            post_number: format!(
                "{:03}-{:04}",
                rng.random_range(1..1000),
                rng.random_range(0..10_000)
            ),
            serial_number: if one_in(rng, 4) {
                String::new()
            } else {
                format!("{:08X}", rng.random::<u32>())
            },
        }
    }

    fn rows(&self, rng: &mut ChaCha8Rng) -> Vec<Vec<String>> {
        let first_day = (self.birth_day).max(self.today - 12 * DAYS_PER_YEAR);
        let gained = rng.random_range(first_day..=self.today);
        if one_in(rng, 12) {
            let changed = rng.random_range(gained..=self.today);
            return vec![
                self.row(rng, gained, Some(changed)),
                self.row(rng, changed, None),
            ];
        }
        vec![self.row(rng, gained, None)]
    }

    fn row(&self, rng: &mut ChaCha8Rng, gained: i64, lost: Option<i64>) -> Vec<String> {
        let is_elderly = gained - self.birth_day >= ELDERLY_AGE * DAYS_PER_YEAR;
        let insurer: &Insurer = pick(rng, if is_elderly { ELDERLY } else { INSURERS });
        let day = |days: i64| Date::from_days_since_unix_epoch(days).to_interface();
        let lost = lost.map(day).unwrap_or_default();
        let reason = if lost.is_empty() { "" } else { "03" };
        let is_family = rng.random::<bool>();
        let has_limit = one_in(rng, 10);
        let text = str::to_owned;
        let symbol = pick(rng, insurers::SYMBOLS);
        let branch = format!("{:02}", rng.random_range(0..6));
        let for_younger = |value: &str| {
            if is_elderly {
                String::new()
            } else {
                value.to_owned()
            }
        };
        let insured = if is_family {
            format!("{}　世帯主", self.family)
        } else {
            self.name.clone()
        };
        let ratio = pick(rng, &["010", "020", "030"]);
        let flag = pick(rng, &["A01", "A02", "A03", "A04", "A05"]);
        let for_limit = |value: String| if has_limit { value } else { String::new() };
        vec![
            insurer.written(rng),
            text(insurer.name),
            text("01"),
            for_younger(symbol),
            rng.random_range(100_000..10_000_000).to_string(),
            for_younger(&branch),
            for_younger(if is_family { "2" } else { "1" }),
            insured,
            self.name.clone(),
            self.kana.clone(),
            text(self.sex),
            day(self.birth_day),
            self.address.clone(),
            self.post_number.clone(),
            day(gained),
            lost.clone(),
            text(reason),
            day(gained),
            day(gained),
            lost,
            if is_elderly {
                text(ratio)
            } else {
                String::new()
            },
            for_limit(text("01")),
            for_limit(text(flag)),
            for_limit(day(gained)),
            String::new(),
            self.identifier.clone(),
            self.serial_number.clone(),
        ]
    }
}

/// One character of the name that could not be encoded.
fn with_unencodable(rng: &mut ChaCha8Rng, name: &str) -> String {
    let place = usize::from(rng.random::<bool>());
    name.chars()
        .enumerate()
        .map(|(i, c)| if i == place && c != '　' { '●' } else { c })
        .collect()
}

/// Kana as registers have it: half-width or full-width, small kana often large.
fn kana(rng: &mut ChaCha8Rng, family: &str, given: &str) -> String {
    let (family, given) = if one_in(rng, 3) {
        (names::large_kana(family), names::large_kana(given))
    } else {
        (family.to_owned(), given.to_owned())
    };
    if one_in(rng, 3) {
        format!("{family}　{given}")
    } else {
        format!(
            "{} {}",
            names::half_width(&family),
            names::half_width(&given)
        )
    }
}

fn address(rng: &mut ChaCha8Rng) -> String {
    let town = pick(rng, TOWNS);
    let (block, lot, house) = (
        rng.random_range(1..10),
        rng.random_range(1..31),
        rng.random_range(1..21),
    );
    let text = format!("{town}{block}丁目{lot}番{house}号");
    match rng.random_range(0..4) {
        0 => full_width_digits(&text),
        1 => format!("{town}{block}-{lot}-{house}"),
        _ => text,
    }
}

fn full_width_digits(text: &str) -> String {
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        c => c,
    };
    text.chars().map(wide).collect()
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
    fn insurers_have_valid_check_digits() {
        for insurer in INSURERS.iter().chain(ELDERLY) {
            let number: domain::identifier::InsurerNumber = insurer.number.parse().unwrap();
            assert!(number.has_valid_check_digit(), "{}", insurer.number);
        }
    }
}
