//! A program that sets logging up and logs: `logs SCENARIO DIR`.

mod early;
mod files;
mod modes;
mod writes;
mod obeys;
mod ends;
mod reentry;
mod crowds;
mod direct;
mod layers;
mod consoles;
#[cfg(unix)]
mod forks;

use logwright::{Color, Console, File, Level, Setup};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let scenario = arguments.next().unwrap_or_default();
    let setup = logwright::setup("program").dir(arguments.next().unwrap_or_default());
    match scenario.as_str() {
        "every-level" => every_level(setup),
        "hostile" => hostile(setup),
        "rotation" => files::rotation(setup),
        "retention" => files::retention(setup),
        "zeros" => files::zeros(setup),
        "daily" => files::daily(setup),
        "compressed" => files::compressed(setup),
        "set-up-twice" => set_up_twice(setup),
        "panic" => panic(setup),
        "exit" => exit(setup),
        "ends" => ends::ends(setup),
        "panics" => ends::panics(setup),
        "writes" => writes::writes(setup),
        "obeys" => obeys::obeys(setup),
        "crowd" => crowds::crowd(setup),
        "reloads" => crowds::reloads(setup),
        "reentry" => reentry::reentry(setup),
        "filter-changes" => reentry::filter_changes(setup),
        "shown-once" => reentry::shown_once(setup),
        #[cfg(unix)]
        "forks" => forks::forks(setup),
        #[cfg(unix)]
        "many-forks" => forks::many(setup),
        #[cfg(unix)]
        "forks-of-forks" => forks::of_forks(setup),
        #[cfg(unix)]
        "console-forks" => consoles::forks(setup),
        #[cfg(unix)]
        "console-hangs" => consoles::hangs(setup),
        "console-panics" => consoles::panics(setup),
        #[cfg(unix)]
        "executes" => forks::executes(setup),
        "outage" => files::outage(setup),
        "both-ways" => direct::both_ways(setup),
        "beside" => direct::beside(setup),
        "change-filter" => change_filter(setup),
        "control" => files::control(setup),
        "configured" => configured(setup),
        "coloured" => configured(setup.console(Console::off().color(Color::Always))),
        "configured-by-the-program" => configured(setup.level(Level::Warning)),
        "early" => early::early(setup),
        "early-layer" => early::layer(setup),
        "early-flood" => early::flood(setup),
        "early-huge" => early::huge(setup),
        "early-endless" => early::endless(setup),
        "early-beside" => early::beside(setup),
        "formatted" => formatted(setup),
        "included" => included(),
        "layer" => layer(setup),
        "coloured-layers" => layers::coloured(setup),
        "log-in-display" => log_in_display(setup),
        "moved" => files::moved(setup),
        "quiet" => quiet(setup),
        "shared" => files::shared(setup),
        "runs" => files::runs(setup),
        "compressed-as-configured" => files::compressed_as_configured(setup),
        "hangup" => files::hangup(setup.reopen_on_hangup()),
        "hangup-as-configured" => files::hangup(setup),
        "hangup-storm" => files::hangup_storm(setup),
        "formatters-fail" => formatters_fail(setup),
        "secrets" => secrets(setup),
        "ways-out" => ways_out(setup),
        "huge" => huge(setup),
        other => panic!("no scenario `{other}`"),
    }
}

fn every_level(setup: Setup) {
    let _log = setup.level(Level::Trace).install();
    let (site, pages) = ("web-toon", 23);
    let logger = logwright::get_logger(&format!("adapter.{site}"));
    logwright::trace!("trace");
    logwright::debug!(logger: logger, "debug");
    logwright::info!(logger: logger, pages, "Found {pages} images");
    logwright::warn!(ratio = 0.5, name = %"a b", list = ?[1, 2], "warning");
    logwright::error!(logger: &logger, "error");
    logwright::critical!("critical");
    tracing::info!(pages, ok = true, "from tracing");
    log::warn!("from log");
}

