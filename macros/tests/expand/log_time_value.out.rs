pub fn pages(&self) -> usize {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
        "pages",
        ::core::module_path!(),
        (__logwright::Level::Debug, __logwright::Level::Debug),
        (::core::file!(), ::core::line!()),
    );
    let __watch = __logwright::Timer::begin(&__SITE);
    { self.pages.len() }
}
