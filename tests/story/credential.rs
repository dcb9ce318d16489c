//! Credentials: how people get into their accounts, and what the regulations ask of passwords.

use super::account::{form, runs, sign_in, wrong};
use super::stage::{Stage, played};
use super::world::{HARBOUR, PASSWORD, World, refused, refused_once};
use desk::Answer;
use desk::account::{InviteForm, PasswordForm, SetUpForm};
use desk::view::{EnrollingView, HandedView};
use domain::actor::Place;
use domain::id::LogId;
use domain::{Personal, Reason};
use std::path::Path;

/// A password that every shipped regulation takes.
pub(super) const GOOD: &str = "Quiet-Harbour-77";
const HOUR: i64 = 3_600;
pub(super) const DAY: i64 = 24 * HOUR;

/// What `admin` asks for, with a code of this moment.
fn asked(world: &World, admin: &str, person: &str, kind: &str) -> InviteForm {
    world.hand.pass_seconds(31);
    InviteForm {
        person: person.into(),
        kind: kind.into(),
        login: format!("{person}.lc"),
        method: "sealed-slip".into(),
        reason: Personal::new("驗證器遺失"),
        proof: world.desk.demo_code(admin).unwrap_or_default(),
        form_key: String::new(),
    }
}

pub(super) fn invite(world: &World, admin: &str, person: &str, kind: &str) -> Answer<HandedView> {
    let form = asked(world, admin, person, kind);
    world.desk.invite(&world.session(admin), &form)
}

pub(super) fn code(handed: &HandedView) -> String {
    handed.code.as_ref().expect("it is shown this once").expose().to_string()
}

fn current(world: &World, view: &EnrollingView) -> String {
    desk::account::current_code(&view.factor.secret, world.desk.now()).unwrap()
}

fn set_up(world: &World, view: &EnrollingView, password: &str, again: &str, proof: &str) -> Answer<()> {
    world.desk.set_up(&SetUpForm {
        ticket: view.ticket.clone(),
        password: Personal::new(password),
        again: Personal::new(again),
        proof: proof.into(),
        place: Place::Zone("office".into()),
    })
}

/// Goes through with a code that was handed out.
pub(super) fn enrol(world: &World, handed: &HandedView, password: &str) {
    let view = world.desk.redeem(&handed.login, &code(handed)).unwrap();
    set_up(world, &view, password, password, &current(world, &view)).unwrap();
}

/// Signs in with another password than everybody's.
pub(super) fn sign_in_with(world: &World, login: &str, password: &str) -> Answer<String> {
    world.hand.pass_seconds(31);
    let code = world.desk.demo_code(login).unwrap_or_default();
    world.desk.sign_in(&form(login, password, &code)).map(|signed| signed.token)
}

pub(super) fn at_desk(world: &World, token: &str) -> desk::Session {
    world.desk.session(token, Place::Zone("office".into())).unwrap().expect("the session runs")
}

pub(super) fn change(world: &World, login: &str, session: &desk::Session, words: [&str; 3]) -> Answer<()> {
    world.hand.pass_seconds(31);
    let [current, password, again] = words.map(Personal::new);
    let proof = world.desk.demo_code(login).unwrap();
    let form = PasswordForm { current, password, again, proof, form_key: String::new() };
    world.desk.change_password(session, &form)
}

/// The harbour under its regulation with one line of it amended.
pub(super) fn amended(stage: &Stage, line: &str, amended: &str) -> World {
    stage.harbour_under(|world| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/harbour/1130901");
        let mut files = sluice::pack::read(&folder).map_err(|problem| problem.to_string()).unwrap();
        assert!(files.iter().any(|(_, text)| text.contains(line)), "there is such a line");
        files.iter_mut().for_each(|(_, text)| *text = text.replace(line, amended));
        let checked = desk::regulation::check(files);
        world.desk.activate(checked.unwrap_or_else(|errors| panic!("{errors:?}"))).unwrap();
    })
}

