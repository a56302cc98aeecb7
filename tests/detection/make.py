#!/usr/bin/env python3
"""Makes columns.tsv: columns whose meaning is known, to judge detection by.

Run once, by hand (README.md); the fixture is committed. Values come from Faker, which
shares no list with the detector; names are those of real schemas and of everyday use.
"""
import hashlib
import random
import re
import sys
import unicodedata

from faker import Faker

SEED = 20_261_123
LOCALES = ["en_US", "de_DE", "fr_FR", "es_ES", "ja_JP",
           "en_GB", "it_IT", "pt_BR", "nl_NL", "pl_PL", "ru_RU"]
TUNED = set(LOCALES[:5])
N_VALUES = 20

out = []
pools = {}


def rng(*key):
    return random.Random("|".join([str(SEED), *map(str, key)]))


def fake(locale, kind):
    made = Faker(locale)
    made.seed_instance(int(hashlib.sha256(f"{SEED}{locale}{kind}".encode()).hexdigest()[:8], 16))
    return made


def clean(value):
    return re.sub(r"[\t\r\n\x1f]+", " ", str(value)).strip()


def take(make, n=N_VALUES):
    """Up to n different values."""
    seen = {}
    for _ in range(n * 12):
        value = clean(make())
        if value:
            seen.setdefault(value)
        if len(seen) == n:
            break
    return list(seen)


def pool(name, values):
    if name not in pools:
        pools[name] = values
        out.append("\t".join(["P", name, *values]))
    return name


# --- names ---------------------------------------------------------------------------

def names(text):
    """`en=a.b,a.c de=…` as a dictionary of lists."""
    return {part.split("=", 1)[0]: part.split("=", 1)[1].split(",") for part in text.split()}


def ascii_of(word):
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()


def styled(column, r):
    """The same name as other people write it."""
    if not re.fullmatch(r"[a-z0-9_]+", column):
        return column
    words = column.split("_")
    style = r.choice(["snake", "snake", "upper", "camel", "pascal", "prefix", "glued"])
    if style == "upper":
        return column.upper()
    if style == "camel" and len(words) > 1:
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if style == "pascal":
        return "".join(word.capitalize() for word in words)
    if style == "prefix":
        return r.choice(["cust_", "c_", "x_", "main_", "src_", "tbl_"]) + column
    if style == "glued" and len(words) > 1 and len(column) < 16:
        return "".join(words)
    return column


CRYPTIC = ["data.col7", "t1.field_12", "export.x3", "import.f0042", "tbl.c_9", "raw.column17",
           "stage.k4", "dump.v_2", "a.b1", "sheet1.spalte_d", "tmp.attr5"]


def counts(regime, n_values, r):
    """Rows, NULLs and distinct count of a column."""
    if regime == "unique":
        rows = r.choice([400, 3_000, 90_000])
        return rows, 0, rows
    if regime == "most":
        rows = r.choice([300, 2_000, 40_000])
        nulls = int(rows * r.choice([0, 0, 0.03, 0.4, 0.9]))
        return rows, nulls, max(n_values, int((rows - nulls) * r.uniform(0.6, 0.99)))
    if regime == "repeat":
        distinct = r.choice([60, 240, 800])
        rows = distinct * r.choice([15, 60, 300])
        nulls = int(rows * r.choice([0, 0, 0.05, 0.5]))
        return rows, nulls, distinct
    if regime == "small":
        return 14, r.choice([0, 1, 3]), 11
    if regime == "closed":
        rows = n_values * r.choice([40, 300, 5_000])
        return rows, int(rows * r.choice([0, 0, 0.02, 0.3])), n_values
    if regime == "number":
        rows = r.choice([900, 20_000, 300_000])
        nulls = int(rows * r.choice([0, 0, 0.05, 0.5]))
        return rows, nulls, max(n_values, int((rows - nulls) * r.choice([0.02, 0.3, 0.95])))
    raise ValueError(regime)


def column(kind, source, locale, treat, wanted, place, dtype, regime, values, variant):
    """One labelled column. `small` takes 11 values only, as a small table would."""
    r = rng(kind, locale, variant, place)
    half = "tune" if locale in TUNED and variant % 2 == 0 else "held"
    values_name = f"{kind}/{source}"
    if regime == "closed":
        values_name = f"{kind}/{values and hashlib.sha256(chr(31).join(values).encode()).hexdigest()[:6]}"
    pool(values_name, values)
    rows, nulls, distinct = counts(regime, len(values), r)
    table, name = place.split(".", 1)
    if not place in CRYPTIC:
        name = styled(name, r)
    out.append("\t".join(["C", half, locale, kind, treat, wanted, table, name, dtype,
                          str(rows), str(nulls), str(distinct), values_name]))


def language(locale):
    return locale.split("_")[0]


def places(of, locale):
    listed = of.get(locale) or of.get(language(locale)) or of["en"]
    if locale == "en_GB":
        listed = listed[::-1]
    return listed


# --- identifying kinds -----------------------------------------------------------------

OPEN = {}
# Kinds whose values no country writes its own way.
EVERYWHERE = set("""card_number card_integer ipv4 ipv6 mac user_agent latitude longitude latitude_text
url domain uuid imei hash order_code order_like_phone sku_like_postcode ean isbn event_text
settings_json password bank_account birth_date file_path""".split())


def open_kind(kind, wanted, text, make, *, dtype="VARCHAR", treat="identify", cryptic=False, n=N_VALUES,
              regimes=("most", "unique", "repeat", "small", "most")):
    """A kind whose values are many: two names, and a cryptic one where the values tell."""
    of = names(text)
    OPEN[kind] = (treat, make)
    for at, locale in enumerate(LOCALES):
        # What no country writes its own way has one list of values for each half.
        source = locale if kind not in EVERYWHERE else ("en_US" if locale in TUNED else "en_GB")
        f = fake(source, kind)
        values = take(lambda: make(f, source), n)
        listed = places(of, locale)
        for variant in range(2 if len(of) > 1 else 1):
            regime = regimes[(at + variant * 2 + len(kind)) % len(regimes)]
            name = listed[(variant + at * (len(of) == 1)) % len(listed)]
            column(kind, source, locale, treat, wanted, name, dtype, regime, values, variant)
        if cryptic:
            place = CRYPTIC[(at + len(kind)) % len(CRYPTIC)]
            regime = [regime for regime in regimes if regime != "small"][at % (len(regimes) - 1)]
            column(kind, source, locale, treat, wanted, place, dtype, regime, values, 2 + at % 2)


def luhn(body):
    total = sum(d if i % 2 else (d * 2 - 9 if d > 4 else d * 2)
                for i, d in enumerate(int(c) for c in reversed(body)))
    return body + str(-total % 10)


PHONE_INTL = {"en_US": "+1", "de_DE": "+49", "fr_FR": "+33", "es_ES": "+34", "ja_JP": "+81",
              "en_GB": "+44", "it_IT": "+39", "pt_BR": "+55", "nl_NL": "+31", "pl_PL": "+48",
              "ru_RU": "+7"}


def intl(f, locale):
    digits = "".join(c for c in f.phone_number() if c.isdigit()).lstrip("0")[-9:]
    return f"{PHONE_INTL[locale]} {digits[:3]} {digits[3:]}"


def digits_only(make):
    return lambda f, locale: "".join(c for c in make(f) if c.isdigit()).lstrip("0")


def national(f, locale):
    made = {"pt_BR": lambda: f.cpf(), "es_ES": lambda: f.nif() if f.boolean() else f.nie(),
            "ja_JP": lambda: my_number(f), "ru_RU": lambda: snils(f), "de_DE": lambda: steuer_id(f)}
    return made.get(locale, f.ssn)()


def my_number(f):
    body = [f.random_digit() for _ in range(11)]
    total = sum(d * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(body), 1))
    rest = total % 11
    return "".join(map(str, body)) + str(0 if rest <= 1 else 11 - rest)


def snils(f):
    body = [f.random_digit() for _ in range(9)]
    check = sum(d * (9 - i) for i, d in enumerate(body)) % 101 % 100
    text = "".join(map(str, body))
    return f"{text[:3]}-{text[3:6]}-{text[6:]} {check:02d}"


def steuer_id(f):
    body = [f.random_digit_not_null()] + [f.random_digit() for _ in range(9)]
    product = 10
    for d in body:
        total = (d + product) % 10 or 10
        product = total * 2 % 11
    return "".join(map(str, body)) + str((11 - product) % 10)


