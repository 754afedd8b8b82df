//! Loggers behind the crate `log`.

use std::path::Path;

use env_logger::Target;
use flexi_logger::{FileSpec, Logger, WriteMode, opt_format};
use log::LevelFilter;

use super::{Log, Page, open};

pub(super) fn env_logger(dir: &Path) -> Log {
    let target = Target::Pipe(Box::new(open(dir)));
    env_logger::Builder::new().filter_level(LevelFilter::Info).target(target).init();
    Log::new(say, || ())
}

pub(super) fn flexi_logger(dir: &Path, mode: WriteMode) -> Log {
    let logger = Logger::try_with_str("info").expect("a level").format(opt_format).write_mode(mode);
    let handle = logger.log_to_file(FileSpec::default().directory(dir)).start();
    let handle = handle.expect("a directory of our own can be written to");
    Log::new(say, move || handle.shutdown())
}

fn say(number: u64) {
    log::info!("{}", Page(number));
}
