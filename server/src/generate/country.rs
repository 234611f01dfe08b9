//! What persons are made of: names, towns, insurers and days, for a whole country.

use domain::date::Date;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::insurers::{self, ELDERLY, INSURERS, Insurer};
use super::names::{self, FAMILY, FEMALE, MALE};
use super::towns::TOWNS;

const FAMILY_NAMES: usize = 10_000;
const GIVEN_NAMES: usize = 1_500;
const TOWN_COUNT: usize = 1_800;
const INSURER_COUNT: usize = 3_000;

/// The day that ages are counted to. Fixed, so that a file is the same next year.
const REFERENCE: (i32, u8, u8) = (2026, 11, 1);
/// Nobody is older, in years.
const OLDEST: i64 = 100;
pub(super) const DAYS_PER_YEAR: i64 = 365;

/// A name and how registers write its kana.
pub(super) struct Name {
    pub(super) kanji: String,
    pub(super) kana: String,
    pub(super) large_kana: String,
    pub(super) half_width: String,
    pub(super) large_half_width: String,
}

impl Name {
    fn new(kanji: &str, kana: &str) -> Self {
        let large_kana = names::large_kana(kana);
        Self {
            kanji: kanji.to_owned(),
            kana: kana.to_owned(),
            half_width: names::half_width(kana),
            large_half_width: names::half_width(&large_kana),
            large_kana,
        }
    }
}

/// The tables.
pub(super) struct Country {
    family: Frequent<Name>,
    male: Frequent<Name>,
    female: Frequent<Name>,
    towns: Frequent<String>,
    pub(super) insurers: Vec<Insurer>,
    pub(super) elderly: Vec<Insurer>,
    /// From the first day of birth to the last day.
    days: Vec<String>,
    first_day: i64,
    /// The day that ages are counted to.
    pub(super) today: i64,
}

impl Country {
    pub(super) fn new() -> Self {
        let (year, month, day) = REFERENCE;
        let today = Date::new(year, month, day)
            .unwrap_or(Date::MAX)
            .days_since_unix_epoch();
        let first_day = today - OLDEST * DAYS_PER_YEAR;
        let day = |day| Date::from_days_since_unix_epoch(day).to_interface();
        let family = all_names(FAMILY, names::FAMILY_PARTS, FAMILY_NAMES);
        let insurers = insurers::all(
            INSURERS,
            family.iter().map(|name| &*name.kanji),
            INSURER_COUNT,
        );
        Self {
            towns: Frequent::new(towns(&family)),
            family: Frequent::new(family),
            male: Frequent::new(all_names(MALE, names::MALE_PARTS, GIVEN_NAMES)),
            female: Frequent::new(all_names(FEMALE, names::FEMALE_PARTS, GIVEN_NAMES)),
            insurers,
            elderly: insurers::all(ELDERLY, [].into_iter(), 0),
            days: (first_day..=today).map(day).collect(),
            first_day,
            today,
        }
    }

    pub(super) fn family(&self, rng: &mut ChaCha8Rng) -> &Name {
        self.family.pick(rng)
    }

    pub(super) fn given(&self, rng: &mut ChaCha8Rng, is_male: bool) -> &Name {
        if is_male {
            self.male.pick(rng)
        } else {
            self.female.pick(rng)
        }
    }

    pub(super) fn town(&self, rng: &mut ChaCha8Rng) -> &str {
        self.towns.pick(rng)
    }

    /// A day of birth.
    pub(super) fn birth_day(&self, rng: &mut ChaCha8Rng) -> i64 {
        rng.random_range(self.first_day..self.today)
    }

    /// A day as files have it.
    pub(super) fn day(&self, day: i64) -> &str {
        let place = usize::try_from(day - self.first_day).unwrap_or_default();
        self.days.get(place).map_or("", String::as_str)
    }
}

/// Those of the table, then others made of two parts each.
fn all_names(table: &[(&str, &str)], parts: [&[(&str, &str)]; 2], count: usize) -> Vec<Name> {
    let [first, second] = parts;
    // Along the diagonals: the frequent ones have many different parts.
    let made = (0..first.len() + second.len()).flat_map(|sum| {
        let pairs = (0..=sum).map(move |one| (first.get(one), second.get(sum - one)));
        pairs.filter_map(|(first, second)| {
            let ((kanji, kana), (more, more_kana)) = (first?, second?);
            Some(Name::new(
                &[*kanji, more].concat(),
                &[*kana, more_kana].concat(),
            ))
        })
    });
    let known = table.iter().map(|(kanji, kana)| Name::new(kanji, kana));
    let made = made.filter(|name| table.iter().all(|(kanji, _)| *kanji != name.kanji));
    known.chain(made).take(count).collect()
}

/// Those of the table, then others in the same prefectures.
fn towns(names: &[Name]) -> Vec<String> {
    let prefecture = |town: &&str| {
        let end = town
            .char_indices()
            .skip(2)
            .find(|(_, c)| "都道府県".contains(*c));
        let end = end.map_or(0, |(at, c)| at + c.len_utf8());
        town[..end].to_owned()
    };
    let prefectures: Vec<_> = TOWNS.iter().map(prefecture).collect();
    let made = names.iter().enumerate().map(|(number, name)| {
        let prefecture = &prefectures[number % prefectures.len()];
        let kind = ["市本町", "市中央", "町大字東", "市緑が丘", "村字上"][number % 5];
        format!("{prefecture}{}{kind}", name.kanji)
    });
    let known = TOWNS.iter().map(|town| (*town).to_owned());
    known.chain(made).take(TOWN_COUNT).collect()
}

/// Earlier entries are more frequent, as names are: the k-th has 1/(k + 10) (Zipf). In
/// whole numbers, which are the same on every machine.
struct Frequent<T> {
    entries: Vec<T>,
    /// Where each entry's share ends.
    ends: Vec<u32>,
}

impl<T> Frequent<T> {
    fn new(entries: Vec<T>) -> Self {
        let mut end = 0;
        let ends = (10..).take(entries.len()).map(|place: u32| {
            end += (1 << 24) / place;
            end
        });
        Self {
            ends: ends.collect(),
            entries,
        }
    }

    fn pick(&self, rng: &mut ChaCha8Rng) -> &T {
        let total = self.ends.last().copied().unwrap_or(1);
        let number = rng.random_range(0..total);
        let place = self.ends.partition_point(|end| *end <= number);
        &self.entries[place.min(self.entries.len() - 1)]
    }
}
