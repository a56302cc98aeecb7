//! What the names of tables and columns say of who refers to whom.
//!
//! A name is a row of words; some of them say only that it is a key (`id`, `no`, `sk`). What
//! is left is compared with the words of the other table and of its key: the same, the same
//! behind a role (`billing_address_id`), or shortened (`addr_sk`, `cdemo_sk`).

use prodlike_core::schema::Table;

/// Words that say: this is a key.
const KEY_WORDS: [&str; 17] = [
    "id", "ids", "key", "sk", "pk", "fk", "code", "cd", "no", "nr", "num", "number", "nummer",
    "uuid", "guid", "ref", "kennung",
];
/// Key words that may end a word without a break: `custkey`, `kundennr`.
const KEY_ENDINGS: [&str; 9] = [
    "nummer", "number", "uuid", "guid", "code", "key", "num", "id", "nr",
];
/// Words of a table's name that say what kind of table it is, not what of.
const TABLE_WORDS: [&str; 14] = [
    "dim",
    "dimension",
    "fact",
    "tbl",
    "table",
    "tab",
    "data",
    "master",
    "list",
    "stg",
    "staging",
    "raw",
    "ref",
    "lookup",
];
/// Roles by which a row refers to another of its own table, whatever the table.
const TREE_ROLES: [&str; 22] = [
    "parent",
    "predecessor",
    "previous",
    "prev",
    "next",
    "successor",
    "root",
    "ancestor",
    "original",
    "replaces",
    "replaced",
    "super",
    "superior",
    "mother",
    "father",
    "sire",
    "dam",
    "reply",
    "vorgaenger",
    "nachfolger",
    "eltern",
    "ober",
];
/// Roles by which people refer to people of their own table.
const CHIEF_ROLES: [&str; 20] = [
    "manager",
    "mgr",
    "supervisor",
    "boss",
    "reports",
    "report",
    "lead",
    "leader",
    "chief",
    "chef",
    "superior",
    "mentor",
    "head",
    "vorgesetzter",
    "vorgesetzte",
    "leiter",
    "referrer",
    "referred",
    "invited",
    "sponsor",
];
/// Roles that people of a firm have in other tables.
const STAFF_ROLES: [&str; 32] = [
    "rep",
    "representative",
    "agent",
    "seller",
    "salesman",
    "salesperson",
    "sales",
    "clerk",
    "manager",
    "mgr",
    "owner",
    "author",
    "assignee",
    "assigned",
    "creator",
    "created",
    "updated",
    "modified",
    "approved",
    "approver",
    "reviewer",
    "editor",
    "operator",
    "handler",
    "advisor",
    "cashier",
    "supervisor",
    "seller",
    "consultant",
    "bearbeiter",
    "betreuer",
    "verkaeufer",
];
/// Tables of people that have such roles.
const STAFF_TABLES: [&str; 17] = [
    "employee",
    "staff",
    "user",
    "person",
    "people",
    "worker",
    "personnel",
    "personal",
    "member",
    "mitarbeiter",
    "angestellte",
    "benutzer",
    "nutzer",
    "account",
    "empleado",
    "employe",
    "emp",
];
/// Words that connect others and say nothing: `reports_to`, `created_by`.
const FILLERS: [&str; 8] = ["to", "by", "of", "the", "a", "for", "von", "an"];

/// A name, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Name {
    /// Its words in lower case.
    words: Vec<String>,
    /// Without those that say only that it is a key.
    core: Vec<String>,
}

impl Name {
    fn new(words: Vec<String>) -> Name {
        let core = words
            .iter()
            .filter(|word| !KEY_WORDS.contains(&word.as_str()))
            .cloned()
            .collect();
        Name { words, core }
    }

    /// Whether it says that it is a key.
    pub(super) fn is_key(&self) -> bool {
        self.core.len() < self.words.len()
    }

    /// The words that say what it is.
    pub(super) fn core(&self) -> &[String] {
        &self.core
    }
}

/// The names of a table and of its columns, read together: a prefix that all columns share
/// (`o_`, `ss_`) says nothing.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// What a row of the table is.
    pub(super) entity: Vec<String>,
    /// Each column as it is written, and without the table's prefix.
    columns: Vec<[Name; 2]>,
}

impl Names {
    pub(super) fn of(table: &Table) -> Names {
        let entity: Vec<String> = words(&table.name)
            .into_iter()
            .filter(|word| !KEY_WORDS.contains(&word.as_str()))
            .collect();
        let told: Vec<String> = entity
            .iter()
            .filter(|word| !TABLE_WORDS.contains(&word.as_str()))
            .cloned()
            .collect();
        let split: Vec<Vec<String>> = table.columns.iter().map(|c| words(&c.name)).collect();
        let prefix = split
            .iter()
            .filter(|words| words.len() > 1)
            .map(|words| words[0].as_str())
            .find(|first| {
                let with = split
                    .iter()
                    .filter(|words| words.len() > 1 && words[0] == *first)
                    .count();
                split.len() >= 3 && with * 10 >= split.len() * 9
            })
            .map(str::to_string);
        let columns = split
            .into_iter()
            .map(|words| {
                let bare = match &prefix {
                    Some(prefix) if words.len() > 1 && words[0] == *prefix => words[1..].to_vec(),
                    _ => words.clone(),
                };
                [Name::new(words), Name::new(bare)]
            })
            .collect();
        Names {
            entity: if told.is_empty() { entity } else { told },
            columns,
        }
    }

