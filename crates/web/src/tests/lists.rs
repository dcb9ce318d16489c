//! Lists of staff as long as they may be.

use super::world::{World, blocking};
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
    assert!(
        refused.body.contains("20000") || refused.body.contains("20,000"),
        "it says how many there may be"
    );
    // The same goes through the question who acts, and is carried out with the code.
    let value = |name: &str| {
        let after = seen.body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    };
    let (seal, bytes, key) = (value("seal"), value("bytes"), value("form_key"));
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
    let value = |name: &str| {
        let after = seen.body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    };
    let (seal, bytes, key) = (value("seal"), value("bytes"), value("form_key"));
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
