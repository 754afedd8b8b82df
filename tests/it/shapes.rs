//! Signatures: what an annotated function may take and return is what any function may.

use std::fmt::Debug;
use std::pin::Pin;
use std::rc::Rc;

use futures::future::{BoxFuture, LocalBoxFuture};
use logwright::record::Status;
use logwright::{log_time, structured_op, testing};

use crate::support::run;

struct Library {
    pages: Vec<u8>,
}

impl Library {
    #[log_time]
    fn borrowed_mutably(&mut self) -> &mut Vec<u8> {
        &mut self.pages
    }

    #[structured_op]
    fn borrowed_slice(&mut self) -> Result<&[u8], String> {
        Ok(&self.pages)
    }

    #[structured_op(result(n = ret.len()))]
    fn iterator<'a>(&'a self, plus: &'a u8) -> impl ExactSizeIterator<Item = u8> + use<'a> {
        self.pages.iter().map(move |page| page + plus)
    }

    #[log_time]
    fn used_up(self) -> Vec<u8> {
        self.pages
    }

    #[log_time]
    #[allow(clippy::boxed_local, reason = "the receiver is what is tested")]
    fn boxed(self: Box<Self>) -> Box<dyn Debug> {
        Box::new(self.pages)
    }

    #[log_time]
    async fn borrowed_async(&mut self) -> Option<&mut u8> {
        self.pages.first_mut()
    }
}

trait Adapter {
    fn read(&self, chapter: u32) -> Result<u32, String>;

    #[log_time]
    fn name(&self) -> String {
        "default".to_owned()
    }

    fn fetch_async(&self, chapter: u32) -> impl Future<Output = u32> + Send;
}

impl Adapter for Library {
    #[structured_op(context(chapter))]
    fn read(&self, chapter: u32) -> Result<u32, String> {
        Ok(chapter)
    }

    #[structured_op]
    async fn fetch_async(&self, chapter: u32) -> u32 {
        chapter
    }
}

#[async_trait::async_trait]
trait Boxed {
    async fn fetch(&self, url: String) -> Result<usize, String>;

    #[log_time]
    async fn size(&self) -> Result<usize, String> {
        self.fetch("size".to_owned()).await
    }
}

#[async_trait::async_trait]
impl Boxed for Library {
    #[structured_op(context(url))]
    #[log_time]
    async fn fetch(&self, url: String) -> Result<usize, String> {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        Err(url)
    }
}

#[log_time]
fn generic<T, const N: usize>(value: &T) -> [T; N]
where
    T: Clone + Debug,
{
    std::array::from_fn(|_| value.clone())
}

#[structured_op]
fn unbounded_error<E>(error: E) -> Result<(), E> {
    Err(error)
}

#[log_time]
fn patterns((a, [b, _]): (u8, [u8; 2]), mut c: u8, _: u8, _unused: u8) -> u8 {
    c += 1;
    a + b + c
}

#[expect(clippy::let_and_return, reason = "the body's last expression is no `async` block")]
#[log_time]
fn returns_future(millis: u64) -> impl Future<Output = Result<u64, String>> {
    let whole = async move {
        tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
        Err(format!("{millis}"))
    };
    whole
}

#[expect(clippy::let_and_return, reason = "the body's last expression is no `Box::pin`")]
#[structured_op(context(millis))]
fn returns_boxed(millis: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    let whole = Box::pin(async move {
        tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
        millis
    });
    whole
}

#[log_time]
fn by_alias(n: u32) -> BoxFuture<'static, Result<u32, String>> {
    Box::pin(async move { Err(n.to_string()) })
}

#[structured_op]
fn by_local_alias(n: &u32) -> LocalBoxFuture<'_, Result<u32, String>> {
    let shared = Rc::new(n);
    Box::pin(async move { Err(shared.to_string()) })
}

#[log_time]
fn never() -> ! {
    panic!("never")
}

#[structured_op]
async fn never_later() -> ! {
    tokio::task::yield_now().await;
    panic!("never")
}

#[log_time]
fn inner_attributes() -> u32 {
    #![allow(unused_variables, reason = "it is what this is about")]
    let unused = 1;
    2
}

#[track_caller]
#[log_time]
fn caller() -> u32 {
    std::panic::Location::caller().line()
}

#[log_time]
fn coerces(short: bool) -> Box<dyn Iterator<Item = u8>> {
    if short {
        return Box::new(std::iter::empty());
    }
    Box::new(vec![1].into_iter())
}

#[log_time]
fn hidden_inside() -> Box<dyn Iterator<Item = impl Debug>> {
    Box::new([1].into_iter())
}

/// A trait of the user's whose methods could be taken for those of the expansion.
trait Extension {
    fn failure(&self) {}
    fn success(&self) {}
    fn add(&self) {}
}

impl<T: ?Sized> Extension for T {}

#[structured_op(context(n), result(n = *ret))]
fn beside_an_extension(n: u32) -> Result<u32, String> {
    ().failure();
    logwright::event!("n", n);
    Ok(n)
}

