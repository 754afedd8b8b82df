//! The arguments that each attempt has for itself. `clone(page)`: all but the last have a clone; the last one has the
//! argument. And without a word, those that are `mut` and can be copied: an attempt must not begin with what the one
//! before it made of them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{FnArg, Pat, PatIdent, Signature, Token, Type};

use crate::diag::Mistakes;
use crate::func::{Func, is_conditional};
use crate::options::{List, Options, no_parameter};
use crate::returned::is_plain;

/// The arguments of that kind.
pub(crate) struct Clones {
    cloned: Vec<Ident>,
    /// With the user's own `mut`, so that one that is not needed is told as in a plain function.
    copied: Vec<(Token![mut], Ident)>,
}

/// Reads `clone(a, b)`: each must be a parameter that is bound by itself. `taken` are those that are `mut` in the body of
/// a boxed function, and not in its signature.
pub(crate) fn read(
    func: &Func,
    taken: Vec<(Token![mut], Ident)>,
    options: &mut Options,
    mistakes: &mut Mistakes,
) -> Clones {
    let cloned = cloned(func, options, mistakes).unwrap_or_default();
    let inputs = || func.sig.inputs.iter().filter_map(copyable);
    let own = inputs().filter_map(|pattern| Some((pattern.mutability?, pattern.ident.clone())));
    let taken = taken.into_iter().filter(|(_, name)| inputs().any(|pattern| pattern.ident == *name));
    let copied = own.chain(taken).filter(|(_, name)| !cloned.contains(name)).collect();
    Clones { cloned, copied }
}

/// A parameter that is bound by itself and of a type that can be copied, as far as that is plain to see.
fn copyable(input: &FnArg) -> Option<&PatIdent> {
    let FnArg::Typed(argument) = input else { return None };
    let Pat::Ident(pattern) = &*argument.pat else { return None };
    let is_shared = matches!(&*argument.ty, Type::Reference(reference) if reference.mutability.is_none());
    let is_copy = is_shared || is_plain(&argument.ty) && !is_string(&argument.ty);
    (is_copy && !is_conditional(argument)).then_some(pattern)
}

fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("String"))
}

fn cloned(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> Option<Vec<Ident>> {
    let List { tokens, key, inherited } = options.list("clone", mistakes)?;
    let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
    if tokens.is_empty() {
        mistakes.add(key.span(), "`clone` is empty; it takes the names of parameters");
    }
    let names = mistakes.keep(parser.parse2(tokens)).unwrap_or_default();
    let mut arguments = Vec::new();
    for name in names {
        if arguments.contains(&name) {
            mistakes.add(name.span(), format!("`{name}` is given twice"));
        } else if func.has_parameter(&name) || func.is_block && func.parameters.contains(&name.to_string()) {
            arguments.push(name);
        } else if !inherited && !func.parameters.contains(&name.to_string()) {
            mistakes.add(name.span(), no_parameter(&name.to_string(), &func.parameters));
        } else if !inherited {
            mistakes.add(name.span(), format!("`{name}` is a part of a parameter; `clone` takes whole ones"));
        }
    }
    Some(arguments)
}

impl Clones {
    /// All of their names.
    pub(crate) fn names(&self) -> Vec<&Ident> {
        self.cloned.iter().chain(self.copied.iter().map(|(_, name)| name)).collect()
    }

    /// The signature in which they are no more `mut`: it is the attempts' that are.
    pub(crate) fn signature(&self, sig: &Signature) -> Signature {
        let mut sig = sig.clone();
        for input in &mut sig.inputs {
            if let FnArg::Typed(argument) = input
                && let Pat::Ident(pattern) = &mut *argument.pat
                && (self.cloned.contains(&pattern.ident)
                    || self.copied.iter().any(|(_, name)| *name == pattern.ident))
            {
                pattern.mutability = None;
            }
        }
        sig
    }

    /// Puts the arguments aside.
    pub(crate) fn before(&self) -> TokenStream {
        let put_aside = self.cloned.iter().map(|name| {
            let slot = slot(name);
            quote_spanned!(Span::mixed_site()=> let mut #slot = ::core::option::Option::Some(#name);)
        });
        put_aside.collect()
    }

    /// Those of the attempt that comes now.
    pub(crate) fn fresh(&self) -> TokenStream {
        let cloned = self.cloned.iter().map(|name| {
            let slot = slot(name);
            // At the name, so that a type that cannot be cloned is told there.
            let clone = quote_spanned!(name.span()=> ::core::clone::Clone::clone);
            quote_spanned! {Span::mixed_site()=>
                #[allow(unused_mut, reason = "an attempt may change it")]
                let mut #name = __retry.argument(&__LIMITS, &mut #slot, #clone);
            }
        });
        let copied = self
            .copied
            .iter()
            .map(|(mutability, name)| quote_spanned!(Span::mixed_site()=> let #mutability #name = #name;));
        cloned.chain(copied).collect()
    }
}

fn slot(name: &Ident) -> Ident {
    // Apart from the names of `retry`'s own.
    format_ident!("__argument_{}", name, span = Span::mixed_site())
}
