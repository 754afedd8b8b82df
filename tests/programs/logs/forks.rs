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

/// What a program that it starts has open.
pub(super) fn executes(setup: Setup) {
    let _log = only_json(setup);
    logwright::info!("open");
    let status = Command::new("ls").args(["-l", "/proc/self/fd"]).status();
    assert!(status.expect("there is `ls`").success());
}
