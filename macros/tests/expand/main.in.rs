#[main(app = "chaptrix", level = "debug")]
fn main() -> Result<(), Error> {
    run()
}
