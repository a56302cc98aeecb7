//! Which types text may be read as.
//!
//! A type is taken only where nothing is lost by it: `007` stays text, because no number
//! would give it back, and so does a number with more digits than a double holds.

use prodlike_core::schema::DataType;

/// What stands for NULL in files whose writers had no other way; none begins with a digit; never in a text column,
/// unless a column of numbers or dates in the same table shows that it does here.
pub(super) const TOKENS: [&str; 9] = [
    "NA", "N/A", "n/a", "NULL", "null", "\\N", "None", "#N/A", "NaT",
];

/// One way to read text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// DuckDB's name of the type.
    pub(super) data_type: String,
    /// SQL: whether the text `$v` is such a value.
    test: String,
    /// SQL: the value of the text `$v`.
    value: String,
    /// Whether a comma separates decimals.
    pub(super) is_comma: bool,
    /// The format that a person must have meant, rather than one that DuckDB casts.
    pub(super) format: Option<&'static str>,
}

/// How dear it is to test a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tier {
    Plain,
    /// Times as ISO writes them.
    Iso,
    /// Times in a format that has to be tried.
    Format,
}

impl Rule {
    fn new(data_type: &str, test: &str, value: &str) -> Rule {
        Rule {
            data_type: data_type.to_string(),
            test: test.to_string(),
            value: value.to_string(),
            is_comma: false,
            format: None,
        }
    }

    pub(super) fn text() -> Rule {
        Rule::new("VARCHAR", "true", "$v")
    }

    /// Reads as DuckDB casts.
    pub(super) fn cast(data_type: &str) -> Rule {
        let cast = format!("TRY_CAST($v AS {data_type})");
        Rule::new(data_type, &format!("{cast} IS NOT NULL"), &cast)
    }

    /// Whether it reads dates or times; [`looks_temporal`] says where it may.
    pub(super) fn is_temporal(&self) -> bool {
        self.data_type.starts_with("DATE") || self.data_type.starts_with("TIME")
    }

    pub(super) fn tier(&self) -> Tier {
        match (self.is_temporal(), self.format) {
            (false, _) => Tier::Plain,
            (true, None) => Tier::Iso,
            (true, Some(_)) => Tier::Format,
        }
    }

    /// Whether values that fit it fit no rule of a later tier.
    pub(super) fn is_decisive(&self) -> bool {
        match self.tier() {
            Tier::Plain => !self.is_text() && !self.is_comma,
            Tier::Iso => true,
            Tier::Format => false,
        }
    }

    pub(super) fn is_text(&self) -> bool {
        self.data_type == "VARCHAR"
    }

    /// Whether any text fits.
    pub(super) fn takes_all(&self) -> bool {
        self.test == "true"
    }

    pub(super) fn test(&self, value: &str) -> String {
        // A cast that fails is NULL, and so is what compares with it.
        format!("coalesce({}, false)", self.test.replace("$v", value))
    }

    pub(super) fn value(&self, value: &str) -> String {
        self.value.replace("$v", value)
    }
}

/// SQL: whether a value may be a date or a time of any format. To ask this first spares most
/// columns thirty attempts to parse one.
pub(super) fn looks_temporal(value: &str) -> String {
    format!("{value}[1] BETWEEN '0' AND '9' AND regexp_matches({value}, '[-./:]')")
}

const DATES: [&str; 7] = [
    "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%b-%Y",
];

const CLOCKS: [&str; 4] = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

/// Reads a number whose decimals a comma separates, and whose thousands dots do.
fn comma(pattern: &str) -> Rule {
    Rule::new(
        "DOUBLE",
        &format!("regexp_full_match($v, '-?{pattern}') AND (length($v) < 17 OR contains($v, ','))"),
        "TRY_CAST(replace(replace($v, '.', ''), ',', '.') AS DOUBLE)",
    )
}

/// Reads a whole number whose thousands this separates, in groups of three only.
fn thousands(separator: &str) -> Rule {
    let number = format!("TRY_CAST(replace($v, '{separator}', '') AS BIGINT)");
    let pattern = format!("-?(0|[1-9][0-9]{{0,2}}([{separator}][0-9]{{3}})*)");
    Rule {
        format: Some("thousands"),
        ..Rule::new(
            "BIGINT",
            &format!("regexp_full_match($v, '{pattern}') AND {number} IS NOT NULL"),
            &number,
        )
    }
}

/// Reads a number whose thousands commas separate, and whose decimals a dot does.
fn english() -> [Rule; 3] {
    [
        // Nothing here tells thousands from three decimals: text loses neither.
        Rule::new(
            "VARCHAR",
            "regexp_full_match($v, '-?(0|[1-9][0-9]{0,2}(,[0-9]{3})?)')",
            "$v",
        ),
        thousands(","),
        Rule::new(
            "DOUBLE",
            "regexp_full_match($v, '-?(0|[1-9][0-9]{0,2}(,[0-9]{3})*)(\\.[0-9]+)?') \
             AND (length(replace($v, ',', '')) < 17 OR contains($v, '.'))",
            "TRY_CAST(replace($v, ',', '') AS DOUBLE)",
        ),
    ]
}

