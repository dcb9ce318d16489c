//! Passwords whose time is over: told before, barred where the rule has it so, advised where it advises.

use super::account::sign_in;
use super::credential::{DAY, GOOD, at_desk, change};
use super::obligation::{ask, day, on};
use super::regulation::replay::amended;
use super::stage::played;
use super::world::{PASSWORD, World, refused_once};
use desk::Session;
use desk::TodoKind;
use desk::directory::PostForm;
use desk::view::DutyView;
use domain::Reason;
use domain::actor::Place;
use domain::directory::post::Cause;
use domain::time::Date;

fn june(day: i8) -> Date {
    Date::new(2026, 6, day).unwrap()
}

#[test]
fn a_password_whose_time_is_over_must_be_changed_first_where_the_rule_is_a_duty() {
    played(|stage| {
        let world = stage.world();
        let clause = Some("taipei/5.3".to_string());
        let kinds = |world: &World| -> Vec<TodoKind> {
            let items = world.desk.todo(&world.session("huang")).unwrap();
            items.into_iter().map(|item| item.kind).filter(|kind| *kind == TodoKind::PasswordEnding).collect()
        };
        assert_eq!(kinds(&world), []);
        // Set on 2 March, it is over on 2 June; two weeks before, its owner is told.
        world.hand.pass_seconds(77 * DAY);
        assert_eq!(kinds(&world), []);
        world.hand.pass_seconds(DAY);
        assert_eq!(kinds(&world), [TodoKind::PasswordEnding]);
        let (_, due, cited) = world.desk.settings(&world.session("huang")).unwrap().password.unwrap();
        assert_eq!((due.date, cited.map(|clause| clause.id.to_string())), (june(1), clause.clone()));
        let last = sign_in(&world, "huang").unwrap().token;
        assert!(!at_desk(&world, &last).password_due);
        world.hand.pass_seconds(14 * DAY);
        let token = sign_in(&world, "huang").unwrap().token;
        let session = at_desk(&world, &token);
        assert!(session.password_due);
        let machine = |world: &World| {
            let token = sluice::demo::cast::token("huang");
            world.desk.token_session(&token, super::world::ADDRESS, Place::Elsewhere).map(|_| ())
        };
        assert_eq!(refused_once(machine(&world)), (Reason::PasswordDue, clause));
        change(&world, "huang", &session, [PASSWORD, GOOD, GOOD]).unwrap();
        assert!(!at_desk(&world, &token).password_due);
        machine(&world).unwrap();
    });
}

#[test]
fn where_the_rule_advises_nothing_is_barred_and_where_it_sets_no_months_no_date_is_invented() {
    played(|stage| {
        let world = stage.world();
        world.hand.pass_seconds(100 * DAY);
        let advised = |world: &World, login: &str| {
            let token = sign_in(world, login).unwrap().token;
            let session = at_desk(world, &token);
            assert!(!session.password_due, "{login}");
            let items = world.desk.todo(&session).unwrap();
            let own = |kind: &TodoKind| matches!(kind, TodoKind::PasswordAdvised | TodoKind::PasswordEnding);
            items.into_iter().map(|item| item.kind).filter(own).collect::<Vec<_>>()
        };
        assert_eq!(advised(&world, "chen"), [TodoKind::PasswordAdvised]);
        let own = world.desk.settings(&world.session("chen")).unwrap().password;
        assert_eq!(own.map(|(duty, due, _)| (duty, due.date)), Some((false, june(1))));
        assert_eq!(world.desk.settings(&world.session("lin")).unwrap().password, None);
        let keeper = world.desk.accounts(&world.session("yang-lc"), "").unwrap();
        let row = keeper.list.iter().find(|row| row.login.as_deref() == Some("chen")).unwrap();
        assert_eq!((row.state, row.ends), ("open", Some((false, june(1)))), "advice is shown as advice");
        world.session("chen");
        assert_eq!(advised(&world, "lin"), [], "Kaohsiung says regularly, and no more");
    });
}

