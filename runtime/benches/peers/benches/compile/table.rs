//! The table: the figures of the first subject, what the others add to them, and whether that is within budget.

use crate::subjects::{COLUMNS, Column, SUBJECTS};

/// The figures of one subject; nothing where one could not be had.
pub(crate) type Figures = [Option<f64>; COLUMNS.len()];

/// Prints it; whether all promises are kept.
pub(crate) fn print(figures: &[Figures; SUBJECTS.len()]) -> bool {
    header();
    let mut kept = true;
    for (number, subject) in SUBJECTS.iter().enumerate() {
        let mut cells = String::new();
        let mut verdicts = Vec::new();
        for (at, column) in COLUMNS.iter().enumerate() {
            let figure = added(figures, number, at);
            cells += &cell(column, figure, number > 0);
            let met = figure.zip(subject.budgets[at]).map(|(figure, budget)| figure <= budget);
            verdicts.push(verdict(column, subject.budgets[at], met));
            kept &= met != Some(false) || !column.promised;
        }
        let has_budgets = subject.budgets.iter().any(Option::is_some);
        println!(
            "{:<33}{cells}  {}",
            subject.name,
            if has_budgets { verdicts.join(", ") } else { String::new() }
        );
    }
    kept
}

fn header() {
    let heads = |of: fn(&Column) -> &str| COLUMNS.iter().map(|column| format!("{:>9}", of(column))).collect();
    let (titles, units): (String, String) = (heads(|column| column.title), heads(|column| column.unit));
    println!("\n{:<33}{titles}  budgets, in this order\n{:<33}{units}", "", "");
}

/// A figure of the first subject, or what another adds to that.
fn added(figures: &[Figures], subject: usize, column: usize) -> Option<f64> {
    let own = figures[subject][column]?;
    if subject == 0 { Some(own) } else { Some(own - figures[0][column]?) }
}

fn cell(column: &Column, figure: Option<f64>, signed: bool) -> String {
    match figure {
        Some(figure) if signed => format!("{figure:>+9.*}", column.decimals),
        Some(figure) => format!("{figure:>9.*}", column.decimals),
        None => format!("{:>9}", "-"),
    }
}

fn verdict(column: &Column, budget: Option<f64>, met: Option<bool>) -> String {
    let Some(budget) = budget else { return "-".to_owned() };
    let word = match met {
        Some(true) => "met",
        Some(false) => "NOT MET",
        None => "not measured",
    };
    format!("{budget:.*} {word}", column.decimals)
}
