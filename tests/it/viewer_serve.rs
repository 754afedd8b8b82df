//! `logwright serve`, end to end: what its pages say, and who may see them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use logwright::Level;
use logwright::record::{Kind, OpId, Record, Status, Timestamp, TraceId};
use serde_json::Value;

use crate::support::built;
use crate::viewer::{PYTHON, folder, json_line, log, run};

/// A server that ends with the test.
pub(crate) struct Server {
    pub(crate) child: Child,
    /// What it printed: `http://127.0.0.1:4711/`.
    pub(crate) url: String,
}

/// An answer to a request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Self {
        Self::with_input(folder, args, b"")
    }

    fn with_input(folder: &Path, args: &[&str], stdin: &[u8]) -> Self {
        let mut command = Command::new(built("logwright"));
        command.arg("serve").args(args).current_dir(folder).env("TZ", "UTC");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned() }
    }

    pub(crate) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap().split('/').next().unwrap()
    }

    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        write!(stream, "{method} {target} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let all = String::from_utf8(all).unwrap();
        let (head, body) = all.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        let answer = self.ask("GET", target, &format!("Host: {}\r\n", self.address()));
        assert!(answer.head.contains("content-security-policy: default-src 'self';"), "{}", answer.head);
        answer
    }

    #[track_caller]
    pub(crate) fn page(&self, target: &str) -> String {
        let answer = self.get(target);
        assert_eq!(answer.status, 200, "{target}: {}", answer.body);
        answer.body
    }

    #[track_caller]
    pub(crate) fn api(&self, target: &str) -> Value {
        serde_json::from_str(&self.page(&format!("/api{target}"))).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn time(second: i64) -> Timestamp {
    Timestamp::from_micros(1_795_350_000_000_000 + second * 1_000_000)
}

/// A call in a trace: its number, its parent's, when it began, and how many seconds it took.
pub(crate) fn call(
    name: &'static str,
    id: u64,
    parent: Option<u64>,
    start: i64,
    seconds: i64,
) -> Record<'static> {
    let number = |id: u64| OpId(id.try_into().unwrap());
    Record {
        kind: Kind::OpEnd,
        operation: Some(name.into()),
        message: format!("{name} completed").into(),
        logger: "chaptrix".into(),
        op_id: Some(number(id)),
        parent_id: parent.map(number),
        trace_id: Some(TraceId(7.try_into().unwrap())),
        duration_ns: Some(seconds as u64 * 1_000_000_000),
        timestamp: time(start + seconds),
        start: Some(time(start)),
        status: Some(Status::Success),
        run: Some(0xab),
        pid: Some(1),
        ..Record::default()
    }
}

