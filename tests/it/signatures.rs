//! More signatures, each with each attribute. That they compile is half of it; the other half is that they do what they
//! did without.

use std::fmt::Display;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use logwright::testing;

use crate::support::run;

/// An error of which nothing is known but that it is one.
#[derive(PartialEq)]
struct Opaque;

fn is_send<T: Send>(value: T) -> T {
    value
}

macro_rules! signatures {
    ($module:ident: #[$($attribute:tt)*] => $records:literal) => {
        mod $module {
            use super::*;

            struct Page {
                bytes: Vec<u8>,
            }

            impl Page {
                #[logwright::$($attribute)*]
                fn borrowed(&self) -> Result<&[u8], Opaque> {
                    Ok(&self.bytes)
                }

                #[logwright::$($attribute)*]
                async fn borrowed_later(&self) -> Result<&[u8], Opaque> {
                    std::future::ready(Ok(&*self.bytes)).await
                }

                #[logwright::$($attribute)*]
                fn shared(self: &Arc<Self>) -> Result<Arc<Self>, Opaque> {
                    Ok(Arc::clone(self))
                }

                #[logwright::$($attribute)*]
                fn pinned(mut self: Pin<&mut Self>) -> Result<usize, Opaque> {
                    self.bytes.push(0);
                    self.as_mut().bytes.push(0);
                    Ok(self.bytes.len())
                }

                #[logwright::$($attribute)*]
                async fn pinned_later(self: Pin<&mut Self>) -> Result<usize, Opaque> {
                    Ok(self.bytes.len())
                }
            }

            trait Reads {
                #[logwright::$($attribute)*]
                async fn default(&self, name: &str) -> Result<usize, Opaque> {
                    Ok(name.len())
                }

                #[logwright::$($attribute)*]
                fn chosen<T: Display + ?Sized>(&self, value: &T) -> Result<String, Opaque>
                where
                    Self: Sized,
                {
                    Ok(value.to_string())
                }
            }

            impl Reads for Page {}

            #[logwright::$($attribute)*]
            fn any(value: impl Display, values: &[impl Display]) -> Result<String, Opaque> {
                Ok(format!("{value}{}", values.len()))
            }

            #[logwright::$($attribute)*]
            fn sized<const N: usize, T>(values: &[T; N]) -> Result<[usize; N], T>
            where
                T: Into<usize> + Copy,
            {
                Ok(values.map(Into::into))
            }

            #[logwright::$($attribute)*]
            async fn patterns(
                (a, [b, _]): (u8, [u8; 2]),
                mut c: u8,
                _: u8,
                _unused: u8,
                Page { bytes }: &Page,
            ) -> Result<u8, Opaque> {
                c += 1;
                Ok(a + b + c + bytes[0])
            }

            #[logwright::$($attribute)*]
            fn unbounded<E>(error: impl Fn() -> E) -> Result<(), E> {
                Err(error())
            }

            #[logwright::$($attribute)*]
            async fn unbounded_later<E>(error: impl Fn() -> E) -> Result<(), E> {
                Err(error())
            }

            #[logwright::$($attribute)*]
            fn recursive(n: u64) -> Result<u64, Opaque> {
                Ok(if n == 0 { 1 } else { n * recursive(n - 1)? })
            }

            #[logwright::$($attribute)*]
            async fn recursive_later(n: u64) -> Result<u64, Opaque> {
                Ok(if n == 0 { 1 } else { n * Box::pin(recursive_later(n - 1)).await? })
            }

            #[logwright::$($attribute)*]
            fn with_items(n: u32) -> Result<u32, Opaque> {
                use std::cmp::max as greater;
                const ONE: u32 = 1;

                #[logwright::$($attribute)*]
                fn inner(n: u32) -> Result<u32, Opaque> {
                    Ok(n + ONE)
                }

                Ok(greater(inner(n)?, 2))
            }

            #[logwright::$($attribute)*]
            async fn local(shared: Rc<u8>) -> Result<u8, Opaque> {
                std::future::ready(()).await;
                Ok(*shared)
            }

            #[logwright::$($attribute)*]
            #[inline]
            fn looping(n: u32) -> Result<u32, Opaque> {
                'outer: loop {
                    for other in 0.. {
                        if other > n {
                            break 'outer Ok(other);
                        }
                    }
                }
            }

            #[test]
            fn values_and_borrows_come_through() {
                let records = testing::capture(|| {
                    let mut page = Page { bytes: vec![1, 2] };
                    assert!(page.borrowed() == Ok(&[1, 2][..]));
                    assert!(Pin::new(&mut page).pinned() == Ok(4));
                    assert!(run(Pin::new(&mut page).pinned_later()) == Ok(4));
                    assert!(run(is_send(page.borrowed_later())) == Ok(&[1, 2, 0, 0][..]));
                    assert!(run(page.default("four")) == Ok(4));
                    assert!(page.chosen("x") == Ok("x".to_owned()));
                    assert!(run(is_send(patterns((1, [2, 9]), 3, 9, 9, &page))) == Ok(8));
                    let page = Arc::new(page);
                    assert!(page.shared().is_ok_and(|same| Arc::ptr_eq(&same, &page)));
                    assert!(any(1, &["x"]) == Ok("11".to_owned()));
                    assert!(sized(&[1_u8, 2]) == Ok([1, 2]));
                    assert!(unbounded(|| Opaque) == Err(Opaque));
                    assert!(run(unbounded_later(|| Opaque)) == Err(Opaque));
                    assert!(recursive(5) == Ok(120));
                    assert!(run(recursive_later(5)) == Ok(120));
                    assert!(with_items(4) == Ok(5));
                    assert!(run(local(Rc::new(3))) == Ok(3));
                    assert!(looping(3) == Ok(4));
                });
                assert_eq!(records.len(), $records, "{records:#?}");
            }
        }
    };
}

signatures!(log_time: #[log_time] => 28);
signatures!(structured_op: #[structured_op] => 56);
// Only what fails is told.
signatures!(retry: #[retry(max_attempts = 2, delay = 0)] => 4);
