//! The words that names of columns and tables are made of, by what they say.
//!
//! A line a language, where a list has several: English, German, French, Spanish,
//! Italian, Portuguese, Dutch, Polish and the Nordic ones; Russian, Japanese and Chinese
//! in their own letters, and as people spell them in ours. Accents are left out: names
//! are folded before they are compared (`tokens.rs`).

/// The word `name`.
pub(super) const NAME: &[&str] = &[
    "name",
    "nombre",
    "nom",
    "naam",
    "nome",
    "nazwa",
    "navn",
    "namn",
    "nm",
    "имя",
    "название",
    "名",
    "名称",
    "お名前",
    "名前",
    "namae",
    "mei",
];

/// The word `number`, of something.
pub(super) const NUMBER: &[&str] = &[
    "no",
    "nr",
    "num",
    "number",
    "nbr",
    "numb",
    "nummer",
    "numero",
    "numer",
    "номер",
    "ном",
    "番号",
    "ナンバー",
    "号",
    "bango",
];

#[rustfmt::skip]
pub(super) const EMAIL: &[&str] = &[
    "email", "mail", "mailadresse", "emailadresse", "correo", "courriel", "mailadres",
    "emailadres", "mel", "epost", "eposta", "mejl", "sahkoposti", "メール", "eメール",
    "メールアドレス", "имейл", "емейл", "邮箱", "电子邮件",
];

#[rustfmt::skip]
pub(super) const USERNAME: &[&str] = &[
    "username", "login", "nickname", "nick", "handle", "loginname", "userid",
    "benutzername", "anmeldename", "nutzername", "identifiant", "pseudo", "usuario", "utente",
    "gebruikersnaam", "inlognaam", "anvandarnamn", "brukernavn", "логин", "никнейм",
    "ユーザー名", "ユーザ名", "ログイン", "用户名",
];

#[rustfmt::skip]
pub(super) const URL: &[&str] = &[
    "url", "uri", "link", "website", "homepage", "webpage", "href", "site", "domain", "permalink",
    "webseite", "internetadresse", "lien", "enlace", "sito", "collegamento", "hyperlink",
    "www", "сайт", "ссылка", "ホームページ", "リンク", "サイト", "网址", "网站",
];

#[rustfmt::skip]
pub(super) const PHONE: &[&str] = &[
    "phone", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "landline", "msisdn",
    "whatsapp", "telno", "phn",
    "telefon", "telefax", "handy", "telefonnummer", "mobil", "rufnummer", "fon", "mobiltelefon",
    "portable", "telecopie", "gsm", "telefono", "movil", "celular", "telf", "fijo",
    "cellulare", "cell", "telefone", "telemovel", "fone", "celular",
    "telefoon", "mobiel", "telefoonnummer", "komorka", "komorkowy", "telefonu", "puhelin",
    "телефон", "тел", "моб", "мобильный", "факс", "telefona",
    "電話", "電話番号", "携帯", "携帯電話", "携帯番号", "ファックス", "denwa", "keitai", "手机", "手机号", "电话",
];

#[rustfmt::skip]
pub(super) const ADDRESS: &[&str] = &[
    "address", "addr", "street", "residence",
    "adresse", "strasse", "str", "anschrift", "hausnummer", "lieferadresse", "wohnadresse",
    "rue", "voie", "domicile", "direccion", "calle", "domicilio",
    "indirizzo", "via", "recapito", "civico", "endereco", "logradouro", "rua", "morada",
    "adres", "straat", "huisnummer", "straatnaam", "woonadres", "bezorgadres", "postadres",
    "ulica", "zamieszkania", "korespondencyjny", "adresu", "gata", "gatuadress", "osoite", "katuosoite",
    "адрес", "улица", "жительства", "проживания", "дом",
    "住所", "番地", "所在地", "jusho", "juusho", "地址", "街道",
];

/// Parts of an address that single out a house.
pub(super) const PARTS_OF_ADDRESSES: &[&str] = &[
    "house",
    "building",
    "apartment",
    "apt",
    "suite",
    "hausnummer",
    "floor",
    "huisnummer",
    "budynku",
    "mieszkania",
    "civico",
    "квартира",
    "建物",
];

