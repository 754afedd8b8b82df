//! A web-comic downloader: it looks for new chapters, downloads their pages from a site that often fails, and
//! stitches them together. Shows the three attributes and the log files of a whole program.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may panic"))]

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;

mod args;
mod settings;
mod library;
mod names;
mod error;
mod picture;
mod http;
mod download;
mod adapters;
mod stitch;
mod report;
mod workflow;
mod progress;
mod summary;
mod site;

use args::Args;
use download::Downloader;
use http::Http;
use progress::Progress;
use report::RunReport;
use settings::Settings;
use site::Site;
use workflow::{Folders, Workflow};

/// Something could not be had.
const INCOMPLETE: u8 = 1;
/// The run could not begin.
const USAGE: u8 = 2;
/// What shells call an end by Ctrl-C.
const INTERRUPTED: u8 = 130;

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Args::parse()).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(USAGE)
        }
    }
}

async fn run(args: &Args) -> Result<u8> {
    if args.operations {
        let list = serde_json::to_string_pretty(&logwright::catalogue())?;
        // Whoever reads it may have seen enough.
        let _ = writeln!(io::stdout(), "{list}");
        return Ok(0);
    }
    let settings = Settings::load(&args.out)?;
    let comics = library::load(&args.out)?;
    let folders = Folders::create(&args.out, &settings)?;
    let logs = args.out.join("logs");
    let progress = Progress::new();
    let console = logwright::Console::writer(progress.writer());
    let _log = logwright::setup("chaptrix").dir(&logs).console(console).install()?;
    // Dropped at the end of the run, and the site with it.
    let (_site, url) = match &args.site {
        Some(url) => (None, url.clone()),
        None => {
            let site = Site::start(args.faults, args.seed).await.context("cannot start the comic site")?;
            let url = site.url.clone();
            (Some(site), url)
        }
    };
    let http = Http::new(&url)?;
    let downloader = Downloader { http: &http, progress: &progress };
    let workflow = Workflow { site: url, settings: &settings, folders, downloader };
    let start = Instant::now();
    let report = until_ctrl_c(workflow.run(&comics)).await?;
    progress.finish();
    let Some(report) = report else {
        logwright::warn!("Interrupted");
        return Ok(INTERRUPTED);
    };
    print_summary(&report, start.elapsed(), &logs)?;
    Ok(if report.is_complete() { 0 } else { INCOMPLETE })
}

/// What the work comes to; nothing after Ctrl-C, which drops it wherever it is.
async fn until_ctrl_c<T>(work: impl Future<Output = T>) -> Result<Option<T>> {
    tokio::select! {
        done = work => Ok(Some(done)),
        signal = tokio::signal::ctrl_c() => signal.map(|()| None).context("cannot wait for Ctrl-C"),
    }
}

fn print_summary(report: &RunReport, elapsed: Duration, logs: &Path) -> Result<()> {
    match summary::print(&mut io::stdout().lock(), report, elapsed, logs) {
        // A reader that has seen enough is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot print the summary")
        }
        _ => Ok(()),
    }
}
