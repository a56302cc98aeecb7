use std::collections::HashSet;

use prodlike_sdk::testing::{Job, Table};

use super::*;

fn text(name: &str, semantic: &str, values: &[Option<&str>]) -> (Field, Column) {
    let texts: Utf8Builder = values.iter().copied().collect();
    (
        Field::utf8(name).semantic(semantic).nullable(true),
        texts.finish(),
    )
}

#[test]
fn outputs_of_a_row_are_one_company() {
    let outputs = ["name", "legal_form", "trade", "domain"];
    let table = Job::new("{}")
        .wanted(&outputs)
        .generate::<Company>()
        .unwrap();
    let columns: Vec<Vec<&str>> = (0..4)
        .map(|it| table.text(it).into_iter().flatten().collect())
        .collect();
    let cell = |column: usize, row: usize| columns[column][row];
    for row in 0..1000 {
        let [name, form, trade, domain] = [0, 1, 2, 3].map(|column| cell(column, row));
        let rest = name.strip_suffix(form).unwrap().trim_end();
        assert!(
            rest.starts_with(trade) || rest.ends_with(trade),
            "{name} {trade}"
        );
        assert_eq!(domain, format!("{}.example", label(rest)));
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte == b'-' || byte == b'.';
        assert!(domain.bytes().all(allowed), "{domain}");
    }
}

#[test]
fn forms_are_those_of_the_country() {
    let input = Table::new([text(
        "land",
        "country",
        &[Some("Germany"), Some("GB"), Some("FR"), None],
    )]);
    let job = Job::new("{}")
        .locale("sv_SE")
        .input(input)
        .wanted(&["legal_form", "name"]);
    for seed in 0..30 {
        let table = job.clone().seed(seed).generate::<Company>().unwrap();
        let forms = table.text(0);
        for (form, code) in forms.into_iter().flatten().zip(["DE", "GB", "FR", "SE"]) {
            let (_, land) = words::lands()
                .into_iter()
                .find(|(it, _)| *it == code)
                .unwrap();
            assert!(land.forms.contains(&form), "{code} {form}");
        }
    }
}

#[test]
fn domain_and_form_follow_a_name_that_is_shown() {
    let input = Table::new([
        text(
            "land",
            "country",
            &[Some("DE"), Some("DE"), Some("DE"), Some("DE")],
        ),
        text(
            "firma",
            "company",
            &[
                Some("Müller & Söhne GmbH & Co. KG"),
                Some("Rosenberg Möbel AG"),
                Some("!"),
                None,
            ],
        ),
    ]);
    let job = Job::new("{}")
        .input(input)
        .wanted(&["domain", "legal_form"]);
    let table = job.generate::<Company>().unwrap();
    let domains: Vec<&str> = table.text(0).into_iter().flatten().collect();
    assert_eq!(
        domains[..2],
        ["mueller-soehne.example", "rosenberg-moebel.example"]
    );
    assert!(
        domains[2..].iter().all(|domain| domain.len() > 10),
        "{domains:?}"
    );
    assert_eq!(table.text(1)[..2], [Some("GmbH & Co. KG"), Some("AG")]);
}

#[test]
fn unique_names_do_not_repeat() {
    let job = Job::new("{}").rows(20_000).unique();
    let table = job.clone().wanted(&["name"]).generate::<Company>().unwrap();
    assert_eq!(
        table.text(0).into_iter().collect::<HashSet<_>>().len(),
        20_000
    );
    assert!(job.wanted(&["domain"]).configure::<Company>().is_err());
    assert_eq!(coined(0), "Babababa");
    assert_eq!(coined(80u64.pow(4) - 1), "Zuzuzuzu");
}
