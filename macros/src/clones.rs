//! `clone(page)`: an argument by value that each attempt has for itself. All but the last have a clone; the last one
//! has the argument.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{FnArg, Pat, Signature, Token};

use crate::diag::Mistakes;
use crate::func::Func;
use crate::options::{List, Options, no_parameter};

/// The arguments to clone.
pub(crate) struct Clones(pub(crate) Vec<Ident>);

/// Reads `clone(a, b)`: each must be a parameter that is bound by itself.
pub(crate) fn read(func: &Func, options: &mut Options, mistakes: &mut Mistakes) -> Clones {
    let Some(List { tokens, inherited, .. }) = options.list("clone", mistakes) else {
        return Clones(Vec::new());
    };
    let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
    let names = mistakes.keep(parser.parse2(tokens)).unwrap_or_default();
    let mut arguments = Vec::new();
    for name in names {
        if func.has_parameter(&name) || func.is_block && func.parameters.contains(&name.to_string()) {
            arguments.push(name);
        } else if !inherited && !func.parameters.contains(&name.to_string()) {
            mistakes.add(name.span(), no_parameter(&name.to_string(), &func.parameters));
        } else if !inherited {
            mistakes.add(name.span(), format!("`{name}` is a part of a parameter; `clone` takes whole ones"));
        }
    }
    Clones(arguments)
}

impl Clones {
    /// The signature in which they are no more `mut`: it is the attempts' that are.
    pub(crate) fn signature(&self, sig: &Signature) -> Signature {
        let mut sig = sig.clone();
        for input in &mut sig.inputs {
            if let FnArg::Typed(argument) = input
                && let Pat::Ident(pattern) = &mut *argument.pat
                && self.0.contains(&pattern.ident)
            {
                pattern.mutability = None;
            }
        }
        sig
    }

    /// Puts the arguments aside.
    pub(crate) fn before(&self) -> TokenStream {
        let put_aside = self.0.iter().map(|name| {
            let slot = slot(name);
            quote_spanned!(Span::mixed_site()=> let mut #slot = ::core::option::Option::Some(#name);)
        });
        put_aside.collect()
    }

    /// Those of the attempt that comes now.
    pub(crate) fn fresh(&self) -> TokenStream {
        let fresh = self.0.iter().map(|name| {
            let slot = slot(name);
            // At the name, so that a type that cannot be cloned is told there.
            let clone = quote_spanned!(name.span()=> ::core::clone::Clone::clone);
            quote_spanned! {Span::mixed_site()=>
                #[allow(unused_mut, reason = "an attempt may change it")]
                let mut #name = __retry.argument(&__LIMITS, &mut #slot, #clone);
            }
        });
        fresh.collect()
    }
}

fn slot(name: &Ident) -> Ident {
    format_ident!("__{}", name, span = Span::mixed_site())
}
