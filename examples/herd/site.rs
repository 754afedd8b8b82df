//! The site: down for 30 s, then with room for 20 requests in each 100 ms. It refuses those beyond, at once, as a server does
//! whose queue is full: so 1000 clients are served within 5 s if they come evenly, and a herd keeps most of itself out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use logwright::Attempt;
use tokio::time::Instant;

const DOWN: Duration = Duration::from_secs(30);
const SLOT: Duration = Duration::from_millis(100);
const ROOM: u32 = 20;

pub(crate) struct Site {
    went_down: Instant,
    slots: RefCell<BTreeMap<u128, Slot>>,
}

/// What happened in 100 ms.
#[derive(Default)]
struct Slot {
    first: u32,
    further: u32,
    served: u32,
}

/// What the site had to bear.
pub(crate) struct Load {
    /// The most attempts in one slot, but for the clients' first ones.
    pub(crate) peak: u32,
    /// The same, once the site was back.
    pub(crate) peak_once_back: u32,
    pub(crate) requests: u32,
}

impl Site {
    pub(crate) fn goes_down() -> Self {
        Self { went_down: Instant::now(), slots: RefCell::default() }
    }

    /// One request; the answer is how long after the outage began it was served.
    pub(crate) fn ask(&self, attempt: Attempt) -> Result<Duration, &'static str> {
        let time = self.went_down.elapsed();
        let mut slots = self.slots.borrow_mut();
        let slot = slots.entry(time.as_millis() / SLOT.as_millis()).or_default();
        if attempt.number() == 1 {
            slot.first += 1;
        } else {
            slot.further += 1;
        }
        if time < DOWN {
            Err("no answer")
        } else if slot.served < ROOM {
            slot.served += 1;
            Ok(time)
        } else {
            Err("503 Service Unavailable")
        }
    }

    pub(crate) fn load(&self) -> Load {
        let slots = self.slots.borrow();
        let back = DOWN.as_millis() / SLOT.as_millis();
        let most = |since| slots.range(since..).map(|(_, slot)| slot.further).max().unwrap_or(0);
        Load {
            peak: most(0),
            peak_once_back: most(back),
            requests: slots.values().map(|slot| slot.first + slot.further).sum(),
        }
    }
}
