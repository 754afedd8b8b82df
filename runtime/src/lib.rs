//! Makes a program tell what it does: annotate a function, and its time, its retries and its start/end record are
//! logged; set logging up in one line; read it all back with the command `logwright`.
//!
//! ```no_run
//! use logwright::{log_time, retry, structured_op};
//!
//! #[structured_op(context(comic), result(pages = ret.len()))]
//! fn process_comic(comic: &str) -> Result<Vec<String>, std::io::Error> {
//!     let page = download_page("https://example.org/1.jpg")?;
//!     logwright::event!("download_completed", page = 1);
//!     Ok(stitch(vec![page]))
//! }
//!
//! #[retry(max_attempts = 3, delay = "2s")]
//! fn download_page(url: &str) -> Result<String, std::io::Error> {
//!     Ok(url.to_owned())
//! }
//!
//! #[log_time]
//! fn stitch(pages: Vec<String>) -> Vec<String> {
//!     pages
//! }
//!
//! let _log = logwright::init("chaptrix");
//! process_comic("Tower of Dust")?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # The attributes
//!
//! They go on free functions and methods, plain or `async`, on the methods of trait implementations and the default
//! methods of traits, and on whole [blocks](#blocks). The function keeps its value, its panics, its borrows, its lints and
//! whether its future is `Send`; what the compiler says of its body is what it says of a plain one. First written is
//! outermost: `#[structured_op] #[log_time] #[retry]` is one record, one total time, and a line for each failed attempt.
//! (That holds among these three; `#[tracing::instrument]` above one of them ends up inside.)
//!
//! | way out | [`log_time`] | [`retry`](macro@retry) | [`structured_op`] |
//! |---|---|---|---|
//! | a value | DEBUG `f executed in 1.23 seconds` | nothing; INFO `Succeeded after 2 attempts` after a failure | start and end record, INFO |
//! | `Err`, by `?` and `return` too | the same, status `failure`, with the error | WARNING for each attempt, then ERROR `Failed after 3 attempts: E`; the last error is returned | ERROR, status `failure`, error and causes |
//! | a panic (with [`init`], a CRITICAL record of its own as well) | ERROR, status `panicked` | passes through, never tried again | ERROR, status `panicked` |
//! | a future dropped half-way | WARNING, status `cancelled` | stops | WARNING, status `cancelled` |
//! | a future never polled | nothing | nothing | nothing |
//!
//! Where the level of `#[log_time]` is off, a call says nothing, whatever becomes of it; with `slow` or `err(level = ..)` it
//! is timed nevertheless, for what has that level. An operation whose level is off still tells of its end where that has
//! a higher one: a failure, a panic, a cancellation.
//!
//! A function that returns a future (`impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture`, a method of `#[async_trait]`) is
//! told from its first poll to its end, as an `async fn` is. Which it is, its return type says; an alias by another name
//! is taken for a value. Two things Rust leaves no way for: a boxed future of a generic type that is not known to be
//! `'static` cannot be wrapped, and `impl Future + Unpin` is no more `Unpin`. `#[track_caller]` is kept; there, an `Err`
//! that leaves by `?` or `return` is told as a success.
//!
//! An error is told by its text and its sources, else by `Display`, else by `Debug`, else by the name of its type, as is
//! one whose text is empty. No bound is added to your types.
//!
//! ## Fields
//!
//! Nothing of the arguments is recorded unless it is named. A field is `x` (a parameter), `?x` (by `Debug`), `%x`
//! (by `Display`) or `name = expression`; it is evaluated before the body, and only when somebody wants it.
//!
//! ## Blocks
//!
//! On an `impl` or a `trait` block an attribute goes on every function in it that has a body and is not `const`;
//! `#[retry]` on those that return a type called `Result`, or something that ends so, and do not use `self` up. The
//! functions are called `Type::method` then. What a function's own attribute says goes over what the block's says;
//! `skip` in it leaves the function out; `only = "pub"` on the block takes its `pub` functions alone. A field that is a
//! bare name is recorded by those functions that have such a parameter.
//!
//! ```
//! use logwright::{log_time, retry, structured_op, testing};
//!
//! struct Adapter;
//!
//! #[log_time(level = "info", fields(chapter))]
//! impl Adapter {
//!     fn pages(&self, chapter: u32) -> Vec<u32> {
//!         vec![chapter]
//!     }
//!
//!     #[log_time(name = "stitching", slow = "2s")]
//!     fn stitch(&self) {}
//!
//!     #[log_time(skip)]
//!     fn site(&self) -> &str {
//!         "baozimh"
//!     }
//! }
//!
//! let records = testing::capture(|| {
//!     Adapter.pages(7);
//!     Adapter.stitch();
//!     Adapter.site();
//! });
//! assert_eq!(records.len(), 2);
//! assert_eq!(records[0].message, "Adapter::pages executed in 0.00 seconds");
//! assert_eq!(records[0].context.as_str(), r#"{"chapter":7}"#);
//! assert_eq!(records[1].message, "stitching executed in 0.00 seconds");
//! ```
//!
//! ## Options
//!
//! What all three have; each attribute's own are with it.
//!
//! | option | default | meaning |
//! |---|---|---|
//! | `name = "…"` | the function's name | what the records call it; on a block, what goes before the functions' names |
//! | `target = "…"` | the module | the logger's name in the records |
//! | `logger = self.logger` | none | an expression that gives a [`Logger`] or a reference to one; the records are in its name, and filtered by it |
//! | `skip` | no | in a block that has the attribute: not on this function |
//! | `only = "pub"` | all | on a block: its `pub` functions alone |
//! | `crate = ::path` | `::logwright` | where this crate is to be found, as an absolute path |
//!
//! # Where it goes
//!
//! Attributes and macros speak [`tracing`](https://docs.rs/tracing): any subscriber hears them. [`init`] sets up
//! this crate's own: a console, a text log, a log of errors and a file of JSON lines, the formats of which are in
//! [`record`]. A program that has a subscriber of its own takes [`Setup::layer`] instead. By default records are written
//! with one system call each before the call that makes them returns, so they survive whatever happens to the process;
//! [`WriteMode`] has the other ways, and what each promises. Logging never fails the program: trouble is a line on
//! stderr, and what could not be written is counted and told, in the file and by [`Guard::stats`].
//!
//! # Secrets
//!
//! They are taken out where a record is made, so no sink and no file ever has them. In their place stands `***`.
//!
//! | where | what is hidden |
//! |---|---|
//! | a field whose key ends in `password`, `passwd`, `secret`, `token`, `authorization`, `cookie`, `api_key`, `apikey` or `dsn` | the value, which is not even formatted |
//! | a field with one of these words elsewhere in its key, or in the plural | the value, unless it is a number or a boolean |
//! | a URL (`scheme://`) in any text | `user:password` before its host, the values of its query, and those of its fragment: `https://***@host/path?id=***&token=***#top` |
//! | `Bearer` or `Basic` in any text | the word after it; but `Basic authentication` stays |
//!
//! Words of a key are told apart by `_`, `-`, dots and capitals, whatever their size: `auth_token`, `X-API-Key` and
//! `sessionToken` are secrets. A number given as `tokens = 3` or `token_count = n` is kept, as it counts something.
//! Texts are those of fields, events, errors with their causes, panics and messages. A part of a query without a key
//! is hidden whole, and where a text is no proper URL more is hidden rather than less. A subscriber other than this
//! crate's sees messages as the program formats them; all else has been cleaned before.
//!
//! A path, a host and any other text are shown. What must not be seen there goes into a [`Redacted`].
//!
//! ```
//! let (url, api_key, tokens) = ("https://ann:pw@example.org/list?page=2", "k-1", 3);
//! let records = logwright::testing::capture(|| {
//!     logwright::info!(url, api_key, tokens, pin = logwright::Redacted::new(1234), "GET {url}");
//! });
//! assert_eq!(records[0].message, "GET https://***@example.org/list?page=***");
//! assert_eq!(
//!     records[0].context.as_str(),
//!     r#"{"url":"https://***@example.org/list?page=***","api_key":"***","tokens":3,"pin":"***"}"#
//! );
//! ```
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `backoff` | yes | `#[retry(backoff = exponential)]`, by the arithmetic of crate `backoff`; that is no more maintained, which audits tell (RUSTSEC-2025-0012, RUSTSEC-2024-0384), and gone without the feature |
//! | `catalogue` | no | `catalogue()` lists every annotated function of the program, called or not |
//! | `config` | no | [`setup`] reads `logwright.toml`; `include_config!` puts such a file into the program, checked by the build |
//! | `custom-sleep` | no | `#[retry] async fn` waits by [`retry::set_sleeper`], and no other timer has to be there |
//! | `gzip` | no | older log files are compressed: `File::compress`; brings `flate2` |
//! | `log` | yes | records of crate `log` are taken over |
//! | `mapped` | no | records wait in a file that is mapped into memory and survive a `kill -9`, on Unix: `WriteMode::Mapped`, `recover`; brings `memmap2` |
//! | `off` | no | `#[log_time]` and `#[structured_op]` are checked and then leave the function as it was written; `#[retry]`, which is more than telling, stays. For the program to set, not for a library |
//! | `read` | no | reading lines back: `record::json::read`, `record::text::read`, `Json::to_value`; brings `serde_json`, which takes type inference from the crates that see it |
//! | `signals` | no | log files are opened anew on SIGHUP, on Unix: `Setup::reopen_on_hangup`; brings `signal-hook` |
//! | `timer` | yes | `#[retry] async fn` waits on any executor, by one timer thread; in a browser by its timers |
//! | `tokio` | no | it waits by tokio's timers inside a tokio runtime |

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]
#![deny(missing_docs)]