def state(f, locale):
    for method in ["state", "prefecture", "region", "county", "administrative_unit"]:
        try:
            return getattr(f, method)()
        except AttributeError:
            continue
    return ""


def iban(f, locale):
    # Faker makes those of a country it has a length for.
    return f.iban()


def vat(f, locale):
    shapes = {"en_US": "##-#######", "de_DE": "DE#########", "fr_FR": "FR##########", "es_ES": "B########",
              "ja_JP": "T#############", "en_GB": "GB#########", "it_IT": "###########",
              "pt_BR": "##.###.###/####-##", "nl_NL": "NL#########B##", "pl_PL": "###-###-##-##",
              "ru_RU": "##########"}
    return f.numerify(shapes[locale])


def passport(f, locale):
    return f.bothify("?########" if locale != "de_DE" else "C##?##T##").upper()


def full_address(f, locale):
    return clean(f.address().replace("\n", ", "))


I = "identify"
open_kind("first_name", "first_name", """
en=customer.first_name,staff.fname,users.given_name de=kunde.vorname,mitarbeiter.vorn
fr=client.prenom,adherent.prénom es=clientes.nombre_pila,clientes.primer_nombre it=clienti.nome,dipendente.nome_battesimo
pt=cliente.primeiro_nome,usuario.prenome nl=klanten.voornaam,leden.roepnaam pl=Klient.imie,pracownik.imię
ja=顧客.名,kokyaku.mei ru=клиенты.имя,klienty.imya""", lambda f, l: f.first_name(), cryptic=True)
open_kind("last_name", "last_name", """
en=customer.last_name,person.surname de=kunde.nachname,person.familienname fr=client.nom_famille,adherent.nom_de_famille
es=clientes.apellido1,clientes.apellidos it=clienti.cognome,dipendente.cognome pt=cliente.sobrenome,aluno.ultimo_nome
nl=klanten.achternaam,leden.familienaam pl=Klient.nazwisko,pracownik.nazwisko_rodowe ja=顧客.姓,kokyaku.sei
ru=клиенты.фамилия,klienty.familiya""", lambda f, l: f.last_name(), cryptic=True)
open_kind("full_name", "full_name", """
en=customer.full_name,orders.ship_to_name,patients.patient_name,booking.guest de=kunde.name,bestellung.empfaenger,vertrag.ansprechpartner
fr=client.nom_complet,dossier.beneficiaire es=clientes.nombre_completo,pedido.destinatario it=clienti.nominativo,ordine.intestatario
pt=cliente.nome_completo,cliente.nome_cliente nl=klanten.naam,bestelling.contactpersoon pl=Klient.imie_i_nazwisko,zamowienie.odbiorca
ja=顧客.氏名,社員.お名前 ru=клиенты.фио,klienty.fio""", lambda f, l: f.name(), cryptic=True)
open_kind("name_reversed", "full_name", """
en=payroll.employee_name,case_file.plaintiff de=akte.versicherter,personal.mitarbeitername fr=dossier.assure,paie.nom_employe
es=expediente.asegurado,nomina.nombre_empleado it=pratica.assicurato,paghe.nome_dipendente pt=processo.segurado,folha.nome_funcionario
nl=dossier.verzekerde,loon.naam_medewerker pl=akta.ubezpieczony,kadry.nazwa_pracownika ja=名簿.社員名,名簿.担当者 ru=дело.страхователь,кадры.сотрудник""",
          lambda f, l: f"{f.last_name()}, {f.first_name()}", cryptic=True)
open_kind("username", "username", """
en=users.username,accounts.login_name,audit.created_by de=benutzer.benutzername,konto.anmeldename fr=utilisateurs.identifiant,compte.pseudo
es=usuarios.nombre_usuario,usuarios.usuario it=utenti.nome_utente,utenti.username pt=usuarios.nome_usuario,usuarios.login
nl=gebruikers.gebruikersnaam,gebruikers.inlognaam pl=uzytkownicy.nazwa_uzytkownika,uzytkownicy.login ja=会員.ユーザー名,users.user_name
ru=пользователи.логин,users.login""", lambda f, l: f.user_name())
open_kind("email", "email", """
en=customer.email,leads.e_mail_addr,users.contact_mail de=kunde.email_adresse,kunde.mail fr=client.courriel,client.adresse_mail
es=clientes.correo_electronico,clientes.correo it=clienti.posta_elettronica,clienti.pec pt=cliente.correio_eletronico,cliente.email_cliente
nl=klanten.mailadres,klanten.e_mailadres pl=Klient.adres_email,Klient.poczta ja=顧客.メールアドレス,会員.メール ru=клиенты.эл_почта,клиенты.почта""",
          lambda f, l: f.email(), cryptic=True)
PHONE_NAMES = """
en=customer.phone,contact.mobile_no,customer.tel_no,leads.cell_phone de=kunde.telefon,kunde.handynr fr=client.telephone,client.tel_portable
es=clientes.telefono_movil,clientes.telf it=clienti.telefono,clienti.cellulare pt=cliente.telefone,cliente.celular
nl=klanten.telefoonnummer,klanten.mobiel pl=Klient.nr_telefonu,Klient.tel_komorkowy ja=顧客.電話番号,顧客.携帯 ru=клиенты.телефон,клиенты.моб_тел"""
open_kind("phone_national", "phone", PHONE_NAMES, lambda f, l: f.phone_number(), cryptic=True)
open_kind("phone_international", "phone", PHONE_NAMES, intl, cryptic=True)
open_kind("phone_number", "phone", PHONE_NAMES, digits_only(lambda f: f.phone_number()), dtype="BIGINT",
          regimes=("most", "unique", "most"))
open_kind("street_address", "address", """
en=customer.street_address,orders.ship_addr1,customer.address_line_1 de=kunde.strasse,kunde.anschrift fr=client.adresse,client.rue
es=clientes.direccion,clientes.domicilio it=clienti.indirizzo,clienti.via pt=cliente.logradouro,cliente.endereco
nl=klanten.straat,klanten.adres pl=Klient.ulica,Klient.adres_zamieszkania ja=顧客.住所,顧客.番地 ru=клиенты.улица,клиенты.адрес""",
          lambda f, l: f.street_address() if l != "ja_JP" else f.town() + f.chome() + f.ban() + f.gou(), cryptic=True)
open_kind("full_address", "address", """
en=customer.mailing_address,site.address de=kunde.adresse,kunde.lieferadresse fr=client.adresse_complete,client.adresse_livraison
es=clientes.direccion_envio,clientes.direccion_completa it=clienti.indirizzo_residenza,clienti.recapito pt=cliente.endereco_completo,cliente.endereco_entrega
nl=klanten.woonadres,klanten.bezorgadres pl=Klient.adres,Klient.adres_korespondencyjny ja=顧客.住所,顧客.配送先住所 ru=клиенты.адрес_доставки,клиенты.место_жительства""",
          full_address, cryptic=True)
open_kind("city", "city", """
en=customer.city,orders.ship_city,patient.town de=kunde.ort,kunde.stadt fr=client.ville,client.commune es=clientes.ciudad,clientes.poblacion
it=clienti.comune,clienti.citta pt=cliente.cidade,cliente.municipio nl=klanten.woonplaats,klanten.gemeente pl=Klient.miasto,Klient.miejscowosc
ja=顧客.市区町村,顧客.都市 ru=клиенты.город,клиенты.населенный_пункт""", lambda f, l: f.city())
open_kind("state", "state", """
en=customer.state,patient.county,orders.province de=kunde.bundesland,kunde.bundesland_name fr=client.departement,client.région es=clientes.provincia,clientes.comunidad_autonoma
it=clienti.provincia,clienti.regione pt=cliente.estado,cliente.uf nl=klanten.provincie,klanten.provincie_naam pl=Klient.wojewodztwo,Klient.województwo
ja=顧客.都道府県,顧客.県 ru=клиенты.область,клиенты.регион""", state, regimes=("most", "repeat", "repeat"))
open_kind("postcode", "postcode", """
en=customer.zip,customer.postal_code,customer.postcode de=kunde.plz,kunde.postleitzahl fr=client.code_postal,client.cp es=clientes.codigo_postal,clientes.cod_postal
it=clienti.cap,clienti.codice_postale pt=cliente.cep,cliente.cep_cliente nl=klanten.postcode,klanten.pc pl=Klient.kod_pocztowy,Klient.kod_poczt
ja=顧客.郵便番号,顧客.〒 ru=клиенты.индекс,клиенты.почтовый_индекс""", lambda f, l: f.postcode())
open_kind("postcode_number", "postcode", """
en=customer.zip_code,customer.zipcode de=kunde.plz,kunde.postleitzahl fr=client.code_postal,client.codepostal es=clientes.codigo_postal,clientes.cod_postal
it=clienti.cap,clienti.codice_avviamento_postale pt=cliente.cep,cliente.cep_cliente nl=klanten.postcode,klanten.postcode_cijfers pl=Klient.kod_pocztowy,Klient.kodpocztowy
ja=顧客.郵便番号,顧客.yubin_bango ru=клиенты.индекс,клиенты.почтовый_индекс""", digits_only(lambda f: f.postcode()),
          dtype="INTEGER", regimes=("most", "repeat"))
