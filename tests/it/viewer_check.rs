//! `logwright check`: what a `logwright.toml` comes to.

use crate::viewer::{folder, run};

#[test]
fn mistakes_are_told_and_the_rest_is_resolved() {
    let toml = "level = \"debug\"\nlevle = \"info\"\n[json_file]\nmax_bytes = \"20 MiB\"\nkeep = -1\ncompress = true\n";
    let folder = folder(&[("logwright.toml", toml.as_bytes())]);
    let run = run(folder.path(), &["check"], b"");
    assert_eq!(run.code, Some(1));
    let mistakes: Vec<_> = run.stderr.lines().map(|line| line.split(';').next().unwrap()).collect();
    assert_eq!(
        mistakes,
        ["error: logwright.toml:2:1: unknown key `levle`", "error: logwright.toml:5:8: `keep` is `-1`"]
    );
    let resolved = "\
level = \"debug\"
filter = \"\"
dir = \"logs\"
console = \"stderr\"
color = \"auto\"
panic_hook = true
run_files = false
write_mode = \"sync\"
reopen_on_hangup = false

[file]
max_bytes = \"10 MiB\"
keep = 5
format = \"text\"
daily = false
compress = false

[error_file]
max_bytes = \"5 MiB\"
keep = 3
format = \"text\"
daily = false
compress = false

[json_file]
max_bytes = \"20 MiB\"
keep = 5
format = \"json\"
daily = false
compress = true
";
    assert_eq!(run.stdout, resolved);
}

#[test]
fn what_is_resolved_has_no_mistake_and_what_is_not_there_is_named() {
    let folder = folder(&[("a.toml", b"")]);
    let resolved = run(folder.path(), &["check", "a.toml"], b"");
    assert_eq!((resolved.code, &*resolved.stderr), (Some(0), ""));
    std::fs::write(folder.path().join("b.toml"), &resolved.stdout).unwrap();
    let again = run(folder.path(), &["check", "b.toml"], b"");
    assert_eq!((again.code, &again.stdout), (Some(0), &resolved.stdout));
    let missing = run(folder.path(), &["check"], b"");
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.starts_with("error: cannot read `logwright.toml`: "), "{}", missing.stderr);
}
