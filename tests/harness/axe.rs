//! axe-core in the page: accessibility rules that a machine can check.

use crate::{Browser, target};
use serde_json::{Value, json};
use std::fmt;
use std::fs;
use std::path::PathBuf;

/// One rule broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule's name, as in axe-core's own list.
    pub rule: String,
    /// minor, moderate, serious or critical.
    pub impact: String,
    /// What the rule asks for.
    pub help: String,
    /// Where: a selector and what to mend, one for each element.
    pub places: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.rule, self.impact, self.help)?;
        self.places.iter().try_for_each(|place| write!(f, "\n    {place}"))
    }
}

/// Fetched by `scripts/install-test-deps`; never part of the repository.
fn script() -> PathBuf {
    target().join("axe/node_modules/axe-core/axe.min.js")
}

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document).then(
      (result) => done({ violations: result.violations, passes: result.passes.length }),
      (error) => done({ error: String(error) }));";

/// What axe-core finds wrong on the page as it stands, under all its default rules.
pub async fn violations(browser: &Browser) -> Vec<Violation> {
    let path = script();
    let missing = |e| panic!("{}: {e}; scripts/install-test-deps fetches axe-core", path.display());
    let source = fs::read_to_string(&path).unwrap_or_else(missing);
    let driver = browser.driver();
    driver.execute(source, Vec::new()).await.expect("axe-core loads into the page");
    let answer = driver.execute_async(RUN, Vec::<Value>::new()).await.expect("axe-core runs");
    let answer = answer.json();
    assert_eq!(answer.get("error"), None, "axe-core failed");
    assert!(answer["passes"].as_u64() > Some(0), "axe-core checked nothing");
    answer["violations"].as_array().unwrap_or(&Vec::new()).iter().map(violation).collect()
}

fn violation(value: &Value) -> Violation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let place = |node: &Value| {
        let summary = text(&node["failureSummary"]).split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}: {summary}", node["target"])
    };
    let nodes = value["nodes"].as_array().cloned().unwrap_or_default();
    Violation {
        rule: text(&value["id"]),
        impact: text(value.get("impact").unwrap_or(&json!(""))),
        help: text(&value["help"]),
        places: nodes.iter().map(place).collect(),
    }
}
