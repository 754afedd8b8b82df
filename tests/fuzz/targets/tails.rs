//! Whatever a log file ends in, the next record is whole.
#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|tail: &[u8]| properties::the_next_record_is_whole_after(tail));
