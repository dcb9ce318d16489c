//! `sluice pack list`: what ships with the product.

use super::shipped;
use crate::problem::{Done, Problem};
use crate::say;
use serde_json::json;

/// Lists the shipped packs.
///
/// # Errors
/// A shipped pack has faults, which a test forbids.
pub fn run(as_json: bool) -> Done {
    for (folder, files) in shipped::all() {
        let checked = desk::regulation::check(files)
            .map_err(|_| Problem::new(format!("the shipped pack {folder} has faults")))?;
        let header = &checked.pack.header;
        if as_json {
            let line = json!({
                "id": header.id,
                "version": header.version,
                "title": header.title.zh,
                "title_en": header.title.en,
                "clauses": checked.pack.clauses.len(),
                "digest": checked.rule.digest,
            });
            say!("{line}");
        } else {
            say!("{}  {}  {}", checked.rule.name, header.title.zh, header.title.en);
        }
    }
    Ok(())
}