#[test]
fn a_code_leads_to_an_account_of_ones_own_and_is_good_once() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let handed = invite(&world, "yang-lc", "kuo", "first").unwrap();
        assert_eq!((handed.login.as_str(), handed.kind, handed.method), ("kuo.lc", "first", "sealed-slip"));
        assert!(handed.apart, "the rule wants name and secret by different ways");
        assert_eq!(handed.until, world.desk.now().plus_hours(24));
        let view = world.desk.redeem("kuo.lc", &code(&handed).to_lowercase().replace('-', " ")).unwrap();
        assert_eq!(view.name, "新進人員");
        let clauses: Vec<_> =
            view.rules.iter().map(|rule| (rule.name, rule.clause.as_ref().unwrap().cite.clone())).collect();
        assert_eq!(clauses.len(), 4, "{clauses:?}");
        // Whoever mistypes is told, and goes on with the same second factor.
        let wrong = refused(set_up(&world, &view, GOOD, "other", "000000"));
        assert_eq!(wrong, [(Reason::PasswordsDiffer, None), (Reason::ProofAgain, None)]);
        let again = world.desk.redeemed(&view.ticket).unwrap();
        assert_eq!(again, view);
        let proof = current(&world, &view);
        set_up(&world, &view, GOOD, GOOD, &proof).unwrap();
        let spent = (Reason::EnrolmentFailed, None);
        assert_eq!(refused_once(world.desk.redeem("kuo.lc", &code(&handed))), spent);
        assert_eq!(refused_once(set_up(&world, &view, GOOD, GOOD, &proof)), spent);
        let again = world.desk.sign_in(&form("kuo.lc", GOOD, &proof)).map(|_| ());
        assert_eq!(refused_once(again).0, Reason::SignInFailed, "a code is good once");
        let token = sign_in_with(&world, "kuo.lc", GOOD).unwrap();
        assert_eq!(at_desk(&world, &token).actor.person.as_str(), "kuo");
        assert_eq!(world.count("platform", "account.invited"), 1);
        assert_eq!(world.count("platform", "account.enrolled"), 1);
    });
}

#[test]
fn unknown_expired_and_used_codes_are_answered_alike() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let failed = (Reason::EnrolmentFailed, None);
        let first = invite(&world, "yang-lc", "kuo", "first").unwrap();
        for (login, typed) in
            [("kuo.lc", "0000-0000-0000-0000"), ("nobody", code(&first).as_str()), ("chen", ""), ("", "")]
        {
            assert_eq!(refused_once(world.desk.redeem(login, typed)), failed, "{login}");
        }
        let second = invite(&world, "yang-lc", "kuo", "first").unwrap();
        assert_eq!(
            refused_once(world.desk.redeem("kuo.lc", &code(&first))),
            failed,
            "another took its place"
        );
        let late = world.desk.redeem("kuo.lc", &code(&second)).unwrap();
        world.hand.pass_seconds(24 * HOUR);
        assert_eq!(refused_once(world.desk.redeem("kuo.lc", &code(&second))), failed);
        let proof = current(&world, &late);
        assert_eq!(refused_once(set_up(&world, &late, GOOD, GOOD, &proof)), failed);
        assert_eq!(world.count("platform", "account.enrolled"), 0);
        world.hand.pass_seconds(HOUR);
        world.desk.tick().unwrap();
        let entries =
            world.desk.store().read(|read| read.entries_before(&LogId::platform(), i64::MAX as u64, 1_000));
        let entered = entries.unwrap().into_iter().filter(|entry| entry.act == "account.failed");
        let mut said: Vec<String> = entered.map(|entry| entry.detail).collect();
        said.sort();
        let expected = [("known", 1), ("known", 2), ("unknown", 3)];
        let told = |(who, n)| format!(r#"{{"account":"{who}","count":{n},"layer":"code"}}"#);
        assert_eq!(said, expected.map(told), "codes tried in vain are entered like passwords");
    });
}

#[test]
fn a_double_click_hands_out_one_code_and_shows_it_once() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let form = InviteForm { form_key: "a".repeat(32), ..asked(&world, "yang-lc", "kuo", "first") };
        let session = world.session("yang-lc");
        assert!(world.desk.invite(&session, &form).unwrap().code.is_some());
        assert_eq!(world.desk.invite(&session, &form).unwrap().code, None);
        assert_eq!(world.count("platform", "account.invited"), 1);
    });
}

