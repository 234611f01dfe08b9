//! Who is let in, as tables.

use super::*;

const PORT: u16 = 8765;

fn headers(list: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in list {
        let name = header::HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn checked(list: &[(&str, &str)], path: &str) -> Result<Option<FromPage>, RefusalReason> {
    let allowed: Vec<Origin> = [
        "https://clinic.example",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
    ]
    .map(|origin| origin.parse().unwrap())
    .into();
    check(&headers(list), &Method::GET, path, PORT, |origin| {
        allowed.contains(origin)
    })
}

#[test]
fn only_its_own_address_is_a_host() {
    let table = [
        ("127.0.0.1:8765", true),
        ("localhost:8765", true),
        ("[::1]:8765", true),
        ("127.0.0.1", false),
        ("localhost", false),
        ("[::1]", false),
        ("127.0.0.1:8766", false),
        ("127.0.0.1:08765", false),
        ("127.0.0.2:8765", false),
        ("127.1:8765", false),
        ("0.0.0.0:8765", false),
        ("LOCALHOST:8765", false),
        ("localhost.:8765", false),
        ("localhost:8765.", false),
        ("localhost:8765 ", false),
        ("localhost.evil.example:8765", false),
        ("evil.example:8765", false),
        ("evil.example", false),
        ("127.0.0.1.evil.example:8765", false),
        ("user@127.0.0.1:8765", false),
        ("127.0.0.1:8765@evil.example", false),
        ("127.0.0.1:8765,evil.example", false),
        ("[::ffff:127.0.0.1]:8765", false),
        ("", false),
    ];
    for (host, is_own) in table {
        let answer = checked(&[("host", host)], "/");
        let expected = if is_own {
            Ok(None)
        } else {
            Err(RefusalReason::HostNotOwn)
        };
        assert_eq!(answer, expected, "{host:?}");
    }
    let twice = [("host", "127.0.0.1:8765"), ("host", "127.0.0.1:8765")];
    assert_eq!(checked(&twice, "/"), Err(RefusalReason::HostNotOwn));
    assert_eq!(checked(&[], "/"), Err(RefusalReason::HostNotOwn));
}

/// Origins that look like one of the list: others, and texts that are none. The table of
/// `trezord-go`'s tests, grown.
#[test]
fn an_origin_is_the_same_or_it_is_another() {
    use RefusalReason::{OriginMalformed as Malformed, OriginNotAllowed as Other};
    let table = [
        ("http://clinic.example", Other),
        ("https://clinic.example:8443", Other),
        ("https://clinic.example:80", Other),
        ("https://www.clinic.example", Other),
        ("https://fakeclinic.example", Other),
        ("https://clinic.examplee", Other),
        ("https://clinic.exampl", Other),
        ("https://clinic.example.evil.example", Other),
        ("https://evil.example", Other),
        ("https://evil-clinic.example", Other),
        ("https://clinic-example", Other),
        ("https://cl1nic.example", Other),
        ("https://xn--clnic-2ya.example", Other),
        ("https://clinic", Other),
        ("https://example", Other),
        ("https://sub.clinic.example", Other),
        ("https://clinic.example.local", Other),
        ("https://localhost", Other),
        ("http://localhost", Other),
        ("http://localhost:8080", Other),
        ("http://127.0.0.1", Other),
        ("http://127.0.0.1:8081", Other),
        ("https://127.0.0.1:8080", Other),
        ("http://127.0.0.2:8080", Other),
        ("http://127.0.0.11:8080", Other),
        ("http://[::2]:8080", Other),
        ("https://[::1]:8080", Other),
        ("http://0.0.0.0:8080", Other),
        ("http://192.168.0.1:8080", Other),
        ("https://clinic.example:443", Malformed),
        ("https://clinic.example:0443", Malformed),
        ("https://clinic.example:", Malformed),
        ("https://clinic.example:65536", Malformed),
        ("https://clinic.example:+443", Malformed),
        ("https://clinic.example/", Malformed),
        ("https://clinic.example/path", Malformed),
        ("https://clinic.example?query", Malformed),
        ("https://clinic.example#fragment", Malformed),
        ("https://clinic.example.", Malformed),
        ("https://.clinic.example", Malformed),
        ("https://clinic..example", Malformed),
        ("https://CLINIC.example", Malformed),
        ("HTTPS://clinic.example", Malformed),
        ("https:/clinic.example", Malformed),
        ("https:clinic.example", Malformed),
        ("//clinic.example", Malformed),
        ("clinic.example", Malformed),
        ("https://", Malformed),
        ("https://user@clinic.example", Malformed),
        ("https://evil.example@clinic.example", Malformed),
        ("https://clinic.example@evil.example", Malformed),
        ("https://clinic.example%2eevil.example", Malformed),
        ("https://clinic.example\\.evil.example", Malformed),
        ("https://clinic.example https://evil.example", Malformed),
        ("https://clinic.example,https://evil.example", Malformed),
        ("https://clinic.example, https://clinic.example", Malformed),
        ("https://clinic.example\t", Malformed),
        (" https://clinic.example", Malformed),
        ("https://*.example", Malformed),
        ("*", Malformed),
        ("null", Malformed),
        ("", Malformed),
        ("ftp://clinic.example", Malformed),
        ("file://", Malformed),
        ("wss://clinic.example", Malformed),
        ("chrome-extension://abcdefghijklmnop", Malformed),
        ("http://127.1:8080", Malformed),
        ("http://0177.0.0.1:8080", Malformed),
        ("http://2130706433:8080", Malformed),
        ("http://127.0.0.1:8080:8080", Malformed),
        ("http://::1:8080", Malformed),
        ("http://[::1", Malformed),
        ("http://[0:0:0:0:0:0:0:1]:8080", Malformed),
        ("http://[::1]x:8080", Malformed),
        ("http://[::1%25lo]:8080", Malformed),
    ];
    assert!(table.len() >= 50);
    for (origin, expected) in table {
        for path in [SOCKET_PATH, VERSION_PATH, "/", "/control"] {
            let list = [("host", "127.0.0.1:8765"), ("origin", origin)];
            assert_eq!(checked(&list, path), Err(expected), "{origin:?} {path}");
        }
    }
}

#[test]
fn what_the_list_has_is_let_in_to_what_is_for_pages() {
    let allowed = [
        "https://clinic.example",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
    ];
    for origin in allowed {
        let list = [("host", "localhost:8765"), ("origin", origin)];
        let page = Ok(Some(FromPage(origin.parse().unwrap())));
        assert_eq!(checked(&list, SOCKET_PATH), page);
        assert_eq!(checked(&list, VERSION_PATH), page);
        for path in ["/", "/control", "/other"] {
            assert_eq!(checked(&list, path), Err(RefusalReason::NotForPages));
        }
    }
    let twice = [
        ("host", "localhost:8765"),
        ("origin", allowed[0]),
        ("origin", allowed[0]),
    ];
    let malformed = Err(RefusalReason::OriginMalformed);
    assert_eq!(checked(&twice, SOCKET_PATH), malformed);
}

#[test]
fn what_is_not_for_pages_is_not_shown_to_them() {
    let host = ("host", "127.0.0.1:8765");
    let missing = Err(RefusalReason::OriginMissing);
    assert_eq!(checked(&[host], SOCKET_PATH), missing);
    let table = [
        ("none", true),
        ("same-origin", true),
        ("same-site", false),
        ("cross-site", false),
        ("", false),
    ];
    for (site, is_let_in) in table {
        let answer = checked(&[host, ("sec-fetch-site", site)], "/");
        assert_eq!(answer.is_ok(), is_let_in, "{site:?}");
    }
}

#[test]
fn an_origin_is_written_as_it_was_read() {
    let table = [
        "https://clinic.example",
        "https://clinic.example:8443",
        "http://clinic.example:443",
        "https://clinic.example:80",
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://[2001:db8::1]",
        "https://xn--w8jz39eblpnxd.example",
    ];
    for text in table {
        let origin: Origin = text.parse().unwrap();
        assert_eq!(origin.to_string(), text);
        let json = serde_json::to_string(&origin).unwrap();
        assert_eq!(serde_json::from_str::<Origin>(&json).unwrap(), origin);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_is_read_as_an_origin_that_is_written_otherwise(
        text in "(https?|ftp)?:?/?/?[a-z0-9A-Z.:@\\[\\]/%_* -]{0,24}",
    ) {
        if let Ok(origin) = text.parse::<Origin>() {
            proptest::prop_assert_eq!(origin.to_string(), text);
        }
    }

    #[test]
    fn no_text_at_all_breaks_the_door(text in "\\PC{0,40}") {
        if let Ok(origin) = text.parse::<Origin>() {
            proptest::prop_assert_eq!(origin.to_string(), text);
        }
    }
}
