//! Attributes on `impl` and `trait` blocks: which functions they go on, and what these are called. How a block's
//! attribute meets those of its functions is in `blocks_merged.rs`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::support::{run, told};

type PageResult<T> = Result<T, &'static str>;

/// The functions that are told of.
fn names(body: impl FnOnce()) -> BTreeSet<String> {
    told(body).iter().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
}

macro_rules! method {
    ($name:ident) => {
        fn $name(&self) -> PageResult<()> {
            Err("written by a macro")
        }
    };
}

/// The same blocks with each attribute. Every function fails, as `#[retry]` says nothing of others.
macro_rules! blocks {
    ($module:ident: #[$($attribute:tt)*]) => {
        mod $module {
            use super::*;

            struct Site<T>(T);

            #[logwright::$($attribute)*]
            impl<T: Clone> Site<T> {
                const PAGES: usize = 3;

                method! { hidden_in_braces }
                method!(hidden_in_parentheses);

                fn plain(&self) -> PageResult<T> {
                    let _ = self.0.clone();
                    Err("plain")
                }

                async fn later(self: &Arc<Self>) -> PageResult<T> {
                    tokio::task::yield_now().await;
                    Err("later")
                }

                fn of_no_value() -> PageResult<usize> {
                    Self::fixed()?;
                    Ok(Self::PAGES)
                }

                const fn fixed() -> PageResult<()> {
                    Err("fixed")
                }
            }

            #[logwright::$($attribute)*]
            trait Adapter {
                const NAME: &str = "adapter";
                type Page;

                fn read(&self) -> PageResult<Self::Page>;

                fn first(&self) -> PageResult<Self::Page> {
                    self.read()
                }

                async fn first_later(&self) -> PageResult<Self::Page> {
                    self.read()
                }
            }

            #[logwright::$($attribute)*]
            impl<T> Adapter for Site<T>
            where
                T: Clone,
            {
                type Page = T;

                fn read(&self) -> PageResult<Self::Page> {
                    Err(Self::NAME)
                }
            }

            #[logwright::$($attribute)*]
            impl<'a, T> Adapter for &'a Site<T> {
                const NAME: &'static str = "reference";
                type Page = &'a T;

                fn read(&self) -> PageResult<&'a T> {
                    Some(&self.0).filter(|_| Self::NAME.is_empty()).ok_or(Self::NAME)
                }
            }

            #[logwright::$($attribute)*]
            impl<T> Adapter for Vec<Site<T>> {
                type Page = ();

                fn first(&self) -> PageResult<()> {
                    self.read()
                }

                fn read(&self) -> PageResult<()> {
                    Err("vector")
                }
            }

            #[track_caller]
            fn told_of<T: PartialEq + std::fmt::Debug>(call: impl FnOnce() -> PageResult<T>, error: &'static str) -> String {
                let names = names(|| assert_eq!(call(), Err(error)));
                names.into_iter().collect::<Vec<_>>().join(" ")
            }

            #[test]
            fn functions_are_called_by_type_or_trait() {
                let site = Arc::new(Site(1_u8));
                assert_eq!(told_of(|| site.plain(), "plain"), "Site::plain");
                assert_eq!(told_of(|| run(site.later()), "later"), "Site::later");
                assert_eq!(told_of(Site::<u8>::of_no_value, "fixed"), "Site::of_no_value");
                assert_eq!(told_of(|| (*site).read(), "adapter"), "Site::read");
                assert_eq!(told_of(|| (*site).first(), "adapter"), "Adapter::first Site::read");
                assert_eq!(told_of(|| run((*site).first_later()), "adapter"), "Adapter::first_later Site::read");
                assert_eq!(told_of(|| Adapter::read(&&*site), "reference"), "Site::read");
                assert_eq!(told_of(|| vec![Site(2)].first(), "vector"), "Vec::first Vec::read");
            }

            #[test]
            fn what_is_no_function_with_a_body_is_left_alone() {
                const FIXED: PageResult<()> = Site::<u8>::fixed();
                assert_eq!((FIXED, Site::<u8>::PAGES), (Err("fixed"), 3));
                assert_eq!((<Site<u8> as Adapter>::NAME, <&Site<u8> as Adapter>::NAME), ("adapter", "reference"));
                let untold = names(|| {
                    assert!(Site(1).hidden_in_braces().is_err() && Site(1).hidden_in_parentheses().is_err());
                });
                assert_eq!(untold, BTreeSet::new());
            }
        }
    };
}

