//! What depends on what: references on what is known of the row, values on their endings and
//! seasons, distances between columns, last rows on what their owner says.

use crate::util::Sandbox;

/// People of four areas, who visit clinics of their area, in summer, at prices that mostly end in .99.
const CLINICS: &str = "
    CREATE TABLE clinics (clinic_id INTEGER PRIMARY KEY, beds INTEGER);
    INSERT INTO clinics SELECT i, 10 + i % 7 FROM range(40) t(i);
    CREATE TABLE people (person_id INTEGER PRIMARY KEY, area VARCHAR, born INTEGER, died INTEGER);
    INSERT INTO people SELECT i, 'area ' || i % 4, 1850 + hash(i) % 90,
        1850 + hash(i) % 90 + 60 + hash(i + 7) % 31 FROM range(3000) t(i);
    CREATE TABLE visits (visit_id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people,
        clinic_id INTEGER REFERENCES clinics, day DATE, price DECIMAL(9, 2));
    INSERT INTO visits SELECT i, p, 10 * (p % 4) + (hash(i) % 10 * (hash(i + 1) % 10)) // 10,
        make_date(1930 + (hash(i + 4) % 70)::INTEGER, 5 + (hash(i + 5) % 4)::INTEGER,
            1 + (hash(i + 6) % 28)::INTEGER),
        5 + hash(i + 8) % 900
            + CASE WHEN hash(i + 2) % 10 = 0 THEN hash(i + 3) % 99 / 100 ELSE 0.99 END
    FROM (SELECT i, hash(i + 9) % 3000 AS p FROM range(20000) t(i));";

/// Fits once more, on one thread: the file must be the same.
fn is_fitted_the_same_on_one_thread(sandbox: &Sandbox) {
    sandbox.ok("fit -o again.prodlike --threads 1");
    let [once, again] =
        ["m.prodlike", "again.prodlike"].map(|name| std::fs::read(sandbox.path(name)).unwrap());
    assert!(once == again);
}

/// A model of these, some tables generated that would be kept.
fn fitted(script: &str, generated: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", script);
    sandbox.ok("init real.duckdb --no-infer");
    for table in generated {
        let mode = |mode: &str| format!("[tables.{table}]\nmode = \"{mode}\"");
        sandbox.edit("prodlike.toml", &mode("keep"), &mode("generate"));
    }
    sandbox.ok("fit -o m.prodlike");
    sandbox
}

#[test]
fn references_and_values_depend_on_what_is_known() {
    let sandbox = fitted(CLINICS, &["clinics"]);
    is_fitted_the_same_on_one_thread(&sandbox);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    // The share of a clinic's visits that are of one area: all of them in the real data, a quarter
    // by chance.
    let of_one_area = "SELECT round(100 * sum(most) / sum(n)) FROM (
        SELECT clinic_id, max(n) AS most, sum(n) AS n FROM (
            SELECT clinic_id, area, count(*) AS n FROM visits JOIN people USING (person_id)
            GROUP BY ALL) GROUP BY ALL)";
    assert_eq!(sandbox.value("real.duckdb", of_one_area), "100.0");
    let share: f64 = sandbox.value("made.duckdb", of_one_area).parse().unwrap();
    assert!(share > 90.0, "{share}");
    // And no clinic has more or fewer visits than one had.
    let fan_outs = "SELECT string_agg(n, ',' ORDER BY n) FROM (
        SELECT count(*) AS n FROM visits GROUP BY clinic_id)";
    let fan_outs = |database: &str| sandbox.value(database, fan_outs);
    assert_eq!(fan_outs("made.duckdb"), fan_outs("real.duckdb"));
    let outside = |what: &str| {
        let query = format!("SELECT 1000 * count(*) FILTER ({what}) / count(*) FROM visits");
        sandbox.value("made.duckdb", &query).parse::<f64>().unwrap()
    };
    assert!((80.0..120.0).contains(&outside("price % 1 <> 0.99")));
    assert!(outside("month(day) NOT BETWEEN 5 AND 8") < 20.0);
    // Ages are what they were, though the years span a century and a half.
    let ages = |database: &str| -> Vec<f64> {
        let query = "SELECT avg(died - born), stddev(died - born) FROM people";
        let row = sandbox.ask(database, query).remove(0);
        row.iter().map(|it| it.parse().unwrap()).collect()
    };
    let (real, made) = (ages("real.duckdb"), ages("made.duckdb"));
    assert!((real[0] - made[0]).abs() < 1.0, "{real:?} {made:?}");
    assert!((real[1] - made[1]).abs() < 1.0, "{real:?} {made:?}");
    let told = sandbox.ok("inspect m.prodlike visits.price").stdout;
    assert!(told.contains("Which of a bin's values"), "{told}");
    // The first of the two is drawn by itself, the other one as a distance.
    let told = ["born", "died"].map(|column| {
        sandbox
            .ok(&format!("inspect m.prodlike people.{column}"))
            .stdout
    });
    assert!(
        told.concat().contains("distances to a number before it"),
        "{told:?}"
    );
}

