//! The sinks of a set-up: which there are, and what the files are called.

use std::sync::Arc;

#[cfg(all(feature = "signals", unix))]
use super::hangup;
use super::{File, Setup, zeros};
use crate::level::Level;
use crate::record::Timestamp;
use crate::sink::{Fanout, FileSink, Plan, Rotation, Scope, Sink};

impl Setup {
    pub(super) fn open(&mut self, sinks: &Arc<Fanout>) {
        sinks.open(|| self.sinks());
        sinks.close_at_exit();
        #[cfg(all(feature = "signals", unix))]
        if self.reopen_on_hangup {
            hangup::watch(sinks);
        }
    }

    fn sinks(&mut self) -> Vec<Box<dyn Sink>> {
        let mut sinks = self.console.sink().into_iter().collect::<Vec<_>>();
        let (scope, run) = if self.run_files {
            (Scope::Runs, format!("_{}", Timestamp::now().local_stamp()))
        } else {
            (Scope::File, String::new())
        };
        let mode = zeros::mode(self.mode);
        // Where the program goes afterwards is no matter of its log.
        let dir = std::path::absolute(&self.dir).unwrap_or_else(|_| self.dir.clone());
        let file = |file: &Option<File>, kind: &str, extension: &str, level| {
            let file = file.as_ref()?;
            let path = dir.join([&self.app, kind, &run, extension].concat());
            let rotation = Rotation { scope, ..zeros::rotation_of(file, &path) };
            let plan = Plan { app: &self.app, path, line: file.line, level, rotation, mode };
            Some(Box::new(FileSink::open(plan)) as Box<dyn Sink>)
        };
        sinks.extend(file(&self.file, "", ".log", Level::Trace));
        sinks.extend(file(&self.error_file, "_error", ".log", Level::Error));
        sinks.extend(file(&self.json_file, "", ".jsonl", Level::Trace));
        sinks
    }
}

/// A name is one part of a path, whatever it says.
pub(super) fn file_name(app: &str) -> String {
    let name: String =
        app.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    if name.trim_matches('.').is_empty() { "app".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_name_cannot_leave_the_directory() {
        for (app, expected) in
            [("chaptrix", "chaptrix"), ("../etc/x", ".._etc_x"), ("..", "app"), ("", "app")]
        {
            assert_eq!(file_name(app), expected);
        }
    }
}
