//! Regulations: putting one into force, the compliance board, and the rule as the settings show it.

pub mod activation;
mod affected;
pub mod in_force;
pub mod load;
pub mod replay;

use crate::encoding::utf8;
use crate::regulation::in_force::InForce;
use crate::view::{BoardView, ChoiceView, ClauseState, ControlView, Evidence, SessionView, SettingsView};
use crate::{Answer, Desk, Rules, Session, Tally, words};
use domain::decision::RuleRef;
use domain::duty;
use domain::id::AgencyId;
use domain::regulation::{self, Capacity, Clause, Consequence, Control, Met, Pack, PackError, Source};
use domain::time::Date;
use ledger::hash::sha256;

/// Days that the compliance board looks back over, today among them.
const BOARD_DAYS: i64 = 30;

/// The kinds of control that the product carries out. A clause that any other kind serves too is
/// never shown as met, however much of it is.
const CARRIED_OUT: &[&str] = &[
    "source",
    "dataset",
    "legal-bases",
    "permitted-uses",
    "business-scope",
    "network-zone",
    "approval-chain",
    "account-application",
    "credential-delivery",
    "password",
    "no-sharing",
    "consent",
    "record-sheet",
    "reason",
    "countersign",
    "sensitive-target",
    "screen",
    "lockout",
    "session",
    "change-notice",
    "handover",
    "inventory",
    "training",
    "housekeeping",
    "separation",
    "idle-ladder",
    "channel",
    "link-review",
    "contractor",
    "workstation",
    "undertaking",
    "admin-tiers",
    "ex-officio",
    "factors",
    "letter",
];

/// A pack that was read and checked, ready to be put into force.
pub struct Checked {
    /// The pack.
    pub pack: Pack,
    /// Its name and digest.
    pub rule: RuleRef,
    /// Its files, as path and text.
    pub files: Vec<(String, String)>,
}

/// Reads and checks the files of a pack.
///
/// # Errors
/// Every fault of the pack, with file, line and remedy.
pub fn check(files: Vec<(String, String)>) -> Result<Checked, Vec<PackError>> {
    check_beside(files, Vec::new())
}

/// Reads and checks the files of a pack as they lie in a folder, which may be no text.
///
/// # Errors
/// As [`check`]; where files cannot be read, their faults alone.
pub fn check_found(found: Vec<(String, Vec<u8>)>) -> Result<Checked, Vec<PackError>> {
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for (path, bytes) in found {
        match utf8(&path, bytes) {
            Ok(text) => files.push((path, text)),
            Err(error) => unread.push(error),
        }
    }
    check_beside(files, unread)
}

fn check_beside(files: Vec<(String, String)>, unread: Vec<PackError>) -> Result<Checked, Vec<PackError>> {
    let sources: Vec<Source<'_>> = files.iter().map(|(path, text)| Source { path, text }).collect();
    let pack = regulation::load_beside(&sources, unread)?;
    let digest = sha256(&regulation::canonical(&sources)).to_hex();
    let name = format!("{}@{}", pack.header.id, pack.header.version);
    Ok(Checked { pack, rule: RuleRef { name, digest }, files })
}

