fn download(chapter: u32) -> Result<Vec<Page>, Error> {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
        "download",
        ::core::module_path!(),
        (__logwright::Level::Info, __logwright::Level::Error),
        (::core::file!(), ::core::line!()),
    );
    let __watch = __logwright::Operation::start(
        &__SITE,
        |__fields| {
            __logwright::field(&chapter).__add(__fields, "chapter");
        },
    );
    let op = __watch.handle();
    let __returned = __logwright::call_in(
        &__watch,
        || -> Result<Vec<Page>, Error> { pages(chapter, op) },
    );
    let mut __watch = __watch;
    {
        use __logwright::successes::*;
        if let ::core::option::Option::Some(ret) = (&&__logwright::Returned(&__returned))
            .__success()
        {
            __logwright::Watch::set_result(
                &mut __watch,
                |__fields| {
                    __logwright::field(&(ret.len())).__add(__fields, "pages");
                },
            );
        }
    }
    __logwright::told(&__returned).__conclude(__watch);
    __returned
}
