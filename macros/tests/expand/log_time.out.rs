fn fetch(url: &str, page: Page) -> Result<Vec<u8>, Error> {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
        "fetch",
        ::core::module_path!(),
        (__logwright::Level::Info, __logwright::Level::Info),
        (::core::file!(), ::core::line!()),
    );
    let __watch = __logwright::Timer::start(
        &__SITE,
        |__fields| {
            __logwright::field(&url).__add(__fields, "url");
        },
    );
    let __returned = __logwright::call_once(|| -> Result<Vec<u8>, Error> {
        if let ::core::option::Option::Some(__never) = ::core::option::Option::None::<
            __logwright::Never,
        > {
            #[allow(
                clippy::used_underscore_binding,
                reason = "it is there to be dropped"
            )]
            let __owned = page;
            match __never {}
        }
        save(url, page)
    });
    __logwright::told(&__returned).__conclude(__watch);
    __returned
}
