//! Calls in lanes: within one, a call is either inside another or beside it, which is what a timeline can draw. A call
//! has the lane of the one that it was made in, unless another one has it at the time.

use logwright::record::Timestamp;

use crate::traces::Forest;

/// The lane of each call; a tree shares none with another one.
pub(super) fn lanes(forest: &Forest) -> Vec<usize> {
    let mut lanes = Vec::with_capacity(forest.nodes.len());
    let mut first = 0;
    for root in forest.roots() {
        let mut tree =
            Tree { forest, origin: forest.nodes[root].call.start, free_from: Vec::new(), around: Vec::new() };
        for at in forest.tree(root) {
            let lane = tree.place(at);
            lanes.push(first + lane);
        }
        first += tree.free_from.len();
    }
    lanes
}

struct Tree<'a> {
    forest: &'a Forest,
    origin: Timestamp,
    /// When each lane has room again: after the last call in it, or within the one that is around the next.
    free_from: Vec<i128>,
    /// The calls that are around the next one, and their lanes.
    around: Vec<(usize, usize)>,
}

impl Tree<'_> {
    fn place(&mut self, at: usize) -> usize {
        let depth = self.forest.nodes[at].depth;
        while self.around.len() > depth {
            self.leave();
        }
        let (from, to) = self.span(at);
        let is_free = |lane: usize| self.free_from[lane] <= from;
        let own = self.around.last().filter(|(parent, lane)| is_free(*lane) && to <= self.span(*parent).1);
        let lane = own.map(|&(_, lane)| lane).or_else(|| {
            // A lane of a call that is around this one is that call's, as long as it lasts.
            let is_taken = |lane: usize| self.around.iter().any(|&(_, other)| other == lane);
            (0..self.free_from.len()).find(|&lane| !is_taken(lane) && is_free(lane))
        });
        let lane = lane.unwrap_or_else(|| {
            self.free_from.push(i128::MIN);
            self.free_from.len() - 1
        });
        self.free_from[lane] = from;
        self.around.push((at, lane));
        lane
    }

    fn leave(&mut self) {
        if let Some((at, lane)) = self.around.pop() {
            self.free_from[lane] = self.free_from[lane].max(self.span(at).1);
        }
    }

    /// When a call began and was over; what never ended has its beginning alone.
    fn span(&self, at: usize) -> (i128, i128) {
        let call = &self.forest.nodes[at].call;
        let from = call.start_ns(self.origin);
        (from, call.end_ns(self.origin).unwrap_or(from))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::traces::tests::call;

    #[test]
    fn calls_at_once_have_lanes_of_their_own() {
        let forest = Forest::of(vec![
            call(1, 0, 0, 100),
            call(2, 1, 0, 50),
            call(3, 1, 10, 50),
            call(4, 3, 20, 10),
            call(5, 1, 60, 40),
            call(6, 0, 10, 5),
        ]);
        let named: Vec<_> = forest.nodes.iter().map(|node| &*node.call.name).zip(lanes(&forest)).collect();
        assert_eq!(named, [("op1", 0), ("op2", 0), ("op3", 1), ("op4", 1), ("op5", 0), ("op6", 2)]);
    }

    proptest! {
        #[test]
        fn within_a_lane_calls_are_inside_each_other_or_apart(
            calls in prop::collection::vec((0_u64..8, 0_i64..100, 1_u64..60), 1..9)
        ) {
            let calls = (1..).zip(calls).map(|(id, (parent, start, micros))| call(id, parent, start, micros));
            let forest = Forest::of(calls.collect());
            let lanes = lanes(&forest);
            let span = |at: usize| {
                let call = &forest.nodes[at].call;
                (call.start_ns(Timestamp::default()), call.end_ns(Timestamp::default()).unwrap_or(0))
            };
            for a in 0..lanes.len() {
                for b in (0..lanes.len()).filter(|&b| b != a && lanes[b] == lanes[a]) {
                    let ((from, to), (begin, end)) = (span(a), span(b));
                    let inside = (from <= begin && end <= to) || (begin <= from && to <= end);
                    prop_assert!(inside || to <= begin || end <= from, "{a} and {b} in lane {}", lanes[a]);
                }
            }
        }
    }
}
