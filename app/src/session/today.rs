//! Today, by the service's clock.

use domain::date::Date;

use crate::clock;

/// What day the service said it was, and what day it was here just then: only
/// the days that pass are taken from this terminal's clock, which may be wrong.
#[derive(Clone, Copy)]
pub(super) struct Today {
    told: Date,
    here: Date,
}

impl Today {
    pub(super) const fn told(told: Date, here: Date) -> Self {
        Self { told, here }
    }

    /// The service's day when it is `here` by this terminal's clock.
    pub(super) fn moved_to(self, here: Date) -> Date {
        let passed = here.days_since_unix_epoch() - self.here.days_since_unix_epoch();
        Date::from_days_since_unix_epoch(self.told.days_since_unix_epoch() + passed.max(0))
    }

    /// The day in Tokyo by this terminal's clock.
    pub(super) fn by_this_clock() -> Date {
        clock::now().tokyo_date()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn days_pass_but_the_service_sets_the_day() {
        let table = [
            ("2026-11-22", "2026-11-22", "2026-11-22", "2026-11-22"),
            ("2026-11-22", "2026-11-22", "2026-11-23", "2026-11-23"),
            // A terminal whose clock is a year behind, or set back.
            ("2026-11-22", "2025-11-22", "2025-11-23", "2026-11-23"),
            ("2026-11-22", "2026-11-22", "2026-11-01", "2026-11-22"),
        ];
        for (told, here, later, expected) in table {
            let today = Today::told(told.parse().unwrap(), here.parse().unwrap());
            let moved = today.moved_to(later.parse().unwrap());
            assert_eq!(moved.to_string(), expected, "{told} {here} {later}");
        }
    }
}
