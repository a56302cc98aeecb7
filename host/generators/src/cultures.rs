//! What people, streets, companies and sentences are called, by culture.
//!
//! Where `fake` has a list it is taken; the others are ours: the commonest names of a
//! country, which say nothing of anybody. A name has its Latin form beside the native one,
//! so that an email address can follow either. Slavic family names are those that men and
//! women spell alike, since given and family name are drawn apart.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use fake::locales::{DE_DE, Data, FR_FR, IT_IT, NL_NL, PT_BR, PT_PT, TR_TR};

use crate::lands::Fnv;
use crate::words::{FIRST, LAST, Name};

/// A language and its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Culture {
    English, German, French, Italian, Spanish, Portuguese, Brazilian, Dutch, Swedish, Danish,
    Norwegian, Finnish, Polish, Czech, Hungarian, Romanian, Croatian, Greek, Turkish, Russian,
    Ukrainian, Japanese, Chinese, Korean, Hebrew, Arabic, Persian, Indian, Thai, Vietnamese,
    Indonesian,
}

/// The words of a culture.
pub(crate) struct Words {
    pub(crate) first: Vec<Name>,
    pub(crate) last: Vec<Name>,
    /// Family name first, as in East Asia and Hungary.
    pub(crate) family_first: bool,
    /// What stands between the names in the native script.
    pub(crate) between: &'static str,
    /// Streets: `*` is a stem, `#` the number.
    pub(crate) streets: Vec<&'static str>,
    pub(crate) stems: Vec<&'static str>,
    /// Beginnings and ends of made-up towns; none where there are no words for them.
    pub(crate) towns: (Vec<&'static str>, Vec<&'static str>),
    pub(crate) company_forms: Vec<&'static str>,
    /// Nouns for titles, and the word between two of them.
    pub(crate) nouns: Vec<&'static str>,
    pub(crate) and: &'static str,
    /// Who, does what, with what: a sentence is one of each.
    pub(crate) sentence: [Vec<&'static str>; 3],
    /// Whether the native script is not Latin.
    pub(crate) is_native: bool,
}

impl Culture {
    /// Returns the words, made when first asked for.
    pub(crate) fn words(self) -> &'static Words {
        static WORDS: [LazyLock<Words>; ROWS.len()] = {
            macro_rules! lazy {
                ($($at:literal)*) => { [$(LazyLock::new(|| words(&ROWS[$at]))),*] };
            }
            lazy!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30)
        };
        &WORDS[self as usize]
    }
}

impl Culture {
    /// Returns the given names.
    pub(crate) fn first(self) -> &'static [Name] {
        match self {
            Culture::English => &FIRST,
            culture => &culture.words().first,
        }
    }

    /// Returns the family names.
    pub(crate) fn last(self) -> &'static [Name] {
        match self {
            Culture::English => &LAST,
            culture => &culture.words().last,
        }
    }
}

