//! The virtual card, whatever it is told.
#![no_main]

use card::demo::DemoCard;
use card::virtual_card::VirtualCard;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|commands: Vec<Vec<u8>>| {
    let mut card = VirtualCard::new(DemoCard::Valid.profile());
    for command in commands {
        let answer = card.transmit(&command);
        assert!((2..=258).contains(&answer.len()));
    }
    card.transmit(b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01");
    assert_eq!(card.transmit(b"\x00\xA4\x02\x0C\x02\x00\x01"), [0x90, 0x00]);
    assert_eq!(card.transmit(b"\x00\xB0\x00\x00\x00"), [0x69, 0x82]);
});