/// Trips of 700 lines whose numbers follow no rule, and half of them of one more.
const TRIPS: &str = "
    CREATE TABLE trips (trip_id INTEGER PRIMARY KEY, line INTEGER);
    INSERT INTO trips SELECT i, CASE WHEN hash(i) % 2 = 0 THEN 7
        ELSE 10 + hash(1000000 + hash(i + 1) % 700) % 9000 END FROM range(40000) t(i);";

#[test]
fn numbers_keep_to_what_exists_within_their_bins() {
    let sandbox = fitted(TRIPS, &[]);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let lines = "SELECT string_agg(DISTINCT line::VARCHAR, ',') FROM trips";
    let lines = sandbox.value("real.duckdb", lines);
    let query = format!("SELECT 1000 * count(*) FILTER (line IN ({lines})) / count(*) FROM trips");
    let in_use: f64 = sandbox.value("made.duckdb", &query).parse().unwrap();
    assert!(in_use > 950.0, "{in_use}");
}

#[test]
fn a_narrow_key_follows_from_a_wider_one() {
    // Every operation's clinic is its room's.
    let script = "
        CREATE TABLE rooms (clinic_id INTEGER REFERENCES clinics, floor INTEGER,
            PRIMARY KEY (clinic_id, floor));
        INSERT INTO rooms SELECT c, f FROM range(40) t(c), range(5) u(f);
        CREATE TABLE operations (operation_id INTEGER PRIMARY KEY,
            person_id INTEGER REFERENCES people, clinic_id INTEGER REFERENCES clinics,
            floor INTEGER, FOREIGN KEY (clinic_id, floor) REFERENCES rooms (clinic_id, floor));
        INSERT INTO operations SELECT i, hash(i) % 3000, hash(i + 1) % 40, hash(i + 2) % 5
            FROM range(9000) t(i);";
    let sandbox = fitted(&[CLINICS, script].concat(), &["clinics", "rooms"]);
    sandbox.ok("generate m.prodlike -o made --seed 3");
    sandbox.ok("generate m.prodlike -o parts --seed 3 --chunk-rows 3000 --threads 1");
    let from = |table: &str, out: &str| {
        let path = sandbox.path(out);
        format!(
            "CREATE TABLE {table} AS FROM '{}/*.parquet';",
            path.display()
        )
    };
    sandbox.sql(
        "made.duckdb",
        &[
            from("rooms", "made/rooms"),
            from("operations", "made/operations"),
            from("parts", "parts/operations"),
        ]
        .concat(),
    );
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM operations ANTI JOIN rooms USING (clinic_id, floor)",
            // The same rows whatever the chunks.
            "SELECT count(*) FROM (FROM operations EXCEPT FROM parts)",
        ],
    );
}

/// Accounts that are open for some years, with a statement a year.
const ACCOUNTS: &str = "
    CREATE TABLE accounts (account_id INTEGER PRIMARY KEY, opened INTEGER, closed INTEGER);
    INSERT INTO accounts SELECT i, 1900 + hash(i) % 80, 1900 + hash(i) % 80 + hash(i + 1) % 25
        FROM range(2500) t(i);
    CREATE TABLE statements (statement_id INTEGER PRIMARY KEY,
        account_id INTEGER REFERENCES accounts, year INTEGER, level INTEGER);
    INSERT INTO statements SELECT row_number() OVER (ORDER BY account_id, y), account_id, y,
        (hash(account_id) % 50 + y - opened) // 10
    FROM (SELECT account_id, opened, closed, unnest(range(opened, closed + 1)) AS y FROM accounts)
    -- Here and there one is missing.
    WHERE y IN (opened, closed) OR hash(account_id * 131 + y) % 5 > 0;";

