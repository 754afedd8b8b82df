//! A value that each process has for itself. A fork has none of the other threads of its parent, so a lock that one of these
//! held, or something that one was about to make, stays so for ever: it must not be taken over.

use std::sync::OnceLock;

use once_cell::race::OnceBox;

use crate::process::{generation, watch_forks};

/// A list of those of this process and of the ones that it descends from. Who looks for its own, or adds it, takes no lock: a
/// fork inherits the list as another thread was about to leave it.
pub(crate) struct PerProcess<T>(OnceBox<Entry<T>>);

struct Entry<T> {
    generation: u32,
    value: OnceLock<T>,
    next: PerProcess<T>,
}

impl<T> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self(OnceBox::new())
    }

    /// That of this process, if it has one.
    pub(crate) fn get(&self) -> Option<&T> {
        self.entry(generation()).and_then(|entry| entry.value.get())
    }

    /// That of this process, which is made when it is first asked for; other threads wait for that.
    pub(crate) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        watch_forks();
        let generation = generation();
        loop {
            if let Some(entry) = self.entry(generation) {
                return entry.value.get_or_init(make);
            }
            // Where another thread was faster, what it has added is looked at again.
            let _ = self.end().set(Box::new(Entry { generation, value: OnceLock::new(), next: Self::new() }));
        }
    }

    fn entry(&self, generation: u32) -> Option<&Entry<T>> {
        std::iter::successors(self.0.get(), |entry| entry.next.0.get())
            .find(|entry| entry.generation == generation)
    }

    fn end(&self) -> &OnceBox<Entry<T>> {
        let mut end = &self.0;
        while let Some(entry) = end.get() {
            end = &entry.next.0;
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;

    #[test]
    fn threads_of_a_process_have_the_same_value() {
        let (value, made) = (PerProcess::new(), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(*value.get_or_init(|| made.fetch_add(1, Relaxed)), 0));
            }
        });
        assert_eq!(made.into_inner(), 1);
    }
}