impl Desk {
    /// The ids of the regulations that are in force today.
    pub fn packs_in_force(&self) -> Vec<String> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let all = rules.all_in_force(self.now().date());
        all.into_iter().map(|rule| rule.pack.header.id.clone()).collect()
    }

    /// Whether a role of an agency's regulation carries a capacity.
    pub fn can(&self, agency: &AgencyId, role: &str, capacity: Capacity) -> bool {
        let rule = self.rule_of_agency(agency).ok().flatten();
        rule.is_some_and(|rule| rule.pack.capacities(role).contains(&capacity))
    }

    /// The regulation that is in force for an agency today; none for one that is not there either.
    pub(crate) fn rule_of_agency(&self, agency: &AgencyId) -> Answer<Option<InForce>> {
        let agencies = self.inner.store.read(|read| read.agencies())?;
        let own = agencies.into_iter().find(|own| own.id == *agency);
        Ok(own.and_then(|own| self.in_force(&own.pack)))
    }

    /// The version of a regulation that is in force on a day.
    pub(crate) fn rule_in_force(&self, pack: &str, day: Date) -> Option<InForce> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        rules.in_force(pack, day).cloned()
    }

    /// The same, or the version that was in force last where the rule has ended without another one.
    pub(crate) fn rule_running(&self, pack: &str, day: Date) -> Option<InForce> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        rules.running(pack, day)
    }

    /// The regulation of a digest, in force or not.
    pub(crate) fn rule_named(&self, digest: &str) -> Option<InForce> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        rules.by_digest(digest).cloned()
    }

    /// Reads the regulations again if another node has put one into force. None ever goes.
    pub(crate) fn refresh_rules(&self) -> Answer<()> {
        let stored = self.inner.store.read(|read| read.count_regulations())?;
        let known = self.rules();
        if stored != known.count() {
            let rules = known.again(&self.inner.store)?;
            *self.inner.rules.write().unwrap_or_else(|gone| gone.into_inner()) = rules;
        }
        Ok(())
    }

    /// The regulations as this node knows them.
    pub fn rules(&self) -> Rules {
        self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner()).clone()
    }

    fn has(&self, digest: &str) -> bool {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        rules.by_digest(digest).is_some()
    }

    /// The compliance board of the session's regulation, computed from rows and ledger.
    ///
    /// # Errors
    /// The store.
    pub fn board(&self, session: &Session) -> Answer<BoardView> {
        let (pack, now) = (&session.pack, self.now());
        let (log, today) = (session.actor.log(), now.date());
        let first = today.plus_days(1 - BOARD_DAYS).unwrap_or(today);
        let (uses, overdue) = self
            .inner
            .store
            .read(|read| Ok((read.clause_uses(&log, first, today)?, self.overdue(read, session, now)?)))?;
        let waiting = self.inner.store.read(|read| self.waiting_versions(read, session))?;
        let late_duties = self.late_clauses(session)?;
        let stamps = stamp_clauses(session);
        let state = |clause: &Clause| {
            let own = uses.iter().filter(|use_| use_.clause == clause.id.as_str() && duty::shows(&use_.act));
            let (mut obeyed, mut refused) = (0, 0);
            for use_ in own {
                match use_.outcome == "refused" {
                    true => refused += i64::try_from(use_.n).unwrap_or(i64::MAX),
                    false => obeyed += i64::try_from(use_.n).unwrap_or(i64::MAX),
                }
            }
            let mut late = if stamps.contains(&clause.id) { overdue } else { Tally::default() };
            late.n += late_duties.iter().filter(|id| **id == clause.id).count();
            self.clause_state(session, clause, obeyed, refused, late)
        };
        Ok(BoardView {
            title: pack.header.title.clone(),
            pack: session.rule.name.clone(),
            clauses: pack.clauses.iter().map(state).collect(),
            waiting: waiting.into_iter().map(|version| (version.name, version.from)).collect(),
            pack_faults: self.pack_faults(),
            at: now,
        })
    }

    fn clause_state(
        &self,
        session: &Session,
        clause: &Clause,
        obeyed: i64,
        refused: i64,
        overdue: Tally,
    ) -> ClauseState {
        let controls = session.pack.controls.iter().filter(|c| c.clauses.contains(&clause.id));
        let evidenced = obeyed + refused > 0 || overdue.n > 0;
        let carried = |c: &&Control| CARRIED_OUT.contains(&c.kind.spec().name) && !left_to_people(c);
        let whole = controls.clone().all(|c| carried(&c));
        // Without evidence nothing is claimed, nor for a clause that only a part of is carried out:
        // the board then says that it cannot tell.
        let state = match (evidenced && whole, overdue.n > 0) {
            (_, true) => "attention",
            (false, _) => "cannot-tell",
            (true, false) => "met",
        };
        let evidence = evidenced.then(|| Evidence {
            key: if overdue.n > 0 { "evidence-overdue" } else { "evidence-entries" },
            obeyed,
            refused,
            overdue,
            href: "/records".into(),
        });
        ClauseState {
            clause: words::cite_in(&session.pack, &clause.id).unwrap_or_else(|| crate::view::ClauseCite {
                id: clause.id.clone(),
                cite: clause.cite.clone(),
                rule: session.pack.header.short_title.clone(),
                gist: clause.gist.clone(),
            }),
            met: match clause.met {
                Met::Enforced => "enforced",
                Met::Recorded => "recorded",
                Met::Stated => "stated",
            },
            controls: controls.map(|control| control.kind.spec().name.to_string()).collect(),
            state,
            evidence,
        }
    }

    /// The rule that governs the session, as data, with what it leaves unset.
    ///
    /// # Errors
    /// The store.
    pub fn settings(&self, session: &Session) -> Answer<SettingsView> {
        let pack = &session.pack;
        let barred = domain::grant::may_give(session.as_rule(), &session.actor, None).err();
        let person = session.actor.person.clone();
        let now = self.now();
        let sessions = self.inner.store.read(|read| read.sessions_of(&person, now))?;
        let own = crate::account::hash_of(session);
        let bases = consent_bases(session);
        Ok(SettingsView {
            password: self.password_end(session)?,
            title: pack.header.title.clone(),
            pack: session.rule.name.clone(),
            digest: session.rule.digest.clone(),
            pack_faults: if session.actor.oversees() { self.pack_faults() } else { Vec::new() },
            controls: pack.controls.iter().map(|c| self.control_view(session, c)).collect(),
            consents: self.consents(session)?,
            consent_barred: barred.filter(|_| bases.is_empty()).map(|refusal| self.explain(session, refusal)),
            consent_wanted: crate::lookup::wants_consent(session) || !bases.is_empty(),
            consent_each_case: crate::grant::wants_case(session),
            consent_apply: crate::grant::applies_for_consent(session),
            consent_bases: bases,
            sessions: sessions
                .into_iter()
                .map(|row| SessionView {
                    handle: crate::account::handle(&row),
                    begun: row.created,
                    seen: row.seen,
                    this: row.id_hash == own,
                    place: row.place,
                })
                .collect(),
        })
    }

    fn control_view(&self, session: &Session, control: &Control) -> ControlView {
        let clauses = control.clauses.iter().filter_map(|id| self.cite(session, id)).collect();
        ControlView {
            kind: control.kind.spec().name.into(),
            clauses,
            params: control.described(),
            when: control.when.clone(),
            policy: control.policy.covers("*"),
        }
    }
}

