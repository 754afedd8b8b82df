// What only the compiler can tell of the options of `#[retry]`: each is told where it was written.
use logwright::retry;

static NO_BUDGET: u32 = 3;

struct Opaque;

#[retry(classify)]
fn does_not_say() -> Result<(), Opaque> {
    Ok(())
}

#[retry(policy = 3)]
fn no_policy() -> Result<(), String> {
    Ok(())
}

#[retry(budget = NO_BUDGET)]
fn no_budget() -> Result<(), String> {
    Ok(())
}

#[retry(retry_after = |error: &String| error.len())]
fn no_time() -> Result<(), String> {
    Ok(())
}

#[retry(when_ok = |page: &u32| *page == 0)]
fn another_value() -> Result<String, String> {
    Ok(String::new())
}

fn main() {
    let _ = (does_not_say(), no_policy(), no_budget(), no_time(), another_value());
}
