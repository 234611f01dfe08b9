//! What searches read of persons, to be done again by the database's own program alone.
//!
//! It is taken from the server's log while some searches are made, so that it is what they do
//! and not what is thought of them: each select from the table of persons with the values that
//! it had, as many for a search as that had (in variants of a name too), and as many rows found.
//! Not with it is all else that a search asks and writes: who asks, whether he may, the names of
//! insurers, and the audit trail.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::iter;

/// A select, and the values of its parameters in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Select {
    sql: String,
    values: Vec<String>,
}

/// As many conditions are asked one after the other.
const CHOICES_TOGETHER: usize = 16;

/// Before each message of the log, so that its lines are told from those of a statement.
pub(super) const PREFIX: &str = "@";

/// The selects from the table of persons that a part of the log tells of.
pub(super) fn of_log(log: &str) -> Vec<Select> {
    let mut selects = Vec::new();
    let between = format!("\n{PREFIX}");
    let messages = log.split(&between);
    let messages = messages.map(|message| message.trim_start_matches(PREFIX));
    let mut messages = messages.peekable();
    while let Some(message) = messages.next() {
        let Some((_, sql)) = message
            .strip_prefix("LOG:  execute ")
            .and_then(|named| named.split_once(": "))
        else {
            continue;
        };
        let values = messages
            .next_if(|next| next.starts_with("DETAIL:"))
            .and_then(|detail| Some(values(detail.split_once("arameters: ")?.1)))
            .unwrap_or_default();
        if reads_persons(sql) {
            let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
            selects.push(Select { sql, values });
        }
    }
    selects
}

fn reads_persons(sql: &str) -> bool {
    let words: Vec<_> = sql
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let is_change = |word: &&str| matches!(*word, "INSERT" | "UPDATE" | "DELETE");
    !words.iter().any(is_change)
        && words
            .windows(2)
            .any(|pair| matches!(pair, ["FROM" | "JOIN", "person"]))
}

/// `$1 = '12', $2 = NULL` as `12` and `NULL`.
fn values(mut listed: &str) -> Vec<String> {
    let mut values = Vec::new();
    while let Some((_, value)) = listed.split_once(" = ") {
        let (value, rest) = if let Some(quoted) = value.strip_prefix('\'') {
            text(quoted)
        } else {
            let end = value.find([',', '\n']).unwrap_or(value.len());
            (value[..end].to_owned(), &value[end..])
        };
        values.push(value);
        listed = rest;
    }
    values
}

/// What stands before the quote that ends a text, and what behind.
fn text(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut rest = quoted;
    while let Some((before, after)) = rest.split_once('\'') {
        text.push_str(before);
        match after.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return (text, after),
        }
    }
    (text + rest, "")
}

/// A script for pgbench, and how many searches it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) text: String,
    pub(super) searches: usize,
}

/// A script for all searches that make the same statements: it chooses one of them, and makes
/// them with its values, so that they are prepared once on a connection, as by the service.
pub(super) fn scripts(searches: &[Vec<Select>]) -> Vec<Script> {
    let mut alike: BTreeMap<String, Vec<Vec<i64>>> = BTreeMap::new();
    for search in searches {
        let mut numbers = Vec::new();
        let statements = search.iter().map(|select| select.statement(&mut numbers));
        let statements: String = statements.collect();
        alike.entry(statements).or_default().push(numbers);
    }
    let alike = alike.into_iter();
    alike
        .map(|(statements, choices)| Script {
            searches: choices.len(),
            text: choose(&choices) + &statements,
        })
        .collect()
}

impl Select {
    /// With variables in place of numbers, which are added to `numbers`.
    fn statement(&self, numbers: &mut Vec<i64>) -> String {
        let mut statement = self.sql.clone();
        // From the last one: `$1` is the beginning of `$12`.
        for (place, value) in self.values.iter().enumerate().rev() {
            let value = variables(value, numbers);
            statement = statement.replace(&format!("${}", place + 1), &value);
        }
        statement + ";\n"
    }
}

/// A number, or an array of numbers, as variables; all else as it is.
fn variables(value: &str, numbers: &mut Vec<i64>) -> String {
    let mut variable = |number: i64| {
        numbers.push(number);
        format!(":n{}", numbers.len())
    };
    if let Ok(number) = value.parse() {
        return variable(number);
    }
    let inner = value.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let items: Option<Vec<i64>> =
        inner.and_then(|items| items.split(',').map(|item| item.parse().ok()).collect());
    match items {
        Some(items) => {
            let items: Vec<_> = items.into_iter().map(variable).collect();
            format!("ARRAY[{}]::bigint[]", items.join(", "))
        }
        None if value == "NULL" => value.to_owned(),
        None => format!("'{}'", value.replace('\'', "''")),
    }
}

