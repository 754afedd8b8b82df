//! The newest records, and those that come while one looks.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::Context;
use super::parts::legend;
use super::rows::{Row, table};
use crate::report::table::count;

const ROWS: usize = 50;

fn newest<'a>(context: &Context<'a>) -> Vec<Row<'a>> {
    let store: &'a _ = context.store;
    let newest = (0..context.selection.len()).rev().take(ROWS);
    newest.map(|at| Row::of(context, &store.facts[context.selection.index(at)])).collect()
}

pub(super) fn html(context: &Context<'_>) -> Markup {
    let rows = newest(context);
    html! {
        p { button id="pause" type="button" hidden aria-pressed="false" { "Pause" } }
        p id="fresh" role="status" hidden {}
        noscript { p.note { "Without JavaScript new records are shown when the page is loaded again." } }
        div id="live" { (table(context, &rows)) }
        p { (rows.len()) " of " (count(context.selection.len() as u64)) " shown when the page was made, newest first; new ones come on top." }
        (legend())
    }
}

pub(super) fn json(context: &Context<'_>) -> Value {
    json!({"rows": newest(context).iter().map(|row| row.json(context)).collect::<Vec<_>>()})
}
