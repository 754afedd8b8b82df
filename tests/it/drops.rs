//! What a function owns is dropped in the order in which a plain function drops it.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Waker};

use crate::support::run;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Tells(&'static str);

impl Drop for Tells {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

impl Tells {
    fn len(&self) -> usize {
        self.0.len()
    }
}

macro_rules! subjects {
    ($module:ident $(#[$attribute:meta])?) => {
        mod $module {
            use super::*;

            $(#[$attribute])?
            pub(super) fn used_in_order(a: Tells, b: Tells, _guard: Tells) -> Result<usize, ()> {
                let _local = Tells("local");
                Ok(a.len() + b.len())
            }

            $(#[$attribute])?
            pub(super) fn moved(a: Tells, b: Tells, _guard: Tells) -> Result<usize, ()> {
                drop(b);
                Ok(a.len())
            }

            $(#[$attribute])?
            pub(super) fn no_result(a: Tells, b: Tells, _guard: Tells) -> usize {
                let _local = Tells("local");
                match Tells("matched").len() {
                    0 => a.len(),
                    n => n + b.len() + Tells("temporary").len(),
                }
            }

            $(#[$attribute])?
            pub(super) async fn asynchronous(a: Tells, b: Tells, _guard: Tells) -> Result<usize, ()> {
                tokio::task::yield_now().await;
                let _local = Tells("local");
                Ok(a.len() + b.len())
            }
        }
    };
}

subjects!(plain);
subjects!(timed #[logwright::log_time]);
subjects!(operated #[logwright::structured_op]);

fn order<R>(call: impl FnOnce(Tells, Tells, Tells) -> R) -> Vec<&'static str> {
    DROPPED.take();
    call(Tells("a"), Tells("b"), Tells("guard"));
    DROPPED.take()
}

#[test]
fn arguments_and_temporaries_are_dropped_in_their_order() {
    macro_rules! alike {
        ($($function:ident)*) => {$(
            let expected = order(plain::$function);
            assert!(expected.len() >= 3, "{expected:?}");
            assert_eq!(order(timed::$function), expected, stringify!($function));
            assert_eq!(order(operated::$function), expected, stringify!($function));
        )*};
    }
    alike!(used_in_order moved no_result);
}

#[test]
fn so_are_those_of_async_functions_also_when_dropped_half_way() {
    let expected = order(|a, b, guard| run(plain::asynchronous(a, b, guard)));
    assert_eq!(order(|a, b, guard| run(timed::asynchronous(a, b, guard))), expected);
    assert_eq!(order(|a, b, guard| run(operated::asynchronous(a, b, guard))), expected);
    let half_way = |future: Pin<Box<dyn Future<Output = Result<usize, ()>>>>| {
        let mut future = future;
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    };
    let expected = order(|a, b, guard| half_way(Box::pin(plain::asynchronous(a, b, guard))));
    assert_eq!(order(|a, b, guard| half_way(Box::pin(timed::asynchronous(a, b, guard)))), expected);
    assert_eq!(order(|a, b, guard| half_way(Box::pin(operated::asynchronous(a, b, guard)))), expected);
}