struct Row {
    first: &'static str,
    last: &'static str,
    streets: &'static str,
    stems: &'static str,
    towns: (&'static str, &'static str),
    forms: &'static str,
    titles: (&'static str, &'static str),
    sentence: [&'static str; 3],
}

const NOTHING: Row = Row {
    first: "",
    last: "",
    streets: "",
    stems: "",
    towns: ("", ""),
    forms: "",
    titles: ("", ""),
    sentence: ["", "", ""],
};

/// In the order of [`Culture`]; `native=latin` where the script is not Latin.
#[rustfmt::skip]
static ROWS: [Row; 31] = [
    // English: names are those of `words`.
    NOTHING,
    // German.
    Row {
        first: "@de", last: "@de Müller Schmidt Schneider Fischer Weber Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Jung",
        streets: "*straße #;*weg #;*gasse #;*allee #;*platz #;Am *hof #",
        stems: "Birken Linden Eichen Garten Wald Berg Kirch Schul Mühlen Wiesen Buchen Rosen Tannen Burg Markt Bach Ahorn Sonnen Brunnen Feld Hafen König Nord Süd",
        towns: ("Alten Neuen Ober Unter Hohen Nieder Groß Klein Wald Stein Birken Eichen Rosen Linden", "bach berg dorf feld hausen heim hofen ingen stadt tal wald burg kirchen brunn"),
        forms: "GmbH AG KG OHG e.K.",
        titles: ("Garten Fluss Licht Winter Brücke Stern Haus Wolke Feuer Insel Meer Spiegel Turm Weg Nacht Morgen Schatten Regen Wald Stille", "und"),
        sentence: ["Die Lieferung;Der Kunde;Die Abteilung;Das Ergebnis;Die Rechnung;Der Termin;Das Gerät;Die Anfrage", "kam;blieb;wurde geprüft;war vollständig;wird erwartet;passte;änderte sich;ist bestätigt", "am nächsten Tag;ohne weitere Fragen;wie vereinbart;nach kurzer Zeit;zum zweiten Mal;in guter Ordnung;mit etwas Verspätung;vor dem Mittag"],
    },
    // French.
    Row {
        first: "@fr", last: "@fr",
        streets: "# rue *;# avenue *;# boulevard *;# place *;# impasse *;# chemin *",
        stems: "des_Lilas de_la_Gare du_Moulin des_Écoles de_l'Église des_Acacias du_Château des_Tilleuls du_Marché de_la_Fontaine des_Vignes du_Lavoir des_Roses de_la_Forêt du_Pont des_Jardins de_la_Paix des_Érables du_Lac des_Peupliers",
        towns: ("Saint- Beau Mont Bel Ville Château Roche Font Clair Val", "mont ville court bourg vert fort val fontaine ray"),
        forms: "SARL SA SAS EURL SCI",
        titles: ("Jardin Fleuve Lumière Hiver Pont Étoile Maison Nuage Feu Île Mer Miroir Tour Chemin Nuit Matin Ombre Pluie Forêt Silence", "et"),
        sentence: ["La livraison;Le client;Le service;Le résultat;La facture;Le rendez-vous;L'appareil;La demande", "est arrivée;a été vérifié;reste complet;est attendu;a changé;convient;est confirmé;a répondu", "le lendemain;sans autre question;comme convenu;après un moment;pour la deuxième fois;en bon ordre;avec un peu de retard;avant midi"],
    },
    // Italian.
    Row {
        first: "@it", last: "@it",
        streets: "Via *, #;Viale *, #;Piazza *, #;Corso *, #;Vicolo *, #",
        stems: "delle_Rose dei_Tigli del_Mulino della_Chiesa dei_Pini della_Fontana del_Lago delle_Viti del_Mercato della_Stazione dei_Ciliegi del_Ponte delle_Scuole del_Sole degli_Ulivi della_Pace dei_Platani del_Bosco",
        towns: ("Monte Castel Villa Rocca Borgo Ponte Campo San_ Santa_ Colle", "bello alto nuovo vecchio chiaro fiorito lungo verde marino sereno"),
        forms: "S.r.l. S.p.A. S.n.c. S.a.s.",
        titles: ("Giardino Fiume Luce Inverno Ponte Stella Casa Nuvola Fuoco Isola Mare Specchio Torre Via Notte Mattino Ombra Pioggia Bosco Silenzio", "e"),
        sentence: ["La consegna;Il cliente;Il reparto;Il risultato;La fattura;L'appuntamento;L'apparecchio;La richiesta", "è arrivata;è stato controllato;resta completo;è atteso;è cambiato;va bene;è confermato;ha risposto", "il giorno dopo;senza altre domande;come concordato;dopo poco tempo;per la seconda volta;in buon ordine;con un po' di ritardo;prima di mezzogiorno"],
    },
    // Spanish.
    Row {
        first: "Alejandro Antonio Carlos Daniel David Diego Fernando Francisco Javier Jesús Jorge José Juan Luis Manuel Miguel Pablo Pedro Rafael Raúl Ana Beatriz Carmen Cristina Elena Isabel Laura Lucía María Marta Mercedes Paula Pilar Raquel Rosa Sara Silvia Sofía Teresa Victoria Álvaro Andrés Ángel Óscar Rubén Inés Noelia Adriana Gabriela Valeria",
        last: "García Martínez López Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz Núñez Iglesias Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto Méndez Cruz Calvo Herrera Peña León Márquez Cabrera Gallego Campos Vega Fuentes Carrasco",
        streets: "Calle *, #;Avenida *, #;Plaza *, #;Paseo *, #;Camino *, #",
        stems: "de_la_Fuente del_Molino de_las_Flores del_Sol de_la_Iglesia de_los_Olivos del_Río de_la_Estación de_los_Naranjos del_Mercado de_la_Luna de_los_Pinos del_Puente de_la_Paz de_las_Rosas del_Castillo de_la_Escuela de_las_Acacias",
        towns: ("Villa Monte Fuente Torre Puebla_ Santa_ San_ Val Peña Casa", "nueva blanca verde alta clara hermosa longa serena rubia mayor"),
        forms: "S.L. S.A. S.L.U. S.C.",
        titles: ("Jardín Río Luz Invierno Puente Estrella Casa Nube Fuego Isla Mar Espejo Torre Camino Noche Mañana Sombra Lluvia Bosque Silencio", "y"),
        sentence: ["La entrega;El cliente;El departamento;El resultado;La factura;La cita;El aparato;La solicitud", "llegó;fue revisado;sigue completo;se espera;cambió;queda bien;está confirmado;respondió", "al día siguiente;sin más preguntas;según lo acordado;después de un rato;por segunda vez;en buen orden;con algo de retraso;antes del mediodía"],
    },
    // Portuguese.
    Row {
        first: "@pt João José António Francisco Luís Inês Conceição Joaquim Rui Sofia Mafalda Gonçalo Tomás Vasco Catarina Margarida", last: "@pt",
        streets: "Rua *, #;Avenida *, #;Travessa *, #;Largo *, #;Praça *, #",
        stems: "das_Flores do_Moinho da_Igreja dos_Pinheiros da_Fonte do_Sol da_Estação das_Oliveiras do_Mercado da_Escola do_Rio das_Rosas da_Paz do_Castelo dos_Loureiros da_Ponte",
        towns: ("Vila_ Monte Vale_ Santa_ São_ Ponte_ Ribeira_ Torre_", "Nova Alto Claro Verde Formoso Branco Velho Sereno"),
        forms: "Lda. S.A. Unipessoal",
        titles: ("Jardim Rio Luz Inverno Ponte Estrela Casa Nuvem Fogo Ilha Mar Espelho Torre Caminho Noite Manhã Sombra Chuva Floresta Silêncio", "e"),
        sentence: ["A entrega;O cliente;O departamento;O resultado;A fatura;A reunião;O aparelho;O pedido", "chegou;foi verificado;continua completo;é esperado;mudou;serve;está confirmado;respondeu", "no dia seguinte;sem mais perguntas;como combinado;pouco depois;pela segunda vez;em boa ordem;com algum atraso;antes do meio-dia"],
    },
    // Brazilian.
    Row {
        first: "@br", last: "@br",
        streets: "Rua *, #;Avenida *, #;Travessa *, #;Alameda *, #;Praça *, #",
        stems: "das_Flores das_Palmeiras dos_Ipês do_Sol da_Fonte dos_Jacarandás da_Serra do_Porto das_Acácias do_Campo da_Lagoa das_Mangueiras do_Mercado da_Praia dos_Coqueiros da_Colina",
        towns: ("Vila_ Monte_ Rio_ Santa_ São_ Porto_ Campo_ Lagoa_ Serra_", "Nova Alto Claro Verde Formoso Branco Grande Sereno Dourado"),
        forms: "Ltda. S.A. ME EIRELI",
        titles: ("Jardim Rio Luz Inverno Ponte Estrela Casa Nuvem Fogo Ilha Mar Espelho Torre Caminho Noite Manhã Sombra Chuva Floresta Silêncio", "e"),
        sentence: ["A entrega;O cliente;O setor;O resultado;A fatura;A reunião;O aparelho;O pedido", "chegou;foi verificado;continua completo;é esperado;mudou;serve;está confirmado;respondeu", "no dia seguinte;sem mais perguntas;como combinado;pouco depois;pela segunda vez;em boa ordem;com algum atraso;antes do meio-dia"],
    },
    // Dutch.
    Row {
        first: "@nl", last: "@nl",
        streets: "*straat #;*weg #;*laan #;*plein #;*gracht #;*kade #",
        stems: "Kerk School Dorps Molen Linden Eiken Berken Markt Haven Stations Tuin Beuken Park Rozen Wilgen Konings Water Noorder Zuider Brug",
        towns: ("Nieuw Oud Ooster Wester Noord Zuid Hoog Laag Groen Beek", "dam dijk dorp veen berg horst wijk burg hoven broek"),
        forms: "B.V. N.V. V.O.F.",
        titles: ("Tuin Rivier Licht Winter Brug Ster Huis Wolk Vuur Eiland Zee Spiegel Toren Weg Nacht Morgen Schaduw Regen Bos Stilte", "en"),
        sentence: ["De levering;De klant;De afdeling;Het resultaat;De factuur;De afspraak;Het apparaat;De aanvraag", "kwam;bleef;is gecontroleerd;was volledig;wordt verwacht;paste;veranderde;is bevestigd", "de volgende dag;zonder verdere vragen;zoals afgesproken;na korte tijd;voor de tweede keer;in goede orde;met wat vertraging;voor de middag"],
    },
    // Swedish.
    Row {
        first: "Lars Mikael Anders Johan Erik Per Peter Karl Jan Fredrik Anna Eva Maria Karin Kristina Lena Sara Emma Ingrid Malin Björn Göran Åsa Elin Oskar Gustav Nils Linnea Astrid Hugo Axel Ebba",
        last: "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Lindqvist Lindgren Berg Axelsson Bergström Lundberg Lind Lundgren Mattsson Berglund Sjöberg Åkesson",
        streets: "*gatan #;*vägen #;*stigen #", stems: "Björk Skol Kyrko Ängs Skogs Strand Sten Ek Gran Linné Park Sol Hamn Kvarn Ros Berg",
        towns: ("Norr Söder Öster Väster Björk Ek Sol Sten Berg", "by torp köping borg stad vik sund hult"), forms: "AB HB KB",
        titles: ("Trädgård Flod Ljus Vinter Bro Stjärna Hus Moln Eld Hav Spegel Torn Väg Natt Morgon Skugga Regn Skog", "och"), sentence: ["", "", ""],
    },
    // Danish.
    Row {
        first: "Peter Jens Lars Michael Henrik Thomas Søren Jan Christian Martin Anne Kirsten Mette Hanne Helle Susanne Lene Maria Marianne Camilla Freja Mikkel Rasmus Jørgen Sofie Emil",
        last: "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Lund Holm Jakobsen Mikkelsen",
        streets: "*gade #;*vej #;*allé #", stems: "Skov Kirke Bøge Strand Skole Møl Birke Park Sol Havne Nørre Sønder Øster Vester", towns: ("Nørre Sønder Øster Vester Skov Birke Bøge", "by rup strup borg lund sted holm"), forms: "A/S ApS I/S",
        titles: ("Have Flod Lys Vinter Bro Stjerne Hus Sky Ild Hav Spejl Tårn Vej Nat Morgen Skygge Regn Skov", "og"), sentence: ["", "", ""],
    },
    // Norwegian.
    Row {
        first: "Jan Per Bjørn Ole Lars Kjell Knut Arne Svein Thomas Anne Inger Kari Marit Ingrid Liv Eva Nora Emma Solveig Håkon Øyvind Silje Sigrid Magnus Jonas",
        last: "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen Bakken Solberg Strand",
        streets: "*veien #;*gata #;*bakken #", stems: "Skog Kirke Bjørke Strand Skole Fjell Elve Park Sol Havne Gran Furu Eke", towns: ("Nord Sør Øst Vest Fjell Bjørke Gran", "vik nes dal sund bø stad heim"), forms: "AS ASA ANS",
        titles: ("Hage Elv Lys Vinter Bro Stjerne Hus Sky Ild Hav Speil Tårn Vei Natt Morgen Skygge Regn Skog", "og"), sentence: ["", "", ""],
    },
    // Finnish.
    Row {
        first: "Juhani Matti Timo Kari Mikko Antti Jari Jukka Heikki Pekka Anna Maria Liisa Anneli Hannele Sari Päivi Minna Laura Johanna Väinö Eero Aino Helmi Onni Leo",
        last: "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen Saarinen Salminen Heinonen Niemi Heikkilä Kinnunen Salonen Turunen Laitinen Salo Tuominen Rantanen Karjalainen",
        streets: "*katu #;*tie #;*kuja #", stems: "Koivu Koulu Kirkko Metsä Ranta Puisto Mänty Kuusi Aurinko Satama Kivi Mylly", towns: ("Koivu Uusi Vanha Ylä Ala Kivi Pohjois Metsä", "järvi mäki lahti niemi koski kylä vaara"), forms: "Oy Oyj Ky",
        titles: ("Puutarha Joki Valo Talvi Silta Tähti Talo Pilvi Tuli Saari Meri Peili Torni Tie Yö Aamu Varjo Sade Metsä", "ja"), sentence: ["", "", ""],
    },
    // Polish.
    Row {
        first: "Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Łukasz Grzegorz Zofia Zuzanna Hanna Julia",
        last: "Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Stępień Dudek Adamczyk Pawlak Sikora Walczak Baran Szewczyk Pietrzak Duda Bąk Włodarczyk Wilk Kubiak Kaźmierczak Sobczak Czerwiec Szczepaniak Kopeć",
        streets: "ul. * #;al. * #;pl. * #", stems: "Lipowa Polna Leśna Szkolna Ogrodowa Kwiatowa Słoneczna Krótka Łąkowa Brzozowa Sosnowa Kościelna Parkowa Zielona Spacerowa", towns: ("Nowa_ Stara_ Wielka_ Mała_", "Wola Góra Dąbrowa Łąka Olszyna Brzoza Lipa"), forms: "sp._z_o.o. S.A. sp._j.",
        titles: ("Ogród Rzeka Światło Zima Most Gwiazda Dom Chmura Ogień Wyspa Morze Lustro Wieża Droga Noc Ranek Cień Deszcz Las Cisza", "i"), sentence: ["", "", ""],
    },
    // Czech.
    Row {
        first: "Jiří Jan Petr Jaroslav Pavel Martin Miroslav Tomáš František Josef Marie Jana Eva Hana Anna Lenka Kateřina Věra Alena Lucie Ondřej Vojtěch Tereza Eliška Barbora Klára",
        last: "Krejčí Kočí Janů Petrů Martinů Pavlů Jirků Dolejší Hořejší Kubů Vachů Tomšů Matějů Šindelářů Krejzů Bartů Adamů Zelenků Šebestů Jakubů",
        streets: "* #", stems: "Lipová Školní Zahradní Polní Luční Krátká Nádražní Lesní Sadová Květná Jarní Slunečná Dlouhá Zelená", towns: ("Nový_ Starý_ Horní_ Dolní_", "Brod Hradec Újezd Dvůr Kostelec Mlýn"), forms: "s.r.o. a.s. v.o.s.",
        titles: ("Zahrada Řeka Světlo Zima Most Hvězda Dům Mrak Oheň Ostrov Moře Zrcadlo Věž Cesta Noc Ráno Stín Déšť Les Ticho", "a"), sentence: ["", "", ""],
    },
    // Hungarian.
    Row {
        first: "László István József János Zoltán Sándor Gábor Ferenc Attila Péter Mária Erzsébet Katalin Éva Ilona Anna Zsuzsanna Margit Judit Ágnes Bence Máté Dávid Hanna Réka Zsófia",
        last: "Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Balogh Papp Lakatos Takács Juhász Oláh Mészáros Simon Rácz Fekete Szilágyi Török Fehér Balázs Gál Kis Szűcs Orsós Kocsis Fodor",
        streets: "* utca #.;* út #.;* tér #.", stems: "Rózsa Hárs Iskola Templom Kert Erdő Tavasz Nyár Akácfa Virág Malom Patak Liliom Napsugár", towns: ("Kis Nagy Új Ó Felső Alsó", "falu vár kút halom telek mező"), forms: "Kft. Zrt. Bt. Nyrt.",
        titles: ("Kert Folyó Fény Tél Híd Csillag Ház Felhő Tűz Sziget Tenger Tükör Torony Út Éjszaka Reggel Árnyék Eső Erdő Csend", "és"), sentence: ["", "", ""],
    },
    // Romanian.
    Row {
        first: "Andrei Alexandru Ion Gheorghe Mihai Cristian Ștefan Vasile Nicolae Constantin Maria Elena Ana Ioana Andreea Mihaela Cristina Daniela Alexandra Gabriela Răzvan Vlad Raluca Oana Bogdan",
        last: "Popa Popescu Radu Ionescu Stoica Stan Dumitrescu Dima Constantin Marin Gheorghe Florea Dobre Barbu Nistor Lungu Matei Munteanu Ungureanu Moldovan Rusu Șerban Țurcanu Voicu Enache",
        streets: "Strada * #;Bulevardul * #;Aleea * #", stems: "Florilor Teilor Școlii Morii Livezilor Pădurii Soarelui Primăverii Trandafirilor Izvorului Stejarului Gării", towns: ("Valea_ Poiana_ Dealul_ Gura_", "Mare Nouă Verde Lungă Albă"), forms: "S.R.L. S.A. P.F.A.",
        titles: ("Grădina Râul Lumina Iarna Podul Steaua Casa Norul Focul Insula Marea Oglinda Turnul Drumul Noaptea Umbra Ploaia Pădurea", "și"), sentence: ["", "", ""],
    },
    // Croatian.
    Row {
        first: "Ivan Josip Marko Stjepan Tomislav Željko Ante Luka Petar Filip Marija Ana Ivana Mirjana Katarina Nada Dragica Petra Lucija Ema",
        last: "Horvat Kovačević Babić Marić Jurić Novak Kovačić Knežević Vuković Marković Petrović Matić Tomić Kovač Pavlović Božić Blažević Grgić Pavić Radić",
        streets: "Ulica * #;* #;Trg * #", stems: "Lipa Ruža Hrastova Školska Cvjetna Vinogradska Sunčana Šumska Zelena Gundulićeva", towns: ("Novi_ Stari_ Gornji_ Donji_", "Grad Dol Brod Selo Polje"), forms: "d.o.o. d.d. j.d.o.o.",
        titles: ("Vrt Rijeka Svjetlo Zima Most Zvijezda Kuća Oblak Vatra Otok More Ogledalo Toranj Put Noć Jutro Sjena Kiša Šuma", "i"), sentence: ["", "", ""],
    },
    // Greek.
    Row {
        first: "Γιώργος Γιάννης Δημήτρης Κώστας Νίκος Παναγιώτης Βασίλης Χρήστος Αθανάσιος Μιχάλης Μαρία Ελένη Αικατερίνη Βασιλική Σοφία Αγγελική Γεωργία Δήμητρα Κωνσταντίνα Άννα",
        last: "Παπαδάκης Γεωργίου Δημητρίου Νικολάου Παπαδημητρίου Βασιλείου Αντωνίου Ιωάννου Κωνσταντίνου Αθανασίου Οικονόμου Παπανικολάου Χατζή Αλεξίου Μιχαήλ Πέτρου Σπύρου Αναγνώστου",
        streets: "* #", stems: "Ανθέων Ελιάς Σχολείου Ήλιου Πεύκων Κρίνων Θάλασσας Μύλου Ειρήνης Αγοράς", towns: ("", ""), forms: "Α.Ε. Ε.Π.Ε. Ο.Ε.", titles: ("Κήπος Ποτάμι Φως Χειμώνας Γέφυρα Αστέρι Σπίτι Σύννεφο Φωτιά Νησί Θάλασσα Δρόμος Νύχτα Πρωί", "και"), sentence: ["", "", ""],
    },
    // Turkish.
    Row {
        first: "@tr Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Ömer Yusuf Murat Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Sultan Büşra Çağla Gökhan Uğur Özlem",
        last: "@tr Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek",
        streets: "* Sokak No:#;* Caddesi No:#", stems: "Gül Çınar Menekşe Bahçe Okul Güneş Deniz Lale Papatya Orman Çiçek Pınar", towns: ("Yeni Eski Ak Kara Gök", "köy tepe dere pınar kale"), forms: "A.Ş. Ltd._Şti.",
        titles: ("Bahçe Nehir Işık Kış Köprü Yıldız Ev Bulut Ateş Ada Deniz Ayna Kule Yol Gece Sabah Gölge Yağmur Orman", "ve"), sentence: ["", "", ""],
    },
    // Russian.
    Row {
        first: "Александр Сергей Дмитрий Андрей Алексей Максим Иван Михаил Николай Владимир Анна Мария Елена Ольга Наталья Екатерина Татьяна Ирина Светлана Юлия Павел Роман Ксения Дарья",
        last: "Шевченко Коваленко Бондаренко Ткаченко Кравченко Черных Долгих Седых Белых Гончаренко Марченко Лысенко Тимошенко Бойко Мороз Сокол Петренко Василенко Руденко Савченко",
        streets: "ул. *, д. #;пр. *, д. #;пер. *, д. #", stems: "Лесная Садовая Школьная Зелёная Цветочная Солнечная Речная Парковая Вишнёвая Полевая Новая Берёзовая", towns: ("Ново Старо Верхне Нижне", "горск озёрск речинск лесск полье"), forms: "ООО АО ПАО ИП",
        titles: ("Сад Река Свет Зима Мост Звезда Дом Облако Огонь Остров Море Зеркало Башня Дорога Ночь Утро Тень Дождь Лес Тишина", "и"),
        sentence: ["Доставка;Заказ;Отдел;Результат;Счёт;Встреча;Прибор;Запрос", "ожидается;получен;проверяется;изменится;готов;подтверждён;остаётся;рассмотрен", "на следующий день;без лишних вопросов;как договорились;через некоторое время;во второй раз;в полном порядке;с небольшой задержкой;до обеда"],
    },
    // Ukrainian.
    Row {
        first: "Олександр Сергій Володимир Андрій Микола Іван Михайло Дмитро Богдан Тарас Анна Марія Олена Наталія Оксана Тетяна Ірина Юлія Софія Катерина",
        last: "Шевченко Коваленко Бондаренко Ткаченко Кравченко Олійник Шевчук Коваль Поліщук Бондар Мельник Мороз Лисенко Савченко Петренко Романюк Клименко Павлюк Гнатюк Ярошенко",
        streets: "вул. *, #;просп. *, #", stems: "Лісова Садова Шкільна Зелена Квіткова Сонячна Річкова Паркова Вишнева Польова", towns: ("", ""), forms: "ТОВ ПАТ ФОП", titles: ("Сад Річка Світло Зима Міст Зірка Дім Хмара Вогонь Острів Море Дорога Ніч Ранок Тінь Дощ Ліс Тиша", "і"), sentence: ["", "", ""],
    },
    // Japanese.
    Row {
        first: "太郎=Taro 翔太=Shota 大輔=Daisuke 健太=Kenta 直樹=Naoki 拓也=Takuya 誠=Makoto 隆=Takashi 浩=Hiroshi 学=Manabu 陽菜=Hina 花子=Hanako 美咲=Misaki 愛=Ai 恵子=Keiko 由美=Yumi 真由美=Mayumi 葵=Aoi さくら=Sakura 結衣=Yui 蓮=Ren 悠斗=Yuto 陸=Riku 優子=Yuko 久美子=Kumiko",
        last: "佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 伊藤=Ito 渡辺=Watanabe 山本=Yamamoto 中村=Nakamura 小林=Kobayashi 加藤=Kato 吉田=Yoshida 山田=Yamada 佐々木=Sasaki 山口=Yamaguchi 松本=Matsumoto 井上=Inoue 木村=Kimura 林=Hayashi 斎藤=Saito 清水=Shimizu 山崎=Yamazaki 森=Mori 池田=Ikeda 橋本=Hashimoto 阿部=Abe 石川=Ishikawa 山下=Yamashita 中島=Nakajima 石井=Ishii 小川=Ogawa",
        streets: "*#番地;*1丁目#番;*2丁目#番;*3丁目#番", stems: "桜町 本町 中央 緑町 栄町 東町 西町 南町 北町 若葉町 泉町 旭町", towns: ("", ""), forms: "株式会社 合同会社 有限会社", titles: ("庭 川 光 冬 橋 星 家 雲 火 島 海 鏡 塔 道 夜 朝 影 雨 森 風", "と"),
        sentence: ["配送は;お客様は;担当部署は;結果は;請求書は;予約は;装置は;依頼は", "翌日に;問題なく;予定どおり;しばらくして;もう一度;順調に;少し遅れて;午前中に", "届きました。;確認されました。;完了しました。;変更されました。;承認されました。;届く予定です。"],
    },
    // Chinese.
    Row {
        first: "伟=Wei 芳=Fang 娜=Na 敏=Min 静=Jing 丽=Li 强=Qiang 磊=Lei 军=Jun 洋=Yang 勇=Yong 艳=Yan 杰=Jie 娟=Juan 涛=Tao 明=Ming 超=Chao 秀兰=Xiulan 霞=Xia 平=Ping 刚=Gang 桂英=Guiying 子涵=Zihan 浩然=Haoran 雨桐=Yutong 思远=Siyuan 欣怡=Xinyi 志强=Zhiqiang",
        last: "王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 吴=Wu 周=Zhou 徐=Xu 孙=Sun 马=Ma 朱=Zhu 胡=Hu 郭=Guo 何=He 程=Cheng 高=Gao 罗=Luo 郑=Zheng 梁=Liang 谢=Xie 宋=Song 唐=Tang 许=Xu 邓=Deng 冯=Feng 韩=Han 曹=Cao",
        streets: "*路#号;*街#号;*大道#号", stems: "人民 中山 解放 建设 和平 新华 文化 长江 东风 青年 朝阳 花园", towns: ("", ""), forms: "有限公司 股份有限公司 集团", titles: ("花园 河流 光明 冬天 桥梁 星星 房子 白云 火焰 岛屿 大海 镜子 高塔 道路 夜晚 早晨 影子 雨水 森林 清风", "与"),
        sentence: ["货物;客户;部门;结果;发票;会议;设备;申请", "第二天;没有问题地;按照约定;过了一会儿;再一次;顺利地;稍有延迟地;中午以前", "送到了。;已经确认。;已经完成。;有所变更。;得到批准。;将会送达。"],
    },
    // Korean.
    Row {
        first: "민준=Minjun 서준=Seojun 도윤=Doyun 예준=Yejun 지호=Jiho 지훈=Jihun 현우=Hyeonu 성민=Seongmin 준영=Junyeong 영수=Yeongsu 서연=Seoyeon 서윤=Seoyun 지우=Jiu 서현=Seohyeon 민서=Minseo 하은=Haeun 지민=Jimin 수진=Sujin 은주=Eunju 영희=Yeonghui",
        last: "김=Kim 이=Lee 박=Park 최=Choi 정=Jeong 강=Kang 조=Cho 윤=Yoon 장=Jang 임=Lim 한=Han 오=Oh 서=Seo 신=Shin 권=Kwon 황=Hwang 안=Ahn 송=Song 류=Ryu 홍=Hong",
        streets: "*로 #;*길 #;*대로 #", stems: "중앙 한강 평화 은행 소나무 학교 공원 새벽 햇살 시장 강변 벚꽃", towns: ("", ""), forms: "주식회사 유한회사", titles: ("정원 강 빛 겨울 다리 별 집 구름 불 섬 바다 거울 탑 길 밤 아침 그림자 비 숲 바람", "그리고"), sentence: ["", "", ""],
    },
    // Hebrew.
    Row {
        first: "דוד=David משה=Moshe יוסף=Yosef יעקב=Yaakov אברהם=Avraham דניאל=Daniel איתי=Itay נועם=Noam אורי=Uri עומר=Omer שרה=Sara רחל=Rachel מרים=Miriam נועה=Noa תמר=Tamar יעל=Yael מאיה=Maya שירה=Shira אביגיל=Avigail רוני=Roni",
        last: "כהן=Cohen לוי=Levi מזרחי=Mizrahi פרץ=Peretz ביטון=Biton דהן=Dahan אברהם=Avraham פרידמן=Friedman מלכה=Malka אזולאי=Azulay כץ=Katz יוסף=Yosef דוד=David עמר=Amar אוחיון=Ohayon חדד=Hadad גבאי=Gabay",
        streets: "רחוב * #;שדרות * #", stems: "הגפן הזית הרקפת השקד התמר הנרקיס האלון הורד הים הגנים", towns: ("", ""), forms: "בע\"מ", titles: ("גן נהר אור חורף גשר כוכב בית ענן אש אי ים מראה מגדל דרך לילה בוקר צל גשם יער", "עם"), sentence: ["", "", ""],
    },
    // Arabic.
    Row {
        first: "محمد=Mohammed أحمد=Ahmed علي=Ali عبدالله=Abdullah خالد=Khalid سعد=Saad فهد=Fahad يوسف=Yousef عمر=Omar إبراهيم=Ibrahim فاطمة=Fatima مريم=Maryam نورة=Noura سارة=Sara عائشة=Aisha هند=Hind ليلى=Layla زينب=Zainab ريم=Reem منى=Mona حسن=Hassan طارق=Tariq سلمى=Salma",
        last: "العتيبي=Alotaibi القحطاني=Alqahtani الغامدي=Alghamdi الزهراني=Alzahrani الشهري=Alshehri الحربي=Alharbi الدوسري=Aldosari المطيري=Almutairi الشمري=Alshammari العنزي=Alanazi حسين=Hussein منصور=Mansour سليمان=Suleiman الخطيب=Alkhatib النجار=Alnajjar حداد=Haddad الصباغ=Alsabbagh درويش=Darwish",
        streets: "شارع * #;طريق * #", stems: "الورد النخيل السلام البحر الزيتون المدرسة الياسمين النور الحديقة السوق", towns: ("", ""), forms: "ش.م.م. المحدودة", titles: ("حديقة نهر ضوء شتاء جسر نجمة بيت سحابة نار جزيرة بحر مرآة برج طريق ليل صباح ظل مطر غابة", "و"), sentence: ["", "", ""],
    },
    // Persian.
    Row {
        first: "محمد=Mohammed علی=Ali حسین=Hossein رضا=Reza مهدی=Mahdi امیر=Amir حسن=Hassan سعید=Saeed فاطمه=Fatemeh زهرا=Zahra مریم=Maryam سارا=Sara نرگس=Narges الهام=Elham لیلا=Leila پریسا=Parisa",
        last: "محمدی=Mohammadi حسینی=Hosseini احمدی=Ahmadi رضایی=Rezaei کریمی=Karimi موسوی=Mousavi جعفری=Jafari صادقی=Sadeghi رحیمی=Rahimi ابراهیمی=Ebrahimi حیدری=Heydari مرادی=Moradi",
        streets: "خیابان * #;کوچه * #", stems: "بهار گلستان باغ نور سرو دریا مدرسه لاله", towns: ("", ""), forms: "شرکت", titles: ("باغ رود نور زمستان پل ستاره خانه ابر آتش جزیره دریا آینه برج راه شب صبح سایه باران جنگل", "و"), sentence: ["", "", ""],
    },
    // Indian.
    Row {
        first: "Aarav Vivaan Aditya Arjun Rahul Amit Sanjay Rajesh Vijay Suresh Ananya Diya Priya Kavya Neha Pooja Sunita Anjali Meera Lakshmi Rohan Karan Deepak Manish Sneha Divya Ishaan Nikhil",
        last: "Sharma Verma Gupta Singh Kumar Patel Reddy Nair Iyer Rao Joshi Mehta Shah Desai Kulkarni Chopra Malhotra Kapoor Bose Chatterjee Mukherjee Das Pillai Menon Naidu Agarwal Mishra Pandey Yadav Bhat",
        streets: "#, * Road;#, * Nagar;#, * Marg;#, * Street", stems: "Gandhi_Park Lotus Temple Station Lake Garden Market Hill Mango School River Banyan", towns: ("Ram Sri Nava Chand Raj Dev", "pur nagar garh abad puram"), forms: "Pvt._Ltd. Ltd. LLP", ..NOTHING
    },
    // Thai.
    Row {
        first: "สมชาย=Somchai สมศักดิ์=Somsak ประเสริฐ=Prasert วิชัย=Wichai อนันต์=Anan สุดา=Suda มาลี=Malee นภา=Napa พรทิพย์=Pornthip กัญญา=Kanya",
        last: "แสงทอง=Saengthong ศรีสุข=Srisuk ใจดี=Jaidee ทองดี=Thongdee บุญมา=Boonma รักไทย=Rakthai สุขใจ=Sukjai วงศ์งาม=Wongngam",
        streets: "# ถนน*;# ซอย*", stems: "สุขใจ ดอกไม้ สายน้ำ ตลาด โรงเรียน", towns: ("", ""), forms: "จำกัด", titles: ("สวน แม่น้ำ แสง สะพาน ดาว บ้าน เมฆ ไฟ เกาะ ทะเล ถนน", "และ"), sentence: ["", "", ""],
    },
    // Vietnamese.
    Row {
        first: "Anh Minh Hùng Dũng Tuấn Long Nam Phong Quang Thành Hương Lan Linh Mai Ngọc Phương Thảo Trang Hà Thu",
        last: "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý",
        streets: "# đường *;# phố *", stems: "Hoa_Sen Bình_Minh Cây_Xanh Hòa_Bình Biển_Xanh Mùa_Xuân", towns: ("", ""), forms: "TNHH Cổ_phần", titles: ("Vườn Sông Ánh_sáng Cầu Ngôi_sao Nhà Mây Lửa Đảo Biển Gương Tháp Đường Đêm Sáng Mưa Rừng", "và"), sentence: ["", "", ""],
    },
    // Indonesian.
    Row {
        first: "Budi Agus Andi Dedi Eko Hendra Joko Rizki Yusuf Wahyu Siti Dewi Sri Ani Putri Rina Ratna Indah Lestari Wulan",
        last: "Santoso Wijaya Saputra Hidayat Setiawan Kusuma Pratama Gunawan Susanto Siregar Nasution Simanjuntak Halim Utami Wibowo Hartono",
        streets: "Jl. * No. #;Gang * No. #", stems: "Melati Mawar Kenanga Merdeka Pahlawan Anggrek Flamboyan Cempaka Kamboja Dahlia", towns: ("Suka Marga Tanjung_ Karang", "jaya sari mulya rejo maju"), forms: "PT CV", titles: ("Taman Sungai Cahaya Jembatan Bintang Rumah Awan Api Pulau Laut Cermin Menara Jalan Malam Pagi Bayangan Hujan Hutan", "dan"), sentence: ["", "", ""],
    },
];

fn words(row: &'static Row) -> Words {
    let split = |text: &'static str, at: char| -> Vec<&'static str> {
        text.split(at).filter(|word| !word.is_empty()).collect()
    };
    let spaced = |text: &'static str| -> Vec<&'static str> {
        // An underscore is a space within a word; few enough to be kept for good.
        let words = text.split(' ').filter(|word| !word.is_empty());
        words
            .map(|word| match word.contains('_') {
                true => &*word.replace('_', " ").leak(),
                false => word,
            })
            .collect()
    };
    let is_native = row
        .last
        .chars()
        .next()
        .is_some_and(|letter| !is_latin(letter));
    let is_han = |text: &str| text.chars().next().is_some_and(|c| c >= '\u{3000}');
    let east = is_native && row.last.split(' ').next().is_some_and(is_han);
    Words {
        first: names(row.first, true),
        last: names(row.last, false),
        family_first: east || row.forms.starts_with("Kft"),
        between: if east { "" } else { " " },
        streets: split(row.streets, ';'),
        stems: spaced(row.stems),
        towns: (spaced(row.towns.0), spaced(row.towns.1)),
        company_forms: spaced(row.forms),
        nouns: spaced(row.titles.0),
        and: row.titles.1,
        sentence: row.sentence.map(|words| split(words, ';')),
        is_native,
    }
}

fn is_latin(letter: char) -> bool {
    letter < '\u{250}' || ('\u{1E00}'..'\u{1F00}').contains(&letter)
}

/// Reads a list of names; `@` and a language is `fake`'s list of given or family names.
fn names(list: &'static str, given: bool) -> Vec<Name> {
    let fakes = |language: &str| -> &'static [&'static str] {
        match (language, given) {
            ("de", true) => DE_DE::NAME_FIRST_NAME,
            ("de", false) => DE_DE::NAME_LAST_NAME,
            ("fr", true) => FR_FR::NAME_FIRST_NAME,
            ("fr", false) => FR_FR::NAME_LAST_NAME,
            ("it", true) => IT_IT::NAME_FIRST_NAME,
            ("it", false) => IT_IT::NAME_LAST_NAME,
            ("pt", true) => PT_PT::NAME_FIRST_NAME,
            ("pt", false) => PT_PT::NAME_LAST_NAME,
            ("br", true) => PT_BR::NAME_FIRST_NAME,
            ("br", false) => PT_BR::NAME_LAST_NAME,
            ("nl", true) => NL_NL::NAME_FIRST_NAME,
            ("nl", false) => NL_NL::NAME_LAST_NAME,
            ("tr", true) => TR_TR::NAME_FIRST_NAME,
            ("tr", false) => TR_TR::NAME_LAST_NAME,
            _ => &[],
        }
    };
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    let listed = list
        .split(' ')
        .flat_map(|word| match word.strip_prefix('@') {
            Some(language) => fakes(language).to_vec(),
            None => vec![word],
        });
    for word in listed {
        let (native, latin) = word.split_once('=').unwrap_or((word, word));
        let plain = |letter: char| letter.is_alphabetic() || letter == '-' || is_mark(letter);
        if native.chars().count() == 0 || !native.chars().all(plain) {
            continue;
        }
        let mut lower = String::new();
        fold(latin, &mut lower);
        let name = match latin.chars().all(is_latin) {
            true => latin.to_string(),
            false => capitalised(&lower),
        };
        // Two names that fold alike would be one address: the first stays.
        if !lower.is_empty() && seen.insert(native.to_lowercase()) {
            names.push(Name {
                name,
                native: native.to_string(),
                lower,
            });
        }
    }
    names
}

