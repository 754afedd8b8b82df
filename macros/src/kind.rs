//! What tells one attribute from another.

use proc_macro2::TokenStream;
use syn::Signature;

use crate::diag::Mistakes;
use crate::func::Func;
use crate::options::Options;

/// Whether the feature of that name is on. The pictures in `tests/expand` are the same with and without.
pub(crate) const CATALOGUE: bool = cfg!(feature = "catalogue") && !cfg!(test);
/// The same.
pub(crate) const OFF: bool = cfg!(feature = "off") && !cfg!(test);

/// One of the attributes.
pub(crate) struct Kind {
    /// As messages call it.
    pub(crate) name: &'static str,
    /// What it does to a function.
    pub(crate) verb: &'static str,
    /// Why it may not stand on a function twice.
    pub(crate) twice: &'static str,
    /// All options that it has, in the order of its documentation.
    pub(crate) options: &'static [&'static str],
    /// The options that values at the front are.
    pub(crate) positional: &'static [&'static str],
    /// Whether feature `off` takes it away: it only tells, and does nothing to the function.
    pub(crate) only_tells: bool,
    /// The functions of an `impl` or `trait` block that it goes on.
    pub(crate) takes: fn(&Signature) -> bool,
    pub(crate) expand: fn(&Func, &mut Options, &mut Mistakes) -> TokenStream,
}

impl Kind {
    /// The attribute's own name, without a path.
    pub(crate) fn ident(&self) -> &'static str {
        self.name.rsplit(':').next().unwrap_or(self.name)
    }
}
