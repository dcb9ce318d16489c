//! Figures with their units, what they are held against, and the table, the page and the JSON they end in.

use super::machine::Machine;
use serde::Serialize;
use std::fmt::Write;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// So many a second; more is better.
    PerSecond,
    /// Milliseconds; fewer are better.
    Milliseconds,
    /// Mebibytes.
    Mebibytes,
    /// Kibibytes.
    Kibibytes,
    /// A plain number.
    Count,
}

impl Unit {
    fn word(self) -> &'static str {
        match self {
            Unit::PerSecond => "/s",
            Unit::Milliseconds => "ms",
            Unit::Mebibytes => "MiB",
            Unit::Kibibytes => "KiB",
            Unit::Count => "",
        }
    }
}

/// What a figure or a ratio should keep to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Target::AtLeast(bound) => value >= bound,
            Target::AtMost(bound) => value <= bound,
        }
    }

    fn text(self) -> String {
        match self {
            Target::AtLeast(bound) => format!("≥ {bound}"),
            Target::AtMost(bound) => format!("≤ {bound}"),
        }
    }
}

/// A figure held against something.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What the value is, such as `of (a)`.
    pub what: String,
    /// The value.
    pub value: f64,
    /// What it should be, if anybody said so.
    pub target: Option<Target>,
    /// Whether it is.
    pub met: Option<bool>,
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: String,
    /// What the numbers count.
    pub unit: Unit,
    /// The middle one of all rounds.
    pub median: f64,
    /// What each round gave.
    pub rounds: Vec<f64>,
    /// What it is held against.
    pub checks: Vec<Check>,
    /// How it was measured, and how durable what it writes is.
    pub how: String,
}

impl Figure {
    /// A figure of several rounds.
    pub fn new(name: impl Into<String>, unit: Unit, rounds: Vec<f64>, how: impl Into<String>) -> Self {
        let median = median(&rounds);
        Self { name: name.into(), unit, median, rounds, checks: vec![], how: how.into() }
    }

    /// Holds it against a value that it should keep to itself.
    #[must_use]
    pub fn within(self, target: Target) -> Self {
        let value = self.median;
        self.held("itself", value, Some(target))
    }

    /// Holds it against another figure, round by round, with or without a target.
    #[must_use]
    pub fn of(self, what: &str, other: &[f64], target: Option<Target>) -> Self {
        let pairs = self.rounds.iter().zip(other).filter(|(_, other)| **other > 0.0);
        let ratios: Vec<f64> = pairs.map(|(own, other)| own / other).collect();
        let value = median(&ratios);
        self.held(&format!("of {what}"), value, target)
    }

    fn held(mut self, what: &str, value: f64, target: Option<Target>) -> Self {
        let met = target.map(|target| target.is_met(value));
        self.checks.push(Check { what: what.into(), value, target, met });
        self
    }
}

/// The middle one; zero of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Figures that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct Chapter {
    /// What they are about.
    pub title: String,
    /// What a reader has to know about them.
    pub about: String,
    /// They.
    pub figures: Vec<Figure>,
}

/// Everything that was measured in one run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// On what.
    pub machine: Machine,
    /// Whether the numbers are small and there was one round.
    pub quick: bool,
    /// The figures.
    pub chapters: Vec<Chapter>,
}

impl Report {
    /// The table for a terminal.
    pub fn table(&self) -> String {
        let mut out = String::new();
        for line in self.machine.lines() {
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(out, "{line}");
        }
        for chapter in &self.chapters {
            let _ = writeln!(out, "\n{}", chapter.title);
            for figure in &chapter.figures {
                let _ = writeln!(out, "  {:<58} {:>12}   {}", figure.name, shown(figure), spread(figure));
                for check in &figure.checks {
                    let _ = writeln!(out, "      {}", verdict(check));
                }
            }
        }
        let _ = writeln!(out, "\n{}", self.summary());
        out
    }

    /// The page for the handbook.
    pub fn page(&self) -> String {
        let mut out = String::from(PREFACE);
        for line in self.machine.lines() {
            let _ = writeln!(out, "- {line}");
        }
        if self.quick {
            out.push_str("- a quick run: small numbers and one round, so take these figures for a hint\n");
        }
        let _ = writeln!(out, "\n{}", self.summary());
        for chapter in &self.chapters {
            let _ = writeln!(out, "\n## {}\n\n{}\n", chapter.title, chapter.about);
            out.push_str(
                "| what | median | rounds | held against | how |\n| --- | ---: | --- | --- | --- |\n",
            );
            for figure in &chapter.figures {
                let checks: Vec<String> = figure.checks.iter().map(verdict).collect();
                let (name, how) = (&figure.name, &figure.how);
                let _ = writeln!(
                    out,
                    "| {name} | {} | {} | {} | {how} |",
                    shown(figure),
                    spread(figure),
                    checks.join("; ")
                );
            }
        }
        out
    }

    fn summary(&self) -> String {
        let figures = self.chapters.iter().flat_map(|chapter| &chapter.figures);
        let checks: Vec<bool> = figures.flat_map(|f| &f.checks).filter_map(|check| check.met).collect();
        let met = checks.iter().filter(|met| **met).count();
        format!("{met} of {} targets are met.", checks.len())
    }
}

/// How the page begins.
const PREFACE: &str = "\
# Benchmarks

`make bench` wrote this page. It measures everything side by side, in one run on one disk, with the load on
the same processors; absolute numbers are this machine's, and the ratios are the result. A figure is the
median of its rounds; the baselines take their turn in every round, and a ratio is the median of the rounds'
ratios.

";

fn shown(figure: &Figure) -> String {
    format!("{} {}", number(figure.median), figure.unit.word()).trim_end().into()
}

fn spread(figure: &Figure) -> String {
    let mut sorted = figure.rounds.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    match (sorted.first(), sorted.last()) {
        (Some(least), Some(most)) if sorted.len() > 1 => format!("{} – {}", number(*least), number(*most)),
        _ => String::new(),
    }
}

fn verdict(check: &Check) -> String {
    let value =
        if check.what == "itself" { String::new() } else { format!("{:.2} {}", check.value, check.what) };
    let target = check.target.map(Target::text).zip(check.met);
    let target = target.map(|(text, met)| format!("target {text}, {}", if met { "met" } else { "NOT met" }));
    [value, target.unwrap_or_default()]
        .iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
}

/// A number with as many digits as it deserves.
fn number(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_the_median_of_the_rounds() {
        let figure = Figure::new("own", Unit::PerSecond, vec![10.0, 40.0, 30.0], "");
        let figure = figure.of("(a)", &[100.0, 100.0, 100.0], Some(Target::AtLeast(0.3)));
        assert_eq!((figure.median, figure.checks[0].value, figure.checks[0].met), (30.0, 0.3, Some(true)));
        assert_eq!(verdict(&figure.checks[0]), "0.30 of (a), target ≥ 0.3, met");
        let figure = figure.within(Target::AtMost(20.0));
        assert_eq!(verdict(&figure.checks[1]), "target ≤ 20, NOT met");
    }

    #[test]
    fn numbers_have_the_digits_they_deserve() {
        let texts = [0.456, 12.34, 123.4, 1_234_567.0].map(number);
        assert_eq!(texts, ["0.46", "12.3", "123", "1,234,567"]);
        assert_eq!(median(&[]), 0.0);
    }
}