/// Whether a control asks for something that people have to see to: a parameter that is only told, something
/// "regularly" for which it sets no period, words that nothing here brings.
fn left_to_people(control: &Control) -> bool {
    let params = &control.params;
    let told = control.kind.spec().params.iter().any(|spec| spec.told && params.has(spec.name));
    let names = |list: &str, word: &str| params.texts(list).iter().any(|own| own == word);
    told || match control.kind.spec().name {
        "approval-chain" => !params.has("form"),
        "change-notice" => ["supervisor-change", "purpose-end"].iter().any(|word| names("causes", word)),
        "idle-ladder" => params.flag("forced") != Some(true),
        "inventory" => names("findings", "excess"),
        "letter" => !params.text("event").is_some_and(|event| DRAFTED.contains(&event)),
        "training" => !params.has("schedule"),
        _ => is_half_kept(control),
    }
}

/// The events whose letters are drafted and owed.
const DRAFTED: [&str; 3] = ["change", "link-end", "link-unneeded"];

/// Whether a control sets a consequence of late passwords that is not carried out, or a change of passwords
/// without a period. Under a duty nothing can be done before a password is changed that is over.
fn is_half_kept(control: &Control) -> bool {
    let rotation = control.params.table("rotation");
    let kept = |word: &str| {
        use Consequence::{BlockNewLookups, Remind, Suspend};
        matches!(Consequence::named(word), Some(Remind | BlockNewLookups | Suspend))
    };
    rotation
        .is_some_and(|r| r.text("consequence").is_some_and(|word| !kept(word)) || r.get("months").is_none())
}

/// Legal bases that want the head's word, for whoever can give it.
fn consent_bases(session: &Session) -> Vec<ChoiceView> {
    let wanted = session.pack.legal_bases().into_iter().filter(|basis| basis.value.head_consent);
    wanted
        .filter(|basis| {
            let code = Some(basis.value.code.as_str());
            domain::grant::may_give(session.as_rule(), &session.actor, code).is_ok()
        })
        .map(|basis| ChoiceView {
            code: basis.value.code,
            word: basis.value.word,
            text_required: false,
            preset: false,
            barred: None,
        })
        .collect()
}

fn stamp_clauses(session: &Session) -> Vec<regulation::ClauseId> {
    session.pack.countersign(&session.actor.situation()).map(|stamp| stamp.clauses).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handbook_names_the_kinds_that_are_carried_out() {
        let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/packs.md");
        let text = std::fs::read_to_string(page).unwrap();
        let part = text.split("<!-- carried-out: held by a test of desk -->").nth(1).unwrap();
        let named: Vec<&str> = part.split("<!--").next().unwrap().split('`').skip(1).step_by(2).collect();
        assert_eq!(named, CARRIED_OUT, "the list in docs/packs.md, under Coverage");
    }
}
