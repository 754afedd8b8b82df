//! What the generated functions work with.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

#[derive(Debug)]
pub enum Error {
    Empty(String),
    Number(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(url) => write!(f, "{url} has no pages"),
            Self::Number(text) => write!(f, "{text} is no number"),
        }
    }
}

impl std::error::Error for Error {}

pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;

pub mod sync_fn {
    pub struct Site {
        pub root: String,
    }

    impl Site {
        #[inline(never)]
        pub fn fetch(&self, url: &str) -> Result<String, super::Error> {
            if url.starts_with(&self.root) {
                Ok(url.to_owned())
            } else {
                Err(super::Error::Empty(url.to_owned()))
            }
        }

        #[inline(never)]
        pub fn wait(&self, turns: u32) {
            std::hint::black_box(turns);
        }
    }
}

pub mod async_fn {
    pub struct Site {
        pub root: String,
    }

    impl Site {
        pub async fn fetch(&self, url: &str) -> Result<String, super::Error> {
            std::future::ready(()).await;
            if url.starts_with(&self.root) {
                Ok(url.to_owned())
            } else {
                Err(super::Error::Empty(url.to_owned()))
            }
        }

        pub async fn wait(&self, turns: u32) {
            std::future::ready(std::hint::black_box(turns)).await;
        }
    }
}

/// What one would write without any crate.
pub struct Guard {
    name: &'static str,
    started: Option<Instant>,
}

pub static LISTENING: AtomicBool = AtomicBool::new(false);

impl Guard {
    #[inline]
    pub fn new(name: &'static str) -> Self {
        Self { name, started: LISTENING.load(Ordering::Relaxed).then(Instant::now) }
    }

    #[inline(never)]
    fn tell(&self, started: Instant) {
        eprintln!("{} took {:?}", self.name, started.elapsed());
    }
}

impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        if let Some(started) = self.started {
            self.tell(started);
        }
    }
}
