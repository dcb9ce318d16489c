//! What the views answer.

use super::super::kinds::vocabulary::{PageKind, RecordKind};
use super::super::{Capacity, ClauseId, Kind, Offset, Situation, Timing, Unit};
use super::*;

#[test]
fn a_view_answers_with_value_clause_and_policy() {
    let pack = good(edited(&[]));
    let stamp = pack.countersign(&Situation::default()).unwrap();
    assert_eq!(stamp.value.timing, Timing::Before);
    assert_eq!(stamp.value.by_role(), "master");
    assert_eq!((stamp.value.valid_hours, stamp.value.uses), (Some(24), 1));
    assert_eq!(stamp.clauses, [ClauseId::new("harbour", "2")]);
    assert_eq!((stamp.policy, stamp.policy_params.as_slice()), (false, &["valid_hours".to_string()][..]));
    assert_eq!(pack.capacities("master"), [Capacity::Stamp, Capacity::Decide]);
    assert!(pack.capacities("nobody").is_empty());
    assert_eq!(pack.notices(PageKind::Lookup, &Situation::default()).len(), 1);
    assert!(pack.notices(PageKind::Print, &Situation::default()).is_empty());
}

#[test]
fn what_the_rule_does_not_set_stays_unset() {
    let pack = good(edited(&[("valid_hours = 24\npolicy = [\"valid_hours\"]\n", "")]));
    let stamp = pack.countersign(&Situation::default()).unwrap().value;
    assert_eq!((stamp.valid_hours, stamp.deadline, stamp.consequence), (None, None, None));
    assert!(pack.screen(&Situation::default()).is_none());
    assert!(pack.lockout().is_none() && pack.password().is_none() && pack.session().is_none());
    assert!(pack.retention(RecordKind::LookupLog).is_none());
    assert_eq!(pack.effective(Kind::Countersign, "valid_hours", &Situation::default()), None);
}

#[test]
fn the_most_special_control_comes_first() {
    let pack = good(extended(
        "[[control]]\nid = \"one\"\nkind = \"reason\"\npolicy = true\n\
         require = [\"reason\"]\nmin_length = 6\n\n\
         [[control]]\nid = \"two\"\nkind = \"reason\"\npolicy = true\n\
         require = [\"reason\"]\nmin_length = 3\n\
         when = { role = \"reader\" }\n\n\
         [[control]]\nid = \"three\"\nkind = \"reason\"\npolicy = true\n\
         require = [\"reason\"]\nmin_length = 1\n\
         when = { role = \"reader\", purpose = \"berth\" }\n",
    ));
    let least = |situation: Situation<'_>| {
        let reason = pack.reason(&situation).unwrap();
        (reason.value.min_length, reason.control)
    };
    let nobody = Situation::default();
    let reader = Situation { role: Some("reader"), ..nobody };
    assert_eq!(least(nobody), (Some(6), "one".to_string()));
    assert_eq!(least(reader), (Some(3), "two".to_string()));
    assert_eq!(least(Situation { purpose: Some("berth"), ..reader }), (Some(1), "three".to_string()));
    assert_eq!(least(Situation { purpose: Some("other"), ..reader }), (Some(3), "two".to_string()));
}

#[test]
fn an_entry_puts_its_own_clause_first() {
    let bases = "[[control]]\nid = \"bases\"\nkind = \"legal-bases\"\nclauses = [\"2\"]\nbases = [\n\
                 { code = \"a\", word = { zh = \"甲\", en = \"A\" }, clause = \"1\", head_consent = true },\n\
                 { code = \"b\", word = { zh = \"乙\", en = \"B\" }, statute = \"商港法\", article = \"5\" \
                 },\n]\n";
    let pack = good(extended(bases));
    let first = pack.legal_basis("a").unwrap();
    assert_eq!(first.clauses, [ClauseId::new("harbour", "1"), ClauseId::new("harbour", "2")]);
    assert!(first.value.head_consent && !first.value.extra_text);
    let second = pack.legal_basis("b").unwrap();
    assert_eq!(second.clauses, [ClauseId::new("harbour", "2")]);
    assert_eq!(second.value.article.as_deref(), Some("5"));
    assert!(pack.legal_basis("c").is_none());
    assert_eq!(
        pack.met_by(&ClauseId::new("harbour", "1")),
        ["purpose.permitted-uses", "purpose.legal-bases"]
    );
}