#[log_time(fields(N))]
#[allow(non_snake_case, reason = "it is what this is about")]
fn upper_case(N: u8) -> u8 {
    N
}

#[log_time]
fn closure(n: u32) -> impl Fn() -> u32 {
    move || n + 1
}

#[log_time]
fn same<'a>(text: &'a mut String, _other: &mut String) -> &'a mut String {
    text.push('!');
    text
}

#[test]
fn values_and_borrows_come_through() {
    let records = testing::capture(|| {
        let mut library = Library { pages: vec![1, 2] };
        library.borrowed_mutably().push(3);
        assert_eq!(library.borrowed_slice().unwrap(), [1, 2, 3]);
        assert_eq!(library.iterator(&1).sum::<u8>(), 9);
        assert_eq!(library.read(3), Ok(3));
        assert_eq!(library.name(), "default");
        assert_eq!(generic::<_, 2>(&"x"), ["x", "x"]);
        assert_eq!(patterns((1, [2, 9]), 3, 9, 9), 7);
        assert_eq!(coerces(false).count() + coerces(true).count(), 1);
        assert_eq!(closure(1)(), 2);
        assert_eq!(same(&mut "a".into(), &mut String::new()), "a!");
        assert_eq!(inner_attributes(), 2);
        assert_eq!(hidden_inside().count(), 1);
        assert_eq!(upper_case(1), 1);
        run(async {
            *library.borrowed_async().await.unwrap() = 9;
            assert_eq!(library.fetch_async(4).await, 4);
        });
        assert_eq!(format!("{:?}", Box::new(Library { pages: vec![5] }).boxed()), "[5]");
        assert_eq!(library.used_up(), [9, 2, 3]);
    });
    assert_eq!(records.len(), 15 + 2 * 4 - 1, "{records:#?}");
}

#[test]
fn methods_of_other_traits_are_not_mistaken() {
    assert_eq!(beside_an_extension(3), Ok(3));
    ().success();
    ().add();
}

#[test]
fn an_error_without_any_bound_has_its_type_named() {
    struct Opaque;
    let records = testing::capture(|| assert!(unbounded_error(Opaque).is_err()));
    let error = records[1].error.as_deref().unwrap();
    assert!(error.ends_with("::Opaque"), "{error}");
}

#[test]
fn futures_are_watched_by_return_type_whatever_makes_them() {
    let records = testing::capture(|| {
        run(async {
            assert!(returns_future(20).await.is_err());
            assert_eq!(returns_boxed(20).await, 20);
            let library: &dyn Boxed = &Library { pages: Vec::new() };
            assert_eq!(library.fetch("page".to_owned()).await, Err("page".to_owned()));
        });
    });
    assert!(records[0].seconds().unwrap() >= 0.02, "{:?}", records[0]);
    assert_eq!(records[0].status, Some(Status::Failure));
    assert!(records[2].seconds().unwrap() >= 0.02, "{:?}", records[2]);
    assert_eq!(records[2].context.as_str(), r#"{"millis":20}"#);
    let end = records.last().unwrap();
    assert_eq!((end.status, end.error.as_deref()), (Some(Status::Failure), Some("page")));
    assert_eq!(end.context.as_str(), r#"{"url":"page"}"#);
    assert!(end.seconds().unwrap() >= 0.005);
}

#[test]
fn aliases_of_boxed_futures_are_known() {
    let records = testing::capture(|| {
        run(async {
            let (boxed, local) = (by_alias(1), by_local_alias(&2));
            fn is_send(_: &impl Send) {}
            is_send(&boxed);
            assert!(boxed.await.is_err() && local.await.is_err());
        });
    });
    assert_eq!([0, 2].map(|at| records[at].error.as_deref()), [Some("1"), Some("2")]);
}

#[test]
fn a_default_method_of_an_async_trait_is_timed() {
    let records = testing::capture(|| assert!(run(Library { pages: Vec::new() }.size()).is_err()));
    let last = records.last().unwrap();
    assert_eq!((last.operation.as_deref(), last.status), (Some("size"), Some(Status::Failure)));
    assert!(last.seconds().unwrap() >= 0.005);
}

#[test]
fn what_never_returns_panics_as_before() {
    let records = testing::capture(|| {
        assert!(std::panic::catch_unwind(|| never()).is_err());
        assert!(std::panic::catch_unwind(|| run(never_later())).is_err());
    });
    assert_eq!([0, 2].map(|at| records[at].status), [Some(Status::Panicked); 2]);
}

#[test]
fn the_caller_is_still_the_caller() {
    assert_eq!(caller(), line!());
}

#[test]
#[deny(unused_braces)]
fn a_body_on_one_line_has_the_braces_that_it_needs() {
    #[log_time]
    #[rustfmt::skip]
    fn timed(pages: u64) -> u64 { pages.wrapping_add(1) }
    #[structured_op]
    #[rustfmt::skip]
    fn operation(pages: u64) -> u64 { pages.wrapping_add(1) }
    assert_eq!(timed(operation(1)), 3);
}
