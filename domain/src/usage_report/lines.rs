//! Lines of plain text that any mail program shows as they are.

/// The widest line, in columns (RFC 5322 §2.1.1).
pub(super) const MOST_COLUMNS: usize = 78;

/// What must not begin a line: it hangs on the one before.
const NEVER_FIRST: &str =
    "、。，．,.」』）)】〉》］]!?！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/// How many columns a letter takes where letters have one width or twice that. Everything beyond
/// ASCII but half-width kana counts as wide, which never makes a line too long.
const fn columns_of(letter: char) -> usize {
    match letter {
        '\0'..='\u{7f}' | '\u{ff61}'..='\u{ff9f}' => 1,
        _ => 2,
    }
}

/// How many columns a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// A text of any lines, each cut where it gets too wide, with an indent.
pub(super) fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let lines = text.trim().lines().map(|line| line.trim_end());
    lines
        .flat_map(|line| cut(&line.replace('\t', " "), MOST_COLUMNS - columns(indent)))
        .map(|line| format!("{indent}{line}").trim_end().to_owned())
        .collect()
}

/// Cuts a line; one column pair is left for what must not begin the next one.
fn cut(line: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for letter in line.chars() {
        let hangs = NEVER_FIRST.contains(letter);
        let limit = if hangs { most } else { most - 2 };
        if width + columns_of(letter) > limit {
            lines.push(String::new());
            width = 0;
        }
        if let Some(last) = lines.last_mut() {
            last.push(letter);
        }
        width += columns_of(letter);
    }
    lines
}

/// A text filled up to some columns with full-width spaces, and a last half-width one.
pub(super) fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(columns(text));
    format!("{text}{}{}", "　".repeat(gap / 2), " ".repeat(gap % 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_where_they_get_too_wide() {
        let table = [
            (String::new(), vec![]),
            ("一行".to_owned(), vec!["一行".to_owned()]),
            (
                "あ\r\n\r\nい\t".to_owned(),
                ["あ", "", "い"].map(str::to_owned).to_vec(),
            ),
            ("あ".repeat(39), vec!["あ".repeat(38), "あ".to_owned()]),
            (
                format!("{}。", "あ".repeat(38)),
                vec![format!("{}。", "あ".repeat(38))],
            ),
            ("a".repeat(80), vec!["a".repeat(76), "aaaa".to_owned()]),
            ("ｱ".repeat(77), vec!["ｱ".repeat(76), "ｱ".to_owned()]),
        ];
        for (text, expected) in table {
            assert_eq!(wrapped(&text, ""), expected, "{text}");
        }
        for text in ["。".repeat(500), "あ。".repeat(300), "😀ａb".repeat(200)] {
            for line in wrapped(&text, "　") {
                assert!(columns(&line) <= MOST_COLUMNS, "{line}");
            }
        }
    }

    #[test]
    fn columns_are_filled() {
        for (text, expected) in [
            ("担当者名", "担当者名　　"),
            ("a", "a　　　　　 "),
            ("長い長い長い見出し", "長い長い長い見出し"),
        ] {
            assert_eq!(padded(text, 12), expected);
        }
    }
}
