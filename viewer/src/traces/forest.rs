//! Calls arranged under those they were made in. A call whose parent is not there, or is below it, is a root: logs are cut,
//! and nothing in one is trusted to be a tree.

use std::collections::HashMap;

use logwright::record::Timestamp;

use super::{Call, critical};

/// Trees deeper than this are cut, and the rest becomes roots.
const MAX_DEPTH: usize = 256;

/// Nodes with their children behind them: each tree is one range.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    pub(crate) nodes: Vec<Node>,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) call: Call,
    /// How many calls it is in, of those that are there.
    pub(crate) depth: usize,
    /// Its children, in the order in which they began.
    pub(crate) children: Vec<usize>,
    /// Why it is a root although it says that it was made in another call, which ..
    pub(crate) orphan: Option<&'static str>,
    /// Whether the outermost call would have been over sooner, had this one been.
    pub(crate) is_critical: bool,
}

impl Forest {
    pub(crate) fn of(mut calls: Vec<Call>) -> Self {
        calls.sort_by_key(|call| (call.start, call.place, call.op_id));
        let places: HashMap<_, _> =
            calls.iter().enumerate().map(|(at, call)| ((call.run, call.op_id), at)).collect();
        let parent = |call: &Call| places.get(&(call.run, call.parent_id?)).copied();
        let parents: Vec<_> = calls.iter().map(parent).collect();
        let mut children = vec![Vec::new(); calls.len()];
        let mut roots = Vec::new();
        for (at, (parent, depth)) in parents.iter().zip(depths(&parents)).enumerate() {
            match parent {
                Some(parent) if depth > 0 => children[*parent].push(at),
                _ => roots.push(at),
            }
        }
        let mut forest = Self { nodes: Vec::with_capacity(calls.len()) };
        let mut calls: Vec<_> = calls.into_iter().map(Some).collect();
        for root in roots {
            let place = forest.plant(root, 0, &children, &mut calls);
            let node = &mut forest.nodes[place];
            node.orphan = match parents[root] {
                Some(_) => Some("is in it itself, or too deep to be shown"),
                None => node.call.parent_id.map(|_| "is not here"),
            };
        }
        critical::mark(&mut forest);
        forest
    }

    /// Adds a call and all below it; where it stands now.
    fn plant(
        &mut self,
        at: usize,
        depth: usize,
        children: &[Vec<usize>],
        calls: &mut [Option<Call>],
    ) -> usize {
        let call = calls[at].take().expect("each call has one parent, or is a root");
        let place = self.nodes.len();
        self.nodes.push(Node { call, depth, children: Vec::new(), orphan: None, is_critical: false });
        for &child in &children[at] {
            let child = self.plant(child, depth + 1, children, calls);
            self.nodes[place].children.push(child);
        }
        place
    }

    pub(crate) fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|&at| self.nodes[at].depth == 0)
    }

    /// A root and all below it, in the order in which they are shown.
    pub(crate) fn tree(&self, root: usize) -> std::ops::Range<usize> {
        let below = self.nodes[root + 1..].iter().take_while(|node| node.depth > 0).count();
        root..root + 1 + below
    }

    /// When the first call of a tree began, and when the last one was over, in nanoseconds after that; calls without an
    /// end reach to what else is known.
    pub(crate) fn span(&self, root: usize) -> (Timestamp, i128) {
        let nodes = &self.nodes[self.tree(root)];
        let begin = nodes.iter().map(|node| node.call.start).min().unwrap_or_default();
        let end = nodes.iter().map(|node| node.call.end_ns(begin).unwrap_or(node.call.start_ns(begin))).max();
        (begin, end.unwrap_or(0))
    }

    /// How long a call took beside the calls in it; nothing where these took longer, being made at once.
    pub(crate) fn self_ns(&self, at: usize) -> u64 {
        let node = &self.nodes[at];
        let children = node.children.iter().filter_map(|&child| self.nodes[child].call.duration_ns);
        node.call.duration_ns.unwrap_or(0).saturating_sub(children.fold(0, u64::saturating_add))
    }
}

