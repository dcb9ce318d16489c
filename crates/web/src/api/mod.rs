//! The JSON API: the same commands as the pages, one table of operations.
//!
//! [`operations`] mounts the routes and writes the OpenAPI document, so neither can know of an
//! operation that the other does not.

mod account;
pub mod answer;
mod application;
pub mod call;
mod case;
mod directory;
mod duty;
mod grant;
mod json;
mod ledger;
mod letter;
mod link;
mod lookup;
mod openapi;
mod regulation;
mod schema;

pub use call::{Call, Reply};
pub(crate) use json::kind;

use crate::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::routing::{MethodFilter, get, on};

/// How an operation is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Carries out a command.
    Post,
}

/// One operation of the API.
pub struct Operation {
    /// How it is called.
    pub verb: Verb,
    /// Where, with `{name}` for what varies.
    pub path: &'static str,
    /// Its name for generated clients.
    pub id: &'static str,
    /// What it does, in one English line.
    pub summary: &'static str,
    /// What the query may name.
    pub query: &'static [&'static str],
    /// The schema of the body, if there is one.
    pub request: Option<&'static str>,
    /// The schema of the answer.
    pub response: &'static str,
    /// Carries it out.
    pub handler: fn(Call) -> Reply,
}

const fn read(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation {
        verb: Verb::Get,
        path,
        id,
        summary,
        query: &[],
        request: None,
        response: "Empty",
        handler: lookup::list,
    }
}

/// Every operation.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    let people = directory::OPERATIONS.iter().chain(directory::exception::OPERATIONS);
    let accounts = account::OPERATIONS.iter().chain(account::inventory::OPERATIONS);
    OPERATIONS.iter().chain(people).chain(accounts)
}

