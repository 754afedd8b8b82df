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
        delay: __logwright::Delay::Exponential {
            first: ::core::time::Duration::new(2u64, 0u32),
            factor: 2f64,
            max: ::core::time::Duration::new(30u64, 0u32),
        },
        levels: __logwright::Levels {
            retry: ::core::option::Option::Some(__logwright::Level::Warning),
            fail: ::core::option::Option::Some(__logwright::Level::Error),
            recover: ::core::option::Option::None,
        },
    };
    let mut __retry = __logwright::Retry::new();
    loop {
        let attempt = __retry.attempt(&__LIMITS);
        let __wait = {
            let __returned = __logwright::within(
                    ::core::time::Duration::new(30u64, 0u32),
                    async {
                        if let ::core::option::Option::Some(__never) = ::core::option::Option::None::<
                            Result<Vec<u8>, Error>,
                        > {
                            return __never;
                        }
                        get(url, attempt.number()).await
                    },
                )
                .await;
            let ::core::option::Option::Some(__error) = __logwright::Attempted::error(
                &__returned,
            ) else {
                __retry.succeeded();
                break __returned;
            };
            let __wait = __retry
                .failed(
                    __logwright::Source::of(&__SITE),
                    &__LIMITS,
                    &__logwright::Fields::new(),
                    true,
                    &|| __logwright::told(&__returned).__failure(),
                );
            let ::core::option::Option::Some(__wait) = __wait else {
                break __returned;
            };
            __wait
        };
        __logwright::sleep(__wait).await;
    }
}
