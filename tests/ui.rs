//! Mistakes, and the message that each gets.

#[test]
fn mistakes() {
    trybuild::TestCases::new().compile_fail("ui/fail/*.rs");
}
