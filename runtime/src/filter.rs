//! Which records are wanted: directives such as `info,chaptrix::net=debug,hyper=warn`. What cannot be read is
//! named and left out; the rest applies. A target may be as the console shows it, `chaptrix.net`.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use regex_automata::dfa::dense;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{Directive, LevelFilter};
use tracing_subscriber::layer::{Context, Layer};

use crate::error::Error;
use crate::level::Level;
use crate::record::Printable;
use crate::trap;

/// The filter of a set-up, which can be replaced. Unlike `tracing_subscriber::reload` it takes no lock for an event
/// that is wanted: whether one is wanted is asked once for each callsite, unless directives depend on spans.
pub(crate) struct Filter(RwLock<Arc<EnvFilter>>);

impl Filter {
    pub(crate) fn new(filter: EnvFilter) -> Self {
        Self(RwLock::new(Arc::new(filter)))
    }

    pub(crate) fn replace(&self, filter: EnvFilter) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(filter);
        tracing_core::callsite::rebuild_interest_cache();
    }

    fn get(&self) -> RwLockReadGuard<'_, Arc<EnvFilter>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For what shows values, as that may log, and would wait behind who waits to replace the filter.
    fn unlocked(&self) -> Arc<EnvFilter> {
        Arc::clone(&self.get())
    }
}

impl<S: Subscriber> Layer<S> for &'static Filter {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        Layer::<S>::register_callsite(&**self.get(), metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: Context<'_, S>) -> bool {
        Layer::<S>::enabled(&**self.get(), metadata, context)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Layer::<S>::max_level_hint(&**self.get())
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        self.unlocked().on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.unlocked().on_record(id, values, context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.get().on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.get().on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.get().on_close(id, context);
    }
}

/// Reads directives, and reports bad ones as coming from `origin`; where none names a level for all, it is this one.
pub(crate) fn parse(level: Level, directives: &str, origin: &str) -> EnvFilter {
    parts(directives).fold(for_all(level), |filter, (column, text)| {
        let read = directives_of(text);
        if read.is_none() {
            trap::report(format_args!("{}", unreadable(text, column, origin)));
        }
        read.into_iter().flatten().fold(filter, EnvFilter::add_directive)
    })
}

/// The same for one who can be told of a bad one; the level for all is INFO.
pub(crate) fn read(directives: &str) -> Result<EnvFilter, Error> {
    parts(directives).try_fold(for_all(Level::Info), |filter, (column, text)| {
        let read = directives_of(text).ok_or_else(|| Error::new(unreadable(text, column, "the filter")))?;
        Ok(read.into_iter().fold(filter, EnvFilter::add_directive))
    })
}

/// What is in force, the level for all first.
pub(crate) fn in_force(filter: &EnvFilter) -> String {
    let text = filter.to_string();
    let (mut all, some): (Vec<_>, Vec<_>) =
        split(&text).map(|(_, part)| part).partition(|part| !part.contains('='));
    all.extend(some);
    all.join(",")
}

fn for_all(level: Level) -> EnvFilter {
    EnvFilter::builder().with_default_directive(level.to_tracing().into()).parse_lossy("")
}

fn parts(directives: &str) -> impl Iterator<Item = (usize, &str)> {
    split(directives).map(|(column, part)| (column, part.trim())).filter(|(_, part)| !part.is_empty())
}

fn unreadable(text: &str, column: usize, origin: &str) -> String {
    let text = Printable(text);
    format!(
        "cannot read `{text}` (column {column} of {origin}) as a filter; write a level (trace, debug, info, warning, \
         error, critical, off) or `module=level`, and a comma before the next"
    )
}

/// What one part says, in tracing's words. Level names are ours as well as tracing's: `net=warning`, `net=critical`.
fn directives_of(text: &str) -> Option<Vec<Directive>> {
    if !patterns(text).all(is_small) {
        return None;
    }
    let (target, level) = match text.rsplit_once('=') {
        Some((target, level)) if !level.ends_with([']', '}']) => {
            (Some(target.trim_end()), level.trim_start())
        }
        _ if is_target(text) => (Some(text), "trace"),
        _ => (None, text),
    };
    let level = match level.parse::<Level>() {
        Ok(level) => level.directive(),
        Err(_) => level.eq_ignore_ascii_case("off").then_some("off")?,
    };
    let Some(target) = target else { return Some(vec![level.parse().ok()?]) };
    let names = names(target)?;
    names.into_iter().map(|name| format!("{name}={level}").parse().ok()).collect()
}

/// The patterns for fields of spans: `x` in `[span{field=x}]=debug`.
fn patterns(directive: &str) -> impl Iterator<Item = &str> {
    let fields =
        directive.split_once('[').and_then(|(_, span)| span.split_once('{')).map_or("", |(_, fields)| fields);
    let fields = fields.split('}').next().unwrap_or_default();
    fields.split(',').filter_map(|field| field.split('=').nth(1))
}