pub(crate) fn lines(records: &[Record<'_>]) -> Vec<u8> {
    records.iter().map(json_line).collect::<String>().into_bytes()
}

/// A program's log: a trace with a failed call, an operation that never ended, and records of each level.
pub(crate) fn program() -> Vec<u8> {
    let mut failed = call("fetch_image", 3, Some(1), 6, 2);
    failed.status = Some(Status::Failure);
    failed.level = Level::Error;
    failed.error = Some("HTTP 503 from http://a/1".into());
    failed.error_type = Some("chaptrix::Error".into());
    let open = Record {
        kind: Kind::OpStart,
        duration_ns: None,
        start: None,
        timestamp: time(20),
        trace_id: Some(TraceId(9.try_into().unwrap())),
        status: Some(Status::Started),
        ..call("stitch_page", 9, None, 0, 0)
    };
    let records = [
        Record { timestamp: time(1), ..log(Level::Debug, "looking") },
        Record { timestamp: time(2), ..log(Level::Warning, "slow <b>site</b>") },
        call("load_page", 2, Some(1), 2, 4),
        failed,
        call("download_chapter", 1, None, 0, 10),
        open,
        Record { timestamp: time(21), ..log(Level::Critical, "disk is full") },
    ];
    lines(&records)
}

#[test]
fn the_overview_has_all_that_the_guides_dashboard_shows() {
    let folder = folder(&[("app.log", PYTHON.as_bytes())]);
    let server = Server::start(folder.path(), &["."]);
    let page = server.page("/");
    for part in [
        "<dt>Total records</dt><dd>5</dd>",
        "<dt>Errors</dt><dd>2</dd>",
        "<dt>Unique loggers</dt><dd>4</dd>",
        "Log level distribution",
        "Records over time",
        "Recent errors",
        "Error downloading chapter http://x/1: timed out",
        "Days to show",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(
        server
            .page("/explorer")
            .contains("<option value=\"logger=adapter.baozimh\">adapter.baozimh</option>")
    );
    let found = server.api("/explorer?add=&add=logger%3Dutils.performance&text=1.50");
    assert_eq!(
        (&found["total"], &found["rows"][0]["message"]),
        (&1.into(), &"stitch executed in 1.50 seconds".into())
    );
}

#[test]
fn pages_and_the_report_have_the_same_numbers() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    let report = run(folder.path(), &["analyze", "--format", "json", "."], b"").report();
    let overview = server.api("/overview");
    assert_eq!(overview["levels"], report["levels"]);
    assert_eq!(overview["errors"], report["errors"]["count"]);
    assert_eq!(overview["findings"], report["findings"]);
    let counts = |operations: &Value| -> Vec<_> {
        let all = operations.as_array().unwrap().iter();
        all.map(|one| (one["operation"].clone(), one["count"].clone(), one["failed"].clone())).collect()
    };
    assert_eq!(counts(&server.api("/operations")["operations"]), counts(&report["operations"]));
    let ids = |problems: &Value| -> Vec<_> {
        problems.as_array().unwrap().iter().map(|one| (one["id"].clone(), one["records"].clone())).collect()
    };
    assert_eq!(ids(&server.api("/errors")["problems"]), ids(&report["problems"]));
}

#[test]
fn a_filter_is_the_same_in_every_section() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    for (query, records) in [
        ("", 7),
        ("q=level%3E%3Dwarning", 3),
        ("q=op%3Dfetch_*", 1),
        ("q=dur%3E3s", 2),
        ("q=SITE", 1),
        ("q=-site", 6),
        ("q=error_type%3Dchaptrix::Error", 1),
        ("run=ab", 4),
        ("since=2026-11-22T12:20:10Z", 3),
        ("since=2026-11-22T12:20:02Z&until=2026-11-22T12:20:10Z", 3),
    ] {
        for section in ["/overview", "/operations", "/errors", "/explorer"] {
            let found = server.api(&format!("{section}?{query}"));
            assert_eq!(found["selection"]["records"], records, "{section}?{query}: {}", found["selection"]);
        }
    }
    let problem = server.api("/errors")["problems"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.api(&format!("/explorer?problem={problem}"))["total"], 1);
    let wrong = server.page("/?q=levl%3Derror");
    assert!(wrong.contains("did you mean `level`?") && wrong.contains("role=\"alert\""), "{wrong}");
}

