//! Fetches one address, up to three times: every way it can fail has its own error. Knows nothing of comics.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use logwright::{log_time, retry};
use reqwest::{Client, Response, StatusCode, Url};

use crate::error::FetchError;
use crate::names::printable;
use crate::picture;

/// Short, because the site is on the same machine.
const TIMEOUT: Duration = Duration::from_secs(2);
const MAX_HTML: usize = 1 << 20;
const MAX_IMAGE: usize = 32 << 20;

#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    /// The addresses that failed at least once.
    troubled: Mutex<HashSet<String>>,
}

impl Http {
    pub(crate) fn new(site: &Url) -> Result<Self> {
        // Fails only if a provider is installed already, and then that one is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder().timeout(TIMEOUT).user_agent("chaptrix");
        if is_loopback(site) {
            builder = builder.no_proxy();
        }
        let client = builder.build().context("cannot set up the HTTP client")?;
        Ok(Self { client, troubled: Mutex::default() })
    }

    #[retry(max_attempts = 3, delay = 0.2, backoff = exponential, classify)]
    #[log_time(fields(url))]
    pub(crate) async fn fetch_html(&self, url: &str) -> Result<String, FetchError> {
        let body = self.get(url, MAX_HTML).await?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// The file of one page, which is known to be a whole image.
    #[retry(max_attempts = 3, delay = 0.2, backoff = exponential, classify)]
    #[log_time(fields(url))]
    pub(crate) async fn fetch_page(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let fetched = self.get(url, MAX_IMAGE).await.and_then(|body| checked(url, body));
        if fetched.is_err() {
            self.troubled.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_owned());
        }
        fetched
    }

    /// An attempt to fetch the page at `url` has failed.
    pub(crate) fn had_trouble(&self, url: &str) -> bool {
        self.troubled.lock().unwrap_or_else(PoisonError::into_inner).contains(url)
    }

    async fn get(&self, url: &str, limit: usize) -> Result<Vec<u8>, FetchError> {
        let address = Url::parse(url).map_err(|_| FetchError::BadAddress { url: printable(url) })?;
        // Written back from its parts, an address has no control characters.
        let url = address.to_string();
        let response = self.client.get(address).send().await.map_err(|error| transport(&url, error))?;
        read_body(accepted(url, response)?, limit).await
    }
}

struct Answer {
    url: String,
    response: Response,
}

fn accepted(url: String, response: Response) -> Result<Answer, FetchError> {
    match response.status() {
        status if status.is_success() => Ok(Answer { url, response }),
        StatusCode::NOT_FOUND | StatusCode::GONE => Err(FetchError::Missing { url }),
        status => Err(FetchError::Status { url, status, retry_after: retry_after(&response) }),
    }
}

/// How long the site wants to be left alone, where it says so in seconds.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(reqwest::header::RETRY_AFTER)?;
    value.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

async fn read_body(Answer { url, mut response }: Answer, limit: usize) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                return Err(FetchError::TooLarge { url, limit });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => {
                return Err(FetchError::Timeout { url, source: error.without_url() });
            }
            Err(error) => return Err(FetchError::Truncated { url, source: error.without_url() }),
        }
    }
}

fn transport(url: &str, error: reqwest::Error) -> FetchError {
    let (url, source) = (url.to_owned(), error.without_url());
    match source {
        source if source.is_timeout() => FetchError::Timeout { url, source },
        source if source.is_builder() => FetchError::BadAddress { url },
        source => FetchError::Transport { url, source },
    }
}

fn checked(url: &str, body: Vec<u8>) -> Result<Vec<u8>, FetchError> {
    match picture::check(&body) {
        Ok(()) => Ok(body),
        Err(source) => Err(FetchError::BadImage { url: printable(url), source }),
    }
}

/// A proxy for the outer world cannot know this machine's own addresses.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
