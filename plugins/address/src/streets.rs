//! What streets are called, and how a country writes an address.

/// How a country writes an address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Countries that do so.
    countries: &'static str,
    /// `S` is the street, `P` the postcode, `C` the town, `R` the region.
    pub(crate) order: &'static str,
    /// Streets, parted by `;`: `*` is a word, `#` the number.
    forms: &'static str,
    /// Words: an underscore is a space.
    words: &'static str,
}

impl Manner {
    /// Returns that of a country.
    pub(crate) fn of(country: &str) -> &'static Manner {
        let found = MANNERS
            .iter()
            .find(|it| it.countries.split(' ').any(|code| code == country));
        found.unwrap_or(&MANNERS[0])
    }

    /// Returns the forms of streets.
    pub(crate) fn forms(&self) -> Vec<&'static str> {
        self.forms.split(';').collect()
    }

    /// Returns the words of streets.
    pub(crate) fn words(&self) -> Vec<String> {
        self.words
            .split(' ')
            .map(|word| word.replace('_', " "))
            .collect()
    }
}

/// Trees, mills and churches: words that stand on signs everywhere, and name nobody. Other
/// scripts are written in Latin letters.
#[rustfmt::skip]
const MANNERS: &[Manner] = &[
    Manner { countries: "US CA AU", order: "S, C, R P",
        forms: "# * Street;# * Avenue;# * Road;# * Lane;# * Drive;# * Court;# * Way;# * Boulevard",
        words: "Oak Maple Cedar Pine Elm Washington Lake Hill Walnut Spring North Ridge Church Willow Mill Sunset Railroad Jackson Park Main River Highland Forest Meadow Chestnut Lincoln Center Dogwood Hickory Franklin" },
    Manner { countries: "GB IE", order: "S, C, P",
        forms: "# * Road;# * Street;# * Lane;# * Close;# * Avenue;# * Gardens;# * Crescent;# * Terrace",
        words: "High Station Church Park Victoria Green Manor Kings Queens Mill Grange Albert Windsor York Springfield New George Highfield The_Grove Chapel School North Orchard Meadow" },
    Manner { countries: "NZ ZA", order: "S, C P",
        forms: "# * Street;# * Road;# * Avenue;# * Terrace",
        words: "Beach Queen Church Hill Main Park Victoria Station Market Long High Bay River Kloof Rimu Totara Kauri Protea" },
    Manner { countries: "IN", order: "S, C P, R",
        forms: "#, * Road;#, * Nagar;#, * Marg;#, * Street",
        words: "Gandhi Lotus Temple Station Lake Garden Market Hill Mango School River Banyan Ashok Shivaji" },
    Manner { countries: "DE AT CH", order: "S, P C",
        forms: "*straße #;*weg #;*gasse #;*allee #;*platz #",
        words: "Birken Linden Eichen Garten Wald Berg Kirch Schul Mühlen Wiesen Buchen Rosen Tannen Burg Markt Bach Ahorn Sonnen Brunnen Feld Hafen König Nord Süd" },
    Manner { countries: "FR LU", order: "S, P C",
        forms: "# rue *;# avenue *;# boulevard *;# place *;# impasse *;# chemin *",
        words: "des_Lilas de_la_Gare du_Moulin des_Écoles de_l'Église des_Acacias du_Château des_Tilleuls du_Marché de_la_Fontaine des_Vignes du_Lavoir des_Roses de_la_Forêt du_Pont des_Jardins de_la_Paix des_Érables du_Lac des_Peupliers" },
    Manner { countries: "NL BE", order: "S, P C",
        forms: "*straat #;*weg #;*laan #;*plein #;*kade #",
        words: "Kerk School Dorps Molen Linden Eiken Berken Markt Haven Stations Tuin Beuken Park Rozen Wilgen Konings Water Noorder Zuider Brug" },
    Manner { countries: "IT", order: "S, P C R",
        forms: "Via *, #;Viale *, #;Piazza *, #;Corso *, #;Vicolo *, #",
        words: "delle_Rose dei_Tigli del_Mulino della_Chiesa dei_Pini della_Fontana del_Lago delle_Viti del_Mercato della_Stazione dei_Ciliegi del_Ponte delle_Scuole del_Sole degli_Ulivi della_Pace dei_Platani del_Bosco" },
    Manner { countries: "ES MX AR CL CO PE", order: "S, P C",
        forms: "Calle *, #;Avenida *, #;Plaza *, #;Paseo *, #;Camino *, #",
        words: "de_la_Fuente del_Molino de_las_Flores del_Sol de_la_Iglesia de_los_Olivos del_Río de_la_Estación de_los_Naranjos del_Mercado de_la_Luna de_los_Pinos del_Puente de_la_Paz de_las_Rosas del_Castillo de_la_Escuela de_las_Acacias" },
    Manner { countries: "PT", order: "S, P C",
        forms: "Rua *, #;Avenida *, #;Travessa *, #;Largo *, #;Praça *, #",
        words: "das_Flores do_Moinho da_Igreja dos_Pinheiros da_Fonte do_Sol da_Estação das_Oliveiras do_Mercado da_Escola do_Rio das_Rosas da_Paz do_Castelo dos_Loureiros da_Ponte" },
    Manner { countries: "BR", order: "S, C - R, P",
        forms: "Rua *, #;Avenida *, #;Travessa *, #;Alameda *, #;Praça *, #",
        words: "das_Flores das_Palmeiras dos_Ipês do_Sol da_Fonte dos_Jacarandás da_Serra do_Porto das_Acácias do_Campo da_Lagoa das_Mangueiras do_Mercado da_Praia dos_Coqueiros da_Colina" },
    Manner { countries: "SE", order: "S, P C", forms: "*gatan #;*vägen #;*stigen #",
        words: "Björk Skol Kyrko Ängs Skogs Strand Sten Ek Gran Linné Park Sol Hamn Kvarn Ros Berg" },
    Manner { countries: "DK", order: "S, P C", forms: "*gade #;*vej #;*allé #",
        words: "Skov Kirke Bøge Strand Skole Mølle Birke Park Sol Havne Nørre Sønder Øster Vester" },
    Manner { countries: "NO", order: "S, P C", forms: "*veien #;*gata #;*bakken #",
        words: "Skog Kirke Bjørke Strand Skole Fjell Elve Park Sol Havne Gran Furu Eke" },
    Manner { countries: "FI", order: "S, P C", forms: "*katu #;*tie #;*kuja #",
        words: "Koivu Koulu Kirkko Metsä Ranta Puisto Mänty Kuusi Aurinko Satama Kivi Mylly" },
    Manner { countries: "PL", order: "S, P C", forms: "ul. * #",
        words: "Lipowa Polna Leśna Szkolna Ogrodowa Kwiatowa Słoneczna Krótka Łąkowa Brzozowa Sosnowa Kościelna Parkowa Zielona Spacerowa" },
    Manner { countries: "CZ SK", order: "S, P C", forms: "* #",
        words: "Lipová Školní Zahradní Polní Luční Krátká Nádražní Lesní Sadová Květná Jarní Slunečná Dlouhá Zelená" },
    Manner { countries: "HU", order: "P C, S", forms: "* utca #.;* út #.;* tér #.",
        words: "Rózsa Hárs Iskola Templom Kert Erdő Tavasz Nyár Akácfa Virág Malom Patak Liliom Napsugár" },
    Manner { countries: "RO", order: "S, P C", forms: "Strada * #;Bulevardul * #;Aleea * #",
        words: "Florilor Teilor Școlii Morii Livezilor Pădurii Soarelui Primăverii Trandafirilor Izvorului Stejarului Gării" },
    Manner { countries: "HR", order: "S, P C", forms: "* ulica #;* cesta #",
        words: "Lipova Hrastova Školska Cvjetna Vinogradska Sunčana Šumska Zelena Poljska Vrtna Kolodvorska" },
    Manner { countries: "BG", order: "S, P C", forms: "ul. * #;bul. * #",
        words: "Lipa Roza Zdravets Iskar Rila Pirin Vitosha Edelvays Yavor Breza Bor Struma" },
    Manner { countries: "GR", order: "S, P C", forms: "* #",
        words: "Anthéon Eliás Scholeíou Ilíou Péfkon Krínon Thalássis Mýlou Eirínis Agorás" },
    Manner { countries: "TR", order: "S, P C", forms: "* Sokak No:#;* Caddesi No:#",
        words: "Gül Çınar Menekşe Bahçe Okul Güneş Deniz Lale Papatya Orman Çiçek Pınar" },
    Manner { countries: "RU", order: "S, C, P", forms: "ul. *, d. #",
        words: "Lesnaya Sadovaya Shkolnaya Zelyonaya Tsvetochnaya Solnechnaya Rechnaya Parkovaya Vishnyovaya Polevaya Novaya Beryozovaya" },
    Manner { countries: "UA", order: "S, C, P", forms: "vul. *, #",
        words: "Lisova Sadova Shkilna Zelena Kvitkova Sonyachna Richkova Parkova Vyshneva Polova" },
    Manner { countries: "JP", order: "S, C P", forms: "1-# *;2-# *;3-# *;4-# *",
        words: "Sakuracho Honcho Chuo Midoricho Sakaecho Higashicho Nishicho Minamicho Kitamachi Wakabacho Izumicho Asahicho" },
    Manner { countries: "CN", order: "S, C, R P", forms: "# * Lu;# * Jie;# * Dadao",
        words: "Renmin Zhongshan Jiefang Jianshe Heping Xinhua Wenhua Changjiang Dongfeng Qingnian Chaoyang Huayuan" },
    Manner { countries: "TW", order: "S, C P", forms: "No. #, * Rd.;No. #, * St.",
        words: "Zhongshan Zhongzheng Minsheng Heping Renai Fuxing Jianguo Guangfu Wenhua Minquan" },
    Manner { countries: "KR", order: "S, C P", forms: "# *-ro;# *-gil;# *-daero",
        words: "Jungang Hangang Pyeonghwa Eunhaeng Sonamu Hakgyo Gongwon Saebyeok Sijang Gangbyeon Beotkkot" },
    Manner { countries: "IL", order: "S, C P", forms: "# * Street;# Sderot *",
        words: "HaGefen HaZayit HaRakefet HaShaked HaTamar HaNarkis HaAlon HaVered HaYam HaGanim" },
    Manner { countries: "SA AE EG", order: "S, C P", forms: "# * Street;# * Road",
        words: "Al_Ward An_Nakhil As_Salam Al_Bahr Az_Zaytun Al_Madrasa Al_Yasmin An_Nur Al_Hadiqa As_Suq" },
    Manner { countries: "IR", order: "S, C P", forms: "# * Street;# * Alley",
        words: "Bahar Golestan Bagh Nur Sarv Darya Madreseh Laleh" },
    Manner { countries: "TH", order: "S, C P", forms: "# Thanon *;# Soi *",
        words: "Sukjai Dokmai Sainam Talat Rongrian Suan Bua Chang" },
    Manner { countries: "VN", order: "S, C P", forms: "# đường *;# phố *",
        words: "Hoa_Sen Bình_Minh Cây_Xanh Hòa_Bình Biển_Xanh Mùa_Xuân" },
    Manner { countries: "ID", order: "S, C P", forms: "Jl. * No. #;Gang * No. #",
        words: "Melati Mawar Kenanga Merdeka Pahlawan Anggrek Flamboyan Cempaka Kamboja Dahlia" },
];
