//! Any text in any place of a record gives lines that are read back.
#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|texts: [String; properties::PLACES]| {
    properties::what_is_logged_is_a_line(&texts);
    properties::what_is_written_is_a_line(&texts);
});