blocks!(times: #[log_time]);
blocks!(operations: #[structured_op]);
blocks!(retries: #[retry(max_attempts = 1)]);

mod kept {
    //! What stands on a function stays there: the lints below would miss it.
    #![deny(unfulfilled_lint_expectations, deprecated, unused_must_use)]

    use super::*;

    struct Page;

    #[expect(non_camel_case_types, reason = "it is what this is about")]
    #[logwright::log_time]
    #[logwright::structured_op]
    trait lower_case {
        /// Told.
        #[deprecated]
        #[must_use]
        fn old(&self) -> u8 {
            1
        }

        /// Told as well.
        #[cfg(any())]
        fn which(&self) -> NoSuchType {
            no_such_function()
        }

        #[cfg(not(any()))]
        fn which(&self) -> u8 {
            #![expect(unused_variables, reason = "it is what this is about")]
            let unused = 1;
            2
        }

        #[track_caller]
        fn caller(&self) -> u32 {
            std::panic::Location::caller().line()
        }
    }

    impl lower_case for Page {}

    #[test]
    fn attributes_of_functions_are() {
        let names = names(|| {
            #[expect(deprecated, unused_must_use, reason = "it is what this is about")]
            Page.old();
            assert_eq!((Page.which(), Page.caller()), (2, line!()));
        });
        assert_eq!(
            names,
            BTreeSet::from(["old", "which", "caller"].map(|name| format!("lower_case::{name}")))
        );
    }
}

mod retried {
    use super::*;

    struct Page;

    #[logwright::retry(max_attempts = 1)]
    impl Page {
        fn failed(&self) -> PageResult<()> {
            Err("no")
        }

        fn used_up(self) -> PageResult<()> {
            let Self = self;
            Err("no")
        }

        fn boxed(self: Box<Self>) -> PageResult<()> {
            drop(self);
            Err("no")
        }

        fn without_failure(&self) -> usize {
            1
        }

        fn no_result(&self) -> Option<PageResult<()>> {
            self.failed().err().map(Err)
        }

        fn nothing() {}
    }

    #[test]
    fn are_functions_that_can_fail_and_be_called_again() {
        let names = names(|| {
            assert!(Page.failed().is_err() && Page.used_up().is_err() && Box::new(Page).boxed().is_err());
            assert!(Page.without_failure() == 1 && Page.no_result().is_some());
            Page::nothing();
        });
        assert_eq!(names, BTreeSet::from(["Page::failed".to_owned()]));
    }
}

mod public {
    use super::*;

    pub(super) struct Page;

    #[logwright::log_time(only = "pub", name = "page")]
    impl Page {
        pub(super) fn restricted(&self) {}
        #[expect(unreachable_pub, reason = "it is what this is about")]
        pub fn public(&self) {
            self.private();
            self.restricted();
        }
        fn private(&self) {}
    }

    #[test]
    fn functions_alone_are_taken_on_demand() {
        assert_eq!(names(|| Page.public()), BTreeSet::from(["page::public".to_owned()]));
    }
}

#[test]
fn a_block_inside_a_generic_function_is_as_any_other() {
    fn generic<T: std::fmt::Display>(value: T) -> String {
        struct Inner(String);
        #[logwright::log_time]
        #[logwright::structured_op]
        impl<T> From<&T> for Inner
        where
            T: std::fmt::Display + ?Sized,
        {
            fn from(value: &T) -> Self {
                Self(value.to_string())
            }
        }
        Inner::from(&value).0
    }
    assert_eq!(names(|| assert_eq!(generic(7), "7")), BTreeSet::from(["Inner::from".to_owned()]));
}
