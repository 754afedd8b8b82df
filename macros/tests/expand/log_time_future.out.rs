fn fetch(url: String) -> impl Future<Output = Result<Vec<u8>, Error>> {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
        "fetch",
        ::core::module_path!(),
        (__logwright::Level::Debug, __logwright::Level::Debug),
        (::core::file!(), ::core::line!()),
    );
    let __source = __logwright::Source::of(&__SITE);
    let __captured = __logwright::captured(__source, |__fields| {});
    let __body = __logwright::call_future::<
        Result<Vec<u8>, Error>,
        _,
        _,
    >(move || { async move { get(&url).await } });
    async move {
        let __watch = __logwright::Timer::start_for(
            __source,
            |__fields| {
                *__fields = __captured;
            },
        );
        let (__watch, __returned) = __logwright::Watched::new(__watch, __body).await;
        __logwright::told(&__returned).__conclude(__watch);
        __returned
    }
}
