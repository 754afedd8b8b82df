//! What was just written, to whoever looks: one stream for each page. Who reads too slowly is told how much was left out.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_core::Stream;
use logwright::record::{Printable, Record};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::view::View;
use crate::input::Place;

/// So many of the last records are kept, for those that were away for a moment.
const KEPT: usize = 500;
/// So many messages may wait for a reader.
const WAITING: usize = 16;
/// More readers than this are not served.
const MAX_READERS: usize = 64;

/// A record that was just read.
#[derive(Clone, Debug)]
pub(super) struct Fresh {
    pub(super) place: Place,
    pub(super) record: Record<'static>,
}

#[derive(Debug, Default)]
pub(super) struct Live(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    readers: Vec<Reader>,
    /// The last ones, each with its number.
    kept: VecDeque<(u64, Fresh)>,
    count: u64,
    is_over: bool,
}

#[derive(Debug)]
struct Reader {
    view: View,
    sender: Sender<String>,
    left_out: u64,
}

impl Live {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells all readers of new records; `left_out` more came at the same time.
    pub(super) fn tell(&self, fresh: Vec<Fresh>, left_out: u64) {
        let mut state = self.state();
        let state = &mut *state;
        let first = state.count + 1;
        state.count += fresh.len() as u64 + left_out;
        state.kept.extend((first..).zip(fresh.iter().cloned()));
        let more = state.kept.len().saturating_sub(KEPT);
        state.kept.drain(..more);
        for reader in &mut state.readers {
            reader.left_out += left_out;
            let all = (first..).zip(&fresh);
            let rows: Vec<_> =
                all.filter(|(_, fresh)| reader.wants(fresh)).map(|(_, fresh)| row(fresh)).collect();
            reader.send(state.count, rows);
        }
        state.readers.retain(|reader| !reader.sender.is_closed());
    }

    /// A stream of what is new from now on, or since the number that was seen last.
    pub(super) fn stream(&self, view: View, last: Option<u64>) -> Response {
        let (sender, receiver) = channel(WAITING);
        let mut state = self.state();
        let mut reader = Reader { view, sender, left_out: 0 };
        if !state.is_over && state.readers.len() < MAX_READERS {
            let since = last.filter(|last| *last <= state.count).unwrap_or(state.count);
            let first = state.kept.front().map_or(state.count + 1, |(number, _)| *number);
            reader.left_out = first.saturating_sub(since + 1).min(state.count - since);
            let missed = state.kept.iter().filter(|(number, fresh)| *number > since && reader.wants(fresh));
            let missed = missed.map(|(_, fresh)| row(fresh)).collect();
            reader.send(state.count, missed);
            state.readers.push(reader);
        }
        let mut response = Response::new(Body::from_stream(Lines(receiver)));
        let mime = HeaderValue::from_static("text/event-stream");
        response.headers_mut().insert(header::CONTENT_TYPE, mime);
        response
    }

    /// Whether anybody looks.
    pub(super) fn is_watched(&self) -> bool {
        !self.state().readers.is_empty()
    }

    /// Ends all streams.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.is_over = true;
        state.readers.clear();
    }
}

impl Reader {
    fn wants(&self, fresh: &Fresh) -> bool {
        self.view.query.matches(&fresh.record) == Some(true)
    }

    fn send(&mut self, number: u64, rows: Vec<Value>) {
        let rest = rows.len() as u64;
        let message = json!({"rows": rows, "left_out": self.left_out});
        // JSON has no line feed of its own, which would end the event.
        match self.sender.try_send(format!("id: {number}\nevent: rows\ndata: {message}\n\n")) {
            Ok(()) => self.left_out = 0,
            Err(_) => self.left_out += rest,
        }
    }
}

fn row(fresh: &Fresh) -> Value {
    let record = &fresh.record;
    let text = |text: &str| Printable(text).to_string();
    json!({
        "at": format!("{}:{}", fresh.place.file, fresh.place.offset),
        "time": record.timestamp.to_string(),
        "level": record.level.as_str(),
        "logger": text(&record.logger),
        "operation": record.operation.as_deref().map(text),
        "message": text(&record.message),
    })
}

/// The messages as they come; it ends when nobody can send any more.
struct Lines(Receiver<String>);

impl Stream for Lines {
    type Item = Result<String, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|message| message.map(Ok))
    }
}
