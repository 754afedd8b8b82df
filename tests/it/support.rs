//! What the tests share: running the test programs, and reading what was logged.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use logwright::record::{Kind, Record, json};
use logwright::{Level, testing};
use serde_json::Value;
use tracing::field::Field;
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

/// Calls `body` and returns the level and message of each record.
pub(crate) fn lines(body: impl FnOnce()) -> Vec<(Level, String)> {
    testing::capture(body).into_iter().map(|record| (record.level, record.message.into_owned())).collect()
}

/// The fields of each record that `body` writes.
pub(crate) fn contexts(body: impl FnOnce()) -> Vec<Value> {
    testing::capture(body).iter().map(|record| record.context.to_value()).collect()
}

/// The one record that `body` writes.
#[track_caller]
pub(crate) fn only(body: impl FnOnce()) -> Record<'static> {
    let mut records = testing::capture(body);
    assert_eq!(records.len(), 1, "{records:#?}");
    records.remove(0)
}

/// What `body` tells of which function: `start Site::read`, `end Site::read`, `time Site::read`, `retry Site::read`.
pub(crate) fn told(body: impl FnOnce()) -> Vec<String> {
    let name = |record: &Record<'_>| match &record.operation {
        Some(operation) => operation.clone().into_owned(),
        None => record.context.to_value()["name"].as_str().unwrap_or_default().to_owned(),
    };
    let what = |record: &Record<'_>| match record.kind {
        Kind::OpStart => "start",
        Kind::OpEnd => "end",
        _ if record.message.contains(" executed in ") => "time",
        _ if record.message.contains("ttempt") => "retry",
        _ => "other",
    };
    testing::capture(body).iter().map(|record| format!("{} {}", what(record), name(record))).collect()
}

