//! No statement reads a table that grows from its beginning, and no list sorts what an index has in order.

use super::{bulks, statements};
use crate::engine::lower::lower;
use crate::testing::Scratch;

/// Tables whose size has nothing to do with how many lookups there are, and lists of values.
const SMALL: &[&str] = &[
    "agency",
    "regulation",
    "proposal",
    "log_head",
    "migration",
    "bucket",
    "session",
    "rate",
    "failure_count",
    "refusal_count",
    "outbox",
    "outbox_pace",
    "v",
];
/// Statements that sort the few rows that one person, one unit, one day or one round of the watch has.
const SORTS_FEW: &[&str] = &[
    "account.codes_unsaid",
    "bundled_failures",
    "bundled_refusals",
    "directory.agencies",
    "directory.assignments_of",
    "directory.contracts",
    "directory.contracts_of",
    "directory.workstations",
    "grant.untold",
    "regulation.all",
    "regulation.proposals",
    "sessions_of",
    "sum_clause_counts",
];

/// Statements that read the one row that a log has, lists and counts that end where their reader has seen
/// enough, and the people, contracts and machines of an agency, which are not many.
const OF_A_LOG: &[&str] = &[
    "account.codes_unsaid",
    "account.open_of_log",
    "account.without_post",
    "account.of_agency",
    "account.of_one",
    "account.waiting",
    "application.of_log",
    "directory.closures",
    "directory.contracts_of",
    "directory.deputies",
    "directory.holders",
    "directory.posts_of_log",
    "directory.units",
    "directory.workstations",
    "grant.permissions_of_log",
    "letter.settings_of_log",
    "link.of_log",
    "lock_head",
    "lookup.count.all",
    "move_head",
    "select_checkpoint",
    "select_head",
];

/// How SQLite, which keeps no figures about these tables, would run a statement.
fn plan(raw: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = raw.prepare(&format!("EXPLAIN QUERY PLAN {}", lower(sql))).unwrap();
    let (mut rows, mut steps) = (statement.raw_query(), Vec::new());
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

fn grows(step: &str) -> bool {
    step.strip_prefix("SCAN ").is_some_and(|rest| {
        let table = rest.split(' ').next().unwrap_or_default();
        let made = table.starts_with('(') || rest.contains("CONSTANT ROW") || rest == "counted";
        !made && !SMALL.contains(&table)
    })
}

#[test]
fn no_statement_scans_a_table_that_grows_and_none_sorts_a_list() {
    let scratch = Scratch::new();
    drop(scratch.open());
    let raw = scratch.raw();
    let mut found = Vec::new();
    let texts = statements().into_iter().map(|statement| (statement.name, statement.sql.to_owned()));
    for (name, sql) in texts.chain(bulks().into_iter().map(|bulk| (bulk.name, bulk.render(16)))) {
        if sql.starts_with("CREATE") {
            continue;
        }
        for step in plan(&raw, &sql) {
            let sorts = step.starts_with("USE TEMP B-TREE") && !SORTS_FEW.contains(&name);
            // One log may be the whole database.
            let whole = step.ends_with("(log=?)") && !OF_A_LOG.contains(&name);
            if grows(&step) || sorts || whole {
                found.push(format!("{name}: {step}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_page_begins_where_the_last_one_ended() {
    let scratch = Scratch::new();
    drop(scratch.open());
    let raw = scratch.raw();
    let pages: Vec<_> = statements().into_iter().filter(|s| s.name.starts_with("lookup.page.")).collect();
    assert_eq!(pages.len(), 15);
    for page in pages {
        let steps = plan(&raw, page.sql);
        assert!(matches!(&steps[..], [one] if one.ends_with("(at,id)<(?,?))")), "{}: {steps:?}", page.name);
        println!("{}: {steps:?}", page.name);
    }
}
