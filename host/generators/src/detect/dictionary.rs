//! Words that people, companies and streets are called by, and where they are said.
//!
//! The names are `fake`'s lists, and short ones of the most frequent names where `fake`
//! has none. A dictionary only has to be right about a share of a column's values.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fake::locales::{
    AR_SA, CY_GB, DE_DE, Data, EN, FA_IR, FR_FR, IT_IT, JA_JP, NL_NL, PT_BR, PT_PT, TR_TR, ZH_CN,
    ZH_TW,
};

use crate::tokens::folded;

/// A set of places in [`LOCALES`].
pub(super) type Locales = u32;

/// Locales that values can tell, in the order of the bits of [`type@Locales`].
pub(super) const LOCALES: &[&str] = &[
    "en_US", "en_GB", "de_DE", "fr_FR", "it_IT", "nl_NL", "pt_BR", "tr_TR", "ja_JP", "zh_CN",
    "ar_SA", "fa_IR", "es_ES", "pl_PL", "ru_RU", "sv_SE", "ko_KR", "el_GR", "uk_UA", "pt_PT",
];

const fn bit(place: usize) -> Locales {
    1 << place
}

/// The set that holds one locale; empty for one that is not listed.
pub(super) fn locale(name: &str) -> Locales {
    LOCALES
        .iter()
        .position(|listed| *listed == name)
        .map_or(0, bit)
}

fn gather(lists: &[(&str, &[&str])]) -> BTreeMap<String, Locales> {
    let mut names: BTreeMap<String, Locales> = BTreeMap::new();
    for (place, list) in lists {
        for name in *list {
            let name = folded(name.trim());
            // One letter is no name where letters are sounds.
            if name.chars().count() > 1 || !name.is_ascii() {
                *names.entry(name).or_default() |= locale(place);
            }
        }
    }
    names
}

static FIRST: LazyLock<BTreeMap<String, Locales>> = LazyLock::new(|| {
    gather(&[
        ("en_US", EN::NAME_FIRST_NAME),
        ("en_GB", CY_GB::NAME_FIRST_NAME),
        ("de_DE", DE_DE::NAME_FIRST_NAME),
        ("fr_FR", FR_FR::NAME_FIRST_NAME),
        ("it_IT", IT_IT::NAME_FIRST_NAME),
        ("nl_NL", NL_NL::NAME_FIRST_NAME),
        ("pt_BR", PT_BR::NAME_FIRST_NAME),
        ("pt_PT", PT_PT::NAME_FIRST_NAME),
        ("tr_TR", TR_TR::NAME_FIRST_NAME),
        ("ja_JP", JA_JP::NAME_FIRST_NAME),
        ("zh_CN", ZH_CN::NAME_FIRST_NAME),
        ("zh_CN", ZH_TW::NAME_FIRST_NAME),
        ("ar_SA", AR_SA::NAME_FIRST_NAME),
        ("fa_IR", FA_IR::NAME_FIRST_NAME),
        ("es_ES", SPANISH_FIRST),
        ("pl_PL", POLISH_FIRST),
        ("ru_RU", RUSSIAN_FIRST),
        ("sv_SE", SWEDISH_FIRST),
    ])
});

static LAST: LazyLock<BTreeMap<String, Locales>> = LazyLock::new(|| {
    gather(&[
        ("en_US", EN::NAME_LAST_NAME),
        ("en_GB", CY_GB::NAME_LAST_NAME),
        ("de_DE", DE_DE::NAME_LAST_NAME),
        ("fr_FR", FR_FR::NAME_LAST_NAME),
        ("it_IT", IT_IT::NAME_LAST_NAME),
        ("nl_NL", NL_NL::NAME_LAST_NAME),
        ("pt_BR", PT_BR::NAME_LAST_NAME),
        ("pt_PT", PT_PT::NAME_LAST_NAME),
        ("tr_TR", TR_TR::NAME_LAST_NAME),
        ("ja_JP", JA_JP::NAME_LAST_NAME),
        ("zh_CN", ZH_CN::NAME_LAST_NAME),
        ("zh_CN", ZH_TW::NAME_LAST_NAME),
        ("ar_SA", AR_SA::NAME_LAST_NAME),
        ("fa_IR", FA_IR::NAME_LAST_NAME),
        ("es_ES", SPANISH_LAST),
    ])
});

