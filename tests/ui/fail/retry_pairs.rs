// Options of `#[retry]` that do not go together, or have nothing to do.
use logwright::retry;
use logwright::retry::{Delay, RetryBudget};

static CDN: RetryBudget = RetryBudget::new();

fn policy() -> Delay {
    Delay::constant(std::time::Duration::ZERO)
}

#[retry(policy = policy(), delay = 2)]
fn two_delays() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = linear, jitter = full, policy = policy())]
fn all_of_it() -> Result<(), String> {
    Ok(())
}

#[retry(classify, when = |_| true, retry_after = |_| None)]
fn two_judges() -> Result<(), String> {
    Ok(())
}

#[retry(max_delay = "10s")]
fn nothing_to_cut() -> Result<(), String> {
    Ok(())
}

#[retry(delay = "2s", max_elapsed = "1s")]
fn never_again() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = linear, delay = "2s", jitter = none, max_elapsed = "1s")]
fn never_again_either() -> Result<(), String> {
    Ok(())
}

#[retry(max_elapsed = 0)]
fn no_time() -> Result<(), String> {
    Ok(())
}

#[retry(budget = &CDN)]
fn no_path() -> Result<(), String> {
    Ok(())
}

#[retry(classify = true)]
fn no_flag() -> Result<(), String> {
    Ok(())
}

fn main() {
    let _ = (two_delays(), all_of_it(), two_judges(), nothing_to_cut(), never_again(), never_again_either(), no_time());
    let _ = (no_path(), no_flag());
}
