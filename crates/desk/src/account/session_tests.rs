//! A session that begins while its account is being changed, on each engine.

use super::*;
use crate::account::hash_password;
use crate::watch::tests::{each, harbour};
use domain::account::password;
use domain::account::password::{Policy, Request, Typed};
use domain::directory::{Agency, Assignment, Change as Entered, Person, Unit};
use domain::id::{AgencyId, LogId, UnitId};

/// A reader of the harbour with an account, and what proves that it is theirs.
fn reader(desk: &Desk) -> (Account, PostRow, SignIn) {
    desk.activate(crate::regulation::check(harbour()).ok().unwrap()).unwrap();
    let id = PersonId::new("reader");
    let agency = Agency {
        id: AgencyId::new("harbour"),
        name: "harbour".into(),
        name_en: "harbour".into(),
        pack: "harbour".into(),
    };
    let unit = Unit {
        id: UnitId::new("watch"),
        agency: AgencyId::new("harbour"),
        above: None,
        name: "watch".into(),
        name_en: "watch".into(),
        organisation: "office".into(),
    };
    let assignment = Assignment {
        id: AssignmentId::new("reader-reader"),
        person: id.clone(),
        unit: UnitId::new("watch"),
        role: "reader".into(),
        from: Date::new(2024, 1, 1).unwrap(),
        until: None,
    };
    let changes = vec![Entered::Agency(agency), Entered::Unit(unit), Entered::Assignment(assignment)];
    desk.enrol(&LogId::new("harbour"), changes).unwrap();
    let person = Person { id: id.clone(), name: "reader".into(), number: Personal::default() };
    desk.enrol(&LogId::platform(), vec![Entered::Person(person)]).unwrap();
    let account = Account {
        login: "reader".into(),
        person: id.clone(),
        password_hash: hash_password("Before-1-dawn").unwrap(),
        password_at: desk.now(),
        totp: Personal::new(crate::account::new_totp_secret()),
        locked_until: None,
        open: true,
    };
    desk.open_account(account).unwrap();
    let shown = desk.inner.store.read(|read| read.account("reader")).unwrap().unwrap().account;
    let post = desk.post_of(&id, desk.now()).unwrap().unwrap();
    let form = SignIn {
        login: "reader".into(),
        password: Personal::new("Before-1-dawn"),
        code: String::new(),
        place: Place::Zone("office".into()),
        address: "127.0.0.1".into(),
    };
    (shown, post, form)
}

fn runs(desk: &Desk) -> usize {
    desk.inner.store.read(|read| read.sessions_of(&PersonId::new("reader"), desk.now())).unwrap().len()
}

#[test]
fn a_sign_in_on_its_way_does_not_outlive_what_it_proved() {
    each(|place| {
        let desk = place.node();
        let (shown, post, form) = reader(&desk);
        let now = desk.now();
        assert!(desk.begin(&shown, &post, &form, now).is_ok());
        assert_eq!(runs(&desk), 1);
        // Between the look at the password and the session, its owner changes it in another one.
        let actor = desk.actor_at(&post, &form.place, Channel::Page, now).unwrap().unwrap();
        let new = Personal::new("After-2-dusk");
        let typed = Typed { returns: false, password: new.clone(), again: new.clone() };
        let request = Request { typed, proved: true, hash: hash_password(new.expose()).unwrap() };
        let seen = desk.inner.store.read(|read| read.rev(&domain::account::key("reader"))).unwrap();
        let event = carry::event();
        let changed = password::change(&shown, &actor, &Policy::of(&[]), &request, seen, &event, now);
        desk.inner.store.write(changed.unwrap()).unwrap();
        desk.end_all(&actor, &shown.person, None, domain::account::session::Why::Password).unwrap();
        assert!(desk.begin(&shown, &post, &form, now).is_err());
        assert_eq!(runs(&desk), 0);
        let Account { password_hash, .. } = &shown;
        let fresh = desk.inner.store.read(|read| read.account("reader")).unwrap().unwrap().account;
        assert!(&fresh.password_hash != password_hash && desk.begin(&fresh, &post, &form, now).is_ok());
    });
}
