//! The filter language as a whole: which records a query takes, how it is printed, and what is said of what is no query.

use logwright::record::{Record, json};
use proptest::prelude::*;

use super::*;

/// A record that has everything, and one that a retry writes.
const LINES: [&str; 2] = [
    r#"{"schema":"logwright/1","kind":"op.end","timestamp":"2026-11-22T12:00:00Z","level":"ERROR","logger":"adapter.a","message":"Stitch failed: page 7","operation":"stitch","op_id":"00000000000000ff","trace_id":"000000000000000000000000000000aa","depth":1,"run":"98d1c9b6","seq":4,"pid":7,"thread":"main","context":{"site":"a","n":12,"deep":{"x.y":true},"\u006fdd":1,"none":null},"duration_ns":2500000000,"status":"failure","error":"TimeOut","error_type":"a::E","result":{"pages":3},"attempts":3,"retry_wait_ms":1500,"src":"a.rs:1"}"#,
    r#"{"schema":"logwright/1","kind":"log","timestamp":"2026-11-22T12:00:00Z","level":"WARNING","logger":"http","message":"Attempt 2 failed","context":{"name":"fetch_page","attempt":2,"max_attempts":3}}"#,
];

/// Which of the two records a query takes.
#[track_caller]
fn check(text: &str, expected: [bool; 2]) {
    let query = Query::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let found = LINES.map(|line| query.matches(&json::read(line).unwrap()));
    assert_eq!(found, expected.map(Some), "{text}");
}

#[test]
fn a_record_must_meet_every_term() {
    check("", [true, true]);
    check(
        "level>=warning op=sti* dur>2s attempts>=2 ctx.site=a \"page 7\" -noise logger=adapter.* kind=op.end \
         status=failure run=98d1c9b6 pid=7 thread=main error~timeout",
        [true, false],
    );
    check("level>=warning level<error", [false, true]);
    check("level=WARN", [false, true]);
    check("level<fatal", [true, true]);
}

#[test]
fn times_and_numbers_are_compared() {
    check("dur>=2.5s", [true, false]);
    check("dur>2500ms", [false, false]);
    check("dur<1m30s wait=1.5s", [true, false]);
    check("seq<=4 depth=1 attempts=3", [true, false]);
    check("ctx.n>11.5 ctx.n<=12 result.pages=3", [true, false]);
    check("ctx.site>1", [false, false]);
    check("op_id=00000000000000FF trace=000000000000000000000000000000aa", [true, false]);
}

#[test]
fn fields_are_found_by_their_path() {
    check("ctx.deep.x.y=true", [true, false]);
    check("ctx.odd=1 ctx.site~A", [true, false]);
    check("ctx.none=*", [false, false]);
    check("ctx.n=12", [true, false]);
    check("ctx.n=1", [false, false]);
}

#[test]
fn words_are_looked_for_in_message_and_error() {
    check("timeout", [true, false]);
    check("FAILED", [true, true]);
    check("stitch*page", [true, false]);
    check("\"attempt 2\"", [false, true]);
    check("-timeout", [false, true]);
    check("message~failed src=a.rs:*", [true, false]);
}

#[test]
fn what_is_missing_is_unequal_and_in_no_order() {
    check("status!=failure", [false, true]);
    check("-dur>1s", [false, true]);
    check("dur=*", [true, false]);
    check("dur!=*", [false, true]);
    check("dur<1s", [false, false]);
}

#[test]
fn a_retry_is_found_by_the_function_that_it_calls() {
    check("op=fetch_*", [false, true]);
    check("op=fetch_page attempts>=2", [false, true]);
    check("op=fetch_page attempts>2", [false, false]);
    let other = LINES[1].replace("\"attempt\"", "\"try\"");
    let query = Query::parse("op=*").unwrap();
    assert_eq!(query.matches(&json::read(&other).unwrap()), Some(false));
}

/// Has a level and a duration.
struct Fact;

impl Fields for Fact {
    fn value(&self, key: &Key) -> Option<Value<'_>> {
        match key {
            Key::Level => Some(Value::Level(logwright::Level::Info)),
            Key::Duration => Some(Value::Number(5)),
            Key::Error => Some(Value::Text("timed out".into())),
            _ => None,
        }
    }
}

