//! Set-up by `logwright.toml`: what it says, what goes over it, and what becomes of mistakes in it.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use crate::support::{Package, logs, names, read, records, text, written};

/// Runs a scenario of the program `logs` with this file.
fn configured(dir: &Path, scenario: &str, toml: &str, environment: &[(&str, &str)]) -> Output {
    let file = dir.join("logwright.toml");
    std::fs::write(&file, toml).unwrap();
    let config = [("LOGWRIGHT_CONFIG", file.to_str().unwrap())];
    logs(scenario, dir, &[&config, environment].concat())
}

/// The messages that the program itself logs.
fn messages(dir: &Path) -> Vec<String> {
    let records = records(dir.join("program.jsonl"));
    let own = records.into_iter().filter(|record| record.logger != "logwright");
    own.map(|record| record.message.into_owned()).collect()
}

const WHOLE: &str = r#"
level = "debug"
filter = "hyper=off"
console = "stdout"
color = "always"
panic_hook = false
error_file = false
write_mode = "queue"
reopen_on_hangup = true

[file]
max_bytes = "20 MiB"
keep = 0x10
max_age = "30d"
max_total_bytes = 1_000_000
daily = true
compress = true
"#;

#[test]
fn what_the_file_says_applies() {
    let dir = tempfile::tempdir().unwrap();
    let output = configured(dir.path(), "configured", WHOLE, &[]);
    assert_eq!(messages(dir.path()), ["debug", "info", "warning"]);
    assert!(!dir.path().join("program_error.log").exists() && dir.path().join("program.log").exists());
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("\u{1b}["), "in colour, on stdout");
}

#[test]
fn each_way_to_write_ends_in_whole_files() {
    for mode in ["sync", "buffered", "queue", "mapped"] {
        let dir = tempfile::tempdir().unwrap();
        let output = configured(dir.path(), "configured", &format!("write_mode = \"{mode}\""), &[]);
        assert_eq!(messages(dir.path()), ["info", "warning", "of hyper"], "{mode}");
        assert!(!text(&output.stderr).contains("logwright.toml"), "{mode}: {}", text(&output.stderr));
    }
}

/// What is still to be written when a process ends without notice tells the ways apart.
#[test]
fn the_file_says_when_records_are_written() {
    let is_written = |mode: &str| {
        let dir = tempfile::tempdir().unwrap();
        configured(dir.path(), "ends", &format!("write_mode = \"{mode}\""), &[("HOW", "abort")]);
        let is_mapped = names(dir.path()).iter().any(|name| name.ends_with(".ring"));
        (records(dir.path().join("program.jsonl")).len() == 2 + 1000, is_mapped)
    };
    assert_eq!(is_written("sync"), (true, false));
    assert_eq!(is_written("buffered"), (false, false));
    assert!(is_written("mapped").1);
}

#[test]
fn a_file_is_compressed_and_begun_each_day_as_the_file_says() {
    let dir = tempfile::tempdir().unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    for name in ["program.jsonl", "program.log"] {
        written(dir.path(), name, 2 * day);
    }
    written(dir.path(), "program.log.2", 3 * day);
    let toml = "[json_file]\ndaily = true\n[file]\ncompress = true\n";
    configured(dir.path(), "compressed-as-configured", toml, &[]);
    assert_eq!(read(dir.path().join("program.jsonl.1")), "program.jsonl");
    assert!(!dir.path().join("program.log.1").exists(), "this one is not begun each day");
    assert!(dir.path().join("program.log.2.gz").exists());
}

#[test]
fn each_run_has_its_own_files_if_the_file_says_so() {
    let dir = tempfile::tempdir().unwrap();
    configured(dir.path(), "configured", "run_files = true", &[]);
    let names = names(dir.path());
    assert!(!names.contains("program.log") && names.len() == 4, "{names:?}");
}

#[test]
fn the_program_goes_over_the_file_and_the_environment_over_both() {
    let dir = tempfile::tempdir().unwrap();
    configured(dir.path(), "configured-by-the-program", WHOLE, &[]);
    assert_eq!(messages(dir.path()), ["warning"]);
    configured(dir.path(), "configured-by-the-program", WHOLE, &[("LOGWRIGHT_LEVEL", "info")]);
    assert_eq!(messages(dir.path())[1..], ["info", "warning", "of hyper"]);
}

