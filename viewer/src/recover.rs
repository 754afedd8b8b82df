//! `logwright recover`: what programs that were killed had no time to write.

use std::io::{self, Write as _};

use anyhow::Context as _;
use logwright::record::Printable;

use crate::args::Recover;

/// Recovers each directory, and says what came into which log; whether that was all.
pub(crate) fn recover(args: &Recover) -> anyhow::Result<bool> {
    let (mut found, mut is_complete) = (false, true);
    for dir in &args.dirs {
        dir.read_dir().with_context(|| {
            let way_out = if dir.is_file() { "; name the directory that it is in" } else { "" };
            format!("cannot read `{}`{way_out}", dir.display())
        })?;
        for recovered in logwright::recover(dir)? {
            found = true;
            match recovered {
                Ok(recovered) => {
                    let log = recovered.log.display().to_string();
                    let why = if recovered.records == 0 { ": all were there" } else { "" };
                    writeln!(
                        io::stdout(),
                        "{}: {} records recovered{why}",
                        Printable(&log),
                        recovered.records
                    )?;
                }
                Err(error) => {
                    crate::complain(&format!("{:#}", anyhow::Error::new(error)));
                    is_complete = false;
                }
            }
        }
    }
    if !found {
        writeln!(io::stdout(), "nothing to recover")?;
    }
    Ok(is_complete)
}