fn hostile(setup: Setup) {
    let _log = setup.install();
    let title =
        "Tower\n2026-11-22 12:45:15,642 - root - CRITICAL - forged\r\u{1b}[2J\u{9b}31m\u{202e}\u{2028}\0\"\\";
    logwright::error!(title, debug = ?title, "title is {title}");
    logwright::error!(logger: logwright::get_logger(title), "");
    tracing::error!(title, debug = ?title, display = %title, "{title}");
    operation(title);
}

#[logwright::structured_op(context(title), result(title = *ret))]
fn operation(title: &str) -> &str {
    logwright::event!(title, title);
    title
}

fn set_up_twice(setup: Setup) {
    let dir = std::env::args().nth(2).expect("the directory is an argument");
    let _log = setup.install();
    let second = logwright::setup("second").dir(dir).install();
    eprintln!("{}", second.expect_err("there is one already"));
    logwright::info!("still here");
}

fn panic(setup: Setup) {
    let _log = setup.install();
    std::thread::Builder::new()
        .name("worker".into())
        .spawn(|| panic!("page {} is missing", 7))
        .expect("a thread starts")
        .join()
        .expect_err("it panics");
}

fn exit(setup: Setup) {
    std::mem::forget(setup.install());
    (0..1000).for_each(|n| logwright::info!("record {n}"));
    std::process::exit(7);
}

fn change_filter(setup: Setup) {
    let log = setup.install().expect("nothing else is set up");
    logwright::debug!("before");
    log.set_filter("debug").expect("it can be read");
    logwright::debug!("after");
    log.set_filter("off,hyper=loud").expect_err("there is no such level");
    log.set_filter("error").expect("it can be read");
    logwright::warn!("too late");
}

/// As the file and the environment say.
fn configured(setup: Setup) {
    let _log = setup.install();
    logwright::debug!("debug");
    logwright::info!("info");
    logwright::warn!("warning");
    tracing::info!(target: "hyper", "of hyper");
}

/// As the file that it has brought along says, and the level that the environment names for the program.
fn included() {
    let dir = std::env::args().nth(2).expect("the directory is an argument");
    let config = logwright::include_config!("programs/logs/included.toml");
    let setup = logwright::setup_with("program", config).dir(dir);
    let level = std::env::var("LEVEL").ok().and_then(|level| level.parse().ok());
    configured(level.into_iter().fold(setup, Setup::level));
}

/// In the format that the environment names for the program.
fn formatted(setup: Setup) {
    let setup = match std::env::var("FORMAT").as_deref() {
        Ok("text") => setup.file(File::text()),
        Ok("json") => setup.file(File::json()),
        Ok("ecs") => setup.file(File::ecs()),
        _ => setup,
    };
    let _log = setup.install();
    logwright::error!("error");
}

/// Beside another layer, which wants everything and prints it.
fn layer(setup: Setup) {
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;
    let (layer, log) = setup.console(Console::off()).filter("logs::quiet=off,hyper=loud").layer();
    tracing_subscriber::registry().with(layer).with(Printer).init();
    mod quiet {
        pub(super) fn speaks() {
            logwright::error!("of a quiet module");
        }
    }
    logwright::info!("one");
    logwright::debug!("detail");
    quiet::speaks();
    log.set_filter("debug").expect("it can be read");
    logwright::debug!("more detail");
    tracing::info!("from tracing");
    panic!("in the end");
}

struct Printer;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Printer {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        println!("{}", event.metadata().level());
    }
}

fn log_in_display(setup: Setup) {
    struct Logs;
    impl std::fmt::Display for Logs {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            logwright::info!("inner");
            f.write_str("outer")
        }
    }
    let _log = setup.install();
    logwright::info!("{}", Logs);
}

