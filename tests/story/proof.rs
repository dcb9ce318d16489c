//! Acts that ask again who acts: a session that was left open is not enough for them.

use super::account::sign_in;
use super::credential::at_desk;
use super::exception;
use super::regulation::activation;
use super::stage::played;
use super::world::{ADDRESS, World, refused, refused_once};
use desk::application::StampForm;
use desk::directory::{DelegationForm, PostForm, Roster};
use desk::{Answer, Session};
use domain::account::proof::{ASKED, LATELY_MINUTES};
use domain::actor::Place;
use domain::application::Verdict;
use domain::application::act::Give;
use domain::directory::post::Cause;
use domain::id::PersonId;
use domain::{Personal, Reason};
use sluice::demo::cast;
use std::path::Path;

/// Who sits at a page, with a code that comes with the form, or with none.
struct Chair<'a> {
    world: &'a World,
    login: &'a str,
    token: String,
}

impl<'a> Chair<'a> {
    fn of(world: &'a World, login: &'a str) -> Self {
        Self { world, login, token: sign_in(world, login).unwrap().token }
    }

    /// The session as a request without a code finds it.
    fn plain(&self) -> Session {
        at_desk(self.world, &self.token)
    }

    /// The same with what was typed.
    fn with(&self, code: &str) -> Session {
        Session { proof: Personal::new(code), ..self.plain() }
    }

    /// The same with a code of this moment.
    fn proved(&self) -> Session {
        self.world.hand.pass_seconds(31);
        self.with(&self.world.desk.demo_code(self.login).unwrap())
    }
}

/// Asks for a code, and for nothing else; a wrong one is none.
fn asks<T>(chair: &Chair<'_>, act: &dyn Fn(&Session) -> Answer<T>) {
    for session in [chair.plain(), chair.with("000000")] {
        assert_eq!(refused_once(act(&session)).0, Reason::ProofAgain);
    }
}

/// An act that asks: not done without a code, done with one.
fn asks_and_does<T>(chair: &Chair<'_>, act: &dyn Fn(&Session) -> Answer<T>, entered: (&str, &str)) {
    let count = || chair.world.count(entered.0, entered.1);
    let before = count();
    asks(chair, act);
    assert_eq!(count(), before, "nothing was done");
    act(&chair.proved()).map(|_| ()).unwrap();
    assert_eq!(count(), before + 1);
}

fn delegation(words: &str) -> DelegationForm {
    let from = domain::time::Date::parse_iso("2026-03-02").unwrap();
    DelegationForm {
        to: "kuo-kh".into(),
        objects: vec![],
        from,
        until: from.plus_days(30).unwrap(),
        words: Personal::new(words),
        form_key: String::new(),
    }
}

#[test]
fn a_head_who_delegates_shows_a_code_and_is_not_asked_again_for_some_minutes() {
    played(|stage| {
        let world = stage.world();
        let fang = Chair::of(&world, "fang-kh");
        let delegate = |session: &Session| world.desk.delegate(session, &delegation("高市社秘字第1號"));
        // What is wrong is said before any code is wanted.
        let wrong = refused_once(world.desk.delegate(&fang.plain(), &delegation("")));
        assert_eq!(wrong.0, Reason::FieldMissing);
        let used = fang.with(&world.desk.demo_code("fang-kh").unwrap());
        assert_eq!(refused_once(delegate(&used)).0, Reason::ProofAgain, "it was good at the door");
        asks_and_does(&fang, &delegate, ("kaohsiung", "directory.delegated"));
        world.hand.pass_seconds(LATELY_MINUTES * 60 - 1);
        delegate(&fang.plain()).unwrap();
        world.hand.pass_seconds(1);
        asks(&fang, &delegate);
        // Another session of the same person has shown nothing.
        delegate(&fang.proved()).unwrap();
        asks(&Chair::of(&world, "fang-kh"), &delegate);
    });
}

#[test]
fn a_program_sends_a_code_with_each_of_them() {
    played(|stage| {
        let world = stage.world();
        let token = || {
            let office = Place::Zone("office".into());
            world.desk.token_session(&cast::token("fang-kh"), ADDRESS, office).unwrap()
        };
        let delegate = |session: &Session| world.desk.delegate(session, &delegation("高市社秘字第1號"));
        assert_eq!(refused_once(delegate(&token())).0, Reason::ProofAgain);
        let proof = Personal::new(world.desk.demo_code("fang-kh").unwrap());
        delegate(&Session { proof, ..token() }).unwrap();
        assert_eq!(refused_once(delegate(&token())).0, Reason::ProofAgain, "a token has no session");
    });
}

#[test]
fn a_permission_is_stopped_and_sessions_of_others_are_ended_with_a_code() {
    played(|stage| {
        let world = stage.world();
        let (lin, _) = world.kaohsiung();
        let open = sign_in(&world, "lin").unwrap().token;
        let ho = Chair::of(&world, "ho-kh");
        let list = world.desk.permissions(&ho.plain()).unwrap();
        let one = list.into_iter().find(|one| one.person == lin.name && one.stop).unwrap().id;
        let stop = |session: &Session| world.desk.stop_permission(session, &one, &Personal::new("調離業務"));
        let end = |session: &Session| world.desk.end_sessions_for(session, "lin");
        let unknown = world.desk.stop_permission(&ho.plain(), "none", &Personal::new("x"));
        assert_eq!(refused_once(unknown).0, Reason::RecordUnknown);
        let own = world.desk.end_sessions_for(&ho.plain(), "ho-kh");
        assert_eq!(refused_once(own).0, Reason::OwnAccount);
        assert_eq!(refused_once(world.desk.end_sessions_for(&ho.plain(), "chen")).0, Reason::NotYourStaff);
        assert_eq!(refused_once(world.desk.end_sessions_for(&lin, "wu")).0, Reason::NoCapacity);
        asks_and_does(&ho, &stop, ("kaohsiung", "grant.stopped"));
        // The next act within some minutes is done at once.
        assert_eq!(end(&ho.plain()).unwrap(), 1);
        assert!(world.desk.session(&open, Place::Zone("office".into())).unwrap().is_none());
        sign_in(&world, "lin").unwrap();
        world.hand.pass_seconds(LATELY_MINUTES * 60);
        asks_and_does(&ho, &end, ("platform", "account.session-ended"));
    });
}

