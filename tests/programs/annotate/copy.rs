//! The copy of a crate, and what its manifest and its root need to know logwright.

use std::error::Error;
use std::fs;
use std::path::Path;

use quote::ToTokens;

const RUNTIME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");

/// The crate that sets logging up before `main`, as nobody does it in the tests of a crate that does not log.
const LIVE: &str = r#"//! Sets logging up in each program that this is linked into.

extern "C" fn set_up() {
    let setup = logwright::setup("live").level(logwright::Level::Trace).console(logwright::Console::off());
    let lines = logwright::File::json().max_bytes(1 << 30);
    let log = setup.file(None).error_file(None).json_file(lines).install();
    std::mem::forget(log);
}

#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
#[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
static SET_UP: extern "C" fn() = set_up;
"#;

/// Copies a folder, and what is in it, but no repository and nothing that was built.
pub(crate) fn folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == ".git" || name == "target" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            folder(&entry.path(), &to.join(name))?;
        } else {
            // Written anew, since a file of cargo's registry may be read-only.
            fs::write(to.join(name), fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Makes the copy depend on logwright, and a workspace of its own.
pub(crate) fn add_logwright(copy: &Path, live: bool) -> Result<(), Box<dyn Error>> {
    let path = copy.join("Cargo.toml");
    let mut manifest = fs::read_to_string(&path)?;
    // The newer editions alone know a dependency without being told.
    let old = !manifest.contains("\nedition = ");
    if !manifest.contains("\n[workspace]") {
        manifest.push_str("\n[workspace]\n");
    }
    manifest.push_str(&format!("\n[dependencies.logwright]\npath = '{RUNTIME}'\n"));
    if live {
        manifest.push_str("\n[dependencies.logwright-live]\npath = 'logwright-live'\n");
        write_live(&copy.join("logwright-live"))?;
    }
    fs::write(path, manifest)?;
    let named = [(old, "extern crate logwright; "), (live, "extern crate logwright_live as _; ")];
    let named: String = named.into_iter().filter(|(needed, _)| *needed).map(|(_, text)| text).collect();
    Ok(name_in_root(copy, &named)?)
}

fn write_live(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    let package = "[package]\nname = 'logwright-live'\nversion = '0.0.0'\nedition = '2024'\n";
    fs::write(
        folder.join("Cargo.toml"),
        format!("{package}\n[dependencies.logwright]\npath = '{RUNTIME}'\n"),
    )?;
    fs::write(folder.join("src/lib.rs"), LIVE)
}

/// Names crates before the first item of the root.
fn name_in_root(copy: &Path, named: &str) -> std::io::Result<()> {
    let root =
        ["src/lib.rs", "src/main.rs"].map(|root| copy.join(root)).into_iter().find(|root| root.exists());
    let Some(root) = root.filter(|_| !named.is_empty()) else { return Ok(()) };
    let mut text = fs::read_to_string(&root)?;
    let file = syn::parse_file(&text).map_err(std::io::Error::other)?;
    let first = file.items.first().and_then(|item| item.to_token_stream().into_iter().next());
    let offset = first.map_or(text.len(), |token| token.span().byte_range().start);
    text.insert_str(offset, named);
    fs::write(root, text)
}