/// Nothing that a value, an error or a console does while it is written harms the program.
fn formatters_fail(setup: Setup) {
    struct Fails;
    impl std::fmt::Display for Fails {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Err(std::fmt::Error)
        }
    }
    #[derive(PartialEq)]
    struct Panics;
    impl std::fmt::Display for Panics {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("in a formatter")
        }
    }
    #[logwright::log_time(level = "info", fields(%field))]
    fn fails(field: Fails) -> Result<(), Fails> {
        Err(field)
    }
    #[logwright::retry(max_attempts = 2, delay = 0)]
    #[logwright::structured_op]
    fn panics() -> Result<(), Panics> {
        Err(Panics)
    }
    struct Console;
    impl std::io::Write for Console {
        fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
            assert!(!String::from_utf8_lossy(line).contains("fails executed"), "the console is broken");
            Ok(line.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let _log = setup.console(logwright::Console::writer(Console)).panic_hook(false).install();
    assert!(fails(Fails).is_err());
    assert!(panics() == Err(Panics));
    logwright::info!("{} {}", "whole", Fails);
    logwright::info!("done");
}

/// Failures are told where successes are not wanted.
fn quiet(setup: Setup) {
    #[logwright::structured_op]
    fn operation(fails: bool) -> Result<(), &'static str> {
        if fails { Err("it failed") } else { Ok(()) }
    }
    #[logwright::log_time]
    fn timed() -> Result<(), &'static str> {
        operation(true)
    }
    let _log = setup.level(logwright::Level::Warning).install();
    let _ = (operation(false), timed());
}

/// The same secret in every place where a program may say it.
fn secrets(setup: Setup) {
    const URL: &str = "https://ann:hunter2@example.org/list?token=hunter2#access_token=hunter2";
    #[logwright::retry(max_attempts = 2, delay = 0)]
    #[logwright::structured_op(context(password, url = URL, again = ?(URL, "\n"), shown = %URL), result(url = URL))]
    #[logwright::log_time(fields(db_password = password, url = URL))]
    fn operation(password: &str) -> Result<(), std::io::Error> {
        logwright::event!(URL, url = URL, session_token = password);
        let cause = std::io::Error::other(format!("Bearer {password}"));
        Err(std::io::Error::other(Failed(cause)))
    }
    #[derive(Debug)]
    struct Failed(std::io::Error);
    impl std::fmt::Display for Failed {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "cannot get {URL}")
        }
    }
    impl std::error::Error for Failed {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    let _log = setup.level(Level::Trace).install();
    let password = String::from("hunter2");
    logwright::error!(?password, pin = logwright::Redacted::new(&password), "GET {}", URL);
    tracing::error!(url = URL, api_key = password, cookie = ?password, "GET {URL}");
    tracing::error!(message = URL, debug = ?URL, error = &Failed(std::io::Error::other("")) as &dyn std::error::Error);
    log::error!("GET {URL} with Basic hunter2");
    let _ = operation(&password);
    let _ = std::thread::spawn(|| panic!("GET {URL}")).join();
}

/// Operations that end in each way.
fn ways_out(setup: Setup) {
    #[logwright::structured_op(context(n = 1), result(n = 2))]
    #[logwright::log_time]
    fn returns(fails: bool) -> Result<(), &'static str> {
        logwright::event!("asked", fails);
        if fails { Err("it failed") } else { Ok(()) }
    }
    #[logwright::structured_op]
    fn panics() {
        panic!("it panicked");
    }
    #[logwright::structured_op]
    async fn waits() {
        std::future::pending().await
    }
    let _log = setup.level(logwright::Level::Trace).install();
    let _ = (returns(false), returns(true));
    let _ = std::panic::catch_unwind(panics);
    let mut waiting = Box::pin(waits());
    let _ = waiting.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    drop(waiting);
    logwright::event!("outside");
}

/// A text of the size that the environment names, in every place where a program may say it.
fn huge(setup: Setup) {
    struct Failed(String);
    impl std::fmt::Display for Failed {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }
    #[logwright::structured_op(context(text = text.0, shown = %text, debug = ?text.0), err(level = "error"))]
    fn operation(text: Failed) -> Result<(), Failed> {
        logwright::event!("read", text = text.0);
        Err(text)
    }
    let _log = setup.level(logwright::Level::Trace).install();
    let bytes = std::env::var("BYTES").ok().and_then(|bytes| bytes.parse().ok()).expect("a size");
    let text = "x".repeat(bytes);
    logwright::info!(text, "{text}");
    tracing::info!(message = text, text, shown = %text);
    log::info!("{text}");
    let _ = operation(Failed(text));
    // How much memory the process had at most.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default());
}
