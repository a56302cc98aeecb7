//! Whom the floors protect where no table says so by its contact data.

use crate::util::Sandbox;

/// The line of a manifest that names the entities.
fn entities(sandbox: &Sandbox) -> String {
    let manifest = sandbox.read("prodlike.toml");
    let line = manifest
        .lines()
        .find_map(|line| line.strip_prefix("entities = ["));
    line.unwrap_or_default()
        .trim_end_matches(']')
        .replace('"', "")
}

/// Whether a text is anywhere in a model file.
fn holds(sandbox: &Sandbox, model: &str, text: &str) -> bool {
    let file = std::fs::File::open(sandbox.path(model)).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    (0..archive.len()).any(|entry| {
        let mut bytes = Vec::new();
        std::io::copy(&mut archive.by_index(entry).unwrap(), &mut bytes).unwrap();
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    })
}

/// Rows of 300 patients, and 60 more of one who has what nobody else has.
const ADMISSIONS: &str = "CREATE TABLE admissions AS
     SELECT i AS admission_id, 1000 + 7 * (i % 300) AS patient_id, 'W' || i % 6 AS ward,
         'D' || i * 31 % 12 AS diagnosis, 20 + i % 60 AS age FROM range(1200) t(i)
     UNION ALL SELECT 1200 + i, 9999, 'ONLYWARD', 'ONLYDIAGNOSIS', 99 FROM range(60) t(i);
     ALTER TABLE admissions ADD PRIMARY KEY (admission_id);";

#[test]
fn a_column_that_says_whose_rows_are_protects_them() {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", ADMISSIONS);
    sandbox.ok("init real.duckdb");
    assert_eq!(entities(&sandbox), "admissions.patient_id");
    let manifest = sandbox.read("prodlike.toml");
    assert!(
        manifest.contains("301 distinct values, each a protected entity"),
        "{manifest}"
    );
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    for only in ["ONLYWARD", "ONLYDIAGNOSIS"] {
        assert!(!holds(&sandbox, "m.prodlike", only), "{only}");
    }
    assert!(holds(&sandbox, "m.prodlike", "D11"));
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM admissions WHERE ward LIKE 'ONLY%' OR diagnosis LIKE 'ONLY%' OR age > 90",
            "SELECT count(*) - 1260 FROM admissions",
            "SELECT count(DISTINCT ward) - 6 FROM admissions",
        ],
    );
    sandbox.ok(
        "evaluate --real prodlike.toml --synthetic made.duckdb --model m.prodlike \
         --html r.html --json r.json",
    );
    for report in ["r.html", "r.json"] {
        let text = sandbox.read(report);
        // Sixty rows, but one patient's.
        assert!(!text.contains("ONLY"), "{report}");
        assert!(text.contains("W5"), "{report}");
    }

    // Struck, as the comment says how to: rows are nobody's.
    sandbox.edit("prodlike.toml", "\"admissions.patient_id\"]", "]");
    sandbox.ok("fit -o struck.prodlike");
    assert!(holds(&sandbox, "struck.prodlike", "ONLYWARD"));
}

#[test]
fn every_table_has_an_entity_of_its_own_where_none_is_common() {
    let sandbox = Sandbox::new();
    sandbox.sql("a.duckdb", ADMISSIONS);
    sandbox.sql(
        "b.duckdb",
        "CREATE TABLE usage AS SELECT 'C' || 10000 + i % 200 AS customer_code, i % 3 AS plan,
             i % 40 AS employee_id, i * 17 % 500 AS minutes FROM range(1500) t(i);
         CREATE TABLE visits (visit_id INTEGER PRIMARY KEY, patient_id INTEGER, doctor_id INTEGER);
         INSERT INTO visits SELECT i, 1000 + 7 * (i % 250), i % 20 FROM range(900) t(i);
         CREATE TABLE steps (step_id INTEGER PRIMARY KEY, visit_id INTEGER REFERENCES visits,
             what VARCHAR);
         INSERT INTO steps SELECT i, i % 900, 'S' || i % 5 FROM range(2700) t(i);
         INSERT INTO steps SELECT 2700 + i, 250 * (i % 3), 'ONLYSTEP' FROM range(50) t(i);
         CREATE TABLE shifts AS SELECT i % 90 AS employee_no, i % 7 AS day FROM range(400) t(i);
         CREATE TABLE plays AS SELECT i % 80 AS track_id, i % 60 AS artist_id, i % 5 AS stars
             FROM range(800) t(i);",
    );
    sandbox.ok("init a.duckdb b.duckdb");
    assert_eq!(
        entities(&sandbox),
        "admissions.patient_id, shifts.employee_no, usage.customer_code, visits.patient_id"
    );
    sandbox.ok("fit -o m.prodlike");
    // Three visits, one patient.
    assert!(!holds(&sandbox, "m.prodlike", "ONLYSTEP"));
    assert!(holds(&sandbox, "m.prodlike", "S4"));
    // Codes of customers are made up, and none is a real one's.
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM steps WHERE what = 'ONLYSTEP'",
            "SELECT count(*) FROM steps ANTI JOIN visits USING (visit_id)",
            "SELECT count(*) FROM usage WHERE customer_code NOT LIKE 'C_____'",
        ],
    );
}

