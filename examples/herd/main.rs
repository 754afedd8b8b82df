//! What a thousand clients that failed together do to a site that comes back: the real engine by the clock of a simulation.
//!
//! All clients ask at the same moment, when the site has just gone down, and each is served or gives up after 20 attempts. What
//! is printed is a table in Markdown, the same each time.

mod site;

use std::time::Duration;

use futures::future::join_all;
use logwright::retry::{self, Delay, Jitter, RetryBudget, testing};
use tokio::runtime::Builder;

use crate::site::{Load, Site};

const CLIENTS: usize = 1000;
const ATTEMPTS: u32 = 20;
const LONGEST: Duration = Duration::from_secs(10);

/// The retries that all clients of one simulation share.
static BUDGETS: [RetryBudget; 5] = [const { RetryBudget::new() }; 5];

/// The first attempts are not counted in the peaks: they are the same for all.
const HEAD: &str = "\
| delays                    | budget | peak in 100 ms | the same, once it is back | requests | served | gave up | last served |
|:--------------------------|:-------|---------------:|--------------------------:|---------:|-------:|--------:|------------:|";

/// What became of site and clients.
struct Outcome {
    load: Load,
    served: usize,
    /// When the last of them was.
    last: Option<Duration>,
}

fn main() -> std::io::Result<()> {
    println!("{HEAD}");
    for ((name, delay), budget) in delays().into_iter().zip(&BUDGETS) {
        for budget in [None, Some(budget)] {
            print(name, budget.is_some(), &simulate(delay, budget)?);
        }
    }
    Ok(())
}

fn delays() -> [(&'static str, Delay); 5] {
    let exponential = |jitter| Delay::exponential(Duration::from_millis(500), 2.0).jitter(jitter);
    [
        ("constant, 2 s", Delay::constant(Duration::from_secs(2))),
        ("exponential", exponential(Jitter::None)),
        ("exponential ± 20 %", exponential(Jitter::Percent(20))),
        ("exponential, equal jitter", exponential(Jitter::Equal)),
        ("exponential, full jitter", exponential(Jitter::Full)),
    ]
}

/// Lets all clients ask, in a time that passes as soon as nobody has anything to do.
fn simulate(delay: Delay, budget: Option<&'static RetryBudget>) -> std::io::Result<Outcome> {
    let _same_each_time = testing::seed(7);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    Ok(runtime.block_on(async {
        let site = Site::goes_down();
        let clients = join_all((0..CLIENTS).map(|_| client(&site, delay, budget))).await;
        let served: Vec<_> = clients.into_iter().flatten().collect();
        Outcome { load: site.load(), served: served.len(), last: served.into_iter().max() }
    }))
}

/// When it was served.
async fn client(site: &Site, delay: Delay, budget: Option<&'static RetryBudget>) -> Option<Duration> {
    let retrying = retry::with(delay).max_attempts(ATTEMPTS).max_delay(LONGEST);
    let retrying = match budget {
        Some(budget) => retrying.budget(budget),
        None => retrying,
    };
    retrying.run_async(async |attempt| site.ask(attempt)).await.ok()
}

fn print(name: &str, has_budget: bool, outcome: &Outcome) {
    let Outcome { load: Load { peak, peak_once_back, requests }, served, last } = outcome;
    let (budget, gave_up) = (if has_budget { "yes" } else { "no" }, CLIENTS - served);
    let last = last.map_or_else(|| "never".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
    println!(
        "| {name:<25} | {budget:<6} | {peak:>14} | {peak_once_back:>25} | {requests:>8} | {served:>6} | {gave_up:>7} | {last:>11} |"
    );
}
