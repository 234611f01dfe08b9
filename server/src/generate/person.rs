//! One person, and his lines.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::country::{Country, DAYS_PER_YEAR, Name};
use super::insurers::{Insurer, SYMBOLS};
use super::line::Line;

/// The columns, in the order of [`Person::line`].
pub(super) const COLUMNS: [&str; 27] = [
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

/// From this age on a person is insured by 後期高齢者医療.
const ELDERLY_AGE: i64 = 75;

/// Odd, so that no two persons below 2^40 have the same serial number.
const SERIAL_STEP: u64 = 0x9E_3779_B97F;
const SERIAL_DIGITS: u32 = 10;

/// What the coverages of one person share.
pub(super) struct Person<'c> {
    country: &'c Country,
    family: &'c Name,
    given: &'c Name,
    is_male: bool,
    birth_day: i64,
    /// Which character of the name could not be encoded.
    unencodable: Option<usize>,
    /// How the register writes kana, and addresses.
    kana: u32,
    address: Option<Address<'c>>,
    post_number: (u64, u64),
    has_card: bool,
}

struct Address<'c> {
    town: &'c str,
    numbers: [u64; 3],
    form: u32,
}

impl<'c> Person<'c> {
    pub(super) fn new(country: &'c Country, rng: &mut ChaCha8Rng) -> Self {
        let is_male = rng.random();
        Self {
            country,
            family: country.family(rng),
            given: country.given(rng, is_male),
            is_male,
            birth_day: country.birth_day(rng),
            unencodable: one_in(rng, 50).then(|| usize::from(rng.random::<bool>())),
            kana: rng.random_range(0..9),
            address: (!one_in(rng, 25)).then(|| Address {
                town: country.town(rng),
                numbers: [
                    rng.random_range(1..10),
                    rng.random_range(1..31),
                    rng.random_range(1..21),
                ],
                form: rng.random_range(0..4),
            }),
            post_number: (rng.random_range(1..1000), rng.random_range(0..10_000)),
            has_card: !one_in(rng, 4),
        }
    }

    /// The lines of his coverages; the two numbers name him.
    pub(super) fn write(&self, named: (u64, u64), rng: &mut ChaCha8Rng, lines: &mut Vec<u8>) {
        let today = self.country.today;
        let first_day = self.birth_day.max(today - 12 * DAYS_PER_YEAR);
        let gained = rng.random_range(first_day..=today);
        if one_in(rng, 12) {
            let changed = rng.random_range(gained..=today);
            self.line(named, rng, gained, Some(changed), lines);
            self.line(named, rng, changed, None, lines);
        } else {
            self.line(named, rng, gained, None, lines);
        }
    }

