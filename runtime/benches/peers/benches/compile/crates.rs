//! The crates that are measured: for each subject one of plain and one of async functions. They are a workspace of
//! their own below `target/tmp`, with one target directory, so that what they depend on is compiled once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::source::{KINDS, Kind, source};
use crate::subjects::{SUBJECTS, Subject};

/// The generated workspace.
pub(crate) struct Crates {
    root: PathBuf,
    pub(crate) functions: usize,
}

impl Crates {
    /// Writes them, with that many functions each.
    pub(crate) fn generate(functions: usize) -> Self {
        let crates = Self { root: Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile"), functions };
        crates.write_workspace();
        for subject in &SUBJECTS {
            for kind in KINDS {
                let package = package(subject, kind);
                write(&crates.root.join(&package).join("Cargo.toml"), &manifest(&package, DEPENDENCIES));
                write(&crates.source(subject, kind), &source(subject, kind, functions));
            }
        }
        crates
    }

    fn write_workspace(&self) {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let runtime = here.join("../..").canonicalize().expect("this package is below the runtime's");
        let runtime = runtime.to_str().expect("a path that TOML can hold");
        let members = SUBJECTS.iter().flat_map(|subject| KINDS.map(|kind| package(subject, kind)));
        let members: String = members.map(|member| format!("'{member}', ")).collect();
        let workspace = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n\
             [workspace.dependencies]\n\
             fastrace = {{ version = \"0.7\", features = [\"enable\"] }}\n\
             logwright = {{ path = '{runtime}' }}\n\
             support = {{ path = \"support\" }}\n\
             tracing = \"0.1\"\n\n\
             [profile.release]\ncodegen-units = 1\nopt-level = 3\n"
        );
        write(&self.root.join("Cargo.toml"), &workspace);
        // The same versions as everywhere else, and nothing to ask the network for.
        let lock = Path::new(runtime).join("../Cargo.lock");
        write(
            &self.root.join("Cargo.lock"),
            &fs::read_to_string(lock).expect("the workspace has a Cargo.lock"),
        );
        write(&self.root.join("support/Cargo.toml"), &manifest("support", ""));
        write(&self.root.join("support/src/lib.rs"), include_str!("generated/support.rs"));
    }

    /// Makes cargo compile that crate again.
    pub(crate) fn touch(&self, subject: &Subject, kind: Kind) {
        let file = fs::File::options().append(true).open(self.source(subject, kind));
        let touched = file.and_then(|file| file.set_modified(std::time::SystemTime::now()));
        touched.expect("a file that was written can be touched");
    }

    /// Calls cargo for one of the crates, and panics where it does not compile.
    pub(crate) fn cargo(&self, command: &str, subject: &Subject, kind: Kind, arguments: &[&str]) {
        let status = Command::new(env!("CARGO"))
            .args([command, "--quiet", "--offline", "--package", &package(subject, kind)])
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            // Otherwise little is done again where little has changed.
            .env("CARGO_INCREMENTAL", "0")
            .status();
        assert!(
            status.expect("cargo can be started").success(),
            "{} does not compile",
            package(subject, kind)
        );
    }

    /// Where the object file of a crate goes.
    pub(crate) fn object(&self, subject: &Subject, kind: Kind) -> PathBuf {
        self.root.join(package(subject, kind)).join("code.o")
    }

    fn source(&self, subject: &Subject, kind: Kind) -> PathBuf {
        self.root.join(package(subject, kind)).join("src/lib.rs")
    }
}

const DEPENDENCIES: &str = "fastrace.workspace = true\nlogwright.workspace = true\nsupport.workspace = true\n\
                            tracing.workspace = true\n";

fn manifest(package: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{package}\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}")
}

fn package(subject: &Subject, kind: Kind) -> String {
    format!("{}-{}", subject.package, if kind == Kind::Async { "async" } else { "sync" })
}

fn write(path: &Path, text: &str) {
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).expect("target/tmp can be written to");
}
