//! What is compared, and what it may cost.

/// One way to know how long a function took, or to have it tried again.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// The package's name, before `-sync` or `-async`.
    pub(crate) package: &'static str,
    pub(crate) attribute: &'static str,
    /// A first line of the body.
    pub(crate) statement: &'static str,
    /// For each of the columns.
    pub(crate) budgets: [Option<f64>; COLUMNS.len()],
}

/// A figure of the table.
pub(crate) struct Column {
    pub(crate) title: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) decimals: usize,
    /// Whether it is the same on every machine of a kind, so that the budget is a promise.
    pub(crate) promised: bool,
}

const fn time(title: &'static str) -> Column {
    Column { title, unit: "ms", decimals: 2, promised: false }
}

const fn count(title: &'static str, unit: &'static str) -> Column {
    Column { title, unit, decimals: 0, promised: true }
}

pub(crate) const COLUMNS: [Column; 6] = [
    time("check"),
    time("async"),
    count("code", "bytes"),
    count("async", "bytes"),
    count("future", "bytes"),
    count("off", "instr."),
];

const FUTURE: Option<f64> = Some(64.0);
const NO_BUDGETS: [Option<f64>; COLUMNS.len()] = [None; COLUMNS.len()];

const PLAIN: Subject =
    Subject { name: "nothing", package: "plain", attribute: "", statement: "", budgets: NO_BUDGETS };

/// The others are compared with the first.
pub(crate) const SUBJECTS: [Subject; 7] = [
    PLAIN,
    Subject {
        name: "a guard by hand",
        package: "guard",
        statement: r#"let _guard = support::Guard::new("page_NUMBER");"#,
        ..PLAIN
    },
    Subject {
        name: "#[tracing::instrument(skip_all)]",
        package: "instrument",
        attribute: "#[tracing::instrument(skip_all)]",
        ..PLAIN
    },
    Subject {
        name: "#[fastrace::trace]",
        package: "fastrace-trace",
        attribute: "#[fastrace::trace]",
        ..PLAIN
    },
    Subject {
        name: "#[logwright::log_time]",
        package: "log-time",
        attribute: "#[logwright::log_time]",
        budgets: [Some(0.4), Some(1.0), Some(200.0), Some(600.0), FUTURE, Some(30.0)],
        ..PLAIN
    },
    Subject {
        name: "#[logwright::structured_op]",
        package: "structured-op",
        attribute: "#[logwright::structured_op]",
        budgets: [Some(1.0), Some(1.8), None, None, FUTURE, None],
        ..PLAIN
    },
    Subject {
        name: "#[logwright::retry]",
        package: "retry",
        attribute: r#"#[logwright::retry(max_attempts = 3, delay = "2s")]"#,
        ..PLAIN
    },
];
