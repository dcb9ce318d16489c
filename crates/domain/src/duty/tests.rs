//! Duties under a small rule: what a change of post brings, what returns, what is late.

use super::notice::{Changed, of_change};
use super::recur::{self, Ower};
use super::*;
use crate::application::attachment::{Attachment, Upload};
use crate::application::route::Holder;
use crate::directory::post::Cause;
use crate::id::AssignmentId;
use crate::period::Calendar;
use crate::refusal::{Reason, Refusal};
use crate::regulation::{Ruled, Source, load};
use crate::sample::{self, harbour, reference};

const PACK: &str = harbour!(
    r#"
[[role]]
id = "chief"
word = "組長"
word_en = "chief"
capacities = ["stamp"]

[[role]]
id = "engineer"
word = "資訊人員"
word_en = "engineer"
capacities = ["administer"]
office = "computing"

[[office]]
id = "computing"
word = "資訊室"
word_en = "Computing Office"

[[clause]]
id = "1"
cite = "一"
gist = "人員異動五日內知會資訊室。"
gist_en = "A change of staff is told to the computing office within five days."
met = "recorded"

[[clause]]
id = "2"
cite = "二"
gist = "每季清查一次，每年受訓三小時。"
gist_en = "Accounts are gone through each quarter; three hours of training a year."
met = "recorded"

[[control]]
id = "notice"
kind = "change-notice"
clauses = ["1"]
of = ["user"]
causes = ["transfer", "leave"]
recipients = [{ office = "computing" }, { party = "provider" }]
deadline = { length = 5, unit = "day", from = "change" }

[[control]]
id = "inventory"
kind = "inventory"
clauses = ["2"]
schedule = { every = 3, unit = "month", holiday = "next" }
by = { office = "computing" }

[[control]]
id = "training"
kind = "training"
clauses = ["2"]
hours = 3
schedule = { every = 1, unit = "year" }
whom = [{ role = "reader" }]

[[control]]
id = "sweep"
kind = "housekeeping"
clauses = ["2"]
word = { zh = "清理暫存檔", en = "Clear temporary files" }
schedule = { every = 30, unit = "day", anchor = "rolling" }
"#
);

fn pack() -> Pack {
    loaded(PACK)
}