fn capitalised(lower: &str) -> String {
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + letters.as_str()
    })
}

/// Vowel signs and joiners of Thai and Hebrew are part of a word, but no letters.
fn is_mark(letter: char) -> bool {
    ('\u{591}'..='\u{5C7}').contains(&letter) || ('\u{E31}'..='\u{E4E}').contains(&letter)
}

/// Native spellings to Latin ones, for names that cannot be transliterated by letters.
static ROMAN: LazyLock<HashMap<&'static str, &'static str, BuildHasherDefault<Fnv>>> =
    LazyLock::new(|| {
        let listed = ROWS.iter().flat_map(|row| [row.first, row.last]);
        let pairs = listed.flat_map(|list| list.split(' '));
        pairs.filter_map(|pair| pair.split_once('=')).collect()
    });

/// Appends the small Latin letters of a name, whatever its script; nothing where it has
/// none that are known.
pub(crate) fn fold(name: &str, out: &mut String) {
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphabetic);
        out.extend(letters.map(|letter| char::from(letter.to_ascii_lowercase())));
        return;
    }
    if let Some(latin) = ROMAN.get(name) {
        return fold(latin, out);
    }
    for letter in name.chars() {
        if letter.is_ascii_alphabetic() {
            out.push(letter.to_ascii_lowercase());
        } else if !letter.is_ascii() {
            out.push_str(base(letter));
        }
    }
}