#[test]
fn last_rows_lie_where_their_owner_ends() {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", ACCOUNTS);
    sandbox.ok("init real.duckdb --no-infer");
    sandbox.ok("fit -o m.prodlike --threads 2");
    is_fitted_the_same_on_one_thread(&sandbox);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let ends = "SELECT avg(abs(last - closed)) FROM (
        SELECT account_id, max(year) AS last FROM statements GROUP BY ALL)
        JOIN accounts USING (account_id)";
    assert_eq!(sandbox.value("real.duckdb", ends), "0.0");
    // By chance it would be years.
    let away: f64 = sandbox.value("made.duckdb", ends).parse().unwrap();
    assert!(away < 1.5, "{away}");
    sandbox.none(
        "made.duckdb",
        &[
            "SELECT count(*) FROM (SELECT year - lag(year) OVER (PARTITION BY account_id
           ORDER BY statement_id) AS step FROM statements) WHERE step < 0",
        ],
    );
}

/// Lines with prices, sums, dates and times that others of their row give.
const LINES: &str = "
    CREATE TABLE lines AS
    SELECT i AS line_id, count, price, (count * price)::DECIMAL(9, 2) AS amount,
        tax, (count * price)::DECIMAL(9, 2) + tax AS due, days, ordered, ordered + days AS shipped,
        hours, minutes, 100 * hours + minutes AS leaves, late,
        (hours * 60 + minutes + late) // 60 % 24 * 100 + (hours * 60 + minutes + late) % 60 AS left_at,
        price AS again
    FROM (SELECT i, 1 + hash(i) % 30 AS count, (1 + hash(i + 1000000) % 90000) / 100.0 AS price,
        CASE WHEN hash(i) % 5 = 0 THEN (hash(i + 2000000) % 5000) / 100.0 ELSE 0 END::DECIMAL(9, 2) AS tax,
        (hash(i + 3000000) % 400)::INTEGER AS days,
        DATE '2020-01-01' + (hash(i + 4000000) % 900)::INTEGER AS ordered,
        (hash(i + 5000000) % 24)::INTEGER AS hours, (hash(i + 6000000) % 12 * 5)::INTEGER AS minutes,
        CASE WHEN i % 50 = 0 THEN NULL ELSE (hash(i + 7000000) % 300)::INTEGER END AS late
        FROM range(8000) t(i));
    ALTER TABLE lines ALTER count TYPE INTEGER;
    ALTER TABLE lines ADD PRIMARY KEY (line_id);";

#[test]
fn what_others_give_is_computed() {
    let sandbox = fitted(LINES, &[]);
    is_fitted_the_same_on_one_thread(&sandbox);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let broken = |relation: &str| -> f64 {
        let query = format!("SELECT count(*) FILTER (NOT ({relation})) / count(*) FROM lines");
        let real: f64 = sandbox.value("real.duckdb", &query).parse().unwrap();
        assert_eq!(real, 0.0, "{relation}");
        sandbox.value("made.duckdb", &query).parse().unwrap()
    };
    for relation in [
        "again = price",
        "amount = (count * price)::DECIMAL(9, 2)",
        "due = amount + tax",
        "shipped = ordered + days",
        "leaves = 100 * hours + minutes",
        "left_at = (hours * 60 + minutes + late) // 60 % 24 * 100 + (hours * 60 + minutes + late) % 60",
    ] {
        // What would lie beyond a column's range is not computed.
        assert!(broken(relation) < 0.01, "{relation}: {}", broken(relation));
    }
    let told = |column: &str| {
        let command = format!("inspect m.prodlike lines.{column}");
        sandbox.ok(&command).stdout
    };
    assert!(told("amount").contains("Computed as `count` · `price`, wherever"));
    assert!(
        told("leaves").contains("Computed as 100 · `hours` + `minutes`, wherever"),
        "{}",
        told("leaves")
    );
    assert!(
        told("left_at").contains("Computed as the time `late` minutes after `leaves`, wherever")
    );
    let json = sandbox
        .ok("inspect m.prodlike lines.due --output-format json")
        .stdout;
    assert!(
        json.contains("`amount` + `tax`") || json.contains("`tax` + `amount`"),
        "{json}"
    );
}

