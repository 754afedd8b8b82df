#[structured_op]
#[inline]
#[retry]
#[log_time]
fn fetch() -> Result<(), Error> {
    get()
}