/// Where a word is a given name; empty where it is none.
pub(super) fn first_name(word: &str) -> Locales {
    let word = folded(word);
    FIRST
        .get(&word)
        .copied()
        // `Hans-Georg`, `Anne-Marie`
        .or_else(|| FIRST.get(word.split_once('-')?.0).copied())
        .unwrap_or(0)
}

/// Where a word is a family name; empty where it is none.
pub(super) fn last_name(word: &str) -> Locales {
    let word = folded(word);
    let by_list = LAST.get(&word).copied().unwrap_or(0);
    if by_list != 0 || word.chars().count() < 5 {
        return by_list;
    }
    SURNAME_ENDS
        .iter()
        .find(|(end, _)| word.ends_with(end))
        .map_or(0, |(_, place)| locale(place))
}

/// Whether a word is written like a given or family name of East Asia.
pub(super) fn han_name(word: &str) -> Locales {
    first_name(word) | last_name(word)
}

/// Endings that hardly anything but a family name has.
const SURNAME_ENDS: &[(&str, &str)] = &[
    ("ski", "pl_PL"),
    ("ska", "pl_PL"),
    ("cki", "pl_PL"),
    ("cka", "pl_PL"),
    ("wicz", "pl_PL"),
    ("czyk", "pl_PL"),
    ("czak", "pl_PL"),
    ("ов", "ru_RU"),
    ("ова", "ru_RU"),
    ("ев", "ru_RU"),
    ("ева", "ru_RU"),
    ("ский", "ru_RU"),
    ("ская", "ru_RU"),
    ("енко", "uk_UA"),
    ("sson", "sv_SE"),
];

/// Legal forms at the end of a company's name.
#[rustfmt::skip]
pub(super) const LEGAL_FORMS: &[(&str, &str)] = &[
    ("inc", "en_US"), ("llc", "en_US"), ("ltd", "en_GB"), ("limited", "en_GB"), ("corp", "en_US"),
    ("corporation", "en_US"), ("co", ""), ("company", ""), ("plc", "en_GB"), ("llp", ""),
    ("lp", ""), ("gmbh", "de_DE"), ("ag", "de_DE"), ("kg", "de_DE"), ("kgaa", "de_DE"),
    ("ohg", "de_DE"), ("gbr", "de_DE"), ("ug", "de_DE"), ("mbh", "de_DE"), ("ev", "de_DE"),
    ("eg", "de_DE"), ("sa", ""), ("sas", "fr_FR"), ("sarl", "fr_FR"), ("sasu", "fr_FR"),
    ("eurl", "fr_FR"), ("fils", "fr_FR"), ("cie", "fr_FR"), ("sl", "es_ES"), ("slu", "es_ES"),
    ("sll", "es_ES"), ("slne", "es_ES"), ("scoop", "es_ES"), ("sau", "es_ES"), ("cb", "es_ES"),
    ("srl", "it_IT"), ("spa", "it_IT"), ("snc", "it_IT"), ("figli", "it_IT"), ("bv", "nl_NL"),
    ("nv", "nl_NL"), ("vof", "nl_NL"), ("zonen", "nl_NL"), ("oy", ""), ("ab", "sv_SE"), ("as", ""),
    ("aps", ""), ("kk", "ja_JP"), ("pty", ""), ("ltda", "pt_BR"), ("lda", "pt_PT"), ("se", ""),
    ("zoo", "pl_PL"), ("oo", "pl_PL"), ("spj", "pl_PL"), ("group", ""), ("holding", ""),
    ("holdings", ""), ("sons", ""), ("bros", ""), ("brothers", ""), ("airlines", ""),
    ("airways", ""), ("stichting", "nl_NL"), ("filhos", "pt_BR"),
];