#[test]
fn a_table_of_people_without_contact_data_protects_what_refers_to_it() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE patients (patient_id INTEGER PRIMARY KEY, age INTEGER, sex VARCHAR);
         CREATE TABLE visits (visit_id INTEGER PRIMARY KEY,
             patient_id INTEGER REFERENCES patients, reason VARCHAR);
         INSERT INTO patients SELECT i, i % 77, CASE i % 2 WHEN 0 THEN 'm' ELSE 'f' END
             FROM range(150) t(i);
         INSERT INTO visits SELECT i, i % 149, 'R' || i % 3 FROM range(700) t(i);
         INSERT INTO visits SELECT 700 + i, 149, 'ONLYREASON' FROM range(50) t(i);",
    );
    sandbox.ok("init real.duckdb");
    // Not kept, small as it is.
    assert_eq!(entities(&sandbox), "patients");
    assert!(!sandbox.read("prodlike.toml").contains("mode = \"keep\""));
    sandbox.ok("fit -o m.prodlike");
    assert!(!holds(&sandbox, "m.prodlike", "ONLYREASON"));
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 2");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM visits WHERE reason NOT IN ('R0', 'R1', 'R2')",
            "SELECT count(*) FROM visits ANTI JOIN patients USING (patient_id)",
            // Fifty visits were one patient's; nobody else had more than five.
            "SELECT count(*) FROM (SELECT patient_id FROM visits GROUP BY ALL HAVING count(*) > 30)",
        ],
    );
}

#[test]
fn an_order_with_an_email_address_is_its_customers() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE orders AS SELECT i AS order_id, i % 200 AS customer_id,
             'u' || i % 200 || '@mail.org' AS email, 'P' || i % 7 AS product FROM range(1000) t(i)
         UNION ALL SELECT 1000 + i, 200, 'u200@mail.org', 'ONLYPRODUCT' FROM range(40) t(i);
         CREATE TABLE customers AS SELECT i AS id, 'v' || i || '@mail.org' AS email,
             i % 9 AS user_id FROM range(100) t(i);",
    );
    sandbox.ok("init real.duckdb --no-infer");
    assert_eq!(entities(&sandbox), "customers, orders.customer_id");
    sandbox.ok("fit -o m.prodlike");
    assert!(!holds(&sandbox, "m.prodlike", "ONLYPRODUCT"));
}

#[test]
fn fewer_people_than_the_floor_teach_nothing() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE stays AS SELECT i AS stay_id, i % 9 AS patient_id, i % 2 AS ward,
             'D' || i % 4 AS diagnosis FROM range(400) t(i);",
    );
    sandbox.ok("init real.duckdb");
    let manifest = sandbox.read("prodlike.toml");
    assert!(
        manifest.contains("9 entities below the floor of 10: nothing may be learned"),
        "{manifest}"
    );
    sandbox.ok("fit -o m.prodlike");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &["SELECT count(*) FROM stays WHERE diagnosis IN ('D0', 'D1', 'D2', 'D3')"],
    );
}

#[test]
fn an_entity_that_is_left_out_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", ADMISSIONS);
    sandbox.ok("init real.duckdb");
    sandbox.edit(
        "prodlike.toml",
        "patient_id = { type = \"BIGINT\",",
        "patient_id = { type = \"BIGINT\", exclude = true,",
    );
    sandbox.refused(
        "fit -o m.prodlike",
        &[
            "Column `admissions.patient_id` is excluded, but its values are protected entities",
            "hint: Remove `exclude`",
        ],
    );
}

