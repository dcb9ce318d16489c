//! How codes reach their owners: said once, outstanding until then, revoked if need be; and slips for many.

use super::credential::{DAY, GOOD, code, enrol, invite, sign_in_with};
use super::stage::played;
use super::world::{World, refused, refused_once};
use desk::account::{DeliveryForm, InviteForm, SLIPS_MAX, SlipsForm};
use desk::view::{CodeView, SlipsView, TodoKind};
use desk::{Answer, Session};
use domain::Reason;
use domain::directory::{Assignment, Change, Person};
use domain::id::{AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;
use std::time::Instant;

fn keeper(world: &World) -> Session {
    world.session("yang-lc")
}

/// The codes handed out to somebody of Lienchiang, the newest first.
fn codes(world: &World, person: &str) -> Vec<CodeView> {
    world.desk.account_of(&keeper(world), person).unwrap().codes
}

fn said(world: &World, person: &str) -> DeliveryForm {
    DeliveryForm {
        code: codes(world, person)[0].id.clone(),
        to: String::new(),
        way: "in-person".into(),
        on: world.desk.now().date(),
        form_key: String::new(),
    }
}

fn deliver(world: &World, form: &DeliveryForm) -> Answer<()> {
    world.desk.record_delivery(&keeper(world), form)
}

/// What is missing of codes: in the list, and as something to do.
fn outstanding(world: &World) -> (usize, Option<&'static str>, usize) {
    let all = world.desk.accounts(&keeper(world), "").unwrap();
    let row = all.list.iter().find(|row| row.person == "kuo").and_then(|row| row.outstanding);
    let items = world.desk.todo(&keeper(world)).unwrap();
    let items = items.into_iter().find(|item| item.kind == TodoKind::CodesOutstanding);
    (all.outstanding, row, items.map_or(0, |item| item.count.n))
}

#[test]
fn how_a_code_reached_its_owner_is_said_once_and_stands_in_the_account() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        invite(&world, "yang-lc", "kuo", "first").unwrap();
        let open = &codes(&world, "kuo")[0];
        assert_eq!(open.ways, ["in-person", "sealed-letter", "internal-mail"]);
        assert!(open.colleague && open.revoke && open.handing.is_none(), "{open:?}");
        let form = DeliveryForm { to: "chen".into(), form_key: "k".repeat(32), ..said(&world, "kuo") };
        deliver(&world, &form).unwrap();
        deliver(&world, &form).unwrap();
        assert_eq!(world.count("platform", "account.delivered"), 1, "a double click says it once");
        let view = world.desk.account_of(&keeper(&world), "kuo").unwrap();
        let handing = view.codes[0].handing.clone().unwrap();
        assert_eq!((handing.way, handing.colleague), ("in-person", true));
        assert_eq!((handing.by.as_str(), handing.to.as_str()), ("楊淑芬", "陳思齊"));
        assert!(view.codes[0].ways.is_empty(), "it is said once");
        let again = DeliveryForm { form_key: String::new(), ..form };
        assert_eq!(refused_once(deliver(&world, &again)).0, Reason::WrongState);
        let entry = world.entries("platform").into_iter().find(|entry| entry.act == "account.delivered");
        let detail = entry.unwrap().detail;
        assert_eq!(detail, r#"{"on":"2026-03-02","person":"kuo","to":"colleague","way":"in-person"}"#);
    });
}