/// Legal forms in front of a company's name, or amid it.
pub(super) const LEGAL_STARTS: &[(&str, &str)] = &[
    ("株式会社", "ja_JP"),
    ("有限会社", "ja_JP"),
    ("合同会社", "ja_JP"),
    ("有限公司", "zh_CN"),
    ("ООО ", "ru_RU"),
    ("ОАО ", "ru_RU"),
    ("ЗАО ", "ru_RU"),
    ("ПАО ", "ru_RU"),
    ("АО ", "ru_RU"),
    ("ИП ", "ru_RU"),
    ("НКО ", "ru_RU"),
    ("РАО ", "ru_RU"),
    ("Stichting ", "nl_NL"),
    ("Grupo ", "es_ES"),
    ("Gruppo ", "it_IT"),
    ("Groupe ", "fr_FR"),
];

/// Words of streets that stand alone.
#[rustfmt::skip]
pub(super) const STREET_WORDS: &[(&str, &str)] = &[
    ("street", ""), ("st", ""), ("avenue", ""), ("ave", ""), ("road", ""), ("rd", ""), ("lane", ""),
    ("ln", ""), ("drive", ""), ("dr", ""), ("boulevard", ""), ("blvd", ""), ("court", ""),
    ("ct", ""), ("place", ""), ("pl", ""), ("square", ""), ("sq", ""), ("way", ""),
    ("highway", "en_US"), ("hwy", "en_US"), ("terrace", ""), ("parkway", "en_US"),
    ("pkwy", "en_US"), ("crescent", "en_GB"), ("close", "en_GB"), ("gardens", "en_GB"),
    ("trail", "en_US"), ("circle", "en_US"), ("apt", "en_US"), ("suite", "en_US"), ("flat", "en_GB"),
    ("studio", "en_GB"), ("rue", "fr_FR"), ("allee", ""), ("chemin", "fr_FR"), ("impasse", "fr_FR"),
    ("quai", "fr_FR"), ("calle", "es_ES"), ("avenida", ""), ("av", ""), ("paseo", "es_ES"),
    ("pasaje", "es_ES"), ("camino", "es_ES"), ("carrer", "es_ES"), ("glorieta", "es_ES"),
    ("ronda", "es_ES"), ("rambla", "es_ES"), ("callejon", "es_ES"), ("rua", ""), ("travessa", ""),
    ("praca", ""), ("rodovia", "pt_BR"), ("alameda", ""), ("via", "it_IT"), ("viale", "it_IT"),
    ("piazza", "it_IT"), ("corso", "it_IT"), ("vicolo", "it_IT"), ("strada", "it_IT"),
    ("contrada", "it_IT"), ("borgo", "it_IT"), ("largo", ""), ("plaza", "es_ES"), ("weg", ""),
    ("platz", "de_DE"), ("strasse", "de_DE"), ("str", "de_DE"), ("ulica", "pl_PL"), ("ul", "pl_PL"),
    ("aleja", "pl_PL"), ("al", "pl_PL"), ("plac", "pl_PL"), ("os", "pl_PL"), ("ул", "ru_RU"),
    ("улица", "ru_RU"), ("пр", "ru_RU"), ("проспект", "ru_RU"), ("пер", "ru_RU"), ("бул", "ru_RU"),
    ("ш", "ru_RU"), ("наб", "ru_RU"), ("алл", "ru_RU"), ("д", "ru_RU"),
];

/// Ends of streets written in one word.
#[rustfmt::skip]
pub(super) const STREET_ENDS: &[(&str, &str)] = &[
    ("strasse", "de_DE"), ("str", "de_DE"), ("gasse", "de_DE"), ("platz", "de_DE"),
    ("allee", "de_DE"), ("damm", "de_DE"), ("ufer", "de_DE"), ("weg", ""), ("ring", ""),
    ("straat", "nl_NL"), ("laan", "nl_NL"), ("plein", "nl_NL"), ("kade", "nl_NL"),
    ("dreef", "nl_NL"), ("pad", "nl_NL"), ("singel", "nl_NL"), ("steeg", "nl_NL"),
    ("hof", ""), ("gatan", "sv_SE"), ("vagen", "sv_SE"),
];

