fn fetch<'life0, 'async_trait>(
    &'life0 self,
    page: Page,
) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'async_trait>>
where
    'life0: 'async_trait,
{
    Box::pin(async move {
        let __self = self;
        let page = page;
        use ::logwright::__private as __logwright;
        static __SITE: __logwright::Site = __logwright::Site::new(
            "fetch",
            ::core::module_path!(),
            (__logwright::Level::Info, __logwright::Level::Error),
            (::core::file!(), ::core::line!()),
        );
        let __watch = __logwright::Operation::start(
            &__SITE,
            |__fields| {
                __logwright::field(&(__self.site)).__add(__fields, "site");
            },
        );
        let (__watch, __returned) = __logwright::Watched::new(
                __watch,
                async move {
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
                    if let ::core::option::Option::Some(__never) = ::core::option::Option::None::<
                        Result<(), Error>,
                    > {
                        return __never;
                    }
                    let __ret: Result<(), Error> = { __self.save(page).await };
                    __ret
                },
            )
            .await;
        __logwright::told(&__returned).__conclude(__watch);
        __returned
    })
}