/// Seasons of players, one row for each role in each year: no key says so.
const SEASONS: &str = "
    CREATE TABLE players (player_id INTEGER PRIMARY KEY, born INTEGER);
    INSERT INTO players SELECT i, 1960 + hash(i) % 40 FROM range(700) t(i);
    CREATE TABLE seasons (player_id INTEGER REFERENCES players, year INTEGER, role VARCHAR,
        games INTEGER);
    INSERT INTO seasons
        SELECT i, born + 20 + y, 'role ' || r, 1 + hash(i * 100 + y * 10 + r) % 80
        FROM (SELECT player_id AS i, born FROM players), range(12) years(y), range(6) roles(r)
        WHERE y < 1 + hash(i + 5) % 12 AND (r = hash(i + 9) % 6
            OR hash(i * 7 + r + 100000) % 3 = 0 AND hash(i * 100 + y * 10 + r + 200000) % 3 > 0);";

#[test]
fn what_was_distinct_within_an_owner_stays_so() {
    let sandbox = fitted(SEASONS, &[]);
    sandbox.ok("generate m.prodlike -o made.duckdb --scale 3");
    let repeated = "SELECT count(*) - count(DISTINCT (player_id, year, role)) FROM seasons";
    for database in ["real.duckdb", "made.duckdb"] {
        assert_eq!(sandbox.value(database, repeated), "0", "{database}");
    }
    let told = sandbox.ok("inspect m.prodlike seasons.role").stdout;
    assert!(
        told.contains("Where its owner has a row before it"),
        "{told}"
    );
}

#[test]
fn columns_that_miss_together_miss_together() {
    let answers = "CREATE TABLE answers AS SELECT i AS answer_id,
        CASE WHEN hash(i) % 7 > 0 THEN 150 + hash(i + 100000) % 50 END AS height,
        CASE WHEN hash(i) % 7 > 0 THEN 50 + hash(i + 200000) % 60 END AS weight,
        CASE WHEN hash(i) % 7 > 0 THEN 'blood ' || hash(i + 300000) % 4 END AS blood
        FROM range(6000) t(i); ALTER TABLE answers ADD PRIMARY KEY (answer_id);";
    let sandbox = fitted(answers, &[]);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let share = |what: &str| -> f64 {
        let query = format!("SELECT count(*) FILTER ({what}) / count(*) FROM answers");
        sandbox.value("made.duckdb", &query).parse().unwrap()
    };
    let together = share("height IS NULL AND weight IS NULL AND blood IS NULL");
    assert!((0.12..0.17).contains(&together), "{together}");
    let apart =
        share("(height IS NULL) <> (weight IS NULL) OR (height IS NULL) <> (blood IS NULL)");
    assert!(apart < 0.002, "{apart}");
}

/// Routes of depots, more than there are symbols, some with few people; in a chain of moves too.
const ROUTES: &str = "
    CREATE TABLE people (id INTEGER PRIMARY KEY, route VARCHAR, depot VARCHAR, wage INTEGER);
    INSERT INTO people SELECT i, 'R' || t, 'D' || hash(t) % 25,
        1000 + 100 * (hash(t + 1) % 20) + hash(i + 2) % 100
    FROM (SELECT i, (1500 * pow(hash(i) % 10000 / 10000, 2))::INTEGER AS t FROM range(60000) t(i));
    CREATE TABLE moves (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people, n INTEGER, route VARCHAR);
    INSERT INTO moves SELECT row_number() OVER (), i, n,
        'R' || (1500 * pow(hash(i + CASE WHEN n > 2 THEN 7 ELSE 0 END) % 10000 / 10000, 2))::INTEGER
    FROM range(8000) t(i), range(1, 2 + (hash(i + 3) % 4)::INTEGER) r(n);";

