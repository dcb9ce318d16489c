//! Changes of post, and handing work over.

use super::roster::{faults, kinds, taken};
use super::stage::played;
use super::world::{ADDRESS, World, refused_once};
use desk::Answer;
use desk::directory::PostForm;
use domain::actor::Place;
use domain::directory::post::Cause;
use domain::id::{LogId, PersonId};
use domain::letter::Said;
use domain::time::{Date, Instant};
use domain::{Personal, Reason};
use sluice::demo::cast;

fn post(id: &str, cause: Cause, on: Date) -> PostForm {
    PostForm {
        post: id.into(),
        cause: Some(cause),
        on: Some(on),
        unit: String::new(),
        role: String::new(),
        form_key: String::new(),
    }
}

fn change(world: &World, keeper: &str, form: &PostForm) -> Answer<()> {
    world.hand.pass_seconds(60);
    world.desk.change_post(&world.session(keeper), form)
}

pub(super) fn signs_in(world: &World, login: &str) -> bool {
    let place = Place::Zone("office".into());
    world.desk.token_session(&cast::token(login), ADDRESS, place).is_ok()
}

#[test]
fn who_leaves_has_no_rights_from_that_day_and_those_who_must_know_are_told() {
    played(|stage| {
        let world = stage.world();
        let today = world.desk.now().date();
        assert!(signs_in(&world, "huang"));
        change(&world, "kao-tp", &post("huang-user", Cause::Leave, today)).unwrap();
        assert!(!signs_in(&world, "huang"), "the post is over");
        world.desk.tick().unwrap();
        let account = world.desk.store().read(|read| read.account("huang")).unwrap().unwrap().account;
        assert!(!account.open, "and so is the account");

        let head = world.session("hsu");
        let waits = world.desk.duties(&head, false).unwrap().own;
        let told: Vec<String> = waits[0].told.iter().map(|(_, words)| words.zh.to_string()).collect();
        assert_eq!(told, ["資訊室", "政風室"]);
        assert_eq!(waits[0].due.as_ref().unwrap().date.to_string(), "2026-03-09", "the fifth is a Saturday");
        assert!(world.desk.todo(&head).unwrap().iter().any(|item| item.href.contains(&waits[0].id)));
        let letters = world.desk.duties(&world.session("kao-tp"), false).unwrap().own;
        let notice = letters.iter().find(|duty| duty.kind.word() == "notify").unwrap();
        assert_eq!(notice.told[0].0.as_deref(), Some("linking-agency"), "the parent rule's own notice");
        let own = notice.letter.as_ref().unwrap();
        assert!(own.draft.is_none() && !own.numbered && own.channels.len() == 7, "the rule drafts none");
        let letter = Said { on: Some(today), channel: "mail".into(), ..Said::default() };
        let sent = desk::duty::DutyForm { letter, ..Default::default() };
        world.desk.fulfil(&world.session("kao-tp"), &notice.id, &sent).unwrap();
        assert_eq!(world.count("taipei", "letter.sent"), 1);

        let form = |note: &str| desk::duty::DutyForm { note: Personal::new(note), ..Default::default() };
        let no = refused_once(world.desk.fulfil(&world.session("tu-zhongshan"), &waits[0].id, &form("x")));
        assert_eq!(no, (Reason::NotYourDuty, Some("taipei/5.4".into())));
        let no = refused_once(world.desk.fulfil(&head, &waits[0].id, &form(" ")));
        assert_eq!(no.0, Reason::NoteMissing);
        world.desk.fulfil(&head, &waits[0].id, &form("便箋知會")).unwrap();
        let no = refused_once(world.desk.fulfil(&head, &waits[0].id, &form("again")));
        assert_eq!(no.0, Reason::WrongState);
        for office in ["kao-tp", "tseng-tp"] {
            let session = world.session(office);
            let heed = world.desk.duties(&session, false).unwrap().own;
            let heed = heed.iter().find(|duty| duty.kind.word() == "heed").unwrap();
            world.desk.fulfil(&session, &heed.id, &form("")).unwrap();
        }
        assert_eq!(world.desk.duties(&head, true).unwrap().own[0].note, "便箋知會");
        assert_eq!(world.count("taipei", "duty.fulfilled"), 4);
    });
}