#[rustfmt::skip]
pub(super) const CITY: &[&str] = &[
    "city", "town", "municipality", "village", "suburb", "locality", "birthplace", "neighbourhood",
    "stadt", "ort", "wohnort", "geburtsort", "ortsteil", "gemeinde",
    "ville", "commune", "localite", "ciudad", "poblacion", "municipio", "localidad",
    "comune", "citta", "localita", "cidade", "bairro", "freguesia",
    "woonplaats", "plaats", "gemeente", "miasto", "miejscowosc", "gmina", "gorod", "kaupunki",
    "postort", "город", "населенный", "нас",
    "市区町村", "都市", "市町村", "shikuchoson", "城市",
];

#[rustfmt::skip]
pub(super) const STATE: &[&str] = &[
    "state", "province", "county", "prefecture", "canton",
    "bundesland", "kanton", "departement", "provincia", "autonoma",
    "regione", "estado", "uf", "provincie", "wojewodztwo", "powiat",
    "область", "регион", "край", "都道府県", "県", "todofuken", "省份", "省",
];

/// Parts of a country that are as often parts of a market.
pub(super) const REGION: &[&str] = &["region", "territory", "district", "regio", "区域"];

#[rustfmt::skip]
pub(super) const COUNTRY: &[&str] = &[
    "country", "nation", "nationality", "citizenship", "ctry", "land", "staat", "herkunftsland",
    "pays", "pais", "paese", "nazione", "nacionalidad", "nacionalidade", "kraj", "panstwo",
    "страна", "国", "国名", "国籍", "国家",
];

/// Words that are a postcode's name in themselves.
#[rustfmt::skip]
pub(super) const POSTCODE: &[&str] = &[
    "zip", "postcode", "plz", "pincode", "postal", "zipcode", "postleitzahl", "codepostal",
    "cep", "postnummer", "postnr", "kodpocztowy", "pocztowy", "poczt", "индекс",
    "郵便番号", "〒", "yubin", "邮编", "邮政编码",
];

/// Words that are one only where the values do not speak against it.
pub(super) const MAYBE_POSTCODE: &[&str] = &["cap", "cp", "pc"];

#[rustfmt::skip]
pub(super) const FIRST_NAME: &[&str] = &[
    "firstname", "forename", "fname", "givenname", "vorname", "vorn", "rufname",
    "prenom", "primernombre", "nombrepila", "prenome", "voornaam", "roepnaam", "voorletters",
    "imie", "imya", "fornamn", "fornavn", "etunimi", "отчество", "otchestvo", "patronymic",
    "ファーストネーム",
];

/// Words that mean a given name where nothing stands before them: `品名` is a product's.
pub(super) const GIVEN_ALONE: &[&str] = &["名", "mei"];

/// What stands at the end of a name that says who did something: `created_by`.
pub(super) const BY: &[&str] = &["by", "par", "por", "durch", "przez"];

#[rustfmt::skip]
pub(super) const LAST_NAME: &[&str] = &[
    "surname", "lname", "lastname", "familyname", "nachname", "familienname", "geburtsname",
    "apellido", "apellidos", "cognome", "sobrenome", "apelido", "achternaam", "familienaam",
    "nazwisko", "efternamn", "etternavn", "sukunimi", "фамилия", "familiya", "姓", "sei", "myoji",
    "名字",
];

#[rustfmt::skip]
pub(super) const FULL_NAME: &[&str] = &[
    "fullname", "nominativo", "intestatario", "фио", "fio", "氏名", "お名前", "姓名", "shimei",
    "担当者", "担当者名", "社員名", "患者名", "顧客名", "ansprechpartner", "contactpersoon", "seimei",
];

/// Words that make a name a given one, before or after [`NAME`].
pub(super) const GIVEN: &[&str] = &[
    "first",
    "given",
    "fore",
    "middle",
    "christian",
    "vor",
    "primer",
    "primeiro",
    "pila",
    "battesimo",
    "второе",
];

