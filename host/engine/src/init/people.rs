//! Whom the floors protect: tables whose rows are people, and columns that say whose rows are.

use prodlike_core::schema::{Column, DataType, Schema, SemanticType, Table};
use prodlike_format::Notes;
use prodlike_generators::{PersonId, is_public_figures, people_of, person_id};

/// Fills `entities` with the tables whose rows are people, or all that is left of them, and
/// with the columns that name people whom no table does; says so in the notes.
///
/// A row that holds a person's own data is a person, unless it names somebody: an order with
/// an email address is its customer's. One that holds only an address belongs to whom it
/// refers, and is an entity where it refers to nobody. Rows with the same few addresses or
/// telephone numbers over and over are whose these are. Whoever looks after others (staff,
/// doctors) is whom a row is about only where it names nobody else.
pub(super) fn entities(
    schema: &mut Schema,
    n_rows: &[u64],
    distinct: &[Vec<u64>],
    notes: &mut Notes,
) {
    let ids: Vec<Vec<(usize, PersonId)>> = schema.tables.iter().map(ids).collect();
    let mut rows: Vec<bool> = (0..schema.tables.len())
        .map(|table| is_person(schema, table, &ids[table]))
        .collect();
    let people = rows.clone();
    for (index, table) in schema.tables.iter().enumerate() {
        let is_personal = table.columns.iter().any(|column| {
            matches!(
                column.semantic,
                SemanticType::Address | SemanticType::Postcode | SemanticType::Ip
            )
        });
        let refers_to_people = schema.relationships.iter().any(|relationship| {
            relationship.child_table == table.name
                && schema
                    .table_idx(&relationship.parent_table)
                    .is_some_and(|parent| people[parent])
        });
        let names_somebody = ids[index].iter().any(|(_, id)| !id.at_work);
        rows[index] |= is_personal && !refers_to_people && !names_somebody;
    }
    let repeated: Vec<(usize, usize)> = (0..rows.len())
        .filter(|&table| rows[table])
        .filter_map(|table| {
            let contact = repeated(schema, table, &ids[table], n_rows[table], &distinct[table]);
            Some((table, contact?))
        })
        .collect();
    for (table, _) in &repeated {
        rows[*table] = false;
    }
    let named = schema.tables.iter().zip(&rows).filter(|(_, rows)| **rows);
    schema.privacy.entities = named.map(|(table, _)| table.name.clone()).collect();
    for (table, column) in repeated {
        let count = distinct[table][column];
        let why = format!("its {count} distinct values repeat, each a protected entity");
        name(schema, table, column, &why, notes);
    }
    for at_work in [false, true] {
        // What refers to nothing first: references may then lead to it.
        for refers in [false, true] {
            let protected = schema.protected();
            for table in (0..rows.len()).filter(|&table| !rows[table]) {
                for (column, id) in &ids[table] {
                    let parents = parents(schema, table, *column);
                    let is_led = parents.iter().any(|&parent| protected[parent])
                        || at_work && protected[table];
                    if id.at_work == at_work && parents.is_empty() != refers && !is_led {
                        let why = format!(
                            "named like the identifier of a {}; {} distinct values, each a \
                             protected entity",
                            id.person, distinct[table][*column]
                        );
                        name(schema, table, *column, &why, notes);
                    }
                }
            }
        }
    }
    schema.privacy.entities.sort();
}

/// The columns of a table that hold somebody's identifier.
fn ids(table: &Table) -> Vec<(usize, PersonId)> {
    let could_be = |column: &Column| {
        let kind = &column.data_type;
        kind.is_exact_number()
            || kind.is_float()
            || matches!(kind, DataType::String | DataType::Uuid)
    };
    (0..table.columns.len())
        .filter(|&column| could_be(&table.columns[column]))
        .filter_map(|column| Some((column, person_id(&table.columns[column].name)?)))
        .collect()
}