mod keys;
mod error;
mod level;
mod escape;
mod redact;
mod digits;
mod clock;
mod process;
mod per_process;
mod random;
mod json;
pub mod record;
mod standard;
mod trap;
mod scope;
mod here;
mod direct;
mod early;
mod sink;
mod op;
pub mod retry;
mod layer;
mod filter;
mod panics;
pub mod testing;
mod setup;
mod macros;
#[cfg(feature = "catalogue")]
mod catalogue;
#[doc(hidden)]
pub mod __private;

#[cfg(feature = "catalogue")]
pub use catalogue::{Annotation, catalogue};
pub use error::Error;
pub use level::Level;
pub use op::{Logger, OpHandle, get_logger};
pub use redact::Redacted;
pub use retry::{Attempt, AttemptTimeout};
#[cfg(feature = "config")]
pub use setup::{CheckedConfig, Config, check_config, setup_with};
pub use setup::{Color, Console, File, Guard, MIB, Setup, init, setup};
pub use sink::{Full, Report, SinkStats, WriteMode};
#[cfg(all(feature = "mapped", unix))]
pub use sink::{Recovered, recover};

/// Times each call of the function and writes `stitch executed in 1.23 seconds` when it is over.
///
/// | option | default | meaning |
/// |---|---|---|
/// | `level = "info"` | `"debug"` | `error`, `warn` or `warning`, `info`, `debug`, `trace` or `critical`; a panic is ERROR and a cancelled future WARNING in any case |
/// | `fields(url, n = pages.len(), ?x, %y)` | none | [fields](crate#fields) of the record |
/// | `err(level = "warn", debug)` | as any call, by `Display` | the level of a call that returned an error; `debug`: its text by `Debug` |
/// | `slow = "2s"` | none | a call that takes as long is a WARNING at least |
/// | `min = "10ms"` | none | a call that takes less says nothing, unless it failed at a level of its own, panicked or was cancelled |
///
/// and [those of all attributes](crate#options): `name`, `target`, `logger`, `skip`, `only`, `crate`.
///
/// The time of an async function is from its first poll to its end; `busy_ns` in the JSON line is the part of it
/// that was spent being polled. Where the level is off a call costs one relaxed load.
///
/// ```
/// use logwright::{log_time, testing};
///
/// #[log_time(level = "info", fields(pages = images.len()))]
/// fn stitch(images: &[Vec<u8>]) -> Result<Vec<u8>, String> {
///     images.first().cloned().ok_or_else(|| "no images".to_owned())
/// }
///
/// let records = testing::capture(|| assert!(stitch(&[]).is_err()));
/// assert!(records[0].message.starts_with("stitch executed in 0.0"));
/// assert_eq!(records[0].error.as_deref(), Some("no images"));
/// ```
pub use logwright_macros::log_time;

