use logwright::{log_time, retry, structured_op, testing};

#[log_time]
fn plain(n: u32) -> Result<u32, String> { if n == 0 { return Err("zero".into()); } let x: u32 = "3".parse::<u32>().map_err(|e| e.to_string())?; Ok(n + x) }

#[structured_op(context(n, twice = n * 2), result(len = ret.len()), bind = op)]
fn oper(n: u32) -> Result<Vec<u32>, std::num::ParseIntError> {
    logwright::event!("checked", count = n);
    logwright::event!(op: op, "checked2", ?n);
    plain(n).ok();
    "x".parse::<u32>().map(|_| vec![])
}
struct S { v: Vec<u8>, left: u32 }
impl S {
    #[structured_op]
    #[log_time]
    #[retry(max_attempts = 3, delay = 0, when = |e: &String| e != "fatal")]
    fn m(&mut self) -> Result<usize, String> { self.left -= 1; if self.left > 0 { Err("busy".to_string())? } Ok(self.v.len()) }
    #[log_time] fn b(&mut self) -> &mut Vec<u8> { &mut self.v }
    #[structured_op] fn r(&self) -> Result<&[u8], String> { Ok(&self.v) }
    #[log_time] fn i(&self) -> impl Iterator<Item = u8> + '_ { self.v.iter().copied() }
    #[structured_op(context(x))] #[retry(delay = 0)] #[log_time]
    async fn a(&mut self, x: &str) -> Result<usize, String> { self.left -= 1; if self.left > 0 { return Err("busy".to_string()) } Ok(self.v.len() + x.len()) }
}
#[test]
fn probe() {
    let rs = testing::capture(|| { let _ = plain(1); let _ = plain(0); let _ = oper(4); let mut s = S { v: vec![1], left: 3 }; s.m().unwrap(); s.b(); s.r().unwrap(); s.i().count(); s.left = 2;
      futures::executor::block_on(s.a("hey")).unwrap(); });
    for r in rs { let mut l = String::new(); logwright::record::json::write(&mut l, &r); print!("{l}"); let mut l = String::new(); logwright::record::text::write(&mut l, &r); print!("{l}"); }
}
