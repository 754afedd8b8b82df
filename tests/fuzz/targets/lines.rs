//! Any line is read or refused.
#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|line: &str| properties::any_line_is_read_or_refused(line));