fn loaded(text: &str) -> Pack {
    load(&[Source { path: "pack.toml", text }]).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn id(name: &str) -> DutyId {
    DutyId::new(name)
}

fn actor(person: &str, role: &str) -> Actor {
    sample::actor(&pack(), person, "pier", role)
}

fn returning(pack: &Pack, control: &str) -> Ruled<crate::regulation::Recurring> {
    pack.recurring().into_iter().find(|ruled| ruled.control == control).unwrap()
}

fn owed(control: &str, newest: Option<&Duty>, today: &str) -> Vec<Duty> {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let ruled = returning(&pack, control);
    let person = PersonId::new("lin");
    let each = Ower { owner: Owner::Person(person.clone()), person: Some(person), unit: None };
    let ower = recur::for_all(&pack, &ruled.value).unwrap_or(each);
    let series = match newest {
        Some(newest) => recur::Series::After(alloc::boxed::Box::new(newest.clone())),
        None => recur::Series::From(day(today)),
    };
    recur::owed(rule, &ruled, &ower, &series, day(today), &Calendar::official(), &id)
}

fn notices(cause: Cause) -> Vec<Duty> {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let (person, unit) = (PersonId::new("lin"), UnitId::new("pier"));
    let (role, organisation, on) = ("reader", "bureau", day("2024-01-22"));
    let (line, holders) = (core::slice::from_ref(&unit), &[holder("kim", "chief", "pier")]);
    let changed = Changed { person: &person, role, unit: &unit, organisation, cause, on, line, holders };
    of_change(rule, &changed, &Calendar::official(), &EventId::new("ev")).0
}

#[test]
fn a_change_that_the_rule_counts_is_told_to_each_who_must_know_in_its_days() {
    let duties = notices(Cause::Transfer);
    let told: Vec<(&str, String)> =
        duties.iter().map(|duty| (duty.about.as_str(), duty.owner.text())).collect();
    let expected =
        [("office:computing", "role chief in pier".into()), ("party:provider", "role engineer".into())];
    assert_eq!(told, expected);
    for duty in &duties {
        let due = duty.due.as_ref().unwrap();
        assert_eq!(due.date, day("2024-01-29"), "the fifth day is a Saturday");
    }
    assert!(notices(Cause::Retire).is_empty(), "the rule does not count it");
}

fn holder(person: &str, role: &str, unit: &str) -> Holder {
    Holder {
        person: PersonId::new(person),
        assignment: AssignmentId::new(person),
        unit: UnitId::new(unit),
        role: role.into(),
    }
}

#[test]
fn what_a_head_is_to_do_is_of_the_nearest_head_there_is_and_goes_back_to_whoever_is_appointed() {
    let (pack, told) = (pack(), notices(Cause::Leave).remove(0));
    let line = [UnitId::new("pier"), UnitId::new("port")];
    let own = holder("kim", "chief", "pier");
    let above = holder("lee", "chief", "port");
    let to = |duty: &Duty, holders: &[Holder]| duty.passes_to(&pack, &line, holders).map(|own| own.text());
    assert_eq!(to(&told, &[own.clone(), above.clone()]), None, "it is where it belongs");
    let passed = to(&told, core::slice::from_ref(&above));
    assert_eq!(passed.as_deref(), Some("role chief in port"));
    let vacant = to(&told, &[]);
    assert_eq!(vacant.as_deref(), Some("role engineer"), "nobody heads anything");
    let theirs = [holder("lin", "chief", "pier"), above.clone()];
    assert_eq!(to(&told, &theirs).as_deref(), Some("role chief in port"), "nobody tells of themselves");
    let passed = Duty { owner: Owner::RoleIn("chief".into(), UnitId::new("port")), ..told.clone() };
    assert_eq!(
        to(&passed, &[own.clone(), above]).as_deref(),
        Some("role chief in pier"),
        "once there is one"
    );
    let outside = notices(Cause::Leave).remove(1);
    assert_eq!(to(&outside, &[]), None, "letters are nobody else's");
    let attest = Duty { kind: Kind::Attest, person: None, ..told };
    assert_eq!(to(&attest, &[]), None, "without a head nobody confirms");
}

#[test]
fn what_one_of_several_roles_owes_is_of_one_that_somebody_holds() {
    let another = "[[role]]\nid = \"deputy-engineer\"\nword = \"助理資訊人員\"\nword_en = \"second engineer\"\n\
                   capacities = [\"administer\"]\noffice = \"computing\"\n\n[[office]]";
    let pack = loaded(&PACK.replacen("[[office]]", another, 1));
    let reference = reference();
    let rule = Rule { pack: &pack, reference: &reference };
    let ruled = returning(&pack, "inventory");
    let role = |id: &str| Owner::Role(id.into());
    assert_eq!(recur::alike(&pack, &ruled.value), [role("engineer"), role("deputy-engineer")]);
    let first = recur::for_all(&pack, &ruled.value).unwrap().owner;
    let duty =
        |kind, control: &str, owner| Duty::new(rule, id("du"), kind, control, owner, day("2024-01-22"));
    let (kim, lee) = (holder("kim", "engineer", "pier"), holder("lee", "deputy-engineer", "pier"));
    let to = |duty: &Duty, holders: &[Holder]| duty.passes_to(&pack, &[], holders).map(|own| own.text());
    for (kind, control) in [(Kind::Inventory, "inventory"), (Kind::Contract, "contract")] {
        let own = duty(kind, control, first.clone());
        assert_eq!(to(&own, &[kim.clone(), lee.clone()]), None, "the first has it");
        assert_eq!(to(&own, core::slice::from_ref(&lee)).as_deref(), Some("role deputy-engineer"));
        assert_eq!(to(&own, &[holder("lin", "chief", "pier")]), None, "nobody could");
        let passed = Duty { owner: role("deputy-engineer"), ..own };
        assert_eq!(to(&passed, &[kim.clone(), lee.clone()]), None, "it stays with whoever has it");
        assert_eq!(to(&passed, core::slice::from_ref(&kim)).as_deref(), Some("role engineer"));
    }
    let mine = duty(Kind::Routine, "sweep", Owner::Person(PersonId::new("gone")));
    assert_eq!(to(&mine, core::slice::from_ref(&lee)), None, "what somebody owes as themselves is theirs");
    let chief = duty(Kind::Inventory, "inventory", role("chief"));
    assert_eq!(to(&chief, core::slice::from_ref(&lee)), None, "the rule does not mean it alike");
}

#[test]
fn those_inside_who_were_told_have_to_take_note() {
    let pack = pack();
    let told = notices(Cause::Leave);
    let heed = notice::heeded(&pack, &told[0]);
    assert_eq!(heed.len(), 1);
    assert_eq!((heed[0].kind, &heed[0].owner), (Kind::Heed, &Owner::Role("engineer".into())));
    assert!(notice::heeded(&pack, &told[1]).is_empty(), "who is outside gets a letter");
    let roles = Duty { about: "office:computing role:engineer role:chief".into(), ..told[0].clone() };
    let owners: Vec<Owner> = notice::heeded(&pack, &roles).into_iter().map(|duty| duty.owner).collect();
    let role = |id: &str| Owner::Role(id.into());
    assert_eq!(owners, [role("chief"), role("engineer")], "each once, by office or by role");
}

#[test]
fn a_result_is_told_inside_and_outside() {
    let text = PACK.replace(
        "id = \"inventory\"\n",
        "id = \"inventory\"\nreport_to = [{ role = \"chief\" }, { office = \"computing\" }, \
         { party = \"provider\" }]\n",
    );
    assert_ne!(text, PACK);
    let pack = load(&[Source { path: "pack.toml", text: &text }]).unwrap();
    let reference = reference();
    let rule = Rule { pack: &pack, reference: &reference };
    let whole = owed("inventory", None, "2024-02-10").remove(0);
    let told = notice::of_result(rule, &whole, &EventId::new("ev"), day("2024-03-01"));
    let told: Vec<_> = told.iter().map(|duty| (duty.kind, duty.owner.clone(), duty.about.as_str())).collect();
    let role = |id: &str| Owner::Role(id.into());
    let expected = [
        (Kind::Notify, role("engineer"), "party:provider"),
        (Kind::Heed, role("chief"), ""),
        (Kind::Heed, role("engineer"), ""),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_period_is_owed_once_and_none_is_left_out_however_late_one_looks() {
    let first = owed("inventory", None, "2024-02-10");
    assert_eq!(first.len(), 1);
    assert_eq!((first[0].began, &first[0].owner), (day("2024-01-01"), &Owner::Role("engineer".into())));
    assert!(owed("inventory", Some(&first[0]), "2024-03-31").is_empty());
    let later = owed("inventory", Some(&first[0]), "2024-11-05");
    let began: Vec<Date> = later.iter().map(|duty| duty.began).collect();
    assert_eq!(began, [day("2024-04-01"), day("2024-07-01"), day("2024-10-01")]);
    let again = owed("inventory", Some(&first[0]), "2024-11-05");
    assert_eq!(later, again, "whoever looks names them alike");
    let june = later[0].due.as_ref().unwrap();
    assert_eq!(june.date, day("2024-07-01"), "the thirtieth of June 2024 is a Sunday");
}

#[test]
fn a_rolling_period_begins_when_the_last_one_was_done() {
    let first = owed("sweep", None, "2024-01-10").remove(0);
    assert_eq!(first.due.as_ref().unwrap().date, day("2024-02-08"));
    assert!(owed("sweep", Some(&first), "2024-06-01").is_empty(), "it is still open");
    let done = (PersonId::new("lin"), Instant::at(day("2024-02-20"), 9, 0));
    let closed = Duty { closed: Some(done), state: State::Done, ..first };
    assert!(owed("sweep", Some(&closed), "2024-02-20").is_empty());
    let next = owed("sweep", Some(&closed), "2024-02-21").remove(0);
    assert_eq!(next.began, day("2024-02-21"));
}

#[test]
fn each_of_those_meant_owes_their_own_training_and_hours_add_up() {
    let (pack, reference) = (pack(), reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let training = returning(&pack, "training");
    assert!(recur::owes(&pack, &training.value, "reader", "bureau"));
    assert!(!recur::owes(&pack, &training.value, "chief", "bureau"));
    let duty = owed("training", None, "2024-05-05").remove(0);
    let now = Instant::at(day("2024-05-06"), 9, 0);
    let say = |duty: &Duty, who: &Actor, hours: Option<u32>, note: &str| {
        let note = Personal::new(note);
        let (absent, follows) = (Vec::new(), Vec::new());
        let (own, returns) = (duty.clone(), Vec::new());
        let closing =
            Closing { duty: own, absent, note, hours, letter: None, follows, files: Vec::new(), returns };
        let seen = Seen { key: duty.key(&who.log()), rev: 1 };
        fulfil(rule, who, closing, &training.clauses, Vec::from([seen]), &EventId::new("ev"), now)
    };
    let lin = actor("lin", "reader");
    let reasons = |no: Vec<Refusal>| no.into_iter().map(|refusal| refusal.reason).collect::<Vec<_>>();
    let no = say(&duty, &lin, None, "").unwrap_err();
    assert_eq!(reasons(no), [Reason::NoteMissing, Reason::FieldMissing]);
    let no = say(&duty, &actor("wu", "reader"), Some(3), "course").unwrap_err();
    assert_eq!(reasons(no), [Reason::NotYourDuty]);
    let part = say(&duty, &lin, Some(2), "course, certificate 12").unwrap();
    assert_eq!(part.facts()[0].act(), "duty.credited");
    let credited = Duty { hours: Some(Hours { wanted: 3, credited: 2 }), ..duty };
    let whole = say(&credited, &lin, Some(1), "course, certificate 13").unwrap();
    assert_eq!(whole.facts()[0].act(), "duty.fulfilled");
    let done = Duty { state: State::Done, ..credited };
    assert_eq!(reasons(say(&done, &lin, Some(1), "again").unwrap_err()), [Reason::WrongState]);
}

#[test]
fn training_whose_rule_wants_evidence_is_entered_with_a_certificate_and_nothing_else_takes_one() {
    let wanting = PACK.replace("id = \"training\"\n", "id = \"training\"\nevidence = true\n");
    let (silent, pack) = (pack(), loaded(&wanting));
    let upload = |name: &str| Upload {
        attachment: Attachment {
            id: name.into(),
            field: certificate::FIELD.into(),
            bytes: 8,
            at: Instant::at(day("2024-05-06"), 9, 0),
        },
        name: Personal::new(name),
        head: b"%PDF-1.7".to_vec(),
        sha256: Personal::new("00"),
        content: Personal::new("JVBERi0="),
    };
    let training = owed("training", None, "2024-05-05").remove(0);
    let report = Duty { kind: Kind::Report, ..training.clone() };
    let reasons = |pack: &Pack, duty: &Duty, files: &[Upload]| {
        let faults = certificate::faults(pack, duty, files, &[]);
        faults.into_iter().map(|fault| fault.reason).collect::<Vec<_>>()
    };
    assert_eq!(reasons(&pack, &training, &[]), [Reason::FieldMissing]);
    assert_eq!(reasons(&pack, &training, &[upload("a.pdf")]), []);
    assert_eq!(reasons(&silent, &training, &[]), [], "where the rule wants none, none is asked for");
    assert_eq!(reasons(&silent, &training, &[upload("a.pdf")]), [], "and one can be filed");
    assert_eq!(reasons(&pack, &training, &[upload("a.png")]), [Reason::FileMismatch]);
    assert_eq!(reasons(&pack, &report, &[]), []);
    assert_eq!(reasons(&pack, &report, &[upload("a.pdf"), upload("b.pdf")]), [Reason::FieldMalformed]);
    let many: Vec<Upload> = ["a.pdf", "b.pdf", "c.pdf", "d.pdf"].map(upload).into();
    assert_eq!(reasons(&pack, &training, &many), [Reason::FilesTooMany]);
}

#[test]
fn a_deputy_does_what_another_owes_but_gives_nobody_elses_word() {
    let training = owed("training", None, "2024-05-05").remove(0);
    let deputy = actor("wu", "chief");
    let owners = Owner::of(&PersonId::new("lin"), "reader", &UnitId::new("quay")).to_vec();
    let away = [Absent { person: PersonId::new("lin"), owners }];
    for kind in Kind::ALL {
        let duty = Duty { kind, owner: Owner::Person("lin".into()), ..training.clone() };
        assert_eq!(duty.is_owed_by(&deputy, &away), !kind.is_personal(), "{kind:?}");
        assert!(!duty.is_owed_by(&deputy, &[]), "{kind:?}: only while somebody is away");
        assert!(duty.is_owed_by(&actor("lin", "reader"), &[]), "{kind:?}");
    }
    for (owner, theirs) in [("reader", true), ("master", false)] {
        let duty = |kind| Duty { kind, owner: Owner::Role(owner.into()), ..training.clone() };
        assert_eq!(duty(Kind::Heed).is_owed_by(&deputy, &away), theirs, "{owner}");
        assert_eq!(duty(Kind::LinkReview).is_owed_by(&deputy, &away), theirs, "{owner}");
        assert!(!duty(Kind::Inventory).is_owed_by(&deputy, &away), "its page asks for the role itself");
    }
    assert!(Kind::Undertake.is_personal() && Kind::Train.is_personal() && !Kind::Notify.is_personal());
}

#[test]
fn a_calendar_issued_again_moves_what_it_moves_and_nothing_else() {
    let (pack, old) = (pack(), Calendar::official().as_of(day("2025-06-12")));
    let inventory = owed("inventory", None, "2025-02-10").remove(0);
    assert_eq!(recur::due_again(&pack, &inventory, &old), None);
    let (pack, reference) = (pack, reference());
    let rule = Rule { pack: &pack, reference: &reference };
    let (person, unit) = (PersonId::new("lin"), UnitId::new("pier"));
    let changed = Changed {
        person: &person,
        role: "reader",
        unit: &unit,
        organisation: "bureau",
        cause: Cause::Leave,
        on: day("2025-09-25"),
        line: &[],
        holders: &[],
    };
    let duty = of_change(rule, &changed, &old, &EventId::new("ev")).0.remove(0);
    assert_eq!(duty.due.as_ref().unwrap().date, day("2025-09-30"), "by the table of 2025 as first issued");
    let moved = recur::due_again(&pack, &duty, &Calendar::official());
    assert_eq!(moved, None, "the thirtieth stays a working day");
    let earlier = Changed { on: day("2025-09-24"), ..changed };
    let duty = of_change(rule, &earlier, &old, &EventId::new("ev")).0.remove(0);
    assert_eq!(duty.due.as_ref().unwrap().date, day("2025-09-29"));
    let moved = recur::due_again(&pack, &duty, &Calendar::official()).unwrap();
    assert_eq!(moved.date, day("2025-09-30"), "the twenty-ninth became a holiday in June");
}

#[test]
fn owners_read_back_as_they_were_written() {
    let owners = [
        Owner::Person(PersonId::new("lin")),
        Owner::Role("chief".into()),
        Owner::RoleIn("chief".into(), UnitId::new("pier")),
    ];
    for owner in owners {
        assert_eq!(Owner::from_text(&owner.text()), Some(owner));
    }
    for text in ["", "person", "office x"] {
        assert_eq!(Owner::from_text(text), None, "{text}");
    }
}

#[test]
fn whom_rule_and_floor_both_want_told_is_told_once_by_the_earlier_day() {
    let floor = PACK.replace("id = \"harbour\"", "id = \"coast\"").replace("length = 5", "length = 3");
    let read = |text: &str| load(&[Source { path: "pack.toml", text }]).unwrap();
    let own = PACK.replace("effective_from", "parent = \"coast\"\neffective_from");
    let (floor, reference) = (alloc::sync::Arc::new(read(&floor)), reference());
    let pack = read(&own).with_floor(floor).unwrap();
    let rule = Rule { pack: &pack, reference: &reference };
    let (person, unit) = (PersonId::new("lin"), UnitId::new("pier"));
    let (role, organisation, on) = ("reader", "bureau", day("2024-01-22"));
    let (line, holders, cause) = (&[], &[], Cause::Leave);
    let changed = Changed { person: &person, role, unit: &unit, organisation, cause, on, line, holders };
    let (duties, clauses) = of_change(rule, &changed, &Calendar::official(), &EventId::new("ev"));
    let days: Vec<Date> = duties.iter().map(|duty| duty.due.as_ref().unwrap().date).collect();
    assert_eq!(days, [day("2024-01-25"); 2], "the floor's three days, to the office and to the provider");
    assert_eq!(clauses.len(), 2, "and both rules are named");
}
