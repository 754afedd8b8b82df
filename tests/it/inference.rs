//! Types that only the signature tells: the body of an annotated function is expected to be of them as well.

use std::pin::Pin;

use logwright::record::Status;
use logwright::{log_time, structured_op};

use crate::support::{only, run};

type Answer = Result<u32, String>;

macro_rules! told_by_the_signature {
    ($module:ident: $attribute:ident) => {
        mod $module {
            use super::*;

            #[$attribute]
            pub(super) fn future() -> impl Future<Output = Answer> {
                async { Err("refused".into()) }
            }

            #[$attribute]
            pub(super) fn boxed() -> Pin<Box<dyn Future<Output = Answer>>> {
                Box::pin(async { Err("refused".into()) })
            }

            #[$attribute]
            pub(super) fn between(brackets: &str) -> Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
                Box::pin(async move { Err(brackets.into()) })
            }

            #[$attribute]
            pub(super) async fn asynchronous() -> Answer {
                Err("refused".into())
            }

            #[$attribute]
            pub(super) fn plain() -> Answer {
                Err("refused".into())
            }

            #[$attribute]
            pub(super) fn closure() -> impl Fn(&str) -> usize {
                |text| text.len()
            }

            #[$attribute]
            pub(super) fn boxed_closure() -> Box<dyn Fn(&str) -> usize> {
                Box::new(|text| text.len())
            }

            #[$attribute]
            pub(super) fn fails_once() -> impl FnOnce() -> Answer {
                || Err("refused".into())
            }

            #[$attribute]
            pub(super) fn iterator() -> Result<impl Iterator<Item = u64>, u8> {
                Ok(Vec::new().into_iter())
            }

            #[$attribute]
            pub(super) async fn items() -> impl Iterator<Item = Answer> {
                std::iter::once(Err("refused".into()))
            }

            #[$attribute]
            pub(super) fn pointers() -> Result<[fn(u8) -> u8; 2], u8> {
                Ok([|n| n, |n| n + 1])
            }

            #[$attribute]
            pub(super) fn collected() -> Vec<u64> {
                (0..3).collect()
            }
        }
    };
}

told_by_the_signature!(timed: log_time);
told_by_the_signature!(operated: structured_op);

#[test]
fn values_are_what_they_were() {
    assert_eq!([timed::closure()("four"), operated::closure()("four")], [4, 4]);
    assert_eq!([timed::boxed_closure()("four"), operated::boxed_closure()("four")], [4, 4]);
    assert_eq!(timed::fails_once()(), operated::fails_once()());
    assert_eq!(timed::iterator().unwrap().count(), operated::iterator().unwrap().count());
    assert_eq!(run(timed::items()).count(), run(operated::items()).count());
    assert_eq!(timed::pointers().unwrap()[1](1), operated::pointers().unwrap()[1](1));
    assert_eq!(timed::collected(), operated::collected());
    assert_eq!(run(operated::future()), run(operated::boxed()));
    assert_eq!(run(operated::asynchronous()), operated::plain());
    assert!(run(operated::between("refused")).is_err());
}

#[test]
fn errors_are_seen_whoever_tells_their_type() {
    let calls: [fn() -> Answer; 5] = [
        || run(timed::future()),
        || run(timed::boxed()),
        || run(timed::between("refused")),
        || run(timed::asynchronous()),
        timed::plain,
    ];
    for call in calls {
        let record = only(|| assert_eq!(call(), Err("refused".to_owned())));
        assert_eq!((record.status, record.error.as_deref()), (Some(Status::Failure), Some("refused")));
    }
}

mod aliases {
    use std::pin::Pin;

    /// Hides what comes out of the future.
    pub(super) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;
    pub(super) type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
}

#[log_time]
fn hidden_result(page: &u8) -> aliases::BoxFuture<'_, u8> {
    Box::pin(async move { page.checked_sub(1).ok_or_else(|| "no page".to_owned()) })
}

#[log_time]
fn plain_result(page: &u8) -> aliases::LocalBoxFuture<'_, Result<u8, String>> {
    Box::pin(async move { page.checked_sub(1).ok_or_else(|| "no page".to_owned()) })
}

#[test]
fn an_alias_of_a_boxed_future_may_hide_the_result() {
    for fails in [|| drop(run(hidden_result(&0))), || drop(run(plain_result(&0)))] {
        assert_eq!(only(fails).error.as_deref(), Some("no page"));
    }
}

#[log_time]
fn opaque_parts<'a>(pages: &'a [u8]) -> Result<&'a [impl std::fmt::Debug + use<'a>], String> {
    Ok(pages)
}

#[log_time]
fn conditional(
    #[cfg(not(target_os = "none"))] pages: Vec<u8>,
    #[cfg(target_os = "none")] other: Vec<u8>,
) -> Result<usize, String> {
    #[cfg(target_os = "none")]
    drop(other);
    Ok(pages.len())
}

#[test]
fn opaque_parts_and_conditional_arguments_compile() {
    assert_eq!(opaque_parts(&[1]).unwrap().len(), 1);
    assert_eq!(conditional(vec![1]), Ok(1));
}
