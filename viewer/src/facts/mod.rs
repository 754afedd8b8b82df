//! What is counted of a record, in few bytes: its names are numbers of tables. A report folds them and forgets them;
//! the dashboard keeps them, so that a filter need not read the log again.

mod names;
mod problem;

use logwright::Level;
use logwright::record::{Kind, OpId, Record, Status, Timestamp};

use crate::input::Place;
use crate::step::Step;
pub(crate) use names::{Mapping, Name, OTHER, Table};
pub(crate) use problem::Problem;

/// One record's share in the numbers of a report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub(crate) timestamp: Timestamp,
    pub(crate) place: Place,
    pub(crate) logger: Name,
    /// The operation that the record is of; for what a retry says, the function that it calls.
    pub(crate) operation: Option<Name>,
    /// What went wrong, in [`Names::problems`].
    pub(crate) problem: Option<Name>,
    pub(crate) duration_ns: Option<u64>,
    pub(crate) op_id: Option<OpId>,
    pub(crate) parent_id: Option<OpId>,
    /// The lower half of the trace's number.
    pub(crate) trace: Option<u64>,
    pub(crate) run: Option<u32>,
    /// What a retry decided.
    pub(crate) step: Option<Step>,
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    pub(crate) status: Option<Status>,
}

/// The tables that the names in facts are numbers of.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) loggers: Table,
    pub(crate) operations: Table,
    /// Each is the key of a [`Problem`].
    pub(crate) problems: Table,
    key: String,
}

impl Default for Names {
    /// As many names of each kind as leave memory bounded; an operation's numbers are the largest.
    fn default() -> Self {
        Self {
            loggers: Table::new(65_536),
            operations: Table::new(4096),
            problems: Table::new(16_384),
            key: String::new(),
        }
    }
}

impl Names {
    /// What is counted of that record.
    pub(crate) fn fact(&mut self, record: &Record<'_>, place: Place) -> Fact {
        let step = Step::of(record);
        let operation = match &step {
            Some((name, _)) => Some(self.operations.of(name)),
            None => record.operation.as_deref().map(|name| self.operations.of(name)),
        };
        let name = step.as_ref().map(|(name, _)| &**name);
        self.key.clear();
        let problem = problem::push_key(&mut self.key, record, name).then(|| self.problems.of(&self.key));
        Fact {
            timestamp: record.timestamp,
            place,
            logger: self.loggers.of(&record.logger),
            operation,
            problem,
            duration_ns: record.duration_ns,
            op_id: record.op_id,
            parent_id: record.parent_id,
            trace: record.trace_id.map(|id| id.0.get() as u64),
            run: record.run,
            step: step.as_ref().map(|&(_, step)| step),
            kind: record.kind,
            level: record.level,
            status: record.status,
        }
    }

    /// Takes in the names of another part of the input: where its numbers are found from now on.
    pub(crate) fn merge(&mut self, other: &Self) -> Renaming {
        Renaming {
            loggers: self.loggers.merge(&other.loggers),
            operations: self.operations.merge(&other.operations),
            problems: self.problems.merge(&other.problems),
        }
    }
}

/// The numbers of another part's names in the merged tables.
#[derive(Debug)]
pub(crate) struct Renaming {
    pub(crate) loggers: Mapping,
    pub(crate) operations: Mapping,
    pub(crate) problems: Mapping,
}

impl Fact {
    /// Whether it counts as a call that is over: an operation's end, or the line of a timed function.
    pub(crate) fn is_call(&self) -> bool {
        match self.kind {
            Kind::OpEnd => self.operation.is_some(),
            Kind::Log => self.operation.is_some() && self.duration_ns.is_some(),
            _ => false,
        }
    }

    /// Whether it is an error of the program's.
    pub(crate) fn is_error(&self) -> bool {
        self.level >= Level::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts_become_one_set() {
        let record = |logger: &'static str, operation: &'static str| Record {
            logger: logger.into(),
            operation: Some(operation.into()),
            level: Level::Error,
            message: "no room".into(),
            ..Record::default()
        };
        let (mut whole, mut part) = (Names::default(), Names::default());
        whole.fact(&record("a", "x"), Place::default());
        part.fact(&record("b", "y"), Place::default());
        let fact = part.fact(&record("a", "x"), Place::default());
        let renaming = whole.merge(&part);
        assert_eq!(whole.loggers.name(renaming.loggers.of(fact.logger)), "a");
        assert_eq!(fact.operation.map(|name| whole.operations.name(renaming.operations.of(name))), Some("x"));
        assert_eq!((whole.loggers.len(), whole.operations.len(), whole.problems.len()), (2, 2, 2));
    }
}