/// How many calls each is in. One that would be in itself is in none, and so is one that is too deep.
fn depths(parents: &[Option<usize>]) -> Vec<usize> {
    const UNKNOWN: usize = usize::MAX;
    const ON_THE_WAY: usize = usize::MAX - 1;
    let mut depths = vec![UNKNOWN; parents.len()];
    let mut way = Vec::new();
    for from in 0..parents.len() {
        let mut next = Some(from);
        while let Some(at) = next.filter(|&at| depths[at] == UNKNOWN) {
            depths[at] = ON_THE_WAY;
            way.push(at);
            next = parents[at];
        }
        let mut depth = next.map(|at| depths[at]).filter(|&depth| depth != ON_THE_WAY);
        while let Some(at) = way.pop() {
            let below = depth.map_or(0, |depth| depth + 1);
            depths[at] = if below < MAX_DEPTH { below } else { 0 };
            depth = Some(depths[at]);
        }
    }
    depths
}

#[cfg(test)]
pub(crate) mod tests {
    use std::num::NonZero;

    use logwright::record::{Kind, OpId, Record, Status, TraceId};

    use super::*;
    use crate::input::Place;

    /// A call by number, its parent's number, when it began and how long it took in microseconds; 0 is none.
    pub(crate) fn call(id: u64, parent: u64, start: i64, micros: u64) -> Call {
        let record = Record {
            kind: if micros == 0 { Kind::OpStart } else { Kind::OpEnd },
            operation: Some(format!("op{id}").into()),
            op_id: NonZero::new(id).map(OpId),
            parent_id: NonZero::new(parent).map(OpId),
            trace_id: NonZero::new(1).map(TraceId),
            run: Some(1),
            timestamp: Timestamp::from_micros(start),
            start: Some(Timestamp::from_micros(start)),
            duration_ns: Some(micros * 1000),
            status: Some(if micros == 0 { Status::Started } else { Status::Success }),
            ..Record::default()
        };
        Call::of(&record, Place::default()).unwrap()
    }

    #[track_caller]
    fn check(calls: &[Call], expected: &[(&str, usize)]) {
        let forest = Forest::of(calls.to_vec());
        let found: Vec<_> = forest.nodes.iter().map(|node| (&*node.call.name, node.depth)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn calls_stand_below_those_they_were_made_in() {
        check(
            &[call(3, 1, 50, 5), call(1, 0, 10, 90), call(4, 2, 25, 2), call(2, 1, 20, 9), call(9, 0, 5, 1)],
            &[("op9", 0), ("op1", 0), ("op2", 1), ("op4", 2), ("op3", 1)],
        );
    }

    #[test]
    fn what_is_no_tree_ends_all_the_same() {
        check(&[call(1, 1, 1, 1)], &[("op1", 0)]);
        check(&[call(1, 2, 1, 1), call(2, 1, 2, 1)], &[("op2", 0), ("op1", 1)]);
        check(&[call(5, 77, 1, 1), call(6, 5, 2, 1)], &[("op5", 0), ("op6", 1)]);
        let deep: Vec<_> = (1..2000).map(|id| call(id, id - 1, id as i64, 1)).collect();
        let forest = Forest::of(deep);
        assert_eq!(forest.nodes.len(), 1999);
        assert_eq!((forest.roots().count(), forest.nodes[255].depth), (8, 255));
    }

    #[test]
    fn time_in_other_calls_is_not_a_calls_own() {
        let forest =
            Forest::of(vec![call(1, 0, 0, 100), call(2, 1, 0, 30), call(3, 1, 40, 30), call(4, 0, 200, 5)]);
        let own: Vec<_> = (0..4).map(|at| forest.self_ns(at)).collect();
        assert_eq!(own, [40_000, 30_000, 30_000, 5_000]);
        let at_once = Forest::of(vec![call(1, 0, 0, 100), call(2, 1, 0, 90), call(3, 1, 0, 90)]);
        assert_eq!(at_once.self_ns(0), 0);
    }
}