#[test]
fn routes_are_told_in_two_stages() {
    let sandbox = Sandbox::new();
    sandbox.sql("real.duckdb", ROUTES);
    sandbox.ok("init real.duckdb --no-infer");
    // Routes look like codes, which would be generated.
    let code = r#"semantic = "code", generator = "code""#;
    sandbox.edit("prodlike.toml", code, r#"semantic = "categorical""#);
    sandbox.ok("fit -o m.prodlike");
    is_fitted_the_same_on_one_thread(&sandbox);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let value =
        |database: &str, query: &str| -> f64 { sandbox.value(database, query).parse().unwrap() };
    // All routes that the floor allows, and no others.
    let routes = "SELECT count(DISTINCT route) FROM people";
    let enough =
        "SELECT count(*) FROM (SELECT route FROM people GROUP BY route HAVING count(*) >= 10)";
    let (made, real) = (value("made.duckdb", routes), value("real.duckdb", enough));
    assert!(
        real > 1000.0 && (real - 8.0..=real).contains(&made),
        "{made} of {real}"
    );
    // A route has one depot, and its people earn alike.
    let apart =
        "SELECT 100 - 100 * sum(most) / sum(n) FROM (SELECT max(n) AS most, sum(n) AS n FROM (
        SELECT route, depot, count(*) AS n FROM people GROUP BY ALL) GROUP BY route)";
    let apart = value("made.duckdb", apart);
    assert!(apart < 5.0, "{apart}");
    let alike = "SELECT sum(n * (mean - (SELECT avg(wage) FROM people)) ** 2)
            / (sum(n) * (SELECT var_pop(wage) FROM people))
        FROM (SELECT count(*) AS n, avg(wage) AS mean FROM people GROUP BY route HAVING count(*) > 30)";
    let alike = ["real.duckdb", "made.duckdb"].map(|database| value(database, alike));
    assert!(alike[1] > 0.8 * alike[0], "{alike:?}");
    // Who stays where she was does so in the same route, not one like it.
    let stays = "SELECT avg((route = before)::INTEGER) FROM (
        SELECT route, lag(route) OVER (PARTITION BY person ORDER BY n) AS before FROM moves)
        WHERE before IS NOT NULL";
    let stays = ["real.duckdb", "made.duckdb"].map(|database| value(database, stays));
    assert!((stays[0] - stays[1]).abs() < 0.05, "{stays:?}");
    let told = sandbox.ok("inspect m.prodlike people.route").stdout;
    assert!(told.contains("group"), "{told}");
}

/// Drivers who go back to few of forty stations, mostly to the last one, in the order of days.
const STATIONS: &str = "
    CREATE TABLE drivers (id INTEGER PRIMARY KEY, tank INTEGER);
    INSERT INTO drivers SELECT i, hash(i) % 40 FROM range(3000) t(i);
    CREATE TABLE stops (id INTEGER PRIMARY KEY, driver INTEGER REFERENCES drivers, day DATE, station VARCHAR);
    INSERT INTO stops SELECT row_number() OVER (), i, DATE '2024-01-01' + (20 * n + hash(i + n) % 15)::INTEGER,
        'station ' || hash(7 * i + CASE WHEN hash(i * 31 + n) % 10 < 6 THEN 0 ELSE hash(i + n * 13) % 3 END) % 40
    FROM drivers d(i), range(12) r(n);";

#[test]
fn who_comes_back_comes_back_to_few_places() {
    let sandbox = fitted(STATIONS, &[]);
    is_fitted_the_same_on_one_thread(&sandbox);
    let told = sandbox.ok("inspect m.prodlike stops.station").stdout;
    assert!(
        told.contains("values before, the latest first, or a new one"),
        "{told}"
    );
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let places =
        "SELECT avg(n) FROM (SELECT count(DISTINCT station) AS n FROM stops GROUP BY driver)";
    let places = ["real.duckdb", "made.duckdb"]
        .map(|database| sandbox.value(database, places).parse::<f64>().unwrap());
    // By chance there would be ten.
    assert!(
        places[0] < 3.1 && (places[0] - places[1]).abs() < 0.3,
        "{places:?}"
    );
}

