//! Logwright with its text file alone, in each of its ways to write.

use std::path::Path;

use logwright::{Console, File, WriteMode};

use super::{Log, Page};

pub(super) fn log(dir: &Path, mode: WriteMode) -> Log {
    let setup = logwright::setup("peers")
        .console(Console::off())
        .error_file(None)
        .json_file(None)
        .dir(dir)
        // No older files: every record is to be found.
        .file(File::text().keep(0))
        .write_mode(mode);
    let guard = setup.install().expect("the first subscriber of this process");
    Log::new(|number| logwright::info!("{}", Page(number)), || drop(guard))
}

/// Brings into the file what a process had no time to write before it was killed.
pub(super) fn recover(dir: &Path) {
    for recovered in logwright::recover(dir).expect("a directory of our own can be read") {
        recovered.expect("what is in it can be written");
    }
}
