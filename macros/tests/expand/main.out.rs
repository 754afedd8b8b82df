fn main() -> Result<(), Error> {
    use ::logwright::__private as __logwright;
    static __SITE: __logwright::Site = __logwright::Site::new(
        "main",
        ::core::module_path!(),
        (__logwright::Level::Error, __logwright::Level::Error),
        (::core::file!(), ::core::line!()),
    );
    let __log = __logwright::main_starts(
        ::logwright::setup("chaptrix").level(__logwright::Level::Debug),
    );
    let __returned = __logwright::call_once(|| -> Result<(), Error> { run() });
    __logwright::main_ended(&__SITE, __logwright::told(&__returned).__failure());
    ::core::mem::drop(__log);
    __returned
}
