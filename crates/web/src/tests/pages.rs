//! Pages: what stands on every one, and the main job from case to stamp.

use super::world::{Browser, Page, World};
use axum::http::StatusCode;

const CASE: &str = "113疫001";

fn check_frame(page: &Page, target: &str) {
    for (name, value) in [
        ("content-security-policy", crate::guard::headers::POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.header(name), value, "{name} of {target}");
    }
    assert!(page.header("x-operation").starts_with("E-"), "{target}");
    if page.header("content-type").starts_with("text/html") {
        assert_eq!(page.body.matches("<h1>").count(), 1, "{target}");
        assert!(!page.body.contains("<script>") && !page.body.contains(" style="), "{target}");
        assert!(!page.body.contains(" onclick=") && !page.body.contains("{$"), "{target}");
    }
}

#[tokio::test]
async fn every_page_stands_in_its_frame_in_both_languages() {
    let world = World::new();
    world.prepare().await;
    let targets = [
        "/todo",
        "/todo?tab=done",
        "/lookups/new",
        "/lookups/new?case=113%E7%96%AB001",
        "/lookups/new?case=none",
        "/records",
        "/records?state=awaiting&case=x",
        "/cases",
        "/ledger",
        "/ledger?code=nonsense",
        "/compliance",
        "/compliance?only=gaps",
        "/settings",
        "/help",
        "/nowhere",
        "/countersign",
        "/records/QR-1",
    ];
    for login in ["maker", "stamper", "checker", "head"] {
        let mut browser = world.signed(login).await;
        for target in targets {
            for lang in ["zh", "en"] {
                let joint = if target.contains('?') { '&' } else { '?' };
                let target = format!("{target}{joint}lang={lang}");
                let page = browser.get(&target).await;
                assert!(!page.status.is_server_error(), "{login} {target} {}", page.status);
                check_frame(&page, &target);
            }
        }
    }
    let mut stranger = world.browser();
    for target in ["/sign-in", "/nowhere", "/healthz", "/api/v1/openapi.json", "/api/v1/todo", "/todo"] {
        check_frame(&stranger.get(target).await, target);
    }
}

pub(super) async fn ask(browser: &mut Browser, key: &str) -> Page {
    let fields = [
        ("case", CASE),
        ("party", "1"),
        ("purpose", "official"),
        ("basis", "none"),
        ("items", "household/basic"),
        ("form_key", key),
    ];
    let draft = browser.get("/lookups/new?case=113%E7%96%AB001").await;
    let chosen = |name: &str, fallback: &str| {
        let marker = format!("name=\"{name}\" value=\"");
        let inputs = draft.body.split(&marker).skip(1);
        let mut values = inputs.map(|rest| rest.split_once('"').unwrap());
        let preset = values.clone().find(|(_, rest)| rest.starts_with(" checked"));
        preset.or_else(|| values.next()).map_or(fallback.to_string(), |(value, _)| value.to_string())
    };
    let (purpose, basis) = (chosen("purpose", ""), chosen("basis", ""));
    let mut fields = fields.to_vec();
    fields[2].1 = &purpose;
    fields[3].1 = &basis;
    let text = [("purpose_text", "確認接種對象的設籍地址"), ("basis_text", "傳染病防治法第43條")];
    fields.extend(text);
    browser.post("/lookups", &fields).await
}

/// The record code that a page's title says.
fn code_of(page: &Page) -> String {
    let title = page.body.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(title.starts_with("QR-"), "the title says the record code alone: {title}");
    title.to_string()
}