#[test]
fn nobody_hands_out_what_is_not_theirs_to_give() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        world.newcomer("kao");
        let refusal = |admin: &str, person: &str, kind: &str| {
            refused_once(invite(&world, admin, person, kind).map(|_| ()))
        };
        assert_eq!(refusal("kao-tp", "kuo", "first").0, Reason::NotYourStaff, "another agency's");
        assert_eq!(refusal("yang-lc", "huang", "reset").0, Reason::NotYourStaff);
        assert_eq!(refusal("yang-lc", "nobody", "first").0, Reason::NotYourStaff);
        assert_eq!(refusal("chen", "kuo", "first").0, Reason::NoCapacity);
        assert_eq!(refusal("yang-lc", "yang-lc", "reset").0, Reason::OwnAccount);
        assert_eq!(refusal("yang-lc", "chen", "first").0, Reason::AccountExists, "one account a person");
        assert_eq!(refusal("yang-lc", "kuo", "reset").0, Reason::AccountMissing);
        let session = world.session("yang-lc");
        let asked = |change: &dyn Fn(&mut InviteForm), kind: &str, person: &str| {
            let mut form = asked(&world, "yang-lc", person, kind);
            change(&mut form);
            refused_once(world.desk.invite(&session, &form).map(|_| ()))
        };
        let mail = asked(&|form| form.method = "registered-mail".into(), "first", "kuo");
        assert_eq!(mail, (Reason::MethodNotPermitted, Some("lienchiang/5.10".into())));
        assert_eq!(asked(&|form| form.login = "chen".into(), "first", "kuo").0, Reason::LoginTaken);
        assert_eq!(asked(&|form| form.login = "two words".into(), "first", "kuo").0, Reason::FieldMalformed);
        assert_eq!(asked(&|form| form.reason = Personal::default(), "reset", "chen").0, Reason::NoteMissing);
        assert_eq!(asked(&|form| form.proof = "000000".into(), "first", "kuo").0, Reason::ProofAgain);
        invite(&world, "yang-lc", "kuo", "first").unwrap();
        let promised = asked(&|form| form.login = "kuo.lc".into(), "first", "kao");
        assert_eq!(promised.0, Reason::LoginTaken, "it is promised to somebody");
        assert_eq!(refused_once(world.desk.accounts(&world.session("chen"), "")).0, Reason::NoCapacity);
        assert_eq!(world.count("platform", "account.invited"), 1);
    });
}

#[test]
fn the_operator_invites_whoever_is_entered() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let form = InviteForm { proof: String::new(), ..asked(&world, "", "kuo", "first") };
        let handed = world.desk.invite_as_operator(&form).unwrap();
        enrol(&world, &handed, GOOD);
        sign_in_with(&world, "kuo.lc", GOOD).unwrap();
        let nobody = InviteForm { person: "nobody".into(), ..form };
        assert_eq!(refused_once(world.desk.invite_as_operator(&nobody)).0, Reason::NotYourStaff);
    });
}

