//! Sizes and times of nothing, as a variable may have that nobody has set: each is named on stderr, and what would be
//! without it holds. `logwright.toml` refuses them itself.

use std::path::Path;
use std::time::Duration;

use super::{File, MIB};
use crate::sink::{Rotation, WriteMode};
use crate::trap;

/// How a file at this path rotates.
pub(super) fn rotation_of(file: &File, path: &Path) -> Rotation {
    let mut rotation = file.rotation;
    let path = path.display();
    if rotation.max_bytes == 0 {
        rotation.max_bytes = 10 * MIB;
        told("File::max_bytes", format_args!("`{path}` is rotated at 10 MiB"));
    }
    if rotation.max_age.take_if(|age| *age == Duration::ZERO).is_some() {
        told("File::max_age", format_args!("older files of `{path}` do not go by their age"));
    }
    if rotation.max_total_bytes.take_if(|bytes| *bytes == 0).is_some() {
        told("File::max_total_bytes", format_args!("older files of `{path}` do not go by their size"));
    }
    rotation
}

/// What waits has room, however little it is to have.
pub(super) fn mode(mode: WriteMode) -> WriteMode {
    match mode {
        WriteMode::Queue { bytes: 0, full } => {
            told("WriteMode::Queue { bytes }", format_args!("8 MiB may wait for each file"));
            WriteMode::Queue { bytes: 8 * MIB, full }
        }
        #[cfg(all(feature = "mapped", unix))]
        WriteMode::Mapped { bytes: 0 } => {
            told("WriteMode::Mapped { bytes }", format_args!("1 MiB may wait for each file"));
            WriteMode::Mapped { bytes: MIB }
        }
        mode => mode,
    }
}

fn told(setting: &str, instead: std::fmt::Arguments<'_>) {
    trap::report(format_args!("`{setting}` is 0, which is none; {instead}"));
}