    fn line(
        &self,
        (seed, index): (u64, u64),
        rng: &mut ChaCha8Rng,
        gained: i64,
        lost: Option<i64>,
        lines: &mut Vec<u8>,
    ) {
        let is_elderly = gained - self.birth_day >= ELDERLY_AGE * DAYS_PER_YEAR;
        let insurers = if is_elderly {
            &self.country.elderly
        } else {
            &self.country.insurers
        };
        let insurer: &Insurer = &insurers[rng.random_range(0..insurers.len())];
        let is_family = rng.random::<bool>();
        let for_younger = |text: &'static str| if is_elderly { "" } else { text };
        let for_elderly = |text: &'static str| if is_elderly { text } else { "" };
        let has_limit = one_in(rng, 10);
        let for_limit = |text| if has_limit { text } else { "" };
        let gained = self.country.day(gained);
        let lost = lost.map_or("", |lost| self.country.day(lost));
        let mut line = Line::new(lines);
        line.next()
            .text(insurer.padding(rng.random()))
            .text(&insurer.number);
        line.next().text(&insurer.name);
        line.next().text("01");
        line.next().text(for_younger(pick(rng, SYMBOLS)));
        line.next().number(rng.random_range(100_000..10_000_000), 1);
        let branches = ["00", "01", "02", "03", "04", "05"];
        line.next().text(for_younger(pick(rng, &branches)));
        line.next()
            .text(for_younger(if is_family { "2" } else { "1" }));
        line.next();
        if is_family {
            line.text(&self.family.kanji).text("　世帯主");
        } else {
            self.name(&mut line);
        }
        self.name(line.next());
        self.kana(line.next());
        line.next().text(if self.is_male { "1" } else { "2" });
        line.next().text(self.country.day(self.birth_day));
        self.address(line.next());
        let (area, street) = self.post_number;
        line.next().number(area, 3).text("-").number(street, 4);
        line.next().text(gained);
        line.next().text(lost);
        line.next().text(if lost.is_empty() { "" } else { "03" });
        line.next().text(gained);
        line.next().text(gained);
        line.next().text(lost);
        line.next()
            .text(for_elderly(pick(rng, &["010", "020", "030"])));
        line.next().text(for_limit("01"));
        let flag = pick(rng, &["A01", "A02", "A03", "A04", "A05"]);
        line.next().text(for_limit(flag));
        line.next().text(for_limit(gained));
        line.next();
        line.next()
            .text("G")
            .number(seed, 1)
            .text("-")
            .number(index, 9);
        line.next();
        if self.has_card {
            let serial = index.wrapping_mul(SERIAL_STEP).wrapping_add(seed);
            line.hexadecimal(serial, SERIAL_DIGITS);
        }
        line.end();
    }

    fn name(&self, line: &mut Line<'_>) {
        let parts = [&*self.family.kanji, "　", &self.given.kanji];
        let Some(place) = self.unencodable else {
            for part in parts {
                line.text(part);
            }
            return;
        };
        let mut letter = [0; 4];
        for (at, c) in parts.into_iter().flat_map(str::chars).enumerate() {
            let c = if at == place && c != '　' { '●' } else { c };
            line.text(c.encode_utf8(&mut letter));
        }
    }

    /// As registers have it: half-width or full-width, small kana often large.
    fn kana(&self, line: &mut Line<'_>) {
        let is_large = self.kana.is_multiple_of(3);
        let (family, given) = (self.family, self.given);
        if self.kana / 3 == 0 {
            let of = |name: &'c Name| {
                if is_large {
                    &name.large_kana
                } else {
                    &name.kana
                }
            };
            line.text(of(family)).text("　").text(of(given));
        } else {
            let of = |name: &'c Name| {
                if is_large {
                    &name.large_half_width
                } else {
                    &name.half_width
                }
            };
            line.text(of(family)).text(" ").text(of(given));
        }
    }

    fn address(&self, line: &mut Line<'_>) {
        let Some(Address {
            town,
            numbers: [block, lot, house],
            form,
        }) = self.address
        else {
            return;
        };
        line.text(town);
        match form {
            0 => {
                full_width(line, block);
                full_width(line.text("丁目"), lot);
                full_width(line.text("番"), house);
                line.text("号");
            }
            1 => {
                line.number(block, 1)
                    .text("-")
                    .number(lot, 1)
                    .text("-")
                    .number(house, 1);
            }
            _ => {
                line.number(block, 1).text("丁目").number(lot, 1).text("番");
                line.number(house, 1).text("号");
            }
        }
    }
}

/// A number below a hundred.
fn full_width(line: &mut Line<'_>, number: u64) {
    const DIGITS: [&str; 10] = ["０", "１", "２", "３", "４", "５", "６", "７", "８", "９"];
    let digit = |number: u64| DIGITS[usize::try_from(number % 10).unwrap_or_default()];
    if number > 9 {
        line.text(digit(number / 10));
    }
    line.text(digit(number));
}

fn pick<T: Copy>(rng: &mut ChaCha8Rng, from: &[T]) -> T {
    from[rng.random_range(0..from.len())]
}

fn one_in(rng: &mut ChaCha8Rng, many: u32) -> bool {
    rng.random_range(0..many) == 0
}
