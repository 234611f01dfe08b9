//! Parameters in a statement as `PostgreSQL` writes them.

/// A statement with `$1`, `$2`, … for its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Translation {
    pub(super) sql: String,
    /// The names, with their colons, in the order of their numbers; empty where parameters
    /// have numbers.
    pub(super) names: Vec<String>,
}

impl Translation {
    /// Of a statement with `?`, `?1` or `:name`, outside of quotes and comments.
    pub(super) fn of(sql: &str) -> Self {
        let mut translation = Self {
            sql: String::with_capacity(sql.len()),
            names: Vec::new(),
        };
        let mut unnumbered = 0;
        let mut rest = sql;
        while let Some(at) = rest.find(['\'', '?', ':', '-']) {
            let (before, from) = rest.split_at(at);
            translation.sql.push_str(before);
            rest = match from.as_bytes() {
                [b'\'', ..] => translation.quoted(from),
                [b'-', b'-', ..] => from.find('\n').map_or("", |end| &from[end..]),
                [b':', first, ..] if first.is_ascii_lowercase() => translation.named(from),
                [b'?', ..] => {
                    let number = word(&from[1..], |byte| byte.is_ascii_digit());
                    unnumbered += 1;
                    translation.sql.push('$');
                    if number.is_empty() {
                        translation.sql.push_str(&unnumbered.to_string());
                    } else {
                        translation.sql.push_str(number);
                    }
                    &from[1 + number.len()..]
                }
                _ => {
                    // `::` is a cast and `-` a sign.
                    let length = if from.starts_with("::") { 2 } else { 1 };
                    translation.sql.push_str(&from[..length]);
                    &from[length..]
                }
            };
        }
        translation.sql.push_str(rest);
        translation
    }

    fn quoted<'r>(&mut self, from: &'r str) -> &'r str {
        let end = from[1..].find('\'').map_or(from.len(), |end| end + 2);
        self.sql.push_str(&from[..end]);
        &from[end..]
    }

    fn named<'r>(&mut self, from: &'r str) -> &'r str {
        let name = word(&from[1..], |byte| {
            byte.is_ascii_alphanumeric() || byte == b'_'
        });
        let name = &from[..=name.len()];
        let known = self.names.iter().position(|known| known == name);
        let number = known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        self.sql.push('$');
        self.sql.push_str(&(number + 1).to_string());
        &from[name.len()..]
    }
}

fn word(text: &str, is_of_it: impl Fn(u8) -> bool) -> &str {
    let end = text.bytes().position(|byte| !is_of_it(byte));
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_become_numbers_and_nothing_else_changes() {
        let table: &[(&str, &str, &[&str])] = &[
            ("SELECT 1", "SELECT 1", &[]),
            (
                "a = ?1 AND b = ?2 OR c = ?1",
                "a = $1 AND b = $2 OR c = $1",
                &[],
            ),
            ("a = ? AND b = ?", "a = $1 AND b = $2", &[]),
            ("a = ?12", "a = $12", &[]),
            (
                "a = :day AND b > :name_key AND c = :day",
                "a = $1 AND b > $2 AND c = $1",
                &[":day", ":name_key"],
            ),
            ("'a:b ?1' || :c", "'a:b ?1' || $1", &[":c"]),
            ("'it''s :a' || :b", "'it''s :a' || $1", &[":b"]),
            ("a::text - 1", "a::text - 1", &[]),
            ("a -- :b\nAND :c", "a \nAND $1", &[":c"]),
            ("目 = :目 AND :a", "目 = :目 AND $1", &[":a"]),
        ];
        for (sql, expected, names) in table {
            let translation = Translation::of(sql);
            assert_eq!(translation.sql, *expected);
            assert_eq!(translation.names, *names, "{sql}");
        }
    }
}