#[test]
fn a_part_of_a_record_answers_where_it_can() {
    for (text, expected) in [
        ("level=info dur>1ns", Some(true)),
        ("ctx.a=1", None),
        ("-ctx.a=1", None),
        ("ctx.a=1 level>info", Some(false)),
        ("timed", Some(true)),
        ("other", None),
    ] {
        assert_eq!(Query::parse(text).unwrap().matches(&Fact), expected, "{text}");
    }
}

#[test]
fn a_query_is_printed_in_one_way() {
    for (text, expected) in [
        ("  level>=WARN   operation=a ", "level>=warning op=a"),
        ("-op=a -op!=b", "op!=a op=b"),
        ("dur>1m30s wait<=0.5s", "dur>90s wait<=500ms"),
        ("\"plain\" \"two words\" -\"-x\"", "plain \"two words\" -\"-x\""),
        ("op=\"a=b\" op!=* -error~x", "op=\"a=b\" op!=* -error~x"),
        ("run=98D1C9B6 context.n>1.50", "run=98d1c9b6 ctx.n>1.5"),
    ] {
        assert_eq!(Query::parse(text).unwrap().to_string(), expected);
    }
}

#[test]
fn what_is_no_query_is_refused_where_it_stands_with_a_way_out() {
    for (text, column, start) in [
        ("op=a levl>1", 6, "unknown key `levl`; did you mean `level`?"),
        ("level>=wran", 8, "unknown level `wran`; did you mean `warn`"),
        ("dur>2", 5, "no duration; write `2s`"),
        ("status=failed", 8, "unknown word `failed`; did you mean `failure`?"),
        ("kind=op.ended", 6, "unknown word `op.ended`; did you mean `op.end`?"),
        ("pid=x", 5, "`pid` is a number"),
        ("run=98", 5, "it is 8 hex digits long"),
        ("op>a", 4, "`op` has no order"),
        ("level~a", 7, "`level` is no text to look into"),
        ("ctx.a>b", 7, "what `ctx.a` is compared with must be a number"),
        ("漫画 a=b", 4, "unknown key `a`"),
        ("\"\"", 1, "there is no text to look for"),
    ] {
        let error = Query::parse(text).unwrap_err();
        assert!(error.to_string().starts_with(start), "{error}");
        assert_eq!(error.column(), column, "{error}");
    }
}

/// Texts that are likely to be queries, or nearly.
fn texts() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "level",
        "op",
        "dur",
        "ctx.a",
        "ctx.a.b",
        "result.x",
        "run",
        "status",
        "error",
        "=",
        "!=",
        ">",
        ">=",
        "<",
        "~",
        "-",
        "\"",
        "\"",
        "\\",
        "*",
        " ",
        " ",
        " ",
        "warning",
        "2s",
        "1.5",
        "98d1c9b6",
        "failure",
        "a",
        "é",
        "漫",
        "\n",
        "--",
        "op=a",
        "dur>1m2s",
        "ctx.n<=-1e300",
        "\"a b\"",
        "-\"x\\\"\"",
    ]);
    let likely = prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat());
    prop_oneof![4 => likely, 1 => any::<String>()]
}

proptest! {
    #[test]
    fn any_text_is_a_query_or_is_refused_at_a_place_in_it(text in texts()) {
        match Query::parse(&text) {
            Ok(query) => {
                LINES.iter().for_each(|line| assert!(query.matches(&json::read(line).unwrap()).is_some()));
                let printed = query.to_string();
                let again = Query::parse(&printed);
                prop_assert_eq!(again.as_ref(), Ok(&query), "{}", printed);
            }
            Err(error) => {
                prop_assert!((1..=text.chars().count() + 1).contains(&error.column()), "{}", error);
                prop_assert!(error.to_string().lines().count() >= 3);
            }
        }
    }

    #[test]
    fn a_text_is_found_as_a_simple_search_finds_it(text in "[aAbB éÉ]{0,12}", needle in "[aAbB éÉ]{1,3}") {
        let record = Record { message: text.as_str().into(), ..Record::default() };
        let query = Query::parse(&format!("\"{needle}\"")).unwrap();
        let expected = text.to_lowercase().contains(&needle.to_lowercase());
        prop_assert_eq!(query.matches(&record), Some(expected));
    }

    #[test]
    fn any_time_or_condition_is_read_or_refused(text in any::<String>()) {
        let _ = (text.parse::<Moment>(), text.parse::<Condition>());
    }
}
