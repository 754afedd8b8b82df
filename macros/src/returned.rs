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
    let ReturnType::Type(_, ty) = &sig.output else { return Shape::Sync };
    match &**ty {
        Type::ImplTrait(ty) if ty.bounds.iter().any(is_future_bound) => Shape::ImplFuture,
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "BoxFuture" || last.ident == "LocalBoxFuture" => Shape::BoxedFuture,
            Some(last) if last.ident == "Pin" && is_boxed_future(&last.arguments) => Shape::BoxedFuture,
            _ => Shape::Sync,
        },
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

/// Whether these are the arguments `<Box<dyn Future>>`.
fn is_boxed_future(arguments: &PathArguments) -> bool {
    boxed_future(arguments).is_some_and(|object| object.bounds.iter().any(is_future_bound))
}

/// The trait object in `<Box<dyn Trait>>`.
fn boxed_future(arguments: &PathArguments) -> Option<&syn::TypeTraitObject> {
    let Some(Type::Path(boxed)) = last_type(arguments) else { return None };
    let last = boxed.path.segments.last().filter(|last| last.ident == "Box")?;
    match last_type(&last.arguments) {
        Some(Type::TraitObject(object)) => Some(object),
        _ => None,
    }
}

fn last_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return None };
    list.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// What comes out of a boxed future.
pub(crate) fn future_output(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::Path(path) = &**ty else { return None };
    let last = path.path.segments.last()?;
    let Some(object) = boxed_future(&last.arguments) else { return last_type(&last.arguments).cloned() };
    object.bounds.iter().find_map(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => output_of(&bound.path.segments.last()?.arguments),
        _ => None,
    })
}

/// The type in `<Output = T>`.
fn output_of(arguments: &PathArguments) -> Option<Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return None };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(associated) if associated.ident == "Output" => Some(associated.ty.clone()),
        _ => None,
    })
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
        Type::Array(mut array) => {
            array.elem = Box::new(erase_impl(*array.elem));
            Type::Array(array)
        }
        Type::Paren(paren) => erase_impl(*paren.elem),
        Type::Group(group) => erase_impl(*group.elem),
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
    let named = |ty: &Type| match ty {
        Type::Path(path) => {
            path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Result"))
        }
        _ => false,
    };
    match output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => named(ty) || future_output(output).is_some_and(|ty| named(&ty)),
    }
}

/// What it is, if it cannot be a `Result`. An alias may stand for one; a primitive, a reference or a tuple cannot.
pub(crate) fn not_a_result(output: &ReturnType) -> Option<String> {
    const PRIMITIVES: [&str; 17] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
        "bool", "char", "str",
    ];
    let ReturnType::Type(_, ty) = output else { return Some("nothing".to_owned()) };
    let may_be = match &**ty {
        Type::Path(path) => {
            !path.path.get_ident().is_some_and(|ident| PRIMITIVES.iter().any(|primitive| ident == primitive))
        }
        Type::ImplTrait(ty) => ty.bounds.iter().any(is_future_bound),
        Type::Macro(_) | Type::Paren(_) | Type::Group(_) | Type::Infer(_) => true,
        _ => false,
    };
    (!may_be).then(|| format!("`{}`", ty.to_token_stream()))
}