#[test]
fn a_text_in_a_key_is_made_up_with_a_warning() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE shop (shop_id INTEGER PRIMARY KEY, size INTEGER);
         CREATE TABLE target (shop_id INTEGER REFERENCES shop, category VARCHAR, amount INTEGER,
             PRIMARY KEY (shop_id, category));
         CREATE TABLE line (shop_id INTEGER REFERENCES shop, line_no INTEGER, amount INTEGER,
             PRIMARY KEY (shop_id, line_no));
         INSERT INTO shop SELECT i, i % 5 FROM range(300) t(i);
         INSERT INTO target SELECT i // 4, 'cat' || i % 4, i % 90 FROM range(1200) t(i);
         INSERT INTO line SELECT i // 4, 1 + i % 4, i % 90 FROM range(1200) t(i);",
    );
    sandbox.ok("init real.duckdb");
    let ran = sandbox.ok("fit -o m.prodlike");
    assert!(
        ran.stderr.contains(
            "`target.category`: generated distinct, not learned, so that the key (shop_id, \
             category) is: its values and what goes with them are made up; to learn them, \
             remove this key of `target` from the manifest"
        ),
        "{ran}"
    );
    assert!(!ran.stderr.contains("`line.line_no`"), "{ran}");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    sandbox.none(
        "made.duckdb",
        &["SELECT count(*) - count(DISTINCT (shop_id, category)) FROM target"],
    );

    // As the warning says.
    sandbox.edit(
        "prodlike.toml",
        "primary_key = [\"shop_id\", \"category\"]\n",
        "",
    );
    let ran = sandbox.ok("fit -o learned.prodlike");
    assert!(!ran.stderr.contains("`target.category`"), "{ran}");
    sandbox.ok("generate learned.prodlike -o learned.duckdb");
    sandbox.none(
        "learned.duckdb",
        &["SELECT count(*) FROM target WHERE category NOT IN ('cat0', 'cat1', 'cat2', 'cat3')"],
    );
}

#[test]
fn contact_data_that_repeats_says_whose_rows_are() {
    let sandbox = Sandbox::new();
    sandbox.sql(
        "real.duckdb",
        "CREATE TABLE calls AS
             SELECT i AS id, '+49 30 ' || 4000000 + 37 * (i % 200) AS phone, 'T' || i % 5 AS topic
             FROM range(1000) t(i)
             UNION ALL SELECT 1000 + i, '+49 30 5550000', 'ONLYTOPIC' FROM range(80) t(i);",
    );
    sandbox.ok("init real.duckdb");
    assert_eq!(entities(&sandbox), "calls.phone");
    sandbox.ok("fit -o m.prodlike");
    assert!(!holds(&sandbox, "m.prodlike", "ONLYTOPIC"));
    assert!(holds(&sandbox, "m.prodlike", "T4"));
}

#[test]
fn people_are_not_kept() {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", ADMISSIONS);
    sandbox.ok("init real.duckdb");
    sandbox.edit("prodlike.toml", "mode = \"generate\"", "mode = \"keep\"");
    sandbox.refused(
        "fit -o m.prodlike",
        &[
            "Table `admissions` is kept, but it holds protected entities",
            "strike `admissions` from `entities`",
        ],
    );
}

#[test]
fn generators_are_tried_before_anything_is_learned() {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", ADMISSIONS);
    sandbox.ok("init real.duckdb");
    let typed = "ward = { type = \"VARCHAR\", semantic = \"categorical\"";
    let with = |generator: &str| format!("{typed}, generator = \"{generator}\"");
    sandbox.edit("prodlike.toml", typed, &with("emial"));
    sandbox.refused(
        "fit -o m.prodlike",
        &["Unknown generator `emial`", "Did you mean `email`?"],
    );
    sandbox.edit("prodlike.toml", &with("emial"), typed);
    let number = "age = { type = \"BIGINT\", semantic = \"numerical\"";
    sandbox.edit(
        "prodlike.toml",
        number,
        &format!("{number}, generator = \"email\""),
    );
    sandbox.refused(
        "fit -o m.prodlike",
        &["Generator `email` cannot fill a column of type BIGINT"],
    );
}