/// Words that make a name a family's, before or after [`NAME`].
pub(super) const FAMILY: &[&str] = &[
    "last", "family", "sur", "maiden", "birth", "nach", "famille", "familia", "ultimo", "jeune",
    "rodowe",
];

/// Words that make a name a whole one, before or after [`NAME`].
pub(super) const WHOLE: &[&str] = &[
    "full",
    "legal",
    "contact",
    "complet",
    "completo",
    "completa",
    "voller",
    "volledige",
    "pelne",
    "полное",
];

/// Birth, in one word or as part of `date of birth`.
#[rustfmt::skip]
pub(super) const BIRTH_DATE: &[&str] = &[
    "dob", "birthdate", "birthday", "born", "bday", "geburtstag", "geburtsdatum", "gebdat", "gebdatum",
    "geboortedatum", "nascita", "nascimento", "nacimiento", "naissance", "urodzenia", "geboorte",
    "naiss", "nais", "nac", "nasc", "ddn", "fnac", "birth", "geburt", "geburts", "geb", "syntymaaika", "fodelsedatum", "fodselsdato", "рождения", "др",
    "生年月日", "誕生日", "生日", "出生日期", "tanjobi", "seinengappi",
];

/// What makes a word of birth no date.
pub(super) const BIRTH_BUT_NO_DATE: &[&str] = &[
    "place",
    "city",
    "country",
    "state",
    "name",
    "order",
    "weight",
    "rate",
    "certificate",
    "ort",
    "year",
    "month",
    "town",
    "given",
    "jahr",
    "land",
    "lieu",
    "ville",
    "pays",
    "nom",
    "lugar",
    "luogo",
    "comune",
    "paese",
    "local",
    "cidade",
    "plaats",
    "miejsce",
    "место",
    "pais",
    "annee",
    "ano",
    "anno",
    "rok",
    "год",
    "size",
    "length",
    "number",
    "nr",
    "no",
    "mode",
    "control",
];

/// Names of the numbers that states give people.
#[rustfmt::skip]
pub(super) const NATIONAL_ID: &[&str] = &[
    "ssn", "nino", "itin", "aadhaar", "curp", "nif", "nie", "dni", "cpf", "bsn",
    "pesel", "personnummer", "personnr", "codicefiscale", "fiscalcode", "nir", "secu", "insee", "snils", "снилс",
    "steueridentifikationsnummer", "steuerid", "idnr", "sozialversicherungsnummer", "svnr",
    "burgerservicenummer", "rijksregisternummer", "cpr", "hetu", "ahv", "nhs", "tckn", "cedula",
    "rg", "個人番号", "マイナンバー", "mynumber", "身份证", "身份证号",
];

/// Names of papers, plates and accounts.
#[rustfmt::skip]
pub(super) const DOCUMENTS: &[&str] = &[
    "passport", "cnpj", "imei", "imsi", "vin", "siret", "siren", "tin", "ein", "mrn", "kvk", "nip", "regon",
    "reisepass", "ausweis", "steuernummer", "ausweisnummer", "kennzeichen", "nummernschild",
    "kontonummer", "passeport", "immatriculation", "pasaporte", "matricula", "cif", "cuenta",
    "passaporto", "targa", "partitaiva", "passaporte", "placa", "paspoort", "paspoortnummer",
    "kenteken", "btwnummer", "rekeningnummer", "bankrekening", "paszport", "dowodu",
    "rachunek", "ustid", "umsatzsteuer", "паспорт", "инн", "inn", "госномер", "водительское",
    "旅券番号", "パスポート", "パスポート番号", "免許証番号", "口座番号", "車両番号", "ナンバープレート",
    "法人番号", "登録番号", "護照", "护照", "车牌",
];