open_kind("company", "company", """
en=leads.company,contacts.employer,suppliers.company_name de=kunde.firma,kontakt.arbeitgeber fr=client.societe,contact.raison_sociale
es=clientes.empresa,clientes.razon_social it=clienti.ragione_sociale,clienti.azienda pt=cliente.empresa,cliente.razao_social
nl=klanten.bedrijf,klanten.bedrijfsnaam pl=Klient.firma,Klient.nazwa_firmy ja=顧客.会社名,取引先.法人名 ru=клиенты.компания,клиенты.организация""",
          lambda f, l: f.company(), cryptic=True)
open_kind("job_title", "job_title", """
en=employees.job_title,leads.position de=personal.berufsbezeichnung,personal.beruf fr=employe.profession,employe.intitule_poste
es=empleados.puesto_trabajo,empleados.profesion it=dipendenti.mansione,dipendenti.professione pt=funcionario.cargo,funcionario.profissao
nl=medewerkers.functie,medewerkers.beroep pl=pracownik.stanowisko,pracownik.zawod ja=社員.役職,社員.職業 ru=сотрудники.должность,сотрудники.профессия""",
          lambda f, l: f.job(), regimes=("most", "unique"))
BIRTH = """
en=customer.date_of_birth,patient.dob,member.birth_dt de=kunde.geburtsdatum,person.geb_dat fr=client.date_naissance,client.ne_le
es=clientes.fecha_nacimiento,clientes.f_nacimiento it=clienti.data_nascita,clienti.DataNascita pt=cliente.data_nascimento,cliente.dta_nascimento
nl=klanten.geboortedatum,klanten.geboorte_datum pl=Klient.data_urodzenia,Klient.dataUrodzenia ja=顧客.生年月日,顧客.誕生日 ru=клиенты.дата_рождения,клиенты.др"""
open_kind("birth_date", "date_of_birth", BIRTH, lambda f, l: f.date_of_birth(minimum_age=18, maximum_age=90),
          dtype="DATE", regimes=("most", "repeat"))
open_kind("birth_date_text", "date_of_birth", BIRTH,
          lambda f, l: f.date_of_birth(minimum_age=18, maximum_age=90).strftime(
              {"en_US": "%m/%d/%Y", "de_DE": "%d.%m.%Y", "ja_JP": "%Y年%m月%d日", "ru_RU": "%d.%m.%Y"}.get(l, "%d/%m/%Y")),
          regimes=("most", "repeat"))
CARD = """
en=payments.card_number,wallet.cc_num de=zahlung.kartennummer,zahlung.kreditkarte fr=paiement.numero_carte,paiement.carte_bancaire
es=pagos.numero_tarjeta,pagos.tarjeta_credito it=pagamenti.numero_carta,pagamenti.carta_credito pt=pagamento.numero_cartao,pagamento.cartao
nl=betaling.kaartnummer,betaling.creditcard pl=platnosc.numer_karty,platnosc.karta ja=決済.カード番号,決済.card_no ru=платежи.номер_карты,платежи.карта"""
open_kind("card_number", "card_number", CARD, lambda f, l: f.credit_card_number(), cryptic=True,
          regimes=("most", "unique"))
open_kind("card_integer", "card_number", CARD, lambda f, l: f.credit_card_number("visa"), dtype="BIGINT", cryptic=True,
          regimes=("most", "unique", "most"))
open_kind("iban", "iban", """
en=accounts.iban,payee.bank_iban de=kunde.iban,konto.bankverbindung fr=client.iban,compte.iban_beneficiaire es=clientes.iban,cuenta.cuenta_iban
it=clienti.iban,conti.coordinate_bancarie pt=cliente.iban,conta.iban nl=klanten.iban,klanten.rekeningnummer pl=Klient.iban,Klient.nr_konta
ja=口座.iban,送金.iban_code ru=счета.iban,платежи.iban""", iban, cryptic=True, regimes=("most", "unique"))
open_kind("national_id", "national_id", """
en_US=person.ssn,payroll.social_security_no en_GB=person.nino,payroll.ni_number de=person.steuer_id,person.steueridentifikationsnummer
fr=assure.nir,assure.num_secu es=clientes.dni,clientes.nif it=clienti.codice_fiscale,clienti.CF pt=cliente.cpf,cliente.cpf_cliente
nl=klanten.bsn,klanten.burgerservicenummer pl=Klient.pesel,pracownik.nr_pesel ja=社員.個人番号,社員.マイナンバー ru=клиенты.снилс,сотрудники.snils en=person.ssn""",
          national, cryptic=True, regimes=("most", "unique"))
open_kind("vat_number", "document_number", """
en=suppliers.vat_no,vendors.ein de=kunde.ust_id,kunde.umsatzsteuer_id fr=client.num_tva,client.tva_intracom es=clientes.cif,clientes.nif_empresa
it=clienti.partita_iva,clienti.partitaIva pt=cliente.cnpj,empresa.nr_cnpj nl=klanten.btwnummer,klanten.btw_nr pl=Klient.NIP,Klient.nr_nip
ja=取引先.登録番号,取引先.法人番号 ru=клиенты.инн,контрагент.inn""", vat, regimes=("most", "unique"))
open_kind("passport", "document_number", """
en=guest.passport_no,traveller.passport de=gast.reisepassnr,gast.ausweisnummer fr=voyageur.num_passeport,voyageur.passeport es=huesped.pasaporte,huesped.num_pasaporte
it=ospite.passaporto,ospite.numero_documento pt=hospede.passaporte,hospede.num_documento nl=gast.paspoortnummer,gast.paspoort pl=gosc.paszport,Klient.Nr_Dowodu_Osobistego
ja=旅客.旅券番号,旅客.パスポート番号 ru=гости.паспорт,гости.номер_паспорта""", passport, regimes=("most", "unique"))
open_kind("plate", "document_number", """
en=vehicle.license_plate,car.reg_plate de=fahrzeug.kennzeichen,auto.kfz_kennzeichen fr=vehicule.immatriculation,vehicule.plaque es=vehiculo.matricula,coche.matricula
it=veicolo.targa,auto.targa pt=veiculo.placa,carro.placa nl=voertuig.kenteken,auto.kenteken pl=pojazd.nr_rejestracyjny,auto.tablica_rejestracyjna
ja=車両.ナンバープレート,車両.車両番号 ru=авто.госномер,авто.гос_номер""", lambda f, l: f.license_plate(), regimes=("most", "unique"))
open_kind("bank_account", "document_number", """
en=payee.account_number,payroll.bank_acct_no de=konto.kontonummer,konto.kto_nr fr=compte.numero_compte,compte.num_compte es=cuenta.numero_cuenta,cuenta.num_cuenta
it=conto.numero_conto,conto.conto_corrente pt=conta.numero_conta,conta.conta_corrente nl=rekening.rekening_nr,rekening.bankrekening pl=konto.numer_konta,konto.rachunek_bankowy
ja=口座.口座番号,口座.koza_bango ru=счета.номер_счета,счета.расчетный_счет""", lambda f, l: f.numerify("%########"), regimes=("most", "unique"))
open_kind("ipv4", "ip", """en=access_log.ip_address,sessions.client_ip,login.ip de=zugriff.ip_adresse,sitzung.ip fr=journal.adresse_ip,session.ip
es=acceso.direccion_ip,sesion.ip it=accessi.indirizzo_ip,sessioni.ip pt=acesso.endereco_ip,sessao.ip nl=log.ip_adres,sessie.ip pl=log.adres_ip,sesja.ip
ja=ログ.IPアドレス,log.ip ru=журнал.ip_адрес,log.ip""", lambda f, l: f.ipv4(), cryptic=True)
open_kind("ipv6", "ip", "en=access_log.remote_addr,sessions.ip_v6", lambda f, l: f.ipv6(), cryptic=True)
open_kind("mac", "mac_address", "en=device.mac_address,wifi.hwaddr de=geraet.mac_adresse,wlan.mac fr=appareil.adresse_mac,wifi.mac ja=端末.MACアドレス,端末.mac",
          lambda f, l: f.mac_address(), cryptic=True)
