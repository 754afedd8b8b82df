//! A program with a `main` for each order of the attributes that stand on one: `mains "main tokio time op"`. The order
//! without `tokio` is that of a plain function.

use std::process::ExitCode;

type Answer = Result<(), &'static str>;
type Main = fn() -> Answer;

fn work() -> Answer {
    logwright::info!("working");
    Err("refused")
}

macro_rules! order {
    ([$($attributes:tt)*] main $($rest:tt)*) => { order!([$($attributes)* #[logwright::main]] $($rest)*) };
    ([$($attributes:tt)*] time $($rest:tt)*) => { order!([$($attributes)* #[logwright::log_time]] $($rest)*) };
    ([$($attributes:tt)*] op $($rest:tt)*) => { order!([$($attributes)* #[logwright::structured_op]] $($rest)*) };
    ([$($attributes:tt)*] tokio $($rest:tt)*) => {
        order!([$($attributes)* #[tokio::main(flavor = "current_thread")]] $($rest)*)
    };
    ([$($attributes:tt)*] async) => {{
        $($attributes)*
        async fn main() -> Answer {
            tokio::task::yield_now().await;
            work()
        }
        main
    }};
    ([$($attributes:tt)*] sync) => {{
        $($attributes)*
        fn main() -> Answer {
            work()
        }
        main
    }};
}

macro_rules! orders {
    ($($kind:tt: $($($word:ident)*),*;)*) => {
        &[$($((stringify!($($word)*), order!([] $($word)* $kind) as Main),)*)*]
    };
}

const ORDERS: &[(&str, Main)] = orders! {
    sync: main time op, main op time, time main op, time op main, op main time, op time main;
    async: main tokio time op, main tokio op time, main time tokio op, main time op tokio, main op tokio time,
        main op time tokio, tokio main time op, tokio main op time, tokio time main op, tokio time op main,
        tokio op main time, tokio op time main, time main tokio op, time main op tokio, time tokio main op,
        time tokio op main, time op main tokio, time op tokio main, op main tokio time, op main time tokio,
        op tokio main time, op tokio time main, op time main tokio, op time tokio main;
};

fn main() -> ExitCode {
    let order = std::env::args().nth(1).unwrap_or_default();
    let main = ORDERS.iter().find(|(name, _)| *name == order).map(|(_, main)| main);
    let main = main.unwrap_or_else(|| panic!("no order `{order}` among {ORDERS:?}"));
    match main() {
        Err("refused") => ExitCode::from(7),
        other => panic!("{other:?}"),
    }
}