#[tokio::test]
async fn one_lookup_from_the_case_to_the_stamp() {
    let world = World::new();
    world.prepare().await;
    let mut maker = world.signed("maker").await;
    let page = ask(&mut maker, "once").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    check_frame(&page, "the result");
    let code = code_of(&page);
    assert!(page.body.contains("id=\"timed\"") && page.body.contains(&world.subject), "{}", page.body);
    assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""));

    // A second click is carried out once.
    let again = ask(&mut maker, "once").await;
    assert_eq!(code_of(&again), code);

    let list = maker.get("/records").await;
    assert!(list.body.contains(&code) && !list.body.contains(&world.subject));
    let record = maker.get(&format!("/records/{code}")).await;
    assert_eq!(record.status, StatusCode::OK);
    assert!(!record.body.contains(&world.subject), "lists and records are masked");
    assert_eq!(maker.post(&format!("/records/{code}/hidden"), &[]).await.status, StatusCode::SEE_OTHER);
    let found = maker.post("/search", &[("q", &code.to_lowercase())]).await;
    assert_eq!(found.header("location"), format!("/records/{code}"));

    let mut stamper = world.signed("stamper").await;
    let queue = stamper.get("/countersign").await;
    assert!(queue.body.contains(&code), "{}", queue.body);
    let panel = stamper.get(&format!("/countersign?open={code}")).await;
    assert!(panel.body.contains("data-verdict"));
    let judged = [("verdict", "match"), ("note", "與案卷相符")];
    let page = stamper.post(&format!("/countersign/{code}"), &judged).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    let confirm = stamper.post("/countersign/confirm", &[("rows", &code)]).await;
    assert!(confirm.body.contains("name=\"proof\""), "{}", confirm.body);
    let wrong =
        stamper.post("/countersign/stamp", &[("rows", &code), ("proof", "1"), ("form_key", "b")]).await;
    assert!(wrong.status.is_client_error() && wrong.body.contains(&code), "{}", wrong.status);
    let proof = world.app.desk().demo_code("stamper").unwrap();
    let fields = [("rows", code.as_str()), ("proof", &proof), ("form_key", "b")];
    let done = stamper.post("/countersign/stamp", &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert!(done.body.contains("CS-"), "the banner names the batch");

    let mut checker = world.signed("checker").await;
    let verified = checker.get(&format!("/ledger?code={code}")).await;
    assert!(verified.body.contains("與帳本一致"), "{}", verified.body);
    let export = checker.get("/ledger/lienchiang/export").await;
    assert_eq!((export.status, export.header("content-type")), (StatusCode::OK, "application/x-tar"));
    let index = verified.body.split("/proof/").nth(1).unwrap().split('"').next().unwrap();
    let proof = checker.get(&format!("/ledger/lienchiang/proof/{index}")).await;
    assert!(proof.body.starts_with("c2sp.org/tlog-proof"), "{}", proof.body);
    assert_eq!(maker.get("/ledger/lienchiang/export").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_refused_form_comes_back_as_it_was_typed() {
    let world = World::new();
    world.prepare().await;
    let mut maker = world.signed("maker").await;
    let fields = [("case", CASE), ("party", "1"), ("purpose_text", "<b>\"業務\"&</b>"), ("form_key", "k")];
    let page = maker.post("/lookups", &fields).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(page.body.contains("id=\"errors\"") && page.body.contains("錯誤："));
    assert!(page.body.contains("&#60;b&#62;") || page.body.contains("&lt;b&gt;"), "markup is escaped");
    assert!(!page.body.contains("<b>\"業務"));
    let page = maker.post("/cases", &[("number", "<script>"), ("received", "soon"), ("name_1", "甲")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("value=\"soon\"") && page.body.contains("value=\"甲\""));
    assert!(!page.body.contains("<script>"));
}

#[tokio::test]
async fn a_subject_is_searched_for_by_a_form_and_stands_in_no_address() {
    let world = World::new();
    world.prepare().await;
    let mut maker = world.signed("maker").await;
    let code = code_of(&ask(&mut maker, "once").await);
    let subject = world.subject.as_str();
    for (target, field) in [("/records", "subject"), ("/search", "q")] {
        let page = maker.post(target, &[(field, subject)]).await;
        assert_eq!(page.status, StatusCode::OK, "{target} {}", page.body);
        check_frame(&page, target);
        assert!(page.body.contains(&code) && page.body.contains("共 1 筆"), "{target}");
        assert!(page.body.contains(&format!("value=\"{subject}\"")), "what was typed stays: {target}");
        assert!(!page.body.contains(&format!("={subject}")), "it is in no link: {target}");
        let last = subject.chars().last().unwrap().to_digit(10).unwrap();
        let mistyped = format!("{}{}", &subject[..9], (last + 1) % 10);
        let page = maker.post(target, &[(field, &mistyped)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
        assert!(page.body.contains("檢查碼不符") && page.body.contains("id=\"e-subject\""), "{}", page.body);
        assert!(page.body.contains(&format!("value=\"{mistyped}\"")) && !page.body.contains(&code));
    }
    let page = maker.post("/records", &[("state", "awaiting"), ("case", CASE), ("subject", " ")]).await;
    assert_eq!(page.header("location"), "/records?state=awaiting&case=113%E7%96%AB001");
    let page = maker.post("/search", &[("q", CASE)]).await;
    assert_eq!(page.header("location"), "/records?case=113%E7%96%AB001");
    assert_eq!(maker.get("/search?q=x").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let ignored = maker.get(&format!("/records?subject={subject}")).await;
    assert!(!ignored.body.contains(subject), "an address cannot name a subject");
}

#[tokio::test]
async fn a_button_that_may_not_be_used_stays_and_says_why() {
    let world = World::new();
    let mut maker = world.signed("maker").await;
    let page = maker.get("/lookups/new").await;
    assert!(page.body.contains("disabled aria-describedby=\"why-ask\""), "{}", page.body);
    let why = page.body.split("id=\"why-ask\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(why.contains("還沒有使用前的同意") && why.contains("連江要點"), "sentence and clause: {why}");
    maker.from = "203.0.113.9";
    assert!(maker.get("/todo").await.body.contains("不在辦公處所網路"), "the bar names the place");
}

#[tokio::test]
async fn the_language_that_is_chosen_stays() {
    let world = World::new();
    let mut browser = world.browser();
    assert!(browser.get("/sign-in").await.body.contains("lang=\"zh-Hant-TW\""));
    assert!(browser.get("/sign-in?lang=en").await.body.contains("<html lang=\"en\""));
    assert!(browser.get("/sign-in").await.body.contains("<html lang=\"en\""));
    assert!(browser.get("/sign-in?lang=fr").await.body.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn first_load_is_small_and_files_keep() {
    let world = World::new();
    let mut browser = world.signed("maker").await;
    let page = browser.get("/lookups/new").await;
    let mut total = page.body.len();
    for marker in ["href=\"/assets/", "src=\"/assets/"] {
        let name = page.body.split(marker).nth(1).unwrap().split('"').next().unwrap();
        let file = browser.get(&format!("/assets/{name}")).await;
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(!file.header("etag").is_empty());
        total += file.body.len();
    }
    assert!(total <= 120 * 1024, "{total} bytes");
    assert_eq!(browser.get("/assets/0000/sluice.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn packs_that_were_not_loaded_are_shown_to_whoever_oversees_the_agency() {
    let world = World::new();
    let fault = "harbour/pack.toml:3: there is no kind `scren`. Did you mean <screen>?";
    world.app.desk().note_pack_faults(vec![fault.into()]);
    let shown = "Did you mean &#60;screen&#62;?";
    for (login, target, there) in
        [("head", "/compliance", true), ("head", "/settings", true), ("maker", "/settings", false)]
    {
        let page = world.signed(login).await.get(target).await;
        assert_eq!(page.body.contains(shown), there, "{login} {target}: {}", page.body);
        check_frame(&page, target);
    }
    world.app.desk().note_pack_faults(vec![]);
    let page = world.signed("head").await.get("/compliance").await;
    assert!(!page.body.contains("pack-faults"), "{}", page.body);
}

/// The names of fields whose faults a template tells, and those that it gives a place which a link reaches.
fn told_and_reached(text: &str) -> (Vec<&str>, Vec<&str>) {
    let literals = |before: &str| -> Vec<&str> {
        text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    };
    let told = ["field_error(f, \"", "field_errors(f, \""].map(literals).concat();
    let reached = ["id=\"f-", "p::line(f, \"", "p::day(f, \""].map(literals).concat();
    (told, reached)
}

#[test]
fn every_fault_that_is_told_leads_to_its_field() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut lost = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (told, reached) = told_and_reached(&text);
        lost.extend(
            told.into_iter()
                .filter(|name| !reached.contains(name))
                .map(|name| format!("{}: {name}", path.file_name().unwrap().to_string_lossy())),
        );
    }
    assert!(lost.is_empty(), "the list of errors leads nowhere: {lost:?}");
}
