//! Attributes on blocks with other attributes: on the same block, on its functions, and `#[async_trait]`. First written
//! is outermost, and a block's stands outside its functions'.

use async_trait::async_trait;
use logwright::{log_time, retry, structured_op, testing};

use crate::support::{run, told};

/// What is told of functions that fail once (they fail no more where the retry is inside), their names left out.
macro_rules! orders {
    ($($test:ident: [$(#[$block:meta])*] [$(#[$own:meta])*] => $expected:literal;)*) => {$(
        #[test]
        fn $test() {
            struct Page;

            $(#[$block])*
            impl Page {
                $(#[$own])*
                fn save(&self, left: &mut u32) -> Result<(), u32> {
                    *left -= 1;
                    if *left > 0 { Err(*left) } else { Ok(()) }
                }

                $(#[$own])*
                async fn save_later(&self, left: &mut u32) -> Result<(), u32> {
                    tokio::task::yield_now().await;
                    *left -= 1;
                    if *left > 0 { Err(*left) } else { Ok(()) }
                }
            }
            let now = told(|| assert_eq!(Page.save(&mut 2), Ok(())));
            assert_eq!(words(&now), $expected);
            let later = told(|| assert_eq!(run(Page.save_later(&mut 2)), Ok(())));
            assert_eq!(words(&later), $expected);
        }
    )*};
}

fn words(told: &[String]) -> String {
    told.iter().map(|line| line.split(' ').next().unwrap()).collect::<Vec<_>>().join(" ")
}

orders! {
    op_and_time_on_a_block: [#[structured_op] #[log_time] #[retry(2, 0)]] [] => "start retry retry time end";
    time_and_op_on_a_block: [#[log_time] #[structured_op] #[retry(2, 0)]] [] => "start retry retry end time";
    retry_outside_on_a_block: [#[retry(2, 0)] #[log_time] #[structured_op]] []
        => "start end time retry start end time retry";
    a_block_is_outside_its_function: [#[structured_op] #[retry(2, 0)]] [#[log_time]]
        => "start time retry time retry end";
    a_function_is_inside_its_block: [#[log_time]] [#[structured_op] #[retry(2, 0)]]
        => "start retry retry end time";
    two_on_a_function: [#[retry(2, 0)]] [#[log_time] #[structured_op]]
        => "start end time retry start end time retry";
    // What both have is where the function has it.
    the_same_on_both: [#[retry(2, 0)]] [#[log_time] #[retry(delay = 0)] #[structured_op]]
        => "start end retry start end retry time";
    two_on_both: [#[structured_op] #[log_time]] [#[log_time(level = "info")] #[retry(2, 0)] #[structured_op(level = "debug")]]
        => "start end retry start end retry time";
    by_paths_and_conditions: [#[cfg_attr(all(), logwright::structured_op)] #[::logwright::log_time]]
        [#[cfg_attr(all(), logwright::retry(2, 0))] #[inline]] => "start retry retry time end";
    left_out_of_one: [#[structured_op] #[log_time]] [#[log_time(skip)] #[retry(2, 0)]] => "start retry retry end";
}

/// A trait and its implementation with an attribute, above `#[async_trait]` and below it.
macro_rules! async_traits {
    ($module:ident: [$(#[$first:meta])*] => $expected:expr) => {
        mod $module {
            use super::*;

            $(#[$first])*
            trait Adapter: Send + Sync {
                fn name(&self) -> Result<String, u32>;

                async fn fetch(&mut self, url: &str, pages: Vec<u32>) -> Result<usize, u32>;

                async fn size(&mut self) -> Result<usize, u32> {
                    let name = self.name().unwrap_or_default();
                    self.fetch(&name, vec![1, 2]).await
                }
            }

            struct Site {
                failures: u32,
            }

            $(#[$first])*
            impl Adapter for Site {
                fn name(&self) -> Result<String, u32> {
                    Ok("site".to_owned())
                }

                async fn fetch(&mut self, url: &str, pages: Vec<u32>) -> Result<usize, u32> {
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                    if self.failures > 0 {
                        self.failures -= 1;
                        return Err(self.failures);
                    }
                    Ok(url.len() + pages.len())
                }
            }

            fn call() {
                let mut site: Box<dyn Adapter> = Box::new(Site { failures: 1 });
                let future = site.size();
                fn is_send(_: &impl Send) {}
                is_send(&future);
                let _ = run(future);
            }

            #[test]
            fn methods_are_watched_to_their_end() {
                assert_eq!(told(call), $expected);
                for record in testing::capture(call) {
                    let at_least = if record.message.starts_with("Site::name") { 0.0 } else { 0.005 };
                    assert!(record.seconds().is_none_or(|seconds| seconds >= at_least), "{record:#?}");
                }
            }
        }
    };
}

const TIMES: [&str; 3] = ["time Site::name", "time Site::fetch", "time Adapter::size"];
const OPERATIONS: [&str; 6] = [
    "start Adapter::size",
    "start Site::name",
    "end Site::name",
    "start Site::fetch",
    "end Site::fetch",
    "end Adapter::size",
];
const RETRIES: [&str; 2] = ["retry Site::fetch", "retry Site::fetch"];

async_traits!(times_above_async_trait: [#[log_time] #[async_trait]] => TIMES);
async_traits!(times_below_async_trait: [#[async_trait] #[log_time]] => TIMES);
async_traits!(operations_above_async_trait: [#[structured_op] #[async_trait]] => OPERATIONS);
async_traits!(operations_below_async_trait: [#[async_trait] #[structured_op]] => OPERATIONS);
async_traits!(retries_above_async_trait: [#[retry(2, 0)] #[async_trait]] => RETRIES);
async_traits!(retries_below_async_trait: [#[async_trait] #[retry(2, 0)]] => RETRIES);
async_traits!(both_sides_of_async_trait: [#[structured_op] #[async_trait] #[retry(2, 0)]] => [
    "start Adapter::size",
    "start Site::name",
    "end Site::name",
    "start Site::fetch",
    "retry Site::fetch",
    "retry Site::fetch",
    "end Site::fetch",
    "end Adapter::size",
]);

mod options_of_async_functions {
    use super::*;

    #[async_trait]
    #[structured_op(bind = op)]
    #[retry(2, 0, attempt_timeout = "1h", bind = attempt, clone(page))]
    trait Adapter {
        async fn save(&self, page: String) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
            logwright::event!(op: op, "save", n = attempt.number());
            Ok(page)
        }
    }

    impl Adapter for u8 {}

    #[test]
    fn go_on_blocks_below_async_trait() {
        let records =
            testing::capture(|| assert_eq!(run(1.save("page".to_owned())).ok().as_deref(), Some("page")));
        assert_eq!(records.last().unwrap().events.to_value()[0]["data"]["n"], 1);
    }
}
