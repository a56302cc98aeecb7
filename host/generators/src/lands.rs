//! Countries: what their phones, postcodes, accounts and identity numbers look like, where
//! they lie, and a few of their large towns.
//!
//! Nothing here can reach or name anybody:
//!
//! - Telephones are in the ranges that regulators keep for film and print: NANP 555-01xx,
//!   Ofcom's 020 7946 0xxx and 07700 900xxx, ARCEP's 01 99 00 and its sisters, the
//!   Bundesnetzagentur's (0)30 23125, PTS's 08-465 004, ACMA's 5550 and 7010, ComReg's
//!   020 91x. Other countries get a number that begins with 00 behind the calling code, which
//!   is a prefix everywhere and a subscriber nowhere.
//! - Accounts have a bank code of zeros (or XXXX where it is letters; 999 in Belgium and
//!   99999999 in Brazil, where zero is a bank): no clearing list has those.
//! - Identity numbers are in series that no office issues (see the table), with the right
//!   check digits; where no series is free (Australia, Brazil, Japan, Switzerland) the check
//!   digit is deliberately off by one.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use crate::checks::Check;
use crate::country;
use crate::cultures::Culture;
use crate::pattern::{Pattern, Patterns};

/// One country.
pub(crate) struct Land {
    pub(crate) code: &'static str,
    pub(crate) culture: Culture,
    pub(crate) phone: Patterns,
    pub(crate) postcode: Patterns,
    pub(crate) national_id: Patterns,
    pub(crate) iban: Patterns,
    /// South, north, west, east, in hundredths of a degree: a box within the borders.
    pub(crate) bounds: [i64; 4],
    pub(crate) places: Vec<Place>,
}

/// One town.
pub(crate) struct Place {
    pub(crate) city: &'static str,
    /// In the country's own script, where that is not Latin.
    pub(crate) native: &'static str,
    pub(crate) state: &'static str,
    /// The state's abbreviation, where people use one.
    pub(crate) state_code: &'static str,
    pub(crate) postcode: Pattern,
    /// Hundredths of a degree north and east.
    pub(crate) at: (i64, i64),
}

