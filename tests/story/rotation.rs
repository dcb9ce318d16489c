//! Passwords whose time is over: told before, barred where the rule has it so, advised where it advises.

use super::account::sign_in;
use super::credential::{DAY, GOOD, at_desk, change};
use super::stage::played;
use super::world::{PASSWORD, World, refused_once};
use desk::TodoKind;
use domain::Reason;
use domain::actor::Place;
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
