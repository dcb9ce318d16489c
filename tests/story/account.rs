//! Signing in, lockout and the ends of a session, all from the regulation.

use super::letter::{Recorder, wants};
use super::stage::played;
use super::world::{ADDRESS, HARBOUR, PASSWORD, World, refused_once};
use desk::No;
use desk::account::{InviteForm, SignIn, SignedIn};
use domain::actor::Place;
use domain::directory::{Assignment, Change};
use domain::id::{AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;
use domain::{Personal, Reason};

pub(super) fn form(login: &str, password: &str, code: &str) -> SignIn {
    SignIn {
        login: login.into(),
        password: Personal::new(password),
        code: code.into(),
        place: Place::Zone("office".into()),
        address: ADDRESS.into(),
    }
}

pub(super) fn sign_in(world: &World, login: &str) -> desk::Answer<SignedIn> {
    world.hand.pass_seconds(31);
    let code = world.desk.demo_code(login).unwrap_or_default();
    world.desk.sign_in(&form(login, PASSWORD, &code))
}

pub(super) fn wrong(world: &World, login: &str) -> (Reason, Option<String>) {
    refused_once(world.desk.sign_in(&form(login, "wrong", "000000")).map(|_| ()))
}

#[test]
fn unknown_name_wrong_password_and_wrong_code_are_answered_alike() {
    played(|stage| {
        let world = stage.world();
        let code = world.desk.demo_code("chen").unwrap();
        let forms = [
            form("nobody", PASSWORD, &code),
            form("chen", "wrong", &code),
            form("chen", PASSWORD, "000000"),
            form("", "", ""),
        ];
        let mut answers = forms.iter().map(|form| match world.desk.sign_in(form) {
            Err(No::Refused(views)) => views,
            _ => panic!("no refusal"),
        });
        let first = answers.next().unwrap();
        assert_eq!(first[0].refusal.reason, Reason::SignInFailed);
        assert!(answers.all(|other| other == first));
    });
}

#[test]
fn a_code_is_good_once() {
    played(|stage| {
        let world = stage.world();
        let code = world.desk.demo_code("chen").unwrap();
        world.desk.sign_in(&form("chen", PASSWORD, &code)).unwrap();
        let again = world.desk.sign_in(&form("chen", PASSWORD, &code)).map(|_| ());
        assert_eq!(refused_once(again).0, Reason::SignInFailed);
        sign_in(&world, "chen").unwrap();
        assert_eq!(world.count("platform", "account.signed-in"), 2);
    });
}

#[test]
fn the_fifth_failure_locks_for_the_minutes_of_the_regulation() {
    played(|stage| {
        let world = stage.world();
        for _ in 0..5 {
            assert_eq!(wrong(&world, "huang"), (Reason::SignInFailed, None));
        }
        assert_eq!(world.count("platform", "account.locked"), 1);
        // Nobody who guesses is told of the lock; its owner is.
        assert_eq!(wrong(&world, "huang"), (Reason::SignInFailed, None));
        let locked = (Reason::AccountLocked, Some("taipei/3.1".to_string()));
        assert_eq!(refused_once(sign_in(&world, "huang").map(|_| ())), locked);
        // Every attempt takes half a minute, so that its code is a new one.
        world.hand.pass_seconds(15 * 60 - 31 - 32);
        assert_eq!(refused_once(sign_in(&world, "huang").map(|_| ())), locked);
        world.hand.pass_seconds(1);
        for _ in 0..4 {
            assert_eq!(wrong(&world, "huang"), (Reason::SignInFailed, None));
        }
        sign_in(&world, "huang").unwrap();
        assert_eq!(world.count("platform", "account.locked"), 1, "a lock that is over begins a new row");
        sign_in(&world, "hsu").unwrap();
    });
}

#[test]
fn failures_in_a_row_lock_however_much_time_passes_between_them() {
    played(|stage| {
        let world = stage.world();
        for _ in 0..4 {
            assert_eq!(wrong(&world, "huang"), (Reason::SignInFailed, None));
            world.hand.pass_seconds(20 * 60);
            world.desk.tick().unwrap();
        }
        assert_eq!(world.count("platform", "account.locked"), 0);
        wrong(&world, "huang");
        assert_eq!(world.count("platform", "account.locked"), 1);
        assert_eq!(world.count("platform", "account.failed"), 4, "one entry a window, as before");
    });
}

#[test]
fn what_the_rule_opens_by_application_is_not_opened_by_time() {
    played(|stage| {
        let world = stage.world();
        for _ in 0..5 {
            wrong(&world, "chen");
        }
        world.hand.pass_seconds(400 * 24 * 3600);
        let Err(No::Refused(views)) = sign_in(&world, "chen").map(|_| ()) else { panic!("time opened it") };
        let refusal = &views[0].refusal;
        assert_eq!(refusal.reason, Reason::AccountLocked);
        assert_eq!(refusal.clause.as_ref().map(|clause| clause.as_str()), Some("lienchiang/5.13"));
        assert_eq!(refusal.args.get("problem").map(String::as_str), Some("application"));
    });
}

#[test]
fn the_invented_regulation_locks_after_three_for_good_and_after_four_for_half_an_hour() {
    played(|stage| {
        let world = stage.harbour("1100301");
        let clause = Some("harbour/7.1".to_string());
        for _ in 0..2 {
            assert_eq!(wrong(&world, "reader").0, Reason::SignInFailed);
        }
        assert_eq!(wrong(&world, "reader").0, Reason::SignInFailed);
        world.hand.pass_seconds(400 * 24 * 3600);
        let late = refused_once(sign_in(&world, "reader").map(|_| ()));
        assert_eq!(late, (Reason::AccountLocked, clause.clone()), "only the signaller opens it");
        let world = stage.harbour("1130901");
        for _ in 0..3 {
            assert_eq!(wrong(&world, "reader").0, Reason::SignInFailed);
        }
        assert_eq!(wrong(&world, "reader").0, Reason::SignInFailed);
        assert_eq!(refused_once(sign_in(&world, "reader").map(|_| ())), (Reason::AccountLocked, clause));
        world.hand.pass_seconds(30 * 60);
        sign_in(&world, "reader").unwrap();
    });
}

#[test]
fn success_forgets_earlier_failures() {
    played(|stage| {
        let world = stage.world();
        for _ in 0..3 {
            for _ in 0..4 {
                assert_eq!(wrong(&world, "chen").0, Reason::SignInFailed);
            }
            sign_in(&world, "chen").unwrap();
        }
        assert_eq!(world.count("platform", "account.locked"), 0);
    });
}

/// Whether the session of a token still runs.
pub(super) fn runs(world: &World, token: &str) -> bool {
    world.desk.session(token, Place::Zone("office".into())).unwrap().is_some()
}

#[test]
fn a_session_ends_when_idle_and_in_any_case() {
    played(|stage| {
        let world = stage.world();
        let signed = sign_in(&world, "chen").unwrap();
        assert_eq!(signed.session.warn_seconds, 120);
        world.hand.pass_seconds(15 * 60 - 1);
        assert!(runs(&world, &signed.token));
        world.hand.pass_seconds(15 * 60);
        assert!(!runs(&world, &signed.token), "idle for a quarter of an hour");
        let busy = sign_in(&world, "chen").unwrap();
        let mut minutes = 0;
        while runs(&world, &busy.token) {
            world.hand.pass_seconds(600);
            minutes += 10;
            assert!(minutes <= 600, "ten hours are the end in any case");
        }
        assert_eq!(minutes, 600);
    });
}

#[test]
fn the_invented_regulation_sets_other_ends() {
    played(|stage| {
        for (version, minutes) in [("1100301", 8), ("1130901", 5)] {
            let world = stage.harbour(version);
            let (login, ..) = HARBOUR[0];
            let signed = sign_in(&world, login).unwrap();
            world.hand.pass_seconds(minutes * 60 - 1);
            assert!(runs(&world, &signed.token), "{version}");
            world.hand.pass_seconds(minutes * 60);
            assert!(!runs(&world, &signed.token), "{version}");
        }
    });
}

#[test]
fn signing_out_ends_it_and_tokens_hold_for_their_machine_only() {
    played(|stage| {
        let world = stage.world();
        let signed = sign_in(&world, "chen").unwrap();
        world.desk.sign_out(&signed.token).unwrap();
        assert!(!runs(&world, &signed.token));
        let token = sluice::demo::cast::token("chen");
        let elsewhere = world.desk.token_session(&token, "192.0.2.7", Place::Elsewhere).map(|_| ());
        let unknown = world.desk.token_session("no-such-token", ADDRESS, Place::Elsewhere).map(|_| ());
        assert_eq!(refused_once(elsewhere), refused_once(unknown));
    });
}

#[test]
fn whoever_is_reset_on_the_command_line_is_told_as_from_the_page() {
    played(|stage| {
        let world = stage.world();
        let post = Recorder::of(&world);
        wants(&world, "chen", false, true);
        let form = InviteForm {
            person: "chen".into(),
            kind: "reset".into(),
            method: "in-person".into(),
            reason: Personal::new("遺失驗證器"),
            ..InviteForm::default()
        };
        world.desk.invite_as_operator(&form).unwrap();
        world.desk.deliver().unwrap();
        let told = post.taken(&world);
        assert_eq!(told.len(), 1);
        assert!(told[0].0 == "chen" && told[0].1.body.contains("帳號已重設"), "{told:?}");
    });
}

#[test]
fn a_code_reaches_somebody_by_the_rules_that_bind_them() {
    played(|stage| {
        let world = stage.world();
        let post = Assignment {
            id: AssignmentId::new("huang-lc"),
            person: PersonId::new("huang"),
            unit: UnitId::new("lc-disease"),
            role: "user".into(),
            from: Date::new(2024, 1, 1).unwrap(),
            until: None,
        };
        world.desk.enrol(&LogId::new("lienchiang"), vec![Change::Assignment(post)]).unwrap();
        let kao = world.session("kao-tp");
        let shown = |whom: &str| {
            let view = world.desk.accounts(&kao, whom).unwrap();
            (view.methods.len(), view.clause.map(|clause| clause.id.to_string()))
        };
        assert_eq!(shown(""), (4, None), "the rule of Taipei says nothing of it");
        assert_eq!(shown("hsu"), (4, None));
        assert_eq!(shown("huang"), (3, Some("lienchiang/5.10".into())));
    });
}

#[test]
fn nobody_signs_in_by_something_else_than_the_rule_wants_shown() {
    played(|stage| {
        let world = stage.world();
        let card = ("factors = [\"password\", \"totp\"]", "factors = [\"certificate-card\", \"password\"]");
        world.amend_unchecked("lienchiang", &[card]);
        let no = refused_once(sign_in(&world, "chen").map(|_| ()));
        assert_eq!(
            no,
            (Reason::FactorLacking, Some("lienchiang/5.3".into())),
            "and no code stands in for it"
        );
        assert_eq!(wrong(&world, "chen"), (Reason::SignInFailed, None), "nobody else is told so");
        sign_in(&world, "huang").unwrap();
    });
}
