//! The Trace Event Format of Chrome, which Perfetto (<https://ui.perfetto.dev>) and `chrome://tracing` open: a complete event
//! (`X`) for each call, an instant (`i`) for what happened in it, and names for processes and lanes.

use std::collections::BTreeSet;
use std::io::{self, Write};

use logwright::record::Timestamp;
use serde_json::{Value, json};

use super::lanes::lanes;
use crate::traces::{Call, Forest, Node};

pub(super) fn write(out: &mut impl Write, forest: &Forest) -> io::Result<()> {
    out.write_all(b"{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n")?;
    let lanes = lanes(forest);
    let mut named = BTreeSet::new();
    let mut between = "";
    for (node, &lane) in forest.nodes.iter().zip(&lanes) {
        let mut events = Vec::new();
        if named.insert(lane) {
            events.push(lane_name(&node.call, lane));
        }
        events.push(call(node, lane));
        events.extend(happenings(&node.call, lane));
        for event in events {
            write!(out, "{between}{event}")?;
            between = ",\n";
        }
    }
    out.write_all(b"\n]}\n")
}

fn lane_name(call: &Call, lane: usize) -> Value {
    let thread = if call.thread.is_empty() { "?" } else { &call.thread };
    json!({
        "name": "thread_name",
        "ph": "M",
        "pid": call.pid.unwrap_or(0),
        "tid": lane,
        "args": {"name": format!("{thread} #{lane}")},
    })
}

/// A call without an end is an event that only begins.
fn call(node: &Node, lane: usize) -> Value {
    let call = &node.call;
    let mut event = json!({
        "name": call.name,
        "cat": call.logger,
        "ph": if call.duration_ns.is_some() { "X" } else { "B" },
        "ts": micros(call.start_ns(Timestamp::default())),
        "pid": call.pid.unwrap_or(0),
        "tid": lane,
        "args": {
            "op_id": call.op_id.to_string(),
            "run": call.run.map(|run| format!("{run:08x}")),
            "status": call.status.map(|status| status.as_str()),
            "error": call.error,
            "context": value(&call.context),
            "attempts": call.attempts,
            "retry_wait_ms": call.retry_wait_ms,
            "critical": node.is_critical,
        },
    });
    if let Some(ns) = call.duration_ns {
        event["dur"] = micros(i128::from(ns)).into();
    }
    event
}

/// The events of a call, as far as they say when they were.
fn happenings(call: &Call, lane: usize) -> Vec<Value> {
    let Value::Array(events) = value(&call.events) else { return Vec::new() };
    let instants = events.into_iter().filter_map(|event| {
        let offset = event["offset_ns"].as_u64()?;
        Some(json!({
            "name": event["type"].as_str().unwrap_or("event"),
            "ph": "i",
            "s": "t",
            "ts": micros(call.start_ns(Timestamp::default()) + i128::from(offset)),
            "pid": call.pid.unwrap_or(0),
            "tid": lane,
            "args": event["data"],
        }))
    });
    instants.collect()
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

fn micros(ns: i128) -> f64 {
    ns as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::tests::call;

    #[test]
    fn calls_are_events_that_a_viewer_of_traces_reads() {
        let mut first = call(1, 0, 5, 100);
        first.events = r#"[{"type":"saved","offset_ns":7000,"data":{"page":1}}]"#.into();
        let mut out = Vec::new();
        write(&mut out, &Forest::of(vec![first, call(2, 1, 10, 0)])).unwrap();
        let trace: Value = serde_json::from_slice(&out).unwrap();
        let events = trace["traceEvents"].as_array().unwrap();
        let shown: Vec<_> =
            events.iter().map(|event| (event["ph"].as_str().unwrap(), event["ts"].as_f64())).collect();
        assert_eq!(shown, [("M", None), ("X", Some(5.0)), ("i", Some(12.0)), ("B", Some(10.0))]);
        assert_eq!((&events[1]["dur"], &events[2]["args"]["page"]), (&json!(100.0), &json!(1)));
    }

    #[test]
    fn nothing_is_a_whole_document_too() {
        let mut out = Vec::new();
        write(&mut out, &Forest::default()).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap()["traceEvents"], json!([]));
    }
}