open_kind("user_agent", "user_agent", "en=access_log.user_agent,sessions.ua,web.browser_string", lambda f, l: f.user_agent(), cryptic=True,
          regimes=("most", "repeat"))
LAT = """en=store.latitude,gps.lat de=standort.breitengrad,standort.geo_breite fr=lieu.latitude,gps.lat es=tienda.latitud,gps.lat it=negozio.latitudine,gps.lat
pt=loja.latitude,gps.lat nl=locatie.breedtegraad,gps.lat pl=sklep.szerokosc_geogr,gps.lat ja=店舗.緯度,gps.lat ru=точки.широта,gps.lat"""
LON = """en=store.longitude,gps.lng,site.lon de=standort.laengengrad,standort.lon fr=lieu.longitude,gps.lon es=tienda.longitud,gps.lng it=negozio.longitudine,gps.lon
pt=loja.longitude,gps.lng nl=locatie.lengtegraad,gps.lng pl=sklep.dlugosc_geogr,gps.lon ja=店舗.経度,gps.lng ru=точки.долгота,gps.lon"""
open_kind("latitude", "latitude", LAT, lambda f, l: f"{f.random.uniform(25, 60):.5f}", dtype="DOUBLE", regimes=("number",))
open_kind("longitude", "longitude", LON, lambda f, l: f"{f.random.uniform(-170, 170):.6f}", dtype="DOUBLE", regimes=("number",))
open_kind("latitude_text", "latitude", LAT, lambda f, l: f"{f.random.uniform(-60, 60):.4f}", regimes=("most",))
open_kind("file_path", "file_path", """en=documents.file_path,uploads.path,scan.filename de=dokument.dateipfad,dokument.pfad fr=document.chemin_fichier,document.chemin
es=documento.ruta_archivo,documento.ruta it=documento.percorso_file,documento.percorso ja=文書.ファイルパス,文書.path""",
          lambda f, l: f.file_path(depth=f.random_int(1, 4)) if f.boolean() else "C:\\Daten\\" + f.file_name(), cryptic=True, regimes=("most", "unique"))
open_kind("url", "url", """en=companies.website,post.link,profile.picture_url de=firma.webseite,firma.internetadresse fr=societe.site_web,article.lien es=empresa.sitio_web,articulo.enlace
it=azienda.sito_web,articolo.link pt=empresa.site,artigo.link nl=bedrijf.website,artikel.link pl=firma.strona_www,artykul.link ja=会社.ホームページ,記事.URL ru=компания.сайт,статья.ссылка""",
          lambda f, l: f.uri() if f.boolean() else f.url(), cryptic=True)
open_kind("domain", "url", "en=companies.website,vendor.homepage", lambda f, l: f.domain_name(), regimes=("most", "unique"))
open_kind("uuid", "uuid", "en=sessions.session_uuid,api.request_guid,events.trace_id", lambda f, l: f.uuid4(), cryptic=True, regimes=("unique", "most"))
open_kind("imei", "document_number", "en=phones.imei,device.imei_no", lambda f, l: luhn("35" + f.numerify("############")), regimes=("unique", "most"))

# Open vocabularies: nobody's name, and yet never to be learned.
open_kind("hash", "code", "en=users.password_hash,files.sha256,git.commit_id", lambda f, l: f.sha256()[:40], treat="open", cryptic=True, regimes=("unique", "most"))
open_kind("order_code", "code", """en=orders.order_no,invoice.invoice_ref de=auftrag.auftragsnummer,rechnung.belegnr fr=commande.numero_commande,facture.ref
es=pedido.num_pedido,factura.referencia it=ordine.numero_ordine,fattura.riferimento ja=注文.注文番号,請求.請求番号 ru=заказы.номер_заказа,счет.номер""",
          lambda f, l: f.bothify("??-2024-######").upper(), treat="open", cryptic=True, regimes=("unique", "most"))
open_kind("order_like_phone", "code", "en=orders.order_ref,shipment.consignment_no de=auftrag.vorgangsnr,auftrag.aktenzeichen", lambda f, l: f.numerify("030-%#######"),
          treat="open", regimes=("unique", "most"))
open_kind("sku_like_postcode", "code", "en=products.sku,stock.item_code de=artikel.artikelnr,artikel.teilenr", lambda f, l: f.bothify("??# #??").upper(), treat="open", regimes=("unique", "most"))
open_kind("ean", "code|public_number", "en=products.ean13,products.barcode", lambda f, l: f.ean13(), treat="open", regimes=("unique", "most"))
open_kind("isbn", "code", "en=books.isbn,library.isbn13", lambda f, l: f.isbn13(), treat="open", regimes=("unique", "most"))
open_kind("product_title", "title", """en=products.product_name,catalog.item de=artikel.bezeichnung,produkt.produktname fr=produit.libelle,produit.designation
es=producto.descripcion_corta,producto.nombre_producto it=prodotto.denominazione,prodotto.nome_prodotto ja=商品.商品名,商品.品名 ru=товары.наименование,товары.название""",
          lambda f, l: f"{f.word().capitalize()} {f.word()} {f.random_int(100, 999)}", treat="open", regimes=("most", "unique"))
open_kind("product_like_person", "title|full_name|company", "en=wines.label,perfume.product_name", lambda f, l: f"{f.last_name()} {f.random_element(['Classic', 'Rosé', 'Nº 5', 'Deluxe', 'Sport'])}",
          treat="open", regimes=("most", "unique"))
open_kind("event_text", "public_datetime|datetime", "en=import.event_time,import.created de=import.datum,import.gebucht_am", lambda f, l: f.date_time_this_decade().strftime("%Y-%m-%d %H:%M:%S"),
          treat="open", cryptic=True, regimes=("most", "unique"))
open_kind("comment", "text", """en=orders.comment,reviews.body,tickets.notes de=auftrag.bemerkung,bewertung.kommentar fr=commande.remarque,avis.commentaire
es=pedido.observaciones,resena.comentario it=ordine.note,recensione.commento pt=pedido.observacao,avaliacao.comentario nl=bestelling.opmerking,review.toelichting
pl=zamowienie.uwagi,recenzja.komentarz ja=注文.備考,レビュー.コメント ru=заказы.комментарий,отзывы.отзыв""", lambda f, l: f.sentence(nb_words=12), cryptic=True, n=12, regimes=("most", "repeat"))
open_kind("settings_json", "text|code", "en=profile.settings,device.payload", lambda f, l: '{"theme": "%s", "n": %d, "tz": "%s"}' % (f.color_name(), f.random_int(0, 999), f.timezone()),
          treat="open", cryptic=True, regimes=("most", "unique"))
open_kind("password", "code", "en=users.password,users.pwd de=benutzer.passwort,benutzer.kennwort fr=utilisateurs.mot_de_passe,utilisateurs.mdp es=usuarios.contrasena,usuarios.clave it=utenti.password,utenti.parola_chiave pt=usuario.senha,cliente.cliente_senha nl=gebruikers.wachtwoord,gebruikers.ww pl=Klient.haslo,uzytkownik.hasło ja=会員.パスワード,users.pass ru=пользователи.пароль,users.parol",
          lambda f, l: f.password(), regimes=("most", "unique"))


# --- kinds that are learned ---------------------------------------------------------------