#[test]
fn mistakes_are_named_with_their_place_and_the_rest_applies() {
    let dir = tempfile::tempdir().unwrap();
    let toml = "levle = \"debug\"\nlevel = 3\nfilter = \"hyper=loud\"\ncolor = \"blue\"\n\n\
                [file]\nkeep = -1\nmax_bytes = \"1 GB\"\nmax_age = 30\n\n[json_file]\nkep = 2\n\n[error_file\n";
    let output = configured(dir.path(), "configured", toml, &[("LOGWRIGHT_CONSOLE", "off")]);
    let path = dir.path().join("logwright.toml").display().to_string();
    let said = text(&output.stderr);
    let mistakes: Vec<_> =
        said.lines().filter_map(|line| line.strip_prefix(&format!("logwright: {path}:"))).collect();
    for expected in [
        "1:1: unknown key `levle`; did you mean `level`? there are level, filter, dir",
        "2:9: `level` is `3`; it may be `trace`, `debug`, `info`, `warning`, `warn`, `error`, `critical` or `fatal`",
        "3:10: cannot read `hyper=loud` (column 1 of the filter)",
        "4:9: `color` is `\"blue\"`; it may be `auto`, `always` or `never`",
        "7:8: `keep` is `-1`; it may be a whole number, at most 9999",
        "8:13: `max_bytes` is `\"1 GB\"`; it may be a number of bytes over 0 without quotes, or a size in KiB, MiB or GiB: \"10 MiB\"",
        "9:11: `max_age` is `30`; it may be hours or days over 0 in quotes: \"12h\", \"30d\"",
        "12:1: unknown key `kep`; did you mean `keep`? there are max_bytes, keep",
    ] {
        assert_eq!(mistakes.iter().filter(|mistake| mistake.starts_with(expected)).count(), 1, "{said}");
    }
    assert_eq!(said.matches("hyper=loud").count(), 1, "{said}");
    assert!(mistakes.iter().any(|mistake| mistake.starts_with("14:")), "a bracket is missing: {said}");
    assert_eq!(messages(dir.path()), ["info", "warning", "of hyper"]);
}

#[test]
fn a_limit_of_nothing_and_a_key_in_the_wrong_place_are_mistakes() {
    let dir = tempfile::tempdir().unwrap();
    let toml = "keep = 3\n[file]\nmax_bytes = 0\nkeep = 10000\nmax_age = \"0h\"\nmax_total_bytes = \"0 MiB\"\n\
                level = \"debug\"\n[json_file]\nkeep = 9999\n";
    let said = text(&configured(dir.path(), "configured", toml, &[("LOGWRIGHT_CONSOLE", "off")]).stderr);
    for expected in [
        "1:1: unknown key `keep`; it belongs into [file], [error_file] or [json_file]\n",
        "3:13: `max_bytes` is `0`; it may be a number of bytes over 0",
        "4:8: `keep` is `10000`; it may be a whole number, at most 9999\n",
        "5:11: `max_age` is `\"0h\"`; it may be hours or days over 0",
        "6:19: `max_total_bytes` is `\"0 MiB\"`; it may be a number of bytes over 0",
        "7:1: unknown key `level`; it belongs before the first [file], [error_file] or [json_file]\n",
    ] {
        assert_eq!(said.matches(&format!("logwright.toml:{expected}")).count(), 1, "{expected}: {said}");
    }
    assert_eq!(said.lines().count(), 6, "{said}");
}