type Row = (
    &'static str,
    Culture,
    &'static str,
    &'static str,
    (&'static str, Check),
    &'static str,
    [i64; 4],
    &'static str,
);

const NANP: &str = "+1 {200-210}-555-01{00-99};+1 {212-310}-555-01{00-99};+1 {312-410}-555-01{00-99};\
+1 {412-510}-555-01{00-99};+1 {512-610}-555-01{00-99};+1 {612-710}-555-01{00-99};\
+1 {712-810}-555-01{00-99};+1 {812-910}-555-01{00-99};+1 {912-989}-555-01{00-99}";

/// Code, culture, phones, postcodes, identity number and its check, account, box, towns
/// (`Name=native|State|abbreviation|postcode|north|east`).
#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Social security: 9xx with groups below 50 are neither SSNs nor the IRS's ITINs.
    ("US", Culture::English, NANP, "{00501-99950}", ("{900-999}-{01-49}-{0001-9999}", Check::None), "", [3300, 4700, -11700, -8200],
     "New York|New York|NY|100{01-40}|40.71|-74.01;Los Angeles|California|CA|900{01-89}|34.05|-118.24;Chicago|Illinois|IL|606{01-61}|41.88|-87.63;Houston|Texas|TX|770{02-99}|29.76|-95.37;Phoenix|Arizona|AZ|850{03-51}|33.45|-112.07;Philadelphia|Pennsylvania|PA|191{02-54}|39.95|-75.17;San Antonio|Texas|TX|782{01-66}|29.42|-98.49;San Diego|California|CA|921{01-39}|32.72|-117.16;Dallas|Texas|TX|752{01-54}|32.78|-96.80;Columbus|Ohio|OH|432{01-35}|39.96|-83.00;Charlotte|North Carolina|NC|282{02-78}|35.23|-80.84;Seattle|Washington|WA|981{01-99}|47.61|-122.33;Denver|Colorado|CO|802{02-94}|39.74|-104.99;Boston|Massachusetts|MA|021{08-36}|42.36|-71.06;Detroit|Michigan|MI|482{01-43}|42.33|-83.05;Nashville|Tennessee|TN|372{01-21}|36.16|-86.78;Portland|Oregon|OR|972{01-33}|45.52|-122.68;Las Vegas|Nevada|NV|891{01-56}|36.17|-115.14;Atlanta|Georgia|GA|303{03-54}|33.75|-84.39;Miami|Florida|FL|331{25-96}|25.76|-80.19;Minneapolis|Minnesota|MN|554{01-55}|44.98|-93.27;Salt Lake City|Utah|UT|841{01-16}|40.76|-111.89;New Orleans|Louisiana|LA|701{12-31}|29.95|-90.07;Milwaukee|Wisconsin|WI|532{02-28}|43.04|-87.91"),
    // Social insurance: numbers that begin with 0 are not issued.
    ("CA", Culture::English, NANP, "K{1-2}{A-C} {1-9}{A-C}{1-9};L{4-9}{A-C} {1-9}{G-H}{1-9};N{1-9}{A-C} {1-9}{J-N}{1-9};B{2-4}{A-C} {1-9}{R-T}{1-9}", ("0{00-99} {000-999} {00-99}?", Check::Luhn), "", [5000, 6000, -12000, -8000],
     "Toronto|Ontario|ON|M{4-6}{A-C} {1-9}{A-C}{1-9}|43.65|-79.38;Montréal|Québec|QC|H{1-4}{A-C} {1-9}{G-H}{1-9}|45.50|-73.57;Vancouver|British Columbia|BC|V{5-6}{A-C} {1-9}{J-N}{1-9}|49.28|-123.12;Calgary|Alberta|AB|T{2-3}{A-C} {1-9}{R-T}{1-9}|51.05|-114.07;Edmonton|Alberta|AB|T{5-6}{A-C} {1-9}{A-C}{1-9}|53.55|-113.49;Ottawa|Ontario|ON|K{1-2}{G-H} {1-9}{A-C}{1-9}|45.42|-75.70;Winnipeg|Manitoba|MB|R{2-3}{A-C} {1-9}{G-H}{1-9}|49.90|-97.14;Halifax|Nova Scotia|NS|B{2-4}{G-H} {1-9}{A-C}{1-9}|44.65|-63.58;Yellowknife|Northwest Territories|NT|X1A {1-3}{A-C}{1-9}|62.45|-114.37"),
    // National insurance: no number begins with QQ, the prefix of HMRC's own examples.
    ("GB", Culture::English, "+44 20 7946 0{000-999};+44 7700 900{000-999};+44 1632 960{000-999};+44 113 496 0{000-999};+44 161 496 0{000-999};+44 131 496 0{000-999};+44 808 157 0{000-999}", "SO{14-19} {1-9}{A-B}{D-H};TN{1-9} {1-9}{A-B}{D-H};NR{1-9} {1-9}{P-U}{W-Z};PL{1-9} {1-9}{A-B}{D-H}", ("QQ {00-99} {00-99} {00-99} {A-D}", Check::None), "GB??XXXX{#6}{#8}", [5150, 5350, -250, -20],
     "London|England||SW{1-9} {1-9}{A-B}{D-H}|51.51|-0.13;Birmingham|England||B{1-9} {1-9}{A-B}{D-H}|52.48|-1.89;Manchester|England||M{1-9} {1-9}{A-B}{D-H}|53.48|-2.24;Leeds|England||LS{1-9} {1-9}{A-B}{D-H}|53.80|-1.55;Bristol|England||BS{1-9} {1-9}{A-B}{D-H}|51.45|-2.59;Liverpool|England||L{1-9} {1-9}{A-B}{D-H}|53.41|-2.98;Sheffield|England||S{1-9} {1-9}{A-B}{D-H}|53.38|-1.47;Edinburgh|Scotland||EH{1-9} {1-9}{A-B}{D-H}|55.95|-3.19;Glasgow|Scotland||G{1-9} {1-9}{A-B}{D-H}|55.86|-4.25;Cardiff|Wales||CF{3-9} {1-9}{A-B}{D-H}|51.48|-3.18;Belfast|Northern Ireland||BT{1-9} {1-9}{A-B}{D-H}|54.60|-5.93"),
    ("IE", Culture::English, "+353 20 91{0-9} {0000-9999}", "A{41-98} {A-C}{100-999};P{12-85} {D-F}{100-999}", ("0{000000-999999}{A-W}Z", Check::None), "IE??XXXX{#6}{#8}", [5220, 5400, -850, -680],
     "Dublin|Leinster||D{01-24} {A-C}{100-999}|53.35|-6.26;Cork|Munster||T12 {A-C}{100-999}|51.90|-8.47;Galway|Connacht||H91 {A-C}{100-999}|53.27|-9.06;Limerick|Munster||V94 {A-C}{100-999}|52.66|-8.63"),
    // Tax file numbers are issued in all series: the check digit is off.
    ("AU", Culture::English, "+61 2 5550 {0000-9999};+61 2 7010 {0000-9999};+61 3 5550 {0000-9999};+61 3 7010 {0000-9999};+61 7 5550 {0000-9999};+61 7 7010 {0000-9999};+61 8 5550 {0000-9999};+61 8 7010 {0000-9999}", "{2000-7999}", ("{100-999} {000-999} {00-99}?", Check::AustralianOff), "", [-3400, -2000, 11800, 14800],
     "Sydney|New South Wales|NSW|20{00-99}|-33.87|151.21;Melbourne|Victoria|VIC|30{00-99}|-37.81|144.96;Brisbane|Queensland|QLD|40{00-99}|-27.47|153.03;Perth|Western Australia|WA|60{00-99}|-31.95|115.86;Adelaide|South Australia|SA|50{00-99}|-34.93|138.60;Hobart|Tasmania|TAS|70{00-99}|-42.88|147.33;Canberra|Australian Capital Territory|ACT|26{00-19}|-35.28|149.13;Darwin|Northern Territory|NT|08{00-32}|-12.46|130.85"),
    ("NZ", Culture::English, "+64 00{0-9} {0000-9999}", "{0600-9800}", ("", Check::None), "", [-4420, -4300, 17050, 17200],
     "Auckland|Auckland||10{10-72}|-36.85|174.76;Wellington|Wellington||60{11-37}|-41.29|174.78;Christchurch|Canterbury||80{11-83}|-43.53|172.64;Hamilton|Waikato||32{00-16}|-37.79|175.28;Dunedin|Otago||90{10-77}|-45.87|170.50"),
    // The eleventh digit is 0, 1 or 2 in real ones.
    ("ZA", Culture::English, "+27 00 {000-999} {0000-9999}", "{0001-9999}", ("{00-99}{01-12}{01-28}{0000-9999}98?", Check::Luhn), "", [-3300, -2400, 2000, 2900],
     "Johannesburg|Gauteng|GP|20{00-99}|-26.20|28.05;Cape Town|Western Cape|WC|80{00-18}|-33.92|18.42;Durban|KwaZulu-Natal|KZN|40{01-93}|-29.86|31.02;Pretoria|Gauteng|GP|00{01-84}|-25.75|28.19;Bloemfontein|Free State|FS|93{01-24}|-29.12|26.21"),
    // Aadhaar numbers never begin with 0 or 1.
    ("IN", Culture::Indian, "+91 00{000-999} {00000-99999}", "{110001-855117}", ("{0-1}{000-999} {0000-9999} {000-999}?", Check::Verhoeff), "", [1200, 2600, 7500, 8000],
     "Mumbai|Maharashtra|MH|4000{01-99}|19.08|72.88;Delhi|Delhi|DL|1100{01-96}|28.61|77.21;Bengaluru|Karnataka|KA|5600{01-99}|12.97|77.59;Hyderabad|Telangana|TG|5000{01-98}|17.39|78.49;Chennai|Tamil Nadu|TN|6000{01-99}|13.08|80.27;Kolkata|West Bengal|WB|7000{01-99}|22.57|88.36;Pune|Maharashtra|MH|4110{01-62}|18.52|73.86;Jaipur|Rajasthan|RJ|3020{01-39}|26.91|75.79"),
    // Tax numbers that begin with 0 are the tax office's test numbers.
    ("DE", Culture::German, "+49 30 23125 {000-999};+49 69 90009 {000-999};+49 40 66969 {000-999};+49 221 4710 {000-999};+49 89 99998 {000-999}", "{10115-99998}", ("0{0-9} {000-999} {000-999} {00-99}?", Check::Mod11And10), "DE??00000000{#10}", [4850, 5300, 850, 1180],
     "Berlin|Berlin|BE|1{0115-4199}|52.52|13.40;Hamburg|Hamburg|HH|2{0095-2769}|53.55|9.99;München|Bayern|BY|8{0331-1929}|48.14|11.58;Köln|Nordrhein-Westfalen|NW|5{0667-1149}|50.94|6.96;Frankfurt am Main|Hessen|HE|60{308-599}|50.11|8.68;Stuttgart|Baden-Württemberg|BW|70{173-629}|48.78|9.18;Düsseldorf|Nordrhein-Westfalen|NW|40{210-629}|51.23|6.78;Leipzig|Sachsen|SN|04{103-357}|51.34|12.37;Dresden|Sachsen|SN|01{067-328}|51.05|13.74;Hannover|Niedersachsen|NI|30{159-669}|52.38|9.73;Nürnberg|Bayern|BY|90{402-491}|49.45|11.08;Bremen|Bremen|HB|28{195-779}|53.08|8.80;Kiel|Schleswig-Holstein|SH|24{103-159}|54.32|10.14;Erfurt|Thüringen|TH|99{084-099}|50.98|11.03;Mainz|Rheinland-Pfalz|RP|55{116-131}|50.00|8.27"),
    // Serial numbers of social insurance begin with 1 or more.
    ("AT", Culture::German, "+43 00 {000000-999999}", "{1010-9992}", ("0{000-999} {01-28}{01-12}{00-99}", Check::None), "AT??00000{#11}", [4720, 4810, 1350, 1580],
     "Wien|Wien||1{01-23}0|48.21|16.37;Graz|Steiermark||80{10-55}|47.07|15.44;Linz|Oberösterreich||40{20-48}|48.31|14.29;Salzburg|Salzburg||50{20-82}|47.81|13.05;Innsbruck|Tirol||60{20-80}|47.27|11.40;Klagenfurt|Kärnten||90{20-73}|46.62|14.31"),
    // Insured persons' numbers are drawn from all series: the check digit is off.
    ("CH", Culture::German, "+41 00 {000-999} {00-99} {00-99}", "{1000-9658}", ("756.{0000-9999}.{0000-9999}.{0-9}?", Check::SwissOff), "CH??00000{#12}", [4650, 4740, 700, 890],
     "Zürich|Zürich|ZH|80{01-64}|47.37|8.54;Genève|Genève|GE|12{01-09}|46.20|6.14;Basel|Basel-Stadt|BS|40{01-59}|47.56|7.59;Bern|Bern|BE|30{04-27}|46.95|7.45;Lausanne|Vaud|VD|10{03-18}|46.52|6.63;Luzern|Luzern|LU|60{03-15}|47.05|8.31"),
    // No department has the number 00, and no month is the thirteenth.
    ("FR", Culture::French, "+33 1 99 00 {00-99} {00-99};+33 2 61 91 {00-99} {00-99};+33 3 53 01 {00-99} {00-99};+33 4 65 71 {00-99} {00-99};+33 5 36 49 {00-99} {00-99};+33 6 39 98 {00-99} {00-99}", "{01000-95880}", ("{1-2} {00-99} {13-19} 00 {000-999} {001-999} ??", Check::Mod97), "FR??00000{#5}{#11}{01-97}", [4450, 4880, 20, 550],
     "Paris|Île-de-France||750{01-20}|48.86|2.35;Marseille|Provence-Alpes-Côte d'Azur||130{01-16}|43.30|5.37;Lyon|Auvergne-Rhône-Alpes||6900{1-9}|45.76|4.84;Toulouse|Occitanie||31{000-500}|43.60|1.44;Nice|Provence-Alpes-Côte d'Azur||06{000-300}|43.70|7.27;Nantes|Pays de la Loire||44{000-300}|47.22|-1.55;Strasbourg|Grand Est||67{000-200}|48.57|7.75;Bordeaux|Nouvelle-Aquitaine||33{000-800}|44.84|-0.58;Lille|Hauts-de-France||59{000-800}|50.63|3.06;Rennes|Bretagne||35{000-700}|48.11|-1.68;Dijon|Bourgogne-Franche-Comté||21{000-100}|47.32|5.04"),
    // Months beyond the twelfth, and not those of the bis register (20, 40).
    ("BE", Culture::Dutch, "+32 00 {000-999} {00-99} {00-99}", "{1000-9992}", ("{00-99}.{13-19}.{01-28}-{001-997} ??", Check::Mod97), "BE??999{#9}", [5030, 5110, 330, 520],
     "Bruxelles|Bruxelles-Capitale||10{00-90}|50.85|4.35;Antwerpen|Antwerpen||20{00-60}|51.22|4.40;Gent|Oost-Vlaanderen||90{00-52}|51.05|3.72;Liège|Liège||40{00-32}|50.63|5.57;Brugge|West-Vlaanderen||8{000-380}|51.21|3.22;Charleroi|Hainaut||60{00-44}|50.41|4.44"),
    ("LU", Culture::French, "+352 00 {00-99} {00-99} {00-99}", "{1000-9999}", ("", Check::None), "LU??000{#13}", [4955, 4995, 595, 625],
     "Luxembourg|Luxembourg||{1110-2779}|49.61|6.13;Esch-sur-Alzette|Esch-sur-Alzette||4{001-399}|49.50|5.98"),
    // Z9xx is no municipality and no foreign state.
    ("IT", Culture::Italian, "+39 00 {0000-9999} {0000-9999}", "{00118-98168}", ("{B-D}{L-N}{R-T}{B-D}{L-N}{R-T}{00-99}{A-E}{01-28}Z9{00-99}?", Check::Italian), "IT??{A-Z}00000{#5}{#12}", [4350, 4560, 880, 1200],
     "Roma|Lazio|RM|001{18-99}|41.90|12.50;Milano|Lombardia|MI|201{21-62}|45.46|9.19;Napoli|Campania|NA|801{21-47}|40.85|14.27;Torino|Piemonte|TO|101{21-56}|45.07|7.69;Palermo|Sicilia|PA|901{21-51}|38.12|13.36;Genova|Liguria|GE|161{21-67}|44.41|8.93;Bologna|Emilia-Romagna|BO|401{21-41}|44.49|11.34;Firenze|Toscana|FI|501{21-45}|43.77|11.26;Bari|Puglia|BA|701{21-32}|41.12|16.87;Venezia|Veneto|VE|301{21-76}|45.44|12.32"),
    // Identity numbers have not come near 99 million.
    ("ES", Culture::Spanish, "+34 00{0-9} {000-999} {000-999}", "{01001-52006}", ("99{000000-999999}?", Check::Spanish), "ES??0000{#4}{#2}{#10}", [3850, 4200, -550, -150],
     "Madrid|Madrid||280{01-55}|40.42|-3.70;Barcelona|Cataluña||080{01-42}|41.39|2.17;Valencia|Comunitat Valenciana||460{01-26}|39.47|-0.38;Sevilla|Andalucía||410{01-20}|37.39|-5.99;Zaragoza|Aragón||500{01-22}|41.65|-0.89;Málaga|Andalucía||290{01-18}|36.72|-4.42;Murcia|Región de Murcia||300{01-12}|37.99|-1.13;Bilbao|País Vasco||480{01-15}|43.26|-2.93;Valladolid|Castilla y León||470{01-17}|41.65|-4.72;A Coruña|Galicia||150{01-11}|43.36|-8.41"),
    // Numbers that begin with 40 are not issued.
    ("PT", Culture::Portuguese, "+351 00{0-9} {000-999} {000-999}", "{1000-9980}-{001-999}", ("40{0-9} {000-999} {00-99}?", Check::Portuguese), "PT??0000{#4}{#11}{#2}", [3800, 4150, -850, -720],
     "Lisboa|Lisboa||1{000-999}-{001-499}|38.72|-9.14;Porto|Porto||4{000-369}-{001-499}|41.15|-8.61;Braga|Braga||47{00-19}-{001-499}|41.55|-8.43;Coimbra|Coimbra||30{00-49}-{001-499}|40.21|-8.43;Faro|Faro||80{00-09}-{001-499}|37.02|-7.93;Évora|Évora||70{00-09}-{001-499}|38.57|-7.91"),
    // Citizen service numbers from 990 million are the registry's test numbers.
    ("NL", Culture::Dutch, "+31 00 {000-999} {0000-9999}", "{1000-9999} {A-C}{G-N}", ("99{00000-99999}*?", Check::Dutch), "NL??XXXX{#10}", [5160, 5270, 480, 640],
     "Amsterdam|Noord-Holland|NH|10{11-99} {A-C}{G-N}|52.37|4.90;Rotterdam|Zuid-Holland|ZH|30{11-89} {A-C}{G-N}|51.92|4.48;Den Haag|Zuid-Holland|ZH|25{11-97} {A-C}{G-N}|52.08|4.31;Utrecht|Utrecht|UT|35{11-85} {A-C}{G-N}|52.09|5.12;Eindhoven|Noord-Brabant|NB|56{11-58} {A-C}{G-N}|51.44|5.48;Groningen|Groningen|GR|97{11-47} {A-C}{G-N}|53.22|6.57;Maastricht|Limburg|LI|62{11-29} {A-C}{G-N}|50.85|5.69"),
    // The tax agency's test persons have serials from 980 on.
    ("SE", Culture::Swedish, "+46 8 465 004 {00-99};+46 31 390 06{00-99};+46 40 628 04{00-99};+46 980 319 2{00-99}", "{100-984} {00-99}", ("{00-99}{01-12}{01-28}-98{0-9}?", Check::Luhn), "SE??000{#17}", [5650, 6500, 1350, 1600],
     "Stockholm|Stockholms län||11{1-8} {20-69}|59.33|18.07;Göteborg|Västra Götalands län||41{1-8} {01-79}|57.71|11.97;Malmö|Skåne län||21{1-9} {10-49}|55.60|13.00;Uppsala|Uppsala län||75{2-7} {20-60}|59.86|17.64;Umeå|Västerbottens län||90{3-7} {20-60}|63.83|20.26;Linköping|Östergötlands län||58{2-9} {10-60}|58.41|15.62"),
    // Days raised by sixty are test persons.
    ("DK", Culture::Danish, "+45 00 {00-99} {00-99} {00-99}", "{1050-9990}", ("{61-88}{01-12}{00-99}-{0000-9999}", Check::None), "DK??0000{#10}", [5550, 5680, 880, 960],
     "København|Hovedstaden||{1050-2450}|55.68|12.57;Aarhus|Midtjylland||8{000-270}|56.16|10.20;Odense|Syddanmark||5{000-270}|55.40|10.40;Aalborg|Nordjylland||9{000-220}|57.05|9.92;Esbjerg|Syddanmark||67{00-15}|55.48|8.46"),
    // Months raised by eighty are the tax administration's synthetic persons.
    ("NO", Culture::Norwegian, "+47 00 {00-99} {00-99} {00-99}", "{0001-9991}", ("{01-28}{81-92}{00-99}{00-99}*??", Check::Norwegian), "NO??0000{#7}", [5950, 6150, 800, 1100],
     "Oslo|Oslo||0{150-999}|59.91|10.75;Bergen|Vestland||50{03-99}|60.39|5.32;Trondheim|Trøndelag||70{10-99}|63.43|10.40;Stavanger|Rogaland||40{05-29}|58.97|5.73;Tromsø|Troms||90{06-24}|69.65|18.96"),
    // Serials from 900 on are temporary and test numbers.
    ("FI", Culture::Finnish, "+358 00 {000-999} {0000-9999}", "{00100-99990}", ("{01-28}{01-12}{00-99}-9{00-99}?", Check::Finnish), "FI??000000{#8}", [6150, 6500, 2400, 2850],
     "Helsinki|Uusimaa||00{100-990}|60.17|24.94;Espoo|Uusimaa||02{100-980}|60.21|24.66;Tampere|Pirkanmaa||33{100-900}|61.50|23.76;Turku|Varsinais-Suomi||20{100-960}|60.45|22.27;Oulu|Pohjois-Pohjanmaa||90{100-900}|65.01|25.47"),
    // Months 13 to 19 belong to no century.
    ("PL", Culture::Polish, "+48 00{0-9} {000-999} {000-999}", "{00-99}-{001-999}", ("{00-99}{13-19}{01-28}{0000-9999}?", Check::Polish), "PL??00000000{#16}", [5050, 5350, 1650, 2250],
     "Warszawa|mazowieckie||0{0-4}-{001-999}|52.23|21.01;Kraków|małopolskie||3{0-1}-{001-999}|50.06|19.94;Łódź|łódzkie||9{0-4}-{001-999}|51.76|19.46;Wrocław|dolnośląskie||5{0-4}-{001-690}|51.11|17.04;Poznań|wielkopolskie||6{0-1}-{001-999}|52.41|16.93;Gdańsk|pomorskie||80-{001-980}|54.35|18.65;Szczecin|zachodniopomorskie||7{0-1}-{001-899}|53.43|14.55;Lublin|lubelskie||20-{001-960}|51.25|22.57"),
    ("CZ", Culture::Czech, "+420 00{0-9} {000-999} {000-999}", "{100-798} {00-99}", ("{00-99}{13-19}{01-28}/{00-99}*?", Check::By11), "CZ??0000{#6}{#10}", [4920, 5020, 1350, 1700],
     "Praha|Praha||1{10-99} 00|50.08|14.44;Brno|Jihomoravský kraj||6{02-44} 00|49.20|16.61;Ostrava|Moravskoslezský kraj||7{02-25} 00|49.82|18.26;Plzeň|Plzeňský kraj||3{01-26} 00|49.75|13.38;Olomouc|Olomoucký kraj||77{1-9} 00|49.59|17.25"),
    ("SK", Culture::Czech, "+421 00{0-9} {000-999} {000-999}", "{800-992} {00-99}", ("{00-99}{13-19}{01-28}/{00-99}*?", Check::By11), "SK??0000{#6}{#10}", [4840, 4910, 1800, 2100],
     "Bratislava|Bratislavský kraj||8{11-51} 0{1-9}|48.15|17.11;Košice|Košický kraj||04{0-4} {01-23}|48.72|21.26;Žilina|Žilinský kraj||010 0{1-8}|49.22|18.74;Nitra|Nitriansky kraj||949 {01-12}|48.31|18.09"),
    // Health insurance numbers begin with 0 to 1: 99 is far beyond.
    ("HU", Culture::Hungarian, "+36 55 {000-999} {000-999}", "{1011-9985}", ("99{0-9} {000-999} {00-99}?", Check::Hungarian), "HU??000{#4}{#1}{#15}{#1}", [4650, 4760, 1750, 2050],
     "Budapest|Budapest||1{011-239}|47.50|19.04;Debrecen|Hajdú-Bihar||40{02-34}|47.53|21.63;Szeged|Csongrád-Csanád||67{20-29}|46.25|20.15;Pécs|Baranya||76{21-35}|46.07|18.23;Győr|Győr-Moson-Sopron||90{11-30}|47.69|17.63"),
    // No county has the number 00.
    ("RO", Culture::Romanian, "+40 00{0-9} {000-999} {000-999}", "{010011-927250}", ("{1-2}{00-99}{01-12}{01-28}00{001-999}?", Check::Romanian), "RO??XXXX{#16}", [4450, 4700, 2300, 2700],
     "București|București||0{10011-62399}|44.43|26.10;Cluj-Napoca|Cluj||400{001-699}|46.77|23.60;Timișoara|Timiș||300{001-699}|45.75|21.23;Iași|Iași||700{001-699}|47.16|27.59;Constanța|Constanța||900{001-699}|44.18|28.63"),
    ("BG", Culture::Russian, "+359 00 {000-999} {0000-9999}", "{1000-9974}", ("{00-99}{13-19}{01-28}{0000-9999}", Check::None), "BG??XXXX{#4}{#2}{#8}", [4200, 4330, 2350, 2650],
     "Sofia=София|Sofia||1{000-799}|42.70|23.32;Plovdiv=Пловдив|Plovdiv||40{00-27}|42.14|24.75;Varna=Варна|Varna||90{00-30}|43.21|27.91;Burgas=Бургас|Burgas||80{00-28}|42.50|27.47"),
    ("HR", Culture::Croatian, "+385 00 {000-999} {0000-9999}", "{10000-53296}", ("0{0000000000-9999999999}", Check::None), "HR??0000000{#10}", [4530, 4600, 1550, 1750],
     "Zagreb|Grad Zagreb||10{000-360}|45.81|15.98;Split|Splitsko-dalmatinska||21{000-312}|43.51|16.44;Rijeka|Primorsko-goranska||51{000-306}|45.33|14.44;Osijek|Osječko-baranjska||31{000-431}|45.55|18.69"),
    ("GR", Culture::Greek, "+30 00 {0000-9999} {0000-9999}", "{100-859} {00-99}", ("{01-28}{13-19}{00-99}{0000-9999}?", Check::Luhn), "GR??000{#4}{#16}", [3900, 4080, 2130, 2260],
     "Athens=Αθήνα|Attica||1{04-19} {31-82}|37.98|23.73;Thessaloniki=Θεσσαλονίκη|Central Macedonia||54{0-6} {21-55}|40.64|22.94;Patras=Πάτρα|Western Greece||26{1-5} {21-42}|38.25|21.73;Heraklion=Ηράκλειο|Crete||71{2-4} {01-14}|35.34|25.13"),
    // Identity numbers never begin with 0.
    ("TR", Culture::Turkish, "+90 00{0-9} {000-999} {0000-9999}", "{01000-81950}", ("0{00000000-99999999}??", Check::Turkish), "TR??000000{#16}", [3750, 4050, 3000, 4200],
     "İstanbul|İstanbul||34{000-980}|41.01|28.98;Ankara|Ankara||06{100-980}|39.93|32.86;İzmir|İzmir||35{000-960}|38.42|27.14;Bursa|Bursa||16{000-980}|40.18|29.07;Antalya|Antalya||07{000-980}|36.90|30.70;Adana|Adana||01{000-960}|37.00|35.32"),
    // No region has the number 00.
    ("RU", Culture::Russian, "+7 00{0-9} {000-999}-{00-99}-{00-99}", "{101000-692999}", ("00 {00-99} {000000-999999}", Check::None), "", [5200, 6000, 3500, 6000],
     "Moscow=Москва|Moscow||1{01000-29999}|55.76|37.62;Saint Petersburg=Санкт-Петербург|Saint Petersburg||19{0000-9406}|59.94|30.31;Novosibirsk=Новосибирск|Novosibirsk Oblast||630{001-559}|55.03|82.92;Yekaterinburg=Екатеринбург|Sverdlovsk Oblast||620{000-150}|56.84|60.61;Kazan=Казань|Tatarstan||420{000-140}|55.80|49.11;Samara=Самара|Samara Oblast||443{001-125}|53.20|50.15"),
    ("UA", Culture::Ukrainian, "+380 00 {000-999} {0000-9999}", "{01001-99999}", ("00{00000000-99999999}", Check::None), "UA??000000{#19}", [4850, 5080, 2600, 3600],
     "Kyiv=Київ|Kyiv||0{1001-6999}|50.45|30.52;Kharkiv=Харків|Kharkiv Oblast||61{000-499}|49.99|36.23;Odesa=Одеса|Odesa Oblast||65{000-499}|46.48|30.72;Dnipro=Дніпро|Dnipropetrovsk Oblast||49{000-499}|48.46|35.05;Lviv=Львів|Lviv Oblast||79{000-499}|49.84|24.03"),
    // My Numbers are drawn from all series: the check digit is off.
    ("JP", Culture::Japanese, "+81 00 {0000-9999} {0000-9999}", "{100-999}-{0000-9999}", ("{0000-9999} {0000-9999} {000-999}?", Check::JapaneseOff), "", [3540, 3680, 13750, 13950],
     "Tokyo=東京都|Tokyo||1{00-99}-{0001-0099}|35.68|139.69;Osaka=大阪市|Osaka||5{30-59}-{0001-0059}|34.69|135.50;Yokohama=横浜市|Kanagawa||2{20-47}-{0001-0059}|35.44|139.64;Nagoya=名古屋市|Aichi||4{50-69}-{0001-0059}|35.18|136.91;Sapporo=札幌市|Hokkaido||06{0-9}-{0001-0059}|43.06|141.35;Fukuoka=福岡市|Fukuoka||81{0-9}-{0001-0059}|33.59|130.40;Kyoto=京都市|Kyoto||60{0-9}-{8001-8499}|35.01|135.77;Sendai=仙台市|Miyagi||98{0-9}-{0001-0059}|38.27|140.87"),
    // No province has the number 10.
    ("CN", Culture::Chinese, "+86 00{0-9} {0000-9999} {0000-9999}", "{100000-859999}", ("10{0000-9999}{1940-2005}{01-12}{01-28}{000-999}?", Check::Mod11Dash2), "", [2600, 3600, 10500, 11700],
     "Beijing=北京市|Beijing||10{0000-2299}|39.90|116.41;Shanghai=上海市|Shanghai||20{0000-2199}|31.23|121.47;Guangzhou=广州市|Guangdong||51{0000-1499}|23.13|113.26;Shenzhen=深圳市|Guangdong||51{8000-8199}|22.54|114.06;Chengdu=成都市|Sichuan||61{0000-1899}|30.57|104.07;Wuhan=武汉市|Hubei||43{0000-0499}|30.59|114.31;Hangzhou=杭州市|Zhejiang||31{0000-1699}|30.27|120.16;Xi'an=西安市|Shaanxi||71{0000-0199}|34.34|108.94"),
    ("TW", Culture::Chinese, "+886 00 {000-999} {0000-9999}", "{100-983}", ("{A-Z}0{00000000-99999999}", Check::None), "", [2330, 2480, 12060, 12110],
     "Taipei=臺北市|Taipei||1{00-16}|25.03|121.57;Kaohsiung=高雄市|Kaohsiung||8{00-52}|22.63|120.30;Taichung=臺中市|Taichung||4{00-39}|24.15|120.67;Tainan=臺南市|Tainan||7{00-45}|22.99|120.21"),
    // Digits 9 and 0 mean births before 1900; the register began in 1968.
    ("KR", Culture::Korean, "+82 00 {0000-9999} {0000-9999}", "{01000-63644}", ("{00-49}{01-12}{01-28}-9{000000-999999}", Check::None), "", [3540, 3720, 12720, 12880],
     "Seoul=서울특별시|Seoul||0{1000-8866}|37.57|126.98;Busan=부산광역시|Busan||4{6000-9527}|35.18|129.08;Incheon=인천광역시|Incheon||2{1000-3136}|37.46|126.71;Daegu=대구광역시|Daegu||4{1000-3024}|35.87|128.60;Daejeon=대전광역시|Daejeon||3{4000-5428}|36.35|127.38"),
    ("IL", Culture::Hebrew, "+972 00 {000-999} {0000-9999}", "{1000000-9999999}", ("9{0000000-9999999}?", Check::Luhn), "IL??000{#3}{#13}", [3140, 3200, 3470, 3500],
     "Tel Aviv=תל אביב|Tel Aviv||6{100000-999999}|32.09|34.78;Jerusalem=ירושלים|Jerusalem||9{100000-799999}|31.77|35.21;Haifa=חיפה|Haifa||3{100000-599999}|32.79|34.99"),
    ("SA", Culture::Arabic, "+966 00 {000-999} {0000-9999}", "{11111-69999}", ("0{000000000-999999999}", Check::None), "SA??00{#18}", [2200, 2700, 4200, 4700],
     "Riyadh=الرياض|Riyadh||1{1411-4999}|24.71|46.68;Jeddah=جدة|Makkah||2{1411-3999}|21.49|39.19;Mecca=مكة|Makkah||24{200-399}|21.39|39.86;Dammam=الدمام|Eastern Province||3{1411-2999}|26.42|50.09"),
    ("AE", Culture::Arabic, "+971 00 {000-999} {0000-9999}", "00000", ("000-{0000-9999}-{0000000-9999999}-{0-9}", Check::None), "AE??000{#16}", [2330, 2480, 5400, 5540],
     "Dubai=دبي|Dubai||00000|25.20|55.27;Abu Dhabi=أبو ظبي|Abu Dhabi||00000|24.45|54.38;Sharjah=الشارقة|Sharjah||00000|25.35|55.42"),
    ("EG", Culture::Arabic, "+20 00 {000-999} {0000-9999}", "{11511-87999}", ("0{0000000000000-9999999999999}", Check::None), "EG??0000{#4}{#17}", [2600, 3050, 2800, 3000],
     "Cairo=القاهرة|Cairo||1{1511-1799}|30.04|31.24;Alexandria=الإسكندرية|Alexandria||2{1500-1599}|31.20|29.92;Giza=الجيزة|Giza||1{2511-2599}|30.01|31.21"),
    ("IR", Culture::Persian, "+98 00 {0000-9999} {0000-9999}", "{1111111111-9999999999}", ("000{0000000-9999999}", Check::None), "", [3000, 3500, 5000, 5700],
     "Tehran=تهران|Tehran||1{111111111-999999999}|35.69|51.39;Isfahan=اصفهان|Isfahan||8{111111111-999999999}|32.65|51.67;Shiraz=شیراز|Fars||7{111111111-999999999}|29.59|52.58"),
    // CPFs are drawn from all series: the check digit is off.
    ("BR", Culture::Brazilian, "+55 00 {0000-9999}-{0000-9999}", "{01000-99990}-{000-999}", ("{000-999}.{000-999}.{000-999}-??", Check::BrazilianOff), "BR??99999999{#5}{#10}{A-Z}{0-9}", [-2200, -1000, -5500, -4300],
     "São Paulo|São Paulo|SP|0{1000-5999}-{000-999}|-23.55|-46.63;Rio de Janeiro|Rio de Janeiro|RJ|2{0000-3799}-{000-999}|-22.91|-43.17;Brasília|Distrito Federal|DF|7{0000-2799}-{000-999}|-15.79|-47.88;Salvador|Bahia|BA|4{0000-1999}-{000-999}|-12.98|-38.48;Fortaleza|Ceará|CE|60{000-899}-{000-999}|-3.73|-38.53;Belo Horizonte|Minas Gerais|MG|3{0000-1999}-{000-999}|-19.92|-43.94;Curitiba|Paraná|PR|8{0000-2999}-{000-999}|-25.43|-49.27;Recife|Pernambuco|PE|5{0000-2999}-{000-999}|-8.05|-34.88;Porto Alegre|Rio Grande do Sul|RS|9{0000-1999}-{000-999}|-30.03|-51.23;Manaus|Amazonas|AM|69{000-099}-{000-999}|-3.12|-60.02"),
    ("MX", Culture::Spanish, "+52 00 {0000-9999} {0000-9999}", "{01000-99998}", ("{B-D}X{L-N}{R-T}{00-99}{13-19}{01-28}{H-H}ZZ{B-D}{L-N}{R-T}{00-99}", Check::None), "", [2000, 2800, -10500, -9900],
     "Ciudad de México|Ciudad de México|CDMX|0{1000-6999}|19.43|-99.13;Guadalajara|Jalisco|JAL|44{100-999}|20.67|-103.35;Monterrey|Nuevo León|NLE|64{000-999}|25.69|-100.32;Puebla|Puebla|PUE|72{000-599}|19.04|-98.21;Mérida|Yucatán|YUC|97{000-399}|20.97|-89.62"),
    // Identity documents have not come near 99 million.
    ("AR", Culture::Spanish, "+54 00 {0000-9999}-{0000-9999}", "{1000-9431}", ("99.{000-999}.{000-999}", Check::None), "", [-3800, -2700, -6700, -6000],
     "Buenos Aires|Buenos Aires||1{000-499}|-34.60|-58.38;Córdoba|Córdoba||50{00-23}|-31.42|-64.18;Rosario|Santa Fe||20{00-15}|-32.95|-60.64;Mendoza|Mendoza||55{00-39}|-32.89|-68.84"),
    // Between the persons and the companies.
    ("CL", Culture::Spanish, "+56 00 {0000-9999} {0000-9999}", "{1000000-9999999}", ("49.{000-999}.{000-999}-?", Check::Chilean), "", [-3600, -3300, -7120, -7060],
     "Santiago|Región Metropolitana||8{320000-580000}|-33.45|-70.67;Valparaíso|Valparaíso||2{340000-391000}|-33.05|-71.61;Concepción|Biobío||4{030000-089000}|-36.83|-73.05"),
    ("CO", Culture::Spanish, "+57 00 {0000-9999} {0000-9999}", "{050001-990001}", ("9.{000-999}.{000-999}.{000-999}", Check::None), "", [300, 800, -7600, -7250],
     "Bogotá|Bogotá||11{0111-2011}|4.71|-74.07;Medellín|Antioquia||050{001-042}|6.24|-75.58;Cali|Valle del Cauca||760{001-050}|3.45|-76.53;Cartagena|Bolívar||130{001-015}|10.39|-75.51"),
    ("PE", Culture::Spanish, "+51 00 {0000-9999} {0000-9999}", "{01001-25550}", ("99{000000-999999}", Check::None), "", [-1400, -500, -7700, -7300],
     "Lima|Lima||15{001-499}|-12.05|-77.04;Arequipa|Arequipa||04{001-199}|-16.41|-71.54;Trujillo|La Libertad||13{001-199}|-8.11|-79.03"),
    ("TH", Culture::Thai, "+66 00 {000-999} {0000-9999}", "{10100-96220}", ("0 {0000-9999} {00000-99999} {00-99} {0-9}", Check::None), "", [1400, 1800, 9950, 10300],
     "Bangkok=กรุงเทพมหานคร|Bangkok||10{100-900}|13.76|100.50;Chiang Mai=เชียงใหม่|Chiang Mai||50{000-300}|18.79|98.98;Phuket=ภูเก็ต|Phuket||83{000-130}|7.88|98.39"),
    ("VN", Culture::Vietnamese, "+84 00 {0000-9999} {0000-9999}", "{100000-990000}", ("999{000000000-999999999}", Check::None), "", [2000, 2200, 10450, 10600],
     "Hà Nội|Hà Nội||1{00000-59999}|21.03|105.85;Hồ Chí Minh|Hồ Chí Minh||7{00000-59999}|10.82|106.63;Đà Nẵng|Đà Nẵng||55{0000-9999}|16.05|108.20;Cần Thơ|Cần Thơ||90{0000-9999}|10.05|105.75"),
    ("ID", Culture::Indonesian, "+62 00 {0000-9999} {0000-9999}", "{10110-99974}", ("00{0000-9999}{01-28}{01-12}{00-99}{0001-9999}", Check::None), "", [-780, -650, 10680, 11200],
     "Jakarta|DKI Jakarta||1{0110-4540}|-6.21|106.85;Surabaya|Jawa Timur||60{111-299}|-7.26|112.75;Bandung|Jawa Barat||40{111-399}|-6.92|107.61;Medan|Sumatera Utara||20{111-399}|3.60|98.67"),
];

