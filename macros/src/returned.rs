//! What a function's return type says: whether the value is a future, what comes out of it, how `impl Trait` in it
//! is written inside the body.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Signature, Type};

/// What the value of a call is. Decided by the return type: the body may build its future in any way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The value itself.
    Sync,
    /// An `async fn`.
    Async,
    /// A plain function that returns `impl Future`.
    ImplFuture,
    /// A plain function that returns `Pin<Box<dyn Future>>`, as `#[async_trait]` makes them, or an alias of that
    /// which is called `BoxFuture` or `LocalBoxFuture`.
    BoxedFuture,
}

pub(crate) fn shape(sig: &Signature) -> Shape {
    if sig.asyncness.is_some() {
        return Shape::Async;
    }
    match written(&sig.output) {
        Some(Type::ImplTrait(ty)) if ty.bounds.iter().any(is_future_bound) => Shape::ImplFuture,
        Some(Type::Path(path)) if is_alias(&path.path) || boxed_output(&path.path).is_some() => {
            Shape::BoxedFuture
        }
        _ => Shape::Sync,
    }
}

fn is_future_bound(bound: &syn::TypeParamBound) -> bool {
    match bound {
        syn::TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|last| last.ident == "Future")
        }
        _ => false,
    }
}

/// What comes out of a future, boxed or not.
pub(crate) fn future_output(output: &ReturnType) -> Option<Type> {
    match written(output)? {
        Type::ImplTrait(ty) => ty.bounds.iter().find_map(output_of_bound),
        Type::Path(path) => boxed_output(&path.path),
        _ => None,
    }
}

/// Whether it is an alias of a boxed future by its usual names. What comes out of one, the alias may hide.
fn is_alias(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "BoxFuture" || last.ident == "LocalBoxFuture")
}

/// `T` in `Pin<Box<dyn Future<Output = T>>>`; in an alias, where that is plain to see.
fn boxed_output(path: &syn::Path) -> Option<Type> {
    let last = path.segments.last()?;
    let inside = last_type(&last.arguments)?;
    if is_alias(path) {
        return (types(&last.arguments) == 1 && is_named_result(inside)).then(|| inside.clone());
    }
    let Type::Path(boxed) = inside else { return None };
    let boxed = boxed.path.segments.last().filter(|boxed| boxed.ident == "Box" && last.ident == "Pin")?;
    match last_type(&boxed.arguments) {
        Some(Type::TraitObject(object)) => object.bounds.iter().find_map(output_of_bound),
        Some(Type::ImplTrait(object)) => object.bounds.iter().find_map(output_of_bound),
        _ => None,
    }
}

/// How many types there are among the arguments.
fn types(arguments: &PathArguments) -> usize {
    let PathArguments::AngleBracketed(list) = arguments else { return 0 };
    list.args.iter().filter(|argument| matches!(argument, GenericArgument::Type(_))).count()
}

fn last_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return None };
    list.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(peel(ty)),
        _ => None,
    })
}

/// The return type, if one is written.
pub(crate) fn written(output: &ReturnType) -> Option<&Type> {
    match output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(peel(ty)),
    }
}

/// What a macro's `$ty:ty`, or the author, has wrapped.
fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        ty => ty,
    }
}

fn output_of_bound(bound: &syn::TypeParamBound) -> Option<Type> {
    match bound {
        syn::TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last().filter(|last| last.ident == "Future")?;
            output_of(&last.arguments)
        }
        _ => None,
    }
}

/// The type in `<Output = T>`.
fn output_of(arguments: &PathArguments) -> Option<Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return None };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(associated) if associated.ident == "Output" => Some(associated.ty.clone()),
        _ => None,
    })
}

/// Whether `impl Fn(..)` or one like it is anywhere in the type.
pub(crate) fn returns_closure(output: &ReturnType) -> bool {
    fn mentions(tokens: proc_macro2::TokenStream) -> bool {
        let mut after_impl = false;
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(word) => {
                let found = after_impl && ["Fn", "FnMut", "FnOnce"].iter().any(|name| word == name);
                after_impl |= word == "impl";
                found
            }
            proc_macro2::TokenTree::Group(group) => mentions(group.stream()),
            _ => false,
        })
    }
    mentions(output.to_token_stream())
}