#[test]
fn each_rule_of_the_regulation_is_held_against_a_password_and_all_are_named_together() {
    played(|stage| {
        let world = stage.world();
        let token = sign_in(&world, "chen").unwrap().token;
        let clause = Some("lienchiang/5.12".to_string());
        let mut present = PASSWORD.to_string();
        let session = at_desk(&world, &token);
        let broken = refused(change(&world, "chen", &session, [PASSWORD, "short", "longer"]));
        assert_eq!(
            broken,
            [
                (Reason::PasswordShort, clause.clone()),
                (Reason::PasswordPlain, clause.clone()),
                (Reason::PasswordsDiffer, None),
            ]
        );
        let same = refused_once(change(&world, "chen", &session, [PASSWORD, PASSWORD, PASSWORD]));
        assert_eq!(same, (Reason::PasswordUsed, clause.clone()));
        // Three are remembered, the present one among them.
        for n in 1..=3 {
            let next = format!("Another-Word-{n}");
            change(&world, "chen", &session, [&present, &next, &next]).unwrap();
            present = next;
            let old = refused_once(change(
                &world,
                "chen",
                &session,
                [&present, "Another-Word-1", "Another-Word-1"],
            ));
            assert_eq!(old, (Reason::PasswordUsed, clause.clone()), "{n}");
        }
        change(&world, "chen", &session, [&present, PASSWORD, PASSWORD]).unwrap();
        assert_eq!(world.count("platform", "account.password-changed"), 4);
        let state = |session: &desk::Session, clause: &str| {
            let board = world.desk.board(session).unwrap();
            board.clauses.iter().find(|one| one.clause.id.as_str() == clause).map(|one| one.state)
        };
        assert_eq!(state(&session, "lienchiang/5.12"), Some("met"));
        // Kaohsiung wants passwords changed regularly and does not say how often: nobody can tell.
        let other = at_desk(&world, &sign_in(&world, "lin").unwrap().token);
        let short = refused_once(change(&world, "lin", &other, [PASSWORD, "Short-1", "Short-1"]));
        assert_eq!(short, (Reason::PasswordShort, Some("kaohsiung/5.2.3".into())));
        assert_eq!(state(&other, "kaohsiung/5.2.3"), Some("cannot-tell"));
    });
}

#[test]
fn a_wrong_password_or_code_changes_nothing_and_the_fifth_locks() {
    played(|stage| {
        let world = stage.world();
        let token = sign_in(&world, "chen").unwrap().token;
        let session = at_desk(&world, &token);
        for n in 1..=5 {
            let refusal = refused_once(change(&world, "chen", &session, ["wrong", GOOD, GOOD]));
            assert_eq!(refusal, (Reason::NotProved, None));
            assert_eq!(world.count("platform", "account.locked"), usize::from(n == 5));
        }
        assert!(!runs(&world, &token), "whoever guessed is out");
        assert_eq!(refused_once(sign_in(&world, "chen").map(|_| ())).0, Reason::AccountLocked);
        assert_eq!(world.count("platform", "account.password-changed"), 0);
    });
}

#[test]
fn a_reset_closes_the_account_until_its_owner_has_set_it_up_anew() {
    played(|stage| {
        let world = stage.world();
        let tokens = [sign_in(&world, "chen").unwrap().token, sign_in(&world, "chen").unwrap().token];
        let handed = invite(&world, "yang-lc", "chen", "reset").unwrap();
        assert_eq!((handed.login.as_str(), handed.kind), ("chen", "reset"));
        assert!(tokens.iter().all(|token| !runs(&world, token)));
        assert_eq!(world.count("platform", "account.session-ended"), 2);
        assert_eq!(refused_once(sign_in(&world, "chen").map(|_| ())).0, Reason::SignInFailed);
        let machine = sluice::demo::cast::token("chen");
        let machine = world.desk.token_session(&machine, super::world::ADDRESS, Place::Elsewhere).map(|_| ());
        assert_eq!(refused_once(machine).0, Reason::SignInFailed);
        let view = world.desk.redeem("chen", &code(&handed)).unwrap();
        let proof = current(&world, &view);
        let old = refused_once(set_up(&world, &view, PASSWORD, PASSWORD, &proof));
        assert_eq!(old, (Reason::PasswordUsed, Some("lienchiang/5.12".into())));
        set_up(&world, &view, GOOD, GOOD, &proof).unwrap();
        assert!(tokens.iter().all(|token| !runs(&world, token)), "what was ended does not come back");
        assert_eq!(wrong(&world, "chen").0, Reason::SignInFailed);
        sign_in_with(&world, "chen", GOOD).unwrap();
        world.session("chen");
    });
}