/// All rules, the narrowest first; text, which takes everything, is the last.
pub(super) fn rules() -> Vec<Rule> {
    let mut rules = vec![
        Rule::new(
            "BOOLEAN",
            "lower($v) IN ('true', 'false', 't', 'f')",
            "TRY_CAST($v AS BOOLEAN)",
        ),
        Rule::new(
            "BIGINT",
            "CAST(TRY_CAST($v AS BIGINT) AS VARCHAR) = $v",
            "TRY_CAST($v AS BIGINT)",
        ),
        Rule::new(
            "DOUBLE",
            "TRY_CAST($v AS DOUBLE) IS NOT NULL AND NOT contains($v, '_') \
             AND NOT ($v[1] = '0' AND $v[2] BETWEEN '0' AND '9') AND $v[1] <> '+' \
             AND (length($v) < 17 OR contains($v, '.') OR contains(lower($v), 'e'))",
            "TRY_CAST($v AS DOUBLE)",
        ),
        // Where commas separate columns too, `1,234` may be more than a thousand.
        comma(
            "(0|[1-9][0-9]*|[1-9][0-9]{0,2}(\\.[0-9]{3})+,[0-9]{1,2}|(0|[1-9][0-9]*),[0-9]{1,2})",
        ),
        Rule {
            is_comma: true,
            ..thousands(".")
        },
        Rule {
            is_comma: true,
            ..comma("(0|[1-9][0-9]*|[1-9][0-9]{0,2}(\\.[0-9]{3})+)(,[0-9]+)?")
        },
    ];
    rules.extend(english());
    rules.push(Rule::new(
        "DATE",
        "CAST(TRY_CAST($v AS DATE) AS VARCHAR) = $v",
        "TRY_CAST($v AS DATE)",
    ));
    for format in DATES {
        let parse = format!("try_strptime($v, '{format}')");
        rules.push(Rule {
            format: Some(format),
            ..Rule::new(
                "DATE",
                &format!("{parse} IS NOT NULL"),
                &format!("CAST({parse} AS DATE)"),
            )
        });
    }
    // Offsets from UTC are another type, and more than six digits of a second another again.
    let zone = "($v[-1] = 'Z' OR $v[-3] IN ('+', '-') OR $v[-5] IN ('+', '-') \
                OR $v[-6] IN ('+', '-'))";
    rules.push(Rule::new(
        "TIMESTAMP",
        &format!(
            "TRY_CAST($v AS TIMESTAMP) IS NOT NULL AND $v[1] BETWEEN '0' AND '9' \
             AND (length($v) = 10 OR length($v) BETWEEN 14 AND 26 AND NOT {zone})"
        ),
        "TRY_CAST($v AS TIMESTAMP)",
    ));
    if !matches!(DataType::from_duckdb("TIMESTAMP_NS"), DataType::Other(_)) {
        rules.push(Rule::new(
            "TIMESTAMP_NS",
            &format!(
                "TRY_CAST($v AS TIMESTAMP_NS) IS NOT NULL AND $v[1] BETWEEN '0' AND '9' \
                 AND (length($v) = 10 OR length($v) BETWEEN 14 AND 29 AND NOT {zone})"
            ),
            "TRY_CAST($v AS TIMESTAMP_NS)",
        ));
    }
    for date in DATES {
        let formats: Vec<String> = CLOCKS
            .iter()
            .map(|clock| format!("'{date} {clock}'"))
            .collect();
        let parse = format!("try_strptime($v, [{}])", formats.join(", "));
        rules.push(Rule {
            format: Some(date),
            ..Rule::new("TIMESTAMP", &format!("{parse} IS NOT NULL"), &parse)
        });
    }
    let zoned = "TIMESTAMP WITH TIME ZONE";
    if !matches!(DataType::from_duckdb(zoned), DataType::Other(_)) {
        rules.push(Rule::new(
            zoned,
            &format!("TRY_CAST($v AS TIMESTAMPTZ) IS NOT NULL AND length($v) >= 17 AND {zone}"),
            "TRY_CAST($v AS TIMESTAMPTZ)",
        ));
    }
    if !matches!(DataType::from_duckdb("TIME"), DataType::Other(_)) {
        rules.push(Rule::new(
            "TIME",
            "regexp_full_match($v, '[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?') \
             AND TRY_CAST($v AS TIME) IS NOT NULL",
            "TRY_CAST($v AS TIME)",
        ));
    }
    rules.push(Rule::text());
    rules
}
