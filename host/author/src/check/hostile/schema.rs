//! Options that are made of a JSON Schema: near to what it wants, and wrong in one place or
//! several.

use serde_json::{Map, Value, json};

use crate::check::data::mix;

/// Levels of a schema that are followed: it may refer to itself.
const DEPTH: usize = 6;
/// Items that a long list has.
const LONG: usize = 1_000;

/// Returns options that differ from good ones: in one place, every way, and then `n_several`
/// that do in two.
pub(super) fn hostile(
    schema: &Map<String, Value>,
    bases: &[Value],
    n_several: usize,
) -> Vec<Value> {
    let root = Value::Object(schema.clone());
    let mut bases = bases.to_vec();
    bases.push(instance(&root, &root, DEPTH));
    let mut singles: Vec<Value> = Vec::new();
    let mut parts: Vec<(Value, Vec<Place>)> = Vec::new();
    for base in bases {
        let mut places = Vec::new();
        walk(&root, &root, &base, &mut Vec::new(), DEPTH, &mut places);
        for place in &places {
            singles.push(replaced(&base, &place.path, Some(place.value.clone())));
        }
        let mut paths: Vec<&Vec<Step>> = places.iter().map(|place| &place.path).collect();
        paths.dedup();
        for path in paths {
            singles.push(replaced(&base, path, None));
        }
        for key in ["", "unknown", "__proto__", "ключ", "a/b~c"] {
            let path = [Step::Key(key.to_owned())];
            singles.push(replaced(&base, &path, Some(json!(1))));
        }
        parts.push((base, places));
    }
    for not_options in [json!(null), json!([]), json!("x"), json!(1), json!({})] {
        singles.push(not_options);
    }
    // Whoever looks at some of them only sees all sorts.
    let mut order: Vec<(u64, Value)> = (0..).map(mix).zip(singles).collect();
    order.sort_by_key(|(place, _)| *place);
    let mut hostile: Vec<Value> = order.into_iter().map(|(_, options)| options).collect();
    parts.retain(|(_, places)| !places.is_empty());
    let mut draws = (0u64..).map(mix);
    for (base, places) in parts.iter().cycle().take(n_several) {
        let two = draws.by_ref().take(2);
        let options = two.fold(base.clone(), |options, draw| {
            let place = &places[(draw % places.len() as u64) as usize];
            replaced(&options, &place.path, Some(place.value.clone()))
        });
        hostile.push(options);
    }
    hostile
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// A place within options, and what could stand there.
struct Place {
    path: Vec<Step>,
    value: Value,
}

/// Returns what a reference leads to, and the first way of several that is not NULL.
fn resolved<'a>(root: &'a Value, schema: &'a Value, depth: usize) -> &'a Value {
    if depth == 0 {
        return schema;
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        return root
            .pointer(pointer)
            .map_or(schema, |schema| resolved(root, schema, depth - 1));
    }
    for several in ["anyOf", "oneOf", "allOf"] {
        if let Some(ways) = schema.get(several).and_then(Value::as_array) {
            let way = ways
                .iter()
                .find(|way| way.get("type") != Some(&json!("null")));
            if let Some(way) = way {
                return resolved(root, way, depth - 1);
            }
        }
    }
    schema
}

fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null"),
        _ => None,
    }
}

/// Returns a value as the schema wants it, with all that it may have.
fn instance(root: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(root, schema, DEPTH);
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(value) = schema.get("enum").and_then(|values| values.get(0)) {
        return value.clone();
    }
    let Some(depth) = depth.checked_sub(1) else {
        return Value::Null;
    };
    match type_of(schema) {
        Some("object") => {
            let mut members = Map::new();
            if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
                for (name, schema) in properties {
                    members.insert(name.clone(), instance(root, schema, depth));
                }
            } else if let Some(values) = schema.get("additionalProperties") {
                members.insert("a".to_owned(), instance(root, values, depth));
            }
            Value::Object(members)
        }
        Some("array") => match schema.get("items") {
            Some(items) => json!([instance(root, items, depth)]),
            None => json!([]),
        },
        Some("string") => json!("a"),
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        _ => Value::Null,
    }
}

