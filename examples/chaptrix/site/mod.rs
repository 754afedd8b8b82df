//! The comic site on the loopback address: routes, and the faults laid over all of them.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures::{StreamExt, stream};
use reqwest::Url;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

mod dice;
mod catalogue;
mod layout;
mod pages;
mod faults;

use catalogue::{Chapter, Layout, Series};
use faults::{Fault, Plan};

pub(crate) use faults::Level;

/// Longer than the client waits.
const STALL: Duration = Duration::from_millis(2500);

/// A running site; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) url: Url,
    server: JoinHandle<()>,
}

impl Site {
    pub(crate) async fn start(level: Level, seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = Url::parse(&format!("http://{}/", listener.local_addr()?)).map_err(io::Error::other)?;
        let routes = routes(Arc::new(Shared { seed, plan: Plan::new(level, seed), asked: Mutex::default() }));
        let server = tokio::spawn(async move {
            // Serving ends only when the task is aborted; a failed connection is the client's to report.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { url, server })
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Shared {
    seed: u64,
    plan: Plan,
    /// How often each path was asked for.
    asked: Mutex<HashMap<String, usize>>,
}

fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/webtoon/comic/{slug}", get(webtoon_list))
        .route("/webtoon/viewer/{slug}/{number}", get(webtoon_viewer))
        .route("/baozimh/comic/{slug}", get(baozimh_list))
        .route("/baozimh/chapter/{slug}/{number}", get(baozimh_part))
        .route("/cdn/{slug}/{number}/{page}", get(page))
        .route("/mirror/{slug}/{number}/{page}", get(page))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), with_faults))
        .with_state(shared)
}

async fn webtoon_list(Path(slug): Path<String>) -> Result<Html<String>, StatusCode> {
    let series = Series::find(Layout::Webtoon, &slug).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Html(layout::webtoon_list(series)))
}

async fn webtoon_viewer(
    State(shared): State<Arc<Shared>>,
    Path((slug, number)): Path<(String, u32)>,
) -> Result<Html<String>, StatusCode> {
    let chapter = find_chapter(Layout::Webtoon, &slug, number)?;
    Ok(Html(layout::webtoon_viewer(chapter, &chapter.pages(shared.seed))))
}

async fn baozimh_list(Path(slug): Path<String>) -> Result<Html<String>, StatusCode> {
    let series = Series::find(Layout::Baozimh, &slug).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Html(layout::baozimh_list(series)))
}

async fn baozimh_part(
    State(shared): State<Arc<Shared>>,
    Path((slug, number)): Path<(String, u32)>,
    Query(query): Query<HashMap<String, usize>>,
) -> Result<Html<String>, StatusCode> {
    let chapter = find_chapter(Layout::Baozimh, &slug, number)?;
    let part = query.get("part").copied().unwrap_or(1);
    let html = layout::baozimh_part(chapter, &chapter.pages(shared.seed), part);
    html.map(Html).ok_or(StatusCode::NOT_FOUND)
}

async fn page(
    State(shared): State<Arc<Shared>>,
    Path((slug, number, page)): Path<(String, u32, String)>,
) -> Result<Vec<u8>, StatusCode> {
    let name = format!("{slug}/{number}/{page}");
    let chapter = [Layout::Webtoon, Layout::Baozimh]
        .iter()
        .find_map(|layout| find_chapter(*layout, &slug, number).ok());
    if !chapter.is_some_and(|chapter| chapter.pages(shared.seed).contains(&name)) {
        return Err(StatusCode::NOT_FOUND);
    }
    let drawn = tokio::task::spawn_blocking(move || pages::draw(shared.seed, &name)).await;
    drawn.ok().and_then(Result::ok).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn find_chapter(layout: Layout, slug: &str, number: u32) -> Result<Chapter, StatusCode> {
    Series::find(layout, slug).and_then(|series| series.chapter(number)).ok_or(StatusCode::NOT_FOUND)
}

/// Answers as the plan says instead of, or after, asking the route.
async fn with_faults(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let path = request.uri().to_string();
    let before = {
        let mut asked = shared.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let count = asked.entry(path.clone()).or_default();
        *count += 1;
        *count - 1
    };
    match shared.plan.fault(&path, before) {
        None => next.run(request).await,
        Some(Fault::Unavailable) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Busy) => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response(),
        Some(Fault::Lost) => StatusCode::NOT_FOUND.into_response(),
        Some(Fault::Stall) => {
            tokio::time::sleep(STALL).await;
            next.run(request).await
        }
        Some(Fault::CutShort) => cut(next.run(request).await, true).await,
        Some(Fault::CutFile) => cut(next.run(request).await, false).await,
    }
}

/// The first part of an answer, with the length of the whole (`announced`) or of the part.
async fn cut(response: Response, announced: bool) -> Response {
    let Ok(whole) = axum::body::to_bytes(response.into_body(), usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let part = whole.slice(..whole.len() / 2);
    if !announced {
        return part.into_response();
    }
    let break_off = async {
        // By now the part is on its way; an error at once would replace the whole answer.
        tokio::time::sleep(Duration::from_millis(20)).await;
        io::Result::<Bytes>::Err(io::ErrorKind::ConnectionAborted.into())
    };
    let pieces = stream::iter([Ok(part)]).chain(stream::once(break_off));
    ([(header::CONTENT_LENGTH, whole.len())], Body::from_stream(pieces)).into_response()
}
