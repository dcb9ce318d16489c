//! The OpenAPI 3.1 document, written from the table of operations.

use super::schema::schemas;
use super::{Operation, Verb, operations};
use axum::Json;
use serde_json::{Map, Value, json};

/// Answers that every operation can give instead of its own.
const ERRORS: [(&str, &str); 11] = [
    ("400", "The request cannot be read"),
    ("401", "No token, or not one of this machine"),
    ("403", "The role, the place or the person may not"),
    ("404", "Nothing of that name"),
    ("409", "It has changed, or is in another state"),
    ("413", "Too large"),
    ("415", "Not JSON"),
    ("422", "Refused: what was sent does not meet the rule"),
    ("429", "Too many attempts"),
    ("500", "A fault, with its number"),
    ("503", "Busy, or the database is away; again after Retry-After, with the same key"),
];

const ABOUT: &str = "The governed gate to household-registration data. Every command is decided by the \
    regulation of the caller's agency, and every act leaves an entry in its ledger.";

/// Answers the document.
pub async fn document() -> Json<Value> {
    Json(build())
}

/// Writes the document.
pub fn build() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let verb = match operation.verb {
            Verb::Get => "get",
            Verb::Post => "post",
        };
        let path = paths.entry(operation.path.to_string()).or_insert_with(|| json!({}));
        path[verb] = describe(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sluice",
            "version": env!("CARGO_PKG_VERSION"),
    "description": ABOUT,
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": { "token": {
                "type": "http", "scheme": "bearer",
                "description": "A token bound to one machine and one named person.",
            } },
        },
    })
}

fn describe(operation: &Operation) -> Value {
    let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let content = |name: &str| json!({ "application/json": { "schema": refer(name) } });
    let mut responses: Map<String, Value> = Map::new();
    let answer = json!({ "description": "Carried out", "content": content(operation.response) });
    responses.insert("200".into(), answer.clone());
    if operation.verb == Verb::Post {
        responses.insert("201".into(), answer);
    }
    for (status, description) in ERRORS {
        responses.insert(status.into(), json!({ "description": description, "content": content("Error") }));
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters(operation),
        "responses": responses,
    });
    if let Some(request) = operation.request {
        described["requestBody"] = json!({ "required": true, "content": content(request) });
    }
    described
}

fn parameter(name: &str, place: &str, required: bool) -> Value {
    json!({ "name": name, "in": place, "required": required, "schema": { "type": "string" } })
}

fn parameters(operation: &Operation) -> Value {
    let mut all = Vec::new();
    for part in operation.path.split('/') {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            all.push(parameter(name, "path", true));
        }
    }
    all.extend(operation.query.iter().map(|name| parameter(name, "query", false)));
    if operation.verb == Verb::Post {
        all.push(parameter("Idempotency-Key", "header", false));
    }
    all.push(parameter("Accept-Language", "header", false));
    Value::Array(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_is_described_under_a_name_of_its_own() {
        let document = build();
        let mut ids = BTreeSet::new();
        for operation in operations() {
            let verb = if operation.verb == Verb::Get { "get" } else { "post" };
            let described = &document["paths"][operation.path][verb];
            assert_eq!(described["operationId"], operation.id);
            assert!(ids.insert(operation.id), "{} twice", operation.id);
        }
        let described: usize =
            document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
        assert_eq!(described, operations().count());
    }

    #[test]
    fn every_reference_leads_somewhere_and_no_schema_is_idle() {
        let document = build();
        let known: BTreeSet<String> =
            document["components"]["schemas"].as_object().unwrap().keys().cloned().collect();
        let mut used = BTreeSet::new();
        walk(&document, &mut used);
        assert_eq!(used, known);
    }

    fn walk(value: &Value, used: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                    used.insert(target.trim_start_matches("#/components/schemas/").to_string());
                }
                map.values().for_each(|inner| walk(inner, used));
            }
            Value::Array(list) => list.iter().for_each(|inner| walk(inner, used)),
            _ => {}
        }
    }
}
