//! What companies are called, by language, and what forms they have, by country.
//!
//! Beginnings and ends of made-up words, trades, and the legal forms that registers know: facts
//! and dictionary words, from general knowledge.

/// A language's words.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) beginnings: Vec<&'static str>,
    pub(crate) ends: Vec<&'static str>,
    pub(crate) trades: Vec<String>,
    /// Whether the trade stands before the name: `Boulangerie Beaumont`.
    pub(crate) trade_first: bool,
}

/// A country's legal forms, the most frequent first, and its language.
#[derive(Debug)]
pub(crate) struct Land {
    pub(crate) words: usize,
    pub(crate) forms: Vec<&'static str>,
}

/// Returns the words of the languages, in the order of [`LANGUAGES`].
pub(crate) fn all() -> Vec<Words> {
    let split = |text: &'static str| text.split(' ').collect();
    let words = |&(_, beginnings, ends, trades, trade_first): &Row| Words {
        beginnings: split(beginnings),
        ends: split(ends),
        trades: trades
            .split(' ')
            .map(|trade| trade.replace('_', " "))
            .collect(),
        trade_first,
    };
    LANGUAGES.iter().map(words).collect()
}

/// Returns the countries by their codes.
pub(crate) fn lands() -> Vec<(&'static str, Land)> {
    let land = |&(code, language, forms): &(&'static str, &str, &'static str)| {
        let words = LANGUAGES
            .iter()
            .position(|row| row.0 == language)
            .unwrap_or(0);
        (
            code,
            Land {
                words,
                forms: forms.split(';').collect(),
            },
        )
    };
    FORMS.iter().map(land).collect()
}

/// Language, beginnings, ends, trades (an underscore is a space), whether the trade is first.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

