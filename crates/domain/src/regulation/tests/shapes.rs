//! The schema can say what other agencies' rules say: many programmes at once, ladders, tiers, deadlines
//! before an event, monthly stamps.

use super::super::kinds::vocabulary::{ApplicationObject, Offset, StepAct, Timing};
use super::super::{Kind, Schedule, Share, Situation};
use super::*;

fn pack() -> Pack {
    let text = format!("{PACK}\n{}", include_str!("shapes.toml"));
    let entry = FORM.replacen("id = \"slip\"", "id = \"entry\"", 1);
    let entry = entry.replace("object = \"record-sheet\"", "object = \"account-application\"");
    good(load(&[
        Source { path: "pack.toml", text: &text },
        Source { path: "forms/slip.toml", text: FORM },
        Source { path: "forms/entry.toml", text: &entry },
        Source { path: "scenarios/stamp-first.toml", text: SCENARIO },
    ]))
}

#[test]
fn chains_run_side_by_side_and_end_in_a_decision() {
    let chain = pack().approval_chain(ApplicationObject::Link, &Situation::default()).unwrap().value;
    let acts: Vec<StepAct> = chain.steps.iter().map(|step| step.act).collect();
    assert_eq!(acts, [StepAct::Propose, StepAct::Consult, StepAct::Decide, StepAct::CarryOut]);
    assert_eq!((chain.steps[1].who.len(), chain.steps[1].quorum), (2, 2));
    let renewal = chain.renew_before.unwrap();
    assert_eq!((renewal.length, renewal.offset), (3, Offset::Before));
    let restore = pack().approval_chain(ApplicationObject::Restore, &Situation::default()).unwrap().value;
    assert_eq!(restore.steps[0].act, StepAct::Decide);
    assert!(pack().approval_chain(ApplicationObject::Copy, &Situation::default()).is_none());
}

#[test]
fn a_branch_stamps_by_the_month_while_others_stamp_before() {
    let pack = pack();
    let timing = |unit| {
        let situation = Situation { unit, ..Situation::default() };
        pack.countersign(&situation).unwrap().value.timing
    };
    assert_eq!(timing(Some("branch")), Timing::Batch);
    assert_eq!(timing(Some("bureau")), Timing::Before);
    assert_eq!(timing(None), Timing::Before);
}

#[test]
fn several_audits_stand_side_by_side() {
    let pack = pack();
    let audits = pack.ruled(Kind::Programme, &Situation::default());
    assert_eq!(audits.len(), 3, "the one that an exception from separation brings is for nobody else");
    let apart = pack.exceptions().remove(0).1;
    assert_eq!(pack.compensation(&apart.value).unwrap().control, "look-closer");
    let quarterly = audits.iter().find(|audit| audit.control == "draw-accounts").unwrap();
    let stages: Vec<_> = quarterly.value.tables("sample").map(|stage| stage.share("share")).collect();
    assert_eq!(stages, [Some(Share(500)), None]);
    let irregular = audits.iter().find(|audit| audit.control == "now-and-then").unwrap();
    assert_eq!(irregular.value.schedule("schedule"), Some(&Schedule::Irregular));
    let special = Situation { purpose: Some("berth"), ..Situation::default() };
    assert_eq!(
        pack.ruled(Kind::Programme, &special)[0].value.tables("sample").next().unwrap().share("share"),
        Some(Share(50))
    );
}
