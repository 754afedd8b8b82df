//! The table: a line for each contender, then what of ours is within its budget.

use crate::Outcome;
use crate::contenders::{Contender, Limit};

/// What was measured of one contender: for each round a value.
pub(crate) struct Row {
    pub(crate) contender: &'static Contender,
    wall: Vec<f64>,
    cpu: Vec<f64>,
    allocations: Vec<f64>,
    paced: [Vec<f64>; 3],
    bytes: Vec<f64>,
    lost: u64,
    killed: u64,
    peak: f64,
}

impl Row {
    pub(crate) fn new(contender: &'static Contender) -> Self {
        let (wall, cpu, allocations, paced, bytes) = Default::default();
        Self { contender, wall, cpu, allocations, paced, bytes, lost: 0, killed: 0, peak: 0.0 }
    }

    pub(crate) fn burst(&mut self, outcome: Outcome) {
        let [wall, cpu, allocations] = outcome.three();
        self.wall.push(wall);
        self.cpu.push(cpu);
        self.allocations.push(allocations);
        self.bytes.push(outcome.lines.bytes as f64 / outcome.lines.count as f64);
        self.lost += outcome.lost();
    }

    pub(crate) fn paced(&mut self, outcome: Outcome) {
        for (values, value) in self.paced.iter_mut().zip(outcome.three()) {
            values.push(value);
        }
        self.lost += outcome.lost();
    }

    pub(crate) fn killed(&mut self, outcome: Outcome) {
        self.killed = outcome.lost();
    }

    pub(crate) fn many(&mut self, outcome: Outcome) {
        self.peak = outcome.numbers[0];
        self.lost += outcome.lost();
    }

    fn line(&self) -> String {
        let [p50, p99, p999] = self.paced.each_ref().map(|values| median(values));
        format!(
            "{:<30} {:>7.0} {:>7.0} {p50:>7.0} {p99:>7.0} {p999:>8.0} {:>7.2} {:>6.0} {:>9} {:>9} {:>7.1}",
            self.contender.name,
            median(&self.wall),
            median(&self.cpu),
            median(&self.allocations),
            median(&self.bytes),
            self.lost,
            self.killed,
            self.peak,
        )
    }

    /// The limit and whether it is kept.
    fn verdict(&self, limit: &Limit, rows: &[Self]) -> String {
        let cpu = median(&self.cpu);
        match *limit {
            Limit::Cpu(most) => said(cpu <= most, &format!("{cpu:.0} of {most} ns CPU")),
            Limit::CpuOf(name, factor) => {
                let Some(other) = rows.iter().find(|row| row.contender.name == name) else {
                    return format!("not compared with {name}");
                };
                let ratio = cpu / median(&other.cpu);
                said(ratio <= factor, &format!("{ratio:.2} of {factor} x the CPU of {name}"))
            }
            Limit::Paced(most) => {
                let own = self.paced.each_ref().map(|values| median(values));
                let is_met = own.iter().zip(most).all(|(own, most)| *own <= most);
                said(is_met, &format!("paced {own:.0?} of {most:?} ns"))
            }
            Limit::Peak(most) => said(self.peak <= most, &format!("{:.0} of {most} MiB", self.peak)),
            Limit::Whole => said(self.lost == 0, "nothing lost"),
            Limit::WholeWhenKilled => said(self.killed == 0, "nothing lost when killed"),
        }
    }
}

impl Outcome {
    fn three(&self) -> [f64; 3] {
        self.numbers.as_slice().try_into().expect("a child says three numbers")
    }

    fn lost(&self) -> u64 {
        self.sent - self.lines.count
    }
}

pub(crate) fn print(rows: &[Row]) {
    println!(
        "\n{:<30} {:>7} {:>7} {:>7} {:>7} {:>8} {:>7} {:>6} {:>9} {:>9} {:>7}",
        "", "ns wall", "ns CPU", "p50", "p99", "p99.9", "allocs", "bytes", "lost", "killed", "MiB"
    );
    for row in rows {
        println!("{}", row.line());
    }
    println!("\nbudgets");
    for row in rows.iter().filter(|row| !row.contender.limits.is_empty()) {
        for limit in row.contender.limits {
            println!("  {:<28} {}", row.contender.name, row.verdict(limit, rows));
        }
    }
}

fn said(is_met: bool, what: &str) -> String {
    format!("{what}: {}", if is_met { "met" } else { "NOT MET" })
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