/// All of them; their places in it are what the rest of the crate calls a land.
pub(crate) static LANDS: LazyLock<Vec<Land>> = LazyLock::new(|| {
    let land = |row: &Row| Land {
        code: row.0,
        culture: row.1,
        phone: Patterns::new(row.2, Check::None),
        postcode: Patterns::new(row.3, Check::None),
        national_id: Patterns::new(row.4.0, row.4.1),
        iban: Patterns::new(row.5, Check::Iban),
        bounds: row.6,
        places: row.7.split(';').filter_map(place).collect(),
    };
    ROWS.iter().map(land).collect()
});

fn place(line: &'static str) -> Option<Place> {
    let mut fields = line.split('|');
    let name = fields.next()?;
    let (city, native) = name.split_once('=').unwrap_or((name, name));
    let (state, state_code, postcode) = (fields.next()?, fields.next()?, fields.next()?);
    let mut degrees = || Some((fields.next()?.parse::<f64>().ok()? * 100.0).round() as i64);
    Some(Place {
        city,
        native,
        state,
        state_code,
        postcode: Pattern::new(postcode, Check::None),
        at: (degrees()?, degrees()?),
    })
}

/// FNV-1a: names are short and come from our own tables.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}

type Index<T> = HashMap<String, T, BuildHasherDefault<Fnv>>;

