::core::compile_error! {
    "unknown option `levl` for `#[log_time]`\n  = help: did you mean `level`?\n  = note: options: `level`, `name`, `target`, `logger`, `fields`, `err`, `slow`, `min`, `skip`, `only`, `crate`"
}
::core::compile_error! {
    "cannot read `soon` as a duration; write \"2s\", \"500ms\" or \"1m\""
}
fn fetch() {
    get();
}
