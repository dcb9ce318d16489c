//! The steps of lookups: asking, stamping, judging, and in what state the last one is.

use super::World;
use super::came::{Came, came};
use super::world::number_of;
use crate::problem::{Done, Problem};
use desk::grant::ConsentForm;
use desk::lookup::{AskForm, Verdict};
use desk::{Desk, Session};
use domain::regulation::{Act, Step};

impl World<'_> {
    pub(super) fn lookup_state(&self, step: &Step, wanted: &str) -> Result<(), String> {
        let Some(code) = &self.last else { return Ok(()) };
        let session = self.session(&step.actor, None).map_err(|problem| problem.sentence)?;
        let record = self
            .desk
            .record(&session, code)
            .map_err(|no| format!("the record cannot be read: {}", Problem::from(no)))?;
        let found = &record.row.state;
        // After the answer a record waits for its stamp; scenarios may name either.
        let same = found == wanted || (wanted == "answered" && found == "awaiting");
        if same { Ok(()) } else { Err(format!("the state is {found}, not {wanted}")) }
    }

    pub(super) fn ask(&mut self, step: &Step) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let given = self.scenario.given.case.as_ref();
        let number = step.case.clone().or_else(|| given.map(|case| case.number.clone()));
        let number = number.unwrap_or_default();
        let draft = self.desk.draft(&session, Some(&number)).or_else(|_| self.desk.draft(&session, None))?;
        let preset = |choices: &[desk::ChoiceView]| {
            let found = choices.iter().find(|choice| choice.preset).or_else(|| choices.first());
            found.map(|choice| choice.code.clone()).unwrap_or_default()
        };
        let usual: Vec<String> =
            draft.items.iter().filter(|i| i.preset).map(|item| item.code.clone()).collect();
        let first = draft.items.first().map(|item| vec![item.code.clone()]).unwrap_or_default();
        let items = step.items.clone().unwrap_or(if usual.is_empty() { first } else { usual });
        let form = AskForm {
            case: number,
            purpose: step.purpose.clone().unwrap_or_else(|| preset(&draft.purposes)),
            purpose_text: step.reason.clone().unwrap_or_default(),
            basis: step.basis.clone().unwrap_or_else(|| preset(&draft.bases)),
            basis_text: step.basis_text.clone().unwrap_or_default(),
            subject: step.subject.as_deref().map(number_of),
            not_party_reason: step.reason.clone().unwrap_or_default(),
            items,
            ..AskForm::default()
        };
        match self.desk.ask(&session, &form) {
            Ok(view) => {
                self.last = Some(view.code);
                Ok(Came::Permitted)
            }
            Err(no) => came(Err(no)),
        }
    }

    pub(super) fn on_last(
        &self,
        step: &Step,
        act: impl FnOnce(&Desk, &Session, &str) -> desk::Answer<()>,
    ) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let code = self.last.clone().ok_or_else(|| Problem::new("nothing was asked before"))?;
        came(act(&self.desk, &session, &code))
    }

    pub(super) fn stamp(&self, step: &Step) -> Done<Came> {
        let proof = self.desk.demo_code(&step.actor).unwrap_or_default();
        self.on_last(step, |desk, session, code| {
            desk.stamp(session, &[code.to_string()], &proof, "").map(|_| ())
        })
    }

    pub(super) fn judge(&self, step: &Step) -> Done<Came> {
        let note = step.reason.clone().unwrap_or_default();
        let verdict = match (step.act, step.verdict.as_deref()) {
            (Act::Return, _) | (_, Some("return")) => Verdict::Return { reason_code: "reason".into(), note },
            (_, Some("anomaly" | "improper")) => Verdict::Anomaly { note },
            _ => Verdict::Match { note },
        };
        self.on_last(step, |desk, session, code| desk.judge(session, code, &verdict))
    }

    pub(super) fn consent(&self, step: &Step) -> Done<Came> {
        let session = self.session(&step.actor, step.place.as_deref())?;
        let case = self.scenario.given.case.as_ref().map(|case| case.number.clone());
        let each = desk::grant::wants_case(&session);
        let form = ConsentForm { case: case.filter(|_| each), ..ConsentForm::default() };
        came(self.desk.give_consent(&session, &form, "").map(|_| ()))
    }
}
