//! The critical path: the calls without which the outermost one would have been over sooner. From the end of a call one
//! goes back to the child that was over last before that, then on from where this one began. Calls that follow each other at
//! once count as such; microseconds are all that starts are known to.

use super::Forest;

/// Starts are written in microseconds, durations in nanoseconds: a call may seem to begin before the one before it ended.
const SLACK_NS: i128 = 2000;

pub(super) fn mark(forest: &mut Forest) {
    let mut todo: Vec<_> = forest.roots().collect();
    while let Some(at) = todo.pop() {
        forest.nodes[at].is_critical = true;
        todo.extend(path(forest, at));
    }
}

/// The children on the path of a call.
fn path(forest: &Forest, at: usize) -> Vec<usize> {
    let node = &forest.nodes[at];
    let origin = node.call.start;
    let span = |&child: &usize| {
        let call = &forest.nodes[child].call;
        // What never ended is what kept the call from ending.
        (call.end_ns(origin).unwrap_or(i128::MAX), call.start_ns(origin), child)
    };
    let mut children: Vec<_> = node.children.iter().map(span).collect();
    children.sort_unstable();
    let mut until = i128::MAX;
    let mut path = Vec::new();
    for (end, start, child) in children.into_iter().rev() {
        if until == i128::MAX || end <= until.saturating_add(SLACK_NS) {
            until = start;
            path.push(child);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::forest::tests::call;
    use super::*;

    #[track_caller]
    fn check(calls: &[super::super::Call], expected: &[&str]) {
        let forest = Forest::of(calls.to_vec());
        let critical = forest.nodes.iter().filter(|node| node.is_critical);
        assert_eq!(critical.map(|node| &*node.call.name).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_path_goes_back_from_the_end() {
        // 2 and 3 at once, 3 takes longer; 4 follows.
        let calls =
            [call(1, 0, 0, 100), call(2, 1, 0, 20), call(3, 1, 0, 50), call(4, 1, 50, 40), call(5, 2, 1, 5)];
        check(&calls, &["op1", "op3", "op4"]);
    }

    #[test]
    fn calls_that_follow_each_other_at_once_are_all_on_it() {
        check(
            &[call(1, 0, 0, 30), call(2, 1, 0, 10), call(3, 1, 10, 10), call(4, 1, 20, 10)],
            &["op1", "op2", "op3", "op4"],
        );
    }

    #[test]
    fn what_never_ended_is_on_it() {
        check(&[call(1, 0, 0, 0), call(2, 1, 0, 10), call(3, 1, 5, 0)], &["op1", "op3"]);
    }
}
