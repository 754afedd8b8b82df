//! `#[structured_op]`: a record when a call starts and one when it ends.
//!
//! The shape is that of `#[log_time]` with `Operation` for `Timer`; an async function becomes
//!
//! ```text
//! #[structured_op]                     async fn fetch(url: &str) -> Result<Page, E> {
//! async fn fetch(url: &str)                static __SITE: Site = Site::new(&__SITE, "fetch", ..);
//!     -> Result<Page, E>          ==>      let __watch = Operation::start(&__SITE, |__fields| { .. });
//! { body }                                 let __body = async move { <typed edge> { body } };
//!                                          if Watch::is_live(&__watch) {
//!                                              Watched::new(__watch, __body, |..| ..).await
//!                                          } else {
//!                                              __body.await
//!                                          }
//!                                      }
//! ```

use proc_macro2::{Span, TokenStream};

use crate::body::{Guard, watch};
use crate::diag::Mistakes;
use crate::func::{Func, Shape};
use crate::options::Options;
use crate::stack::STRUCTURED_OP;
use crate::{fields, site};

const OPTIONS: [&str; 6] = ["level", "name", "context", "fields", "result", "bind"];

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let func = Func::parse(STRUCTURED_OP, item)?;
    let parameters = func.parameters();
    let mut mistakes = Mistakes::default();
    let mut options = Options::parse(STRUCTURED_OP, arguments, &OPTIONS, &[], &mut mistakes);
    let level = options.level("level", &mut mistakes).unwrap_or_else(|| site::variant("Info"));
    let name = options.name(&func.sig.ident, &mut mistakes);
    let mut list = options.list("context", &mut mistakes).unwrap_or_default();
    if let Some(fields) = options.list("fields", &mut mistakes) {
        if !list.is_empty() {
            mistakes
                .add(Span::call_site(), "`fields` and `context` are two names for one list; use one of them");
        }
        list = fields;
    }
    let fields = fields::expand(list, &parameters, &mut mistakes);
    let result = options
        .list("result", &mut mistakes)
        .map(|list| fields::expand(list, &["ret".to_owned()], &mut mistakes));
    let bind = options.ident("bind", &parameters, &mut mistakes);
    if let Some(bind) = bind.as_ref().filter(|_| matches!(func.shape, Shape::ImplFuture | Shape::BoxedFuture))
    {
        mistakes.add(bind.span(), "`bind` needs an `async fn`: this function only makes a future");
    }
    let guard = Guard {
        site: site::site(&name, &level, &site::variant("Error")),
        watch: "Operation",
        fields,
        bind,
        result,
    };
    mistakes.finish(watch(&func, &guard))
}
