//! Months of lookups before today, with some misuse planted among them.
//!
//! The misuse is marked here and nowhere else: nothing in the database says which rows are planted,
//! so explanation lights and audits have to find them by what they are.

use crate::demo::cases::{Known, session};
use crate::demo::cast::{CAST, Member};
use crate::problem::Done;
use desk::clock::Hand;
use desk::grant::ConsentForm;
use desk::lookup::{AskForm, Verdict};
use desk::{Desk, No, QueueView};
use domain::Personal;
use domain::time::{Date, Instant};

/// What kind of misuse is planted.
#[derive(Clone, Copy)]
enum Planted {
    /// A case that was closed long ago.
    ClosedCase,
    /// Somebody who is not of the case, with a thin reason.
    Outsider,
    /// A case that another officer handles.
    OthersCase,
    /// In the evening.
    AfterHours,
}

/// One in so many lookups is planted.
const PLANT_EVERY: u32 = 17;
/// Working days at the end of the history whose sheets nobody has stamped yet.
const UNSTAMPED_DAYS: i64 = 2;

/// When the history begins.
pub fn start(months: u32, now: Instant) -> Instant {
    let today = now.date();
    let morning = today.plus_months(-i64::from(months)).unwrap_or(today).at_hour(8);
    // Without a history it is today, and who starts it in the night lives before the morning.
    morning.min(today.start())
}

trait AtHour {
    fn at_hour(self, hour: u8) -> Instant;
}

impl AtHour for Date {
    fn at_hour(self, hour: u8) -> Instant {
        Instant::at(self, hour, 30)
    }
}

/// Plays every working day from the hand's time to yesterday.
///
/// # Errors
/// The store.
pub fn play(desk: &Desk, hand: &Hand, cases: &[Known], now: Instant) -> Done {
    consents(desk)?;
    let (mut day, last) = (desk.now().date(), now.date().plus_days(-1).unwrap_or(now.date()));
    let mut history = History { desk, hand, cases, count: 0 };
    let days = day.days_until(last).max(1);
    let mut told = 0;
    while day <= last {
        let gone = 100 - 100 * day.days_until(last) / days;
        if gone >= told + 20 {
            told = gone;
            eprintln!("    {told} %");
        }
        if !day.weekday().is_weekend() {
            history.day(day, workdays(day, last) > UNSTAMPED_DAYS)?;
        }
        day = day.plus_days(1).unwrap_or(last);
        if day == last {
            break;
        }
    }
    Ok(())
}

/// How many working days there are from a day on, up to another.
fn workdays(from: Date, until: Date) -> i64 {
    let days = (0..=from.days_until(until)).filter_map(|n| from.plus_days(n));
    days.filter(|day| !day.weekday().is_weekend()).map(|_| 1).sum()
}

/// The standing consents that some of the regulations want.
fn consents(desk: &Desk) -> Done {
    for member in CAST {
        let session = session(desk, member)?;
        desk.consent_in_place(&session)?;
        let may = domain::grant::may_give(
            domain::decision::Rule { pack: &session.pack, reference: &session.rule },
            &session.actor,
            None,
        );
        if may.is_ok() {
            desk.give_consent(&session, &ConsentForm::default(), "")?;
        }
    }
    Ok(())
}

struct History<'a> {
    desk: &'a Desk,
    hand: &'a Hand,
    cases: &'a [Known],
    count: u32,
}

