//! The virtual card answers as cards were seen to: commands one after the other, and what
//! each is answered with.

use card::jpki::{File, Limits};
use card::virtual_card::{Habits, Profile, VirtualCard, atr};

use crate::support::{card_in_use, certificate, read_from};

/// A command, the length of its answer's data, the status word.
type Exchanged = (&'static [u8], usize, u16);

/// Sends commands and compares the last two bytes of each answer, and how many came before.
fn check(card: &mut VirtualCard, table: &[Exchanged]) {
    for (place, (command, length, word)) in table.iter().enumerate() {
        let answer = card.transmit(command);
        let (data, found) = answer.split_last_chunk::<2>().unwrap();
        let found = (data.len(), u16::from_be_bytes(*found));
        assert_eq!(found, (*length, *word), "{place}: {command:02X?}");
    }
}

const SELECT_JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";

#[test]
fn it_has_the_files_and_their_locks() {
    let mut card = VirtualCard::new(card_in_use());
    check(
        &mut card,
        &[
            // Nothing is selected yet, and there is no master file.
            (b"\x00\xA4\x02\x0C\x02\x00\x0A", 0, 0x6A82),
            (b"\x00\xB0\x00\x00\x00", 0, 0x6986),
            (b"\x00\xA4\x00\x00", 0, 0x6A86),
            (
                b"\x00\xA4\x04\x0C\x08\xA0\x00\x00\x00\x03\x00\x00\x00",
                0,
                0x6A82,
            ),
            (SELECT_JPKI, 0, 0x9000),
            (b"\x00\xB0\x00\x00\x00", 0, 0x6986),
            (b"\x00\xA4\x02\x0C\x02\xFF\xFF", 0, 0x6A82),
            // The certificate for signatures can be selected, not read.
            (b"\x00\xA4\x02\x0C\x02\x00\x01", 0, 0x9000),
            (b"\x00\xB0\x00\x00\x04", 0, 0x6982),
            (b"\x00\xA4\x02\x0C\x02\x00\x06", 0, 0x9000),
            (b"\x00\xB0\x00\x00\x20", 32, 0x9000),
            (b"\x00\xB0\x00\x00\x00", 160, 0x9000),
            (b"\x00\xA4\x02\x0C\x02\x00\x0A", 0, 0x9000),
            (b"\x00\xB0\x00\x00\x00", 256, 0x9000),
            // 1590 bytes.
            (b"\x00\xB0\x06\x00\x00", 54, 0x9000),
            (b"\x00\xB0\x06\x36\x00", 0, 0x6B00),
            (b"\x00\xB0\x7F\xFF\x01", 0, 0x6B00),
            // By short identifier, which selects.
            (b"\x00\xB0\x88\x00\x00", 3, 0x9000),
            (b"\x00\xB0\x00\x01\x00", 2, 0x9000),
            (b"\x00\xB0\x9F\x00\x00", 0, 0x6A82),
            // Extended lengths.
            (b"\x00\xB0\x00\x00\x00\x06\x36", 0, 0x6700),
            (b"\x00\xB0\x00\x00", 0, 0x6700),
            (b"\x00\xC0\x00\x00\x10", 0, 0x6985),
            (b"\x00\xFE\x00\x00", 0, 0x6D00),
            (b"\x80\xA4\x04\x0C", 0, 0x6E00),
        ],
    );
    card.power_on();
    check(&mut card, &[(b"\x00\xA4\x02\x0C\x02\x00\x0A", 0, 0x6A82)]);
}

#[test]
fn no_pin_is_right_and_asking_costs_nothing() {
    let mut card = VirtualCard::new(card_in_use());
    let (ask, wrong) = (b"\x00\x20\x00\x80", b"\x00\x20\x00\x80\x041234");
    check(
        &mut card,
        &[
            (SELECT_JPKI, 0, 0x9000),
            (ask, 0, 0x6986),
            (b"\x00\xA4\x02\x0C\x02\x00\x17", 0, 0x9000),
            (ask, 0, 0x6A88),
            (b"\x00\xB0\x00\x00\x00", 0, 0x6981),
            (b"\x80\x2A\x00\x80\x01\x00\x00", 0, 0x6982),
            (b"\x00\xA4\x02\x0C\x02\x00\x18", 0, 0x9000),
            (ask, 0, 0x63C3),
            (ask, 0, 0x63C3),
            (wrong, 0, 0x63C2),
            (wrong, 0, 0x63C1),
            (wrong, 0, 0x63C0),
            (wrong, 0, 0x6984),
            (ask, 0, 0x63C0),
            (b"\x00\xA4\x02\x0C\x02\x00\x1B", 0, 0x9000),
            (ask, 0, 0x63C5),
        ],
    );
    card.power_on();
    check(
        &mut card,
        &[
            (SELECT_JPKI, 0, 0x9000),
            (b"\x00\xA4\x02\x0C\x02\x00\x18", 0, 0x9000),
            (ask, 0, 0x63C0),
        ],
    );
}

#[test]
fn habits_are_as_they_are_called() {
    let with = |habits| {
        let profile = Profile::my_number_card(certificate(1, 119), certificate(2, 119));
        VirtualCard::new(Profile { habits, ..profile })
    };
    let habits = Habits::default();
    let select: Exchanged = (b"\x00\xA4\x02\x0C\x02\x00\x0A", 0, 0x9000);
    let read: &[u8] = b"\x00\xB0\x00\x00\x00";
    // The file has 132 bytes.
    let table: [(Habits, &[Exchanged]); 6] = [
        (
            Habits {
                filler: 7,
                ..habits
            },
            &[(SELECT_JPKI, 0, 0x9000), select, (read, 139, 0x9000)],
        ),
        (
            Habits {
                first_fails: true,
                ..habits
            },
            &[(SELECT_JPKI, 0, 0x6F00), (SELECT_JPKI, 0, 0x9000), select],
        ),
        (
            Habits {
                longest_answer: 100.try_into().ok(),
                ..habits
            },
            &[(SELECT_JPKI, 0, 0x9000), select, (read, 100, 0x9000)],
        ),
        (
            Habits {
                wants_get_response: true,
                ..habits
            },
            &[
                (SELECT_JPKI, 0, 0x9000),
                select,
                (read, 0, 0x6184),
                (b"\x00\xC0\x00\x00\x80", 128, 0x6104),
                (b"\x00\xC0\x00\x00\x00", 4, 0x9000),
                (b"\x00\xC0\x00\x00\x00", 0, 0x6985),
                // Another command forgets what was ready.
                (read, 0, 0x6184),
                select,
                (b"\x00\xC0\x00\x00\x00", 0, 0x6985),
            ],
        ),
        (
            Habits {
                insists_on_length: true,
                ..habits
            },
            &[
                (SELECT_JPKI, 0, 0x9000),
                select,
                (read, 0, 0x6C84),
                (b"\x00\xB0\x00\x00\x84", 132, 0x9000),
            ],
        ),
        (
            Habits {
                warns_at_end: true,
                ..habits
            },
            &[
                (SELECT_JPKI, 0, 0x9000),
                select,
                (read, 132, 0x6282),
                (b"\x00\xB0\x00\x00\x84", 132, 0x9000),
            ],
        ),
    ];
    for (habits, commands) in table {
        check(&mut with(habits), commands);
    }
}

#[test]
fn both_sides_give_files_the_same_numbers() {
    let identifiers = File::ALL.map(File::identifier);
    assert_eq!(identifiers, [0x0006, 0x000A, 0x000B]);
}

/// ISO/IEC 7816-3, 8.2.5: all bytes after the first, with the last, cancel out.
#[test]
fn answers_to_reset_have_right_check_bytes() {
    for atr in [
        atr::MY_NUMBER_CARD.as_slice(),
        &atr::MY_NUMBER_CARD_CONTACTS,
        &atr::JUKI_CARD,
        &atr::DRIVING_LICENCE,
    ] {
        let sum = atr[1..].iter().fold(0, |sum, byte| sum ^ byte);
        assert_eq!(sum, 0, "{atr:02X?}");
        let profile = Profile {
            atr: atr.to_vec(),
            ..card_in_use()
        };
        assert_eq!(VirtualCard::new(profile).power_on(), atr);
    }
}

#[test]
fn a_reset_in_the_middle_is_noticed() {
    let mut card = VirtualCard::new(card_in_use());
    let mut count = 0;
    let limits = Limits {
        chunk: 0,
        with_ca: false,
    };
    let outcome = read_from(limits, |command| {
        count += 1;
        if count == 7 {
            card.power_on();
        }
        card.transmit(command)
    });
    let error = outcome.result.unwrap_err();
    assert_eq!(
        error.to_string(),
        "READ BINARY of EF 000A is answered with 6986"
    );
}