#[test]
fn a_leave_suspends_and_the_way_back_restores() {
    played(|stage| {
        let world = stage.world();
        let (chen, asked) = world.lienchiang();
        world.desk.ask(&chen, &asked).unwrap();
        let today = world.desk.now().date();
        change(&world, "yang-lc", &post("chen-user", Cause::Absence, today)).unwrap();
        let held = |world: &World| {
            let log = LogId::new("lienchiang");
            world.desk.store().read(|read| read.permissions(&log, &PersonId::new("chen"))).unwrap()
        };
        let stopped = held(&world)[0].stopped.map(|(why, _)| why.word());
        assert_eq!(stopped, Some("on-leave"));
        assert!(!signs_in(&world, "chen"));
        world.desk.tick().unwrap();
        let account = world.desk.store().read(|read| read.account("chen")).unwrap().unwrap().account;
        assert!(account.open, "a leave suspends and closes nothing");
        let owed = |login: &str| {
            let all = world.desk.duties(&world.session(login), false).unwrap().own;
            all.into_iter().filter(|duty| duty.kind.word() == "hand-over").collect::<Vec<_>>()
        };
        let list = owed("tsao").remove(0);
        assert_eq!(list.clause.as_ref().unwrap().id.as_str(), "lienchiang/4.2", "the work is handed over");

        let back = "id,name,unit,role\nchen,陳思齊,lc-disease,user\n";
        let view = taken(&world, "yang-lc", back, false);
        assert_eq!(kinds(&view), [("begins", "陳思齊".to_string())]);
        assert_eq!(held(&world)[0].stopped, None, "what was suspended runs again");
        assert!(owed("tsao").is_empty(), "whoever is back hands nothing over");
        let keeper = world.session("yang-lc");
        assert_eq!(world.desk.duty(&keeper, &list.id).unwrap().state, "dropped");
        let shown = world.desk.handover(&keeper, list.href.rsplit('/').next().unwrap()).unwrap();
        assert!(shown.closed.is_some());
    });
}

#[test]
fn a_head_and_a_superior_who_are_told_are_named_and_take_note() {
    played(|stage| {
        let world = stage.world();
        let told = "recipients = [\n  { office = \"it\" },\n  { office = \"ethics\" },\n]\ndeadline";
        let more = "recipients = [{ head = true }, { relation = \"supervisor-of\" }]\ndeadline";
        world.amend_from("taipei", "2026-03-03", &[(told, more)]);
        world.hand.set(Instant::at(Date::new(2026, 3, 3).unwrap(), 9, 0));
        let today = world.desk.now().date();
        change(&world, "kao-tp", &post("huang-user", Cause::Retire, today)).unwrap();
        let head = world.session("hsu");
        let own = world.desk.duties(&head, false).unwrap().own;
        let notice = own.iter().find(|duty| duty.kind.word() == "notify").unwrap();
        let words: Vec<&str> = notice.told.iter().map(|(_, words)| &*words.zh).collect();
        assert_eq!(words.len(), 2, "{words:?}");
        assert!(words.iter().all(|words| words.contains(' ')), "a role and who holds it: {words:?}");
        let form = desk::duty::DutyForm { note: Personal::new("便箋知會"), ..Default::default() };
        world.desk.fulfil(&head, &notice.id, &form).unwrap();
        let all = world.desk.duties(&world.session("kao-tp"), false).unwrap();
        let heed = all.own.into_iter().chain(all.others).filter(|duty| duty.kind.word() == "heed");
        assert_eq!(heed.count(), 1, "the head of the agency takes note; the superior told it");
    });
}

#[test]
fn a_rule_may_leave_leaves_out_of_what_is_handed_over() {
    played(|stage| {
        let world = stage.world();
        let list = ("kind = \"handover\"\n", "kind = \"handover\"\ncauses = [\"transfer\", \"resign\"]\n");
        world.amend("lienchiang", &[list]);
        let today = world.desk.now().date();
        let handed = |world: &World| {
            let all = world.desk.duties(&world.session("wang-lc"), false).unwrap().others;
            all.into_iter().filter(|duty| duty.kind.word() == "hand-over").count()
        };
        change(&world, "yang-lc", &post("chen-user", Cause::Absence, today)).unwrap();
        assert_eq!(handed(&world), 0, "the rule names other causes");
        change(&world, "yang-lc", &post("liu-user", Cause::Resign, today)).unwrap();
        assert_eq!(handed(&world), 2, "one for the giver, one for who watches over it");
    });
}