#[test]
fn ones_own_sessions_are_ended_one_by_one_or_all_and_each_has_an_entry() {
    played(|stage| {
        let world = stage.world();
        let tokens: Vec<String> = (0..4).map(|_| sign_in(&world, "chen").unwrap().token).collect();
        let own = at_desk(&world, &tokens[3]);
        let listed = world.desk.settings(&own).unwrap().sessions;
        assert_eq!(listed.iter().map(|one| one.this).collect::<Vec<_>>(), [false, false, false, true]);
        world.desk.end_session(&own, &listed[0].handle).unwrap();
        assert!(!runs(&world, &tokens[0]) && runs(&world, &tokens[1]));
        let again = refused_once(world.desk.end_session(&own, &listed[0].handle));
        assert_eq!(again.0, Reason::SessionUnknown);
        let stranger = at_desk(&world, &sign_in(&world, "liu").unwrap().token);
        let theirs = refused_once(world.desk.end_session(&stranger, &listed[1].handle));
        assert_eq!(theirs.0, Reason::SessionUnknown, "nobody ends another's");
        world.desk.end_other_sessions(&own).unwrap();
        assert!(!runs(&world, &tokens[1]) && !runs(&world, &tokens[2]) && runs(&world, &tokens[3]));
        assert_eq!(world.count("platform", "account.session-ended"), 3);
        let other = sign_in(&world, "chen").unwrap().token;
        change(&world, "chen", &own, [PASSWORD, GOOD, GOOD]).unwrap();
        assert!(!runs(&world, &other) && runs(&world, &tokens[3]), "a new password ends the others");
        assert_eq!(world.count("platform", "account.session-ended"), 4);
    });
}

#[test]
fn the_regulation_says_how_many_sessions_an_account_holds_and_how_long_a_password_stands() {
    played(|stage| {
        let first = "[[control]]\nid = \"watchword\"\n";
        let sharing =
            "[[control]]\nid = \"lamp\"\nkind = \"no-sharing\"\nclauses = [\"7.1\"]\nsessions = 2\n";
        let world = amended(stage, first, &format!("{sharing}\n{first}"));
        let login = HARBOUR[0].0;
        let tokens: Vec<String> = (0..3).map(|_| sign_in(&world, login).unwrap().token).collect();
        let running: Vec<bool> = tokens.iter().map(|token| runs(&world, token)).collect();
        assert_eq!(running, [false, true, true], "the oldest goes");
        assert_eq!(world.count("platform", "account.session-ended"), 1);
        let length = "min_length = 14\n";
        let world = amended(stage, length, &format!("{length}min_age_days = 2\n"));
        let own = at_desk(&world, &sign_in(&world, login).unwrap().token);
        let young = refused_once(change(&world, login, &own, [PASSWORD, GOOD, GOOD]));
        assert_eq!(young, (Reason::PasswordYoung, Some("harbour/7.2".into())));
        world.hand.pass_seconds(2 * DAY);
        let own = at_desk(&world, &sign_in(&world, login).unwrap().token);
        change(&world, login, &own, [PASSWORD, GOOD, GOOD]).unwrap();
    });
}

#[test]
fn another_authenticator_takes_the_place_of_ones_own() {
    played(|stage| {
        let world = stage.world();
        let token = sign_in(&world, "chen").unwrap().token;
        let own = at_desk(&world, &token);
        let begin = |current: &str| {
            world.hand.pass_seconds(31);
            let proof = world.desk.demo_code("chen").unwrap();
            world.desk.begin_factor(&own, &Personal::new(current), &proof)
        };
        assert_eq!(refused_once(begin("wrong")).0, Reason::NotProved);
        assert_eq!(refused_once(world.desk.replace_factor(&own, "000000")).0, Reason::NotProved);
        let view = begin(PASSWORD).unwrap();
        assert_eq!(world.desk.waiting_factor(&own).unwrap().as_ref(), Some(&view));
        assert_eq!(refused_once(world.desk.replace_factor(&own, "000000")).0, Reason::ProofAgain);
        let code = desk::account::current_code(&view.secret, world.desk.now()).unwrap();
        world.desk.replace_factor(&own, &code).unwrap();
        assert_eq!(world.desk.waiting_factor(&own).unwrap(), None);
        assert_eq!(world.count("platform", "account.factor-replaced"), 1);
        world.hand.pass_seconds(31);
        let code = desk::account::current_code(&view.secret, world.desk.now()).unwrap();
        world.desk.sign_in(&form("chen", PASSWORD, &code)).unwrap();
    });
}

