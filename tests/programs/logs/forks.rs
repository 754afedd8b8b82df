//! A program that splits in two while it logs, and one that starts another.

use std::process::Command;

use fork::{Fork, fork, waitpid};
use logwright::Setup;

use crate::writes::only_json;

fn write(who: &str) {
    (0..100).for_each(|n| logwright::info!(who, n, "record"));
}

/// Parent, child and grandchild write at the same time, and each ends in its own way.
pub(super) fn forks(setup: Setup) {
    let log = only_json(setup);
    write("before");
    match fork().expect("there is room for another process") {
        Fork::Parent(child) => {
            write("parent");
            waitpid(child).expect("it is ours");
        }
        Fork::Child => {
            let grandchild = fork().expect("there is room for another process");
            write(if matches!(grandchild, Fork::Child) { "grandchild" } else { "child" });
            if let Fork::Parent(grandchild) = grandchild {
                waitpid(grandchild).expect("it is ours");
                std::process::exit(0);
            }
        }
    }
    drop(log);
}

/// Forks again and again while its thread writes; each child says something and ends.
pub(super) fn many(setup: Setup) {
    let _log = only_json(setup);
    for n in 0..300 {
        (0..50).for_each(|_| logwright::info!("work"));
        match fork().expect("there is room for another process") {
            Fork::Parent(child) => {
                waitpid(child).expect("it is ours");
            }
            Fork::Child => {
                logwright::info!(who = "child", n, "record");
                std::process::exit(0);
            }
        }
        // When the thread looks for more is not known.
        std::thread::sleep(std::time::Duration::from_micros(n * 50));
    }
}

/// A fork whose threads write forks again and again.
pub(super) fn of_forks(setup: Setup) {
    let _log = only_json(setup);
    match fork().expect("there is room for another process") {
        Fork::Parent(child) => _ = waitpid(child).expect("it is ours"),
        Fork::Child => {
            while_threads_write(|n| logwright::info!(who = "child", n, "record"));
            std::process::exit(0);
        }
    }
}

/// Each of a hundred forks says something and ends, and none waits for what a thread of this process was doing.
pub(super) fn while_threads_write(say: impl Fn(u32)) {
    let work = || {
        loop {
            logwright::info!("work");
        }
    };
    (0..3).for_each(|_| _ = std::thread::spawn(work));
    for n in 0..100 {
        match fork().expect("there is room for another process") {
            Fork::Parent(child) => _ = waitpid(child).expect("it is ours"),
            Fork::Child => {
                say(n);
                std::process::exit(0);
            }
        }
    }
}

/// What a program that it starts has open.
pub(super) fn executes(setup: Setup) {
    let _log = only_json(setup);
    logwright::info!("open");
    let status = Command::new("ls").args(["-l", "/proc/self/fd"]).status();
    assert!(status.expect("there is `ls`").success());
}