#[test]
fn work_is_handed_over_by_a_list_that_three_sign_and_no_right_goes_with_it() {
    played(|stage| {
        let world = stage.world();
        world.lienchiang();
        let today = world.desk.now().date();
        let mut moves = post("chen-user", Cause::Transfer, today);
        let no = refused_once(change(&world, "yang-lc", &moves));
        assert_eq!(no.0, Reason::FieldMissing, "a move needs a role");
        (moves.unit, moves.role) = ("lc-nangan".into(), "user".into());
        change(&world, "yang-lc", &moves).unwrap();
        let chen = world.staff("chen");

        let tsao = world.session("tsao");
        let duty = world.desk.duties(&tsao, false).unwrap().own;
        let id = duty[0].href.rsplit('/').next().unwrap().to_string();
        let list = world.desk.handover(&tsao, &id).unwrap();
        assert_eq!((list.items.as_slice(), list.part), (["L-1".to_string()].as_slice(), "supervisor"));
        let sign = |login: &str, note: &str| {
            world.hand.pass_seconds(60);
            world.desk.sign_handover(&world.session(login), &id, &Personal::new(note))
        };
        assert_eq!(refused_once(sign("tsao", "")).0, Reason::FieldMissing, "nobody receives it yet");
        assert_eq!(refused_once(world.desk.name_receiver(&tsao, &id, "lin-nangan")).0, Reason::FieldMissing);
        world.desk.name_receiver(&tsao, &id, "liu").unwrap();
        let chen_signs = || world.desk.sign_handover(&chen, &id, &Personal::default());
        chen_signs().unwrap();
        world.desk.name_receiver(&tsao, &id, "liu").unwrap();
        let owes = |duty: &desk::view::DutyView| duty.kind.word() == "hand-over";
        assert!(world.desk.duties(&chen, false).unwrap().own.iter().any(owes), "the list is another one now");
        assert_eq!(refused_once(sign("wang-lc", "")).0, Reason::NotYourDuty);
        assert_eq!(refused_once(sign("tsao", "")).0, Reason::WrongState, "the receiver signs first");
        sign("liu", "").unwrap();
        assert_eq!(refused_once(sign("tsao", "")).0, Reason::NoteMissing, "the giver has not signed");
        chen_signs().unwrap();
        sign("tsao", "").unwrap();
        let log = LogId::new("lienchiang");
        let case = world.desk.store().read(|read| read.case(&log, "L-1")).unwrap().unwrap();
        assert_eq!(case.officer.as_str(), "liu");
        let closed = world.desk.duties(&tsao, false).unwrap().own;
        assert!(closed.iter().all(|duty| duty.kind.word() != "hand-over"), "{closed:?}");
        let held = world.desk.store().read(|read| read.permissions(&log, &PersonId::new("chen"))).unwrap();
        assert_eq!(held[0].stopped.map(|(why, _)| why.word()), Some("moved"));
    });
}

#[test]
fn where_nobody_heads_a_unit_whoever_is_next_above_sees_to_it_until_somebody_is_appointed() {
    played(|stage| {
        let world = stage.world();
        world.lienchiang();
        let today = world.desk.now().date();
        change(&world, "yang-lc", &post("tsao-supervisor", Cause::Leave, today)).unwrap();
        let mut moves = post("chen-user", Cause::Transfer, today);
        (moves.unit, moves.role) = ("lc-nangan".into(), "user".into());
        change(&world, "yang-lc", &moves).unwrap();
        let owners = || {
            let log = LogId::new("lienchiang");
            let all = world.desk.store().read(|read| read.every_open_duty(&log)).unwrap().into_iter();
            let lists = all.filter(|duty| {
                duty.is_of_head() && duty.person.as_ref().is_some_and(|own| own.as_str() == "chen")
            });
            lists.map(|duty| (duty.owner.text(), duty.about)).collect::<Vec<_>>()
        };
        let [(owner, list)] = &owners()[..] else { panic!("{:?}", owners()) };
        assert_eq!(owner, "role head");
        let wang = world.session("wang-lc");
        let view = world.desk.handover(&wang, list).unwrap();
        assert_eq!(view.part, "supervisor");
        world.desk.name_receiver(&wang, list, "liu").unwrap();

        let new = "id,name,unit,role\nN1,方以真,lc-disease,supervisor\n";
        taken(&world, "yang-lc", new, false);
        world.hand.pass_seconds(700);
        world.desk.tick().unwrap();
        assert_eq!(owners()[0].0, "role supervisor in lc-disease");
        assert_eq!(world.count("lienchiang", "duty.passed-on"), 2, "and the list of who headed it before");
        let no = refused_once(world.desk.name_receiver(&wang, list, "liu"));
        assert_eq!(no.0, Reason::NotYourDuty, "it is the new head's now");
        change(&world, "yang-lc", &post(&post_of(&world, "lienchiang-N1"), Cause::Leave, today)).unwrap();
        world.hand.pass_seconds(700);
        world.desk.tick().unwrap();
        assert_eq!(owners()[0].0, "role head", "and whoever is next again when they are gone");
    });
}

