//! The letter by which a body outside is told of a change, as the rule drafts it.

use crate::regulation::in_force::InForce;
use crate::view::{DraftLetter, EndedLink, LetterView};
use crate::{Desk, Session, words};
use domain::duty::{Duty, Kind, State};
use domain::id::LinkId;
use domain::letter;
use domain::regulation::{ClauseId, Pack, Who, Words};
use store::capability::directory::AssignmentRow;
use store::{Fault, Read};

impl Desk {
    /// What a duty shows of its letter: the draft, what has to be said of it, and what was; nothing for a
    /// duty that is no letter.
    pub(crate) fn letter_view(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        rule: &InForce,
        duty: &Duty,
    ) -> Result<Option<LetterView>, Fault> {
        let Some(wanted) = letter::wanted(&rule.pack, duty) else { return Ok(None) };
        let sent = read.letter_of(&duty.id)?;
        let draft = match duty.state {
            State::Open => self.draft_letter(read, session, &rule.pack, duty)?,
            _ => None,
        };
        let sent = sent.map(|sent| (sent.number, sent.on, sent.channel));
        Ok(Some(LetterView { numbered: wanted.numbered, channels: wanted.channels, draft, sent }))
    }

    fn draft_letter(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        pack: &Pack,
        duty: &Duty,
    ) -> Result<Option<DraftLetter>, Fault> {
        let Some(ruled) = letter::of_duty(pack, duty) else { return Ok(None) };
        let post = self.changed_post(read, duty)?;
        let role = post.as_ref().map(|row| row.assignment.role.as_str()).unwrap_or_default();
        let unit = duty.unit.as_ref().map(|unit| read.unit(unit)).transpose()?.flatten();
        let name = duty.person.as_ref().map(|person| read.person_name(person)).transpose()?;
        // The clause that wants the change told, and the one that wants it told by a letter.
        let mut bases = crate::duty::clauses(pack, duty);
        bases.extend(ruled.clauses.into_iter().filter(|id| !bases.contains(id)).collect::<Vec<ClauseId>>());
        let letter = ruled.value;
        Ok(Some(DraftLetter {
            agency: session.agency.clone(),
            subject: letter.subject.unwrap_or(letter.word),
            recipient: body(pack, &letter.recipient),
            copies: letter.copies.iter().map(|who| body(pack, who)).collect(),
            bases: bases.iter().filter_map(|id| self.cite(session, id)).collect(),
            person: name.unwrap_or_default(),
            role: pack.role(role).map_or_else(|| words::plain(role), |role| role.word.clone()),
            unit: unit.map(|unit| Words::new(unit.name, unit.name_en)).unwrap_or_default(),
            cause: post.and_then(|row| row.cause).map(|cause| cause.word()),
            on: duty.began,
            link: self.ended_link(read, session, pack, duty)?,
        }))
    }

    /// The link whose end a duty tells.
    fn ended_link(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        pack: &Pack,
        duty: &Duty,
    ) -> Result<Option<EndedLink>, Fault> {
        if duty.kind != Kind::EndLink {
            return Ok(None);
        }
        let id = LinkId::new(domain::link::clock::link_of(duty));
        let row = read.link(&session.actor.log(), &id)?;
        Ok(row.map(|row| {
            let why = row.link.ended.map(|(why, _)| why).or(row.link.ending);
            EndedLink {
                code: id.to_string(),
                datasets: row.link.datasets.iter().map(|one| words::dataset(pack, one)).collect(),
                why: why.map(|why| why.word()).unwrap_or_default(),
            }
        }))
    }

    /// The post whose change a duty tells of: the one that ended on its day, else the one that began then.
    fn changed_post(&self, read: &mut Read<'_>, duty: &Duty) -> Result<Option<AssignmentRow>, Fault> {
        let (Some(person), Some(unit)) = (&duty.person, &duty.unit) else { return Ok(None) };
        let rows = read.assignments(person)?;
        let here = |row: &&AssignmentRow| row.assignment.unit == *unit;
        let ended = rows.iter().filter(here).find(|row| row.assignment.until == Some(duty.began));
        let began = || rows.iter().filter(here).find(|row| row.assignment.from == duty.began);
        Ok(ended.or_else(began).or_else(|| rows.iter().rev().find(here)).cloned())
    }
}

/// A body outside: a word that the locale speaks, or the pack's own words.
fn body(pack: &Pack, who: &Who) -> (Option<String>, Words) {
    match who {
        Who::Party(party) => (Some((*party).to_string()), words::plain(party)),
        other => (None, words::who(pack, other)),
    }
}