    /// A column without the table's prefix.
    pub(super) fn bare(&self, column: usize) -> &Name {
        &self.columns[column][1]
    }

    /// Whether a column is named for the table itself: `album.album_id`, `album.id`.
    pub(super) fn is_own_key(&self, column: usize) -> bool {
        let [full, bare] = &self.columns[column];
        bare.is_key() && (bare.core.is_empty() || alike(&full.core, &self.entity))
            || alike(&bare.core, &self.entity)
    }

    /// Whether the rows are people who work somewhere.
    fn is_staff(&self) -> bool {
        self.entity
            .last()
            .is_some_and(|word| STAFF_TABLES.iter().any(|staff| same_word(word, staff)))
    }
}

/// How a name tells of a reference, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// Named alike.
    Same,
    /// Named for the table.
    Entity,
    /// Named alike or for the table, in a role.
    InRole,
    /// Shortened.
    Short,
    /// By what the table's name ends with.
    Head,
    /// A role that rows of the table have.
    Role,
}

impl Tie {
    /// How much it is trusted, of 1.
    pub(super) fn weight(self) -> f64 {
        match self {
            Tie::Same => 1.0,
            Tie::Entity => 0.97,
            Tie::InRole => 0.85,
            Tie::Short => 0.75,
            Tie::Head => 0.6,
            Tie::Role => 0.55,
        }
    }

    /// Why, in words.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Tie::Same => "the same name",
            Tie::Entity => "named for the table",
            Tie::InRole => "the same name in a role",
            Tie::Short => "a short form of the name",
            Tie::Head => "named for the end of the table's name",
            Tie::Role => "a role that its rows have",
        }
    }
}

/// What the name of a column says of its referring to the key of a table.
pub(super) fn tie(
    child: &Names,
    column: usize,
    parent: &Names,
    key: usize,
    is_self: bool,
) -> Option<Tie> {
    let target = &parent.columns[key];
    // A key named only `id` is known by its table.
    let known_as: Vec<&[String]> = target
        .iter()
        .map(|name| name.core.as_slice())
        .filter(|core| !core.is_empty())
        .collect();
    let says_key = target.iter().any(Name::is_key);
    let ties = child.columns[column].iter().filter_map(|name| {
        let core = name.core.as_slice();
        if core.is_empty() {
            return None;
        }
        if is_self {
            return self_tie(name, parent, &known_as);
        }
        // What is named for the table, but is no key by its name where the table's key is one,
        // is a property: `album.artist` beside `artist.artist_id` may well be a text.
        let fits = name.is_key() || !says_key;
        if known_as.iter().any(|known| alike(core, known)) && name.is_key() == says_key {
            Some(Tie::Same)
        } else if alike(core, &parent.entity)
            || fits && known_as.iter().any(|known| alike(core, known))
        {
            Some(Tie::Entity)
        } else if fits
            && (known_as.iter().any(|known| ends_with(core, known))
                || ends_with(core, &parent.entity))
        {
            Some(Tie::InRole)
        } else if fits && is_short(core, &parent.entity, &known_as) {
            Some(Tie::Short)
        } else if name.is_key()
            && parent.entity.len() > 1
            && core.last().is_some_and(|last| {
                core.len() == 1 && same_word(last, &parent.entity[parent.entity.len() - 1])
            })
        {
            Some(Tie::Head)
        } else if parent.is_staff() && has_role(core, &STAFF_ROLES) {
            Some(Tie::Role)
        } else {
            None
        }
    });
    ties.min()
}

/// What the name of a column says of its referring to its own table.
fn self_tie(name: &Name, table: &Names, known_as: &[&[String]]) -> Option<Tie> {
    let core: Vec<String> = without_fillers(&name.core);
    let (first, last) = (core.first()?, core.last()?);
    let is_tree = TREE_ROLES.iter().any(|role| same_word(first, role));
    let is_chief = table.is_staff()
        && CHIEF_ROLES
            .iter()
            .any(|role| same_word(first, role) || same_word(last, role));
    let rest = &core[1..];
    let of_own = rest.is_empty()
        || known_as.iter().any(|known| alike(rest, known))
        || alike(rest, &table.entity)
        || rest.len() == 1 && table.entity.last().is_some_and(|e| same_word(e, &rest[0]));
    if (is_tree && of_own) || (is_chief && core.len() <= 2) {
        return Some(Tie::Role);
    }
    None
}

