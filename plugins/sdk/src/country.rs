//! Countries: what columns call them, and which of those that a plugin knows a row is in.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::error::Error;
use crate::plugin::Settings;
use crate::rows::Row;
use crate::view::Batch;

/// Returns the code of ISO 3166-1 (`DE`) of a country, by its code of two or three letters or
/// by its name in English, in its own language or in those of its neighbours.
pub fn code(name: &str) -> Option<&'static str> {
    static INDEX: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let mut index = HashMap::new();
        for &(code, names) in NAMES {
            for name in [code].into_iter().chain(names.split(';')) {
                index.insert(name.to_lowercase(), code);
            }
        }
        index
    });
    INDEX.get(&name.trim().to_lowercase()).copied()
}

/// Returns the English name of a country, by its code of two letters.
pub fn name(code: &str) -> Option<&'static str> {
    let position = NAMES.binary_search_by_key(&code, |(code, _)| *code).ok()?;
    NAMES[position].1.split(';').nth(1)
}

/// What a plugin knows of each of its countries.
///
/// A row's country is what a column of the input says; where none does, or says what the plugin
/// does not know, the locale's; without a locale, one that is drawn. What a manifest lists
/// stands before the locale.
///
/// ```
/// use prodlike_sdk::{Batch, Countries, Settings};
/// let known = [("DE", "Hallo"), ("FR", "Salut")];
/// let settings = Settings { locale: Some("fr_FR".into()), ..Settings::default() };
/// let greetings = Countries::new(known, &[], &settings).unwrap();
/// assert_eq!(greetings.find("Germany"), Some(&"Hallo"));
/// assert!(Countries::new(known, &["XX".into()], &settings).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Countries<T> {
    known: Vec<(&'static str, T)>,
    /// Of those known: what is drawn from.
    drawn: Vec<usize>,
}

impl<T> Countries<T> {
    /// Returns what is known of countries, by their codes. `listed` is the option `countries`:
    /// those to be drawn where no column tells; none for the locale's, or all.
    ///
    /// # Errors
    /// Where the option lists what is not known.
    pub fn new(
        known: impl IntoIterator<Item = (&'static str, T)>,
        listed: &[String],
        settings: &Settings,
    ) -> Result<Countries<T>, Error> {
        let known: Vec<(&'static str, T)> = known.into_iter().collect();
        let position = |name: &str| {
            let code = code(name)?;
            known.iter().position(|(known, _)| *known == code)
        };
        let listed = listed.iter().enumerate().map(|(index, name)| {
            position(name).ok_or_else(|| {
                let path = format!("countries[{index}]");
                Error::option(path, "that country is not known")
            })
        });
        let mut drawn = listed.collect::<Result<Vec<usize>, Error>>()?;
        if drawn.is_empty() {
            drawn.extend(settings.country().and_then(position));
        }
        if drawn.is_empty() {
            drawn.extend(0..known.len());
        }
        if drawn.is_empty() {
            return Err(Error::other("no country is known"));
        }
        Ok(Countries { known, drawn })
    }

    /// Returns what is known of the one country that rows are in where no column tells, if it is
    /// one.
    pub fn local(&self) -> Option<&T> {
        match self.drawn.as_slice() {
            [only] => Some(&self.known[*only].1),
            _ => None,
        }
    }

    /// Returns what is known of a country, by its code or name.
    pub fn find(&self, name: &str) -> Option<&T> {
        let code = code(name)?;
        let found = self.known.iter().find(|(known, _)| *known == code);
        found.map(|(_, known)| known)
    }

    /// Returns all that is known, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &T)> {
        self.known.iter().map(|(code, known)| (*code, known))
    }

    /// Reads the column of a batch that means a country, if there is one.
    ///
    /// # Errors
    /// Where that column is no text.
    pub fn of<'a>(&'a self, input: &Batch<'_>) -> Result<RowCountries<'a, T>, Error> {
        let Some(column) = input.semantic("country") else {
            return Ok(RowCountries {
                countries: self,
                told: Vec::new(),
            });
        };
        // Few names and many rows: each is looked up once.
        let mut seen: HashMap<&str, Option<usize>> = HashMap::new();
        let told = column.utf8()?.iter().map(|name| {
            let name = name?;
            *seen.entry(name).or_insert_with(|| {
                let code = code(name)?;
                self.known.iter().position(|(known, _)| *known == code)
            })
        });
        Ok(RowCountries {
            countries: self,
            told: told.collect(),
        })
    }
}

/// The countries of a batch's rows.
#[derive(Clone, Debug)]
pub struct RowCountries<'a, T> {
    countries: &'a Countries<T>,
    told: Vec<Option<usize>>,
}