fn owed(world: &World, session: &Session, kind: &str) -> Vec<DutyView> {
    let all = world.desk.duties(session, false).unwrap().own;
    all.into_iter().filter(|duty| duty.kind.word() == kind).collect()
}

fn states(world: &World, session: &Session) -> Vec<&'static str> {
    world.desk.permissions(session).unwrap().iter().map(|one| one.state).collect()
}

/// Lienchiang's password as it would be if changing it were a duty, with this to follow.
fn rotating(world: &World, from: &str, consequence: &str) {
    let rotation = format!("rotation = {{ months = 3, force = \"duty\"{consequence} }}");
    world.amend_from("lienchiang", from, &[("rotation = { months = 3, force = \"advice\" }", &rotation)]);
}

#[test]
fn rights_rest_until_a_password_whose_time_is_over_is_changed_and_no_minute_longer() {
    played(|stage| {
        for consequence in ["block-new-lookups", "suspend", "stop"] {
            let world = stage.world();
            rotating(&world, "2026-03-01", &format!(", consequence = \"{consequence}\""));
            let (chen, form) = world.lienchiang();
            on(&world, "2026-05-18");
            assert!(owed(&world, &chen, "password").is_empty());
            on(&world, "2026-05-19");
            let duty = owed(&world, &chen, "password").remove(0);
            let (page, last) = (duty.href.as_str(), duty.due.as_ref().unwrap().date);
            assert_eq!((page, last, duty.may), ("/password", day("2026-06-01"), false));
            let lines = world.desk.todo(&chen).unwrap();
            let lines: Vec<_> = lines.iter().filter(|item| item.href == "/password").collect();
            assert_eq!(lines.len(), 1, "one line for one thing to do");
            assert_eq!(ask(&world, &chen, &form), []);
            let late = vec![(Reason::ObligationLate, Some("lienchiang/5.12".to_string()))];
            world.hand.set(day("2026-06-02").start());
            assert_eq!(ask(&world, &chen, &form), late, "before any clock has run");
            on(&world, "2026-06-02");
            let rest = if consequence == "block-new-lookups" { "runs" } else { "lapsed" };
            assert_eq!((states(&world, &chen), owed(&world, &chen, "password")[0].late), (vec![rest], true));
            let token = sign_in(&world, "chen").unwrap().token;
            let session = at_desk(&world, &token);
            assert!(session.password_due, "and they are led to where they change it");
            let rules = world.desk.own_password(&session).unwrap().rules;
            assert!(rules.iter().any(|rule| rule.name.starts_with("late-")));
            assert!(change(&world, "chen", &session, [PASSWORD, PASSWORD, PASSWORD]).is_err());
            assert_eq!(ask(&world, &chen, &form), late, "one that was used before is no change");
            change(&world, "chen", &session, [PASSWORD, GOOD, GOOD]).unwrap();
            assert_eq!((ask(&world, &chen, &form), states(&world, &chen)), (vec![], vec!["runs"]));
            let done = world.desk.duties(&chen, true).unwrap().own;
            let done: Vec<_> = done.iter().filter(|duty| duty.kind.word() == "password").collect();
            assert_eq!((done.len(), done[0].closed.as_ref().unwrap().0.as_str()), (1, "陳思齊"));
            on(&world, "2026-06-03");
            assert!(owed(&world, &chen, "password").is_empty());
            assert_eq!(states(&world, &chen), ["runs"]);
        }
    });
}

