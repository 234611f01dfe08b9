//! Which days the calendar shows, and where a key leads.

use domain::date::{Date, Era};

/// A month on show, and the day in it that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Calendar {
    first: Date,
    last: Date,
    cursor: Date,
    pub(super) by_era: bool,
}

/// A movement of the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Days(i64),
    Months(i32),
    WeekStart,
    WeekEnd,
}

impl Step {
    /// What a key does in the grid of days.
    pub(super) fn of_key(key: &str, shift: bool) -> Option<Self> {
        let page = if shift { 12 } else { 1 };
        match key {
            "ArrowLeft" => Some(Self::Days(-1)),
            "ArrowRight" => Some(Self::Days(1)),
            "ArrowUp" => Some(Self::Days(-7)),
            "ArrowDown" => Some(Self::Days(7)),
            "PageUp" => Some(Self::Months(-page)),
            "PageDown" => Some(Self::Months(page)),
            "Home" => Some(Self::WeekStart),
            "End" => Some(Self::WeekEnd),
            _ => None,
        }
    }
}

impl Calendar {
    /// Opens at a day; days outside `first..=last` can't be chosen.
    pub(super) fn open(first: Date, last: Date, at: Date, by_era: bool) -> Self {
        Self {
            first,
            last,
            cursor: at.clamp(first, last),
            by_era,
        }
    }

    pub(super) const fn cursor(&self) -> Date {
        self.cursor
    }

    pub(super) fn allows(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }

    pub(super) fn move_to(&mut self, day: Date) {
        self.cursor = day.clamp(self.first, self.last);
    }

    pub(super) fn step(&mut self, step: Step) {
        match step {
            Step::Days(days) => self.move_to(plus(self.cursor, days)),
            Step::Months(months) => self.add_months(months),
            Step::WeekStart => self.move_to(plus(self.cursor, -weekday(self.cursor))),
            Step::WeekEnd => self.move_to(plus(self.cursor, 6 - weekday(self.cursor))),
        }
    }

    /// The same day of another month, or that month's last.
    pub(super) fn add_months(&mut self, months: i32) {
        let (year, month) = (
            i32::from(self.cursor.year()),
            i32::from(self.cursor.month()),
        );
        let months = year * 12 + month - 1 + months;
        self.go_to_month(months.div_euclid(12), months.rem_euclid(12) + 1);
    }

    pub(super) fn set_year(&mut self, year: i32) {
        self.go_to_month(year, i32::from(self.cursor.month()));
    }

    pub(super) fn set_month(&mut self, month: i32) {
        self.go_to_month(i32::from(self.cursor.year()), month);
    }

    /// The same year of another era, if it has one, else its last.
    pub(super) fn set_era(&mut self, era: Era) {
        let year = self.cursor.era_year().year;
        self.set_era_year(era, year);
    }

    /// The same day in a year of an era, moved into the era where it is outside.
    pub(super) fn set_era_year(&mut self, era: Era, year: u16) {
        let (first, last) = (era.first_day(), era.last_day());
        let before_first = i32::from(first.year()) - i32::from(first.era_year().year);
        self.set_year(before_first + i32::from(year));
        self.move_to(self.cursor.clamp(first, last));
    }

    fn go_to_month(&mut self, year: i32, month: i32) {
        let Ok(month) = u8::try_from(month) else {
            return;
        };
        let edge = if year < i32::from(self.first.year()) {
            self.first
        } else {
            self.last
        };
        let day = Date::new(year, month, 1).map(|first| {
            let day = self.cursor.day().min(first.days_in_month());
            plus(first, i64::from(day) - 1)
        });
        self.move_to(day.unwrap_or(edge));
    }

    /// The eras that have a day to choose, the latest first.
    pub(super) fn eras(&self) -> Vec<Era> {
        let eras = Era::ALL.into_iter().rev();
        eras.filter(|era| era.first_day() <= self.last && era.last_day() >= self.first)
            .collect()
    }

    /// The years of the era on show that have a day to choose.
    pub(super) fn era_years(&self) -> Vec<u16> {
        let era = self.cursor.era_year().era;
        let first = era.first_day().max(self.first).era_year().year;
        let last = era.last_day().min(self.last).era_year().year;
        (first..=last).collect()
    }

    /// The Gregorian years that have a day to choose, the latest first.
    pub(super) fn years(&self) -> Vec<u16> {
        (self.first.year()..=self.last.year()).rev().collect()
    }