/// Players of one to eight seasons, two in three in one role, the others in up to three of six a
/// season; who has a new club has it from a season on.
const ROLES: &str = "
    CREATE TABLE players (id INTEGER PRIMARY KEY, born INTEGER);
    INSERT INTO players SELECT i, 1950 + hash(i) % 40 FROM range(4000) t(i);
    CREATE TABLE seasons (player INTEGER REFERENCES players, year INTEGER, role VARCHAR, club VARCHAR, score INTEGER,
        PRIMARY KEY (player, year, role));
    INSERT INTO seasons SELECT i, born + 20 + y, 'role ' || (hash(i + 11) + j) % 6,
        'club ' || hash(i + CASE WHEN y >= hash(i + 5) % 9 THEN 500000 ELSE 0 END) % 30, hash(i * 100 + y * 7 + j) % 50
    FROM players p(i, born), range(8) a(y), range(3) b(j)
    WHERE y < 1 + hash(i + 2) % 8 AND (j = 0 OR hash(i + 3) % 3 = 0 AND hash(i * 100 + y * 10 + j) % 2 = 0);";

#[test]
fn owners_have_as_many_different_values_as_they_should() {
    let sandbox = fitted(ROLES, &[]);
    is_fitted_the_same_on_one_thread(&sandbox);
    let told = sandbox.ok("inspect m.prodlike seasons.year").stdout;
    assert!(told.contains("values to come"), "{told}");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let both = |what: &str| {
        let query = format!(
            "SELECT avg({what}) FROM (SELECT count(*) AS n, count(DISTINCT year) AS years,
            count(DISTINCT role) AS roles, count(DISTINCT club) AS clubs FROM seasons GROUP BY player)"
        );
        ["real.duckdb", "made.duckdb"]
            .map(|database| sandbox.value(database, &query).parse::<f64>().unwrap())
    };
    for (what, apart) in [
        ("years", 0.08),
        ("roles", 0.04),
        ("clubs", 0.04),
        ("(roles = 1)::INTEGER", 0.02),
        ("(years = n)::INTEGER", 0.02),
        ("(clubs = 1)::INTEGER", 0.02),
    ] {
        let [real, made] = both(what);
        assert!((real - made).abs() < apart, "{what}: {real} {made}");
    }
    // As many as rows and values of the key allow.
    let [_, possible] = both("(n <= years * roles AND years <= n)::INTEGER");
    assert!(possible == 1.0, "{possible}");
}

/// Workers on three machines by turns, who make as much on each as they did the last time.
const MACHINES: &str = "
    CREATE TABLE workers (id INTEGER PRIMARY KEY, hall INTEGER);
    INSERT INTO workers SELECT i, hash(i) % 5 FROM range(4000) t(i);
    CREATE TABLE runs (id INTEGER PRIMARY KEY, worker INTEGER REFERENCES workers, n INTEGER, machine VARCHAR, made INTEGER);
    INSERT INTO runs SELECT row_number() OVER (), i, n, 'machine ' || m, 10 + hash(i * 3 + m) % 60 + hash(i * 31 + n) % 3
    FROM (SELECT i, n, (hash(i * 50 + n) % 3)::INTEGER AS m FROM workers w(i), range(9) r(n));";

#[test]
fn who_does_several_things_by_turns_goes_on_with_each() {
    let sandbox = fitted(MACHINES, &[]);
    is_fitted_the_same_on_one_thread(&sandbox);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let before = "SELECT corr(made, before) FROM (
        SELECT made, lag(made) OVER (PARTITION BY worker, machine ORDER BY n) AS before,
            machine = lag(machine) OVER (PARTITION BY worker ORDER BY n) AS stays FROM runs)
        WHERE NOT stays AND before IS NOT NULL";
    let alike = ["real.duckdb", "made.duckdb"]
        .map(|database| sandbox.value(database, before).parse::<f64>().unwrap());
    assert!(alike[0] > 0.99 && alike[1] > 0.9, "{alike:?}");
}

/// Sellers with a rate of their own, which no column tells, as many days in each month as comes, and
/// shops in which they stay.
const SELLERS: &str = "
    CREATE TABLE sellers (id INTEGER PRIMARY KEY, hall INTEGER);
    INSERT INTO sellers SELECT i, hash(i) % 5 FROM range(4000) t(i);
    CREATE TABLE months (seller INTEGER REFERENCES sellers, month INTEGER, shop VARCHAR, days INTEGER,
        sold INTEGER, PRIMARY KEY (seller, month));
    INSERT INTO months SELECT i, m, 'shop ' || hash(i * 10 + (m >= hash(i + 5) % 12)::INTEGER) % 40, days,
        (days * (2 + hash(i + 7) % 1000 / 100.0) * (0.7 + hash(i * 20 + m + 3) % 600 / 1000.0))::INTEGER
    FROM (SELECT i, m, 5 + (hash(i * 50 + m) % 20)::INTEGER AS days FROM sellers s(i), range(12) r(m));";