/// What else a country is called, by itself and its neighbours.
#[rustfmt::skip]
const OTHER_NAMES: &[(&str, &str)] = &[
    ("US", "United States of America;America;U.S.A.;U.S.;Vereinigte Staaten;Vereinigte Staaten von Amerika;États-Unis;Stati Uniti;Stati Uniti d'America;Estados Unidos;Estados Unidos da América;EUA;Verenigde Staten;Amerika Birleşik Devletleri;США;アメリカ;美国;미국"),
    ("GB", "UK;U.K.;Great Britain;Britain;England;Scotland;Wales;Northern Ireland;Vereinigtes Königreich;Großbritannien;Royaume-Uni;Regno Unito;Reino Unido;Verenigd Koninkrijk;Великобритания;イギリス;英国"),
    ("CA", "Kanada;Canadá;Канада;カナダ;加拿大"), ("IE", "Republic of Ireland;Irland;Irlande;Irlanda;Ierland"),
    ("AU", "Australien;Australie;Австралия;オーストラリア;澳大利亚"), ("NZ", "Neuseeland;Nouvelle-Zélande;Nueva Zelanda"),
    ("ZA", "Südafrika;Afrique du Sud;Sudáfrica;África do Sul"), ("IN", "Indien;Inde;Índia;भारत;インド;印度"),
    ("DE", "Deutschland;Allemagne;Germania;Alemania;Alemanha;Duitsland;Tyskland;Niemcy;Almanya;Германия;ドイツ;德国;독일"),
    ("AT", "Österreich;Autriche;Oostenrijk"), ("CH", "Schweiz;Suisse;Svizzera;Suiza;Suíça;Zwitserland"),
    ("FR", "Frankreich;Francia;França;Frankrijk;Frankrike;Frankrig;Francja;Fransa;Франция;フランス;法国;프랑스"),
    ("BE", "Belgien;Belgique;België;Belgio;Bélgica"), ("LU", "Luxemburg"), ("IT", "Italia;Italien;Italie;Itália;Włochy;İtalya;Италия;イタリア;意大利"),
    ("ES", "España;Spanien;Espagne;Spagna;Espanha;Spanje;Hiszpania;İspanya;Испания;スペイン;西班牙"),
    ("PT", "Portogallo"), ("NL", "The Netherlands;Holland;Niederlande;Pays-Bas;Paesi Bassi;Países Bajos;Países Baixos;Nederland;Hollanda"),
    ("SE", "Sverige;Schweden;Suède;Suecia;Zweden"), ("DK", "Danmark;Dänemark;Danemark;Dinamarca;Denemarken"),
    ("NO", "Norge;Norwegen;Norvège;Noruega;Noorwegen"), ("FI", "Suomi;Finnland;Finlande;Finlandia"),
    ("PL", "Polska;Polen;Pologne;Polonia;Польша"), ("CZ", "Czechia;Česko;Česká republika;Tschechien"), ("SK", "Slovensko;Slowakei"),
    ("HU", "Magyarország;Ungarn;Hongrie;Hungría"), ("RO", "România;Rumänien;Roumanie"), ("BG", "България;Bulgarien"), ("HR", "Hrvatska;Kroatien"),
    ("GR", "Ελλάδα;Griechenland;Grèce;Grecia"), ("TR", "Türkiye;Turkey;Türkei;Turquie;Turquía"), ("RU", "Russian Federation;Россия;Russland;Russie;Rusia;Rússia"),
    ("UA", "Україна;Украина"), ("JP", "日本;Japon;Japón;Japão;Giappone;Япония"), ("CN", "中国;Chine;Cina;Китай"), ("TW", "台灣;台湾"), ("KR", "Korea;Republic of Korea;Korea, Republic of;대한민국;한국"),
    ("IL", "ישראל"), ("SA", "السعودية;المملكة العربية السعودية;KSA"), ("AE", "UAE;الإمارات;الإمارات العربية المتحدة"), ("EG", "مصر;Ägypten"), ("IR", "ایران;Iran, Islamic Republic of"),
    ("BR", "Brasil;Brasilien;Brésil;Brasile;Brazilië;Бразилия;ブラジル;巴西"), ("MX", "México;Mexiko;Mexique"), ("AR", "Argentinien"), ("CO", "Kolumbien"), ("PE", "Perú"),
    ("TH", "ประเทศไทย;ไทย"), ("VN", "Viet Nam;Việt Nam"), ("ID", "Indonesien"),
];