#[rustfmt::skip]
const LANGUAGES: &[Row] = &[
    ("en", "Alder Amber Ash Bright Brook Calder Clear Cliff Cross Dal East Elm Fair Fern Glen Gold Green Hart Hazel High Iron Kings Lake Lark North Oak Red Ridge Silver South Spring Stone Swan Thorn West White Wild Wood",
        "bourne bridge bury croft dale field ford gate hall haven hurst land ley line mark mere mont port side stead ton view ward water way well wick worth",
        "Analytics Associates Bakery Builders Capital Ceramics Coffee Consulting Design Distribution Electronics Energy Engineering Foods Freight Furniture Glass Health Instruments Insurance Logistics Marine Media Metals Optics Packaging Plastics Publishing Robotics Security Software Solutions Studios Systems Textiles Tools Trading Transport Travel Ventures", false),
    ("de", "Alten Berg Birken Eichen Elb Feld Hohen Isar Kron Linden Main Neu Nord Ober Ost Rhein Rosen Schwarz Silber Sonnen Stein Süd Tannen Wald Weser West",
        "bach berg brunn dorf feld fels furt hafen hain heim hof land mark rode stadt stein tal wald werk wiese",
        "Anlagenbau Antriebstechnik Bau Beratung Bürotechnik Elektronik Energie Fahrzeugbau Feinkost Gebäudetechnik Getränke Handel Holzbau Immobilien Kältetechnik Kunststoffe Logistik Maschinenbau Medien Medizintechnik Metallbau Möbel Optik Sanitär Software Spedition Systeme Textil Verlag Verpackungen Versicherungen Werkzeuge", false),
    ("fr", "Aigue Beau Bel Bois Champ Châtel Clair Font Grand Haut Mont Neuf Pierre Roche Saint Val Vau Vert Vieux Ville",
        "bourg brun champ clair court fort lac lieu mont pré roche val vent vert ville",
        "Ateliers Bâtiment Boulangerie Charpente Conseil Cosmétiques Distribution Édition Électronique Énergies Fournitures Imprimerie Informatique Laboratoires Logistique Mécanique Menuiserie Meubles Pharmacie Plomberie Services Textiles Transports Vignobles", true),
    ("it", "Alto Bel Bor Cam Castel Col Fior Lun Mar Mon Nov Ol Per Roc Sal Ser Terr Val Ver Vil",
        "bella chiara dora fiori lago landi mare nova ponte prato riva rosa sole vento verde",
        "Alimentari Arredamenti Assicurazioni Calzature Ceramiche Consulenze Costruzioni Dolciaria Edilizia Elettronica Energia Farmaceutici Impianti Informatica Logistica Meccanica Mobili Pelletteria Tessuti Tipografia Trasporti Vini", true),
    ("es", "Alta Bella Buen Campo Casta Cor Fuen Gran Lagu Mar Mon Nor Oli Peña Rio Sal Sol Torre Val Villa",
        "bella clara dorada franca linda luz mar nevada nueva real rosa sierra sol verde viva",
        "Alimentación Asesores Cerámica Comercial Conservas Construcciones Distribuciones Editorial Electrónica Energía Farmacia Fontanería Informática Inmobiliaria Inversiones Logística Maquinaria Muebles Seguros Servicios Textiles Transportes Viajes Viñedos", true),
    ("pt", "Alto Bela Bom Campo Costa Flor Foz Lagoa Mar Monte Nova Oliva Pedra Porto Rio Serra Sol Terra Vale Vila",
        "alta bela branca clara dourada franca linda luz mar nova real rosa sul verde viva",
        "Alimentos Cerâmica Comércio Confecções Construções Consultoria Distribuidora Editora Eletrônica Energia Engenharia Farmácia Imobiliária Informática Logística Máquinas Móveis Seguros Serviços Têxteis Transportes Turismo", true),
    ("nl", "Amstel Beek Berg Blauw Brug Eik Groen Haven Hoog IJssel Linden Maas Molen Noord Nieuw Oost Oud Rijn Rood Veen Vecht West Wil Zand Zuid",
        "beek berg burg daal dam dijk duin horst hoven kade land meer molen poort veld werf wijk zicht",
        "Accountants Advies Apparaten Bakkerij Beheer Bouw Bloemen Drukkerij Elektronica Energie Groothandel Installatie Logistiek Makelaars Media Metaal Meubelen Optiek Software Techniek Transport Uitgeverij Verzekeringen Zuivel", false),
    ("nordic", "Berg Björk Ek Fjell Gran Hav Hel Is Lind Lund Nord Ny Öst Sand Silver Skog Sol Sten Ström Sund Syd Vest Vik Ås",
        "berg borg dal fors gård hamn holm lund mark näs rud sjö strand strøm vang vik ås",
        "Bygg Consulting Data Design Elektronik Energi Fisk Handel Industri Invest Konsult Logistik Marin Maskin Media Möbler Papper System Teknik Transport", false),
    ("slavic", "Bel Bor Brod Dol Dub Gor Jas Kam Kras Lip Luk Mor Nov Ol Pod Rad Sib Slav Star Vis Vol Zel",
        "ava bor dar ex gal grad kom lin mont nex plast polis pol ran sta tech tex tor trans vit",
        "Agro Auto Bud Centrum Chem Consult Elektro Energo Export Farm Finans Import Invest Logistik Market Mebel Med Metal Plast Print Serwis Soft Stal Trans", false),
];