/// Sets logging up for the whole of `main`, and records the error that it returns.
///
/// Stands above or below `#[tokio::main]` and other attributes of this crate: logging is set up before them. A program that
/// wants the [`Guard`] (for `set_filter`, `rotate`), more than these options, or a file of its own by `include_config!` calls
/// [`setup`] itself.
///
/// | option | default | meaning |
/// |---|---|---|
/// | `app = "…"` | the name of the crate | what the log files are called |
/// | `level = "debug"` | `"info"` | the least level recorded |
/// | `dir = "…"` | `"logs"` | the directory of the log files |
/// | `crate = ::path` | `::logwright` | where this crate is to be found, as an absolute path |
///
/// With feature `config`, `logwright.toml` says what is left out here, and what is given here goes over it: leave `level` out
/// where the operator shall choose it. The environment goes over both, see [`Setup::install`].
///
/// ```no_run
/// #[logwright::main(app = "chaptrix")]
/// fn main() -> Result<(), String> {
///     logwright::info!("3 comics to look at");
///     Err("no network".to_owned()) // ERROR main failed: no network
/// }
/// ```
pub use logwright_macros::main;

/// Calls the function again when it returns an error.
///
/// | option | default | meaning |
/// |---|---|---|
/// | `max_attempts = 3` | 3 | how many calls at most, the first included; 1 to 1000 |
/// | `delay = "2s"` | 1 s | the wait between two: `"250ms"`, `"2s"`, `"1m"`, `"1h"`, or a number of seconds; at most 24 hours |
/// | `backoff = exponential` | `constant` | the waits grow: `linear` (1, 2, 3 times the delay), `fibonacci` (1, 1, 2, 3, 5 times) or `exponential` |
/// | `factor = 2.0` | 2.0 | what they are multiplied by, over 1 and up to 10; with `exponential` |
/// | `max_delay = "1m"` | 30 s, or `delay` with its jitter if that is longer | no wait is longer, whatever it comes from |
/// | `jitter = equal` | `none` for a constant delay, else `full` | chance: `full` draws a wait between nothing and the whole, `equal` between half and the whole, `"20%"` between 80 and 120 percent |
/// | `max_elapsed = "2m"` | none | where the next wait would end later than that after the call began, it gives up; an attempt that has begun is not interrupted |
/// | `when = path` or `\|error\| ..` | every error | whether an error is worth another attempt |
/// | `when_ok = path` or `\|value\| ..` | none | whether a value is to be tried again; in the end the last one is returned. The function need not return a `Result` then |
/// | `classify` | no | the error says itself, by [`Classify`](retry::Classify) |
/// | `retry_after = path` or `\|error\| ..` | none | the time that an error asks for, an `Option<Duration>`: no wait is shorter; one that would be over `max_delay` or `max_elapsed` gives up |
/// | `policy = expression` | none | a [`Policy`](retry::Policy) of your own, made when a call's first attempt has failed; instead of `delay`, `backoff`, `factor` and `jitter` |
/// | `budget = CDN` | none | a `static` [`RetryBudget`](retry::RetryBudget): the retries that many calls share |
/// | `clone(page)` | none | arguments by value that each attempt has for itself: all but the last have a clone; `when` cannot look at them |
/// | `attempt_timeout = "30s"` | none | async only: an attempt that takes longer is dropped and fails with an [`AttemptTimeout`], from which the function's error is made by `From` |
/// | `bind = attempt` | none | an [`Attempt`] for the body |
/// | `fields(url, n = pages.len(), ?x, %y)` | none | [fields](crate#fields) of the records |
/// | `retry_level = "info"` | `"warn"` | of an attempt that failed and is followed by another; `"off"` says nothing |
/// | `fail_level = "warn"` | `"error"` | of giving up |
/// | `recover_level = "debug"` | `"info"` | of a success after a failure |
///
/// and [those of all attributes](crate#options): `name`, `target`, `logger`, `skip`, `only`, `crate`.
///
/// `#[retry(3, "2s")]` is short for `max_attempts` and `delay`. A panic is never retried. An async function waits by
/// a timer, a plain one blocks its thread. Where an error is not worth a second attempt, the record is DEBUG
/// `Not retrying: E`. Which calls may be tried again, and how to choose the numbers, the module [`retry`](mod@retry) tells.
///
/// Each attempt begins with the arguments as they were given: those that are cloned, and those that are `mut` and
/// numbers, truth values, characters or shared references. Any other `mut` argument keeps what an attempt made of it.
///
/// There is more than one attempt, so what the body uses up it cannot have again: `self` by value and arguments that
/// are moved must be borrowed or `clone`d instead, and nothing that borrows from a `&mut` argument can be returned. An
/// async attempt borrows the arguments, so the future is `Send` only where they are `Sync`. A function that only makes
/// a future must be an `async fn`, unless its whole body is `Box::pin(async move { .. })`, as that of a method of
/// `#[async_trait]` is. Below an attribute of another crate that rewrites async bodies, such as `#[tracing::instrument]`,
/// `&mut self` has been given away before the first attempt: put `#[retry]` above it. `#[track_caller]` has no effect on
/// what happens inside an attempt.
///
/// The wait is the one that was logged, and there is none after the last attempt. A call that succeeds at once
/// allocates nothing and reads no clock, unless `max_elapsed`, `bind`, `policy` or `attempt_timeout` is given.
///
/// ```
/// use std::cell::Cell;
/// use logwright::{retry, testing};
///
/// #[retry(max_attempts = 3, delay = "10ms", when = |error: &String| error == "busy")]
/// fn download(calls: &Cell<u32>) -> Result<u32, String> {
///     calls.set(calls.get() + 1);
///     if calls.get() < 3 { Err("busy".to_owned()) } else { Ok(calls.get()) }
/// }
///
/// let records = testing::capture(|| assert_eq!(download(&Cell::new(0)), Ok(3)));
/// assert_eq!(records[0].message, "Attempt 1 failed: busy. Retrying in 0.01 seconds...");
/// assert_eq!(records[2].message, "Succeeded after 3 attempts");
/// ```
pub use logwright_macros::retry;

