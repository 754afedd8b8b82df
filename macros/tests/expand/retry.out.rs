fn save(&self, page: Page) -> Result<(), Error> {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
        "save",
        ::core::module_path!(),
        (__logwright::Level::Warning, __logwright::Level::Error),
        (::core::file!(), ::core::line!()),
    );
    const __LIMITS: __logwright::Limits = __logwright::Limits {
        max_attempts: 5u32,
        delay: __logwright::Delay::constant(
            ::core::time::Duration::new(0u64, 250000000u32),
        ),
        ..__logwright::Limits::DEFAULT
    };
    let mut __argument_page = ::core::option::Option::Some(page);
    let __started = ::core::option::Option::None;
    let mut __retry = __logwright::Retry::new(&__LIMITS);
    loop {
        #[allow(unused_mut, reason = "an attempt may change it")]
        let mut page = __retry
            .argument(&__LIMITS, &mut __argument_page, ::core::clone::Clone::clone);
        let __wait = {
            let __returned = __logwright::call_once(|| -> Result<(), Error> {
                self.disk.write(page)
            });
            let ::core::option::Option::Some(__error) = __logwright::Attempted::error(
                &__returned,
            ) else {
                __retry.succeeded();
                break __returned;
            };
            let __verdict = __logwright::wanted(__error, Error::is_temporary);
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
        __logwright::blocking(__wait);
    }
}
