//! Names as numbers, in bounded memory: names come from a log, and a log may hold a new one on every line.

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// How many bytes of a name are looked at.
const MAX_NAME: usize = 256;
/// What the names beyond these are called together.
pub(crate) const OTHER: &str = "(other)";

/// The number of a name in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(u32);

impl Name {
    /// Its place in a list of as many things as there are names.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The names that were met, numbered as they came.
#[derive(Debug)]
pub(crate) struct Table {
    /// How many names are told apart.
    limit: usize,
    numbers: HashMap<Box<str>, Name, RandomState>,
    names: Vec<Box<str>>,
    /// The one that was asked for last: lines of one kind come together.
    last: Option<Name>,
}

impl Table {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, numbers: HashMap::default(), names: Vec::new(), last: None }
    }

    /// The number of that name; a new one where there is none yet.
    pub(crate) fn of(&mut self, name: &str) -> Name {
        if let Some(last) = self.last.filter(|last| &*self.names[last.index()] == name) {
            return last;
        }
        let name = cut(name, MAX_NAME);
        let number = match self.numbers.get(name) {
            Some(&known) => known,
            None if self.names.len() < self.limit => self.add(name),
            None => self.other(),
        };
        self.last = Some(number);
        number
    }

    /// The one for all that are not told apart: the first behind those that are.
    fn other(&mut self) -> Name {
        if self.names.len() == self.limit {
            return self.add(OTHER);
        }
        Name(self.limit as u32)
    }

    fn add(&mut self, name: &str) -> Name {
        let number = Name(self.names.len() as u32);
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }

    pub(crate) fn name(&self, number: Name) -> &str {
        &self.names[number.index()]
    }

    /// The number of a name that was met.
    pub(crate) fn find(&self, name: &str) -> Option<Name> {
        self.numbers.get(name).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there were more names than are told apart.
    pub(crate) fn is_full(&self) -> bool {
        self.names.len() > self.limit
    }

    /// All names with their numbers, as they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Name, &str)> {
        self.names.iter().enumerate().map(|(number, name)| (Name(number as u32), &**name))
    }

    pub(crate) fn merge(&mut self, other: &Self) -> Mapping {
        Mapping(other.names.iter().map(|name| self.of(name)).collect())
    }
}

/// For each name of one table its number in another.
#[derive(Debug)]
pub(crate) struct Mapping(Vec<Name>);

impl Mapping {
    pub(crate) fn of(&self, name: Name) -> Name {
        self.0[name.index()]
    }

    /// The numbers in the other table, in the order of the one.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Name> {
        self.0.iter().copied()
    }
}

/// The beginning of a text, so many bytes at most, up to a whole character.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_limit_are_one() {
        const MAX: usize = 100;
        let mut table = Table::new(MAX);
        let numbers: Vec<_> = (0..MAX + 5).map(|n| table.of(&n.to_string())).collect();
        assert_eq!((table.len(), table.is_full()), (MAX + 1, true));
        assert!(numbers[MAX..].iter().all(|number| table.name(*number) == OTHER));
        assert_eq!((table.of("3"), table.name(numbers[3])), (numbers[3], "3"));
    }

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        let mut table = Table::new(9);
        let number = table.of(&"漫".repeat(1000));
        assert_eq!(table.name(number).len(), 255);
        assert_eq!(table.of(&"漫".repeat(2000)), number);
    }
}