impl<'a, T> RowCountries<'a, T> {
    /// Returns the code of a row's country and what is known of it. Where nothing tells it, it
    /// is drawn from the stream.
    #[inline]
    pub fn get(&self, row: Row, stream: u64) -> (&'static str, &'a T) {
        let told = self.told.get(row.index()).copied().flatten();
        let position = told.unwrap_or_else(|| {
            let drawn = &self.countries.drawn;
            match drawn.as_slice() {
                [only] => *only,
                _ => drawn[row.stream(stream).below(drawn.len() as u64) as usize],
            }
        });
        let (code, known) = &self.countries.known[position];
        (code, known)
    }
}

/// Codes of two letters; codes of three and names. English names are those of ISO 3166-1, the
/// others what maps and forms write.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("AD", "AND;Andorra"),
    ("AE", "ARE;United Arab Emirates;UAE;الإمارات;الإمارات العربية المتحدة"),
    ("AF", "AFG;Afghanistan"),
    ("AG", "ATG;Antigua and Barbuda"),
    ("AI", "AIA;Anguilla"),
    ("AL", "ALB;Albania"),
    ("AM", "ARM;Armenia"),
    ("AO", "AGO;Angola"),
    ("AQ", "ATA;Antarctica"),
    ("AR", "ARG;Argentina;Argentinien"),
    ("AS", "ASM;American Samoa"),
    ("AT", "AUT;Austria;Österreich;Autriche;Oostenrijk"),
    ("AU", "AUS;Australia;Australien;Australie;Австралия;オーストラリア;澳大利亚"),
    ("AW", "ABW;Aruba"),
    ("AX", "ALA;Aland Islands"),
    ("AZ", "AZE;Azerbaijan"),
    ("BA", "BIH;Bosnia and Herzegovina"),
    ("BB", "BRB;Barbados"),
    ("BD", "BGD;Bangladesh"),
    ("BE", "BEL;Belgium;Belgien;Belgique;België;Belgio;Bélgica"),
    ("BF", "BFA;Burkina Faso"),
    ("BG", "BGR;Bulgaria;България;Bulgarien"),
    ("BH", "BHR;Bahrain"),
    ("BI", "BDI;Burundi"),
    ("BJ", "BEN;Benin"),
    ("BL", "BLM;Saint Barthelemy"),
    ("BM", "BMU;Bermuda"),
    ("BN", "BRN;Brunei"),
    ("BO", "BOL;Bolivia;Bolivia, Plurinational State of"),
    ("BQ", "BES;Caribbean Netherlands"),
    ("BR", "BRA;Brazil;Brasil;Brasilien;Brésil;Brasile;Brazilië;Бразилия;ブラジル;巴西"),
    ("BS", "BHS;Bahamas;The Bahamas"),
    ("BT", "BTN;Bhutan"),
    ("BV", "BVT;Bouvet Island"),
    ("BW", "BWA;Botswana"),
    ("BY", "BLR;Belarus"),
    ("BZ", "BLZ;Belize"),
    ("CA", "CAN;Canada;Kanada;Canadá;Канада;カナダ;加拿大"),
    ("CC", "CCK;Cocos Islands"),
    ("CD", "COD;Democratic Republic of the Congo;DR Congo;Congo, the Democratic Republic of the"),
    ("CF", "CAF;Central African Republic"),
    ("CG", "COG;Congo"),
    ("CH", "CHE;Switzerland;Schweiz;Suisse;Svizzera;Suiza;Suíça;Zwitserland"),
    ("CI", "CIV;Ivory Coast;Côte d'Ivoire"),
    ("CK", "COK;Cook Islands"),
    ("CL", "CHL;Chile"),
    ("CM", "CMR;Cameroon"),
    ("CN", "CHN;China;中国;Chine;Cina;Китай"),
    ("CO", "COL;Colombia;Kolumbien"),
    ("CR", "CRI;Costa Rica"),
    ("CU", "CUB;Cuba"),
    ("CV", "CPV;Cabo Verde;Cape Verde"),
    ("CW", "CUW;Curacao;Curaçao"),
    ("CX", "CXR;Christmas Island"),
    ("CY", "CYP;Cyprus"),
    ("CZ", "CZE;Czech Republic;Czechia;Česko;Česká republika;Tschechien"),
    ("DE", "DEU;Germany;Deutschland;Allemagne;Germania;Alemania;Alemanha;Duitsland;Tyskland;Niemcy;Almanya;Германия;ドイツ;德国;독일"),
    ("DJ", "DJI;Djibouti"),
    ("DK", "DNK;Denmark;Danmark;Dänemark;Danemark;Dinamarca;Denemarken"),
    ("DM", "DMA;Dominica"),
    ("DO", "DOM;Dominican Republic;República Dominicana"),
    ("DZ", "DZA;Algeria;Argelia"),
    ("EC", "ECU;Ecuador"),
    ("EE", "EST;Estonia;Eesti"),
    ("EG", "EGY;Egypt;مصر;Ägypten"),
    ("EH", "ESH;Western Sahara"),
    ("ER", "ERI;Eritrea"),
    ("ES", "ESP;Spain;España;Spanien;Espagne;Spagna;Espanha;Spanje;Hiszpania;İspanya;Испания;スペイン;西班牙"),
    ("ET", "ETH;Ethiopia"),
    ("FI", "FIN;Finland;Suomi;Finnland;Finlande;Finlandia"),
    ("FJ", "FJI;Fiji"),
    ("FK", "FLK;Falkland Islands"),
    ("FM", "FSM;Micronesia"),
    ("FO", "FRO;Faroe Islands"),
    ("FR", "FRA;France;Frankreich;Francia;França;Frankrijk;Frankrike;Frankrig;Francja;Fransa;Франция;フランス;法国;프랑스"),
    ("GA", "GAB;Gabon"),
    ("GB", "GBR;United Kingdom;UK;U.K.;Great Britain;Britain;England;Scotland;Wales;Northern Ireland;Vereinigtes Königreich;Großbritannien;Royaume-Uni;Regno Unito;Reino Unido;Verenigd Koninkrijk;Великобритания;イギリス;英国"),
    ("GD", "GRD;Grenada"),
    ("GE", "GEO;Georgia"),
    ("GF", "GUF;French Guiana"),
    ("GG", "GGY;Guernsey"),
    ("GH", "GHA;Ghana"),
    ("GI", "GIB;Gibraltar"),
    ("GL", "GRL;Greenland"),
    ("GM", "GMB;Gambia;The Gambia"),
    ("GN", "GIN;Guinea"),
    ("GP", "GLP;Guadeloupe"),
    ("GQ", "GNQ;Equatorial Guinea"),
    ("GR", "GRC;Greece;Ελλάδα;Griechenland;Grèce;Grecia"),
    ("GS", "SGS;South Georgia and the South Sandwich Islands"),
    ("GT", "GTM;Guatemala"),
    ("GU", "GUM;Guam"),
    ("GW", "GNB;Guinea-Bissau"),
    ("GY", "GUY;Guyana"),
    ("HK", "HKG;Hong Kong;Hong Kong SAR"),
    ("HM", "HMD;Heard Island and McDonald Islands"),
    ("HN", "HND;Honduras"),
    ("HR", "HRV;Croatia;Hrvatska;Kroatien"),
    ("HT", "HTI;Haiti"),
    ("HU", "HUN;Hungary;Magyarország;Ungarn;Hongrie;Hungría"),
    ("ID", "IDN;Indonesia;Indonesien"),
    ("IE", "IRL;Ireland;Republic of Ireland;Irland;Irlande;Irlanda;Ierland;Éire"),
    ("IL", "ISR;Israel;ישראל"),
    ("IM", "IMN;Isle of Man"),
    ("IN", "IND;India;Indien;Inde;Índia;भारत;インド;印度"),
    ("IO", "IOT;British Indian Ocean Territory"),
    ("IQ", "IRQ;Iraq"),
    ("IR", "IRN;Iran;ایران;Iran, Islamic Republic of"),
    ("IS", "ISL;Iceland;Ísland"),
    ("IT", "ITA;Italy;Italia;Italien;Italie;Itália;Włochy;İtalya;Италия;イタリア;意大利"),
    ("JE", "JEY;Jersey"),
    ("JM", "JAM;Jamaica"),
    ("JO", "JOR;Jordan"),
    ("JP", "JPN;Japan;日本;Japon;Japón;Japão;Giappone;Япония"),
    ("KE", "KEN;Kenya"),
    ("KG", "KGZ;Kyrgyzstan"),
    ("KH", "KHM;Cambodia"),
    ("KI", "KIR;Kiribati"),
    ("KM", "COM;Comoros"),
    ("KN", "KNA;Saint Kitts and Nevis"),
    ("KP", "PRK;North Korea"),
    ("KR", "KOR;South Korea;Korea;Republic of Korea;Korea, Republic of;대한민국;한국"),
    ("KW", "KWT;Kuwait"),
    ("KY", "CYM;Cayman Islands"),
    ("KZ", "KAZ;Kazakhstan"),
    ("LA", "LAO;Laos"),
    ("LB", "LBN;Lebanon"),
    ("LC", "LCA;Saint Lucia"),
    ("LI", "LIE;Liechtenstein"),
    ("LK", "LKA;Sri Lanka"),
    ("LR", "LBR;Liberia"),
    ("LS", "LSO;Lesotho"),
    ("LT", "LTU;Lithuania;Lietuva"),
    ("LU", "LUX;Luxembourg;Luxemburg;Lëtzebuerg"),
    ("LV", "LVA;Latvia;Latvija"),
    ("LY", "LBY;Libya"),
    ("MA", "MAR;Morocco;Marruecos"),
    ("MC", "MCO;Monaco"),
    ("MD", "MDA;Moldova;Moldova, Republic of"),
    ("ME", "MNE;Montenegro"),
    ("MF", "MAF;Saint Martin"),
    ("MG", "MDG;Madagascar"),
    ("MH", "MHL;Marshall Islands"),
    ("MK", "MKD;North Macedonia;Macedonia"),
    ("ML", "MLI;Mali"),
    ("MM", "MMR;Myanmar;Burma"),
    ("MN", "MNG;Mongolia"),
    ("MO", "MAC;Macao"),
    ("MP", "MNP;Northern Mariana Islands"),
    ("MQ", "MTQ;Martinique"),
    ("MR", "MRT;Mauritania"),
    ("MS", "MSR;Montserrat"),
    ("MT", "MLT;Malta"),
    ("MU", "MUS;Mauritius"),
    ("MV", "MDV;Maldives"),
    ("MW", "MWI;Malawi"),
    ("MX", "MEX;Mexico;México;Mexiko;Mexique"),
    ("MY", "MYS;Malaysia"),
    ("MZ", "MOZ;Mozambique"),
    ("NA", "NAM;Namibia"),
    ("NC", "NCL;New Caledonia"),
    ("NE", "NER;Niger"),
    ("NF", "NFK;Norfolk Island"),
    ("NG", "NGA;Nigeria"),
    ("NI", "NIC;Nicaragua"),
    ("NL", "NLD;Netherlands;The Netherlands;Holland;Niederlande;Pays-Bas;Paesi Bassi;Países Bajos;Países Baixos;Nederland;Hollanda"),
    ("NO", "NOR;Norway;Norge;Norwegen;Norvège;Noruega;Noorwegen"),
    ("NP", "NPL;Nepal"),
    ("NR", "NRU;Nauru"),
    ("NU", "NIU;Niue"),
    ("NZ", "NZL;New Zealand;Neuseeland;Nouvelle-Zélande;Nueva Zelanda"),
    ("OM", "OMN;Oman"),
    ("PA", "PAN;Panama;Panamá"),
    ("PE", "PER;Peru;Perú"),
    ("PF", "PYF;French Polynesia"),
    ("PG", "PNG;Papua New Guinea"),
    ("PH", "PHL;Philippines"),
    ("PK", "PAK;Pakistan"),
    ("PL", "POL;Poland;Polska;Polen;Pologne;Polonia;Польша"),
    ("PM", "SPM;Saint Pierre and Miquelon"),
    ("PN", "PCN;Pitcairn"),
    ("PR", "PRI;Puerto Rico"),
    ("PS", "PSE;Palestine"),
    ("PT", "PRT;Portugal;Portogallo"),
    ("PW", "PLW;Palau"),
    ("PY", "PRY;Paraguay"),
    ("QA", "QAT;Qatar"),
    ("RE", "REU;Reunion;Réunion"),
    ("RO", "ROU;Romania;România;Rumänien;Roumanie"),
    ("RS", "SRB;Serbia;Srbija;Serbien"),
    ("RU", "RUS;Russia;Russian Federation;Россия;Russland;Russie;Rusia;Rússia"),
    ("RW", "RWA;Rwanda"),
    ("SA", "SAU;Saudi Arabia;السعودية;المملكة العربية السعودية;KSA"),
    ("SB", "SLB;Solomon Islands"),
    ("SC", "SYC;Seychelles"),
    ("SD", "SDN;Sudan"),
    ("SE", "SWE;Sweden;Sverige;Schweden;Suède;Suecia;Zweden"),
    ("SG", "SGP;Singapore"),
    ("SH", "SHN;Saint Helena"),
    ("SI", "SVN;Slovenia;Slovenija;Slowenien"),
    ("SJ", "SJM;Svalbard and Jan Mayen"),
    ("SK", "SVK;Slovakia;Slovensko;Slowakei"),
    ("SL", "SLE;Sierra Leone"),
    ("SM", "SMR;San Marino"),
    ("SN", "SEN;Senegal"),
    ("SO", "SOM;Somalia"),
    ("SR", "SUR;Suriname"),
    ("SS", "SSD;South Sudan"),
    ("ST", "STP;Sao Tome and Principe"),
    ("SV", "SLV;El Salvador"),
    ("SX", "SXM;Sint Maarten"),
    ("SY", "SYR;Syria"),
    ("SZ", "SWZ;Eswatini;Swaziland"),
    ("TC", "TCA;Turks and Caicos Islands"),
    ("TD", "TCD;Chad"),
    ("TF", "ATF;French Southern Territories"),
    ("TG", "TGO;Togo"),
    ("TH", "THA;Thailand;ประเทศไทย;ไทย"),
    ("TJ", "TJK;Tajikistan"),
    ("TK", "TKL;Tokelau"),
    ("TL", "TLS;Timor-Leste;East Timor"),
    ("TM", "TKM;Turkmenistan"),
    ("TN", "TUN;Tunisia"),
    ("TO", "TON;Tonga"),
    ("TR", "TUR;Turkey;Türkiye;Türkei;Turquie;Turquía"),
    ("TT", "TTO;Trinidad and Tobago"),
    ("TV", "TUV;Tuvalu"),
    ("TW", "TWN;Taiwan;台灣;台湾;Taiwan, Province of China"),
    ("TZ", "TZA;Tanzania;Tanzania, United Republic of"),
    ("UA", "UKR;Ukraine;Україна;Украина"),
    ("UG", "UGA;Uganda"),
    ("UM", "UMI;United States Minor Outlying Islands"),
    ("US", "USA;United States;United States of America;America;U.S.A.;U.S.;Vereinigte Staaten;Vereinigte Staaten von Amerika;États-Unis;Stati Uniti;Stati Uniti d'America;Estados Unidos;Estados Unidos da América;EUA;Verenigde Staten;Amerika Birleşik Devletleri;США;アメリカ;美国;미국"),
    ("UY", "URY;Uruguay"),
    ("UZ", "UZB;Uzbekistan"),
    ("VA", "VAT;Vatican City;Vatican;Holy See"),
    ("VC", "VCT;Saint Vincent and the Grenadines"),
    ("VE", "VEN;Venezuela;Venezuela, Bolivarian Republic of"),
    ("VG", "VGB;British Virgin Islands"),
    ("VI", "VIR;US Virgin Islands"),
    ("VN", "VNM;Vietnam;Viet Nam;Việt Nam"),
    ("VU", "VUT;Vanuatu"),
    ("WF", "WLF;Wallis and Futuna"),
    ("WS", "WSM;Samoa"),
    ("YE", "YEM;Yemen"),
    ("YT", "MYT;Mayotte"),
    ("ZA", "ZAF;South Africa;Südafrika;Afrique du Sud;Sudáfrica;África do Sul"),
    ("ZM", "ZMB;Zambia"),
    ("ZW", "ZWE;Zimbabwe"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn countries_go_by_code_and_name() {
        for name in [
            "DE",
            "deu",
            "Germany",
            " DEUTSCHLAND ",
            "Allemagne",
            "ドイツ",
        ] {
            assert_eq!(code(name), Some("DE"), "{name}");
        }
        assert_eq!(code("Czechia"), code("Czech Republic"));
        assert!(NAMES.is_sorted_by_key(|(code, _)| *code));
        assert_eq!(name("DE"), Some("Germany"));
        assert_eq!(name("XX"), None);
        assert_eq!(code("Türkiye"), Some("TR"));
        for other in ["", "XX", "Atlantis"] {
            assert_eq!(code(other), None, "{other}");
        }
    }

    #[test]
    fn no_name_is_that_of_two_countries() {
        let mut seen = HashMap::new();
        for &(code, names) in NAMES {
            for name in [code].into_iter().chain(names.split(';')) {
                let other = seen.insert(name.to_lowercase(), code);
                assert!(other.is_none(), "{name}: {code}, {other:?}");
            }
        }
    }
}
