//! When a file's day is over. A wall clock may be set back, run far ahead and be put right: each of these makes one new
//! file at most, and after them days count again.

use crate::record::Timestamp;

/// The days of a file, counted from 1970-01-01, in local time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Days {
    /// The day that the file is of; none while it is empty.
    file: Option<i64>,
    /// The first day that was before that one, if the clock was set back.
    back: Option<i64>,
}

impl Days {
    /// What a record of `today` makes of them, and whether it belongs into a new file.
    fn at(self, today: i64) -> (Self, bool) {
        match self {
            Self { file: None, .. } => (Self { file: Some(today), back: None }, false),
            Self { file: Some(day), .. } if today == day => (Self { back: None, ..self }, false),
            Self { file: Some(day), .. } if today > day => (self, true),
            // The clock was ahead, or is behind: only a day that ends where it is now is sure to be one.
            Self { back, .. } => {
                let first = back.unwrap_or(today);
                (Self { back: Some(first), ..self }, today > first)
            }
        }
    }
}

/// The days of a file, and what day it is.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    days: Days,
    /// A second and its day: records come many to a second, and a zone's rules are slow to ask.
    today: Option<(i64, i64)>,
}

impl Calendar {
    /// Begins with a file that was last written then; one that is empty has no day yet.
    pub(super) fn begin(&mut self, written: Option<Timestamp>) {
        self.days = Days { file: written.map(Timestamp::local_day), back: None };
    }

    /// Whether a record of `now` belongs into a new file.
    pub(super) fn is_over(&mut self, now: Timestamp) -> bool {
        let second = now.as_micros().div_euclid(1_000_000);
        let (_, today) =
            self.today.filter(|cached| cached.0 == second).unwrap_or_else(|| (second, now.local_day()));
        self.today = Some((second, today));
        let (days, is_over) = self.days.at(today);
        self.days = days;
        is_over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rotates as often as asked to, and says at which of these days that was.
    fn rotations(days: &[i64]) -> Vec<i64> {
        let mut state = Days::default();
        let mut rotated = Vec::new();
        for &today in days {
            let (next, is_over) = state.at(today);
            state = next;
            if is_over {
                rotated.push(today);
                (state, _) = Days::default().at(today);
            }
        }
        rotated
    }

    #[test]
    fn each_new_day_has_a_file_and_days_without_records_have_none() {
        assert_eq!(rotations(&[7, 7, 8, 8, 9, 15, 15]), [8, 9, 15]);
        assert_eq!(rotations(&[-1, 0, 1]), [0, 1]);
    }

    #[test]
    fn records_that_come_late_over_midnight_rotate_nothing() {
        assert_eq!(rotations(&[7, 8, 7, 8, 7, 7, 8, 9]), [8, 9]);
        assert_eq!(rotations(&[8, 6, 8, 7]), [0; 0]);
    }

    #[test]
    fn a_clock_that_was_far_ahead_costs_one_file_and_days_count_again() {
        assert_eq!(rotations(&[7, 4000, 7, 7, 8, 8, 9]), [4000, 8, 9]);
        assert_eq!(rotations(&[7, 4000, 7, 4000, 7, 4000, 4000]), [4000], "however often it jumps");
    }

    #[test]
    fn a_clock_that_starts_in_1970_and_is_put_right_costs_nothing() {
        assert_eq!(rotations(&[20_000, 0, 0, 20_000, 20_001]), [20_001]);
        assert_eq!(rotations(&[20_000, 0, 0, 1, 1, 2]), [1, 2], "if it is not, its days count");
    }

    #[test]
    fn a_rotation_that_failed_is_still_due() {
        let (state, _) = Days::default().at(7);
        let (state, is_over) = state.at(8);
        assert!(is_over && state.at(8).1);
    }

    #[test]
    fn an_empty_file_is_of_the_day_of_its_first_record() {
        let noon = |day: i64| Timestamp::from_micros((day * 86_400 + 43_200) * 1_000_000);
        let mut calendar = Calendar::default();
        calendar.begin(None);
        assert_eq!([5, 5, 8].map(|day| calendar.is_over(noon(day))), [false, false, true]);
        calendar.begin(Some(noon(5)));
        assert_eq!([5, 8].map(|day| calendar.is_over(noon(day))), [false, true]);
    }
}
