#[inline]
#[retry]
#[log_time]
#[::logwright::structured_op(@moved)]
fn fetch() -> Result<(), Error> {
    get()
}