/// Lists places within a value, each with values that could be put there.
fn walk(
    root: &Value,
    schema: &Value,
    value: &Value,
    path: &mut Vec<Step>,
    depth: usize,
    places: &mut Vec<Place>,
) {
    let schema = resolved(root, schema, DEPTH);
    if !path.is_empty() {
        for value in replacements(root, schema, value) {
            places.push(Place {
                path: path.clone(),
                value,
            });
        }
    }
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, schema) in properties.into_iter().flatten() {
        let default = instance(root, schema, depth);
        let value = value.get(name).unwrap_or(&default);
        path.push(Step::Key(name.clone()));
        walk(root, schema, value, path, depth, places);
        path.pop();
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (index, value) in values.iter().enumerate().take(2) {
            path.push(Step::Index(index));
            walk(root, items, value, path, depth, places);
            path.pop();
        }
    }
    if let (None, Some(values), Some(members)) = (
        properties,
        schema
            .get("additionalProperties")
            .filter(|values| values.is_object()),
        value.as_object(),
    ) {
        for (name, value) in members.iter().take(2) {
            path.push(Step::Key(name.clone()));
            walk(root, values, value, path, depth, places);
            path.pop();
        }
    }
}

/// Returns what could stand in a place: wrong types, extremes of the right one.
fn replacements(root: &Value, schema: &Value, value: &Value) -> Vec<Value> {
    let mut values = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(0.5),
        json!(""),
        json!("a"),
        json!([]),
        json!({}),
        json!([[[[]]]]),
    ];
    match type_of(schema) {
        Some("integer") => {
            values.extend(
                [
                    1,
                    2,
                    255,
                    256,
                    65_536,
                    i64::MAX,
                    i64::MIN,
                    i64::from(u32::MAX),
                ]
                .map(|number| json!(number)),
            );
            values.extend([json!(u64::MAX), json!(1e300), json!(1.0)]);
        }
        Some("number") => {
            values.extend(
                [1e-300, 5e-324, 1e300, -1e300, f64::MAX, -0.0, 1e18, 0.1]
                    .map(|number| json!(number)),
            );
            values.extend([json!(u64::MAX), json!(i64::MIN)]);
        }
        Some("string") => {
            let long = "x".repeat(1 << 16);
            values.extend(
                [
                    " ", "\0", "ä🙂", "\u{202e}", "{", "}", "{}", "{{a}}", "####", "%s", "-1",
                    "1e9",
                ]
                .map(|text| json!(text)),
            );
            values.push(json!(long));
        }
        Some("array") => {
            let item = match (schema.get("items"), value.get(0)) {
                (_, Some(item)) => item.clone(),
                (Some(items), None) => instance(root, items, DEPTH),
                (None, None) => json!(1),
            };
            values.push(json!([item, item]));
            values.push(Value::Array(vec![item.clone(); LONG]));
            values.push(json!([item, null]));
        }
        Some("object") => {
            if let Some(items) = schema.get("additionalProperties").filter(|v| v.is_object()) {
                let item = instance(root, items, DEPTH);
                let names = (0..LONG).map(|name| (name.to_string(), item.clone()));
                values.push(Value::Object(names.collect()));
                values.push(json!({"": item, "\0": item, "ä": item}));
            }
        }
        _ => {}
    }
    for bound in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
        let Some(bound) = schema.get(bound) else {
            continue;
        };
        values.push(bound.clone());
        if let Some(bound) = bound.as_i64() {
            values.push(json!(bound.saturating_sub(1)));
            values.push(json!(bound.saturating_add(1)));
        }
    }
    let listed = schema.get("enum").and_then(Value::as_array);
    values.extend(listed.into_iter().flatten().cloned());
    for ways in ["oneOf", "anyOf"] {
        let ways = schema.get(ways).and_then(Value::as_array);
        let constants = ways.into_iter().flatten();
        values.extend(constants.filter_map(|way| way.get("const").cloned()));
    }
    values
}

/// Returns a value with another in one place, or without what is there.
fn replaced(value: &Value, path: &[Step], by: Option<Value>) -> Value {
    let Some((step, rest)) = path.split_first() else {
        return by.unwrap_or(Value::Null);
    };
    match step {
        Step::Key(key) => {
            let mut members = value.as_object().cloned().unwrap_or_default();
            if rest.is_empty() && by.is_none() {
                members.remove(key);
            } else {
                let inner = members.get(key).cloned().unwrap_or(Value::Null);
                members.insert(key.clone(), replaced(&inner, rest, by));
            }
            Value::Object(members)
        }
        Step::Index(index) => {
            let mut items = value.as_array().cloned().unwrap_or_default();
            if items.len() <= *index {
                items.resize(index + 1, Value::Null);
            }
            if rest.is_empty() && by.is_none() {
                items.remove(*index);
            } else if let Some(item) = items.get_mut(*index) {
                *item = replaced(&item.clone(), rest, by);
            }
            Value::Array(items)
        }
    }
}