#[rustfmt::skip]
const SPANISH_FIRST: &[&str] = &[
    "antonio", "manuel", "jose", "francisco", "david", "juan", "javier", "daniel", "carlos",
    "jesus", "alejandro", "miguel", "rafael", "pedro", "pablo", "angel", "sergio", "fernando",
    "jorge", "luis", "alberto", "alvaro", "adrian", "diego", "ivan", "raul", "ruben", "enrique",
    "ramon", "vicente", "andres", "joaquin", "santiago", "eduardo", "victor", "mario", "roberto",
    "jaime", "ignacio", "salvador", "gonzalo", "emilio", "julian", "maria", "carmen", "ana", "isabel",
    "dolores", "pilar", "teresa", "rosa", "cristina", "antonia", "francisca", "laura", "elena",
    "mercedes", "lucia", "marta", "paula", "sara", "alba", "rocio", "raquel", "beatriz", "manuela",
    "irene", "silvia", "julia", "patricia", "nuria", "montserrat", "angeles", "rosario",
    "concepcion", "encarnacion", "inmaculada", "yolanda", "susana", "esther", "sonia", "monica",
];

#[rustfmt::skip]
const SPANISH_LAST: &[&str] = &[
    "garcia", "rodriguez", "gonzalez", "fernandez", "lopez", "martinez", "sanchez", "perez",
    "gomez", "martin", "jimenez", "hernandez", "ruiz", "diaz", "moreno", "munoz", "alvarez",
    "romero", "gutierrez", "alonso", "navarro", "torres", "dominguez", "ramos", "vazquez",
    "ramirez", "gil", "serrano", "morales", "molina", "suarez", "blanco", "castro", "delgado",
    "ortega", "ortiz", "rubio", "marin", "nunez", "medina", "iglesias", "castillo", "cortes",
    "garrido", "guerrero", "lozano", "cano", "cruz", "prieto", "mendez", "flores", "herrera",
    "pena", "leon", "marquez", "cabrera", "calvo", "gallego", "vidal", "campos", "reyes", "vega",
    "fuentes", "carrasco", "aguilar",
];

#[rustfmt::skip]
const POLISH_FIRST: &[&str] = &[
    "anna", "maria", "katarzyna", "malgorzata", "agnieszka", "barbara", "ewa", "krystyna",
    "elzbieta", "zofia", "teresa", "joanna", "magdalena", "monika", "jadwiga", "danuta", "irena",
    "halina", "helena", "beata", "aleksandra", "marta", "dorota", "marianna", "grazyna", "jolanta",
    "stanislawa", "iwona", "karolina", "bozena", "urszula", "justyna", "renata", "alicja",
    "paulina", "sylwia", "natalia", "wanda", "agata", "aneta", "izabela", "ewelina", "jan",
    "andrzej", "piotr", "krzysztof", "stanislaw", "tomasz", "pawel", "jozef", "marcin", "marek",
    "michal", "grzegorz", "jerzy", "tadeusz", "adam", "lukasz", "zbigniew", "ryszard", "dariusz",
    "henryk", "mariusz", "kazimierz", "wojciech", "robert", "mateusz", "marian", "rafal", "jacek",
    "janusz", "miroslaw", "maciej", "slawomir", "jaroslaw", "kamil", "wieslaw", "roman",
    "wladyslaw", "jakub", "artur", "zdzislaw",
];

#[rustfmt::skip]
const RUSSIAN_FIRST: &[&str] = &[
    "александр", "дмитрий", "максим", "сергей", "андрей", "алексей", "артем", "илья", "кирилл",
    "михаил", "никита", "матвей", "роман", "егор", "иван", "денис", "евгений", "даниил",
    "тимофей", "владислав", "игорь", "владимир", "павел", "руслан", "марк", "константин",
    "николай", "виктор", "юрий", "анатолий", "борис", "василий", "георгий", "анна", "мария",
    "елена", "ольга", "наталья", "екатерина", "татьяна", "ирина", "светлана", "юлия", "анастасия",
    "дарья", "евгения", "ксения", "виктория", "александра", "полина", "вера", "людмила", "галина",
    "надежда", "валентина", "оксана", "любовь", "тамара", "нина", "зоя",
];

#[rustfmt::skip]
const SWEDISH_FIRST: &[&str] = &[
    "lars", "anders", "johan", "erik", "karl", "nils", "per", "fredrik", "magnus", "bjorn",
    "gustav", "olof", "sven", "hakan", "goran", "lennart", "mikael", "astrid", "ingrid", "karin",
    "kristina", "margareta", "birgitta", "elin", "linnea", "annika", "ulla", "sigrid",
];