#[test]
fn a_dataset_is_found_with_its_items() {
    let more = "[[control]]\nid = \"roll\"\nkind = \"source\"\nclauses = [\"1\"]\n\
         provider = { zh = \"船舶登記處\", en = \"Roll Office\" }\nadapter = \"http-json\"\n\n\
         [[control]]\nid = \"ships\"\nkind = \"dataset\"\nclauses = [\"1\"]\nsource = \"roll\"\n\
         word = { zh = \"船舶\", en = \"Ships\" }\n\
         subject = { kind = \"other\", label = { zh = \"船號\", en = \"Hull\" }, type = \"code\", max = 12 }\n\
         items = [\n{ id = \"standing\", label = { zh = \"在籍\", en = \"Registered\" }, shape = \
         \"verdict\" },\n\
         { id = \"owners\", label = { zh = \"船主\", en = \"Owners\" }, shape = \"list\", sensitivity = \
         \"personal\",\n\
         fields = [{ id = \"name\", label = { zh = \"姓名\", en = \"Name\" }, mask = \"name\" }] },\n]\n";
    let nobody = faults(extended(more));
    assert_eq!(nobody.len(), 1);
    // A pack that was put into force before this was checked stays one.
    let text = format!("{PACK}\n{more}");
    let files = [Source { path: "pack.toml", text: &text }, Source { path: "forms/slip.toml", text: FORM }];
    assert!(load(&files).is_err() && super::super::reload(&files).is_ok());
    assert!(nobody[0].contains("every lookup of `ships` would be refused: there is no `legal-bases`"));
    let bases = "[[control]]\nid = \"bases\"\nkind = \"legal-bases\"\npolicy = true\n\
                 bases = [{ code = \"roll\", word = { zh = \"船籍法\", en = \"Roll Act\" } }]\n";
    let pack = good(extended(&format!("{more}\n{bases}")));
    let item = pack.item("ships/owners").unwrap();
    assert_eq!(item.value.fields[0].mask.word(), "name");
    assert_eq!(item.clauses, [ClauseId::new("harbour", "1")]);
    assert!(pack.item("ships/crew").is_none() && pack.item("owners").is_none());
    let dataset = &pack.dataset("ships").unwrap().value;
    assert_eq!((dataset.subject.ty.word(), dataset.subject.max), ("code", Some(12)));
    assert_eq!(pack.source(&dataset.source).unwrap().value.provider.en.as_ref(), "Roll Office");
}

#[test]
fn deadlines_and_schedules_are_read_whole() {
    let pack = good(extended(
        "[[control]]\nid = \"moves\"\nkind = \"change-notice\"\nclauses = [\"2\"]\nof = [\"user\"]\n\
         recipients = [{ party = \"provider\" }]\n\
         deadline = { length = 10, unit = \"day\", from = \"leave\", offset = \"before\", counting = \
         \"adverse\" }\n",
    ));
    let ruled = pack.ruled(Kind::ChangeNotice, &Situation::default());
    let deadline = ruled[0].value.deadline("deadline").unwrap();
    assert_eq!((deadline.length, deadline.unit, deadline.offset), (10, Unit::Day, Offset::Before));
    assert_eq!(deadline.from.map(|event| event.word()), Some("leave"));
}

#[test]
fn parts_may_stand_in_several_files() {
    let (head, controls) = PACK.split_at(PACK.find("[[control]]").unwrap());
    let pack = load(&[
        Source { path: "controls.toml", text: controls },
        Source { path: "pack.toml", text: head },
        Source { path: "forms/slip.toml", text: FORM },
    ]);
    assert_eq!(good(pack).controls.len(), 4);
    let broken = controls.replace("\"master\"", "\"captain\"");
    let pack = load(&[
        Source { path: "controls.toml", text: &broken },
        Source { path: "pack.toml", text: head },
        Source { path: "forms/slip.toml", text: FORM },
    ]);
    assert!(faults(pack)[0].starts_with("controls.toml:12: clause harbour/2: there is no role `captain`"));
}

#[test]
fn the_canonical_bytes_do_not_depend_on_the_order_of_reading() {
    let (a, b) = (Source { path: "a", text: "1" }, Source { path: "b", text: "2" });
    assert_eq!(super::super::canonical(&[a, b]), super::super::canonical(&[b, a]));
    let moved = Source { path: "b", text: "1" };
    assert_ne!(super::super::canonical(&[a]), super::super::canonical(&[moved]));
    let bytes = super::super::canonical(&[a]);
    assert_eq!(bytes, [0, 0, 0, 0, 0, 0, 0, 1, b'a', 0, 0, 0, 0, 0, 0, 0, 1, b'1']);
}

#[test]
fn who_means_roles_of_the_pack() {
    let by = |who: &str| {
        let pack = good(edited(&[("by = { role = \"master\" }", who)]));
        pack.countersign(&Situation::default()).unwrap().value
    };
    for who in
        ["by = { relation = \"supervisor-of\" }", "by = { head = true }", "by = { head_or_delegate = true }"]
    {
        assert!(by(who).is_by("master") && !by(who).is_by("reader"), "{who}");
        assert_eq!(by(who).by_role(), "master");
    }
    let nobody = faults(edited(&[("by = { role = \"master\" }", "by = { party = \"provider\" }")]));
    assert_eq!(
        nobody,
        ["pack.toml:63: clause harbour/2: no role of this pack could give the stamp. \
          Name a role with the capacity `stamp`, or give one the office or the capacities that it needs: \
          `stamp`, and for the head `decide` too."]
    );
    let head =
        [("by = { role = \"master\" }", "by = { head = true }"), ("[\"stamp\", \"decide\"]", "[\"decide\"]")];
    assert_eq!(faults(edited(&head)).len(), 1, "a head who cannot stamp");
    let none = [("[given]\n", "[given]\ncase = { number = \"1\" }\n")];
    assert!(faults(edited(&none))[0].contains("belongs to no business"));
}
