//! Stacked attributes: first written is outermost, in every order.

use logwright::{log_time, retry, structured_op};

use crate::support::{lines, run};

/// What two attempts write: s = an operation's start or end, t = a time, r = a retry's line.
fn shape(body: impl FnOnce()) -> String {
    let letter = |line: &str| match line {
        line if line.contains(" executed in ") => 't',
        line if line.contains("ttempt") => 'r',
        _ => 's',
    };
    lines(body).iter().map(|(_, line)| letter(line)).collect()
}

macro_rules! orders {
    ($($name:ident: $first:ident $second:ident $third:ident => $expected:literal;)*) => {$(
        mod $name {
            use super::*;

            #[$first]
            #[$second]
            #[$third]
            pub(super) fn sync(left: &mut u32) -> Result<(), u32> {
                *left -= 1;
                if *left > 0 { Err(*left) } else { Ok(()) }
            }

            #[$first]
            #[$second]
            #[$third]
            pub(super) async fn asynchronous(left: &mut u32, name: String) -> Result<(), u32> {
                tokio::task::yield_now().await;
                *left -= 1;
                if *left > 0 { Err(name.len() as u32) } else { Ok(()) }
            }
        }

        #[test]
        fn $name() {
            assert_eq!(shape(|| assert_eq!($name::sync(&mut 2), Ok(()))), $expected);
            assert_eq!(shape(|| run(async { $name::asynchronous(&mut 2, "x".into()).await.unwrap() })), $expected);
        }
    )*};
}

orders! {
    op_time_retry: structured_op log_time retry => "srrts";
    op_retry_time: structured_op retry log_time => "strtrs";
    time_op_retry: log_time structured_op retry => "srrst";
    time_retry_op: log_time retry structured_op => "ssrssrt";
    retry_op_time: retry structured_op log_time => "stsrstsr";
    retry_time_op: retry log_time structured_op => "sstrsstr";
}

#[test]
fn conditional_attributes_keep_their_place() {
    #[structured_op]
    #[cfg_attr(all(), log_time)]
    #[cfg_attr(any(), retry)]
    fn conditional() {}
    assert_eq!(shape(conditional), "sts");
}

#[test]
fn foreign_attributes_keep_working() {
    #[log_time]
    #[structured_op]
    #[inline]
    #[must_use]
    fn annotated() -> u32 {
        7
    }
    assert_eq!(shape(|| assert_eq!(annotated(), 7)), "sst");
}

/// The same function twice: with our attributes above those of others, and below them.
macro_rules! beside {
    ([$(#[$ours:meta])*] [$(#[$theirs:meta])*] $($function:tt)*) => {
        mod above {
            $(#[$ours])*
            $(#[$theirs])*
            pub(super) $($function)*
        }

        mod below {
            $(#[$theirs])*
            $(#[$ours])*
            pub(super) $($function)*
        }
    };
}

#[track_caller]
fn both_are(expected: &str, above: impl FnOnce(), below: impl FnOnce()) {
    assert_eq!([shape(above), shape(below)], [expected; 2]);
}

mod tests_of_the_harness {
    use super::*;

    beside! {
        [#[logwright::structured_op] #[logwright::log_time]] [#[test]]
        fn callable() {}
    }

    #[test]
    fn are_watched() {
        both_are("sts", above::callable, below::callable);
    }
}

mod tests_that_shall_panic {
    use super::*;

    beside! {
        [#[logwright::structured_op] #[logwright::log_time]] [#[test] #[should_panic(expected = "burst")]]
        fn bursts() {
            panic!("burst")
        }
    }

    #[test]
    fn are_watched() {
        let catch = |test: fn()| move || assert!(std::panic::catch_unwind(test).is_err());
        both_are("sts", catch(above::bursts), catch(below::bursts));
    }
}

mod tests_on_a_runtime {
    use super::*;

    beside! {
        [#[logwright::structured_op] #[logwright::retry(max_attempts = 2, delay = 0)]] [#[tokio::test]]
        async fn callable() -> Result<(), String> {
            tokio::task::yield_now().await;
            Ok(())
        }
    }

    #[test]
    fn are_watched() {
        both_are("ss", || above::callable().unwrap(), || below::callable().unwrap());
    }
}

mod main_on_a_runtime {
    use super::*;

    beside! {
        [#[logwright::log_time] #[logwright::retry(max_attempts = 2, delay = 0)]]
        [#[tokio::main(flavor = "current_thread")]]
        async fn main() -> Result<(), String> {
            tokio::task::yield_now().await;
            Err("refused".to_owned())
        }
    }

    #[test]
    fn is_watched() {
        both_are("rrt", || drop(above::main()), || drop(below::main()));
    }
}

#[test]
fn ours_around_those_of_others_keep_their_order() {
    #[structured_op]
    #[tokio::main(flavor = "current_thread")]
    #[retry(max_attempts = 2, delay = 0)]
    #[inline]
    #[log_time]
    async fn main() -> Result<(), u32> {
        Err(1)
    }
    assert_eq!(shape(|| assert_eq!(main(), Err(1))), "strtrs");
}

mod on_async_trait_methods {
    use super::*;

    #[async_trait::async_trait]
    trait Site {
        async fn first(&mut self, page: String) -> Result<usize, String>;
        async fn second(&mut self, page: String) -> Result<usize, String>;
        async fn third(&mut self, page: String) -> Result<usize, String>;
    }

    struct Failing(usize);

    #[async_trait::async_trait]
    impl Site for Failing {
        #[retry(3, 0)]
        #[log_time]
        async fn first(&mut self, page: String) -> Result<usize, String> {
            self.0 += 1;
            if self.0 < 2 { Err(page.clone()) } else { Ok(page.len()) }
        }

        #[log_time]
        #[retry(3, 0)]
        #[structured_op(context(page), bind = op)]
        async fn second(&mut self, page: String) -> Result<usize, String> {
            logwright::event!(op: op, "tried");
            self.0 += 1;
            if self.0 < 2 { Err(page.clone()) } else { Ok(page.len()) }
        }

        #[structured_op(bind = op)]
        #[retry(3, 0)]
        #[log_time]
        async fn third(&mut self, page: String) -> Result<usize, String> {
            logwright::event!(op: op, "tried");
            self.0 += 1;
            if self.0 < 2 { Err(page.clone()) } else { Ok(page.len()) }
        }
    }

    #[test]
    fn any_order_means_what_it_says() {
        assert_eq!(shape(|| assert_eq!(run(Failing(0).first("x".into())), Ok(1))), "trtr");
        assert_eq!(shape(|| assert_eq!(run(Failing(0).second("x".into())), Ok(1))), "sssrsssrt");
        assert_eq!(shape(|| assert_eq!(run(Failing(0).third("x".into())), Ok(1))), "sstrstrs");
    }
}
