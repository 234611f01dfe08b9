//! Lengths and outlines, whatever the bytes.
#![no_main]

use card::der;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let told = der::sequence_length(bytes);
    // What a part tells stays true of the whole.
    for cut in 0..bytes.len().min(6) {
        match der::sequence_length(&bytes[..cut]) {
            Ok(None) => {}
            sooner => assert_eq!(sooner, told),
        }
    }
    if der::check_certificate_outline(bytes).is_ok() {
        assert_eq!(told, Ok(Some(bytes.len())));
    }
});
