//! Applications of the demonstration: one at each turn of the way, so that everybody along a chain finds one.

use crate::demo::cases::session;
use crate::demo::cast::CAST;
use crate::problem::{Done, Problem};
use desk::application::ApplicationForm;
use desk::{Desk, Session};
use domain::Personal;
use domain::application::act::Give;
use domain::application::{Entry, Verdict};

/// An application and how far it has come.
struct Sample {
    author: &'static str,
    object: &'static str,
    /// Fields of one text, or several codes with `|` between them.
    fields: &'static [(&'static str, &'static str)],
    /// What those along the chain gave, with their words.
    given: &'static [(&'static str, Verdict, &'static str)],
}

const SAMPLES: &[Sample] = &[
    Sample {
        author: "chou",
        object: "account",
        fields: &[
            ("kind", "change"),
            ("unit", "bureau"),
            ("reason", "承接急難救助審查"),
            ("phone", "07-7995678"),
            ("email", "chou@example.gov.tw"),
            ("permissions", "common-functions|welfare-household-sum"),
        ],
        given: &[],
    },
    Sample {
        author: "wu",
        object: "account",
        fields: &[
            ("kind", "change"),
            ("unit", "bureau"),
            ("reason", "增加身心障礙津貼審查"),
            ("phone", "07-3368333"),
            ("email", "wu@example.gov.tw"),
            ("permissions", "common-functions|base-data"),
        ],
        given: &[("chang", Verdict::Agree, ""), ("fang-kh", Verdict::Agree, "")],
    },
    Sample {
        author: "liu",
        object: "account",
        fields: &[("kind", "change"), ("reason", "支援疫調"), ("permissions", "basic|household|kinship")],
        given: &[("tsao", Verdict::Return, "請說明支援期間與案由")],
    },
    Sample {
        author: "lin-nangan",
        object: "account",
        fields: &[("kind", "change"), ("reason", "癌症篩檢追蹤"), ("permissions", "basic|moves")],
        given: &[("chiu-nangan", Verdict::Agree, "")],
    },
    Sample {
        author: "huang",
        object: "data-request",
        fields: &[
            ("within-business", "傳染病防治法之接觸者追蹤"),
            ("serves-purpose", "確認接觸者設籍地以寄送通知"),
            ("necessity", "無其他機關資料可用"),
            ("items", "basic"),
            ("channel", "online"),
        ],
        given: &[("hsu", Verdict::Agree, "")],
    },
];

/// Puts the samples forward and takes each as far as it has come.
///
/// # Errors
/// The store; a sample that its rule refuses.
pub fn put_forward(desk: &Desk) -> Done {
    for sample in SAMPLES {
        let entry =
            |text: &str| Entry { values: text.split('|').map(String::from).collect(), ..Entry::default() };
        let form = ApplicationForm {
            object: sample.object.into(),
            answers: sample.fields.iter().map(|(name, text)| ((*name).into(), entry(text))).collect(),
            submit: true,
            ..ApplicationForm::default()
        };
        let code = desk.write_application(&seat(desk, sample.author)?, &form)?;
        for (login, verdict, words) in sample.given {
            let (note, fields) = (Personal::new(*words), vec!["reason".into()]);
            let give = Give { note, fields, ..Give::of(*verdict) };
            desk.stamp_application(&seat(desk, login)?, &code, &give.into())?;
        }
    }
    Ok(())
}

fn seat(desk: &Desk, login: &str) -> Done<Session> {
    let member = CAST.iter().find(|member| member.login == login);
    session(desk, member.ok_or_else(|| Problem::new(format!("{login} is not of the cast")))?)
}
