//! `target = ".."` and `logger = ..`: in whose name the records are, and by whose name they are filtered.

use std::cell::Cell;
use std::pin::Pin;

use async_trait::async_trait;
use logwright::{Logger, get_logger, log_time, retry, structured_op, testing};

use crate::support::{heard, run};

/// The loggers of the records, each once.
fn loggers(body: impl FnOnce()) -> Vec<String> {
    let mut loggers: Vec<String> =
        testing::capture(body).into_iter().map(|record| record.logger.into_owned()).collect();
    loggers.dedup();
    loggers
}

/// The same functions with each attribute; all fail, as `#[retry]` says nothing of others.
macro_rules! named {
    ($module:ident: $attribute:ident($($option:tt)*)) => {
        mod $module {
            use super::*;

            #[$attribute($($option)* target = "adapters")]
            fn of_a_target() -> Result<(), u32> {
                Err(1)
            }

            #[$attribute($($option)* logger = get_logger("made"))]
            fn of_a_value() -> Result<(), u32> {
                Err(1)
            }

            #[$attribute($($option)* logger = logger)]
            fn of_an_argument(logger: &&Logger) -> Result<(), u32> {
                assert!(logger.name().starts_with("adapter."));
                Err(1)
            }

            pub(super) struct Site {
                pub(super) logger: Logger,
                pub(super) asked: Cell<u32>,
            }

            impl Site {
                pub(super) fn new(name: &str) -> Self {
                    Self { logger: get_logger(&format!("adapter.{name}")), asked: Cell::new(0) }
                }

                pub(super) fn logger(&self) -> &Logger {
                    self.asked.set(self.asked.get() + 1);
                    &self.logger
                }

                #[$attribute($($option)* logger = self.logger)]
                fn plain(&mut self) -> Result<(), u32> {
                    self.asked.set(1);
                    Err(1)
                }

                #[$attribute($($option)* logger = &self.logger)]
                fn by_reference(&self) -> Result<(), u32> {
                    Err(1)
                }

                #[$attribute($($option)* logger = self.logger())]
                fn once(&self) -> Result<(), u32> {
                    Err(1)
                }

                #[$attribute($($option)* logger = self.logger)]
                async fn later(&mut self) -> Result<(), u32> {
                    tokio::task::yield_now().await;
                    Err(1)
                }

                #[$attribute($($option)* logger = self.logger)]
                fn boxed(&mut self) -> Pin<Box<dyn Future<Output = Result<(), u32>> + '_>> {
                    Box::pin(async move {
                        self.asked.set(1);
                        Err(1)
                    })
                }
            }

            #[async_trait(?Send)]
            trait Adapter {
                async fn fetch(&mut self, page: String) -> Result<(), u32>;
            }

            #[async_trait(?Send)]
            impl Adapter for Site {
                #[$attribute($($option)* logger = self.logger)]
                async fn fetch(&mut self, page: String) -> Result<(), u32> {
                    self.asked.set(page.len() as u32);
                    Err(1)
                }
            }

            #[test]
            fn records_are_in_the_name_that_was_given() {
                let said = |call: &mut dyn FnMut() -> Result<(), u32>| loggers(|| assert_eq!(call(), Err(1)));
                let mut site = Site::new("baozimh");
                assert_eq!(said(&mut of_a_target), ["adapters"]);
                assert_eq!(said(&mut of_a_value), ["made"]);
                assert_eq!(said(&mut || of_an_argument(&&site.logger)), ["adapter.baozimh"]);
                assert_eq!(said(&mut || site.plain()), ["adapter.baozimh"]);
                assert_eq!(said(&mut || site.by_reference()), ["adapter.baozimh"]);
                assert_eq!(said(&mut || run(site.later())), ["adapter.baozimh"]);
                assert_eq!(said(&mut || run(site.boxed())), ["adapter.baozimh"]);
                assert_eq!(said(&mut || run(site.fetch("page".to_owned()))), ["adapter.baozimh"]);
            }

            #[test]
            fn one_function_speaks_for_several_loggers() {
                let (one, other) = (Site::new("one"), Site::new("other"));
                let said = loggers(|| {
                    for site in [&one, &other, &one] {
                        assert_eq!(site.by_reference(), Err(1));
                    }
                });
                assert_eq!(said, ["adapter.one", "adapter.other", "adapter.one"]);
            }

            #[test]
            fn the_loggers_name_is_what_filters() {
                let heard = heard(
                    |metadata| metadata.target() == "adapter.wanted",
                    || {
                        for name in ["wanted", "unwanted"] {
                            let mut site = Site::new(name);
                            assert_eq!(site.by_reference(), Err(1));
                            assert_eq!(run(site.later()), Err(1));
                            assert_eq!(run(site.boxed()), Err(1));
                        }
                        assert_eq!(of_a_target(), Err(1));
                    },
                );
                let wanted = heard.iter().filter(|line| line.contains(" adapter.wanted: ")).count();
                assert!(wanted >= 3 && wanted == heard.len(), "{heard:#?}");
            }

            #[test]
            fn it_is_asked_for_once_in_a_call() {
                let site = Site::new("asked");
                assert_eq!(loggers(|| assert_eq!(site.once(), Err(1))), ["adapter.asked"]);
                assert_eq!(site.asked.get(), 1);
            }
        }
    };
}

named!(times: log_time());
named!(operations: structured_op());
named!(retries: retry(max_attempts = 1,));

use times::Site;

#[test]
fn a_future_speaks_for_the_logger_of_the_call_that_made_it() {
    #[log_time(logger = site.logger)]
    #[structured_op(logger = get_logger("outside"))]
    fn later(site: &mut Site) -> impl Future<Output = ()> + use<> {
        site.logger = get_logger("changed");
        std::future::ready(())
    }
    let mut site = Site::new("first");
    assert_eq!(loggers(|| run(later(&mut site))), ["outside", "adapter.first"]);
    assert_eq!(loggers(|| drop(later(&mut site))), [""; 0]);
}

#[test]
fn a_retry_asks_for_its_logger_once_for_all_attempts() {
    #[retry(3, 0, logger = site.logger(), fields(left))]
    fn fails(site: &Site, left: u32) -> Result<(), u32> {
        Err(site.asked.get() + left)
    }
    let site = Site::new("asked");
    assert_eq!(loggers(|| assert_eq!(fails(&site, 0), Err(1))), ["adapter.asked"]);
}

#[test]
fn each_record_of_a_retry_is_the_loggers() {
    #[retry(3, 0, logger = site.logger, fields(left))]
    fn recovers(site: &Site, left: &Cell<u32>) -> Result<&'static str, u32> {
        left.set(left.get() - 1);
        if left.get() > 0 { Err(left.get()) } else { Ok(site.logger.name()) }
    }
    let site = Site::new("recovers");
    let records = testing::capture(|| assert_eq!(recovers(&site, &Cell::new(3)), Ok("adapter.recovers")));
    assert_eq!(records.len(), 3);
    assert!(records.iter().all(|record| record.logger == "adapter.recovers"), "{records:#?}");
}