#[test]
fn a_trace_is_drawn_with_its_critical_path() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    let traces = server.api("/traces");
    assert_eq!(
        (&traces["total"], &traces["traces"][0]["operation"]),
        (&1.into(), &"download_chapter".into())
    );
    let trace = server.api("/traces?id=7");
    let calls: Vec<_> = trace["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| {
            (
                call["operation"].as_str().unwrap(),
                call["depth"].as_u64().unwrap(),
                call["critical"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(calls, [("download_chapter", 0, true), ("load_page", 1, true), ("fetch_image", 1, true)]);
    let page = server.page("/traces?id=0000000000000007");
    assert!(page.contains("svg class=\"waterfall\"") && page.contains("svg class=\"flame\""), "{page}");
    assert!(page.contains("fetch_image 2.00 s ✗ failed ★"), "{page}");
}

#[test]
fn what_never_ended_is_told_and_why() {
    let folder = folder(&[("app.jsonl", &program())]);
    let open = Server::start(folder.path(), &["."]).api("/open");
    assert_eq!(open["open"][0]["chain"], serde_json::json!(["stitch_page"]));
    assert_eq!(open["open"][0]["fate"], "died or runs");
}

#[test]
fn two_runs_are_compared() {
    let of_run = |run, seconds: i64, error: &'static str| -> Vec<u8> {
        let calls =
            (0..20).map(|at| Record { run: Some(run), ..call("load", 100 + at, None, at as i64, seconds) });
        let failed = Record { run: Some(run), timestamp: time(1), ..log(Level::Error, error) };
        lines(&calls.chain([failed]).collect::<Vec<_>>())
    };
    let folder = folder(&[("a.jsonl", &of_run(1, 1, "no room")), ("b.jsonl", &of_run(2, 2, "no light"))]);
    let server = Server::start(folder.path(), &["."]);
    let found = server.api("/compare?a=run:00000001&b=run:00000002");
    assert_eq!(found["new_problems"][0]["text"], "no light");
    assert_eq!(found["gone_problems"][0]["text"], "no room");
    assert_eq!(found["operations"][0]["verdict"], "slower: p95 +100 %");
    let same = server.api("/compare?a=run:00000001&b=run:00000001");
    assert_eq!(
        (&same["new_problems"], &same["operations"][0]["verdict"]),
        (&serde_json::json!([]), &"alike".into())
    );
}

#[test]
fn a_record_is_shown_among_its_neighbours_and_with_its_traceback() {
    let folder = folder(&[("app.log", PYTHON.as_bytes())]);
    let server = Server::start(folder.path(), &["."]);
    let at = server.api("/explorer?q=level%3Derror%20timed")["rows"][1]["at"].as_str().unwrap().to_owned();
    let page = server.page(&format!("/explorer?at={at}"));
    assert!(page.contains("TimeoutError: timed out") && page.contains("adapter.py"), "{page}");
    assert!(page.contains("Logging initialized") && !page.contains("Operation sync failed: {{"), "{page}");
    for none in ["9:0", "0:1", "x", "../../etc/passwd:0", "0:99999999999999999999"] {
        assert!(server.page(&format!("/explorer?at={none}")).contains("There is no such record"), "{none}");
    }
}

#[test]
fn no_page_is_large_and_none_hides_how_much_there_is() {
    let record = |at: u64| Record {
        timestamp: time(at as i64),
        ..call("load", at + 1, None, at as i64, 1 + at as i64 % 60)
    };
    let folder = folder(&[("app.jsonl", &lines(&(0..5000).map(record).collect::<Vec<_>>()))]);
    let server = Server::start(folder.path(), &["."]);
    for path in [
        "/",
        "/operations",
        "/operations?op=load",
        "/traces",
        "/errors",
        "/open",
        "/explorer",
        "/live",
        "/traces?id=7",
    ] {
        let page = server.page(path);
        assert!(page.len() <= 100_000, "{path}: {} bytes", page.len());
    }
    assert!(server.page("/explorer").contains("100 of 5,000 shown"));
    assert!(server.page("/explorer?page=50").contains("Page 50 of 50"));
    assert_eq!(server.api("/explorer?page=50")["rows"][99]["time"], time(0).to_string());
}

#[test]
fn standard_input_can_be_shown_again() {
    let folder = folder(&[]);
    let server = Server::with_input(folder.path(), &["-"], &program());
    assert_eq!(server.api("/explorer?q=site")["rows"][0]["message"], "slow <b>site</b>");
}

#[test]
fn nothing_is_written_beside_the_logs() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    server.page("/errors");
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["app.jsonl"]);
    assert_eq!(fs::read(folder.path().join("app.jsonl")).unwrap(), program());
}
