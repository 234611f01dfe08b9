use super::*;

const SLOT: u64 = 54_141 * 3;

#[test]
fn a_typed_name_is_looked_for_where_what_it_equals_is_stored() {
    let table = [
        ("佐藤葵", "佐藤葵", true),
        ("●藤葵", "佐藤葵", true),
        ("佐●葵", "佐藤葵", true),
        ("佐藤●", "佐藤葵", true),
        ("●藤●", "佐藤葵", true),
        ("●●●", "佐藤葵", true),
        ("●", "𠮷", true),
        ("●藤", "佐藤", true),
        ("佐藤葵", "佐藤舞", false),
        ("●藤葵", "佐藤舞", false),
        ("●藤葵", "佐藤", false),
        ("●", "佐藤", false),
    ];
    for (stored, typed, is_found) in table {
        let key = stored_key(SLOT, Kind::Name, stored);
        let keys = typed_keys(SLOT, Kind::Name, typed);
        assert_eq!(keys.contains(&key), is_found, "{stored} {typed}");
        for (slot, kind) in [(SLOT + 1, Kind::Name), (SLOT, Kind::Kana)] {
            assert!(!typed_keys(slot, kind, typed).contains(&key));
        }
    }
}

#[test]
fn every_number_has_its_bits() {
    for (day, sex) in [(Date::MIN, Sex::Male), (Date::MAX, Sex::NotSet)] {
        let slot = slot(day, sex);
        let rows = Place::new(slot, "シンバシ").rows();
        assert!(*rows.start() >= 0 && rows.end() < OVERFLOW.start());
        assert!(Place::new(slot, "シンバシ").has(*rows.end()));
        assert!(!Place::new(slot, "シンバシ").has(rows.end() + 1));
        let key = stored_key(slot, Kind::Name, "新橋");
        assert!(0 < key && key < wide(0b110, 0), "below identifiers");
    }
    assert!(wide(0b110, u64::MAX) < wide(0b111, 0));
    assert_eq!(wide(0b111, u64::MAX), (1 << 47) - 1);
}

/// They are in stores.
#[test]
fn hashes_stay_as_they_are() {
    assert_eq!(identifier_key("P1"), 122_573_212_402_722);
    assert_eq!(certificate_key("AB1"), 134_297_624_101_225);
    assert_eq!(stored_key(SLOT, Kind::Name, "新橋太郎"), 43_600_310_057_192);
    assert_eq!(
        *Place::new(SLOT, "シンバシタロウ").rows().start(),
        43_600_184_463_872
    );
}