/// Every operation but those of capabilities that list their own.
const OPERATIONS: &[Operation] = &[
    Operation {
        response: "Draft",
        query: &["case"],
        handler: lookup::draft,
        ..read("/api/v1/lookups/draft", "draftLookup", "What a case fills in, and what may be asked")
    },
    Operation {
        response: "Records",
        query: &["state", "case", "code", "after"],
        handler: lookup::records::list,
        ..read("/api/v1/lookups", "listLookups", "Records that the caller may see, fifty at a time")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Find"),
        response: "Records",
        handler: lookup::records::find,
        ..read(
            "/api/v1/lookups/search",
            "findLookups",
            "Records about one subject, under an entry of its own",
        )
    },
    Operation {
        verb: Verb::Post,
        request: Some("Ask"),
        response: "Result",
        handler: lookup::ask,
        ..read("/api/v1/lookups", "askLookup", "Look somebody up, or send the request to be stamped first")
    },
    Operation {
        response: "Record",
        handler: lookup::records::one,
        ..read("/api/v1/lookups/{code}", "getLookup", "One record with its history and next steps")
    },
    Operation {
        verb: Verb::Post,
        response: "Result",
        handler: lookup::run,
        ..read("/api/v1/lookups/{code}/run", "runLookup", "Carry out a request that was stamped beforehand")
    },
    Operation {
        verb: Verb::Post,
        response: "Result",
        handler: lookup::review,
        ..read(
            "/api/v1/lookups/{code}/review",
            "reviewLookup",
            "See the parked answer again, under an entry of its own",
        )
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: lookup::hidden,
        ..read("/api/v1/lookups/{code}/hidden", "hideLookup", "Say that the answer is no longer shown")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Correct"),
        response: "Empty",
        handler: lookup::records::correct,
        ..read(
            "/api/v1/lookups/{code}/correct",
            "correctLookup",
            "Correct a returned record and send it again",
        )
    },
    Operation {
        response: "Queue",
        query: &["open"],
        handler: lookup::countersign::queue,
        ..read("/api/v1/countersign", "getQueue", "Rows that wait for the caller's stamp")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Verdict"),
        response: "Empty",
        handler: lookup::countersign::judge,
        ..read("/api/v1/countersign/{code}", "judgeRecord", "Judge a row that was opened")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Stamp"),
        response: "Batch",
        handler: lookup::countersign::stamp,
        ..read("/api/v1/countersign", "stampRecords", "Stamp many rows at once, with the second factor")
    },
    Operation {
        response: "Applications",
        query: &["own", "others"],
        handler: application::list,
        ..read(
            "/api/v1/applications",
            "listApplications",
            "What waits for the caller, and what the caller wrote",
        )
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewApplication"),
        response: "Code",
        handler: application::write,
        ..read(
            "/api/v1/applications",
            "writeApplication",
            "Keep the form of an application, or put it forward",
        )
    },
    Operation {
        response: "Application",
        query: &["version"],
        handler: application::one,
        ..read("/api/v1/applications/{code}", "getApplication", "One application with its form and its way")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Give"),
        response: "Empty",
        handler: application::stamp,
        ..read("/api/v1/applications/{code}/stamp", "stampApplication", "Act at the step that has it")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: application::claim,
        ..read("/api/v1/applications/{code}/claim", "claimApplication", "Take the step on, or take it over")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: application::release,
        ..read(
            "/api/v1/applications/{code}/release",
            "releaseApplication",
            "Let go of the step, or lift what somebody else took on",
        )
    },
    Operation {
        verb: Verb::Post,
        request: Some("Consult"),
        response: "Empty",
        handler: application::consult,
        ..read("/api/v1/applications/{code}/consult", "consult", "Ask colleagues for their opinion")
    },
    Operation {
        verb: Verb::Post,
        request: Some("ReplyTo"),
        response: "Empty",
        handler: application::reply,
        ..read("/api/v1/applications/{code}/reply", "replyTo", "Answer what one was asked, or decline to")
    },
    Operation {
        verb: Verb::Post,
        request: Some("ReadAttachment"),
        response: "Attachment",
        handler: application::attachment,
        ..read(
            "/api/v1/applications/{code}/attachment",
            "readAttachment",
            "A file that travels with an application, under an entry of its own",
        )
    },
    Operation {
        verb: Verb::Post,
        request: Some("Weigh"),
        response: "Affected",
        handler: regulation::replay,
        ..read(
            "/api/v1/versions/{digest}/replay",
            "replayVersion",
            "What a version that waits would have changed; `before` goes on where an answer ended",
        )
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: application::remind,
        ..read("/api/v1/applications/{code}/remind", "remindApplication", "Remind those whose turn it is")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: application::withdraw,
        ..read("/api/v1/applications/{code}/withdraw", "withdrawApplication", "Take an application back")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: application::cancel,
        ..read("/api/v1/applications/{code}/cancel", "cancelApplication", "Give an application up")
    },
    Operation {
        response: "Cases",
        handler: case::list,
        ..read("/api/v1/cases", "listCases", "Cases of the caller's unit")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewCase"),
        response: "Case",
        handler: case::register,
        ..read("/api/v1/cases", "registerCase", "Register a case with its persons")
    },
    Operation {
        response: "Consents",
        handler: grant::list,
        ..read("/api/v1/consents", "listConsents", "Consents of the caller's unit")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewConsent"),
        response: "Consent",
        handler: grant::give,
        ..read("/api/v1/consents", "giveConsent", "Give the consent that the rule wants before use")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: grant::end,
        ..read("/api/v1/consents/{id}/end", "endConsent", "End a consent")
    },
    Operation {
        response: "Permissions",
        query: &["item"],
        handler: grant::permissions,
        ..read(
            "/api/v1/permissions",
            "listPermissions",
            "Who may look up what; `item=…`: who may look that up",
        )
    },
    Operation {
        response: "PermissionWhole",
        handler: grant::one,
        ..read("/api/v1/permissions/{id}", "getPermission", "One permission, and all that it rests on")
    },
    Operation {
        verb: Verb::Post,
        request: Some("StopPermission"),
        response: "Empty",
        handler: grant::stop,
        ..read("/api/v1/permissions/{id}/stop", "stopPermission", "Stop a permission ex officio")
    },
    Operation {
        response: "Duties",
        query: &["tab", "kind", "after"],
        handler: duty::list,
        ..read(
            "/api/v1/duties",
            "listDuties",
            "What the caller owes and watches over; `tab=done`: what is done",
        )
    },
    Operation { response: "Duty", handler: duty::one, ..read("/api/v1/duties/{id}", "getDuty", "One duty") },
    Operation {
        verb: Verb::Post,
        request: Some("Fulfil"),
        response: "Empty",
        handler: duty::fulfil,
        ..read("/api/v1/duties/{id}/fulfil", "fulfilDuty", "Say that a duty is done")
    },
    Operation {
        verb: Verb::Post,
        request: Some("ReadAttachment"),
        response: "Attachment",
        handler: duty::file,
        ..read(
            "/api/v1/duties/{id}/file",
            "readCertificate",
            "A file that shows that a duty was done, under an entry of its own",
        )
    },
    Operation {
        response: "Links",
        handler: link::list,
        ..read("/api/v1/links", "listLinks", "Links of the caller's agency, and reviews that the caller owes")
    },
    Operation {
        response: "LinkDetail",
        handler: link::one,
        ..read("/api/v1/links/{code}", "getLink", "One link with its bodies, its test and its reviews")
    },
    Operation {
        verb: Verb::Post,
        request: Some("LinkTest"),
        response: "Empty",
        handler: link::test,
        ..read("/api/v1/links/{code}/test", "testLink", "Enter a link test")
    },
    Operation {
        verb: Verb::Post,
        request: Some("LinkEnd"),
        response: "Empty",
        handler: link::end,
        ..read("/api/v1/links/{code}/end", "endLink", "Decide that a link ends, as early as the rule allows")
    },
    Operation {
        verb: Verb::Post,
        request: Some("LinkNeed"),
        response: "Empty",
        handler: link::need,
        ..read("/api/v1/links/{code}/need", "needLink", "Say that a link which nobody uses is needed")
    },
    Operation {
        verb: Verb::Post,
        request: Some("LinkReview"),
        response: "Empty",
        handler: link::review,
        ..read("/api/v1/link-reviews/{id}", "reviewLinks", "Say of every link whether it is needed")
    },
    Operation {
        response: "Mail",
        handler: letter::show,
        ..read("/api/v1/settings/mail", "getMail", "How the caller is told by mail that something waits")
    },
    Operation {
        verb: Verb::Post,
        request: Some("SetMail"),
        response: "Empty",
        handler: letter::set,
        ..read("/api/v1/settings/mail", "setMail", "Change how the caller is told by mail")
    },
    Operation {
        response: "Todo",
        handler: lookup::records::todo,
        ..read("/api/v1/todo", "listTodo", "What waits for the caller")
    },
    Operation {
        response: "Verification",
        handler: ledger::verify,
        ..read("/api/v1/ledger/{code}", "verifyRecord", "Prove what the ledger says about a record code")
    },
    Operation {
        response: "Board",
        handler: ledger::board,
        ..read("/api/v1/compliance", "getBoard", "The live state of every clause of the rule")
    },
];

/// The routes of all operations and the document that describes them.
pub fn routes() -> Router<App> {
    let mut router = Router::new().route("/api/v1/openapi.json", get(openapi::document));
    for operation in operations() {
        let filter = match operation.verb {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
        };
        let handler = move |State(app): State<App>, request: Request| call::run(operation, app, request);
        router = router.route(operation.path, on(filter, handler));
    }
    router
}