#[test]
fn those_who_run_accounts_see_where_each_stands_and_auditors_only_read() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        for _ in 0..5 {
            wrong(&world, "liu");
        }
        sign_in(&world, "chen").unwrap();
        invite(&world, "yang-lc", "tsao", "reset").unwrap();
        let of = |view: &desk::view::AccountsView, person: &str| {
            let row = view.list.iter().find(|row| row.person == person).unwrap();
            (row.state, row.kind, row.last.is_some())
        };
        let view = world.desk.accounts(&world.session("yang-lc"), "").unwrap();
        assert_eq!(of(&view, "kuo"), ("none", "first", false));
        assert_eq!(of(&view, "liu"), ("locked", "reset", false));
        assert_eq!(of(&view, "chen"), ("open", "reset", true));
        assert_eq!(of(&view, "tsao"), ("reset", "reset", false));
        assert!(view.list.iter().all(|row| row.may == (row.person != "yang-lc")));
        assert_eq!(view.methods, ["enrolment-link", "sealed-slip", "in-person"]);
        assert!(view.list.iter().all(|row| row.person != "huang"), "another agency's");
        invite(&world, "yang-lc", "kuo", "first").unwrap();
        world.hand.pass_seconds(23 * HOUR);
        let view = world.desk.accounts(&world.session("pan-lc"), "").unwrap();
        assert_eq!(of(&view, "kuo").0, "invited");
        assert!(!view.runs && view.list.iter().all(|row| !row.may));
        world.hand.pass_seconds(2 * HOUR);
        let view = world.desk.accounts(&world.session("pan-lc"), "").unwrap();
        assert_eq!((of(&view, "kuo").0, of(&view, "tsao").0), ("none", "closed"));
        // Whoever signs in by then has changed theirs; the others' is due.
        let session = at_desk(&world, &sign_in(&world, "kao-tp").unwrap().token);
        world.hand.pass_seconds(100 * DAY);
        let view = world.desk.accounts(&session, "").unwrap();
        assert_eq!(of(&view, "huang").0, "due");
    });
}

#[test]
fn no_code_and_no_password_stands_in_any_row_or_entry() {
    played(|stage| {
        let world = stage.world();
        world.newcomer("kuo");
        let handed = invite(&world, "yang-lc", "kuo", "first").unwrap();
        let view = world.desk.redeem(&handed.login, &code(&handed)).unwrap();
        set_up(&world, &view, GOOD, GOOD, &current(&world, &view)).unwrap();
        let secret = view.factor.secret.expose();
        let plain = code(&handed).replace('-', "");
        let secrets = [code(&handed), plain, GOOD.to_string(), secret.to_string(), "驗證器遺失".to_string()];
        for table in world.desk.store().dump().unwrap() {
            for value in table.rows.iter().flatten() {
                let text = format!("{value:?}");
                let found = secrets.iter().find(|secret| text.contains(secret.as_str()));
                assert_eq!(found, None, "in {}", table.name);
            }
        }
        assert!(!format!("{handed:?} {view:?}").contains(secret));
    });
}

#[test]
fn a_password_that_another_may_know_is_reset_however_young_it_is() {
    played(|stage| {
        let world = stage.world();
        world.amend(
            "lienchiang",
            &[("history = 3\n", "history = 3\nmin_age_days = 30\non_suspicion = true\n")],
        );
        let session = at_desk(&world, &sign_in(&world, "chen").unwrap().token);
        let young = refused_once(change(&world, "chen", &session, [PASSWORD, GOOD, GOOD]));
        assert_eq!(young, (Reason::PasswordYoung, Some("lienchiang/5.12".into())));
        for word in [GOOD, "Another-Word-1"] {
            let handed = invite(&world, "yang-lc", "chen", "reset").unwrap();
            enrol(&world, &handed, word);
            sign_in_with(&world, "chen", word).unwrap();
        }
    });
}
