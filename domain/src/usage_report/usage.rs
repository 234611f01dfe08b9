//! What was done with the function, counted from lines of the audit trail.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::account::UserId;
use crate::date::Date;
use crate::timestamp::Timestamp;

/// What an account did, as far as it is counted; in the order of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub user_id: UserId,
    /// Whose information, if somebody's: the store's own number.
    pub person: Option<u64>,
    /// What.
    pub kind: UseKind,
}

/// Kinds of [`Use`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseKind {
    /// 検索; names a person where it found one only.
    Searched,
    /// A person stood in the list of a search.
    Listed,
    /// A person was brought by 目視確認, not by a search.
    VisuallyConfirmed,
    /// 資格情報確認 of a person was opened.
    Opened,
}

/// What was done with the function.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Days on which it was used, the earliest first.
    pub days: Vec<UsageDay>,
    /// Who used it, by ユーザID.
    pub users: Vec<UsageByUser>,
    /// Different persons in all: one who came on two days is one.
    pub persons: u32,
}

/// A day of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageDay {
    /// The day, in Asia/Tokyo.
    pub date: Date,
    /// Searches.
    pub searches: u32,
    /// Different persons whose eligibility was opened.
    pub persons: u32,
}

/// What one account did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsageByUser {
    /// ユーザID.
    pub user_id: UserId,
    /// Searches.
    pub searches: u32,
    /// Different persons whose eligibility was opened.
    pub persons: u32,
}

/// Searches, and who was found by them.
#[derive(Default)]
struct Tally {
    searches: u32,
    persons: BTreeSet<u64>,
}

impl Tally {
    fn persons(&self) -> u32 {
        u32::try_from(self.persons.len()).unwrap_or(u32::MAX)
    }
}

/// By what each account came to each person last: `true` by a search.
#[derive(Default)]
struct Brought(BTreeMap<(String, u64), bool>);

impl Brought {
    /// Takes note, and gives the person whose eligibility was opened after a search.
    fn opened(&mut self, it: &Use) -> Option<u64> {
        let person = it.person?;
        let key = (it.user_id.as_str().to_owned(), person);
        let by_search = match it.kind {
            UseKind::Searched | UseKind::Listed => true,
            UseKind::VisuallyConfirmed => false,
            UseKind::Opened => return (self.0.get(&key) == Some(&true)).then_some(person),
        };
        self.0.insert(key, by_search);
        None
    }
}

impl Usage {
    /// Counts. An eligibility counts where a search brought its person: what the account last
    /// did about the person before decides that, because a candidate can be opened once it was
    /// handed out and not otherwise.
    pub fn count(uses: impl IntoIterator<Item = Use>) -> Self {
        let mut days: BTreeMap<Date, Tally> = BTreeMap::new();
        let mut users: BTreeMap<String, (UserId, Tally)> = BTreeMap::new();
        let mut all = BTreeSet::new();
        let mut brought = Brought::default();
        for it in uses {
            let person = brought.opened(&it);
            let searches = u32::from(it.kind == UseKind::Searched);
            if searches == 0 && person.is_none() {
                continue;
            }
            all.extend(person);
            let day = days.entry(it.at.tokyo_date()).or_default();
            let name = it.user_id.as_str().to_owned();
            let (_, user) = users.entry(name).or_insert((it.user_id, Tally::default()));
            for tally in [day, user] {
                tally.searches += searches;
                tally.persons.extend(person);
            }
        }
        Self {
            days: days.into_iter().map(UsageDay::from).collect(),
            users: users.into_values().map(UsageByUser::from).collect(),
            persons: u32::try_from(all.len()).unwrap_or(u32::MAX),
        }
    }

    /// 検索 in all.
    pub fn searches(&self) -> u32 {
        self.days.iter().map(|day| day.searches).sum()
    }
}

impl From<(Date, Tally)> for UsageDay {
    fn from((date, tally): (Date, Tally)) -> Self {
        Self {
            date,
            searches: tally.searches,
            persons: tally.persons(),
        }
    }
}

impl From<(UserId, Tally)> for UsageByUser {
    fn from((user_id, tally): (UserId, Tally)) -> Self {
        Self {
            user_id,
            searches: tally.searches,
            persons: tally.persons(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Line = (u8, &'static str, char, Option<u64>);

    /// A line: the day of November 2026, who, what (`s`earched, `l`isted, `v`isually confirmed,
    /// `o`pened), and whose.
    fn usage(lines: &[Line]) -> Usage {
        let uses = lines.iter().map(|(day, user, kind, person)| Use {
            at: Timestamp::start_of_tokyo_day(Date::new(2026, 11, *day).unwrap()),
            user_id: user.parse().unwrap(),
            person: *person,
            kind: match kind {
                's' => UseKind::Searched,
                'l' => UseKind::Listed,
                'v' => UseKind::VisuallyConfirmed,
                'o' => UseKind::Opened,
                other => panic!("{other}"),
            },
        });
        Usage::count(uses)
    }

    fn days(usage: &Usage) -> Vec<(u8, u32, u32)> {
        let row = |day: &UsageDay| (day.date.day(), day.searches, day.persons);
        usage.days.iter().map(row).collect()
    }

    fn users(usage: &Usage) -> Vec<(&str, u32, u32)> {
        let users = usage.users.iter();
        users
            .map(|it| (it.user_id.as_str(), it.searches, it.persons))
            .collect()
    }

    #[test]
    fn searches_and_different_persons_are_counted_by_day_and_by_user() {
        let counted = usage(&[
            (20, "staff", 's', None),
            (20, "staff", 's', Some(1)),
            (20, "staff", 'o', Some(1)),
            (20, "staff", 'o', Some(1)),
            (20, "admin", 's', Some(1)),
            (20, "admin", 'o', Some(1)),
            (21, "staff", 's', None),
            (21, "staff", 'l', Some(1)),
            (21, "staff", 'l', Some(2)),
            (21, "staff", 'o', Some(2)),
            (21, "staff", 'o', Some(1)),
        ]);
        assert_eq!(days(&counted), [(20, 3, 1), (21, 1, 2)]);
        assert_eq!(users(&counted), [("admin", 1, 1), ("staff", 3, 2)]);
        assert_eq!(counted.persons, 2);
        assert_eq!(counted.searches(), 4);
    }

    #[test]
    fn whom_no_search_brought_does_not_count() {
        let table: [(&[Line], u32); 5] = [
            (
                &[(20, "staff", 'v', Some(1)), (20, "staff", 'o', Some(1))],
                0,
            ),
            (&[(20, "staff", 'o', Some(1))], 0),
            // Another one's search.
            (
                &[(20, "admin", 's', Some(1)), (20, "staff", 'o', Some(1))],
                0,
            ),
            // Listed, but then by 目視確認.
            (
                &[
                    (20, "staff", 'l', Some(1)),
                    (20, "staff", 'v', Some(1)),
                    (20, "staff", 'o', Some(1)),
                ],
                0,
            ),
            (
                &[
                    (20, "staff", 'v', Some(1)),
                    (20, "staff", 'o', Some(1)),
                    (20, "staff", 's', Some(1)),
                    (20, "staff", 'o', Some(1)),
                ],
                1,
            ),
        ];
        for (lines, expected) in table {
            assert_eq!(usage(lines).persons, expected, "{lines:?}");
        }
        let by_eye_only = usage(&[(20, "staff", 'v', Some(1)), (20, "staff", 'o', Some(1))]);
        assert_eq!(by_eye_only, Usage::default());
    }
}
