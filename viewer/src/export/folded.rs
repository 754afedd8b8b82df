//! Folded stacks, which flame graphs are made of: each chain of calls once, with the microseconds that its last one took
//! by itself.

use std::collections::BTreeMap;
use std::io::{self, Write};

use logwright::record::Printable;

use crate::traces::Forest;

pub(super) fn write(out: &mut impl Write, forest: &Forest) -> io::Result<()> {
    for (stack, ns) in stacks(forest) {
        writeln!(out, "{stack} {}", ns / 1000)?;
    }
    Ok(())
}

fn stacks(forest: &Forest) -> BTreeMap<String, u128> {
    let mut stacks = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    for (at, node) in forest.nodes.iter().enumerate() {
        names.truncate(node.depth);
        // Semicolons stand between the names, and the last space before the number.
        names.push(Printable(&node.call.name).to_string().replace(';', ","));
        *stacks.entry(names.join(";")).or_default() += u128::from(forest.self_ns(at));
    }
    stacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traces::tests::call;

    #[test]
    fn each_chain_has_the_time_of_its_last_call() {
        let mut calls = vec![call(1, 0, 0, 100), call(2, 1, 0, 30), call(3, 1, 40, 30), call(4, 2, 0, 10)];
        calls[2].name = "op2".into();
        let mut out = Vec::new();
        write(&mut out, &Forest::of(calls)).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "op1 40\nop1;op2 50\nop1;op2;op4 10\n");
    }
}
