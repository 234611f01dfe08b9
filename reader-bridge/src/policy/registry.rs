//! Policies as entries of Windows' registry.
//!
//! A list of texts is a key with a value for each; a list of anything else is one text, which is
//! JSON (Chromium's `components/policy/core/common/registry_dict.cc`).

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The number of a list's first text. Names of such values are any numbers, and small ones are
/// what others use.
const FIRST: usize = 8765;

/// A file for `reg import` (Windows Registry Editor 5.00), with the line ends that it expects.
pub(super) fn file(key: &str, policies: &Map<String, Value>) -> String {
    let mut lines = String::from("Windows Registry Editor Version 5.00\n\n");
    lines.push_str(
        "; Replaces WebUsbAllowDevicesForUrls and WebHidAllowDevicesForUrls, if they are there\n; \
         already: join the lists before. Entries of the other list stay, unless they have\n; the \
         same number.\n",
    );
    let _ = writeln!(lines, "\n[HKEY_LOCAL_MACHINE\\{key}]");
    for (name, value) in policies {
        if texts(value).is_none() {
            let _ = writeln!(lines, "{}={}", quoted(name), quoted(&value.to_string()));
        }
    }
    for (name, value) in policies {
        let Some(texts) = texts(value) else { continue };
        let _ = writeln!(lines, "\n[HKEY_LOCAL_MACHINE\\{key}\\{name}]");
        for (number, text) in (FIRST..).zip(texts) {
            let _ = writeln!(lines, "\"{number}\"={}", quoted(text));
        }
    }
    lines.replace('\n', "\r\n")
}

/// The texts of a list that has nothing else.
fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_texts_are_keys_and_other_lists_are_json() {
        let Value::Object(policies) = json!({
            "Devices": [{"devices": [{"vendor_id": 4057}], "urls": ["https://clinic.example"]}],
            "Pages": ["https://clinic.example", "https://other.example"],
        }) else {
            unreachable!()
        };
        let text = file(r"SOFTWARE\Policies\Chromium", &policies);
        let lines: Vec<_> = text
            .split("\r\n")
            .filter(|line| !line.starts_with(';'))
            .collect();
        assert_eq!(
            lines,
            [
                "Windows Registry Editor Version 5.00",
                "",
                "",
                r"[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Chromium]",
                r#""Devices"="[{\"devices\":[{\"vendor_id\":4057}],\"urls\":[\"https://clinic.example\"]}]""#,
                "",
                r"[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Chromium\Pages]",
                r#""8765"="https://clinic.example""#,
                r#""8766"="https://other.example""#,
                "",
            ]
        );
        assert!(text.is_ascii());
    }

    #[test]
    fn nothing_ends_a_text_early() {
        assert_eq!(quoted(r#"a"b\c"#), r#""a\"b\\c""#);
    }
}
