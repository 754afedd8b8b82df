//! How `#[retry]` waits: on every kind of runtime and on none, by the program's own sleepers, and where nothing can wait.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use logwright::retry;
use logwright::retry::{Attempt, Delay};
use tokio::runtime::{Builder, Runtime};

use crate::support::{Package, contexts, program, run_paused, text};

/// Short, as it is really waited for.
const WAIT: Duration = Duration::from_millis(5);

#[retry(3, "5ms", bind = attempt)]
async fn fetch(page: u32) -> Result<u32, Attempt> {
    if attempt.number() == 2 { Ok(page) } else { Err(attempt) }
}

#[retry(3, "5ms", bind = attempt)]
fn load(page: u32) -> Result<u32, Attempt> {
    if attempt.number() == 2 { Ok(page) } else { Err(attempt) }
}

/// That it takes the time of a wait, and not that of two hundred.
#[track_caller]
fn assert_waits(body: impl FnOnce()) {
    let began = Instant::now();
    body();
    let took = began.elapsed();
    assert!((WAIT..WAIT * 1000).contains(&took), "{took:?}");
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn runtimes_of_one_thread_and_of_many_wait() {
    assert_waits(|| {
        assert_eq!(Builder::new_current_thread().enable_all().build().unwrap().block_on(fetch(7)), Ok(7))
    });
    assert_waits(|| {
        multi_thread().block_on(async {
            let tasks: Vec<_> = (0..100).map(|page| tokio::spawn(fetch(page))).collect();
            for (page, task) in tasks.into_iter().enumerate() {
                assert_eq!(task.await.unwrap(), Ok(page as u32));
            }
        });
    });
}

#[test]
fn a_paused_runtime_does_not() {
    #[retry(3, "24h")]
    async fn fails() -> Result<(), u8> {
        Err(1)
    }
    let began = Instant::now();
    run_paused(async {
        let start = tokio::time::Instant::now();
        assert_eq!(fails().await, Err(1));
        assert_eq!(start.elapsed(), Duration::from_secs(48 * 3600));
    });
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn without_a_runtime_a_thread_of_our_own_waits() {
    assert_waits(|| assert_eq!(futures::executor::block_on(fetch(7)), Ok(7)));
    let all = || futures::future::join_all((0..100).map(fetch));
    assert_waits(|| assert!(futures::executor::block_on(all()).iter().all(Result::is_ok)));
}

#[test]
fn where_a_runtime_has_no_timers_a_thread_of_our_own_waits() {
    let runtime = Builder::new_current_thread().build().unwrap();
    for _ in 0..3 {
        assert_waits(|| assert_eq!(runtime.block_on(fetch(7)), Ok(7)));
    }
    // One with timers on the same thread is known from it.
    run_paused(async {
        let start = tokio::time::Instant::now();
        assert_eq!(fetch(7).await, Ok(7));
        assert_eq!(start.elapsed(), WAIT);
    });
}

#[test]
fn plain_functions_wait_on_the_threads_for_them() {
    assert_waits(|| {
        multi_thread().block_on(async {
            let tasks: Vec<_> = (0..20).map(|page| tokio::task::spawn_blocking(move || load(page))).collect();
            for (page, task) in tasks.into_iter().enumerate() {
                assert_eq!(task.await.unwrap(), Ok(page as u32));
            }
        });
    });
}

#[test]
fn the_engine_without_an_attribute_waits_there_too() {
    let calls = AtomicU32::new(0);
    let call = || retry::with(Delay::constant(WAIT)).max_attempts(2);
    let attempt = |attempt: Attempt| {
        calls.fetch_add(1, Ordering::Relaxed);
        if attempt.is_last() { Ok(()) } else { Err("busy") }
    };
    assert_waits(|| assert_eq!(call().run(attempt), Ok(())));
    assert_waits(|| assert_eq!(futures::executor::block_on(call().run_async(async |a| attempt(a))), Ok(())));
    assert_waits(|| assert_eq!(multi_thread().block_on(call().run_async(async |a| attempt(a))), Ok(())));
    assert_eq!(calls.into_inner(), 6);
}

#[test]
fn the_time_between_attempts_is_that_of_the_runtimes_clock() {
    let told = contexts(|| {
        run_paused(async {
            let call = retry::with(Delay::constant(Duration::from_secs(10)));
            assert_eq!(call.run_async(async |_| Err::<(), _>("busy")).await, Err("busy"));
        });
    });
    let elapsed: Vec<_> = told.iter().map(|context| context["elapsed_ms"].as_u64().unwrap()).collect();
    assert_eq!(elapsed, [0, 10_000, 20_000]);
}

#[track_caller]
fn check(scenario: &str, says: &str) {
    let output = program(env!("CARGO_BIN_EXE_waits"), &[]).arg(scenario).output().unwrap();
    assert_eq!(text(&output.stdout).trim_end(), says, "{}", text(&output.stderr));
}

#[test]
fn a_runtime_without_timers_is_told_of_on_stderr_once() {
    let output = program(env!("CARGO_BIN_EXE_waits"), &[]).arg("no-timers").output().unwrap();
    assert_eq!(text(&output.stdout), "3 waits\n");
    assert_eq!(text(&output.stderr).matches("timers are disabled").count(), 1, "{}", text(&output.stderr));
}

#[test]
fn a_programs_own_sleepers_are_asked() {
    check("sleepers", "sleepers are asked");
}

#[test]
fn a_programs_own_sleeper_ends_attempts_that_take_too_long() {
    check("attempt-timeout", "attempts time out");
}

#[test]
fn a_programs_own_sleeper_may_return_early() {
    check("stopped", "waits are cut short");
}

#[test]
fn where_nothing_can_wait_the_call_is_given_up_and_says_so() {
    let package = Package::new(
        "edition = \"2024\"\n\n[[bin]]\nname = \"no_sleeper\"\npath = 'TESTS/it/fixtures/packages/no_sleeper.rs'\n\
         [dependencies]\nlogwright = { path = 'TESTS/../runtime', default-features = false, features = [\"custom-sleep\"] }\n",
    );
    let output = package.run("no_sleeper");
    let expected = [
        "ERROR Failed after 1 attempts: 1 \
         {\"name\":\"waits\",\"attempts\":1,\"reason\":\"no_sleeper\",\"delay_ms\":2000,\"delay_source\":\"policy\",\"slept_ms\":0}",
        "3 at once",
        "3 in a test, for [2s, 2s]",
        "3 with a sleeper",
    ];
    assert_eq!(text(&output.stdout).lines().collect::<Vec<_>>(), expected, "{}", text(&output.stderr));
}