/// Replaces `impl Trait`, at whatever depth, by `_`.
pub(crate) fn erase_impl(ty: Type) -> Type {
    match ty {
        Type::ImplTrait(_) => Type::Infer(syn::TypeInfer {
            attrs: Vec::new(),
            underscore_token: syn::token::Underscore::default(),
        }),
        Type::Path(mut path) => {
            erase_in_path(&mut path.path);
            Type::Path(path)
        }
        Type::TraitObject(mut object) => {
            for bound in &mut object.bounds {
                if let syn::TypeParamBound::Trait(bound) = bound {
                    erase_in_path(&mut bound.path);
                }
            }
            Type::TraitObject(object)
        }
        Type::Reference(mut reference) => {
            reference.elem = Box::new(erase_impl(*reference.elem));
            Type::Reference(reference)
        }
        Type::Tuple(mut tuple) => {
            tuple.elems = tuple.elems.into_iter().map(erase_impl).collect();
            Type::Tuple(tuple)
        }
        Type::Slice(mut slice) => {
            slice.elem = Box::new(erase_impl(*slice.elem));
            Type::Slice(slice)
        }
        Type::Ptr(mut pointer) => {
            pointer.elem = Box::new(erase_impl(*pointer.elem));
            Type::Ptr(pointer)
        }
        Type::Array(mut array) => {
            array.elem = Box::new(erase_impl(*array.elem));
            Type::Array(array)
        }
        Type::Paren(mut paren) => {
            paren.elem = Box::new(erase_impl(*paren.elem));
            Type::Paren(paren)
        }
        Type::Group(mut group) => {
            group.elem = Box::new(erase_impl(*group.elem));
            Type::Group(group)
        }
        other => other,
    }
}

/// Inside `<..>`, `Item = impl Trait` included.
fn erase_in_path(path: &mut syn::Path) {
    for segment in &mut path.segments {
        let PathArguments::AngleBracketed(list) = &mut segment.arguments else { continue };
        for argument in &mut list.args {
            match argument {
                GenericArgument::Type(ty) => *ty = erase_impl(ty.clone()),
                GenericArgument::AssocType(associated) => associated.ty = erase_impl(associated.ty.clone()),
                _ => {}
            }
        }
    }
}

/// Whether it is written like a `Result`: a path whose last name ends so.
pub(crate) fn may_be_result(output: &ReturnType) -> bool {
    match (future_output(output), written(output)) {
        (Some(ty), _) => is_named_result(&ty),
        (None, ty) => ty.is_some_and(is_named_result),
    }
}

fn is_named_result(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Result"))
        }
        _ => false,
    }
}

/// Whether it is a number, a truth value, a character or a text by value.
pub(crate) fn is_plain(ty: &Type) -> bool {
    const PLAIN: [&str; 18] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
        "bool", "char", "str", "String",
    ];
    match peel(ty) {
        Type::Path(path) => path.path.get_ident().is_some_and(|name| PLAIN.iter().any(|word| name == word)),
        _ => false,
    }
}

/// What it is, if it cannot be a `Result`. An alias may stand for one; a primitive, a reference or a tuple cannot.
pub(crate) fn not_a_result(output: &ReturnType) -> Option<String> {
    let Some(ty) = written(output) else { return Some("nothing".to_owned()) };
    let is_future = matches!(ty, Type::ImplTrait(ty) if ty.bounds.iter().any(is_future_bound));
    (is_no_result(ty) && !is_future).then(|| format!("`{}`", shown(ty)))
}

/// A type as people write it.
fn shown(ty: &Type) -> String {
    let spaced = ty.to_token_stream().to_string();
    let tight =
        [(" < ", "<"), (" >", ">"), (" :: ", "::"), (" ,", ","), ("& ", "&"), ("[ ", "["), (" ]", "]")];
    tight.iter().fold(spaced, |text, (from, to)| text.replace(from, to))
}

/// Whether a type is no `Result`, as far as its first word tells.
pub(crate) fn is_no_result(ty: &Type) -> bool {
    const PRIMITIVES: [&str; 17] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
        "bool", "char", "str",
    ];
    const COMMON: [&str; 8] = ["String", "Vec", "Option", "Box", "Rc", "Arc", "Cow", "PathBuf"];
    match peel(ty) {
        Type::Path(path) => {
            let primitive =
                path.path.get_ident().is_some_and(|name| PRIMITIVES.iter().any(|word| name == word));
            let last = path.path.segments.last();
            primitive || last.is_some_and(|last| COMMON.iter().any(|word| last.ident == word))
        }
        Type::Macro(_) | Type::Infer(_) | Type::Verbatim(_) => false,
        _ => true,
    }
}

pub(crate) fn is_never(output: &ReturnType) -> bool {
    matches!(written(output), Some(Type::Never(_)))
}