/// Whether the rows of a table are people: by its key, by what it holds, or by its name.
fn is_person(schema: &Schema, index: usize, ids: &[(usize, PersonId)]) -> bool {
    let table = &schema.tables[index];
    if has_key_of_people(schema, index, ids) {
        return true;
    }
    let people = people_of(&table.name);
    let is_public = is_public_figures(&table.name);
    let holds_data = table
        .columns
        .iter()
        .any(|column| is_contact(column) || is_named(column) && !is_public);
    match people {
        // Customers with a `user_id` are no users, but visits of patients may be so called.
        Some(person) if holds_data => ids.iter().all(|(_, id)| id.person != person),
        person => {
            (holds_data || person.is_some() && !is_public) && ids.iter().all(|(_, id)| id.at_work)
        }
    }
}

/// Returns the contact data that says whose rows are, where the same comes again and again in a
/// table that is not called one of people.
fn repeated(
    schema: &Schema,
    index: usize,
    ids: &[(usize, PersonId)],
    n_rows: u64,
    distinct: &[u64],
) -> Option<usize> {
    let table = &schema.tables[index];
    if people_of(&table.name).is_some() || has_key_of_people(schema, index, ids) {
        return None;
    }
    let columns = || table.columns.iter().enumerate();
    let repeats = |column: usize| distinct[column].saturating_mul(10) < n_rows.saturating_mul(9);
    if columns().any(|(at, column)| (is_contact(column) || is_named(column)) && !repeats(at)) {
        return None;
    }
    columns()
        .filter(|(_, column)| is_contact(column) && column.semantic != SemanticType::DateOfBirth)
        .map(|(at, _)| at)
        .max_by_key(|&at| (distinct[at], std::cmp::Reverse(at)))
}

fn has_key_of_people(schema: &Schema, index: usize, ids: &[(usize, PersonId)]) -> bool {
    let table = &schema.tables[index];
    let is_key = |(column, id): &(usize, PersonId)| {
        let is_it = |key: &Vec<String>| key.len() == 1 && key[0] == table.columns[*column].name;
        let is_one = is_it(&table.primary_key) || !id.at_work && table.unique.iter().any(is_it);
        is_one && parents(schema, index, *column).is_empty()
    };
    ids.iter().any(is_key)
}

fn is_contact(column: &Column) -> bool {
    use SemanticType::{
        CardNumber, DateOfBirth, DocumentNumber, Email, Iban, NationalId, Phone, Username,
    };
    matches!(
        column.semantic,
        Email | Phone | Username | DateOfBirth | DocumentNumber | CardNumber | Iban | NationalId
    )
}

fn is_named(column: &Column) -> bool {
    match column.semantic {
        SemanticType::FirstName | SemanticType::LastName => true,
        // A track's composer is mentioned; a patient's name is the patient's.
        SemanticType::FullName => column.name.to_lowercase().contains("name"),
        _ => false,
    }
}

/// The other tables that a column refers to.
fn parents(schema: &Schema, table: usize, column: usize) -> Vec<usize> {
    let table = &schema.tables[table];
    let name = &table.columns[column].name;
    schema
        .relationships
        .iter()
        .filter(|it| it.child_table == table.name && !it.is_self_reference())
        .filter(|it| it.child_key.contains(name))
        .filter_map(|it| schema.table_idx(&it.parent_table))
        .collect()
}

/// Makes the values of a column entities.
fn name(schema: &mut Schema, table: usize, position: usize, why: &str, notes: &mut Notes) {
    let is_key = schema.relationships.iter().any(|relationship| {
        let (name, column) = (
            &schema.tables[table].name,
            &schema.tables[table].columns[position].name,
        );
        relationship.child_table == *name && relationship.child_key.contains(column)
            || relationship.parent_table == *name && relationship.parent_key.contains(column)
    });
    let table = &mut schema.tables[table];
    let is_key = is_key || table.primary_key.contains(&table.columns[position].name);
    let column = &mut table.columns[position];
    let entity = format!("{}.{}", table.name, column.name);
    if column.data_type == DataType::String && column.generator.is_none() && !is_key {
        column.semantic = SemanticType::Code;
        column.generator = Some(SemanticType::Code.as_str().to_string());
    }
    notes
        .columns
        .insert((table.name.clone(), column.name.clone()), why.to_string());
    let note = notes.tables.entry(table.name.clone()).or_default();
    *note += &format!(
        "{}`{}` says whose they are: strike \"{entity}\" from `entities` if they are nobody's",
        if note.is_empty() { "" } else { "; " },
        column.name
    );
    schema.privacy.entities.push(entity);
}
