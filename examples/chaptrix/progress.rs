//! A bar of pages on stderr, if a person is looking, and a way to write log lines above it.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};

#[derive(Debug, Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pages {elapsed}")
            .expect("the template is constant");
        Self { bar: ProgressBar::new(0).with_style(style) }
    }

    /// `pages` more are on their way.
    pub(crate) fn expect(&self, pages: usize) {
        self.bar.inc_length(pages as u64);
    }

    pub(crate) fn page_done(&self) {
        self.bar.inc(1);
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Where the console's log lines go.
    pub(crate) fn writer(&self) -> ProgressWriter {
        ProgressWriter { bar: self.bar.clone() }
    }
}

/// Writes to stderr while the bar is out of the way.
#[derive(Debug)]
pub(crate) struct ProgressWriter {
    bar: ProgressBar,
}

impl Write for ProgressWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A bar without pages would be drawn as a full one.
        if self.bar.length() == Some(0) {
            return io::stderr().write(bytes);
        }
        self.bar.suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
