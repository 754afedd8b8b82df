//! Requests to answers: who may ask, which page it is, and what every answer tells the browser.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use logwright::record::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::follow::Follow;
use super::guard::Verdict;
use super::pages::{self, Context};
use super::view::View;
use super::{App, DRAIN, assets};

/// No inline script or style, nothing from elsewhere, in no other page's frame.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// Answers until a signal comes; what is still open then is cut after a moment.
pub(super) async fn run(listener: TcpListener, app: Arc<App>, follow: Follow) {
    let (stop, stopped) = watch::channel(false);
    let follower = follow.start(Arc::clone(&app));
    let router = Router::new().fallback(answer).with_state(Arc::clone(&app));
    let mut until = stopped.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = until.changed().await;
    });
    let server = tokio::spawn(async move { server.await });
    signal().await;
    drop(follower);
    app.live.end();
    let _ = stop.send(true);
    let _ = tokio::time::timeout(DRAIN, server).await;
}

/// Ctrl-C, or what `kill` sends.
async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let kind = tokio::signal::unix::SignalKind::terminate();
        if let Ok(mut terminate) = tokio::signal::unix::signal(kind) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    if interrupt.await.is_err() {
        // Without it only a kill ends the server.
        tokio::time::sleep(Duration::MAX).await;
    }
}

async fn answer(State(app): State<Arc<App>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let mut response = match app.guard.judge(request.method(), request.headers(), &query) {
        Verdict::Refuse(status, why) => plain(status, why),
        Verdict::Welcome { cookie } => welcome(&View::of(&path, &query, Timestamp::now()), &cookie),
        Verdict::Pass => match path.as_str() {
            "/live/events" => {
                let view = View::of(&path, &query, Timestamp::now());
                let last =
                    request.headers().get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
                let last = last.or(view.number("last"));
                app.live.stream(view, last)
            }
            _ => page(Arc::clone(&app), path, query).await,
        },
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The same page without the token in its URL.
fn welcome(view: &View, cookie: &str) -> Response {
    let mut response = plain(StatusCode::SEE_OTHER, "");
    for (name, value) in [(header::SET_COOKIE, cookie), (header::LOCATION, &view.to(&view.path))] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn page(app: Arc<App>, path: String, query: String) -> Response {
    if let Some(asset) = assets::find(&path) {
        let mut response = body(StatusCode::OK, asset.mime, asset.content.to_owned());
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(header::CACHE_CONTROL, forever);
        return response;
    }
    // Pages read files and may take a while; streams must go on meanwhile.
    let made = tokio::task::spawn_blocking(move || render(&app, &path, &query)).await;
    made.unwrap_or_else(|_| {
        plain(StatusCode::INTERNAL_SERVER_ERROR, "this page could not be made; the others can")
    })
}

fn render(app: &App, path: &str, query: &str) -> Response {
    let api = path.strip_prefix("/api");
    let section = match api {
        Some("" | "/overview") => "/",
        Some(section) => section,
        None => path,
    };
    let view = View::of(section, query, Timestamp::now());
    let store = app.store.read().unwrap_or_else(PoisonError::into_inner);
    let files = app.files.read().unwrap_or_else(PoisonError::into_inner);
    let selection = app.cache.of(&store, &files, &view);
    let context =
        Context { view: &view, store: &store, files: &files, selection: &selection, title: &app.title };
    let Some(page) = pages::of(section) else {
        return plain(StatusCode::NOT_FOUND, "there is no such page; the first one is at /");
    };
    if api.is_some() {
        let json = pages::envelope(&context, (page.json)(&context));
        // A script is not to take all records for an answer to what could not be read.
        let status = if view.error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        return body(status, "application/json", json.to_string());
    }
    body(StatusCode::OK, "text/html; charset=utf-8", pages::whole(&context, page).into_string())
}

fn plain(status: StatusCode, text: &str) -> Response {
    body(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

fn body(status: StatusCode, mime: &'static str, content: String) -> Response {
    let mut response = Response::new(Body::from(content));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    response
}