def closed(kind, text, values, wanted="categorical", *, regimes=("closed",), dtype="VARCHAR"):
    """A vocabulary; values by language, or one list for all."""
    of = names(text)
    for at, locale in enumerate(LOCALES):
        listed = places(of, locale)
        chosen = values.get(language(locale), values["en"]) if isinstance(values, dict) else values
        for variant in range(2 if len(of) > 1 else 1):
            place = listed[(variant + at * (len(of) == 1)) % len(listed)]
            column(kind, locale, locale, "learn", wanted, place, dtype, regimes[(at + variant) % len(regimes)], list(map(str, chosen)), variant)


W = lambda text: text.split(",")
closed("status", "en=orders.status,tickets.state de=auftrag.status,ticket.zustand fr=commande.statut,ticket.etat es=pedido.estado,pedido.estatus it=ordine.stato,ordine.stato_ordine pt=pedido.situacao,pedido.status nl=bestelling.status,bestelling.toestand pl=zamowienie.status,zamowienie.stan ja=注文.状態,注文.ステータス ru=заказы.статус,заказы.состояние",
       {"en": W("open,in progress,closed,on hold"), "de": W("offen,in Arbeit,erledigt,storniert"), "fr": W("ouvert,en cours,clos,annulé"), "es": W("abierto,en curso,cerrado"), "it": W("aperto,chiuso,sospeso"), "pt": W("aberto,fechado,pendente"), "nl": W("open,gesloten,in behandeling"), "pl": W("otwarte,zamknięte,w toku"), "ja": W("受付,処理中,完了"), "ru": W("открыт,закрыт,в работе")})
closed("gender", "en=customer.gender,patient.sex de=kunde.geschlecht,kunde.geschl fr=client.sexe,client.genre es=clientes.sexo,clientes.genero it=clienti.sesso,clienti.genere pt=cliente.sexo,cliente.genero nl=klanten.geslacht,klanten.sekse pl=Klient.plec,Klient.płeć ja=顧客.性別,kokyaku.seibetsu ru=клиенты.пол,klienty.pol",
       {"en": W("male,female,other"), "de": W("männlich,weiblich,divers"), "ja": W("男,女"), "ru": W("муж,жен"), "fr": W("H,F"), "pl": W("K,M")})
closed("marital", "en=customer.marital_status,adult.marital de=kunde.familienstand,kunde.fam_stand fr=client.situation_familiale,client.etat_civil es=clientes.estado_civil,clientes.est_civil it=clienti.stato_civile,clienti.st_civile pt=cliente.estado_civil,cliente.est_civil nl=klanten.burgerlijke_staat,klanten.burgstaat pl=Klient.stan_cywilny,Klient.st_cyw ja=顧客.婚姻状況,顧客.配偶者 ru=клиенты.семейное_положение,клиенты.сем_пол",
       {"en": W("Never-married,Married,Divorced,Widowed"), "de": W("ledig,verheiratet,geschieden,verwitwet"), "fr": W("célibataire,marié,divorcé"), "es": W("soltero,casado,viudo"), "it": W("celibe,coniugato,divorziato"), "pt": W("solteiro,casado,viúvo"), "nl": W("ongehuwd,gehuwd,gescheiden"), "pl": W("wolny,żonaty,rozwiedziony"), "ja": W("未婚,既婚,離婚"), "ru": W("холост,женат,разведён")})
MONTHS = {"en": W("January,February,March,April,May,June,July,August,September,October,November,December"), "de": W("Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember"), "fr": W("janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre"), "es": W("enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre"), "it": W("gennaio,febbraio,marzo,aprile,maggio,giugno,luglio,agosto,settembre,ottobre,novembre,dicembre"), "ja": [f"{n}月" for n in range(1, 13)], "ru": W("январь,февраль,март,апрель,май,июнь,июль,август,сентябрь,октябрь,ноябрь,декабрь")}
closed("month_name", "en=sales.month,shoppers.month_name de=umsatz.monat,umsatz.monatsname fr=ventes.mois,ventes.nom_mois es=ventas.mes,ventas.nombre_mes it=vendite.mese,vendite.nome_mese pt=vendas.mes,vendas.nome_mes nl=verkoop.maand,verkoop.maandnaam pl=sprzedaz.miesiac,sprzedaz.nazwa_miesiaca ja=売上.月,売上.tsuki ru=продажи.месяц,продажи.мес", MONTHS)
closed("weekday", "en=sales.weekday,visits.day_of_week,visits.dow", {"en": W("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday"), "de": W("Mo,Di,Mi,Do,Fr,Sa,So"), "ja": W("月,火,水,木,金,土,日"), "fr": W("lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche")})
closed("currency", "en=orders.currency,payments.curr_code de=rechnung.waehrung,rechnung.währung fr=facture.devise,facture.monnaie es=factura.moneda,factura.divisa it=fattura.valuta,fattura.cod_valuta pt=fatura.moeda,fatura.cod_moeda ja=請求.通貨,請求.通貨コード ru=счет.валюта,счет.код_валюты", W("EUR,USD,GBP,CHF,JPY,PLN,BRL,SEK"))
closed("language", "en=users.language,users.locale,users.lang", W("en,de,fr,es,it,pt,nl,ja"))
closed("language_name", "en=film.language,users.mother_tongue de=benutzer.sprache,benutzer.muttersprache", W("English,German,French,Spanish,Italian,Mandarin"))
closed("country_name", "en=customer.country,orders.ship_country de=kunde.land,kunde.herkunftsland fr=client.pays,client.pays_naissance es=clientes.pais,clientes.país it=clienti.paese,clienti.nazione pt=cliente.pais,cliente.nacionalidade nl=klanten.land,klanten.land_naam pl=Klient.kraj,Klient.panstwo",
       {"en": W("Germany,France,Spain,United States,Japan,Poland,Brazil"), "de": W("Deutschland,Frankreich,Spanien,Österreich,Schweiz"), "fr": W("France,Allemagne,Espagne,Italie,Belgique")}, wanted="country|categorical")
closed("country_code", "en=customer.country_code,site.ctry,orders.iso_country", W("DE,FR,ES,US,JP,PL,BR,GB,IT,NL"), wanted="country|categorical")
closed("salutation", "en=customer.salutation,contacts.title de=kunde.anrede,kunde.titel fr=client.civilite,client.titre es=clientes.tratamiento,clientes.titulo", {"en": W("Mr,Mrs,Ms,Dr"), "de": W("Herr,Frau,Dr."), "fr": W("M.,Mme,Mlle"), "es": W("Sr.,Sra.,Srta.")})
closed("yes_no_text", "en=customer.email_verified,customer.has_phone,customer.newsletter_opt_in", {"en": W("Y,N"), "de": W("ja,nein"), "fr": W("oui,non"), "es": W("sí,no"), "it": W("si,no"), "pt": W("sim,não"), "nl": W("ja,nee"), "pl": W("tak,nie"), "ru": W("да,нет"), "ja": W("はい,いいえ")}, wanted="categorical|boolean")
closed("size", "en=product.size,shirts.size_code", W("XS,S,M,L,XL,XXL"))
closed("colour", "en=product.color,car.colour de=produkt.farbe,auto.lackfarbe fr=produit.couleur,voiture.teinte", W("Amber,Olive,Rose,Ruby,Hazel,Violet,Jade,Scarlett,Ivory,Sienna"))
closed("hex_colour", "en=theme.color_hex,label.rgb", W("#ff0000,#00ff00,#0000ff,#fafafa,#123456,#000000,#ffffff"))
closed("priority", "en=tickets.priority,jobs.severity", W("low,medium,high,critical"))
closed("payment_method", "en=orders.payment_method,payments.pay_type de=zahlung.zahlungsart,zahlung.zahlart fr=paiement.mode_paiement,paiement.moyen", W("credit card,PayPal,invoice,cash"))
closed("card_brand", "en=payments.card_type,wallet.card_brand de=zahlung.kartentyp,zahlung.kartenart", W("Visa,Mastercard,Amex,Maestro"))
closed("phone_type", "en=contact.phone_type,contact.tel_kind de=kontakt.telefonart,kontakt.telefontyp", W("home,work,mobile,fax"))
closed("phone_model", "en=device.phone_model,device.mobile_model", W("iPhone 12,iPhone 13,Galaxy S21,Pixel 6,Xperia 5"))
closed("company_size", "en=leads.company_size,leads.employer_category", W("1-10,11-50,51-200,201-1000,1000+"))
closed("education", "en=adult.education,applicants.degree de=bewerber.bildungsgrad,bewerber.abschluss", W("Bachelors,HS-grad,11th,Masters,Some-college,Assoc-acdm,Doctorate,Prof-school,7th-8th"))
closed("occupation_class", "en=adult.occupation,survey.occupation_group", W("Tech-support,Craft-repair,Other-service,Sales,Exec-managerial,Prof-specialty,Handlers-cleaners,Adm-clerical"))
closed("department", "en=employees.department,employees.dept de=personal.abteilung,personal.abt fr=employe.service,employe.departement_rh", W("Sales,Finance,Human Resources,IT,Legal,Research and Development,Marketing"))
closed("category", "en=product.category,item.category_name de=produkt.kategorie,produkt.warengruppe fr=produit.categorie,produit.famille es=producto.categoria,producto.familia it=prodotto.categoria,prodotto.reparto pt=produto.categoria,produto.grupo nl=product.categorie,product.groep pl=produkt.kategoria,produkt.grupa ja=商品.カテゴリ,商品.分類 ru=товары.категория,товары.группа",
       {"en": W("Home Improvement,Garden,Toys and Games,Books,Electronics"), "de": W("Haushalt,Garten,Spielwaren,Bücher"), "fr": W("Maison,Jardin,Jouets,Livres"), "ja": W("家電,書籍,玩具,食品"), "ru": W("Дом,Сад,Игрушки,Книги"), "es": W("Hogar,Jardín,Juguetes,Libros"), "pl": W("Dom,Ogród,Zabawki,Książki")})
