//! The options of a plugin, read from its JSON Schema for people.

use prodlike_core::words::aligned;
use prodlike_engine::plugins::shown;
use serde_json::{Map, Value};

/// How far definitions are followed, and how many of them side by side: a schema is a plugin's.
const DEPTH: usize = 4;
const WAYS: usize = 16;

/// Returns a line for each option: its name, what it may be, what it is where nothing is said,
/// and what for. What is no plain type is called JSON.
pub(crate) fn lines(schema: &Map<String, Value>) -> String {
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return String::new();
    };
    let needed = schema.get("required").and_then(Value::as_array);
    let is_needed = |name: &str| needed.is_some_and(|all| all.iter().any(|it| it == name));
    let line = |(name, property): (&String, &Value)| {
        let default = match property.get("default") {
            _ if is_needed(name) => "needed".to_string(),
            None | Some(Value::Null) => String::new(),
            Some(value) => format!("default {value}"),
        };
        vec![
            format!("  {}", shown(name)),
            shown(&kind(schema, property, 0).unwrap_or_else(|| "JSON".into())),
            shown(&default),
            shown(&about(property)),
        ]
    };
    aligned(&properties.iter().map(line).collect::<Vec<_>>(), &[])
}

fn about(property: &Value) -> String {
    let text = property.get("description").and_then(Value::as_str);
    let words = text.unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

/// Says what a property may be; `None` where that takes more than a few words, as of what is
/// defined by itself.
fn kind(schema: &Map<String, Value>, property: &Value, depth: usize) -> Option<String> {
    if depth > DEPTH {
        return None;
    }
    let kind = |of: &Value| kind(schema, of, depth + 1);
    if let Some(name) = property.get("$ref").and_then(Value::as_str) {
        return kind(schema.get("$defs")?.get(name.strip_prefix("#/$defs/")?)?);
    }
    for among in ["oneOf", "anyOf"] {
        if let Some(ways) = property.get(among).and_then(Value::as_array) {
            let is_null = |way: &&Value| way.get("type").is_some_and(|it| it == "null");
            let ways: Vec<&Value> = ways.iter().filter(|way| !is_null(way)).collect();
            if ways.len() > WAYS {
                return None;
            }
            let ways: Option<Vec<String>> = ways.into_iter().map(kind).collect();
            return Some(ways?.join(" | "));
        }
    }
    if let Some(value) = property.get("const") {
        return Some(value.to_string());
    }
    if let Some(values) = property.get("enum").and_then(Value::as_array) {
        let values = values.iter().filter(|value| !value.is_null());
        return Some(values.map(Value::to_string).collect::<Vec<_>>().join(" | "));
    }
    let types = match property.get("type")? {
        Value::String(one) => vec![one.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let types: Vec<&str> = types.into_iter().filter(|it| *it != "null").collect();
    let [one] = types[..] else {
        return None;
    };
    let bound = |name: &str| property.get(name).map(Value::to_string);
    Some(match (one, bound("minimum"), bound("maximum")) {
        ("array", ..) => format!("list of {}", kind(property.get("items")?)?),
        ("object", ..) => {
            format!("table of {}", kind(property.get("additionalProperties")?)?)
        }
        ("string", ..) => "text".into(),
        ("boolean", ..) => "true | false".into(),
        (number, Some(least), Some(most)) => format!("{number} from {least} to {most}"),
        (number, Some(least), None) => format!("{number} from {least}"),
        (number, None, Some(most)) => format!("{number} up to {most}"),
        (number, None, None) => number.into(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::lines;

    #[test]
    fn options_are_told() {
        let schema = json!({
            "type": "object",
            "properties": {
                "digits": { "type": "integer", "minimum": 16, "maximum": 64, "default": 32,
                    "description": "Digits\nthat are kept." },
                "script": { "$ref": "#/$defs/Script", "default": "own" },
                "stand_in": { "type": ["string", "null"], "default": null },
                "tags": { "type": "object", "additionalProperties": { "type": "string" } },
                "ways": { "type": "array", "items": { "$ref": "#/$defs/Script" } },
                "odd": { "type": ["string", "integer"] },
                "circle": { "$ref": "#/$defs/Circle" },
            },
            "required": ["tags"],
            "$defs": {
                "Script": { "oneOf": [{ "const": "own" }, { "enum": ["latin"] }] },
                "Circle": { "oneOf": [{ "$ref": "#/$defs/Circle" }, { "$ref": "#/$defs/Circle" }] },
            },
        });
        let Value::Object(schema) = schema else {
            panic!("it is an object")
        };
        let told = lines(&schema);
        let cells = |line| str::split(line, "  ").map(str::trim);
        let told: Vec<Vec<&str>> = (told.lines())
            .map(|line| cells(line).filter(|it| !it.is_empty()).collect())
            .collect();
        assert_eq!(
            told,
            [
                vec![
                    "digits",
                    "integer from 16 to 64",
                    "default 32",
                    "Digits that are kept."
                ],
                vec!["script", "\"own\" | \"latin\"", "default \"own\""],
                vec!["stand_in", "text"],
                vec!["tags", "table of text", "needed"],
                vec!["ways", "list of \"own\" | \"latin\""],
                vec!["odd", "JSON"],
                vec!["circle", "JSON"],
            ]
        );
    }
}