/// What `body` tells to a subscriber that wants only what `filter` takes: `INFO target: message`.
pub(crate) fn heard(filter: fn(&Metadata<'_>) -> bool, body: impl FnOnce()) -> Vec<String> {
    // With it there are two dispatchers: one alone might not be asked for what another thread comes to first.
    testing::capture(|| {});
    let lines = Arc::<Mutex<Vec<String>>>::default();
    tracing::subscriber::with_default(Ear { filter, lines: Arc::clone(&lines) }, body);
    std::mem::take(&mut lines.lock().unwrap())
}

/// Keeps what it hears.
struct Ear {
    filter: fn(&Metadata<'_>) -> bool,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Ear {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        (self.filter)(metadata)
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = format!("{} {}: ", metadata.level(), metadata.target());
        event.record(&mut |field: &Field, value: &dyn Debug| {
            if field.name() == "message" {
                line.push_str(&format!("{value:?}"));
            }
        });
        self.lines.lock().unwrap().push(line);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Runs `future` on a runtime of its own, on this thread.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The same where waiting takes no time: the clock jumps to when something is to happen.
pub(crate) fn run_paused<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs a scenario of the program `logs` with its logs in `dir`.
pub(crate) fn logs(scenario: &str, dir: &Path, environment: &[(&str, &str)]) -> Output {
    program(env!("CARGO_BIN_EXE_logs"), environment).arg(scenario).arg(dir).output().unwrap()
}

/// What is in the directory.
pub(crate) fn names(dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
    entries.map(|name| name.into_string().unwrap()).collect()
}

/// Makes a file that holds its own name and was last written so long ago.
pub(crate) fn written(dir: &Path, name: &str, ago: Duration) {
    std::fs::write(dir.join(name), name).unwrap();
    let file = std::fs::File::options().write(true).open(dir.join(name)).unwrap();
    file.set_modified(SystemTime::now() - ago).unwrap();
}

/// A program that sees nothing of this process's own logging variables.
pub(crate) fn program(path: &str, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(path);
    for name in [
        "LOGWRIGHT_CONFIG",
        "LOGWRIGHT_LEVEL",
        "RUST_LOG",
        "LOGWRIGHT_DIR",
        "LOGWRIGHT_FORMAT",
        "LOGWRIGHT_CONSOLE",
        "LOGWRIGHT_COLOR",
        "NO_COLOR",
    ] {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied());
    command
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The records of a file of JSON lines that a program made; what the file says of itself is not one.
#[track_caller]
pub(crate) fn records(path: impl AsRef<Path>) -> Vec<Record<'static>> {
    let content = read(path);
    content
        .lines()
        .map(|line| json::read(line).unwrap_or_else(|error| panic!("{error}: {line}")).into_owned())
        .filter(|record| record.kind != Kind::LogOpen)
        .collect()
}

/// The guide's pattern for a line; it reads what continues a record as no line at all.
pub(crate) fn guides_pattern() -> regex::Regex {
    regex::Regex::new(r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2},\d{3}) - ([\w\.]+) - (\w+) - (.+)").unwrap()
}

/// A program of another package, `logwright` or an example, built in the profile and the directory of this test.
pub(crate) fn built(name: &str) -> &'static Path {
    static BUILT: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    let programs = BUILT.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().and_then(Path::parent).unwrap();
        let profile_name = profile.file_name().unwrap().to_str().unwrap();
        let output = Command::new(env!("CARGO"))
            // The whole workspace, so that the features and with them most of what is built are those of the test.
            .args([
                "build",
                "--workspace",
                "--bin=logwright",
                "--example=*",
                "--quiet",
                "--message-format=json",
            ])
            .arg(format!("--profile={}", if profile_name == "debug" { "dev" } else { profile_name }))
            .arg(concat!("--manifest-path=", env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
            .arg("--target-dir")
            .arg(profile.parent().unwrap())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let messages = text(&output.stdout);
        let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        messages
            .filter_map(|message| {
                let name = message["target"]["name"].as_str()?.to_owned();
                Some((name, PathBuf::from(message["executable"].as_str()?)))
            })
            .collect()
    });
    programs.get(name).unwrap_or_else(|| panic!("no program `{name}` among {programs:?}"))
}

/// A package outside of the workspace, with the versions of the workspace's lock file.
pub(crate) struct Package(tempfile::TempDir);

impl Package {
    /// `manifest` is what follows the package's name; in it, `TESTS` is the directory of the tests.
    pub(crate) fn new(manifest: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let tests = env!("CARGO_MANIFEST_DIR");
        let manifest = manifest.replace("TESTS", tests);
        let manifest =
            format!("[workspace]\n\n[package]\nname = \"outside\"\nversion = \"0.0.0\"\n{manifest}");
        std::fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
        std::fs::copy(Path::new(tests).join("../Cargo.lock"), dir.path().join("Cargo.lock")).unwrap();
        Self(dir)
    }

    pub(crate) fn add(&self, path: &str, content: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Checks it; what it depends on is built but once.
    pub(crate) fn check(&self, arguments: &[&str]) -> Output {
        self.cargo("check", arguments)
    }

    /// Builds and runs one of its programs.
    pub(crate) fn run(&self, program: &str) -> Output {
        self.cargo("run", &["--bin", program])
    }

    /// Builds one of its programs, and that alone, with more options for the compiler; where it is then.
    pub(crate) fn build(&self, program: &str, options: &[&str]) -> PathBuf {
        let output = self.cargo("rustc", &[&["--bin", program, "--"], options].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        Self::target().join("debug").join(program)
    }

    fn target() -> PathBuf {
        std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("tests/packages")
    }

    fn cargo(&self, command: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO"))
            .args([command, "--quiet", "--offline", "--target-dir"])
            .arg(Self::target())
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }
}

/// That a report has the numbers that a few lines of Python count in the same file.
#[track_caller]
pub(crate) fn assert_counted_alike(report: &Value, lines: &Path) {
    let counter = concat!(env!("CARGO_MANIFEST_DIR"), "/it/fixtures/count.py");
    let Ok(counted) = Command::new("python3").arg(counter).arg(lines).output() else {
        assert!(std::env::var_os("CI").is_none(), "there is no python3 to compare with");
        return eprintln!("SKIP: there is no python3 to compare with");
    };
    assert!(counted.status.success(), "{}", text(&counted.stderr));
    let counted: Value = serde_json::from_slice(&counted.stdout).unwrap();
    assert_eq!(report["levels"], counted["levels"]);
    let operations = report["operations"].as_array().unwrap();
    assert_eq!(operations.len(), counted["operations"].as_object().unwrap().len());
    for operation in operations {
        let expected = &counted["operations"][operation["operation"].as_str().unwrap()];
        for number in ["count", "failed", "avg", "min", "max", "total"] {
            let (found, expected) = (operation[number].as_f64().unwrap(), expected[number].as_f64().unwrap());
            assert!((found - expected).abs() <= expected * 1e-12, "{number} of {operation}: {expected}");
        }
    }
}
