//! The options that look at how a call ended: `err(..)`, `slow`, `min`.

use proc_macro2::Span;
use syn::Error;

use crate::diag::Mistakes;
use crate::func::Func;
use crate::options::Options;
use crate::returned::not_a_result;
use crate::site::Site;

/// `err(level = "warn", debug)`: whether failures have a level of their own, and where `debug` stands.
pub(crate) fn failure_level(
    func: &Func,
    site: &mut Site,
    options: &mut Options,
    mistakes: &mut Mistakes,
) -> (bool, Option<Span>) {
    let (at, inherited) = (options.span("err"), options.is_inherited("err"));
    let Some(mut nested) = options.nested("err", &["level", "debug"], mistakes) else { return (false, None) };
    if let Some(what) = not_a_result(&func.sig.output) {
        // A block's is for those of its functions that can fail.
        if inherited || func.is_block {
            return (false, None);
        }
        let message =
            format!("`err` needs a function that returns `Result`; `{}` returns {what}", func.sig.ident);
        mistakes.push(Error::new(at.unwrap_or_else(Span::call_site), message));
    }
    let level = nested.level("level", mistakes);
    let apart = level.is_some();
    if let Some(level) = level {
        site.failure_level = level;
    }
    (apart, nested.flag("debug", mistakes))
}

/// `slow = "2s"` and `min = "10ms"`
pub(crate) fn slow(site: &mut Site, options: &mut Options, mistakes: &mut Mistakes) {
    let at = options.span("min");
    site.slow = options.duration("slow", mistakes);
    site.min = options.duration("min", mistakes);
    if let (Some(slow), Some(min), Some(at)) = (site.slow, site.min, at)
        && min > slow
    {
        mistakes.add(at, format!("`min` ({min:?}) is longer than `slow` ({slow:?})"));
    }
}