impl History<'_> {
    fn day(&mut self, day: Date, stamped: bool) -> Done {
        self.hand.set(day.at_hour(9));
        for member in CAST.iter().filter(|member| member.role == "user") {
            for turn in 0..2 + self.count % 2 {
                self.hand.pass_seconds(i64::from(151 + 97 * turn));
                self.lookup(member, day)?;
            }
        }
        if stamped {
            self.hand.set(day.at_hour(17));
            self.stamp_all()?;
            self.run_approved()?;
        }
        Ok(())
    }

    fn lookup(&mut self, member: &'static Member, day: Date) -> Done {
        self.count += 1;
        let planted = self.count.is_multiple_of(PLANT_EVERY).then(|| self.kind());
        if matches!(planted, Some(Planted::AfterHours)) {
            self.hand.set(day.at_hour(19));
        }
        let Some(case) = self.case(member, planted) else { return Ok(()) };
        let session = session(self.desk, member)?;
        let draft = self.desk.draft(&session, Some(&case.number))?;
        let preset = |choices: &[desk::ChoiceView]| {
            let chosen = choices.iter().find(|choice| choice.preset).or_else(|| choices.first());
            chosen.map(|choice| choice.code.clone()).unwrap_or_default()
        };
        let outside = matches!(planted, Some(Planted::Outsider));
        let form = AskForm {
            case: case.number.clone(),
            purpose: preset(&draft.purposes),
            purpose_text: "核對申請人與同戶人口資料".into(),
            basis: preset(&draft.bases),
            party: (!outside).then_some(1 + self.count as usize % case.parties.max(1)),
            subject: outside.then(|| Personal::new("A123456789")),
            not_party_reason: if outside { "民眾來電詢問".into() } else { String::new() },
            items: draft.items.iter().filter(|item| item.preset).map(|item| item.code.clone()).collect(),
            ..AskForm::default()
        };
        match self.desk.ask(&session, &form) {
            Ok(_) | Err(No::Refused(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    fn kind(&self) -> Planted {
        match (self.count / PLANT_EVERY) % 4 {
            0 => Planted::ClosedCase,
            1 => Planted::Outsider,
            2 => Planted::OthersCase,
            _ => Planted::AfterHours,
        }
    }

    /// A case for this lookup: the officer's own and open, unless the misuse wants another.
    fn case(&self, member: &Member, planted: Option<Planted>) -> Option<&Known> {
        let fits = |case: &&Known| {
            let own = case.officer.login == member.login;
            let near = case.officer.unit == member.unit;
            match planted {
                Some(Planted::ClosedCase) => own && case.closed,
                Some(Planted::OthersCase) => near && !own && !case.closed,
                _ => own && !case.closed,
            }
        };
        let fitting: Vec<&Known> = self.cases.iter().filter(fits).collect();
        let place = self.count as usize % fitting.len().max(1);
        fitting.get(place).copied()
    }

    fn stamp_all(&mut self) -> Done {
        for member in CAST.iter().filter(|member| member.role == "supervisor") {
            self.hand.pass_seconds(60);
            let session = session(self.desk, member)?;
            let Ok(queue) = self.desk.queue(&session, None) else { continue };
            self.judge(&session, &queue)?;
            let queue = self.desk.queue(&session, None)?;
            let codes: Vec<String> =
                queue.matched.iter().chain(&queue.judged).map(|row| row.code.clone()).collect();
            if codes.is_empty() {
                continue;
            }
            let proof = self.desk.demo_code(member.login).unwrap_or_default();
            self.desk.stamp(&session, &codes, &proof, "")?;
        }
        Ok(())
    }

    /// Opens what must be opened; a few unexplained rows go back to their makers.
    fn judge(&self, session: &desk::Session, queue: &QueueView) -> Done {
        for row in &queue.drawn {
            self.desk.judge(session, &row.code, &Verdict::Match { note: String::new() })?;
        }
        for (place, row) in queue.flagged.iter().enumerate() {
            let verdict = match place % 3 {
                2 => Verdict::Return { reason_code: "reason".into(), note: String::new() },
                _ => Verdict::Match { note: "已向承辦人確認案情".into() },
            };
            self.desk.judge(session, &row.code, &verdict)?;
        }
        Ok(())
    }

    /// Requests that were stamped before the data are run the same evening.
    fn run_approved(&mut self) -> Done {
        for member in CAST.iter().filter(|member| member.role == "user") {
            let session = session(self.desk, member)?;
            for item in self.desk.todo(&session)? {
                if item.kind == desk::TodoKind::Approved {
                    self.hand.pass_seconds(20);
                    match self.desk.run(&session, &item.about, "") {
                        Ok(_) | Err(No::Refused(_)) => {}
                        Err(other) => return Err(other.into()),
                    }
                }
            }
        }
        Ok(())
    }
}
