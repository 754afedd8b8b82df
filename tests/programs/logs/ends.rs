//! The ways in which a program comes to its end, or a thread of it to a panic.

use logwright::{Console, Setup};

use crate::modes::with_mode;

/// A thousand records, then the end that `HOW` names; the guard is kept, let go at once or forgotten.
pub(super) fn ends(setup: Setup) {
    let guard = with_mode(setup.console(Console::off())).install().expect("it is the first");
    let how = std::env::var("HOW").expect("it is said how");
    let _kept = match how.as_str() {
        "let-go" => {
            let _ = guard;
            None
        }
        "forgotten" => {
            std::mem::forget(guard);
            None
        }
        _ => Some(guard),
    };
    (0..1000).for_each(|n| logwright::info!("record {n}"));
    match how.as_str() {
        "return" | "let-go" | "forgotten" => {}
        "exit" => std::process::exit(7),
        "abort" => std::process::abort(),
        "panic" => panic!("in the end"),
        "wait" => {
            println!("ready");
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
        other => panic!("no end `{other}`"),
    }
}

#[logwright::structured_op]
fn operation() {
    panic!("page 7 is missing");
}

/// A panic inside an operation, in the part of the program that `WHERE` names.
pub(super) fn panics(setup: Setup) {
    // The program's own hook, set before.
    std::panic::set_hook(Box::new(|info| {
        println!("hook: {}", info.payload().downcast_ref::<&str>().unwrap_or(&"no text"));
    }));
    let _log = setup.console(Console::off()).install();
    match std::env::var("WHERE").expect("it is said where").as_str() {
        "thread" => drop(std::thread::spawn(operation).join()),
        "task" => {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("it can be built");
            let task = async { tokio::spawn(async { operation() }).await };
            runtime.block_on(task).expect_err("it panics");
        }
        _ => operation(),
    }
}
