//! The loops around closures of async code.

use std::fmt::Display;
use std::ops::ControlFlow::{Break, Continue};

use super::attempt::Attempt;
use super::decide::{Retry, now};
use super::policy::Policy;
use super::timer::sleep;
use super::with::{Judge, Retrying};

impl<P: Policy, J> Retrying<P, J> {
    /// Calls `attempt` until it succeeds or is given up, without blocking; otherwise as [`run`](Self::run). The closure
    /// may change what is around it; for tasks that are spawned see [`run_send`](Self::run_send).
    ///
    /// ```
    /// use std::time::Duration;
    /// use logwright::retry::{self, Delay};
    ///
    /// # async fn ask(page: u32, _: &mut Vec<u32>) -> Result<u32, std::io::Error> { Ok(page) }
    /// # async fn run() -> Result<(), std::io::Error> {
    /// let mut connection = Vec::new();
    /// let page = retry::with(Delay::constant(Duration::from_secs(1)))
    ///     .run_async(async |attempt| ask(attempt.number(), &mut connection).await)
    ///     .await?;
    /// assert_eq!(page, 1);
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(run())?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// That of the last attempt.
    pub async fn run_async<T, E: Display>(
        mut self,
        mut attempt: impl AsyncFnMut(Attempt) -> Result<T, E>,
    ) -> Result<T, E>
    where
        J: Judge<E>,
    {
        self.limits.is_async = true;
        let (mut retry, started) = (Retry::new(&self.limits), now(true));
        let mut wait;
        loop {
            let running = retry.run(attempt(retry.attempt(&self.limits)));
            (retry, wait) = match self.after(retry, started, running.await) {
                Continue(next) => next,
                Break(returned) => return returned,
            };
            sleep(wait).await;
        }
    }

    /// The same for tasks that move between threads: the future is `Send` where those of the closure are, even if they
    /// borrow. They cannot borrow what the closure changes.
    ///
    /// ```
    /// use std::time::Duration;
    /// use logwright::retry::{self, Delay};
    ///
    /// # async fn ask(_: &str) -> Result<u32, std::io::Error> { Ok(7) }
    /// # fn spawn<T>(_task: impl Future<Output = T> + Send + 'static) {}
    /// let url = "https://example.org".to_owned();
    /// spawn(async move {
    ///     retry::with(Delay::constant(Duration::from_secs(1))).run_send(async |_| ask(&url).await).await
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// That of the last attempt.
    // A closure that lends to its futures would make the compiler give up on `Send`.
    pub async fn run_send<T, E: Display, F: Future<Output = Result<T, E>>>(
        mut self,
        mut attempt: impl FnMut(Attempt) -> F,
    ) -> Result<T, E>
    where
        J: Judge<E>,
    {
        self.limits.is_async = true;
        let (mut retry, started) = (Retry::new(&self.limits), now(true));
        let mut wait;
        loop {
            let running = retry.run(attempt(retry.attempt(&self.limits)));
            (retry, wait) = match self.after(retry, started, running.await) {
                Continue(next) => next,
                Break(returned) => return returned,
            };
            sleep(wait).await;
        }
    }
}
