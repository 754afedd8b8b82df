//! A program that forks goes on logging in each of its processes; one that it starts has nothing of its files.

use std::collections::{BTreeMap, BTreeSet};

use crate::programs::{in_time, scenario, through};
use crate::support::{records, text};

#[test]
fn each_process_of_a_program_that_forks_writes_its_records_once() {
    for mode in ["sync", "buffered", "queue", "mapped"] {
        fork_in(mode);
    }
}

#[track_caller]
fn fork_in(mode: &str) {
    let dir = tempfile::tempdir().unwrap();
    let output = in_time(&scenario("forks", dir.path(), &[("LOGS_MODE", mode)]));
    assert!(output.status.success() && output.stderr.is_empty(), "{mode}: {output:?}");
    let (mut found, mut runs) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new());
    let records = records(dir.path().join("program.jsonl"));
    for record in records.iter().filter(|record| record.logger != "logwright") {
        runs.insert((record.pid, record.run));
        let context = record.context.to_value();
        let who = context["who"].as_str().unwrap().to_owned();
        found.entry((who, record.pid)).or_default().push(context["n"].as_u64().unwrap());
    }
    let who: Vec<_> = found.keys().map(|(who, _)| &**who).collect();
    assert_eq!(who, ["before", "child", "grandchild", "parent"]);
    let processes: BTreeSet<_> = found.keys().map(|(_, pid)| pid).collect();
    assert_eq!(processes.len(), 3, "each says who it is");
    assert_eq!(runs.iter().map(|(_, run)| run).collect::<BTreeSet<_>>().len(), 3, "each is a run of its own");
    assert_eq!(runs.len(), 3);
    assert!(found.values().all(|numbers| numbers.iter().copied().eq(0..100)), "{found:?}");
}

#[test]
fn a_fork_does_not_wait_for_threads_that_it_has_not() {
    for mode in ["queue", "mapped"] {
        let dir = tempfile::tempdir().unwrap();
        let output = in_time(&scenario("many-forks", dir.path(), &[("LOGS_MODE", mode)]));
        assert!(output.status.success() && output.stderr.is_empty(), "{mode}: {output:?}");
        let records = records(dir.path().join("program.jsonl"));
        let of_children = records.iter().filter(|record| record.message == "record").count();
        let of_parent = records.iter().filter(|record| record.message == "work").count();
        assert_eq!((of_children, of_parent), (300, 300 * 50), "{mode}");
    }
}

#[test]
fn a_fork_of_a_fork_does_not_wait_for_threads_that_it_has_not() {
    for mode in ["sync", "queue"] {
        let dir = tempfile::tempdir().unwrap();
        let output = in_time(&scenario("forks-of-forks", dir.path(), &[("LOGS_MODE", mode)]));
        assert!(output.status.success() && output.stderr.is_empty(), "{mode}: {output:?}");
        let mut of_children = Vec::new();
        for file in std::fs::read_dir(dir.path()).unwrap() {
            let of_file =
                records(file.unwrap().path()).into_iter().filter(|record| record.message == "record");
            of_children.extend(of_file.map(|record| record.context.to_value()["n"].as_u64().unwrap()));
        }
        of_children.sort_unstable();
        assert!(of_children.into_iter().eq(0..100), "{mode}");
    }
}

#[test]
fn a_fork_does_not_wait_for_a_stream_that_threads_write_to_which_it_has_not() {
    for console in ["stderr", "stdout"] {
        let dir = tempfile::tempdir().unwrap();
        let output = in_time(&scenario("console-forks", dir.path(), &[("LOGWRIGHT_CONSOLE", console)]));
        assert!(output.status.success(), "{console}: {}", output.status);
        let said = text(&[output.stdout, output.stderr].concat());
        assert!(
            said.lines().all(|line| line.ends_with(": work") || !line.contains("work")),
            "lines are whole"
        );
        for n in 0..100 {
            let line = format!(": record {n}.\n");
            assert_eq!(said.matches(&line).count(), 1, "{console}: {n}");
        }
    }
}

#[test]
fn a_fork_gives_a_writer_up_that_a_thread_is_in_which_it_has_not() {
    let dir = tempfile::tempdir().unwrap();
    let output = through(&["timeout", "20"], &scenario("console-hangs", dir.path(), &[])).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let took: Vec<u32> = text(&output.stdout).lines().map(|line| line.parse().unwrap()).collect();
    let [first, rest @ ..] = &took[..] else { panic!("{output:?}") };
    assert!(*first >= 1000 && rest.len() == 2 && rest.iter().all(|took| took < first), "{took:?}");
    assert_eq!(text(&output.stderr).matches("the console does not take a line").count(), 1, "{output:?}");
    let records = records(dir.path().join("program.jsonl"));
    assert_eq!(records.iter().filter(|record| record.message == "in the fork").count(), 3);
}

#[test]
fn a_program_that_is_started_inherits_no_log_file() {
    let dir = tempfile::tempdir().unwrap();
    let output = in_time(&scenario("executes", dir.path(), &[]));
    assert!(output.status.success(), "{output:?}");
    let open = text(&output.stdout);
    assert!(open.contains("/proc/") && !open.contains("program.jsonl"), "{open}");
}