#[test]
fn what_cannot_have_been_is_refused_at_its_field_and_nothing_is_entered() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        invite(&world, "yang-lc", "kuo", "first").unwrap();
        let good = said(&world, "kuo");
        let today = good.on;
        let no = |change: &dyn Fn(&mut DeliveryForm)| {
            let mut form = good.clone();
            change(&mut form);
            refused_once(deliver(&world, &form))
        };
        let clause = Some("lienchiang/5.10".to_string());
        assert_eq!(no(&|form| form.way = String::new()).0, Reason::FieldMissing);
        assert_eq!(no(&|form| form.way = "pigeon".into()).0, Reason::FieldMissing);
        let way = no(&|form| form.way = "second-channel".into());
        assert_eq!(way, (Reason::MethodNotPermitted, clause.clone()));
        assert_eq!(no(&|form| form.to = "huang".into()).0, Reason::NotYourStaff, "another agency's");
        assert_eq!(no(&|form| form.to = "yang-lc".into()).0, Reason::FieldMalformed, "to oneself");
        assert_eq!(no(&|form| form.on = today.plus_days(1).unwrap()).0, Reason::HandedDay);
        assert_eq!(no(&|form| form.on = today.plus_days(-1).unwrap()).0, Reason::HandedDay);
        assert_eq!(no(&|form| form.code = "en-nothing".into()).0, Reason::RecordUnknown);
        let letter = no(&|form| {
            form.way = "sealed-letter".into();
            form.to = "chen".into();
        });
        assert_eq!(letter, (Reason::OwnHandOnly, clause), "a letter is addressed to its owner");
        let elsewhere = world.desk.record_delivery(&world.session("kao-tp"), &good);
        assert_eq!(refused_once(elsewhere).0, Reason::NotYourStaff);
        let chen = world.session("chen");
        assert_eq!(refused_once(world.desk.record_delivery(&chen, &good)).0, Reason::NoCapacity);
        assert_eq!(refused_once(world.desk.revoke_code(&chen, &good.code)).0, Reason::NoCapacity);
        assert_eq!(refused_once(world.desk.account_of(&chen, "kuo")).0, Reason::NoCapacity);
        assert_eq!(refused_once(world.desk.account_of(&keeper(&world), "huang")).0, Reason::RecordUnknown);
        assert_eq!(world.count("platform", "account.delivered"), 0);
    });
}

#[test]
fn a_rule_can_want_a_slip_in_its_owners_own_hand() {
    played(|stage| {
        let world = stage.world();
        world.amend("lienchiang", &[("apart = true\n", "apart = true\nown_hand = true\n")]);
        world.newcomer("kuo");
        invite(&world, "yang-lc", "kuo", "first").unwrap();
        let view = world.desk.account_of(&keeper(&world), "kuo").unwrap();
        assert!(view.colleagues.is_empty() && !view.codes[0].colleague);
        let form = said(&world, "kuo");
        let no = refused_once(deliver(&world, &DeliveryForm { to: "chen".into(), ..form.clone() }));
        assert_eq!(no, (Reason::OwnHandOnly, Some("lienchiang/5.10".into())));
        deliver(&world, &form).unwrap();
        assert!(!codes(&world, "kuo")[0].handing.as_ref().unwrap().colleague);
    });
}

#[test]
fn a_code_is_outstanding_until_somebody_says_how_it_reached_its_owner() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let handed = invite(&world, "yang-lc", "kuo", "first").unwrap();
        world.hand.pass_seconds(3 * DAY - 1);
        assert_eq!(outstanding(&world), (0, None, 0));
        world.hand.pass_seconds(1);
        assert_eq!(outstanding(&world), (1, Some("unsaid"), 1));
        assert_eq!(codes(&world, "kuo")[0].state, "lapsed");
        deliver(&world, &said(&world, "kuo")).unwrap();
        assert_eq!(outstanding(&world), (0, None, 0), "late is better than never");
        // Whoever uses one of which nothing was said is let in, and it is told.
        let next = invite(&world, "yang-lc", "kuo", "first").unwrap();
        assert_eq!(refused_once(world.desk.redeem("kuo.lc", &code(&handed))).0, Reason::EnrolmentFailed);
        enrol(&world, &next, GOOD);
        sign_in_with(&world, "kuo.lc", GOOD).unwrap();
        assert_eq!(outstanding(&world), (0, Some("used"), 0));
        let all = codes(&world, "kuo");
        assert_eq!(all.iter().map(|code| code.state).collect::<Vec<_>>(), ["used", "superseded"]);
        assert_eq!(all[0].outstanding, Some("used"));
        deliver(&world, &said(&world, "kuo")).unwrap();
        assert_eq!(outstanding(&world), (0, None, 0));
    });
}

