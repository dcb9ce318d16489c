//! `sluice account`: the first administrator of an installation, and everybody whom nobody else can invite.

use crate::cli::InviteArgs;
use crate::config;
use crate::ledger;
use crate::problem::{Done, Problem};
use crate::say;
use desk::account::InviteForm;
use desk::view::HandedView;
use desk::{Clock, Desk, Setup};
use domain::Personal;
use domain::account::enrolment::{Kind, Method};
use gate::Gate;

/// Hands out a code by the operator's hand, and prints it this once.
///
/// # Errors
/// There is no database; the person is not entered, or has an account already (or none, for a reset); the
/// regulation has no such way of delivery.
pub fn invite(args: &InviteArgs) -> Done {
    let store = ledger::open(&args.from)?;
    let gate = Gate::new(1).map_err(|error| Problem::new(error.to_string()))?;
    let desk = Desk::new(store, gate, Clock::system(), Setup::default())?;
    // Its owner is told by the mail of the installation, which any of its nodes sends.
    let config = args.from.config.as_deref().map(config::read).transpose()?;
    if let Some(mail) = config.and_then(|config| config.mail) {
        desk.send_mail_by(mail.mailer()?);
    }
    let kind = if args.reset { Kind::Reset } else { Kind::First };
    let form = InviteForm {
        person: args.person.clone(),
        kind: kind.word().into(),
        login: args.login.clone().unwrap_or_default(),
        method: args.method.clone().unwrap_or_else(|| Method::InPerson.word().into()),
        reason: Personal::new(args.reason.as_deref().unwrap_or_default()),
        ..InviteForm::default()
    };
    let handed = desk.invite_as_operator(&form)?;
    print(&handed);
    Ok(())
}

fn print(handed: &HandedView) {
    let HandedView { name, login, until, code, .. } = handed;
    say!("{name} ({login}), until {}", until.rfc3339_taipei());
    if let Some(code) = code {
        say!("code, shown this once: {}", code.expose());
        say!("or this behind the address of the installation: /enrol#{}", code.expose());
    }
}