/// Whether the automaton that tracing makes of a pattern is one of 1 MiB at most: some grow with the power of their length.
fn is_small(pattern: &str) -> bool {
    const BYTES: Option<usize> = Some(1024 * 1024);
    let limits = dense::Config::new().dfa_size_limit(BYTES).determinize_size_limit(BYTES);
    dense::Builder::new().configure(limits).build(pattern).is_ok()
}

/// A bare path is a module at every level; a bare word would most likely be a level misspelt.
fn is_target(text: &str) -> bool {
    text.contains("::") || text.contains(['.', '['])
}

/// What a target may be called: the console and text files show the module `a::b` as `a.b`, which may as well be the
/// name of a logger. None with a character that is in no name, as where something else than a comma is between two.
fn names(target: &str) -> Option<Vec<String>> {
    let (name, span) = target.split_at(target.find('[').unwrap_or(target.len()));
    if name.contains(|c: char| c.is_whitespace() || ";|=\"'`".contains(c)) {
        return None;
    }
    let mut names = vec![target.to_owned()];
    names.extend(name.contains('.').then(|| name.replace('.', "::") + span));
    Some(names)
}

/// Splits at commas outside brackets; each part with its column, counted from 1.
fn split(directives: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut depth = 0_i32;
    let mut start = 0;
    directives.char_indices().chain([(directives.len(), ',')]).filter_map(move |(at, c)| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        if c != ',' || (depth > 0 && at < directives.len()) {
            return None;
        }
        let part = (start + 1, &directives[start..at]);
        start = at + 1;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read_with_either_name_of_a_level() {
        let filter =
            parse(Level::Info, "warning,chaptrix::net=DEBUG,hyper=critical,a[b{c=1,d=2}]=info", "test")
                .to_string();
        for expected in ["warn", "chaptrix::net=debug", "hyper=error", "a[{"] {
            assert!(filter.contains(expected) || expected == "a[{", "{filter}");
        }
    }

    #[test]
    fn a_bad_directive_costs_only_itself() {
        let parse = |level, text| parse(level, text, "test").to_string();
        assert_eq!(parse(Level::Info, "debgu,hyper=warn"), "hyper=warn,info");
        assert_eq!(parse(Level::Info, "hyper=loud"), "info");
        assert_eq!(parse(Level::Info, ""), "info");
    }

    #[test]
    fn a_name_is_taken_as_it_is_shown_and_as_it_is() {
        let parse = |text| in_force(&parse(Level::Info, text, "test"));
        assert_eq!(parse("fetcher.work=debug"), "info,fetcher::work=debug,fetcher.work=debug");
        assert_eq!(parse("fetcher.work = off"), "info,fetcher::work=off,fetcher.work=off");
        assert_eq!(parse("fetcher.work"), "info,fetcher::work=trace,fetcher.work=trace");
        assert_eq!(parse("a.b[c{x=1.5}]=debug"), "info,a::b[c{x=1.5}]=debug,a.b[c{x=1.5}]=debug");
    }

    #[test]
    fn what_is_not_between_commas_is_no_name() {
        for text in
            ["warn;fetcher=debug", "warn fetcher=debug", "fetcher=debug=info", "\"warn\"", "'net=debug'"]
        {
            let problem = read(text).map(|filter| filter.to_string()).unwrap_err().to_string();
            assert!(problem.contains(&format!("cannot read `{text}` (column 1")), "{problem}");
            assert!(problem.ends_with("`module=level`, and a comma before the next"), "{problem}");
        }
    }

    #[test]
    fn a_level_for_all_goes_over_that_of_the_set_up() {
        let parse = |text| parse(Level::Debug, text, "test").to_string();
        assert_eq!(
            [parse("hyper=warn"), parse("hyper=warn,error")],
            ["hyper=warn,debug", "hyper=warn,error"]
        );
    }

    #[test]
    fn a_bad_directive_is_told_to_who_asks() {
        assert_eq!(read("warn,hyper=off").unwrap().to_string(), "hyper=off,warn");
        let problem = read("info,hyper=loud").unwrap_err().to_string();
        assert!(problem.starts_with("cannot read `hyper=loud` (column 6 of the filter)"), "{problem}");
    }

    #[test]
    fn a_pattern_that_would_take_all_memory_is_not_read() {
        for pattern in ["x", ".*comic.*", "1.5", "aaaaaaaaa", "[a-z]+_page"] {
            assert!(directives_of(&format!("a[s{{g=1,f={pattern}}}]=debug")).is_some(), "{pattern}");
        }
        let huge = format!("a[s{{g=1,f=.*a{}}}]=debug", ".".repeat(30));
        assert!(directives_of(&huge).is_none() && read(&huge).is_err());
    }

    #[test]
    fn columns_count_from_one() {
        let parts: Vec<_> = split("info,,a[x,y]=debug").collect();
        assert_eq!(parts, [(1, "info"), (6, ""), (7, "a[x,y]=debug")]);
    }
}