/// What has a number that identifies its holder.
#[rustfmt::skip]
pub(super) const NUMBERED: &[&str] = &[
    "account", "acct", "bank", "document", "license", "licence", "policy", "insurance", "medicare",
    "registration", "tax", "identity", "vat", "member", "membership", "konto", "kto", "steuer", "fuhrerschein",
    "fuehrerschein", "versicherung", "ust", "mitglied", "compte", "tva", "permis", "documento", "identidad",
    "licencia", "conto", "patente", "conta", "carteira", "rekening", "btw", "polis", "konta",
    "prawa", "rejestracyjny", "счета", "счет", "полис", "удостоверения", "паспорта", "口座", "koza",
    "免許", "保険",
];

#[rustfmt::skip]
pub(super) const CARD: &[&str] = &[
    "card", "cc", "creditcard", "ccnum", "pan", "cardno", "kreditkarte", "kartennummer", "karte", "karten",
    "carte", "tarjeta", "carta", "cartao", "kaart", "kaartnummer", "karta", "karty", "карта", "карты",
    "カード", "カード番号", "クレジットカード", "银行卡",
];

pub(super) const IBAN: &[&str] = &["iban", "bankverbindung"];

#[rustfmt::skip]
pub(super) const LATITUDE: &[&str] = &[
    "lat", "latitude", "breitengrad", "latitud", "latitudine", "breedtegraad", "szerokosc",
    "широта", "緯度", "ido", "纬度", "gpslat",
];

#[rustfmt::skip]
pub(super) const LONGITUDE: &[&str] = &[
    "lon", "lng", "long", "longitude", "laengengrad", "langengrad", "longitud",
    "longitudine", "lengtegraad", "dlugosc", "долгота", "経度", "keido", "经度", "gpslon",
];

#[rustfmt::skip]
pub(super) const FILE_PATH: &[&str] = &[
    "path", "filepath", "filename", "pfad", "dateipfad", "dateiname", "chemin", "ruta", "percorso",
    "caminho", "pad", "sciezka", "путь", "パス", "ファイルパス", "ファイル名",
];

#[rustfmt::skip]
pub(super) const COMPANY: &[&str] = &[
    "company", "employer", "organisation", "organization", "org", "firm", "business", "corporation",
    "vendor", "supplier", "merchant",
    "firma", "firmen", "unternehmen", "arbeitgeber", "lieferant",
    "entreprise", "societe", "employeur", "raisonsociale", "empresa", "razonsocial", "proveedor",
    "azienda", "ditta", "ragionesociale", "ragsoc", "razaosocial", "fornecedor", "empregador",
    "bedrijf", "bedrijfsnaam", "werkgever", "leverancier", "firmy", "przedsiebiorstwo", "pracodawca",
    "foretag", "yritys", "компания", "организация", "работодатель", "поставщик",
    "会社", "会社名", "法人名", "企業名", "取引先名", "kaisha", "公司", "企业",
];

/// Social reason: what companies are called in Romance languages.
pub(super) const SOCIAL_REASON: (&[&str], &[&str]) = (
    &["razon", "ragione", "razao", "raison", "rag"],
    &["social", "sociale", "soc"],
);

/// Tables whose rows are companies.
#[rustfmt::skip]
pub(super) const COMPANIES: &[&str] = &[
    "airline", "company", "vendor", "supplier", "manufacturer", "employer", "organization",
    "organisation", "firm", "bank", "insurer", "shipper", "publisher", "agency", "merchant",
    "retailer", "business", "corporation", "firma", "unternehmen", "empresa", "lieferant",
    "fournisseur", "societe", "azienda", "fornitore", "fornecedor", "bedrijf", "leverancier",
    "取引先", "компания", "контрагент",
];