#[test]
fn all_that_may_be_said_goes_over_what_the_program_brought_along() {
    let said = ["debug", "info", "warning", "of hyper"];
    // What the operator's file, the program and the environment say.
    for (file, program, environment, expected) in [
        ("", "", "", &["debug", "info", "warning", "of hyper"][..]),
        ("level = \"info\"", "", "", &said[1..]),
        ("", "warning", "", &said[2..3]),
        ("", "", "info", &said[1..]),
        ("level = \"info\"", "warning", "", &said[2..3]),
        ("level = \"warning\"", "", "info", &said[1..]),
        ("level = \"error\"", "warning", "info", &said[1..]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let environment = [("LEVEL", program), ("LOGWRIGHT_LEVEL", environment)];
        let output = configured(dir.path(), "included", file, &environment);
        assert_eq!(messages(dir.path()), expected, "{file}, {environment:?}");
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
        assert!(!dir.path().join("program_error.log").exists());
        assert!(read(dir.path().join("program.log")).starts_with("{\"@timestamp\""));
    }
}

#[test]
fn a_file_that_the_program_brings_along_is_checked_when_it_is_built() {
    let package = Package::new(
        "edition = \"2024\"\n\n[dependencies]\n\
         logwright = { path = 'TESTS/../runtime', features = [\"config\"] }\n",
    );
    package.add(
        "src/main.rs",
        "fn main() { print!(\"{:?}\", logwright::include_config!(\"conf/log.toml\")); }\n",
    );
    let said = |toml: Option<&str>| {
        toml.inspect(|toml| package.add("conf/log.toml", toml));
        let output = package.check(&[]);
        assert_eq!(output.status.success(), output.stderr.is_empty());
        text(&output.stderr)
    };
    let missing = said(None);
    assert!(missing.contains("error: cannot read `") && missing.contains("/conf/log.toml`: "), "{missing}");

    let mistaken =
        said(Some("levle = \"debug\"\n\n[json_file]\nformat = \"xml\"\nmax_bytes = \"10 parsecs\"\n[file\n"));
    for expected in [
        "error: conf/log.toml:1:1: unknown key `levle`; did you mean `level`? there are level, filter, dir",
        "error: conf/log.toml:4:10: `format` is `\"xml\"`; it may be `text`, `json` or `ecs`\n",
        "error: conf/log.toml:5:13: `max_bytes` is `\"10 parsecs\"`; it may be a number of bytes",
        "error: conf/log.toml:6:6: ",
    ] {
        assert_eq!(mistaken.matches(expected).count(), 1, "{expected}: {mistaken}");
    }
    assert_eq!(mistaken.matches("error: ").count(), 4 + 1, "and what cargo says at the end: {mistaken}");

    let lacking = said(Some(
        "reopen_on_hangup = true\nwrite_mode = \"mapped\"\n[file]\ncompress = true\n[json_file]\ncompress = false\n",
    ));
    for expected in [
        "1:20: `reopen_on_hangup = true` needs logwright's feature `signals`, on Unix\n",
        "2:14: `write_mode = \"mapped\"` needs logwright's feature `mapped`, on Unix\n",
        "4:12: `compress = true` needs logwright's feature `gzip`\n",
    ] {
        let expected = format!("error: conf/log.toml:{expected}");
        assert_eq!(lacking.matches(&expected).count(), 1, "{expected}: {lacking}");
    }
    assert_eq!(lacking.matches("error: ").count(), 3 + 1, "{lacking}");

    assert_eq!(said(Some("level = \"debug\"\n")), "");
    let printed = || text(&package.run("outside").stdout);
    assert!(printed().contains("conf/log.toml") && printed().contains("debug"), "{}", printed());
    package.add("conf/log.toml", "level = \"trace\"\n");
    assert!(printed().contains("trace"), "a change is seen: {}", printed());
}

#[test]
fn a_file_that_is_asked_for_but_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("none.toml");
    let output = logs("configured", dir.path(), &[("LOGWRIGHT_CONFIG", missing.to_str().unwrap())]);
    assert!(
        text(&output.stderr)
            .contains(&format!("cannot read `{}`, which LOGWRIGHT_CONFIG names: ", missing.display()))
    );
    assert_eq!(messages(dir.path()), ["info", "warning", "of hyper"]);
}

#[test]
fn hostile_text_in_the_file_cannot_drive_a_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let toml = "\"le\\u001b[2Jvel\" = 1\ndir = \"\\u0000\"\nlevel = '''\u{202e}\n'''\n";
    let output = configured(dir.path(), "configured", toml, &[("LOGWRIGHT_CONSOLE", "off")]);
    let said = text(&output.stderr);
    assert!(output.status.success());
    assert!(!said.contains(['\u{1b}', '\u{202e}', '\0']), "{said:?}");
}