/// The identifier of somebody's only post.
fn post_of(world: &World, person: &str) -> String {
    let posts = world.desk.staff(&world.session("yang-lc")).unwrap().posts;
    posts.into_iter().find(|post| post.person == person).unwrap().id
}

#[test]
fn whom_the_rule_has_sign_a_list_sign_it_one_after_the_other() {
    played(|stage| {
        let world = stage.world();
        let signers = "by_list = true\nsigners = [{ role = \"administrator\" }, { head = true }]\n";
        world.amend("lienchiang", &[("by_list = true\n", signers)]);
        world.lienchiang();
        let mut moves = post("chen-user", Cause::Transfer, world.desk.now().date());
        (moves.unit, moves.role) = ("lc-nangan".into(), "user".into());
        change(&world, "yang-lc", &moves).unwrap();
        let tsao = world.session("tsao");
        let id = world.desk.duties(&tsao, false).unwrap().own[0].href.rsplit('/').next().unwrap().to_string();
        let sign = |login: &str, note: &str| {
            world.hand.pass_seconds(60);
            world.desk.sign_handover(&world.session(login), &id, &Personal::new(note))
        };
        let owes = |login: &str| {
            let own = world.desk.duties(&world.session(login), false).unwrap().own;
            own.iter().any(|duty| duty.kind.word() == "hand-over")
        };
        world.desk.name_receiver(&tsao, &id, "liu").unwrap();
        assert_eq!(refused_once(sign("yang-lc", "")).0, Reason::WrongState, "the receiver signs first");
        world.desk.sign_handover(&world.staff("chen"), &id, &Personal::default()).unwrap();
        assert!(!owes("yang-lc"));
        sign("liu", "").unwrap();
        assert!(owes("yang-lc") && !owes("wang-lc"));
        assert_eq!(refused_once(sign("wang-lc", "")).0, Reason::NotYourDuty, "not before the first");
        assert_eq!(refused_once(sign("tsao", "")).0, Reason::NotYourDuty, "the rule names others");
        sign("yang-lc", "").unwrap();
        assert!(!owes("yang-lc") && owes("wang-lc"));
        assert_eq!(refused_once(sign("yang-lc", "")).0, Reason::NotYourDuty, "once");
        let list = world.desk.handover(&world.session("wang-lc"), &id).unwrap();
        let signed: Vec<bool> = list.signers.iter().map(|one| one.signed.is_some()).collect();
        assert_eq!((signed, list.sign, list.closed.is_none()), (vec![true, false], true, true));
        let officer = || {
            let log = LogId::new("lienchiang");
            let case = world.desk.store().read(|read| read.case(&log, "L-1")).unwrap().unwrap();
            case.officer.to_string()
        };
        assert_eq!(officer(), "chen", "nothing is the receiver's before the last signature");
        sign("wang-lc", "").unwrap();
        assert_eq!(officer(), "liu");
        assert!(!owes("wang-lc") && !owes("tsao"));
    });
}