#[test]
fn a_superior_is_told_of_a_password_that_is_late_where_the_rule_has_it_so() {
    played(|stage| {
        let world = stage.world();
        rotating(&world, "2026-03-01", ", consequence = \"escalate\"");
        let (chen, form) = world.lienchiang();
        let heads = ["tsao", "wang-lc"].map(|login| (login, world.session(login)));
        let heads = std::collections::BTreeMap::from(heads);
        on(&world, "2026-05-19");
        on(&world, "2026-06-02");
        assert_eq!((ask(&world, &chen, &form), states(&world, &chen)), (vec![], vec!["runs"]));
        let about = |login: &str| -> Vec<String> {
            let press = owed(&world, &heads[login], "press").into_iter();
            press.map(|duty| duty.person).collect()
        };
        assert!(about("tsao").contains(&"陳思齊".to_string()));
        assert!(about("wang-lc").contains(&"曹志明".to_string()), "of a head the head of the agency is told");
        let token = sign_in(&world, "chen").unwrap().token;
        change(&world, "chen", &at_desk(&world, &token), [PASSWORD, GOOD, GOOD]).unwrap();
        on(&world, "2026-06-03");
        assert!(!about("tsao").contains(&"陳思齊".to_string()));
    });
}

#[test]
fn what_rested_is_back_when_the_rule_wants_it_no_more() {
    played(|stage| {
        let world = stage.world();
        rotating(&world, "2026-03-01", ", consequence = \"suspend\"");
        let (chen, form) = world.lienchiang();
        on(&world, "2026-05-19");
        on(&world, "2026-06-02");
        assert_eq!(states(&world, &chen), ["lapsed"]);
        rotating(&world, "2026-06-10", "");
        on(&world, "2026-06-10");
        assert_eq!((states(&world, &chen), owed(&world, &chen, "password").len()), (vec!["runs"], 0));
        assert_eq!(ask(&world, &chen, &form), []);
    });
}

#[test]
fn whoever_takes_over_a_post_changes_the_password_before_the_first_act_under_it() {
    played(|stage| {
        let fresh = "word_en = \"watch officer\"\nfresh_credential = true";
        let stood = "kind = \"password\"\nmin_age_days = 300";
        let edits = [("word_en = \"watch officer\"", fresh), ("kind = \"password\"", stood)];
        let world = stage.harbour_under(|world| {
            world.desk.activate(amended(&edits)).unwrap();
        });
        world.hand.pass_seconds(8 * DAY);
        let keeper = world.session("signaller");
        let form = PostForm {
            post: "reader".into(),
            cause: Some(Cause::DutyChange),
            on: Some(world.desk.now().date()),
            unit: String::new(),
            role: "watch-officer".into(),
            form_key: String::new(),
        };
        world.desk.change_post(&keeper, &form).unwrap();
        let token = sign_in(&world, "reader").unwrap().token;
        let session = at_desk(&world, &token);
        assert!(session.password_due, "nothing is done before");
        let cited = world.desk.own_password(&session).unwrap().fresh.unwrap();
        assert_eq!(cited.unwrap().id.to_string(), "harbour/5.2");
        let posts = world.desk.staff(&keeper).unwrap().posts;
        let post = posts.iter().find(|post| post.person == "reader").unwrap();
        world.desk.bind_token("machine", super::world::ADDRESS, post.id.as_str().into());
        let machine =
            || world.desk.token_session("machine", super::world::ADDRESS, Place::Elsewhere).map(|_| ());
        assert_eq!(refused_once(machine()), (Reason::PasswordDue, Some("harbour/5.2".into())));
        change(&world, "reader", &session, [PASSWORD, GOOD, GOOD]).unwrap();
        assert!(!at_desk(&world, &token).password_due, "however young the former one was");
        assert!(world.desk.own_password(&at_desk(&world, &token)).unwrap().fresh.is_none());
        machine().unwrap();

        let other = at_desk(&world, &sign_in(&world, "registrar").unwrap().token);
        assert!(!other.password_due, "of another role it is not asked");
        let young = refused_once(change(&world, "registrar", &other, [PASSWORD, GOOD, GOOD]));
        assert_eq!(young.0, Reason::PasswordYoung);
    });
}