/// The commands of pgbench that choose one of these and set its variables: in two steps, because
/// it asks one condition after the other, and on the same processors as the server.
fn choose(choices: &[Vec<i64>]) -> String {
    let mut text = format!("\\set choice random(1, {})\n", choices.len());
    let mut choice = 0;
    for (together, outer) in choices.chunks(CHOICES_TOGETHER).zip(branches()) {
        let _ = writeln!(text, "\\{outer} :choice <= {}", choice + together.len());
        for (numbers, inner) in together.iter().zip(branches()) {
            choice += 1;
            let _ = writeln!(text, "\\{inner} :choice = {choice}");
            for (place, number) in (1..).zip(numbers) {
                let _ = writeln!(text, "\\set n{place} {number}");
            }
        }
        text.push_str("\\endif\n");
    }
    text + "\\endif\n"
}

/// What a condition is called, after others.
fn branches() -> impl Iterator<Item = &'static str> {
    iter::once("if").chain(iter::repeat("elif"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "@LOG:  statement: BEGIN\n\
        @LOG:  execute s3: SELECT id, record FROM person WHERE id BETWEEN $1 AND $2\n\
        @DETAIL:  parameters: $1 = '10', $2 = '521'\n\
        @LOG:  execute s7: SELECT p.id, p.record FROM person_key k\n\
        \t  JOIN person p ON p.id = k.person WHERE k.key = $1\n\
        @DETAIL:  parameters: $1 = '7'\n\
        @LOG:  execute s4: SELECT number, name FROM insurer WHERE id = $1\n\
        @DETAIL:  parameters: $1 = '1'\n\
        @LOG:  execute s5: SELECT secret FROM person_number\n\
        @LOG:  execute s6: INSERT INTO x SELECT id FROM person WHERE id = $1\n\
        @DETAIL:  parameters: $1 = '1'\n";

    fn select(sql: &str, values: &[&str]) -> Select {
        Select {
            sql: sql.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    #[test]
    fn what_reads_persons_is_taken_from_the_log() {
        let expected = [
            select(
                "SELECT id, record FROM person WHERE id BETWEEN $1 AND $2",
                &["10", "521"],
            ),
            select(
                "SELECT p.id, p.record FROM person_key k JOIN person p ON p.id = k.person WHERE k.key = $1",
                &["7"],
            ),
        ];
        assert_eq!(of_log(LOG), expected);
        assert_eq!(of_log(""), []);
    }

    #[test]
    fn values_are_read_whatever_is_in_them() {
        for (listed, expected) in [
            ("$1 = '12', $2 = '13'\n", &["12", "13"][..]),
            (
                "$1 = 'it''s, $2 = ''x''', $2 = NULL",
                &["it's, $2 = 'x'", "NULL"],
            ),
            ("$1 = '{1,2}'", &["{1,2}"]),
            ("", &[]),
        ] {
            assert_eq!(values(listed), expected, "{listed}");
        }
    }

    #[test]
    fn searches_that_ask_alike_share_a_script() {
        let by_place = |from: &str, to: &str| vec![select("BETWEEN $1 AND $2", &[from, to])];
        let by_keys = vec![select("ANY($1) AND $2", &["{5,6}", "it's"])];
        let made = scripts(&[by_place("1", "2"), by_keys, by_place("3", "4")]);
        let expected = [
            (
                1,
                "\\set choice random(1, 1)\n\\if :choice <= 1\n\\if :choice = 1\n\\set n1 5\n\\set n2 6\n\
                 \\endif\n\\endif\n\
                 ANY(ARRAY[:n1, :n2]::bigint[]) AND 'it''s';\n",
            ),
            (
                2,
                "\\set choice random(1, 2)\n\\if :choice <= 2\n\\if :choice = 1\n\\set n1 2\n\\set n2 1\n\
                 \\elif :choice = 2\n\\set n1 4\n\\set n2 3\n\\endif\n\\endif\nBETWEEN :n2 AND :n1;\n",
            ),
        ];
        let expected = expected.map(|(searches, text)| Script {
            text: text.to_owned(),
            searches,
        });
        assert_eq!(made, expected);
    }
}