#[test]
fn a_list_of_staff_is_compared_freely_and_taken_over_with_a_code() {
    played(|stage| {
        let world = stage.world();
        let ho = Chair::of(&world, "ho-kh");
        let text = "id,name,unit,role\nA01,葉子豪,kh-relief,user\n";
        let roster = || Roster::from_csv(text.as_bytes(), false).unwrap();
        let seal = world.desk.import(&ho.plain(), roster(), None).unwrap().seal;
        let take = |session: &Session| world.desk.import(session, roster(), Some(&seal));
        let stale = world.desk.import(&ho.plain(), roster(), Some("other"));
        assert_eq!(refused_once(stale).0, Reason::Changed);
        asks(&ho, &take);
        assert_eq!(
            world.desk.import(&ho.plain(), roster(), None).unwrap().steps.len(),
            2,
            "nothing was done"
        );
        assert!(take(&ho.proved()).unwrap().done);
    });
}

#[test]
fn who_comes_to_run_accounts_comes_so_with_a_code_and_any_other_post_without() {
    played(|stage| {
        let world = stage.world();
        let yang = Chair::of(&world, "yang-lc");
        let pack = world.session("yang-lc").pack;
        let keeper = world.session("yang-lc").actor.role;
        let other = world.session("chen").actor.role;
        assert!(pack.role(&keeper).is_some() && keeper != other);
        let posts = world.desk.staff(&yang.plain()).unwrap().posts;
        let chen = posts.iter().find(|post| post.person == "chen").unwrap();
        let form = |post: &str, role: &str, unit: &str| PostForm {
            post: post.into(),
            cause: Some(Cause::Transfer),
            on: Some(world.desk.now().date()),
            unit: unit.into(),
            role: role.into(),
            form_key: String::new(),
        };
        let moved = form(&chen.id, &other, "lc-nangan");
        world.desk.change_post(&yang.plain(), &moved).unwrap();
        let chen = world.desk.store().read(|read| read.assignments(&PersonId::new("chen"))).unwrap();
        let chen = chen.into_iter().find(|row| row.assignment.until.is_none()).unwrap().assignment.id;
        let named = form(chen.as_str(), &keeper, "lc-disease");
        let name = |session: &Session| world.desk.change_post(session, &named);
        asks_and_does(&yang, &name, ("lienchiang", "directory.posted"));
    });
}

#[test]
fn an_exception_from_separation_is_allowed_with_a_code() {
    played(|stage| {
        let world = exception::harbour_with(stage, exception::CLOSER);
        let master = Chair::of(&world, "master");
        let allow = |session: &Session| {
            world.desk.allow_exception(session, &exception::form("2026-03-02", "2026-06-30"))
        };
        asks_and_does(&master, &allow, ("harbour", "directory.exception-allowed"));
    });
}

#[test]
fn a_version_of_the_rule_is_approved_with_a_code_and_sent_back_without() {
    played(|stage| {
        let world = activation::harbour(stage);
        let next = activation::later("1160301", "2026-03-05");
        let digest = next.rule.digest.clone();
        world.desk.load(next).unwrap();
        let code = activation::put_forward(&world, &digest).unwrap();
        let watch = Chair::of(&world, "watch");
        let note = || Personal::new("請改期");
        let form = |verdict| StampForm::from(Give { note: note(), ..Give::of(verdict) });
        let give = |session: &Session| world.desk.stamp_application(session, &code, &form(Verdict::Agree));
        asks_and_does(&watch, &give, ("harbour", "application.stamped"));
        let master = Chair::of(&world, "master");
        world.desk.stamp_application(&master.plain(), &code, &form(Verdict::Return)).unwrap();
    });
}

#[test]
fn too_many_wrong_codes_lock_the_account_as_at_the_door() {
    played(|stage| {
        let world = stage.world();
        let fang = Chair::of(&world, "fang-kh");
        let session = fang.with("000000");
        let tries = session.pack.lockout().and_then(|lockout| lockout.value.tries).unwrap_or(5);
        for _ in 0..tries {
            let no = refused(world.desk.delegate(&session, &delegation("高市社秘字第1號")));
            assert_eq!(no[0].0, Reason::ProofAgain);
        }
        assert_eq!(world.count("platform", "account.locked"), 1);
        assert!(world.desk.session(&fang.token, Place::Zone("office".into())).unwrap().is_none());
    });
}

#[test]
fn the_handbook_lists_every_act_that_asks_again() {
    let handbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operator.md");
    let text = std::fs::read_to_string(handbook).unwrap();
    let missing: Vec<&str> =
        ASKED.iter().map(|own| own.act).filter(|act| !text.contains(&format!("| `{act}` |"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