/// Spellings of every land's name: its codes, and its names in any of the languages known.
static BY_NAME: LazyLock<Index<u8>> = LazyLock::new(|| {
    let mut index = Index::default();
    for (land, of) in LANDS.iter().enumerate() {
        let listed = country::of_code(of.code).map_or(["", ""], |(three, name)| [three, name]);
        let others = OTHER_NAMES.iter().filter(|(code, _)| *code == of.code);
        let others = others.flat_map(|(_, names)| names.split(';'));
        for name in [of.code].into_iter().chain(listed).chain(others) {
            index.insert(name.to_lowercase(), land as u8);
            index.insert(name.to_string(), land as u8);
        }
    }
    index
});

static BY_CODE: LazyLock<Index<u8>> = LazyLock::new(|| {
    let codes = LANDS.iter().enumerate();
    codes
        .map(|(land, of)| (of.code.to_string(), land as u8))
        .collect()
});

static BY_CITY: LazyLock<Index<(u8, u8)>> = LazyLock::new(|| {
    let mut index = Index::default();
    for (land, of) in LANDS.iter().enumerate() {
        for (place, city) in of.places.iter().enumerate() {
            for name in [city.city, city.native] {
                index
                    .entry(name.to_string())
                    .or_insert((land as u8, place as u8));
            }
        }
    }
    index
});

/// Finds a land by a country's name or code, however written.
pub(crate) fn by_name(name: &str) -> Option<usize> {
    let found = BY_NAME
        .get(name)
        .or_else(|| BY_NAME.get(name.trim().to_lowercase().as_str()));
    found.map(|&land| usize::from(land))
}

/// Finds the land of a locale such as `de_AT`.
pub(crate) fn by_locale(locale: &str) -> Option<usize> {
    BY_CODE
        .get(locale.split_once('_')?.1)
        .map(|&land| usize::from(land))
}

/// Finds a listed town, in a land where that is known.
pub(crate) fn by_city(name: &str, land: Option<usize>) -> Option<(usize, &'static Place)> {
    match land {
        Some(land) => {
            let places = &LANDS.get(land)?.places;
            let found = places
                .iter()
                .find(|place| place.city == name || place.native == name);
            found.map(|place| (land, place))
        }
        None => {
            let &(land, place) = BY_CITY.get(name)?;
            let (land, place) = (usize::from(land), usize::from(place));
            Some((land, LANDS.get(land)?.places.get(place)?))
        }
    }
}
