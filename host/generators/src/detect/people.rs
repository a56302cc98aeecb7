//! Whose rows are: what names of tables and columns say of people.

use super::lexicon::{AT_WORK, IDENTIFIERS, NUMBER, PARENTS, PEOPLE, PERSONS_BY_PART};
use super::lexicon::{PUBLIC_FIGURES, QUESTIONS};
use crate::tokens::{singular, tokens};

/// Of whom a column holds an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonId {
    /// The word for the person, in the singular.
    pub person: String,
    /// Whether the person looks after others (staff, drivers, doctors), whom a row that names
    /// both is about.
    pub at_work: bool,
}

/// Returns of whom a column holds an identifier, by its name: `patient_id`, `kundennr`,
/// `id_cliente`. Public figures are not meant.
pub fn person_id(column: &str) -> Option<PersonId> {
    let words = tokens(column);
    let is_key = |word: &str| IDENTIFIERS.contains(&word) || NUMBER.contains(&word);
    let person = match words.as_slice() {
        [.., word] if word == "uid" => "user".into(),
        [.., person, key] if is_key(key) => person_word(person)?,
        // A number of clients counts them, and so does `num_client`.
        [key, person] if is_key(key) && !QUESTIONS.contains(&key.as_str()) => {
            person_word(person).filter(|one| one == person && !one.ends_with('i'))?
        }
        // `userid` is a word of its own.
        [.., word] => IDENTIFIERS
            .iter()
            .chain(NUMBER)
            .find_map(|key| person_word(word.strip_suffix(key)?))?,
        [] => return None,
    };
    // `user_agent_id` is a browser's.
    let is_browser = words.windows(2).any(|pair| pair == ["user", "agent"]);
    (!is_browser).then(|| PersonId {
        at_work: AT_WORK.contains(&person.as_str()),
        person,
    })
}

/// Returns what people the rows of a table are, by its name: `patient`. Public figures are not
/// meant.
pub fn people_of(table: &str) -> Option<String> {
    person_word(tokens(table).last()?)
}

/// Whether the name of a table is that of public figures, whom nothing protects.
pub fn is_public_figures(table: &str) -> bool {
    let table = table.to_lowercase();
    PUBLIC_FIGURES.iter().any(|word| table.contains(word))
}

fn person_word(word: &str) -> Option<String> {
    let one = singular(word);
    let is_any = |words: &[&str]| words.contains(&one.as_str()) || words.contains(&word);
    (is_any(PEOPLE) || is_any(PERSONS_BY_PART))
        .then_some(())
        .filter(|()| !is_any(PUBLIC_FIGURES) && !is_any(PARENTS) && one != "actress")
        .map(|()| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(column: &str) -> Option<(String, bool)> {
        person_id(column).map(|id| (id.person, id.at_work))
    }

    #[test]
    fn identifiers_of_people() {
        for (column, word) in [
            ("patient_id", "patient"),
            ("PatientID", "patient"),
            ("customer_code", "customer"),
            ("user_id", "user"),
            ("userid", "user"),
            ("uid", "user"),
            ("user_hash", "user"),
            ("member_no", "member"),
            ("student_number", "student"),
            ("kunden_nr", "kunden"),
            ("Kundennummer", "kunden"),
            ("custkey", "cust"),
            ("id_cliente", "cliente"),
            ("codigo_paciente", "paciente"),
            ("会員番号", "会員"),
            ("billing_customer_id", "customer"),
        ] {
            assert_eq!(person(column), Some((word.into(), false)), "{column}");
        }
        for column in ["employee_id", "empno", "driver_id", "mitarbeiter_nr"] {
            assert!(person_id(column).is_some_and(|id| id.at_work), "{column}");
        }
    }

    #[test]
    fn other_identifiers() {
        for column in [
            "track_id",
            "product_id",
            "order_no",
            "artist_id",
            "author_id",
            "actor_id",
            "director_key",
            "customer_segment_id",
            "patient_type_code",
            "user_agent_id",
            "driver_license_number",
            "mother_id",
            "customer",
            "guests",
            "no_of_guests",
            "num_passengers",
            "numero_clienti",
            "id",
            "valid",
            "",
        ] {
            assert_eq!(person_id(column), None, "{column}");
        }
    }

    #[test]
    fn tables_of_people() {
        assert_eq!(people_of("patients").as_deref(), Some("patient"));
        assert_eq!(people_of("dim_customer").as_deref(), Some("customer"));
        for table in [
            "orders",
            "customer_types",
            "artists",
            "admissions",
            "film_actor",
        ] {
            assert_eq!(people_of(table), None, "{table}");
        }
    }
}