/// Tables whose rows are people, and words for people.
#[rustfmt::skip]
pub(super) const PEOPLE: &[&str] = &[
    "cust", "emp", "usr",
    "customer", "client", "employee", "user", "person", "patient", "contact", "author", "actor",
    "staff", "member", "player", "student", "teacher", "artist", "composer", "driver", "doctor",
    "physician", "nurse", "passenger", "guest", "visitor", "applicant", "candidate", "subscriber",
    "owner", "manager", "director", "singer", "musician", "writer", "performer", "speaker",
    "participant", "worker", "voter", "donor", "tenant", "resident", "borrower", "holder",
    "friend", "spouse", "beneficiary", "instructor", "professor", "rider", "pilot", "coach",
    "referee", "seller", "buyer", "salesperson", "reviewer", "editor", "cardholder", "lead",
    "prospect", "traveller", "traveler", "agent", "assured", "insured", "plaintiff", "defendant",
    "kunde", "kunden", "mitarbeiter", "benutzer", "personal", "mitglied", "patienten", "gast",
    "schuler", "lehrer", "arzt", "versicherter",
    "utilisateur", "adherent", "assure", "employe", "voyageur", "personne", "salarie",
    "cliente", "usuario", "empleado", "persona", "paciente", "asegurado", "huesped", "alumno",
    "clienti", "dipendente", "dipendenti", "utente", "utenti", "ospite", "paziente", "assicurato",
    "funcionario", "aluno", "hospede", "segurado", "pessoa",
    "klant", "klanten", "medewerker", "medewerkers", "gebruiker", "gebruikers", "leden", "lid",
    "verzekerde", "klient", "klienci", "klienty", "pracownik", "uzytkownik", "uzytkownicy", "gosc",
    "ubezpieczony", "pacjent",
    "клиент", "клиенты", "сотрудник", "сотрудники", "пользователи", "пользователь", "гости",
    "страхователь", "пациент", "пациенты",
    "顧客", "社員", "会員", "患者", "名簿", "kokyaku", "shain", "kaiin", "kanja", "客户", "员工", "用户",
];

/// Columns that name a person by the part played.
#[rustfmt::skip]
pub(super) const PERSONS_BY_PART: &[&str] = &[
    "composer", "artist", "author", "director", "actor", "actress", "writer", "singer",
    "performer", "owner", "cardholder", "holder", "supervisor", "manager", "editor", "reviewer",
    "doctor", "physician", "nurse", "teacher", "instructor", "professor", "passenger", "patient",
    "agent", "agente", "operator", "guest", "recipient", "receiver", "sender", "beneficiary", "spouse", "father", "mother",
    "salesperson", "driver", "inspector", "contact", "lyricist", "producer", "photographer",
    "translator", "assignee", "applicant", "tenant", "landlord", "person", "plaintiff",
    "defendant", "insured", "signatory", "witness", "heir", "payee", "consignee",
    "empfaenger", "empfanger", "absender", "versicherter", "inhaber", "kontoinhaber", "vermieter",
    "mieter", "sachbearbeiter", "beneficiaire", "destinataire", "assure", "titulaire", "conjoint",
    "destinatario", "beneficiario", "asegurado", "titular", "conyuge",
    "assicurato", "intestatario", "referente", "segurado", "beneficiario", "remetente",
    "ontvanger", "afzender", "verzekerde", "begunstigde", "contactpersoon",
    "odbiorca", "nadawca", "ubezpieczony", "wlasciciel",
    "получатель", "отправитель", "страхователь", "владелец", "сотрудник", "клиент", "автор",
    "担当者", "受取人", "受取人名", "契約者", "契約者名",
];

/// People whose names are in public.
pub(super) const PUBLIC_FIGURES: &[&str] = &[
    "artist",
    "author",
    "actor",
    "composer",
    "director",
    "band",
    "performer",
    "singer",
    "writer",
];

/// People who look after others, or whose work is what others see.
#[rustfmt::skip]
pub(super) const AT_WORK: &[&str] = &[
    "employee", "emp", "staff", "agent", "manager", "supervisor", "worker", "owner", "landlord",
    "tenant", "holder", "doctor", "physician", "nurse", "teacher", "instructor", "professor",
    "inspector", "driver", "pilot", "coach", "referee", "seller", "salesperson", "reviewer",
    "editor", "translator", "photographer", "producer", "lyricist", "musician", "speaker",
    "assignee", "signatory",
    "mitarbeiter", "personal", "lehrer", "arzt", "sachbearbeiter", "vermieter",
    "employe", "salarie", "empleado", "dipendente", "dipendenti", "funcionario",
    "medewerker", "medewerkers", "pracownik", "сотрудник", "сотрудники", "社員", "shain", "员工",
];