closed("brand_like_company", "en=product.brand,car.make,product.manufacturer", W("Johnson & Johnson,Procter & Gamble,Henkel,Ford,Hewlett Packard,Levi Strauss,Abbott,Wells Fargo,Dr. Oetker,Ben Sherman"))
closed("team_like_person", "en=match.league,products.collection,campaign.campaign", W("Ruby Tuesday,Dolly Blue,Rose Gold,Victoria Sponge,Summer Sale,Autumn Leaf"))
closed("version_like_ip", "en=device.firmware_version,app.version,software.build", W("1.2.3.4,1.2.3.5,2.0.0.1,2.1.0.0,10.0.1.2,3.4.0.12"))
closed("cron", "en=jobs.schedule,jobs.cron", ["*/5 * * * *", "0 0 * * *", "0 12 * * 1", "30 3 1 * *"])
closed("mime", "en=files.mime_type,uploads.content_type", W("text/html,image/png,application/pdf,application/json"))
closed("browser", "en=sessions.user_agent_family,sessions.browser,sessions.os", W("Chrome,Firefox,Safari,Edge,Opera"))
closed("ip_version", "en=sessions.ip_version,net.ip_type", W("IPv4,IPv6"))
closed("airport", "en=flights.origin,flights.dest de=flug.abflug,flug.ziel", W("JFK,LGA,EWR,ATL,ORD,LAX,SFO,DEN,SEA,BOS,MIA,CLT,IAH,DFW,PHX,LAS,MCO,MSP,DTW,PHL,FLL,BWI,SLC,DCA,SAN,MDW,TPA,PDX,STL,HNL,BNA,AUS,OAK,MSY,RDU,SJC,SMF,SNA,MCI,CLE,SAT,RSW,IND,PIT,CVG,CMH,PBI,JAX,BUF,BDL,ABQ,ANC,BUR,OMA,MEM"))
closed("carrier", "en=flights.carrier,shipments.carrier_code", W("UA,AA,B6,DL,EV,MQ,US,WN,VX,FL,AS,9E,F9,HA,YV,OO"))
closed("time_zone", "en=users.timezone,airports.tzone", W("America/New_York,Europe/Berlin,Asia/Tokyo,UTC,Europe/Paris"), wanted="categorical")
closed("unit", "en=products.unit,lines.uom de=artikel.einheit,artikel.mengeneinheit", W("kg,pcs,l,m,box"))
closed("rating_text", "en=film.rating,hotel.stars", W("PG,G,NC-17,PG-13,R"))
closed("land_use", "en=parcel.land_use,farm.land_cover", W("arable,pasture,forest,urban"))
closed("age_band", "en=survey.age_group,shoppers.age_band", W("18-24,25-34,35-44,45-54,55+"))
closed("diagnosis_code", "en=visits.icd10,claims.diagnosis_code de=fall.diagnose,fall.icd", [f"{a}{n:02d}.{m}" for a in "EIJKM" for n in range(10, 22) for m in (0, 9)])
closed("shop_branch", "en=sales.store_code,sales.branch de=umsatz.filiale,umsatz.filialnr fr=ventes.magasin,ventes.agence", [f"S{n:03d}" for n in range(1, 41)])
closed("ethnicity", "en=patient.ethnicity,adult.race", W("White,Black,Asian-Pac-Islander,Amer-Indian-Eskimo,Other"))
closed("relation", "en=adult.relationship,contacts.relation", W("Husband,Wife,Own-child,Not-in-family,Unmarried"))
closed("address_type", "en=address.address_type,customer.addr_kind de=adresse.adressart,adresse.adresstyp", W("billing,shipping,private"))
closed("email_status", "en=mailing.email_status,mailing.mail_class de=versand.mailstatus,versand.email_status", W("sent,bounced,opened"))
closed("account_type", "en=accounts.account_type,bank.acct_kind de=konto.kontoart,konto.kontotyp", W("checking,savings,loan"))
closed("city_size", "en=survey.city_class,customer.city_type", W("metropolis,large town,small town,village"))
closed("name_origin", "en=words.name_type,species.name_status", W("accepted,synonym,unresolved"))


def number(kind, text, make, wanted="numerical", *, dtype="BIGINT", regimes=("number",)):
    """A number that is learned."""
    of = names(text)
    for at, locale in enumerate(LOCALES):
        f = fake("en_US", kind)
        values = take(lambda: make(f), 16)
        listed = places(of, locale)
        for variant in range(2 if len(of) > 1 else 1):
            r = rng(kind, locale, variant)
            place = listed[(variant + at * (len(of) == 1)) % len(listed)]
            half = "tune" if locale in TUNED and variant == 0 else "held"
            name = pool(f"{kind}/any", values)
            rows, nulls, distinct = counts(regimes[(at + variant) % len(regimes)], len(values), r)
            table, column_name = place.split(".", 1)
            out.append("\t".join(["C", half, locale, kind, "learn", wanted, table, styled(column_name, r), dtype,
                                  str(rows), str(nulls), str(distinct), name]))


