//! Lists of staff as long as they may be.

use super::world::{Browser, Page, World, blocking};
use axum::http::StatusCode;

/// Rows that a list may have.
const ROWS: usize = 20_000;

/// A list of units with so many rows, each as long as they are in practice.
fn units(rows: usize) -> String {
    let row = |n: usize| {
        format!("u{n:05},地政事務所登記第{n:05}課登記及測量業務股,Registration section {n},,bureau\n")
    };
    let mut text = "id,name,name_en,above,organisation\n".to_string();
    (0..rows).for_each(|n| text.push_str(&row(n)));
    text
}

/// What a hidden field of a page holds.
fn hidden(body: &str, name: &str) -> String {
    let after = body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_list_has_room_for_all_the_rows_that_it_may_have_and_no_other_form_has() {
    let world = World::new();
    let mut keeper = world.signed("keeper").await;
    let list = units(ROWS);
    assert!(list.len() > 1024 * 1024, "{} bytes", list.len());
    let seen = keeper.post("/staff/import", &[("file", &list)]).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains("name=\"seal\""), "what would change is shown");
    let longer = units(ROWS + 1);
    let refused = keeper.post("/staff/import", &[("file", &longer)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = refused.body.split("id=\"e-file\"").nth(1).unwrap();
    assert!(told.contains("名冊超過 20000 列"), "{}", &told[..told.len().min(400)]);
    // The same goes through the question who acts.
    let (seal, bytes, key) =
        (hidden(&seen.body, "seal"), hidden(&seen.body, "bytes"), hidden(&seen.body, "form_key"));
    let fields = [("seal", seal.as_str()), ("bytes", &bytes), ("form_key", &key)];
    let asked = keeper.post("/staff/import", &fields).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("name=\"proof\"") && asked.body.contains(&seal), "the list goes along");
    let elsewhere = keeper.post("/cases", &[("file", &list)]).await;
    assert_eq!(elsewhere.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut nobody = world.browser();
    let anonymous = nobody.post("/staff/import", &[("file", &list)]).await;
    assert_eq!(anonymous.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_was_typed_goes_through_the_question_who_acts() {
    let world = World::new();
    let mut keeper = world.signed("keeper").await;
    keeper.get("/todo").await;
    let list = "id,name,unit,role\nA01,新人,unit,user\n";
    let seen = keeper.post("/staff/import", &[("file", list)]).await;
    let (seal, bytes, key) =
        (hidden(&seen.body, "seal"), hidden(&seen.body, "bytes"), hidden(&seen.body, "form_key"));
    let mut fields = vec![("seal", seal.as_str()), ("bytes", &bytes), ("form_key", &key)];
    for wrong in ["", "000000"] {
        fields.push(("proof", wrong));
        let asked = keeper.post("/staff/import", &fields).await;
        fields.pop();
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.body.contains(&format!("value=\"{bytes}\"")), "{}", asked.body);
        assert_eq!(asked.body.contains("id=\"e-proof\""), !wrong.is_empty(), "only a wrong code is an error");
    }
    let desk = world.app.desk().clone();
    let code = blocking(move || desk.demo_proof("keeper").unwrap()).await;
    fields.push(("proof", &code));
    let done = keeper.post("/staff/import", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
}

#[tokio::test]
async fn a_list_that_was_overtaken_shows_what_it_would_change_now() {
    let world = World::new();
    let mut keeper = world.signed("keeper").await;
    let list = "id,name,unit,role\nA01,新人,unit,user\nA02,另一人,unit,user\n";
    let confirm = async |keeper: &mut Browser, seen: &Page| {
        let desk = world.app.desk().clone();
        let code = blocking(move || desk.demo_proof("keeper").unwrap()).await;
        let (seal, bytes, key) =
            (hidden(&seen.body, "seal"), hidden(&seen.body, "bytes"), hidden(&seen.body, "form_key"));
        let fields =
            [("seal", seal.as_str()), ("bytes", &bytes), ("form_key", &key), ("proof", code.as_str())];
        keeper.post("/staff/import", &fields).await
    };
    let first = keeper.post("/staff/import", &[("file", list)]).await;
    let other = keeper.post("/staff/import", &[("file", &list[..list.find("A02").unwrap()])]).await;
    assert_eq!(confirm(&mut keeper, &other).await.status, StatusCode::SEE_OTHER);
    let overtaken = confirm(&mut keeper, &first).await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT, "{}", overtaken.body);
    assert!(overtaken.body.contains("另一人"), "who is left of the list");
    assert_ne!(hidden(&overtaken.body, "seal"), hidden(&first.body, "seal"));
    assert_eq!(hidden(&overtaken.body, "bytes"), hidden(&first.body, "bytes"), "the list goes along");
    assert_eq!(confirm(&mut keeper, &overtaken).await.status, StatusCode::SEE_OTHER);
}
