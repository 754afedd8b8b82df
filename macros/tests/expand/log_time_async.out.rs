async fn fetch(&self, url: &str) -> Result<Vec<u8>, Error> {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
            "fetch",
            ::core::module_path!(),
            (__logwright::Level::Debug, __logwright::Level::Debug),
            (::core::file!(), ::core::line!()),
        )
        .slow(::core::time::Duration::new(2u64, 0u32));
    let __watch = __logwright::Timer::start_for(
        __logwright::Source::of(&__SITE),
        |__fields| {},
    );
    let (__watch, __returned) = __logwright::Watched::new(
            __watch,
            async move {
                if let ::core::option::Option::Some(__never) = ::core::option::Option::None::<
                    Result<Vec<u8>, Error>,
                > {
                    return __never;
                }
                self.client.get(url).await?
            },
        )
        .await;
    __logwright::told(&__returned).__conclude(__watch);
    __returned
}
