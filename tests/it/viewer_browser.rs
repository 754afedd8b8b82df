//! The pages of `logwright serve` in Chromium, as somebody sees them.

use std::future::Future;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use logwright::Level;
use logwright::record::Record;

use crate::viewer::{folder, log};
use crate::viewer_follow::append;
use crate::viewer_serve::{Server, lines, program, time};

/// A driver of browsers that ends with the test.
struct Driver(Child, u16);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn driver() -> Option<Driver> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new("chromedriver");
    let child = command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    match child {
        Ok(child) => Some(Driver(child, port)),
        Err(_) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "chromium-driver is missing: apt-get install chromium-driver"
            );
            eprintln!("passed over: there is no chromedriver (Debian: chromium and chromium-driver)");
            None
        }
    }
}

async fn client(driver: &Driver, width: u32) -> Client {
    // A window of a desktop is never as narrow as a telephone.
    let screen = json!({"deviceMetrics": {"width": width, "height": 900, "pixelRatio": 1, "touch": false}});
    let args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
    let options = json!({"args": args, "mobileEmulation": screen});
    let capabilities: Capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
    let url = format!("http://127.0.0.1:{}", driver.1);
    for _ in 0..200 {
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        match builder.capabilities(capabilities.clone()).connect(&url).await {
            Ok(client) => return client,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    panic!("chromedriver does not answer");
}

/// Runs it with a browser so wide; not at all where there is none.
fn with_browser<F: Future<Output = ()>>(width: u32, server: &Server, body: impl FnOnce(Client, String) -> F) {
    let Some(driver) = driver() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = client(&driver, width).await;
        body(client.clone(), server.url.clone()).await;
        client.close().await.unwrap();
    });
}

async fn script(client: &Client, script: &str) -> Value {
    client.execute(script, Vec::new()).await.unwrap()
}

/// Waits until the script says true.
async fn until(client: &Client, condition: &str) {
    for _ in 0..200 {
        if script(client, &format!("return Boolean({condition})")).await == Value::Bool(true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let text = script(client, "return location.href + '\\n' + document.body.innerText").await;
    panic!("never: {condition}\n{}", text.as_str().unwrap_or_default());
}

async fn press(client: &Client, key: &str) {
    let script = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true}))";
    client.execute(script, vec![key.into()]).await.unwrap();
}

const SECTIONS: [&str; 11] = [
    "",
    "operations",
    "operations?op=load_page",
    "traces",
    "traces?id=7",
    "retries",
    "errors",
    "open",
    "compare",
    "explorer",
    "live",
];

#[test]
fn a_link_changes_the_page_without_loading_it_and_back_works() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    with_browser(1200, &server, |client, url| async move {
        client.goto(&url).await.unwrap();
        script(&client, "window.same = true").await;
        client.find(Locator::LinkText("Explorer")).await.unwrap().click().await.unwrap();
        until(&client, "location.pathname == '/explorer' && document.querySelector('main').innerText.includes('7 of 7 shown')").await;
        press(&client, "/").await;
        until(&client, "document.activeElement.id == 'search'").await;
        client.find(Locator::Css("#search")).await.unwrap().send_keys("level>=error\u{e007}").await.unwrap();
        until(&client, "document.querySelector('main').innerText.includes('2 of 2 shown')").await;
        assert!(client.current_url().await.unwrap().as_str().ends_with("/explorer?q=level%3E%3Derror"));
        client.back().await.unwrap();
        until(&client, "document.querySelector('main').innerText.includes('7 of 7 shown')").await;
        assert_eq!(script(&client, "return window.same").await, true, "the page was loaded anew");
    });
}

#[test]
fn keys_go_through_records_and_change_the_theme() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    with_browser(1200, &server, |client, url| async move {
        client.goto(&format!("{url}explorer")).await.unwrap();
        press(&client, "j").await;
        press(&client, "j").await;
        until(&client, "document.querySelectorAll('tbody tr')[1].classList.contains('here')").await;
        press(&client, "k").await;
        until(&client, "document.querySelectorAll('tbody tr')[0].contains(document.activeElement)").await;
        let colour = "return getComputedStyle(document.body).backgroundColor";
        let before = script(&client, colour).await;
        press(&client, "t").await;
        assert_ne!(script(&client, colour).await, before);
        client.refresh().await.unwrap();
        assert_ne!(script(&client, colour).await, before, "the theme is forgotten");
        press(&client, "?").await;
        until(&client, "document.querySelector('dialog').open").await;
    });
}

#[test]
fn a_time_is_chosen_by_dragging() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    with_browser(1200, &server, |client, url| async move {
        client.goto(&url).await.unwrap();
        let drag = "const svg = document.querySelector('svg.brush'), box = svg.getBoundingClientRect();
            for (const [type, at] of [['pointerdown', 0.5], ['pointermove', 0.7], ['pointermove', 1], ['pointerup', 1]])
              svg.dispatchEvent(new PointerEvent(type, {bubbles: true, clientX: box.left + box.width * at, clientY: box.top + 5}));";
        script(&client, drag).await;
        until(&client, "location.search.includes('since=') && location.search.includes('until=')").await;
        until(&client, "document.querySelector('.found').innerText.startsWith('2 of 7 records')").await;
    });
}

#[test]
fn new_records_come_by_themselves_until_paused() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    let path = folder.path().join("app.jsonl");
    with_browser(1200, &server, |client, url| async move {
        client.goto(&format!("{url}live")).await.unwrap();
        until(&client, "!document.querySelector('#pause').hidden").await;
        let hostile = Record { timestamp: time(40), ..log(Level::Error, "<img src=x onerror=alert(1)>") };
        tokio::time::sleep(Duration::from_millis(500)).await;
        append(&path, &lines(&[hostile]));
        until(&client, "document.querySelector('#live tbody tr').innerText.includes('<img src=x')").await;
        client.find(Locator::Css("#pause")).await.unwrap().click().await.unwrap();
        append(&path, &lines(&[log(Level::Info, "unseen")]));
        until(&client, "document.querySelector('#fresh').innerText.includes('2 new')").await;
        assert_eq!(script(&client, "return document.body.innerText.includes('unseen')").await, false);
    });
}

#[test]
fn no_page_is_wider_than_a_telephone_and_none_breaks_its_own_rules() {
    let folder = folder(&[("app.jsonl", &program())]);
    let server = Server::start(folder.path(), &["."]);
    with_browser(390, &server, |client, url| async move {
        for section in SECTIONS {
            client.goto(&format!("{url}{section}")).await.unwrap();
            let wide = "return document.documentElement.scrollWidth";
            assert_eq!(script(&client, wide).await, 390, "{section} is too wide");
            let broken = "return [...document.images].length + document.querySelectorAll('[style]:not(.tip)').length \
                + [...document.querySelectorAll('[id]')].filter((e, at, all) => all.findIndex(o => o.id == e.id) != at).length";
            assert_eq!(script(&client, broken).await, 0, "{section}");
        }
    });
}
