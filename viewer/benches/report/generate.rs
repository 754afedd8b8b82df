//! The files to read: the same on every machine, as large as asked for.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::num::NonZero;
use std::path::Path;

use logwright::Level;
use logwright::record::{Kind, OpId, Record, Status, Timestamp, TraceId, json};

const OPERATIONS: [&str; 6] =
    ["fetch_image", "stitch_page", "download_chapter", "sync", "parse_page", "store"];
const LOGGERS: [&str; 5] = [
    "chaptrix::fetch",
    "chaptrix::stitch",
    "chaptrix::adapter::baozimh",
    "chaptrix::store",
    "chaptrix::retry",
];
/// 2026-11-22T12:00:00Z
const START: i64 = 1_795_348_800_000_000;

/// Makes those that are not there in that size.
pub(super) fn files(folder: &Path, bytes: u64) {
    for (name, write) in [("report.jsonl", json as fn(&mut Random, &mut String)), ("report.log", text)] {
        let path = folder.join(name);
        let known = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        if (bytes..bytes + 10_000).contains(&known) {
            continue;
        }
        let mut file = BufWriter::new(File::create(&path).unwrap());
        let mut random = Random { chance: fastrand::Rng::with_seed(7), now: START, seq: 0, open: Vec::new() };
        let (mut written, mut lines) = (0, String::new());
        while written < bytes {
            lines.clear();
            write(&mut random, &mut lines);
            file.write_all(lines.as_bytes()).unwrap();
            written += lines.len() as u64;
        }
        file.flush().unwrap();
    }
}

struct Random {
    chance: fastrand::Rng,
    now: i64,
    seq: u64,
    /// The operations that have begun.
    open: Vec<(OpId, TraceId, &'static str)>,
}

impl Random {
    fn time(&mut self) -> Timestamp {
        self.now += self.chance.i64(1..5000);
        Timestamp::from_micros(self.now)
    }

    /// Most calls are short, a few take very long.
    fn duration_ns(&mut self) -> u64 {
        let scale = self.chance.u32(0..20);
        self.chance.u64(1_000_000..2_000_000) << (scale / 2)
    }

    fn level(&mut self) -> Level {
        [Level::Debug, Level::Info, Level::Info, Level::Info, Level::Warning, Level::Error]
            [self.chance.usize(0..6)]
    }

    fn page(&mut self) -> u32 {
        self.chance.u32(0..10_000)
    }
}

/// A line of JSON: of ten, three begin an operation, three end one, the others are messages within one.
fn json(random: &mut Random, out: &mut String) {
    let record = match random.chance.u8(0..10) {
        0..3 => start(random),
        3..6 if !random.open.is_empty() => end(random),
        _ => message(random),
    };
    json::write(out, &record);
}

fn common(random: &mut Random) -> Record<'static> {
    random.seq += 1;
    let logger = LOGGERS[random.chance.usize(..LOGGERS.len())].into();
    let (run, seq, pid) = (Some(0x5f1d_0a2c), Some(random.seq), Some(4591));
    Record {
        timestamp: random.time(),
        logger,
        run,
        seq,
        pid,
        thread: Some("main".into()),
        ..Record::default()
    }
}

fn start(random: &mut Random) -> Record<'static> {
    let (id, trace) = (random.chance.u64(1..), random.chance.u128(1..));
    let (op_id, trace_id) = (NonZero::new(id).map(OpId), NonZero::new(trace).map(TraceId));
    let name = OPERATIONS[random.chance.usize(..OPERATIONS.len())];
    random.open.extend(op_id.zip(trace_id).map(|(id, trace)| (id, trace, name)));
    let record = common(random);
    Record {
        kind: Kind::OpStart,
        message: format!("{name} started").into(),
        operation: Some(name.into()),
        op_id,
        trace_id,
        depth: Some(0),
        start: Some(record.timestamp),
        status: Some(Status::Started),
        src: Some("src/fetch.rs:112".into()),
        ..record
    }
}

fn end(random: &mut Random) -> Record<'static> {
    // One of the last few to begin.
    let at = random.open.len() - 1 - random.chance.usize(..random.open.len().min(8));
    let (op_id, trace_id, name) = random.open.remove(at);
    let (record, ns) = (common(random), random.duration_ns());
    let failed = random.chance.u8(0..50) == 0;
    Record {
        kind: Kind::OpEnd,
        level: if failed { Level::Error } else { Level::Info },
        message: format!("{name} took {:.3} s", ns as f64 / 1e9).into(),
        operation: Some(name.into()),
        op_id: Some(op_id),
        trace_id: Some(trace_id),
        depth: Some(0),
        start: Some(Timestamp::from_micros(record.timestamp.as_micros() - ns as i64 / 1000)),
        duration_ns: Some(ns),
        status: Some(if failed { Status::Failure } else { Status::Success }),
        error: failed.then(|| "HTTP 503".into()),
        src: Some("src/fetch.rs:112".into()),
        ..record
    }
}

fn message(random: &mut Random) -> Record<'static> {
    let inside = random.open.last().copied();
    let (record, page) = (common(random), random.page());
    Record {
        level: random.level(),
        message: format!("Attempt 1 failed: no \"page\" at http://example.com/{page}").into(),
        op_id: inside.map(|(id, ..)| id),
        trace_id: inside.map(|(_, trace, _)| trace),
        ..record
    }
}

/// A line of the guide's format: of ten, three say how long a call took.
fn text(random: &mut Random, out: &mut String) {
    let time = random.time().to_string();
    let stamp = format!("{} {},{}", &time[..10], &time[11..19], &time[20..23]);
    let line = if random.chance.u8(0..10) < 3 {
        let name = OPERATIONS[random.chance.usize(..OPERATIONS.len())];
        let seconds = random.duration_ns() as f64 / 1e9;
        format!("{stamp} - utils.performance - DEBUG - {name} executed in {seconds:.2} seconds\n")
    } else {
        let (level, page) = (random.level(), random.page());
        let logger = LOGGERS[random.chance.usize(..LOGGERS.len())].replace("::", ".");
        let text = "Attempt 1 failed: 503 Server Error for url: http://example.com/chapters";
        format!("{stamp} - {logger} - {level} - {text}/{page}. Retrying in 2 seconds...\n")
    };
    out.push_str(&line);
}
