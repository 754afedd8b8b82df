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
        delay: __logwright::Delay::Constant(
            ::core::time::Duration::new(0u64, 250000000u32),
        ),
        levels: __logwright::Levels {
            retry: ::core::option::Option::Some(__logwright::Level::Warning),
            fail: ::core::option::Option::Some(__logwright::Level::Error),
            recover: ::core::option::Option::Some(__logwright::Level::Info),
        },
    };
    let mut __page = ::core::option::Option::Some(page);
    let mut __retry = __logwright::Retry::new();
    loop {
        #[allow(unused_mut, reason = "an attempt may change it")]
        let mut page = __retry
            .argument(&__LIMITS, &mut __page, ::core::clone::Clone::clone);
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
            let __wait = __retry
                .failed(
                    __logwright::Source::of(&__SITE),
                    &__LIMITS,
                    &__logwright::Fields::new(),
                    __logwright::wanted(__error, Error::is_temporary),
                    &|| __logwright::told(&__returned).__failure(),
                );
            let ::core::option::Option::Some(__wait) = __wait else {
                break __returned;
            };
            __wait
        };
        __logwright::blocking(__wait);
    }
}
