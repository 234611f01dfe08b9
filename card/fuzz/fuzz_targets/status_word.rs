//! Status words read back, and answers come apart without loss.
#![no_main]

use card::status_word::StatusWord;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: &[u8]| {
    match StatusWord::split(answer) {
        Ok((data, word)) => {
            let whole = [data, &u16::from(word).to_be_bytes()].concat();
            assert_eq!(whole, answer);
        }
        Err(_) => assert!(answer.len() < 2),
    }
});