number("price", "en=orders.price,lines.unit_price de=position.preis,position.einzelpreis fr=ligne.prix,ligne.prix_unitaire es=linea.precio,linea.importe it=riga.prezzo,riga.importo pt=item.preco,item.valor ja=明細.価格,明細.単価 ru=позиции.цена,позиции.сумма", lambda f: f"{f.random.uniform(1, 900):.2f}", dtype="DECIMAL(10,2)")
number("quantity", "en=lines.quantity,lines.qty de=position.menge,position.anzahl fr=ligne.quantite,ligne.qte ja=明細.数量,明細.suryo", lambda f: f.random_int(1, 90), dtype="INTEGER")
number("percent", "en=lines.discount_pct,stats.conversion_rate", lambda f: f"{f.random.uniform(0, 100):.3f}", dtype="DOUBLE")
number("temperature", "en=weather.temp,sensor.reading,weather.dewp de=wetter.temperatur,wetter.temp", lambda f: f"{f.random.uniform(-20, 40):.2f}", dtype="DOUBLE")
number("latency", "en=requests.lat_ms,requests.latency,metrics.long_tail", lambda f: f"{f.random.uniform(0, 89):.4f}", dtype="DOUBLE")
number("pixel", "en=click.x,click.y_pos", lambda f: f.random_int(0, 1900), dtype="INTEGER")
number("score", "en=customer.credit_score,survey.nps_score,review.rating", lambda f: f.random_int(0, 850), dtype="INTEGER")
number("year", "en=planes.year,film.release_year,customer.birth_year de=auto.baujahr,person.geburtsjahr", lambda f: f.random_int(1950, 2015), dtype="INTEGER")
number("age", "en=adult.age,customer.age_years de=kunde.alter,kunde.lebensalter fr=client.age,client.âge es=clientes.edad,clientes.edad_anios ja=顧客.年齢,kokyaku.nenrei", lambda f: f.random_int(17, 90), dtype="INTEGER")
number("order_number", "en=orders.order_no,orders.order_number de=auftrag.auftragsnr,auftrag.bestellnummer", lambda f: f.random_int(4_900_000_000, 4_999_999_999), wanted="numerical|id")
number("epoch", "en=events.ts_epoch,events.created_ms", lambda f: 1_600_000_000_000 + f.random_int(0, 9_999_999_999), wanted="numerical|datetime")
number("luhn_by_chance", "en=events.event_seq,ledger.entry_no", lambda f: f.random_int(4_000_000_000_000_000, 4_999_999_999_999_999), wanted="numerical|id")
number("file_size", "en=files.size_bytes,uploads.file_size,docs.file_length", lambda f: f.random_int(1_000, 90_000_000))
number("email_count", "en=customer.email_count,customer.num_emails,customer.n_phones", lambda f: f.random_int(0, 30), dtype="INTEGER")
number("cell_count", "en=assay.cell_count,grid.cell,assay.cells", lambda f: f.random_int(1, 800), dtype="INTEGER")
number("balance", "en=accounts.account_balance,cards.card_balance,cards.card_limit", lambda f: f"{f.random.uniform(-900, 90000):.2f}", dtype="DOUBLE")
number("tax_rate", "en=invoice.tax_rate,invoice.vat_amount de=rechnung.steuersatz,rechnung.mwst", lambda f: f"{f.random.uniform(0, 25):.2f}", dtype="DOUBLE")
number("distance", "en=flights.distance,trips.km de=fahrt.entfernung,fahrt.strecke_km", lambda f: f.random_int(10, 5000))
number("port", "en=net.port,services.tcp_port", lambda f: f.random_int(1, 65535), dtype="INTEGER")
number("http_status", "en=log.http_status,log.response_code", lambda f: f.random_element([200, 301, 302, 404, 500, 503]), dtype="INTEGER", regimes=("closed",))
number("weight", "en=patient.birth_weight,parcel.weight_g de=paket.gewicht,paket.gewicht_kg", lambda f: f.random_int(100, 40000), dtype="INTEGER")
number("mailing_size", "en=campaign.mailing_size,campaign.address_quality", lambda f: f.random_int(100, 99999), dtype="INTEGER")
number("house_value", "en=house.house_value,house.building_age,house.floor_area", lambda f: f.random_int(20, 900000), dtype="INTEGER")


def dates(kind, text, wanted="datetime", dtype="DATE"):
    of = names(text)
    f = fake("en_US", kind)
    values = take(lambda: f.date_this_decade())
    for at, locale in enumerate(LOCALES):
        listed = places(of, locale)
        for variant in range(2 if len(of) > 1 else 1):
            r = rng(kind, locale, variant)
            half = "tune" if locale in TUNED and variant == 0 else "held"
            place = listed[(variant + at * (len(of) == 1)) % len(listed)]
            table, column_name = place.split(".", 1)
            rows, nulls, distinct = counts("number", len(values), r)
            out.append("\t".join(["C", half, locale, kind, "learn", wanted, table, styled(column_name, r), dtype,
                                  str(rows), str(nulls), str(distinct), pool(f"{kind}/any", values)]))


dates("created", "en=orders.created_at,orders.order_date,orders.email_verified_at de=auftrag.angelegt_am,auftrag.bestelldatum fr=commande.date_commande,commande.cree_le es=pedido.fecha_pedido,pedido.fecha_alta it=ordine.data_ordine,ordine.data_inserimento pt=pedido.data_pedido,pedido.data_cadastro nl=bestelling.besteldatum,bestelling.aangemaakt_op pl=zamowienie.data_zamowienia,zamowienie.utworzono ja=注文.注文日,注文.登録日 ru=заказы.дата_заказа,заказы.создан")
dates("expiry", "en=cards.card_expiry,passport.passport_valid_until,lines.best_before de=karte.gueltig_bis,karte.ablaufdatum")
dates("updated", "en=users.last_login,users.updated_at,users.name_changed_on de=benutzer.letzte_anmeldung,benutzer.geaendert_am", dtype="TIMESTAMP")

# --- columns of strangers ------------------------------------------------------------
# As they stand in public schemas. Those in German, French, Spanish, English and Japanese
# were looked up after the rules had been written, the others before (README.md).
# `locale kind regime type table.column`, or `locale =value,value type table.column`.

