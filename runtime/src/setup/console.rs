//! What the console is to be like.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;

use super::environment::variable;
use crate::record::text::Style;
use crate::sink::{ConsoleSink, Sink};

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
    out: Option<Box<dyn Write + Send>>,
    terminal: bool,
    pub(super) color: Color,
}

impl Console {
    /// The standard error stream: standard output is for what the program is asked for.
    #[must_use]
    pub fn stderr() -> Self {
        let terminal = std::io::stderr().is_terminal();
        Self { out: Some(Box::new(std::io::stderr())), terminal, color: Color::Auto }
    }

    /// The standard output stream.
    #[must_use]
    pub fn stdout() -> Self {
        let terminal = std::io::stdout().is_terminal();
        Self { out: Some(Box::new(std::io::stdout())), terminal, color: Color::Auto }
    }

    /// Anything else that lines can be written to, such as one that keeps a progress bar below them. Each line
    /// is one `write_all`. It has colours when stderr is a terminal.
    #[must_use]
    pub fn writer(out: impl Write + Send + 'static) -> Self {
        Self { out: Some(Box::new(out)), ..Self::stderr() }
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
        let out = self.out.take()?;
        Some(Box::new(ConsoleSink { style, out: Mutex::new(out) }))
    }
}

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console").field("on", &self.out.is_some()).field("color", &self.color).finish()
    }
}
