//! The cast: one small company of people that the demonstration and all stories share.

use crate::problem::{Done, Problem};
use desk::{CastMember, Desk, Words};
use domain::Personal;
use domain::account::Account;
use domain::directory::{Agency, Assignment, Change, Person, Unit};
use domain::id::{AgencyId, AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;

/// The password of everybody in the demonstration; it is printed and therefore no secret.
pub const PASSWORD: &str = "Demo-Sluice-2026";

/// One of the cast.
pub struct Member {
    /// The account's name.
    pub login: &'static str,
    /// The person's name.
    pub name: &'static str,
    /// The agency's id.
    pub agency: &'static str,
    /// The unit's id.
    pub unit: &'static str,
    /// The role in the agency's regulation.
    pub role: &'static str,
    /// The national number, so that looking oneself or a colleague up is recognised.
    pub number: &'static str,
}

const fn member(
    login: &'static str,
    name: &'static str,
    agency: &'static str,
    unit: &'static str,
    role: &'static str,
    number: &'static str,
) -> Member {
    Member { login, name, agency, unit, role, number }
}

/// Everybody.
pub const CAST: &[Member] = &[
    member("chen", "陳思齊", "lienchiang", "lc-disease", "user", "Z110000005"),
    member("liu", "劉雨潔", "lienchiang", "lc-disease", "user", "Z210000007"),
    member("tsao", "曹志明", "lienchiang", "lc-disease", "supervisor", "Z110000014"),
    member("wang-lc", "王建國", "lienchiang", "lc-head", "head", "Z110000023"),
    member("yang-lc", "楊淑芬", "lienchiang", "lc-it", "administrator", "Z210000016"),
    member("pan-lc", "潘冠宇", "lienchiang", "lc-audit", "auditor", "Z110000032"),
    member("lin-nangan", "林依晨", "lienchiang", "lc-nangan", "user", "Z210000025"),
    member("chiu-nangan", "邱文龍", "lienchiang", "lc-nangan", "supervisor", "Z110000041"),
    member("huang", "黃怡君", "taipei", "tp-disease", "user", "A210000006"),
    member("hsu", "許家豪", "taipei", "tp-disease", "supervisor", "A110000004"),
    member("lo-tp", "羅玉珍", "taipei", "tp-head", "head", "A210000015"),
    member("kao-tp", "高明哲", "taipei", "tp-it", "it", "A110000013"),
    member("tseng-tp", "曾雅惠", "taipei", "tp-ethics", "ethics", "A210000024"),
    member("peng-tp", "彭柏翰", "taipei", "tp-audit", "auditor", "A110000022"),
    member("su-zhongshan", "蘇郁婷", "taipei", "tp-zhongshan", "user", "A210000033"),
    member("tu-zhongshan", "杜國華", "taipei", "tp-zhongshan", "supervisor", "A110000031"),
    member("lin", "林宜庭", "kaohsiung", "kh-relief", "user", "E210000000"),
    member("wu", "吳承翰", "kaohsiung", "kh-relief", "user", "E110000008"),
    member("chang", "張惠美", "kaohsiung", "kh-relief", "supervisor", "E210000019"),
    member("fang-kh", "方志成", "kaohsiung", "kh-head", "head", "E110000017"),
    member("ho-kh", "何宗翰", "kaohsiung", "kh-it", "it", "E110000026"),
    member("kuo-kh", "郭靜怡", "kaohsiung", "kh-ethics", "ethics", "E210000028"),
    member("sun-kh", "孫佩君", "kaohsiung", "kh-business", "business", "E210000046"),
    member("ma-kh", "馬志豪", "kaohsiung", "kh-business", "business", "E110000053"),
    member("tai-kh", "戴文傑", "kaohsiung", "kh-elder", "consulted", "E110000062"),
    member("liao-kh", "廖俊傑", "kaohsiung", "kh-audit", "auditor", "E110000035"),
    member("chou", "周美玲", "kaohsiung", "kh-sanmin", "user", "E210000037"),
    member("li-sanmin", "李坤山", "kaohsiung", "kh-sanmin", "supervisor", "E110000044"),
    member("shen-nhi", "沈佳穎", "nhi", "nhi-it", "reviewer", "F210000001"),
    member("ting-nhi", "丁文彬", "nhi", "nhi-it", "head", "F110000009"),
];

/// Somebody who came to Lienchiang lately: entered in the directory, but without an account yet, so that the
/// administrator there has somebody to invite.
pub const NEWCOMER: Member = member("kuo-lc", "郭子瑜", "lienchiang", "lc-disease", "user", "");

/// An agency with its names and the regulation it stands under (the same id).
const AGENCIES: &[(&str, &str, &str)] = &[
    ("lienchiang", "連江縣衛生局", "Health Bureau, Lienchiang County"),
    ("taipei", "臺北市政府衛生局", "Department of Health, Taipei City"),
    ("kaohsiung", "高雄市政府社會局", "Social Affairs Bureau, Kaohsiung City"),
    ("nhi", "衛生福利部中央健康保險署", "National Health Insurance Administration"),
];

/// A unit: id, agency, organisation in the regulation, names.
const UNITS: &[(&str, &str, &str, &str, &str)] = &[
    ("lc-disease", "lienchiang", "bureau", "疾病管制科", "Disease Control Division"),
    ("lc-head", "lienchiang", "bureau", "局長室", "Office of the Director"),
    ("lc-it", "lienchiang", "bureau", "資訊單位", "IT Unit"),
    ("lc-audit", "lienchiang", "bureau", "稽核小組", "Audit Team"),
    ("lc-nangan", "lienchiang", "township-centre", "南竿鄉衛生所", "Nangan Township Health Centre"),
    ("tp-disease", "taipei", "bureau", "疾病管制科", "Disease Control Division"),
    ("tp-head", "taipei", "bureau", "局長室", "Office of the Commissioner"),
    ("tp-it", "taipei", "bureau", "資訊室", "IT Office"),
    ("tp-ethics", "taipei", "bureau", "政風室", "Ethics Office"),
    ("tp-audit", "taipei", "bureau", "資訊稽核小組", "Information Audit Team"),
    ("tp-zhongshan", "taipei", "health-centre", "中山區健康服務中心", "Zhongshan Health Service Centre"),
    ("kh-relief", "kaohsiung", "bureau", "社會救助科", "Social Relief Division"),
    ("kh-head", "kaohsiung", "bureau", "局長室", "Office of the Director-General"),
    ("kh-it", "kaohsiung", "bureau", "秘書室資訊小組", "IT Team, Secretariat"),
    ("kh-ethics", "kaohsiung", "bureau", "政風室", "Ethics Office"),
    ("kh-business", "kaohsiung", "bureau", "福利平台業務科", "Welfare Platform Division"),
    ("kh-elder", "kaohsiung", "bureau", "長青福利科", "Elderly Welfare Division"),
    ("kh-audit", "kaohsiung", "bureau", "稽核小組", "Audit Team"),
    ("kh-sanmin", "kaohsiung", "district-office", "三民區公所社會課", "Sanmin District Office"),
    ("nhi-it", "nhi", "administration", "資訊組", "Information Division"),
];

/// The identifier of a member's assignment.
pub fn assignment(member: &Member) -> AssignmentId {
    AssignmentId::new(format!("{}-{}", member.login, member.role))
}

/// The API token of a member, made from the login: a demonstration has no secrets.
pub fn token(login: &str) -> String {
    format!("demo-token-{login}")
}

/// Enters agencies, units, people, accounts and assignments.
///
/// # Errors
/// The store.
pub fn enrol(desk: &Desk, _seed: u64) -> Done {
    let from = Date::new(2024, 1, 1).ok_or_else(|| Problem::new("no such day"))?;
    for (id, name, name_en) in AGENCIES {
        let log = LogId::new(*id);
        let agency = Agency {
            id: AgencyId::new(*id),
            name: (*name).into(),
            name_en: (*name_en).into(),
            pack: (*id).into(),
        };
        let mut changes = vec![Change::Agency(agency)];
        changes.extend(UNITS.iter().filter(|unit| unit.1 == *id).map(unit_change));
        let everybody = CAST.iter().chain([&NEWCOMER]);
        changes.extend(everybody.filter(|member| member.agency == *id).map(|member| {
            Change::Assignment(Assignment {
                id: assignment(member),
                person: PersonId::new(member.login),
                unit: UnitId::new(member.unit),
                role: member.role.into(),
                from,
                until: None,
            })
        }));
        desk.enrol(&log, changes)?;
        let users = CAST.iter().filter(|member| member.agency == *id && member.role == "user");
        let whole = users.filter_map(|member| {
            desk.whole_permission(id, &PersonId::new(member.login), &UnitId::new(member.unit))
        });
        let permissions: Vec<_> = whole.collect();
        if !permissions.is_empty() {
            desk.take_over(&log, permissions)?;
        }
        let keeper = CAST.iter().find(|member| member.agency == *id && member.role == "it");
        desk.link_in_place(id, keeper.map(|member| member.login).unwrap_or_default())?;
    }
    let people = CAST.iter().chain([&NEWCOMER]).map(|member| {
        Change::Person(Person {
            id: PersonId::new(member.login),
            name: member.name.into(),
            number: Personal::new(member.number),
        })
    });
    desk.enrol(&LogId::platform(), people.collect())?;
    let hash = desk::account::hash_password(PASSWORD)
        .map_err(|error| Problem::new(format!("the password cannot be hashed: {error}")))?;
    for member in CAST {
        desk.open_account(Account {
            login: member.login.into(),
            person: PersonId::new(member.login),
            password_hash: hash.clone(),
            password_at: desk.now(),
            totp: Personal::new(desk::account::new_totp_secret()),
            locked_until: None,
            open: true,
        })?;
    }
    Ok(())
}

fn unit_change(unit: &(&str, &str, &str, &str, &str)) -> Change {
    let (id, agency, organisation, name, name_en) = *unit;
    Change::Unit(Unit {
        id: UnitId::new(id),
        agency: AgencyId::new(agency),
        above: None,
        name: name.into(),
        name_en: name_en.into(),
        organisation: organisation.into(),
    })
}

/// The cast as the sign-in page introduces it.
pub fn introductions(desk: &Desk) -> Vec<CastMember> {
    let words = |list: &[(&str, &str, &str)], id: &str| {
        let found = list.iter().find(|entry| entry.0 == id);
        found.map_or_else(Words::default, |entry| Words { zh: entry.1.into(), en: entry.2.into() })
    };
    CAST.iter()
        .map(|member| {
            let unit = UNITS.iter().find(|unit| unit.0 == member.unit);
            CastMember {
                login: member.login.into(),
                password: PASSWORD.into(),
                name: member.name.into(),
                unit: unit.map_or_else(Words::default, |unit| Words { zh: unit.3.into(), en: unit.4.into() }),
                role: desk.role_word(member.agency, member.role),
                agency: words(AGENCIES, member.agency),
            }
        })
        .collect()
}
