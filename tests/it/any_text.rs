//! What the fuzz targets look for, in as many cases as a test has time for, and held against Python as well.

use std::cell::RefCell;
use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::programs::skip;
use crate::properties::{
    PLACES, any_line_is_read_or_refused, the_next_record_is_whole_after, what_is_logged_is_a_line,
    what_is_written_is_a_line,
};

/// Reads a line of JSON from each line, says how many, and fails at a key that is there twice.
const READER: &str = "
import json, sys
def once(pairs):
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)
print(sum(json.loads(line, object_pairs_hook=once)['schema'] == 'logwright/1' for line in sys.stdin.buffer))
";

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Short and hostile, or long.
fn any_text() -> impl Strategy<Value = String> {
    let hostile = r#"(\PC|["\\\]\[{}:=, -~\x00-\x1f\u{7f}-\u{9f}\u{2028}\u{202e}\u{feff}]| - |\n\t){0,20}"#;
    (hostile, prop_oneof![4 => Just(1), 1 => 0..3000_usize])
        .prop_map(|(piece, times)| piece.repeat(times.min(40_000 / piece.len().max(1))))
}

#[test]
fn any_text_in_any_place_is_a_line_for_us_and_for_python() {
    let lines = RefCell::new(Vec::new());
    let texts = prop::array::uniform::<_, PLACES>(any_text());
    TestRunner::new(config(64))
        .run(&texts, |texts| {
            lines.borrow_mut().extend(what_is_logged_is_a_line(&texts));
            lines.borrow_mut().extend(what_is_written_is_a_line(&texts));
            Ok(())
        })
        .unwrap();
    let python =
        Command::new("python3").args(["-c", READER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut python) = python else { return skip("there is no python3 to compare with") };
    let lines = lines.into_inner();
    python.stdin.take().unwrap().write_all(lines.concat().as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), lines.len().to_string());
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn the_next_record_is_whole_whatever_the_file_ended_in(
        tail in prop_oneof![
            any::<Vec<u8>>(),
            r#"(\{"schema":"logwright/1"\}\n){0,3}\{"schema":"logw"#.prop_map(String::into_bytes),
            r"(\PC|\n){0,20}\n".prop_map(String::into_bytes),
        ]
    ) {
        the_next_record_is_whole_after(&tail);
    }

    #[test]
    fn any_line_is_read_or_refused_without_harm(
        line in prop_oneof![
            any_text(),
            r#"20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3} - \PC{1,3} - (INFO|WARN) - (\[[0-9]{1,12}:)?\PC{0,9}"#,
            r#"\{"schema":"logwright/1","(timestamp|level|kind)":"?\PC{0,30}"?\}"#,
        ]
    ) {
        any_line_is_read_or_refused(&line);
    }
}