/// Country, language, legal forms.
#[rustfmt::skip]
const FORMS: &[(&str, &str, &str)] = &[
    ("US", "en", "LLC;Inc.;Corp.;Co.;LLP"), ("GB", "en", "Ltd;Ltd;PLC;LLP"), ("IE", "en", "Ltd;DAC;PLC"),
    ("CA", "en", "Inc.;Ltd.;Corp."), ("AU", "en", "Pty Ltd;Ltd"), ("NZ", "en", "Ltd"), ("ZA", "en", "(Pty) Ltd;Ltd"),
    ("IN", "en", "Pvt. Ltd.;Ltd.;LLP"), ("SG", "en", "Pte. Ltd.;Ltd."), ("HK", "en", "Ltd."), ("JP", "en", "K.K.;G.K."),
    ("CN", "en", "Co., Ltd."), ("TW", "en", "Co., Ltd."), ("KR", "en", "Co., Ltd.;Inc."), ("IL", "en", "Ltd."),
    ("AE", "en", "LLC;FZE"), ("SA", "en", "LLC;JSC"), ("EG", "en", "LLC;S.A.E."), ("TH", "en", "Co., Ltd.;PCL"),
    ("VN", "en", "Co., Ltd.;JSC"), ("ID", "en", "Tbk;Ltd."), ("MY", "en", "Sdn. Bhd.;Bhd."),
    ("DE", "de", "GmbH;GmbH;GmbH & Co. KG;AG;KG;OHG;e.K.;UG (haftungsbeschränkt)"), ("AT", "de", "GmbH;AG;KG;OG;e.U."), ("CH", "de", "AG;GmbH;KlG"), ("LI", "de", "AG;Anstalt"),
    ("FR", "fr", "SARL;SAS;SASU;EURL;SA;SCI"), ("BE", "fr", "SRL;SA;SC"), ("LU", "fr", "S.à r.l.;S.A."), ("MC", "fr", "SARL;SAM"),
    ("IT", "it", "S.r.l.;S.p.A.;S.n.c.;S.a.s."), ("SM", "it", "S.r.l.;S.p.A."),
    ("ES", "es", "S.L.;S.L.U.;S.A.;S.C."), ("MX", "es", "S.A. de C.V.;S. de R.L. de C.V."), ("AR", "es", "S.R.L.;S.A.;S.A.S."),
    ("CL", "es", "SpA;Ltda.;S.A."), ("CO", "es", "S.A.S.;Ltda.;S.A."), ("PE", "es", "S.A.C.;S.R.L.;S.A."),
    ("PT", "pt", "Lda.;S.A.;Unipessoal Lda."), ("BR", "pt", "Ltda.;S.A.;EIRELI"),
    ("NL", "nl", "B.V.;V.O.F.;N.V."),
    ("SE", "nordic", "AB;HB;KB"), ("DK", "nordic", "ApS;A/S;I/S"), ("NO", "nordic", "AS;ASA;ANS"), ("FI", "nordic", "Oy;Ky;Oyj"), ("IS", "nordic", "ehf.;hf."),
    ("PL", "slavic", "sp. z o.o.;S.A.;sp. j.;sp. k."), ("CZ", "slavic", "s.r.o.;a.s.;v.o.s."), ("SK", "slavic", "s.r.o.;a.s."), ("HU", "slavic", "Kft.;Bt.;Zrt.;Nyrt."),
    ("RO", "slavic", "S.R.L.;S.A."), ("BG", "slavic", "OOD;EOOD;AD"), ("HR", "slavic", "d.o.o.;j.d.o.o.;d.d."), ("SI", "slavic", "d.o.o.;d.d."), ("RS", "slavic", "d.o.o.;a.d."),
    ("GR", "slavic", "E.P.E.;A.E.;I.K.E."), ("TR", "slavic", "Ltd. Şti.;A.Ş."), ("RU", "slavic", "OOO;AO;PAO"), ("UA", "slavic", "TOV;PAT"),
    ("EE", "slavic", "OÜ;AS"), ("LV", "slavic", "SIA;AS"), ("LT", "slavic", "UAB;AB"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_language_and_forms() {
        let mut seen = std::collections::HashSet::new();
        for (code, language, forms) in FORMS {
            assert!(LANGUAGES.iter().any(|row| row.0 == *language), "{code}");
            assert!(
                forms.split(';').all(|form| !form.trim().is_empty()),
                "{code}"
            );
            assert_eq!(prodlike_sdk::country::code(code), Some(*code));
            assert!(seen.insert(code), "{code}");
        }
    }
}