/// Writes a record when a call of the function starts and one when it ends, with the events in between.
///
/// | option | default | meaning |
/// |---|---|---|
/// | `level = "debug"` | `"info"` | of the start and of an end without error |
/// | `context(url, n = pages.len(), ?x, %y)` | none | [fields](crate#fields) of both records |
/// | `fields(url)` | none | another name for `context` |
/// | `result(pages = ret.len())` | none | fields of the end computed from `ret`, the value inside `Ok` or the whole value, by reference |
/// | `err(level = "warn", debug)` | `"error"`, by `Display` | the level of an end with an error; `debug`: its text by `Debug` |
/// | `slow = "2s"` | none | the end of a call that takes as long is a WARNING at least |
/// | `bind = op` | none | an [`OpHandle`] for the body |
///
/// and [those of all attributes](crate#options): `name`, `target`, `logger`, `skip`, `only`, `crate`.
///
/// The start record is in files of JSON lines alone: in text files and on the console the end says all that it does.
///
/// [`event!`](crate::event) inside the call, at any depth, plain or async, adds to its record. Operations called
/// from it carry its id as `parent_id`, along the task and not along the thread: a task or a thread that is started
/// inside it begins anew, and reaches it by its handle.
///
/// ```
/// use logwright::record::Status;
/// use logwright::{structured_op, testing};
///
/// #[structured_op(context(chapter), result(pages = ret.len()))]
/// fn download_chapter(chapter: u32) -> Result<Vec<u32>, String> {
///     logwright::event!("page_saved", page = 1);
///     Ok(vec![chapter])
/// }
///
/// let records = testing::capture(|| assert!(download_chapter(7).is_ok()));
/// let end = records.last().unwrap();
/// assert_eq!(end.status, Some(Status::Success));
/// assert_eq!(end.context.as_str(), r#"{"chapter":7}"#);
/// assert_eq!(end.result.as_str(), r#"{"pages":1}"#);
/// assert!(end.events.as_str().starts_with(r#"[{"type":"page_saved","#));
/// ```
pub use logwright_macros::structured_op;
