//! The `static` that stands for one annotated function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// `static __SITE`, with the level of calls that succeed and of calls that fail.
pub(crate) fn site(name: &str, ok: &Ident, failure: &Ident) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        static __SITE: ::logwright::__private::Site = ::logwright::__private::Site::new(
            &__SITE,
            #name,
            ::core::module_path!(),
            (::logwright::__private::Level::#ok, ::logwright::__private::Level::#failure),
            (::core::file!(), ::core::line!()),
        );
    }
}

/// A variant of one of the runtime's enums, such as a level.
pub(crate) fn variant(variant: &str) -> Ident {
    Ident::new(variant, Span::mixed_site())
}
