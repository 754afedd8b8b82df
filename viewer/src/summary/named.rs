//! Values by name, in bounded memory: names come from a log, and a log may hold a new one on every line.

use std::collections::HashMap;

/// How many names are told apart.
const MAX_NAMES: usize = 65_536;
/// How many bytes of a name are looked at.
const MAX_NAME: usize = 256;
/// What the names beyond these are counted under.
const OTHER: &str = "(other)";

#[derive(Debug, Default)]
pub(super) struct Named<T> {
    places: HashMap<String, usize>,
    values: Vec<T>,
}

impl<T: Default> Named<T> {
    /// The value of that name; a new one where there is none yet.
    pub(super) fn of(&mut self, name: &str) -> &mut T {
        let name = cut(name);
        let known = self.places.get(name).copied();
        let place = known.unwrap_or_else(|| {
            let name = if self.values.len() < MAX_NAMES { name } else { OTHER };
            *self.places.entry(name.to_owned()).or_insert_with(|| {
                self.values.push(T::default());
                self.values.len() - 1
            })
        });
        &mut self.values[place]
    }

    /// Takes in what another one has, where both have it by `add`.
    pub(super) fn merge(&mut self, other: Self, add: impl Fn(&mut T, T)) {
        let mut values: Vec<_> = other.values.into_iter().map(Some).collect();
        for (name, place) in other.places {
            if let Some(value) = values[place].take() {
                add(self.of(&name), value);
            }
        }
    }

    /// The names and their values, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.places.iter().map(|(name, &place)| (name.as_str(), &self.values[place]))
    }
}

fn cut(name: &str) -> &str {
    let mut end = name.len().min(MAX_NAME);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_limit_are_counted_together() {
        let mut named = Named::<u32>::default();
        for n in 0..MAX_NAMES + 5 {
            *named.of(&n.to_string()) += 1;
        }
        *named.of("3") += 1;
        assert_eq!(named.iter().count(), MAX_NAMES + 1);
        assert_eq!((*named.of(OTHER), *named.of("3"), *named.of("new")), (5, 2, 5));
    }

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        let mut named = Named::<u32>::default();
        *named.of(&"漫".repeat(1000)) += 1;
        let (name, _) = named.iter().next().unwrap();
        assert_eq!(name.len(), 255);
    }
}
