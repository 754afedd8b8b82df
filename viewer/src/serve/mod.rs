//! `logwright serve`: the logs as pages for a browser. Pages are rendered here, whole, from the query string alone; the script
//! that comes with them only saves time. Nothing is ever written, and no path from a URL reaches the disk.

mod store;
mod files;
mod view;
mod select;
mod guard;
mod assets;
mod chart;
mod pages;
mod follow;
mod live;
mod spool;
mod server;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use logwright::record::Printable;

use crate::args::Serve;
use crate::input;
use files::Files;
use follow::Follow;
use guard::Guard;
use live::Live;
use select::Cache;
use store::{Kept, Store};

/// How long streams and pages may take to end once the server is told to.
const DRAIN: Duration = Duration::from_millis(500);

/// All that answers requests.
#[derive(Debug)]
struct App {
    store: RwLock<Store>,
    files: RwLock<Files>,
    cache: Cache,
    guard: Guard,
    live: Live,
    /// What is read, as it is shown.
    title: String,
}

/// Serves until it is told to stop.
pub(crate) fn serve(args: &Serve) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot start the server")?;
    let bind = tokio::net::TcpListener::bind(args.listen);
    let listener = runtime.block_on(bind).with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr().context("cannot listen")?;
    let (app, follow) = read(&args.paths, address)?;
    let url = format!("http://{address}/");
    let url = app.guard.token().map_or(url.clone(), |token| format!("{url}?token={token}"));
    let mut out = io::stdout();
    writeln!(out, "{url}").and_then(|()| out.flush()).context("cannot write the URL")?;
    if args.open {
        open(&url);
    }
    let app = Arc::new(app);
    runtime.block_on(server::run(listener, Arc::clone(&app), follow));
    runtime.shutdown_timeout(DRAIN);
    Ok(())
}

/// Reads the logs.
fn read(paths: &[PathBuf], address: std::net::SocketAddr) -> anyhow::Result<(App, Follow)> {
    let shown: Vec<_> = paths.iter().map(|path| Printable(&path.display().to_string()).to_string()).collect();
    let paths = spool::seekable(paths)?;
    let known = input::files(&paths);
    let files = Files::open(known.iter().map(|file| file.path.clone()).collect());
    let mut follow = Follow::new(&paths, &known);
    let (kept, coverage) = input::fold(&paths, Kept::default);
    follow.skip(kept.last());
    if !coverage.is_complete() {
        // The page says the same.
        let _ = writeln!(io::stderr(), "warning: {}", Printable(&coverage.complaint()));
    }
    let app = App {
        store: RwLock::new(Store::new(kept, coverage)),
        files: RwLock::new(files),
        cache: Cache::default(),
        guard: Guard::new(address),
        live: Live::default(),
        title: shown.join(", "),
    };
    Ok((app, follow))
}

/// Shows the page in the user's browser; that there is none is no reason to end.
fn open(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if std::process::Command::new(program).arg(url).spawn().is_err() {
        let _ = writeln!(io::stderr(), "warning: no browser could be started; open {url}");
    }
}
