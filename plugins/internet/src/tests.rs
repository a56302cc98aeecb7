use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use prodlike_sdk::testing::{Job, Table};

use super::*;

fn generated(job: Job, outputs: &[&str]) -> Vec<Vec<String>> {
    let table = job.wanted(outputs).generate::<Internet>().unwrap();
    let column = |column| {
        table
            .text(column)
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect()
    };
    (0..outputs.len()).map(column).collect()
}

#[test]
fn what_a_row_has_is_of_one_domain_and_one_browser() {
    let outputs = [
        "email",
        "url",
        "domain",
        "user_agent",
        "browser",
        "platform",
    ];
    let made = generated(Job::new("{}"), &outputs);
    let cell = |column: usize, row: usize| &made[column][row];
    for row in 0..1000 {
        let [email, url, domain, agent, browser, platform] =
            [0, 1, 2, 3, 4, 5].map(|column| cell(column, row));
        assert_eq!(email.split_once('@').unwrap().1, domain);
        assert!(url.starts_with(&format!("https://www.{domain}/")), "{url}");
        assert!(domain.ends_with(".example"));
        let token = match browser.as_str() {
            "Edge" => "Edg/",
            "Samsung Internet" => "SamsungBrowser/",
            browser => browser,
        };
        let system = match platform.as_str() {
            "macOS" => "Mac OS X",
            "iOS" => "iPhone",
            platform => platform,
        };
        assert!(
            agent.contains(token) && agent.contains(system),
            "{agent} {browser} {platform}"
        );
    }
}

#[test]
fn networks_are_those_for_documentation() {
    let made = generated(Job::new("{}"), &["ipv4", "ipv6", "mac_address"]);
    let cell = |column: usize, row: usize| made[column][row].as_str();
    for row in 0..1000 {
        assert!(cell(0, row).parse::<Ipv4Addr>().unwrap().is_documentation());
        let address: Ipv6Addr = cell(1, row).parse().unwrap();
        assert_eq!(address.segments()[..2], [0x2001, 0xdb8]);
        assert!(is_mac(cell(2, row)));
        let first = u8::from_str_radix(&cell(2, row)[..2], 16).unwrap();
        assert_eq!(first & 3, 2, "{}", cell(2, row));
    }
}

#[test]
fn addresses_follow_names() {
    let names = |name, values: [Option<&str>; 3]| {
        let texts: Utf8Builder = values.into_iter().collect();
        (
            Field::utf8(name).semantic(name).nullable(true),
            texts.finish(),
        )
    };
    let input = Table::new([
        names("first_name", [Some("Zoë"), Some("花子"), None]),
        names("last_name", [Some("Łuczak"), Some("Sato"), None]),
    ]);
    for job in [
        Job::new("{}").input(input.clone()),
        Job::new("{}").input(input).unique(),
    ] {
        let made = generated(job, &["email"]);
        assert!(made[0][0].starts_with("zoe.luczak"), "{:?}", made[0]);
        assert!(made[0][1].starts_with("sato"), "{:?}", made[0]);
        assert!(made[0].iter().all(|email| is_email(email)));
    }
}

#[test]
fn unique_values_do_not_repeat() {
    let job = |rows| Job::new(r#"{"ipv4": "private"}"#).rows(rows).unique();
    for output in ["email", "url", "ipv4", "ipv6", "mac_address"] {
        let made = generated(job(20_000), &[output]);
        assert_eq!(
            made[0].iter().collect::<HashSet<_>>().len(),
            20_000,
            "{output}"
        );
    }
    assert!(
        job(10)
            .wanted(&["user_agent"])
            .configure::<Internet>()
            .is_err()
    );
    let job = Job::new("{}").rows(763).unique().wanted(&["ipv4"]);
    let error = job.generate::<Internet>().unwrap_err().to_string();
    assert!(
        error.contains("763 rows want different values, and there are 762"),
        "{error}"
    );
}

#[test]
fn what_is_made_is_found() {
    let outputs = ["email", "url", "ipv6", "mac_address", "user_agent"];
    for (semantic, output) in outputs.into_iter().enumerate() {
        let table = Job::new("{}")
            .wanted(&[output])
            .generate::<Internet>()
            .unwrap();
        let found = Job::new("{}").input(table).detect::<Internet>().unwrap();
        for (other, finding) in found.iter().enumerate() {
            let expected = if other == semantic { 1000 } else { 0 };
            assert_eq!(finding.matched, expected, "{output}");
        }
    }
    for other in [
        "",
        "@",
        "a@b",
        "1.2.3",
        "aa:bb",
        "http://",
        "12-34-56-78-90-xy",
    ] {
        assert!(
            !is_email(other) && !is_url(other) && !is_ip(other) && !is_mac(other),
            "{other}"
        );
    }
}
