//! Stacked attributes on functions that box their future: methods of `#[async_trait]` and a literal `Box::pin(..)`.
//! What is told is the same as of an async function, and the order means the same.

use std::pin::Pin;

use async_trait::async_trait;
use logwright::{log_time, retry, structured_op};

use crate::support::{run, told};

type Answer = Result<u32, u32>;

/// The words of what is told of a call.
fn words(call: impl Future<Output = Answer>) -> String {
    let told = told(|| assert_eq!(run(call), Ok(3)));
    told.iter().map(|line| line.split(' ').next().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The first attempt fails. Attributes have options, so that each has to look into the body.
macro_rules! orders {
    ($pages:ident; $($test:ident: $(#[$attribute:meta])* => $expected:literal;)*) => {$(
        #[test]
        fn $test() {
            #[async_trait]
            trait Adapter: Sync {
                async fn save(&self, left: &mut u32, $pages: Vec<u32>) -> Answer;

                $(#[$attribute])*
                async fn default(&self, left: &mut u32, $pages: Vec<u32>) -> Answer {
                    self.plain(left, $pages)
                }

                fn plain(&self, left: &mut u32, $pages: Vec<u32>) -> Answer {
                    *left -= 1;
                    if *left > 0 { Err(*left) } else { Ok($pages.len() as u32) }
                }
            }

            #[async_trait]
            impl Adapter for u32 {
                $(#[$attribute])*
                async fn save(&self, left: &mut u32, $pages: Vec<u32>) -> Answer {
                    tokio::task::yield_now().await;
                    self.plain(left, $pages)
                }
            }

            $(#[$attribute])*
            fn boxed(left: &mut u32, $pages: Vec<u32>) -> Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
                Box::pin(async move {
                    tokio::task::yield_now().await;
                    1.plain(left, $pages)
                })
            }

            let pages = || vec![1, 2, 3];
            assert_eq!(words(1.save(&mut 2, pages())), $expected);
            assert_eq!(words(1.default(&mut 2, pages())), $expected);
            assert_eq!(words(boxed(&mut 2, pages())), $expected);
        }
    )*};
}

orders! {
    pages;
    op_time_retry: #[structured_op(bind = _op)] #[log_time(fields(n = 1))] #[retry(2, 0, clone(pages))]
        => "start retry retry time end";
    op_retry_time: #[structured_op(bind = _op)] #[retry(2, 0, clone(pages))] #[log_time(fields(n = 1))]
        => "start time retry time retry end";
    time_op_retry: #[log_time] #[structured_op(bind = _op)] #[retry(2, 0, clone(pages))]
        => "start retry retry end time";
    time_retry_op: #[log_time] #[retry(2, 0, clone(pages))] #[structured_op(result(n = *ret))]
        => "start end retry start end retry time";
    retry_op_time: #[retry(2, 0, clone(pages))] #[structured_op(bind = _op)] #[log_time(err(debug))]
        => "start time end retry start time end retry";
    retry_time_op: #[retry(2, 0, clone(pages))] #[log_time] #[structured_op(bind = _op)]
        => "start end time retry start end time retry";
}