/// Whether two columns of two tables are parts of a composite key by the same name; returns
/// the words that one has beyond the other.
pub(super) fn part(
    child: &Names,
    column: usize,
    parent: &Names,
    key: usize,
) -> Option<Vec<String>> {
    for name in &child.columns[column] {
        for known in &parent.columns[key] {
            if known.core.is_empty() || name.core.is_empty() {
                continue;
            }
            if alike(&name.core, &known.core) {
                return Some(Vec::new());
            }
            let (of, n) = (&name.core, known.core.len());
            if of.len() > n && alike(&of[..n], &known.core) {
                return Some(of[n..].to_vec());
            }
            if of.len() > n && alike(&of[of.len() - n..], &known.core) {
                return Some(of[..of.len() - n].to_vec());
            }
        }
    }
    None
}

/// Whether all words of one row are among the other's.
pub(super) fn contains(all: &[String], some: &[String]) -> bool {
    some.iter()
        .all(|word| all.iter().any(|other| same_word(other, word)))
}

/// Whether two rows of words say the same, written together or apart, one or many.
pub(super) fn alike(left: &[String], right: &[String]) -> bool {
    if left.is_empty() || right.is_empty() {
        return false;
    }
    let by_word = left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|(left, right)| same_word(left, right));
    by_word || same_word(&left.concat(), &right.concat())
}

fn ends_with(words: &[String], end: &[String]) -> bool {
    !end.is_empty() && (1..words.len()).any(|start| alike(&words[start..], end))
}

fn has_role(core: &[String], roles: &[&str]) -> bool {
    let core = without_fillers(core);
    (1..=2).contains(&core.len())
        && core
            .iter()
            .any(|word| roles.iter().any(|role| same_word(word, role)))
}

fn without_fillers(words: &[String]) -> Vec<String> {
    words
        .iter()
        .filter(|word| !FILLERS.contains(&word.as_str()))
        .cloned()
        .collect()
}

/// Whether the end of `core` shortens the name of the table or of its key.
fn is_short(core: &[String], entity: &[String], known_as: &[&[String]]) -> bool {
    let Some(last) = core.last().filter(|last| last.chars().count() >= 3) else {
        return false;
    };
    // `cdemo` of `customer_demographics`: a beginning of every word.
    let of_many = |full: &[String]| full.len() > 1 && begins_all(last, full);
    let of_one = |full: &[String]| full.len() == 1 && shortens(last, &full[0]);
    of_many(entity)
        || of_one(entity)
        || known_as.iter().any(|known| of_one(known))
        || (core.len() == entity.len()
            && core.len() > 1
            && core
                .iter()
                .zip(entity)
                .all(|(short, full)| same_word(short, full) || shortens(short, full)))
}

/// Whether `short` is made of a beginning of each of the words, in order.
fn begins_all(short: &str, words: &[String]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return short.is_empty();
    };
    let common = short
        .char_indices()
        .zip(first.chars())
        .take_while(|((_, a), b)| a == b)
        .map(|((at, a), _)| at + a.len_utf8());
    common
        .collect::<Vec<_>>()
        .into_iter()
        .any(|end| begins_all(&short[end..], rest))
}

/// Whether a word is a shorter form of another: its beginning, or letters of it in order.
fn shortens(short: &str, full: &str) -> bool {
    let (n, of) = (short.chars().count(), full.chars().count());
    if n < 3 || n >= of || short.chars().next() != full.chars().next() {
        return false;
    }
    if full.starts_with(short) {
        return true;
    }
    let mut letters = full.chars();
    n >= 4
        && short
            .chars()
            .all(|letter| letters.any(|other| other == letter))
}

/// Whether two words are the same but for their number or case.
fn same_word(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let common: usize = left
        .char_indices()
        .zip(right.chars())
        .take_while(|((_, a), b)| a == b)
        .map(|((_, a), _)| a.len_utf8())
        .sum();
    let (ends, least) = ((&left[common..], &right[common..]), 3);
    const ENDINGS: [(&str, &str); 12] = [
        ("", "s"),
        ("", "es"),
        ("y", "ies"),
        ("", "n"),
        ("", "en"),
        ("", "er"),
        ("", "e"),
        ("us", "i"),
        ("um", "a"),
        ("is", "es"),
        ("e", "en"),
        ("", "ren"),
    ];
    common >= least
        && ENDINGS
            .iter()
            .any(|&(one, many)| ends == (one, many) || ends == (many, one))
}

/// Splits a name into words: at signs, where the case changes, and before an ending that
/// says that it is a key.
fn words(name: &str) -> Vec<String> {
    // `teamIDwinner` has three words, which capitals alone do not tell.
    let name = match name.contains(char::is_lowercase) {
        true => name.replace("ID", "_id_"),
        false => name.to_string(),
    };
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let breaks = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if breaks {
            words.push(std::mem::take(&mut word));
        }
        word.extend(letter.to_lowercase());
    }
    words.push(word);
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            // A short ending needs more before it: `valid` is no key.
            let ending = KEY_ENDINGS.iter().find(|ending| {
                word.strip_suffix(**ending).is_some_and(|rest| {
                    rest.chars().count() >= if ending.len() > 2 { 3 } else { 4 }
                })
            });
            match ending {
                Some(ending) => vec![
                    word[..word.len() - ending.len()].to_string(),
                    (*ending).to_string(),
                ],
                None => vec![word],
            }
        })
        .collect()
}