#[test]
fn a_code_is_revoked_before_it_is_used_and_not_afterwards() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let handed = invite(&world, "yang-lc", "kuo", "first").unwrap();
        let id = codes(&world, "kuo")[0].id.clone();
        let ticket = world.desk.redeem("kuo.lc", &code(&handed)).unwrap().ticket;
        world.desk.revoke_code(&keeper(&world), &id).unwrap();
        assert_eq!(refused_once(world.desk.redeem("kuo.lc", &code(&handed))).0, Reason::EnrolmentFailed);
        assert_eq!(refused_once(world.desk.redeemed(&ticket)).0, Reason::EnrolmentFailed, "half-way too");
        assert_eq!(codes(&world, "kuo")[0].state, "revoked");
        let again = world.desk.revoke_code(&keeper(&world), &id);
        assert_eq!(refused_once(again).0, Reason::WrongState);
        let form = DeliveryForm { code: id, ..said(&world, "kuo") };
        assert_eq!(refused_once(deliver(&world, &form)).0, Reason::WrongState);
        world.hand.pass_seconds(4 * DAY);
        assert_eq!(outstanding(&world), (0, None, 0), "what was taken back is not outstanding");

        // A slip that lay about until its time was over is done with by taking it back, too.
        invite(&world, "yang-lc", "kuo", "first").unwrap();
        world.hand.pass_seconds(4 * DAY);
        let lapsed = codes(&world, "kuo")[0].clone();
        assert_eq!((lapsed.state, lapsed.revoke, outstanding(&world).2), ("lapsed", true, 1));
        world.desk.revoke_code(&keeper(&world), &lapsed.id).unwrap();
        assert_eq!(outstanding(&world), (0, None, 0));

        let next = invite(&world, "yang-lc", "kuo", "first").unwrap();
        enrol(&world, &next, GOOD);
        let used = world.desk.revoke_code(&keeper(&world), &codes(&world, "kuo")[0].id);
        assert_eq!(refused_once(used).0, Reason::WrongState);
        assert_eq!(world.count("platform", "account.code-revoked"), 2);
    });
}

/// Enters many people of Lienchiang who have no account, as a list of staff does.
fn roll(world: &World, many: usize) -> Vec<String> {
    let ids: Vec<String> = (0..many).map(|n| format!("lienchiang-R{n:03}")).collect();
    let from = Date::new(2024, 1, 1).unwrap();
    let post = |id: &String| Assignment {
        id: AssignmentId::new(format!("{id}-post")),
        person: PersonId::new(id.as_str()),
        unit: UnitId::new("lc-disease"),
        role: "user".into(),
        from,
        until: None,
    };
    let person = |id: &String| Person {
        id: PersonId::new(id.as_str()),
        name: format!("人員{}", &id[id.len() - 3..]),
        number: Default::default(),
    };
    let posts = ids.iter().map(post).map(Change::Assignment).collect();
    world.desk.enrol(&LogId::new("lienchiang"), posts).unwrap();
    let people = ids.iter().map(person).map(Change::Person).collect();
    world.desk.enrol(&LogId::platform(), people).unwrap();
    ids
}

/// Asks for slips with a code of this moment.
fn slips(world: &World, change: impl Fn(&mut SlipsForm)) -> Answer<SlipsView> {
    world.hand.pass_seconds(31);
    let proof = world.desk.demo_code("yang-lc").unwrap();
    let mut form = SlipsForm { method: "sealed-slip".into(), proof, ..SlipsForm::default() };
    change(&mut form);
    world.desk.invite_all(&keeper(world), &form)
}

#[test]
fn three_hundred_slips_are_made_out_in_one_go_and_each_is_good() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let began = Instant::now();
        invite(&world, "yang-lc", "kuo", "first").unwrap();
        let one = began.elapsed();
        // Of the cast one waits already; whoever has a code that is good does not.
        let waiting = || world.desk.accounts(&keeper(&world), "").unwrap().waiting;
        assert_eq!(waiting(), 1);
        roll(&world, SLIPS_MAX + 3);
        assert_eq!(waiting(), SLIPS_MAX + 4);
        let form = |form: &mut SlipsForm| {
            form.all = true;
            form.form_key = "k".repeat(32);
        };
        let began = Instant::now();
        let made = slips(&world, form).unwrap();
        let all = began.elapsed();
        println!(
            "{} slips took {all:?}, which is {:.1} times the {one:?} of one code",
            made.slips.len(),
            all.as_secs_f64() / one.as_secs_f64()
        );
        assert_eq!((made.slips.len(), made.refused.len(), made.left), (SLIPS_MAX, 0, 4));
        assert_eq!(world.count("platform", "account.invited"), SLIPS_MAX + 1, "an entry each");
        let again = slips(&world, form).unwrap();
        assert!(again.shown && again.slips.is_empty(), "codes are shown once");
        assert_eq!(world.count("platform", "account.invited"), SLIPS_MAX + 1);
        for slip in [&made.slips[0], &made.slips[SLIPS_MAX - 1]] {
            assert!(slip.apart, "the rule wants name and secret by different ways");
            enrol(&world, slip, GOOD);
            sign_in_with(&world, &slip.login, GOOD).unwrap();
        }
        let rest = slips(&world, |form| form.all = true).unwrap();
        assert_eq!((rest.slips.len(), rest.left), (4, 0));
        let nobody = refused_once(slips(&world, |form| form.all = true));
        assert_eq!(nobody.0, Reason::NothingSelected);
    });
}

