//! What the console is to be like.

use std::io::Write;

use super::environment::variable;
use crate::record::text::Style;
use crate::sink::{ConsoleSink, Foreign, Out, Sink};
use crate::standard::Standard;

/// Words, and what they mean.
type Words<T> = [(&'static str, T); 3];

/// Where the console may be, by the words for it.
pub(super) const CONSOLES: Words<fn() -> Console> =
    [("stderr", Console::stderr), ("stdout", Console::stdout), ("off", Console::off)];

/// When it has colours, by the words for it.
pub(super) const COLORS: Words<Color> =
    [("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];

/// When the console has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where lines for the person at the terminal go.
pub struct Console {
    out: Option<Out>,
    terminal: bool,
    pub(super) color: Color,
}

impl Console {
    /// The standard error stream: standard output is for what the program is asked for.
    #[must_use]
    pub fn stderr() -> Self {
        Self::standard(Standard::Error)
    }

    /// The standard output stream.
    #[must_use]
    pub fn stdout() -> Self {
        Self::standard(Standard::Output)
    }

    fn standard(stream: Standard) -> Self {
        Self { out: Some(Out::Standard(stream)), terminal: stream.is_terminal(), color: Color::Auto }
    }

    /// Anything else that lines can be written to, such as one that keeps a progress bar below them. Each line
    /// is one `write_all`. It has colours when stderr is a terminal.
    ///
    /// Where a thread panics, another one writes the line, so that neither a panic of the writer nor a lock that the
    /// thread holds ends or stops the program; it is waited for for a second. So it is with the first line in a fork: a
    /// writer whose locks are held by a thread of the parent is given up there.
    #[must_use]
    pub fn writer(out: impl Write + Send + 'static) -> Self {
        Self { out: Some(Out::Foreign(Foreign::new(out))), ..Self::stderr() }
    }

    /// No console.
    #[must_use]
    pub fn off() -> Self {
        Self { out: None, terminal: false, color: Color::Auto }
    }

    /// When it has colours. Default: [`Color::Auto`].
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = color;
        self
    }

    /// Another place, in the colours that were chosen for this one.
    pub(super) fn replace(&mut self, console: Self) {
        *self = console.color(self.color);
    }

    pub(super) fn sink(&mut self) -> Option<Box<dyn Sink>> {
        let coloured = match self.color {
            Color::Auto => self.terminal && variable("NO_COLOR").is_none(),
            Color::Always => true,
            Color::Never => false,
        };
        let style = if coloured { Style::Coloured } else { Style::Plain };
        Some(Box::new(ConsoleSink { style, out: self.out.take()? }))
    }
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("on", &self.out.is_some()).field("color", &self.color).finish()
    }
}