/// Splits a whole name into the parts that an address is made of.
pub(crate) fn parts(name: &str) -> (&str, &str) {
    let name = name.trim();
    if let Some((first, rest)) = name.split_once(' ') {
        return (first, rest.rsplit(' ').next().unwrap_or(rest));
    }
    // Written together, as in East Asia: the family name is the part that is known.
    let known = |(at, _): &(usize, char)| *at > 0 && ROMAN.contains_key(&name[..*at]);
    match name.char_indices().rfind(known) {
        Some((at, _)) => (&name[at..], &name[..at]),
        None => (name, ""),
    }
}

/// The Latin letters that one letter is written with where there are no others.
#[rustfmt::skip]
fn base(letter: char) -> &'static str {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ă' | 'Ą' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ậ' | 'ẩ' | 'ẫ' | 'ắ' | 'ằ' | 'ặ' | 'ẳ' | 'ẵ' => "a",
        'ç' | 'ć' | 'č' | 'Ç' | 'Ć' | 'Č' => "c",
        'ď' | 'đ' | 'ð' | 'Ď' | 'Đ' | 'Ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'È' | 'É' | 'Ê' | 'Ë' | 'Ę' | 'Ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => "e",
        'ğ' | 'Ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' | 'İ' | 'Ì' | 'Í' | 'Î' | 'Ï' | 'ị' | 'ỉ' | 'ĩ' => "i",
        'ľ' | 'ĺ' | 'ł' | 'Ł' | 'Ľ' => "l",
        'ñ' | 'ń' | 'ň' | 'Ñ' | 'Ń' | 'Ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'Ő' | 'ơ' | 'ọ' | 'ỏ' | 'ố' | 'ồ' | 'ổ' | 'ỗ' | 'ộ' | 'ớ' | 'ờ' | 'ợ' | 'ở' | 'ỡ' => "o",
        'ř' | 'ŕ' | 'Ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' | 'Ś' | 'Š' | 'Ş' | 'Ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' | 'ţ' | 'Ț' | 'Ť' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ű' | 'ư' | 'ụ' | 'ủ' | 'ũ' | 'ứ' | 'ừ' | 'ự' | 'ử' | 'ữ' => "u",
        'ý' | 'ÿ' | 'Ý' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => "y",
        'ź' | 'ż' | 'ž' | 'Ź' | 'Ż' | 'Ž' => "z",
        'æ' | 'Æ' => "ae", 'œ' | 'Œ' => "oe", 'þ' | 'Þ' => "th",
        'а' | 'А' => "a", 'б' | 'Б' => "b", 'в' | 'В' => "v", 'г' | 'Г' | 'ґ' | 'Ґ' => "g",
        'д' | 'Д' => "d", 'е' | 'Е' | 'э' | 'Э' => "e", 'ё' | 'Ё' => "yo", 'є' | 'Є' => "ye",
        'ж' | 'Ж' => "zh", 'з' | 'З' => "z", 'и' | 'И' | 'і' | 'І' => "i", 'ї' | 'Ї' => "yi",
        'й' | 'Й' | 'ы' | 'Ы' => "y", 'к' | 'К' => "k", 'л' | 'Л' => "l", 'м' | 'М' => "m",
        'н' | 'Н' => "n", 'о' | 'О' => "o", 'п' | 'П' => "p", 'р' | 'Р' => "r",
        'с' | 'С' => "s", 'т' | 'Т' => "t", 'у' | 'У' => "u", 'ф' | 'Ф' => "f",
        'х' | 'Х' => "kh", 'ц' | 'Ц' => "ts", 'ч' | 'Ч' => "ch", 'ш' | 'Ш' => "sh",
        'щ' | 'Щ' => "shch", 'ю' | 'Ю' => "yu", 'я' | 'Я' => "ya",
        'α' | 'ά' | 'Α' | 'Ά' => "a", 'β' | 'Β' => "v", 'γ' | 'Γ' => "g", 'δ' | 'Δ' => "d",
        'ε' | 'έ' | 'Ε' | 'Έ' => "e", 'ζ' | 'Ζ' => "z", 'η' | 'ή' | 'Η' | 'Ή' => "i",
        'θ' | 'Θ' => "th", 'ι' | 'ί' | 'ϊ' | 'Ι' | 'Ί' => "i", 'κ' | 'Κ' => "k",
        'λ' | 'Λ' => "l", 'μ' | 'Μ' => "m", 'ν' | 'Ν' => "n", 'ξ' | 'Ξ' => "x",
        'ο' | 'ό' | 'Ο' | 'Ό' | 'ω' | 'ώ' | 'Ω' => "o", 'π' | 'Π' => "p", 'ρ' | 'Ρ' => "r",
        'σ' | 'ς' | 'Σ' => "s", 'τ' | 'Τ' => "t", 'υ' | 'ύ' | 'Υ' => "y", 'φ' | 'Φ' => "f",
        'χ' | 'Χ' => "ch", 'ψ' | 'Ψ' => "ps",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Culture; 31] = {
        use Culture::*;
        [
            English, German, French, Italian, Spanish, Portuguese, Brazilian, Dutch, Swedish,
            Danish, Norwegian, Finnish, Polish, Czech, Hungarian, Romanian, Croatian, Greek,
            Turkish, Russian, Ukrainian, Japanese, Chinese, Korean, Hebrew, Arabic, Persian,
            Indian, Thai, Vietnamese, Indonesian,
        ]
    };

    #[test]
    fn every_culture_has_names_that_an_address_can_follow() {
        for (place, culture) in ALL.into_iter().enumerate() {
            assert_eq!(culture as usize, place);
            let words = culture.words();
            for names in [culture.first(), culture.last()] {
                assert!(names.len() >= 8, "{culture:?}: {}", names.len());
                for name in names {
                    let mut lower = String::new();
                    fold(&name.native, &mut lower);
                    assert_eq!(lower, name.lower, "{culture:?}");
                    assert!(lower.bytes().all(|b| b.is_ascii_lowercase()), "{lower}");
                    assert!(!name.native.contains(' '));
                }
            }
            assert!(culture == Culture::English || !words.streets.is_empty());
            // Names that are written together are read apart only so.
            let last = culture.last();
            assert!(
                !words.between.is_empty()
                    || last.iter().all(|one| !last.iter().any(|other| {
                        one.native != other.native && other.native.starts_with(&one.native)
                    })),
                "{culture:?}"
            );
        }
        assert!(Culture::Japanese.words().is_native && !Culture::Swedish.words().is_native);
    }

    #[test]
    fn names_fold_to_latin_letters() {
        for (name, folded) in [
            ("Jürgen-Groß", "jurgengross"),
            ("Łukasz", "lukasz"),
            ("Шевченко", "shevchenko"),
            ("Γιώργος", "giorgos"),
            ("佐藤", "sato"),
            ("O'Neil", "oneil"),
            ("龘", ""),
        ] {
            let mut out = String::new();
            fold(name, &mut out);
            assert_eq!(out, folded);
        }
        assert_eq!(parts("Ana Maria de Souza"), ("Ana", "Souza"));
        assert_eq!(parts("佐藤太郎"), ("太郎", "佐藤"));
        assert_eq!(parts("Cher"), ("Cher", ""));
    }
}