#[test]
fn nobody_changes_their_own_post_and_the_rule_says_who_holds_what_together() {
    played(|stage| {
        let world = stage.world();
        let today = world.desk.now().date();
        let own = post("kao-tp-it", Cause::Leave, today);
        assert_eq!(refused_once(change(&world, "kao-tp", &own)).0, Reason::OwnPost);
        assert_eq!(refused_once(change(&world, "hsu", &own)).0, Reason::NoCapacity);
        let far = post("huang-user", Cause::Leave, today.plus_days(400).unwrap());
        assert_eq!(refused_once(change(&world, "kao-tp", &far)).0, Reason::FieldMalformed);
        let mut moves = post("huang-user", Cause::DutyChange, today);
        moves.role = "captain".into();
        assert_eq!(refused_once(change(&world, "kao-tp", &moves)).0, Reason::RoleUnknown);
        moves.unit = "kh-relief".into();
        assert_eq!(refused_once(change(&world, "kao-tp", &moves)).0, Reason::UnitUnknown);

        // Who looks people up does not audit those who do.
        let both = "id,name,unit,role\nhuang,黃怡君,tp-disease,user\nhuang,黃怡君,tp-audit,auditor\n";
        let seen = taken(&world, "kao-tp", both, false);
        assert_eq!(faults(&seen), [(3, Reason::RolesApart)]);
        let clause = seen.faults[0].1.refusal.clause.as_ref().map(ToString::to_string);
        assert_eq!((clause.as_deref(), seen.steps.len()), (Some("taipei/5.9"), 0));
        let own = "id,name,unit,role\nkao-tp,高明哲,tp-disease,user\n";
        assert_eq!(faults(&taken(&world, "kao-tp", own, false)), [(2, Reason::OwnPost)]);
    });
}

#[test]
fn a_departure_that_was_written_down_is_moved_and_taken_back_with_what_it_brought() {
    played(|stage| {
        let world = stage.world();
        let day = |days: i64| world.desk.now().date().plus_days(days).unwrap();
        let open = || {
            let log = LogId::new("taipei");
            let all = world.desk.store().read(|read| read.every_open_duty(&log)).unwrap().into_iter();
            let of_huang = all.filter(|duty| duty.person.as_ref().is_some_and(|own| own.as_str() == "huang"));
            let mut began: Vec<Date> = of_huang.map(|duty| duty.began).collect();
            began.dedup();
            began
        };
        let until = || {
            let posts = world.desk.staff(&world.session("kao-tp")).unwrap().posts;
            posts.into_iter().find(|post| post.id == "huang-user").map(|post| (post.until, post.change))
        };
        let form = |cause, days| post("huang-user", cause, day(days));
        assert_eq!(refused_once(change(&world, "kao-tp", &form(Cause::Stay, 0))).0, Reason::WrongState);
        change(&world, "kao-tp", &form(Cause::Leave, 30)).unwrap();
        assert_eq!((until(), open()), (Some((Some(day(30)), true)), vec![day(30)]));
        change(&world, "kao-tp", &form(Cause::Retire, 60)).unwrap();
        assert_eq!((until(), open()), (Some((Some(day(60)), true)), vec![day(60)]), "told of one day only");
        change(&world, "kao-tp", &form(Cause::Stay, 0)).unwrap();
        assert_eq!((until(), open()), (Some((None, true)), vec![]));
        change(&world, "kao-tp", &form(Cause::Leave, 30)).unwrap();
        change(&world, "kao-tp", &form(Cause::Leave, 0)).unwrap();
        assert_eq!((until(), open()), (None, vec![day(0)]));
        assert!(!signs_in(&world, "huang"));
        let over = refused_once(change(&world, "kao-tp", &form(Cause::Stay, 0)));
        assert_eq!(over.0, Reason::RecordUnknown, "what is over is begun anew");
    });
}

#[test]
fn whose_the_rule_is_and_who_applies_it_correspondingly_stands_beside_each_unit() {
    played(|stage| {
        let world = stage.world();
        let staff = world.desk.staff(&world.session("yang-lc")).unwrap();
        let unit = |id: &str| staff.units.iter().find(|unit| unit.id == id).unwrap();
        assert!(!unit("lc-disease").corresponding);
        let township = unit("lc-nangan");
        assert!(township.corresponding, "township centres apply the rule correspondingly");
        assert!(township.clause.as_ref().is_some_and(|clause| clause.id.as_str().starts_with("lienchiang/")));
    });
}
