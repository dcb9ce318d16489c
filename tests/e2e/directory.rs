//! Somebody leaves: the rights end, those who must know are told, the work is handed over. And a list is
//! compared before it is taken.

use super::api::Api;
use super::story::Story;
use domain::period::Calendar;
use domain::time::Date;
use serde_json::json;
use thirtyfour::Key;

/// Reaches a link by the letters of the to-do list, and follows it.
async fn follow(story: &Story, link: &str, path: &str) {
    let hands = story.hands();
    story.sees(&format!("document.querySelector(\"{link}\")")).await;
    while story.ask(&format!("document.activeElement.matches(\"{link}\")")).await == "false" {
        hands.key('j').await;
        assert!(hands.count() < 40, "{link} is not reached with J");
    }
    hands.key(Key::Enter).await;
    story.arrive(&format!("location.pathname.startsWith('{path}')")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_loses_rights_and_hands_over() {
    let story = Story::begin().await;
    let chen = Api::of(&story.server, "chen");
    let case = chen.cases("陳思齊", true)[0].clone();
    story.sit("yang-lc").await;
    story.open("/staff?post=chen-user").await;
    story.settled().await;
    story.check("staff-change").await;
    let hands = story.hands();
    hands.tab_to("#f-on").await;
    story.browser.eval("document.querySelector('#f-on').select()").await;
    hands.type_field("1150230").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-on').value === '1150230'").await;
    story.check("staff-change-fault").await;
    story.browser.eval("document.querySelector('#f-on').select()").await;
    story.browser.eval("document.querySelector('#f-on').focus()").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    hands.type_field(&today).await;
    story.browser.eval("document.querySelector('#f-cause').value = 'leave'").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("staff-changed").await;
    let (status, _) = chen.get("todo");
    assert_eq!(status, 401, "the post is over, and so is what it let her do");

    story.sit("tsao").await;
    story.check("todo-handover").await;
    let owed = Api::of(&story.server, "tsao").get("duties").1;
    let hers = owed["own"].as_array().unwrap().iter().find(|duty| duty["person"] == "陳思齊").unwrap();
    let id = super::api::text(&hers["id"]);
    let id = id.trim_start_matches("du-").rsplit_once('-').map_or("", |(id, _)| id).to_string();
    follow(&story, &format!("a[href='/handovers/{id}']"), "/handovers/").await;
    story.sees(&format!("document.body.innerText.includes('{case}')")).await;
    story.check("handover-new").await;
    story.browser.eval("document.querySelector('#f-receiver').value = 'liu'").await;
    story.hands().chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    let (status, answer) =
        Api::of(&story.server, "liu").post(&format!("handovers/{id}/sign"), &json!({ "note": "" }));
    assert_eq!(status, 200, "{answer}");
    story.open(&format!("/handovers/{id}")).await;
    story.settled().await;
    let hands = story.hands();
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("handover-silent").await;
    hands.tab_to("#f-note").await;
    hands.type_field("已離職，未及簽名").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("handover-closed").await;
    let mine = Api::of(&story.server, "liu").cases("劉雨潔", true);
    assert!(mine.contains(&case), "{mine:?}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_compared_and_then_taken() {
    let story = Story::begin().await;
    story.sit("ho-kh").await;
    story.open("/staff/import").await;
    story.settled().await;
    let list = "id,name,unit,role\\nA01,葉子豪,kh-relief,user\\nA02,王小明,nowhere,user\\n";
    story.browser.eval(&format!("document.querySelector('#f-file').value = '{list}'")).await;
    story.hands().chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('input[name=seal]')").await;
    story.sees("document.body.innerText.includes('nowhere')").await;
    story.check("import-difference").await;
    story.hands().chord(&[Key::Control], Key::Enter).await;
    story.prove(&story.hands(), "import-prove").await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.body.innerText.includes('葉子豪')").await;
    story.check("import-done").await;
    story.open("/staff/import").await;
    story.settled().await;
    story.browser.eval("document.querySelector('#f-file').value = 'id,name\\n1,2\\n'").await;
    story.hands().chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-file').value.startsWith('id,name')").await;
    story.check("import-fault").await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contract_is_entered_with_its_people_and_ended() {
    let story = Story::begin().await;
    story.sit("yang-lc").await;
    story.open("/contracts").await;
    story.settled().await;
    story.check("contracts-nobody").await;
    let keeper = Api::of(&story.server, "yang-lc");
    let vendor = json!({ "id": "V01", "name": "海大同", "unit": "lc-it", "role": "contractor" });
    let list = |seal: &serde_json::Value| json!({ "people": [vendor.clone()], "seal": seal });
    let (_, seen) = keeper.post("staff/import", &list(&json!("")));
    let (status, answer) = keeper.post("staff/import", &list(&seen["seal"]));
    assert_eq!((status, &answer["done"]), (200, &json!(true)), "{answer}");

    story.open("/staff").await;
    story.settled().await;
    story.browser.eval("document.querySelector('a[href=\"/contracts\"]').focus()").await;
    let hands = story.hands();
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/contracts'").await;
    hands.tab_to("#f-number").await;
    hands.type_field("115-資-001").await;
    hands.tab_to("#f-contractor").await;
    hands.type_field("海風資訊股份有限公司").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-number').value === '115-資-001'").await;
    story.check("contracts-fault").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    hands.tab_to("#f-from").await;
    hands.type_field(&today).await;
    hands.tab_to("#f-until").await;
    hands.type_field("+200").await;
    hands.tab_to("#f-confidential").await;
    hands.key(Key::Space).await;
    hands.tab_to("input[name=people]").await;
    hands.key(Key::Space).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('td.code').innerText === '115-資-001'").await;
    story.sees("document.querySelector('tr[data-row]').innerText.includes('海大同')").await;
    story.check("contracts").await;
    let (_, all) = keeper.get("contracts");
    assert_eq!((&all["contracts"][0]["state"], &all["ends"]), (&json!("runs"), &json!(true)), "{all}");
    story.open("/contracts?lang=en").await;
    story.settled().await;
    story.check("en-contracts").await;
    story.browser.eval("document.querySelector('td summary').click()").await;
    story.browser.eval("document.querySelector('td details button').click()").await;
    story.arrive("document.querySelector('#banner')").await;
    let (_, all) = keeper.get("contracts");
    assert_eq!(all["contracts"][0]["state"], json!("over"), "{all}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_gets_another_name_and_is_not_closed_while_somebody_is_there() {
    let story = Story::begin().await;
    story.sit("yang-lc").await;
    story.open("/staff").await;
    story.settled().await;
    let hands = story.hands();
    story.browser.eval("document.querySelector('a[href=\"/staff?unit=lc-nangan\"]').focus()").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#f-name')").await;
    story.check("unit").await;
    story.browser.eval("document.querySelector('#f-name').value = ''").await;
    hands.tab_to("#f-name_en").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-name_en').value !== ''").await;
    story.check("unit-fault").await;
    story.browser.eval("document.querySelector('#f-name').value = '南竿衛生所'").await;
    hands.tab_to("#f-name_en").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('#main').innerText.includes('原名南竿鄉衛生所')").await;
    story.check("unit-renamed").await;
    story.open("/staff?unit=lc-nangan&lang=en").await;
    story.settled().await;
    story.browser.eval("document.querySelector('form[action$=\"/close\"] button').click()").await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("en-unit-in-use").await;
    let keeper = Api::of(&story.server, "yang-lc");
    let (_, staff) = keeper.get("staff");
    let own = staff["units"].as_array().unwrap().iter().find(|unit| unit["id"] == "lc-nangan").unwrap();
    assert_eq!(own["former"][0]["name"], json!("南竿鄉衛生所"), "{own}");
    let (status, no) = keeper.post("units/lc-nangan/close", &json!({}));
    assert!((400..500).contains(&status), "{status} {no}");
    let (status, no) = keeper.post("units/lc-nangan", &json!({ "name": "" }));
    assert!((400..500).contains(&status), "{status} {no}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_is_declared_and_taken_out_of_use() {
    let story = Story::begin().await;
    story.sit("tsao").await;
    story.open("/workstations").await;
    story.settled().await;
    story.check("workstations-empty").await;
    let hands = story.hands();
    hands.tab_to("#f-number").await;
    hands.type_field("3140101-01").await;
    hands.tab_to("#f-dedicated").await;
    hands.key(Key::Space).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-number').value === '3140101-01'").await;
    story.sees("document.querySelector('#f-dedicated').checked").await;
    story.check("workstations-fault").await;
    hands.tab_to("#f-keeper").await;
    story.browser.eval("document.querySelector('#f-keeper').value = 'chen'").await;
    hands.tab_to("#f-password_set").await;
    hands.key(Key::Space).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('tr[data-row]').innerText.includes('3140101-01')").await;
    story.check("workstations").await;
    let (_, all) = Api::of(&story.server, "tsao").get("workstations");
    assert_eq!(all["workstations"][0]["state"], json!("declared"), "{all}");
    story.open("/workstations?lang=en").await;
    story.settled().await;
    story.check("en-workstations").await;
    story.browser.eval("document.querySelector('td form button').click()").await;
    story.arrive("document.querySelector('#banner')").await;
    let (_, all) = Api::of(&story.server, "tsao").get("workstations");
    assert_eq!(all["workstations"][0]["state"], json!("retired"), "{all}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_day_is_declared_where_deadlines_are() {
    let story = Story::begin().await;
    story.sit("yang-lc").await;
    story.open("/duties").await;
    story.settled().await;
    let hands = story.hands();
    hands.tab_to("a[href='/closures']").await;
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/closures'").await;
    story.check("closures-empty").await;
    hands.tab_to("#f-day").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("closures-fault").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    let calendar = Calendar::official();
    let open = |day: &Date| calendar.is_off(*day) == Ok(false);
    let today = Date::parse_iso(&today).unwrap();
    let day = (1..30).filter_map(|n| today.plus_days(n)).find(open).unwrap().to_string();
    hands.tab_to("#f-day").await;
    hands.type_field(&day).await;
    hands.tab_to("input[name='why']").await;
    hands.key(Key::Space).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("closures").await;
    let (_, all) = Api::of(&story.server, "tsao").get("closures");
    assert_eq!(all["closed"][0]["why"], json!("disaster"), "{all}");
    story.open("/closures?lang=en").await;
    story.settled().await;
    story.check("en-closures").await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_two_posts_takes_the_other_from_the_menu() {
    let story = Story::begin().await;
    let keeper = Api::of(&story.server, "yang-lc");
    let post = |unit: &str, role: &str| json!({ "id": "chen", "name": "陳思齊", "unit": unit, "role": role });
    let people = [post("lc-disease", "user"), post("lc-nangan", "user")];
    let list = |seal: &serde_json::Value| json!({ "people": people, "seal": seal });
    let (_, seen) = keeper.post("staff/import", &list(&json!("")));
    let (status, answer) = keeper.post("staff/import", &list(&seen["seal"]));
    assert_eq!((status, &answer["done"]), (200, &json!(true)), "{answer}");

    story.sit("chen").await;
    story.open("/todo").await;
    story.settled().await;
    let first = story.ask("document.querySelector('.where').innerText").await;
    let hands = story.hands();
    hands.tab_to(".me summary").await;
    hands.key(Key::Enter).await;
    story.check("posts").await;
    hands.tab_to("button[name='post']").await;
    hands.key(Key::Enter).await;
    story.arrive(&format!("document.querySelector('.where').innerText !== {}", json!(first))).await;
    story.check("post-taken").await;
    story.open("/todo?lang=en").await;
    story.settled().await;
    story.browser.eval("document.querySelector('.me').open = true").await;
    story.check("en-posts").await;
    story.end().await;
}