WILD = """
de_DE first_name most VARCHAR Kundendaten.k_vorname
de_DE last_name most VARCHAR Kundendaten.k_nachname
de_DE street_address most VARCHAR Kundendaten.k_straße
de_DE phone_number most BIGINT Kundendaten.k_telefonnummer
de_DE last_name most VARCHAR kunde.name
de_DE city repeat VARCHAR KUNDENSTAMM.Ort
de_DE postcode repeat VARCHAR KUNDENSTAMM.PLZ
de_DE =DEU,AUT,CHE,FRA,NLD VARCHAR KUNDENSTAMM.Laendercode
de_DE =m,w,d VARCHAR kunde.geschlecht
fr_FR last_name most VARCHAR ADHERANT.NOM_ADHERANT
fr_FR first_name most VARCHAR ADHERANT.PRENOM_ADHERANT
fr_FR birth_date most DATE ADHERANT.ATE_NAISS_ADHERANT
fr_FR street_address most VARCHAR ADHERANT.ADRESSE_ADHERANT
fr_FR phone_number most BIGINT ADHERANT.TEL_ADHERANT
fr_FR last_name most VARCHAR adherent.nom_adherent
fr_FR first_name repeat VARCHAR adherent.pnom_adherent
fr_FR birth_date most DATE adherent.date_nais
fr_FR street_address most VARCHAR adherent.ad_adherent
fr_FR postcode repeat VARCHAR adherent.cp_adherent
fr_FR city repeat VARCHAR adherent.ville_adherent
fr_FR =M,F,neutre VARCHAR Adherant.genre
fr_FR =ING1,ING2,ING3 VARCHAR Adherant.promo
fr_FR =Cergy,Pau VARCHAR Adherant.campus
fr_FR last_name repeat VARCHAR adherants.nom_usage
fr_FR bank_account most VARCHAR adherants.numero_licence
fr_FR job_title most VARCHAR adherants.profession
fr_FR street_address most VARCHAR adherant_adresses.principale
fr_FR city repeat VARCHAR adherant_adresses.lieu_dit
fr_FR postcode repeat VARCHAR adherant_adresses.code_postale
fr_FR last_name repeat VARCHAR adherents.nom_adh
fr_FR first_name repeat VARCHAR adherents.prenom_adh
fr_FR username most VARCHAR adherents.pseudo_adh
fr_FR birth_date most DATE adherents.ddn_adh
fr_FR street_address most VARCHAR adherents.adresse_adh
fr_FR postcode repeat VARCHAR adherents.cp_adh
fr_FR phone_national most VARCHAR adherents.gsm_adh
fr_FR =France,Belgique,Suisse VARCHAR adherents.pays_adh
es_ES job_title most VARCHAR Empleados.puesto
es_ES birth_date most DATE empleados.fecha_nac
es_ES birth_date most DATE Empleados.FechaNacimiento
es_ES full_name repeat VARCHAR empleados.dsnombre
es_ES full_name most VARCHAR empleados.nombre_completo
es_ES first_name most VARCHAR Empleados.Nombre
es_ES last_name repeat VARCHAR empleados.primer_apellido
es_ES last_name repeat VARCHAR empleados.segundo_apellido
es_ES file_path most VARCHAR empleados.foto
es_ES email most VARCHAR empleados.correo
es_ES national_id most VARCHAR Empleados.dni
es_ES bank_account most VARCHAR info.clave_interbancaria
es_ES full_name repeat VARCHAR info.nombres_empleado
es_ES =Norte,Sur,Centro VARCHAR info.centro
es_ES =S,N VARCHAR empleados.snactivo
es_ES quantity number INTEGER Empleados.HorasSemanales
es_ES balance number INTEGER Empleados.Salario
es_ES created number DATE empleados.feregistro
es_ES created number DATE Empleados.FechaIngreso
en_US first_name most VARCHAR Employee.names
en_US last_name most VARCHAR Employee.lastNames
en_US phone_national most VARCHAR Patients.Contact_Number
en_US full_name most VARCHAR Patients.Emergency_Contact
en_US comment repeat VARCHAR Patients.Medical_History
en_US national_id most VARCHAR patient.ssnid
en_US full_name most VARCHAR patient.patient_name
en_US =private,shared,icu VARCHAR patient.room_type
en_US street_address most VARCHAR Patient.AddressLine1
en_US postcode_number most INTEGER Patient.ZipCode
en_US =Cardiology,Oncology,Pediatrics,Neurology VARCHAR providers.provider_specialty
en_US comment most VARCHAR ed_visits.reason_for_visit
en_US =home,transferred,deceased VARCHAR ed_visits.disposition
en_US =General Medicine,Hospitalist,Cardiology VARCHAR admissions.service
en_US score number INTEGER visits.blood_pressure_systolic
en_US percent number DOUBLE visits.pulse
en_US full_name most VARCHAR patients.emergencyContactName
en_US phone_national most VARCHAR patients.emergencyContactPhone
en_US comment repeat VARCHAR patient_visits.chiefComplaint
en_US full_name repeat VARCHAR patient_visits.assignedDoctorName
en_US full_name most VARCHAR patient_basic_info.ptName
en_US full_name repeat VARCHAR patient_basic_info.ptNameFull
en_US =none,primary,secondary,tertiary VARCHAR patient_basic_info.educationNoName
en_US =single,married,divorced VARCHAR patient_basic_info.maritalStatusName
en_US company repeat VARCHAR emergency_patients.hospital_name
en_US street_address most VARCHAR patient.addr1
en_US phone_national most VARCHAR patient.phone1
en_US quantity number INTEGER patient.suffix
en_US birth_date_text most VARCHAR customerStuff.birthdate
en_GB last_name repeat VARCHAR customer.surname
en_GB city repeat VARCHAR customer.suburb
en_GB phone_national most VARCHAR customer.phone3
ja_JP first_name most VARCHAR CUSTOMER.FNAME
ja_JP last_name repeat VARCHAR CUSTOMER.LNAME
ja_JP first_name repeat VARCHAR CUSTOMER.FFRGN
ja_JP last_name repeat VARCHAR CUSTOMER.LFRGN
ja_JP phone_national most VARCHAR CUSTOMER.TEL
ja_JP email most VARCHAR CUSTOMER.MAIL
ja_JP postcode repeat VARCHAR CUSTOMER.PSTCD
ja_JP state repeat VARCHAR CUSTOMER.ADRS1
ja_JP street_address most VARCHAR CUSTOMER.ADRS3
ja_JP =0,1 VARCHAR CUSTOMER.CTYPE
ja_JP bank_account most VARCHAR users.personal_number
ja_JP last_name repeat VARCHAR users.last_name_kanji
ja_JP first_name repeat VARCHAR users.first_name_kana
ja_JP street_address most VARCHAR users.address3
ja_JP =様,殿,御中 VARCHAR Customer.honorific_title
ja_JP postcode most VARCHAR Customer.post_number
ja_JP phone_national most VARCHAR Customer.tel_number
ja_JP phone_national most VARCHAR Customer.fax_number
ja_JP full_name repeat VARCHAR Customer.representative
ja_JP username most VARCHAR t_customer.login_nm
ja_JP full_name most VARCHAR t_customer.customer_nm
pl_PL full_name most VARCHAR Klient.Nazwa
pl_PL street_address repeat VARCHAR Klient.Ulica
pl_PL postcode repeat VARCHAR Klient.Kod_pocztowy
pl_PL city repeat VARCHAR Klient.Miasto
pl_PL phone_national most VARCHAR Klient.Nr_telefonu
pl_PL birth_date_text most VARCHAR Klient.Data_urodzenia
pl_PL password most VARCHAR Klient.Haslo
pl_PL =ADMIN,USER VARCHAR Klient.RodzajUzytkownika
pl_PL first_name repeat VARCHAR Klienci.imie
pl_PL created number DATE recepty.data_wystawienia
pl_PL comment most VARCHAR recepty.opis
nl_NL phone_number most BIGINT Klant.Telefoonnummer
nl_NL bank_account most BIGINT Klant.KvK_nummer
nl_NL last_name repeat VARCHAR klanten.naam
nl_NL email most VARCHAR clients.mailadresadres
nl_NL phone_national most VARCHAR clients.mobielnummer
nl_NL birth_date most DATE clients.geboorte_datum
nl_NL =Utrecht,Zwolle,Breda VARCHAR clients.vestiging
nl_NL quantity number INTEGER klanten.busnummer
nl_NL vat_number most VARCHAR klanten.btwnummer
nl_NL age number INTEGER Klanten.Leeftijd
pt_BR birth_date most TIMESTAMP cliente.dta_nascimento
pt_BR created number TIMESTAMP cliente.dta_cadastro
pt_BR national_id most VARCHAR Cliente.rg
pt_BR national_id most VARCHAR Cliente.cpf_cnpj
pt_BR password most VARCHAR cliente.cliente_senha
pt_BR birth_date most DATE cliente.cliente_nascimento
pt_BR full_name most VARCHAR cliente.cliente_nome
pt_BR street_address most VARCHAR cliente.logradouro
pt_BR city repeat VARCHAR cliente.bairro
pt_BR phone_number most BIGINT cliente.telefone
pt_BR =M,F VARCHAR cliente.sexo
pt_BR created number TIMESTAMP cliente.data_hora_criacao
pt_BR job_title most VARCHAR clients.profissao
ru_RU first_name repeat VARCHAR clients.patronymic
ru_RU passport most VARCHAR clients.passport_data
ru_RU passport most VARCHAR client.pass_number
ru_RU created number DATE clients.check_in_date
ru_RU full_name most VARCHAR Clients.FirstLastName
ru_RU full_name most VARCHAR person.second_name
it_IT national_id most VARCHAR Cliente.CF
it_IT vat_number most VARCHAR Cliente.P.IVA
it_IT company most VARCHAR Client.ragioneSociale
it_IT company repeat VARCHAR clienti.rag_soc
it_IT city repeat VARCHAR cliente.sede_legale
it_IT email most VARCHAR clienti.emailReferente
it_IT =PF,PG VARCHAR clienti.forma_giuridica
it_IT =privato,azienda,ente VARCHAR clienti.tipologia
it_IT balance number DOUBLE Cliente.Saldo
it_IT birth_date most DATE Clienti.DataNascita
en_US company repeat VARCHAR t_beneficiary.bank_name
en_US street_address repeat VARCHAR t_beneficiary.bank_address
en_US full_name most VARCHAR bank_details.account_name
en_US bank_account most VARCHAR bank_details.account_number
en_US =USD,EUR,GBP VARCHAR bank.bank_currency_code
en_US quantity number INTEGER bank.bank_check_digits
en_US bank_account most VARCHAR beneficiaries.routing
en_US full_name most VARCHAR beneficiaries.beneficiary_name
en_US street_address most VARCHAR beneficiaries.beneficiary_address_1
en_US city repeat VARCHAR beneficiaries.beneficiary_city
en_US full_name most VARCHAR bank.accountHolder
en_US card_number most VARCHAR beneficiaries.card
en_GB bank_account repeat VARCHAR bankAccount.sortCode
en_US =Downtown,Airport,Harbour VARCHAR bank.branch
"""

for line in WILD.strip().splitlines():
    if " =" in line:
        locale, rest = line.split(" =", 1)
        values, dtype, place = rest.rsplit(" ", 2)
        values, kind, regime, treat = values.split(","), "strange_vocabulary", "closed", "learn"
        wanted = "categorical|country|boolean"
        name = pool("strange/" + place, values)
    else:
        locale, kind, regime, dtype, place = line.split(" ")
        if kind in OPEN:
            treat, make = OPEN[kind]
            source = locale if kind not in EVERYWHERE else "en_GB"
            name = f"{kind}/{source}"
        else:
            treat, name = "learn", f"{kind}/any"
        values = pools[name]
        wanted = next(line.split("\t")[5] for line in out
                      if line.startswith("C") and line.split("\t")[3] == kind)
        kind = f"strange_{kind}"
    rows, nulls, distinct = counts(regime, len(values), rng("wild", locale, place))
    table, column_name = place.split(".", 1)
    out.append("\t".join(["C", "strange", locale, kind, treat, wanted, table, column_name, dtype,
                          str(rows), str(nulls), str(distinct), name]))

sys.stdout.write("\n".join(out) + "\n")
