// An attribute on a whole block says once what is wrong with it.
use logwright::{log_time, retry, structured_op};

struct Site;

#[log_time]
impl Site {
    const fn fixed() -> u8 {
        1
    }
}

#[structured_op]
trait Adapter {
    fn fetch(&self);
}

#[retry]
impl Site {
    fn nothing(&self) {}
}

#[log_time(only = "pub")]
impl Site {
    fn private(&self) {}
}

#[log_time(only = "pub(crate)", levl = "info")]
impl Site {
    pub fn public(&self) {}

    #[log_time(skip)]
    pub fn quiet(&self) {}
}

#[log_time(only = "pub")]
impl Adapter for Site {
    fn fetch(&self) {}
}

#[structured_op(context(chaptr))]
impl Site {
    fn download(&self, chapter: u32) {
        let _ = chapter;
    }

    fn count(&self) {}
}

#[log_time(level = 1, skip)]
impl Site {
    fn first(&self) {}
    fn second(&self) {}
}

fn main() {
    Site::fixed();
    Site.nothing();
    Site.private();
    Site.public();
    Site.quiet();
    Site.fetch();
    Site.download(1);
    Site.count();
    Site.first();
    Site.second();
}