/// Parents, of people as of animals.
pub(super) const PARENTS: &[&str] = &["father", "mother"];

/// Words that say: this tells one from another. Those of [`NUMBER`] do too.
#[rustfmt::skip]
pub(super) const IDENTIFIERS: &[&str] = &[
    "id", "key", "sk", "code", "cd", "uuid", "guid", "ref", "hash", "kennung", "codigo", "codice",
    "cod", "kod", "コード", "编号", "код",
];

#[rustfmt::skip]
pub(super) const JOB: &[&str] = &[
    "occupation", "profession", "designation", "jobtitle",
    "beruf", "berufsbezeichnung", "stellenbezeichnung", "profesion", "puesto", "professione",
    "mansione", "profissao", "cargo", "beroep", "functie", "stanowisko", "zawod", "yrke",
    "должность", "профессия", "役職", "職業", "職種", "shokugyo", "职位", "职业",
];

#[rustfmt::skip]
pub(super) const TEXT: &[&str] = &[
    "description", "desc", "comment", "note", "body", "message", "text", "content", "bio",
    "biography", "summary", "remark", "feedback", "review", "abstract", "detail", "narrative",
    "memo", "observation", "about", "reason", "instruction", "transcript", "subject", "plot",
    "synopsis",
    "kommentar", "bemerkung", "bemerkungen", "beschreibung", "anmerkung", "hinweis", "notiz",
    "commentaire", "remarque", "avis", "descripcion", "comentario", "observaciones", "observacion", "resena",
    "commento", "descrizione", "observacao", "descricao", "observacoes",
    "opmerking", "toelichting", "omschrijving", "uwagi", "komentarz", "opis",
    "комментарий", "отзыв", "описание", "примечание",
    "備考", "コメント", "メモ", "説明", "内容", "biko", "备注", "评论",
];

#[rustfmt::skip]
pub(super) const TITLE: &[&str] = &[
    "title", "headline", "titel", "titre", "titulo", "titolo", "tytul", "bezeichnung", "libelle",
    "denominazione", "designation", "название", "наименование", "品名", "商品名", "件名", "タイトル", "标题",
];

/// Tables that list kinds of things.
#[rustfmt::skip]
pub(super) const LOOKUPS: &[&str] = &[
    "type", "category", "genre", "kind", "status", "currency", "language", "color", "colour",
    "role", "department", "unit", "priority", "severity", "level", "tier", "group", "class",
    "permission", "tag", "lookup", "enum", "code",
];

/// Columns that are vocabularies by their name.
#[rustfmt::skip]
pub(super) const VOCABULARY: &[&str] = &[
    "type", "category", "genre", "kind", "status", "currency", "language", "lang", "locale", "color", "colour",
    "role", "department", "dept", "unit", "priority", "severity", "level", "tier", "group", "class",
    "code", "brand", "make", "manufacturer", "model", "carrier", "origin", "dest", "destination",
    "species", "breed", "diagnosis", "procedure", "channel", "segment", "branch", "store", "rating",
    "material", "style", "shape", "size", "grade", "major", "sector", "industry", "product", "item",
    "family", "brand", "timezone", "tz", "tzone", "zone", "topic", "skill", "stage", "phase",
    "art", "typ", "kategorie", "marke", "hersteller", "modell", "sprache", "filiale", "gruppe",
    "type", "categorie", "marque", "modele", "famille", "magasin", "tipo", "categoria", "marca",
    "modelo", "familia", "modello", "grupo", "soort", "groep", "merk", "rodzaj", "kategoria",
    "marka", "grupa", "тип", "категория", "группа", "分類", "カテゴリ", "種別",
];

/// Last words that turn a thing into something said about it.
#[rustfmt::skip]
pub(super) const QUALIFIERS: &[&str] = &[
    "type", "kind", "status", "flag", "count", "class", "category", "group", "size", "tier",
    "level", "format", "source", "method", "verified", "confirmed", "valid", "enabled", "score",
    "rate", "amount", "length", "language", "currency", "total", "price", "balance", "limit",
    "preference", "consent", "allowed", "provider", "brand", "model", "order", "rank", "created",
    "updated", "opt", "optin", "expiry", "expired", "version", "quality", "family", "ms",
    "mode", "unit", "percent", "pct", "required", "usage", "bytes",
    "art", "typ", "status", "anzahl", "klasse", "statut", "tipo", "stato",
    "soort", "aantal", "rodzaj", "тип", "статус", "種別", "区分", "状態",
];