#[test]
fn who_has_a_habit_keeps_it() {
    let sandbox = fitted(SELLERS, &[]);
    is_fitted_the_same_on_one_thread(&sandbox);
    let told = sandbox.ok("inspect m.prodlike months.sold").stdout;
    assert!(told.contains("its owner's habit in `sold`"), "{told}");
    sandbox.ok("generate m.prodlike -o made.duckdb");
    // Seven months later no row before is looked at that is near.
    let later = "SELECT corr(a.sold / a.days, b.sold / b.days)
        FROM months a JOIN months b ON a.seller = b.seller AND b.month = a.month - 7";
    let alike = ["real.duckdb", "made.duckdb"]
        .map(|database| sandbox.value(database, later).parse::<f64>().unwrap());
    assert!(alike[1] > 0.8 * alike[0], "{alike:?}");
}

/// Devices of up to 2,500 readings of a wave, one about every hour.
const READINGS: &str = "
    CREATE TABLE devices (id INTEGER PRIMARY KEY, kind VARCHAR, since DATE);
    INSERT INTO devices SELECT i, 'kind ' || i % 3, DATE '2024-01-01' + (hash(i) % 30)::INTEGER
        FROM range(60) t(i);
    CREATE TABLE readings (id INTEGER PRIMARY KEY, device INTEGER REFERENCES devices, seen TIMESTAMP,
        level INTEGER);
    INSERT INTO readings SELECT row_number() OVER (), i,
        since + to_minutes(CAST(60 * n + hash(i + n * 7) % 50 AS BIGINT)),
        (500 + 400 * sin(n / 40.0 + i) + hash(n * 3 + i) % 20)::INTEGER
    FROM devices d(i, kind, since), range(2500) r(n) WHERE n < 300 + hash(i) % 2200;";

#[test]
fn who_has_many_rows_has_them_in_segments() {
    let sandbox = fitted(READINGS, &["devices"]);
    is_fitted_the_same_on_one_thread(&sandbox);
    sandbox.ok("generate m.prodlike -o made.duckdb");
    let value =
        |database: &str, query: &str| -> f64 { sandbox.value(database, query).parse().unwrap() };
    let steps = "FROM (SELECT level - lag(level) OVER w AS step,
            datediff('minute', lag(seen) OVER w, seen) AS gap
        FROM readings WINDOW w AS (PARTITION BY device ORDER BY seen)) WHERE gap IS NOT NULL";
    // Neighbours in time are alike; if rows were exchangeable, half of them would be 250 apart.
    let apart = format!("SELECT median(abs(step)) {steps}");
    assert!(value("made.duckdb", &apart) < 30.0);
    // An hour lies between readings, not two segments' worth of them at a time.
    let gap = format!("SELECT median(gap) {steps}");
    let gap = value("made.duckdb", &gap);
    assert!((50.0..=65.0).contains(&gap), "{gap}");
    let hours = "SELECT corr(n, hours) FROM (SELECT count(*) AS n,
        datediff('hour', min(seen), max(seen)) AS hours FROM readings GROUP BY device)";
    let hours = value("made.duckdb", hours);
    assert!(hours > 0.85, "{hours}");
    // Any part of the rows is what it is in the whole.
    sandbox.ok("generate m.prodlike -o whole --format csv --chunk-rows 700 --threads 1");
    for part in ["1/3", "2/3", "3/3"] {
        let generate = "generate m.prodlike -o parts --format csv --chunk-rows 700 --part";
        sandbox.ok(&format!("{generate} {part}"));
    }
    for chunk in 0..100 {
        let [whole, parts] = ["whole", "parts"].map(|of| {
            std::fs::read(sandbox.path(&format!("{of}/readings/{chunk:05}.csv"))).unwrap()
        });
        assert!(whole == parts, "chunk {chunk}");
    }
}
