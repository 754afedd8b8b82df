//! Lines of several logs in the order of their times. Lines wait a moment for earlier ones of other logs; what comes later
//! than that is told when it comes. The order within a log is never changed.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use logwright::record::Timestamp;

use super::entry::Entry;

/// So many lines may wait. More are told at once: what comes so fast is read late as it is.
const MAX_WAITING: usize = 65_536;

#[derive(Debug, Default)]
pub(super) struct Merge {
    logs: BTreeMap<String, Waiting>,
    waiting: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<(Instant, Timestamp, Entry)>,
    /// The time of the last record: what is none has that.
    last: Timestamp,
}

impl Merge {
    pub(super) fn push(&mut self, log: &str, now: Instant, entry: Entry) {
        if !self.logs.contains_key(log) {
            self.logs.insert(log.to_owned(), Waiting::default());
        }
        let Some(waiting) = self.logs.get_mut(log) else { return };
        waiting.last = entry.timestamp().unwrap_or(waiting.last);
        waiting.lines.push_back((now, waiting.last, entry));
        self.waiting += 1;
    }

    /// The next line, and its log, where some line has waited that long. Of the first lines of all logs it is the earliest.
    pub(super) fn pop(&mut self, now: Instant, wait: Duration) -> Option<(&str, Entry)> {
        let firsts = self.logs.values().filter_map(|log| log.lines.front());
        let mut firsts = firsts.map(|(arrived, ..)| now.saturating_duration_since(*arrived));
        if self.waiting <= MAX_WAITING && !firsts.any(|waited| waited >= wait) {
            return None;
        }
        let with_lines = self.logs.iter_mut().filter(|(_, log)| !log.lines.is_empty());
        let (name, log) =
            with_lines.min_by_key(|(_, log)| log.lines.front().map(|(_, timestamp, _)| *timestamp))?;
        let (.., entry) = log.lines.pop_front()?;
        self.waiting -= 1;
        Some((name, entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_millis(200);

    fn line(second: u32) -> Entry {
        Entry::read(format!("2026-11-22 12:45:{second:02},000 - a - INFO - x").as_bytes(), false)
    }

    fn popped(merge: &mut Merge, now: Instant) -> Vec<String> {
        let seconds = |entry: &Entry| {
            if entry.records.is_empty() { "--".to_owned() } else { entry.line[17..19].to_owned() }
        };
        std::iter::from_fn(|| merge.pop(now, WAIT).map(|(log, entry)| format!("{log}{}", seconds(&entry))))
            .collect()
    }

    #[test]
    fn lines_wait_for_earlier_ones_of_other_logs() {
        let (mut merge, start) = (Merge::default(), Instant::now());
        merge.push("a", start, line(2));
        merge.push("a", start, line(5));
        assert_eq!(popped(&mut merge, start + WAIT / 2), [""; 0]);
        merge.push("b", start + WAIT / 2, line(1));
        merge.push("b", start + WAIT / 2, line(7));
        assert_eq!(popped(&mut merge, start + WAIT), ["b01", "a02", "a05"]);
        merge.push("a", start + WAIT, line(6));
        assert_eq!(popped(&mut merge, start + 2 * WAIT), ["a06", "b07"]);
    }

    #[test]
    fn the_order_within_a_log_stays_whatever_the_clock_did() {
        let (mut merge, start) = (Merge::default(), Instant::now());
        for (log, second) in [("a", 9), ("a", 1), ("a", 2), ("b", 3), ("b", 8)] {
            merge.push(log, start, line(second));
        }
        assert_eq!(popped(&mut merge, start + WAIT), ["b03", "b08", "a09", "a01", "a02"]);
    }

    #[test]
    fn what_is_no_record_stays_behind_the_one_that_it_follows() {
        let (mut merge, start) = (Merge::default(), Instant::now());
        merge.push("a", start, line(3));
        merge.push("a", start, Entry::read(b"Traceback", false));
        merge.push("b", start, line(4));
        assert_eq!(popped(&mut merge, start + WAIT), ["a03", "a--", "b04"]);
    }

    #[test]
    fn no_more_wait_than_there_is_room_for() {
        let (mut merge, start) = (Merge::default(), Instant::now());
        for _ in 0..MAX_WAITING + 3 {
            merge.push("a", start, Entry::default());
        }
        assert_eq!(std::iter::from_fn(|| merge.pop(start, WAIT).map(|_| ())).count(), 3);
    }
}
