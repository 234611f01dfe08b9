//! What readers and cards send, taken apart.
#![no_main]

use card::reader::brp::{frame as brp_frame, report};
use card::reader::iso_dep::{Atqb, Block, check_attrib_answer};
use card::reader::port100::frame::{self, Frame};
use card::reader::rc_s300::{escape, transparent};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Some((Frame::Data(data), length))) = frame::parse(bytes) {
        assert_eq!(frame::frame(&data), bytes[..length]);
    }
    if let Ok(Some((message, length))) = escape::parse(bytes) {
        assert!(length <= bytes.len());
        if let escape::Content::Data(data) = message.content {
            assert_eq!(
                escape::message(message.sequence, &data)[10..],
                bytes[10..length]
            );
        }
    }
    if let Ok(block) = Block::parse(bytes) {
        // The power level of S(WTX) is not repeated.
        assert_eq!(Block::parse(&block.bytes()), Ok(block));
    }
    if let Ok(atqb) = Atqb::parse(bytes) {
        assert!((16..=256).contains(&atqb.frame_size()));
    }
    if let Ok(found) = report::parse(bytes) {
        assert_eq!(report::parse(&report::report(found).unwrap()), Ok(found));
    }
    if let Ok((code, brp_frame::Reply::Done(payload))) = brp_frame::parse(bytes) {
        assert!(brp_frame::parse(&brp_frame::frame(code, payload)).is_ok());
    }
    let _ = (transparent::parse(bytes), check_attrib_answer(bytes));
});
