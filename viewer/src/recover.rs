//! `logwright recover`: what programs that were killed had no time to write.

use std::io::{self, Write as _};

use anyhow::Context as _;
use logwright::record::Printable;

use crate::args::Recover;

/// Recovers each directory, and says what came into which log.
pub(crate) fn recover(args: &Recover) -> anyhow::Result<()> {
    let mut found = false;
    for dir in &args.dirs {
        dir.read_dir().with_context(|| format!("cannot read `{}`", dir.display()))?;
        for recovered in logwright::recover(dir)? {
            let log = recovered.log.display().to_string();
            writeln!(io::stdout(), "{}: {} records recovered", Printable(&log), recovered.records)?;
            found = true;
        }
    }
    if !found {
        writeln!(io::stdout(), "nothing to recover")?;
    }
    Ok(())
}
