//! A form with a table, by keyboard: each cell has its type, its name and its fault; and what was ticked for
//! a return that is refused stays ticked.

use super::story::Story;
use harness::folder::Folder;
use harness::{Server, server};
use std::fs;
use std::process::Command;
use thirtyfour::Key;

const TABLE: &str = r#"
[[field]]
id = "cases"
label = { zh = "承辦案件", en = "Cases" }
type = "table"
required = true
columns = [
  { id = "name", label = { zh = "案名", en = "Name" }, type = "text", required = true, max_length = 40 },
  { id = "count", label = { zh = "件數", en = "Number" }, type = "number", required = true },
  { id = "until", label = { zh = "辦畢日期", en = "Until" }, type = "date" },
  { id = "class", label = { zh = "類別", en = "Class" }, type = "choice", options = [
    { code = "a", label = { zh = "補助", en = "Relief" } },
    { code = "b", label = { zh = "查核", en = "Checks" } },
  ] },
]
"#;

/// A pack as `pack new` lays it out, whose form for accounts has a table.
fn pack(folder: &Folder) {
    let at = folder.path().join("packs/tables/1");
    let mut command = Command::new(server::sluice());
    let made = command.args(["pack", "new", "--id", "tables"]).arg(&at).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let form = at.join("forms/account-application.toml");
    let text = fs::read_to_string(&form).unwrap();
    fs::write(&form, text.replacen("\n[[signature]]", &format!("{TABLE}\n[[signature]]"), 1)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_filled_cell_by_cell_and_a_refused_return_keeps_its_ticks() {
    let folder = Folder::new("form");
    pack(&folder);
    let (data, packs) = (folder.path().join("own/data"), folder.path().join("packs"));
    let story = Story::on(Server::under(&data, &packs)).await;
    story.sit("tables-user").await;
    story.open("/applications/new?object=account").await;
    story.settled().await;
    story.sees("document.querySelector('[id=\"f-cases.1.count\"]').inputMode === 'numeric'").await;
    story.sees("document.querySelector('[id=\"f-cases.1.class\"]').matches('select')").await;
    let hands = story.hands();
    hands.tab_to("[name=\"v.kind\"]").await;
    hands.key(Key::Space).await;
    hands.tab_to("[id=\"f-cases.1.name\"]").await;
    hands.type_field("急難救助").await;
    hands.key(Key::Tab).await;
    hands.type_field("many").await;
    hands.key(Key::Tab).await;
    hands.type_field("115/12/31").await;
    hands.key(Key::Tab).await;
    hands.type_field("查核").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.activeElement.id === 'errors'").await;
    story.check("form-table-fault").await;
    let cell = "document.querySelector('[id=\"f-cases.1.count\"]')";
    story.sees(&format!("{cell}.getAttribute('aria-invalid') === 'true'")).await;
    story.sees(&format!("document.getElementById({cell}.getAttribute('aria-describedby'))")).await;
    story.sees("document.querySelector('[id=\"f-cases.1.until\"]').value === '115/12/31'").await;
    story.sees("document.querySelector('[id=\"f-cases.1.class\"]').value === 'b'").await;
    hands.tab_to("#errors a").await;
    hands.key(Key::Enter).await;
    story.arrive("document.activeElement.id === 'f-cases.1.count'").await;
    hands.type_field("12").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    let code = story.ask("location.pathname.split('/').pop()").await;
    story.check("form-table-sent").await;
    story.sees("document.querySelector('.sheet').innerText.includes('急難救助 12 115/12/31 查核')").await;

    // A return wants words; what was ticked with it stays.
    story.sit("tables-supervisor").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    let hands = story.hands();
    hands.tab_to("form[action$='/stamp'] summary").await;
    hands.key(Key::Enter).await;
    hands.tab_to("[name=fields][value=cases]").await;
    hands.key(Key::Space).await;
    hands.tab_to("[name=verdict][value=return]").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("form-return-refused").await;
    story.sees("document.querySelector('[name=fields][value=cases]').checked").await;
    story.sees("document.querySelector('[name=fields]').closest('details').open").await;
    hands.tab_to("#f-note").await;
    hands.type_field("件數請再核對").await;
    hands.tab_to("[name=verdict][value=return]").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sit("tables-user").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.sees("document.querySelector('#f-cases').matches('.faulty')").await;
    story.end().await;
}