    /// The month's days by weeks from Sunday; `None` outside the month.
    pub(super) fn weeks(&self) -> Vec<[Option<Date>; 7]> {
        let first = plus(self.cursor, 1 - i64::from(self.cursor.day()));
        let days = i64::from(first.days_in_month());
        let lead = weekday(first);
        let in_place = |place: i64| {
            let day = place - lead;
            (0..days).contains(&day).then(|| plus(first, day))
        };
        let weeks = (lead + days + 6) / 7;
        (0..weeks)
            .map(|week| [0, 1, 2, 3, 4, 5, 6].map(|day| in_place(week * 7 + day)))
            .collect()
    }

    /// A chosen day as it is written into the field.
    pub(super) fn written(&self, day: Date) -> String {
        if self.by_era {
            day.japanese()
        } else {
            day.slashed()
        }
    }
}

fn plus(day: Date, days: i64) -> Date {
    Date::from_days_since_unix_epoch(day.days_since_unix_epoch() + days)
}

/// Days since the last Sunday: 1970-01-01 was a Thursday.
fn weekday(day: Date) -> i64 {
    (day.days_since_unix_epoch() + 4).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Calendar {
        Calendar::open(Date::MIN, day("2026-11-22"), day(text), true)
    }

    #[wasm_bindgen_test]
    fn keys_move_the_day_and_stop_at_the_ends() {
        let table = [
            ("1985-04-01", "ArrowLeft", false, "1985-03-31"),
            ("1985-04-01", "ArrowUp", false, "1985-03-25"),
            ("1985-04-01", "ArrowDown", false, "1985-04-08"),
            ("1985-03-31", "PageUp", false, "1985-02-28"),
            ("1985-01-31", "PageDown", false, "1985-02-28"),
            ("1985-12-31", "PageDown", false, "1986-01-31"),
            ("1984-02-29", "PageDown", true, "1985-02-28"),
            ("1985-04-03", "Home", false, "1985-03-31"),
            ("1985-04-03", "End", false, "1985-04-06"),
            ("2026-11-22", "ArrowRight", false, "2026-11-22"),
            ("2026-11-10", "PageDown", false, "2026-11-22"),
            ("1873-01-01", "ArrowLeft", false, "1873-01-01"),
            ("1873-01-10", "PageUp", true, "1873-01-01"),
        ];
        for (from, key, shift, to) in table {
            let mut calendar = at(from);
            calendar.step(Step::of_key(key, shift).unwrap());
            assert_eq!(calendar.cursor(), day(to), "{from} {key}");
        }
        assert_eq!(Step::of_key("Enter", false), None);
    }

    #[wasm_bindgen_test]
    fn eras_and_years_lead_into_the_era() {
        let table = [
            ("1985-04-01", Era::Showa, 64, "1989-01-07"),
            ("1985-04-01", Era::Heisei, 1, "1989-04-01"),
            ("1985-01-01", Era::Heisei, 1, "1989-01-08"),
            ("1985-04-01", Era::Taisho, 1, "1912-07-30"),
            ("1985-04-01", Era::Meiji, 6, "1873-04-01"),
            ("1985-04-01", Era::Reiwa, 60, "2026-11-22"),
            ("1984-02-29", Era::Showa, 60, "1985-02-28"),
        ];
        for (from, era, year, to) in table {
            let mut calendar = at(from);
            calendar.set_era_year(era, year);
            assert_eq!(calendar.cursor(), day(to), "{from} {era:?} {year}");
        }
        let mut calendar = at("1985-04-01");
        assert_eq!(calendar.era_years().last(), Some(&64));
        calendar.set_era(Era::Heisei);
        assert_eq!(
            calendar.cursor(),
            day("2019-04-30"),
            "平成 has no 60th year"
        );
        calendar.set_era(Era::Reiwa);
        assert_eq!(calendar.era_years(), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(calendar.eras().first(), Some(&Era::Reiwa));
    }

    #[wasm_bindgen_test]
    fn a_month_has_all_its_days_under_their_weekdays() {
        let weeks = at("2026-11-22").weeks();
        assert_eq!(weeks[0][0], Some(day("2026-11-01")), "a Sunday");
        assert_eq!(weeks[3][0], Some(day("2026-11-22")));
        let weeks = at("1985-04-01").weeks();
        assert_eq!(weeks[0][0], None);
        assert_eq!(weeks[0][1], Some(day("1985-04-01")), "a Monday");
        assert_eq!(weeks.iter().flatten().flatten().count(), 30);
        assert_eq!(at("2015-02-01").weeks().len(), 4);
    }

    #[wasm_bindgen_test]
    fn a_day_is_written_in_the_calendar_it_was_chosen_in() {
        let mut calendar = at("2019-05-01");
        assert_eq!(calendar.written(calendar.cursor()), "令和元年5月1日");
        calendar.by_era = false;
        assert_eq!(calendar.written(calendar.cursor()), "2019/05/01");
    }
}
