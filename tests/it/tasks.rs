//! Each operation that starts in a task or a thread ends once, with the right status and the right parent.

use std::collections::BTreeMap;
use std::time::Duration;

use logwright::record::{Kind, OpId, Record, Status};
use logwright::{structured_op, testing};
use tracing::dispatcher;

use crate::support::run_paused;

#[structured_op(context(n))]
async fn sleeps(n: u64) {
    tokio::time::sleep(Duration::from_millis(n)).await;
}

#[structured_op]
async fn bursts() {
    tokio::task::yield_now().await;
    panic!("while polled");
}

#[structured_op]
fn plain() {}

/// The parents of operations of that name, and that each start has its one end, with this status.
#[track_caller]
fn ends(records: &[Record<'_>], name: &str, status: Status) -> Vec<Option<OpId>> {
    let of = |kind: Kind| {
        let records = records
            .iter()
            .filter(move |record| record.kind == kind && record.operation.as_deref() == Some(name));
        records.map(|record| (record.op_id, record)).collect::<Vec<_>>()
    };
    let (starts, ends) = (of(Kind::OpStart), of(Kind::OpEnd));
    let by_id: BTreeMap<_, _> = ends.iter().copied().collect();
    assert_eq!((starts.len(), ends.len()), (by_id.len(), by_id.len()), "one end for each start");
    for (id, start) in &starts {
        let end = by_id[id];
        assert_eq!((end.status, end.parent_id), (Some(status), start.parent_id), "{end:?}");
    }
    starts.iter().map(|(_, start)| start.parent_id).collect()
}

#[test]
fn what_loses_a_race_or_is_too_late_was_cancelled() {
    let records = testing::capture(|| {
        run_paused(async {
            tokio::select! {
                () = sleeps(1000) => unreachable!("it takes longer"),
                () = tokio::time::sleep(Duration::from_millis(1)) => {}
            }
            tokio::time::timeout(Duration::from_millis(1), sleeps(1000)).await.unwrap_err();
            let task = tokio::spawn(sleeps(1000));
            tokio::task::yield_now().await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        });
    });
    assert_eq!(ends(&records, "sleeps", Status::Cancelled), [None; 3]);
}

#[test]
fn a_panic_in_a_task_is_none_in_another() {
    let records = testing::capture(|| {
        run_paused(async {
            let (bursting, sleeping) = (tokio::spawn(bursts()), tokio::spawn(sleeps(10)));
            assert!(bursting.await.unwrap_err().is_panic());
            sleeping.await.unwrap();
        });
    });
    assert_eq!(ends(&records, "bursts", Status::Panicked), [None]);
    assert_eq!(ends(&records, "sleeps", Status::Success), [None]);
}

#[test]
fn a_thousand_at_once_end_a_thousand_times_under_their_parent() {
    #[structured_op]
    async fn all() {
        futures::future::join_all((0..1000).map(sleeps)).await;
    }
    let records = testing::capture(|| run_paused(all()));
    let parent = records.iter().find(|record| record.operation.as_deref() == Some("all")).unwrap().op_id;
    assert_eq!(ends(&records, "sleeps", Status::Success), [parent; 1000]);
    assert_eq!(ends(&records, "all", Status::Success), [None]);
}

#[test]
fn what_is_started_beside_an_operation_begins_anew_and_what_it_waits_for_does_not() {
    #[structured_op]
    async fn starts_others() {
        plain();
        let subscriber = dispatcher::get_default(Clone::clone);
        std::thread::spawn({
            let subscriber = subscriber.clone();
            move || dispatcher::with_default(&subscriber, plain)
        })
        .join()
        .unwrap();
        tokio::task::spawn_blocking(move || dispatcher::with_default(&subscriber, plain)).await.unwrap();
        tokio::spawn(async { plain() }).await.unwrap();
        plain();
    }
    let records = testing::capture(|| run_paused(starts_others()));
    let own =
        records.iter().find(|record| record.operation.as_deref() == Some("starts_others")).unwrap().op_id;
    assert_eq!(ends(&records, "plain", Status::Success), [own, None, None, None, own]);
}
