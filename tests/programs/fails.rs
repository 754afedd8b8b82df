//! A program whose `main` fails: what `#[logwright::main]` makes of that.

#[derive(Debug)]
struct NoComics;

impl std::fmt::Display for NoComics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no comics to look at")
    }
}

impl std::error::Error for NoComics {}

#[logwright::main(app = "fails", level = "debug")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), NoComics> {
    logwright::debug!("looking");
    Err(NoComics)
}
