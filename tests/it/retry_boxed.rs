//! `#[retry]` on methods of `#[async_trait]` and on functions that box their future: each attempt has a future of its
//! own, made of the same arguments.

use std::fmt::Display;
use std::pin::Pin;

use async_trait::async_trait;
use futures::future::{BoxFuture, LocalBoxFuture};
use logwright::{Logger, get_logger, retry, testing};

use crate::support::{lines, run};

struct Site {
    left: u32,
    fetched: Vec<String>,
    logger: Logger,
}

impl Site {
    fn new(failures: u32) -> Self {
        Self { left: failures, fetched: Vec::new(), logger: get_logger("adapter.boxed") }
    }

    /// Fails as long as there are failures left.
    fn attempt(&mut self, page: &str) -> Result<(), String> {
        self.fetched.push(page.to_owned());
        if self.left == 0 {
            return Ok(());
        }
        self.left -= 1;
        Err(format!("{} left", self.left))
    }
}

#[async_trait]
trait Adapter: Send {
    async fn fetch(&mut self, page: String, sizes: Vec<usize>) -> Result<usize, String>;

    async fn cloned(&mut self, page: String, pair: (u8, u8)) -> Result<(String, u8), String>;

    async fn borrowed<'a>(&'a mut self, page: &'a str) -> Result<&'a str, String>;

    async fn generic<T: Display + Send + Sync>(&mut self, page: T) -> Result<usize, String>
    where
        Self: Sized;

    #[retry(2, 0)]
    async fn default(&mut self, page: String) -> Result<usize, String> {
        self.fetch(page.clone(), vec![1]).await?;
        Ok(page.len())
    }
}

#[async_trait]
impl Adapter for Site {
    #[retry(3, 0, fields(page, left = self.left), logger = self.logger, bind = attempt)]
    async fn fetch(&mut self, page: String, sizes: Vec<usize>) -> Result<usize, String> {
        tokio::task::yield_now().await;
        self.attempt(&page)?;
        Ok(sizes.iter().sum::<usize>() + attempt.number() as usize)
    }

    #[retry(3, 0, clone(page), when = |error: &String| one == 0 || error != "0 left")]
    async fn cloned(&mut self, mut page: String, (one, other): (u8, u8)) -> Result<(String, u8), String> {
        page.push('!');
        self.attempt(&page)?;
        Ok((page, one + other))
    }

    #[retry(3, 0)]
    async fn borrowed<'a>(&'a mut self, page: &'a str) -> Result<&'a str, String> {
        self.attempt(page)?;
        Ok(page)
    }

    #[retry(3, 0)]
    async fn generic<T: Display + Send + Sync>(&mut self, page: T) -> Result<usize, String> {
        self.attempt(&page.to_string())?;
        Ok(self.fetched.len())
    }
}

fn pages() -> Vec<usize> {
    vec![1, 2]
}

#[test]
fn methods_of_an_async_trait_are_tried_again() {
    let mut site = Site::new(2);
    let mut answer = Ok(0);
    let records = testing::capture(|| answer = run(site.fetch("page".to_owned(), pages())));
    assert_eq!((answer, site.fetched), (Ok(6), ["page"; 3].map(str::to_owned).into()));
    assert_eq!(records.len(), 3);
    for record in records {
        let context = record.context.to_value();
        assert_eq!(
            (&*record.logger, &context["page"], &context["left"]),
            ("adapter.boxed", &"page".into(), &2.into())
        );
    }
}

#[test]
fn arguments_are_taken_once_and_cloned_where_that_is_asked_for() {
    let mut site = Site::new(9);
    assert_eq!(run(site.cloned("a".to_owned(), (3, 4))), Err("6 left".to_owned()));
    assert_eq!(site.fetched, ["a!"; 3]);
    assert_eq!(run(Site::new(0).cloned("a".to_owned(), (3, 4))), Ok(("a!".to_owned(), 7)));
    assert_eq!(run(Site::new(1).cloned("a".to_owned(), (3, 4))), Err("0 left".to_owned()));
    assert_eq!(run(Site::new(2).borrowed("b")), Ok("b"));
    assert_eq!(run(Site::new(2).generic(7)), Ok(3));
}

#[test]
fn default_methods_multiply_with_those_that_they_call() {
    let site: &mut dyn Adapter = &mut Site::new(4);
    let said = lines(|| {
        let future = site.default("page".to_owned());
        fn is_send(_: &impl Send) {}
        is_send(&future);
        assert_eq!(run(future), Ok(4));
    });
    let words: Vec<_> = said.iter().map(|(_, line)| line.split(':').next().unwrap()).collect();
    assert_eq!(
        words,
        ["Attempt 1 failed", "Attempt 2 failed", "Failed after 3 attempts", "Attempt 1 failed"]
            .into_iter()
            .chain(["Attempt 1 failed", "Succeeded after 2 attempts", "Succeeded after 2 attempts"])
            .collect::<Vec<_>>()
    );
}

#[retry(3, 0)]
fn boxed<'a>(
    site: &'a mut Site,
    page: String,
) -> Pin<Box<dyn Future<Output = Result<usize, String>> + Send + 'a>> {
    Box::pin(async move {
        site.attempt(&page)?;
        tokio::task::yield_now().await;
        Ok(page.len())
    })
}

#[retry(3, 0, clone(page))]
fn by_alias(site: &mut Site, page: String) -> BoxFuture<'_, Result<String, String>> {
    Box::pin(async move {
        site.attempt(&page)?;
        Ok(page)
    })
}

#[retry(3, 0, bind = attempt)]
fn local(site: &mut Site) -> LocalBoxFuture<'_, Result<u32, String>> {
    std::boxed::Box::pin(async move {
        let shared = std::rc::Rc::new(attempt.number());
        site.attempt("local")?;
        tokio::task::yield_now().await;
        Ok(*shared)
    })
}

#[test]
fn functions_that_box_their_future_are_tried_again() {
    assert_eq!(run(boxed(&mut Site::new(2), "page".to_owned())), Ok(4));
    assert_eq!(run(boxed(&mut Site::new(3), "page".to_owned())), Err("0 left".to_owned()));
    assert_eq!(run(by_alias(&mut Site::new(2), "page".to_owned())), Ok("page".to_owned()));
    assert_eq!(run(local(&mut Site::new(2))), Ok(3));
}

#[async_trait]
trait Counter {
    async fn count(&self, n: u8, seen: &mut Vec<u8>) -> Result<(), u8>;
}

struct Plain;

#[async_trait]
impl Counter for Plain {
    #[retry(3, 0)]
    async fn count(&self, mut n: u8, seen: &mut Vec<u8>) -> Result<(), u8> {
        n += 1;
        seen.push(n);
        Err(n)
    }
}

#[test]
fn an_attempt_of_an_async_trait_begins_with_the_arguments_as_they_were_given() {
    let mut seen = Vec::new();
    assert_eq!(run(Plain.count(0, &mut seen)), Err(1));
    assert_eq!(seen, [1; 3]);
}