#[test]
fn who_can_be_given_none_is_named_with_the_reason_and_all_others_are_given_theirs() {
    played(|stage| {
        let world = stage.world();
        let ids = roll(&world, 2);
        world.newcomer("kuo");
        // Somebody else was promised the name that would be kuo's.
        world.hand.pass_seconds(31);
        let form = InviteForm {
            person: ids[1].clone(),
            kind: "first".into(),
            login: "kuo".into(),
            method: "sealed-slip".into(),
            proof: world.desk.demo_code("yang-lc").unwrap(),
            ..InviteForm::default()
        };
        world.desk.invite(&keeper(&world), &form).unwrap();
        let people = [ids[0].as_str(), "kuo", "chen", "yang-lc", "huang", "nobody", " "];
        let named = |form: &mut SlipsForm| form.people = people.map(String::from).to_vec();
        let made = slips(&world, named).unwrap();
        assert_eq!(made.slips.iter().map(|slip| slip.person.as_str()).collect::<Vec<_>>(), [&ids[0]]);
        let mut why: Vec<(&str, Reason)> = made
            .refused
            .iter()
            .flat_map(|(name, views)| views.iter().map(|view| (name.as_str(), view.refusal.reason)))
            .collect();
        why.sort();
        let mut wanted = vec![
            ("", Reason::NotYourStaff),
            ("huang", Reason::NotYourStaff),
            ("nobody", Reason::NotYourStaff),
            ("新進人員", Reason::LoginTaken),
            ("楊淑芬", Reason::OwnAccount),
            ("陳思齊", Reason::AccountExists),
        ];
        wanted.sort();
        assert_eq!(why, wanted);
        assert_eq!(world.count("platform", "account.invited"), 2);
    });
}

#[test]
fn slips_are_refused_as_a_whole_where_the_request_itself_is_wrong() {
    played(|stage| {
        let world = stage.world();
        let ids = roll(&world, 1);
        let no = |change: &dyn Fn(&mut SlipsForm)| {
            let form = |form: &mut SlipsForm| {
                form.people = ids.clone();
                change(form);
            };
            refused(slips(&world, form)).remove(0).0
        };
        assert_eq!(no(&|form| form.proof = "000000".into()), Reason::ProofAgain);
        assert_eq!(no(&|form| form.proof = String::new()), Reason::ProofAgain);
        assert_eq!(no(&|form| form.method = "pigeon".into()), Reason::FieldMalformed);
        assert_eq!(no(&|form| form.people = vec![]), Reason::NothingSelected);
        let many = |form: &mut SlipsForm| form.people = (0..=SLIPS_MAX).map(|n| format!("x{n}")).collect();
        assert_eq!(no(&many), Reason::FieldTooLong);
        let chen = world.session("chen");
        let form = SlipsForm { people: ids.clone(), method: "sealed-slip".into(), ..SlipsForm::default() };
        assert_eq!(refused_once(world.desk.invite_all(&chen, &form)).0, Reason::NoCapacity);
        // A method that the rule does not have is refused for each, with its clause, and costs no code.
        let mail = slips(&world, |form| {
            form.people = ids.clone();
            form.method = "registered-mail".into();
            form.proof = String::new();
        });
        let mail = mail.unwrap();
        let view = &mail.refused[0].1[0];
        assert_eq!(view.refusal.reason, Reason::MethodNotPermitted);
        assert_eq!(view.refusal.clause.as_ref().unwrap().as_str(), "lienchiang/5.10");
        assert!(mail.slips.is_empty());
        assert_eq!(world.count("platform", "account.invited"), 0);
    });
}
