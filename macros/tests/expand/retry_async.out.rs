async fn fetch(url: &str) -> Result<Vec<u8>, Error> {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
        "fetch",
        ::core::module_path!(),
        (__logwright::Level::Warning, __logwright::Level::Error),
        (::core::file!(), ::core::line!()),
    );
    const __LIMITS: __logwright::Limits = __logwright::Limits {
        max_attempts: 3u32,
        delay: __logwright::Delay::exponential(
            ::core::time::Duration::new(2u64, 0u32),
            2f64,
        ),
        levels: __logwright::Levels {
            retry: ::core::option::Option::Some(__logwright::Level::Warning),
            fail: ::core::option::Option::Some(__logwright::Level::Error),
            recover: ::core::option::Option::None,
        },
        is_async: true,
        ..__logwright::Limits::DEFAULT
    };
    let __started = ::core::option::Option::Some(__logwright::now(true));
    let mut __retry = __logwright::Retry::new(&__LIMITS);
    loop {
        let attempt = __retry.attempt(&__LIMITS);
        let __wait = {
            let __returned = __logwright::within(
                    ::core::time::Duration::new(30u64, 0u32),
                    __retry
                        .run(async {
                            if let ::core::option::Option::Some(__never) = ::core::option::Option::None::<
                                Result<Vec<u8>, Error>,
                            > {
                                return __never;
                            }
                            get(url, attempt.number()).await
                        }),
                    ::core::convert::From::from,
                )
                .await;
            let ::core::option::Option::Some(__error) = __logwright::Attempted::error(
                &__returned,
            ) else {
                __retry.succeeded();
                break __returned;
            };
            let __verdict = __logwright::Verdict::Retry;
            let __failed = __logwright::Failed {
                verdict: __verdict,
                started: __started,
                failure: &|| __logwright::told(&__returned).__failure(),
                policy: ::core::option::Option::None,
            };
            let __wait;
            (__retry, __wait) = __retry
                .decide(
                    __logwright::Source::of(&__SITE),
                    &__LIMITS,
                    &__logwright::Fields::new(),
                    __failed,
                );
            let ::core::option::Option::Some(__wait) = __wait else {
                break __returned;
            };
            __wait
        };
        __logwright::sleep(__wait).await;
    }
}
