//! Policies as a configuration profile of macOS.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// What profiles and their parts are called; another one of the same name replaces them.
const IDENTIFIER: &str = "shikaku.card-reader";

/// A profile with one payload: the preferences of a browser, by their domain.
pub(super) fn profile(browser: &str, domain: &str, policies: &Map<String, Value>) -> String {
    let outer = format!("{IDENTIFIER}.{domain}");
    let inner = format!("{outer}.policies");
    let mut payload = policies.clone();
    for (key, value) in [
        ("PayloadDisplayName", json!(browser)),
        ("PayloadIdentifier", json!(inner)),
        ("PayloadType", json!(domain)),
        ("PayloadUUID", json!(uuid(&inner))),
        ("PayloadVersion", json!(1)),
    ] {
        payload.insert(key.to_owned(), value);
    }
    let profile = json!({
        "PayloadContent": [payload],
        "PayloadDescription": "カードリーダーと shikaku-reader-bridge を、問い合わせなしで画面に使わせます。",
        "PayloadDisplayName": format!("shikaku カードリーダー ({browser})"),
        "PayloadIdentifier": outer,
        "PayloadScope": "System",
        "PayloadType": "Configuration",
        "PayloadUUID": uuid(&outer),
        "PayloadVersion": 1,
    });
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n",
    );
    write(&mut text, &profile, 0);
    text.push_str("</plist>\n");
    text
}

/// One that is always the same for a name, and of nothing else (RFC 9562 §5.8).
fn uuid(name: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(name)[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let mut text = String::new();
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02X}");
    }
    text
}

/// A property list's value. Nothing here is null or has a fraction.
fn write(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = match value {
        Value::Array(values) => {
            let _ = writeln!(text, "{indent}<array>");
            for value in values {
                write(text, value, depth + 1);
            }
            writeln!(text, "{indent}</array>")
        }
        Value::Object(values) => {
            let _ = writeln!(text, "{indent}<dict>");
            for (key, value) in values {
                let _ = writeln!(text, "{indent}  <key>{}</key>", escaped(key));
                write(text, value, depth + 1);
            }
            writeln!(text, "{indent}</dict>")
        }
        Value::Bool(value) => writeln!(text, "{indent}<{value}/>"),
        Value::Number(number) => writeln!(text, "{indent}<integer>{number}</integer>"),
        Value::String(words) => writeln!(text, "{indent}<string>{}</string>", escaped(words)),
        Value::Null => Ok(()),
    };
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_the_policies_as_preferences() {
        let Value::Object(policies) = json!({
            "Devices": [{"devices": [{"vendor_id": 4057}]}],
            "Pages": ["https://clinic.example", "a<b&c"],
        }) else {
            unreachable!()
        };
        let text = profile("Chrome", "com.google.Chrome", &policies);
        let outer = uuid("shikaku.card-reader.com.google.Chrome");
        let inner = uuid("shikaku.card-reader.com.google.Chrome.policies");
        assert_ne!(outer, inner);
        let expected = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>Devices</key>
      <array>
        <dict>
          <key>devices</key>
          <array>
            <dict>
              <key>vendor_id</key>
              <integer>4057</integer>
            </dict>
          </array>
        </dict>
      </array>
      <key>Pages</key>
      <array>
        <string>https://clinic.example</string>
        <string>a&lt;b&amp;c</string>
      </array>
      <key>PayloadDisplayName</key>
      <string>Chrome</string>
      <key>PayloadIdentifier</key>
      <string>shikaku.card-reader.com.google.Chrome.policies</string>
      <key>PayloadType</key>
      <string>com.google.Chrome</string>
      <key>PayloadUUID</key>
      <string>{inner}</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
    </dict>
  </array>
  <key>PayloadDescription</key>
  <string>カードリーダーと shikaku-reader-bridge を、問い合わせなしで画面に使わせます。</string>
  <key>PayloadDisplayName</key>
  <string>shikaku カードリーダー (Chrome)</string>
  <key>PayloadIdentifier</key>
  <string>shikaku.card-reader.com.google.Chrome</string>
  <key>PayloadScope</key>
  <string>System</string>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadUUID</key>
  <string>{outer}</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
</dict>
</plist>
"#
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn identifiers_are_uuids() {
        // printf NAME | sha256sum, with the version and the variant put in.
        assert_eq!(uuid("shikaku"), "3A4476B0-D32C-8C2A-A7E7-6142CF19BD49");
    }
}
