//! The HTML of two sites that agree on nothing: one lists the newest chapter first and loads images late, the
//! other lists the oldest first and spreads a chapter over several documents.

use std::fmt::Write;

use super::catalogue::{Chapter, Series, cdn, mirror};

/// Pages in one document of the second layout.
const PAGES_PER_PART: usize = 4;

pub(crate) fn webtoon_list(series: &'static Series) -> String {
    let mut items = String::new();
    for chapter in series.listed().rev() {
        let (path, number, title) = (chapter.path(), chapter.number, escape(chapter.title()));
        let _ = writeln!(
            items,
            r#"<li class="episode" data-no="{number}"><a href="{path}"><span class="subj">Ep. {number} - {title}</span></a></li>"#
        );
    }
    document(series.title, &format!(r#"<ul id="episodes">{items}</ul>"#))
}

pub(crate) fn webtoon_viewer(chapter: Chapter, pages: &[String]) -> String {
    let mut images = String::new();
    for page in pages {
        // The page shows a blank until the reader scrolls to it.
        let (cdn, mirror) = (cdn(page), mirror(page));
        let _ = writeln!(
            images,
            r#"<img class="page" src="/blank.gif" data-src="{cdn}" data-mirror="{mirror}" alt="">"#
        );
    }
    document(chapter.title(), &format!(r#"<div id="viewer">{images}</div>"#))
}

pub(crate) fn baozimh_list(series: &'static Series) -> String {
    let mut links = String::new();
    for chapter in series.listed() {
        let (path, number, title) = (chapter.path(), chapter.number, escape(chapter.title()));
        let _ = writeln!(
            links,
            r#"<a class="comics-chapters__item" href="{path}"><span>第{number}話 {title}</span></a>"#
        );
    }
    document(series.title, &format!(r#"<div class="comics-chapters">{links}</div>"#))
}

/// One document of a chapter; `part` counts from 1.
pub(crate) fn baozimh_part(chapter: Chapter, pages: &[String], part: usize) -> Option<String> {
    let shown = pages.chunks(PAGES_PER_PART).nth(part.checked_sub(1)?)?;
    let mut body = String::from(r#"<section class="comic-contain">"#);
    for page in shown {
        let (cdn, mirror) = (cdn(page), mirror(page));
        let _ = writeln!(
            body,
            r#"<amp-img src="{cdn}" layout="responsive"><img fallback src="{mirror}"></amp-img>"#
        );
    }
    body.push_str("</section>");
    if part * PAGES_PER_PART < pages.len() {
        let _ =
            write!(body, r#"<a class="next_chapter" href="{}?part={}">下一頁</a>"#, chapter.path(), part + 1);
    }
    Some(document(chapter.title(), &body))
}

fn document(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{body}</body></html>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
