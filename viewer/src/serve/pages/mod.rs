//! The pages, one file for each, and the same as JSON for programs. Each is made of what its URL asks for, and of nothing else.

mod parts;
mod rows;
mod overview;
mod explorer;
mod operations;
mod traces;
mod retries;
mod errors;
mod open;
mod compare;
mod live;

use logwright::record::{Printable, Timestamp};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::assets;
use super::files::Files;
use super::select::Selection;
use super::store::{MAX_FACTS, Store};
use super::view::View;
use crate::report::table::count;
use crate::summary::Summary;

/// All that a page is made of.
pub(super) struct Context<'a> {
    pub(super) view: &'a View,
    pub(super) store: &'a Store,
    pub(super) files: &'a Files,
    pub(super) selection: &'a Selection,
    pub(super) title: &'a str,
}

impl<'a> Context<'a> {
    fn summary(&self) -> &'a Summary {
        self.selection.summary(self.store)
    }
}

/// A section of the dashboard.
#[derive(Debug)]
pub(super) struct Page {
    path: &'static str,
    name: &'static str,
    html: fn(&Context<'_>) -> Markup,
    pub(super) json: fn(&Context<'_>) -> Value,
}

static PAGES: &[Page] = &[
    Page { path: "/", name: "Overview", html: overview::html, json: overview::json },
    Page { path: "/operations", name: "Operations", html: operations::html, json: operations::json },
    Page { path: "/traces", name: "Traces", html: traces::html, json: traces::json },
    Page { path: "/retries", name: "Retries", html: retries::html, json: retries::json },
    Page { path: "/errors", name: "Errors", html: errors::html, json: errors::json },
    Page { path: "/open", name: "Open", html: open::html, json: open::json },
    Page { path: "/compare", name: "Compare", html: compare::html, json: compare::json },
    Page { path: "/explorer", name: "Explorer", html: explorer::html, json: explorer::json },
    Page { path: "/live", name: "Live", html: live::html, json: live::json },
];

pub(super) fn of(path: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.path == path)
}

/// A page's numbers with what they are of.
pub(super) fn envelope(context: &Context<'_>, mut page: Value) -> Value {
    let Context { view, store, selection, .. } = context;
    if let Some(members) = page.as_object_mut() {
        let about = json!({
            "records": selection.len(),
            "of": store.facts.len(),
            "dropped": store.dropped,
            "unread": selection.unread,
            "complete": store.coverage.is_complete(),
            "error": view.error,
        });
        members.insert("selection".to_owned(), about);
    }
    page
}

/// A page with all that is around it.
pub(super) fn whole(context: &Context<'_>, page: &Page) -> Markup {
    let view = context.view;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.name) " · logwright" }
                link rel="icon" type="image/svg+xml" href=(assets::FAVICON.path);
                link rel="stylesheet" href=(assets::CSS.path);
                script src=(assets::APP.path) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the page" }
                header { (head(context, page)) }
                main id="main" tabindex="-1" data-page=(page.path) data-live=(view.to("/live/events")) {
                    h1 { (page.name) }
                    (notes(context))
                    ((page.html)(context))
                }
                footer { (foot(context)) }
            }
        }
    }
}

/// The way to all sections, and the filter that they share.
fn head(context: &Context<'_>, page: &Page) -> Markup {
    const ASKED: [&str; 4] = ["q", "since", "until", "days"];
    let view = context.view;
    html! {
        div.top {
            strong.brand { "logwright" } " " span.source { (context.title) }
            button.theme type="button" hidden { "Theme" }
            button.help type="button" hidden { "Keys" }
        }
        nav aria-label="Sections" {
            @for known in PAGES {
                a href=(view.to(known.path)) aria-current=[(known.path == page.path).then_some("page")] { (known.name) }
                " "
            }
        }
        form.filter method="get" action=(view.path) role="search" {
            @for (key, value) in view.others(&ASKED) { input type="hidden" name=(exact(key)) value=(exact(value)); }
            label { "Filter " input id="search" type="search" name="q" value=(exact(view.get("q"))) placeholder="level>=warning op=fetch_* dur>2s \"text\""; }
            label { "Since " input name="since" value=(exact(view.get("since"))) placeholder="-3h, yesterday" size="12"; }
            label { "Until " input name="until" value=(exact(view.get("until"))) size="12"; }
            label { "Days to show " input type="number" name="days" min="1" max="30" value=(exact(view.get("days"))) placeholder="all"; }
            button type="submit" { "Show" }
        }
    }
}

/// What was asked for, and what is to know of the answer.
fn notes(context: &Context<'_>) -> Markup {
    let Context { view, store, selection, .. } = context;
    let all = store.facts.len() as u64;
    html! {
        @if let Some(error) = &view.error { pre.error role="alert" { (error) } }
        p.found {
            (count(selection.len() as u64)) " of " (count(all)) " records"
            @for (key, value) in view.filters() {
                " " a.chip href=(view.link(&view.path, &[(key, "")])) title="Take it out" { (key) ": " (safe(value)) " ✕" }
            }
        }
        @if store.dropped > 0 {
            p.warning { "There are more records than fit: these are the newest " (count(MAX_FACTS as u64)) "; "
                (count(store.dropped)) " older ones are left out." }
        }
        @if selection.unread > 0 {
            p.warning { (count(selection.unread)) " records could not be asked: their lines are not there any more, or are compressed." }
        }
        @if let (0, Some(days)) = (selection.len(), view.days()) {
            p.warning { "No record of the past " (days) " days." }
        }
    }
}

fn foot(context: &Context<'_>) -> Markup {
    let coverage = &context.store.coverage;
    let counts = &coverage.counts;
    html! {
        p {
            (count(coverage.files)) " files, " (count(counts.bytes)) " bytes, " (count(counts.records)) " records; "
            (count(counts.unparsed)) " lines not understood, " (count(counts.truncated)) " cut short, "
            (count(coverage.skipped)) " files passed over. Times are UTC. "
            a href=(format!("/api{}", context.view.link(&context.view.path, &[]))) { "This page as JSON" }
        }
        @if !coverage.notes.is_empty() {
            details {
                summary { "What was not read, and why" }
                ul { @for note in coverage.notes.iter().take(100) { li { (safe(&note.name)) ": " (safe(&note.text)) } } }
            }
        }
    }
}

/// Text from a log: what drives a terminal or turns text around is written out; the rest is escaped by who puts it in a page.
fn safe(text: &str) -> String {
    Printable(text).to_string()
}

/// The value of a field that comes back as it is, whatever is in it: what must not stand in a page is written by its number.
fn exact(text: &str) -> PreEscaped<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_plain =
            !matches!(c, '"' | '&' | '<' | '>' | '\\') && safe(c.encode_utf8(&mut [0; 4])).chars().eq([c]);
        if is_plain || c == '\\' {
            out.push(c);
        } else {
            out.push_str(&format!("&#x{:x};", u32::from(c)));
        }
    }
    PreEscaped(out)
}

/// A time as it is shown.
fn when(time: Timestamp) -> String {
    let text = time.to_string();
    let text = text.trim_end_matches('Z');
    // Milliseconds are enough to see.
    text.get(..23).unwrap_or(text).replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_what_a_page_must_not_have() {
        assert_eq!(exact("a\\ \"<\u{1b}漫").0, "a\\ &#x22;&#x3c;&#x1b;漫");
    }
}
