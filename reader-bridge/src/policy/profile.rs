//! Policies as a configuration profile of macOS.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What profiles and their parts are called; another one of the same name replaces them.
const IDENTIFIER: &str = "shikaku.card-reader";

/// A profile with one payload: the preferences of a browser, by their domain.
pub(super) fn file(
    browser: &str,
    domain: &str,
    policies: &Map<String, Value>,
) -> Result<String, plist::Error> {
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
    let mut text = Vec::new();
    plist::to_writer_xml(&mut text, &profile)?;
    text.push(b'\n');
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// One that is always the same for a name, and of nothing else (RFC 9562 §5.8).
fn uuid(name: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(name)[..16]);
    let uuid = Uuid::new_v8(bytes).hyphenated();
    uuid.encode_upper(&mut Uuid::encode_buffer()).to_owned()
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
        let text = file("Chrome", "com.google.Chrome", &policies).unwrap();
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