/// First words that make a name a question or a count.
pub(super) const QUESTIONS: &[&str] = &[
    "is", "has", "num", "count", "n", "allow", "accept", "send", "can", "ist", "hat", "anzahl",
    "est", "es", "tiene", "nb",
];

/// Secrets.
#[rustfmt::skip]
pub(super) const SECRET: &[&str] = &[
    "password", "passwd", "pwd", "pass", "passphrase", "secret", "salt", "cvv", "cvc", "otp",
    "passwort", "kennwort", "mdp", "contrasena", "senha", "wachtwoord", "haslo", "losenord",
    "пароль", "parol", "パスワード", "密码",
];

/// Words that a thing of the state's has before `id` or `code`.
pub(super) const TAXED: &[&str] = &[
    "tax", "national", "identity", "vat", "steuer", "ust", "tva", "btw", "citizen", "fiscal",
    "fiscale", "codice",
];

/// The end of a name written after a person's part: `担当者名`.
pub(super) const NAME_ENDS: &[&str] = &["名", "氏名", "name", "naam"];

/// Codes of things.
#[rustfmt::skip]
pub(super) const CODE: &[&str] = &[
    "sku", "isbn", "issn", "ean", "gtin", "upc", "barcode", "asin", "serial", "mpn", "artikelnummer",
    "auftragsnummer", "rechnungsnummer", "aktenzeichen", "seriennummer", "артикул", "注文番号", "商品コード", "品番",
];

/// Things that have codes and numbers.
#[rustfmt::skip]
pub(super) const CODED: &[&str] = &[
    "item", "article", "product", "part", "order", "invoice", "ticket", "tracking", "shipment",
    "consignment", "parcel", "batch", "lot", "case", "reference", "artikel", "teile", "auftrags", "auftrag",
    "rechnung", "beleg", "vorgang", "vorgangs", "bestell", "commande", "facture", "pedido", "factura", "ordine",
    "fattura", "zamowienia", "bestelling", "заказа",
];

/// People known by an account: `user_name` is not the name of a user.
pub(super) const ACCOUNT_HOLDERS: &[&str] = &[
    "user",
    "usr",
    "benutzer",
    "utilisateur",
    "usuario",
    "utente",
    "utenti",
    "gebruiker",
    "gebruikers",
    "uzytkownik",
    "uzytkownicy",
    "пользователь",
    "пользователи",
    "会員",
];

/// Words of a civil status, which is no state of a country.
pub(super) const CIVIL: &[&str] = &["civil", "civile", "cywilny", "marital", "civilite"];

/// All of it, for cutting names into words.
pub(crate) const ALL: &[&[&str]] = &[
    NAME,
    NUMBER,
    EMAIL,
    USERNAME,
    URL,
    PHONE,
    ADDRESS,
    PARTS_OF_ADDRESSES,
    CITY,
    STATE,
    REGION,
    COUNTRY,
    POSTCODE,
    MAYBE_POSTCODE,
    FIRST_NAME,
    LAST_NAME,
    FULL_NAME,
    GIVEN,
    FAMILY,
    WHOLE,
    BIRTH_DATE,
    BIRTH_BUT_NO_DATE,
    NATIONAL_ID,
    DOCUMENTS,
    NUMBERED,
    CARD,
    IBAN,
    LATITUDE,
    LONGITUDE,
    FILE_PATH,
    COMPANY,
    COMPANIES,
    PEOPLE,
    PERSONS_BY_PART,
    JOB,
    TEXT,
    TITLE,
    LOOKUPS,
    QUALIFIERS,
    SECRET,
    TAXED,
    NAME_ENDS,
    CIVIL,
    CODE,
    CODED,
];
