//! What people are called, by language.
//!
//! The commonest names of each country, as its registry or office of statistics publishes them
//! every year: facts that nobody owns, written down here from general knowledge. A name in
//! another script has its Latin form behind `=`; a family name that women bear in another form
//! has that behind `|`; an underscore is a space.

use std::cell::OnceCell;

use prodlike_sdk::{ascii, german_ascii};

/// A name: as it is written, in Latin letters, and as an address has it.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) native: String,
    pub(crate) latin: String,
    pub(crate) ascii: String,
}

/// The names of a language.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) male: Vec<Name>,
    pub(crate) female: Vec<Name>,
    /// Family names: those of men, those of women.
    pub(crate) last: Vec<(Name, Name)>,
}

/// A language.
#[derive(Debug)]
pub(crate) struct Culture {
    /// As locales write it.
    pub(crate) language: &'static str,
    /// Countries where it is the first.
    pub(crate) countries: &'static str,
    /// Whether the family name comes first: in the native script, in any.
    pub(crate) family_first: (bool, bool),
    /// Whether its own script is not Latin: asked for every row, so not looked for in the names.
    pub(crate) has_script: bool,
    male: &'static str,
    female: &'static str,
    last: &'static str,
    names: OnceCell<Names>,
}

impl Culture {
    /// Returns the names, read when they are first asked for.
    pub(crate) fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let german = self.language == "de";
            let name = |text| name(text, german);
            Names {
                male: self.male.split(' ').map(name).collect(),
                female: self.female.split(' ').map(name).collect(),
                last: self
                    .last
                    .split(' ')
                    .map(|text| both(text, german))
                    .collect(),
            }
        })
    }

    /// What stands between the two names in the own script.
    pub(crate) fn between(&self) -> &'static str {
        match self.language {
            "ja" | "zh" | "ko" => "",
            _ => " ",
        }
    }
}

fn name(text: &'static str, german: bool) -> Name {
    let (native, latin) = text.split_once('=').unwrap_or((text, text));
    Name {
        native: native.replace('_', " "),
        latin: latin.replace('_', " "),
        ascii: if german {
            german_ascii(latin)
        } else {
            ascii(latin)
        },
    }
}

fn both(text: &'static str, german: bool) -> (Name, Name) {
    match text.split_once('|') {
        Some((his, hers)) => (name(his, german), name(hers, german)),
        None => (name(text, german), name(text, german)),
    }
}

/// Returns all languages. A family name that comes first in the native script only is written
/// last in Latin letters, as in Japan's passports; Hungary's comes first anyway.
#[rustfmt::skip]
pub(crate) fn all() -> Vec<Culture> {
    let culture = |language, countries, family_first, [male, female, last]: [&'static str; 3]| Culture {
        language, countries, family_first, has_script: male.contains('='), male, female, last,
        names: OnceCell::new(),
    };
    const NEVER: (bool, bool) = (false, false);
    const NATIVE: (bool, bool) = (true, false);
    const ALWAYS: (bool, bool) = (true, true);
    vec![
        culture("en", "US GB IE AU NZ CA ZA NG KE GH JM MT SG", NEVER, [
            "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Steven Paul Andrew Joshua Kenneth Kevin Brian George Edward Ryan Jacob Nicholas Jonathan Benjamin Samuel Oliver Harry Jack Noah Liam Ethan Lucas Henry Callum Connor",
            "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Margaret Sandra Ashley Emily Kimberly Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Helen Sharon Amy Anna Olivia Emma Charlotte Amelia Sophia Isabella Grace Chloe Hannah Lucy",
            "Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin Thompson Robinson Clark Lewis Lee Walker Hall Allen Young King Wright Scott Green Baker Adams Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Rogers Reed Cook Morgan Bell Murphy Bailey Cooper Richardson Cox Howard Ward Peterson Gray James Watson Brooks Kelly Bennett Wood Hughes Price Foster Russell Hamilton Graham Sullivan Wallace Cole West O'Brien O'Connor Shaw Hunt Palmer Mason"]),
        culture("de", "DE AT CH LI", NEVER, [
            "Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Stefan Christian Uwe Werner Horst Frank Dieter Manfred Gerhard Bernd Thorsten Matthias Martin Markus Alexander Sebastian Jan Lukas Felix Maximilian Paul Leon Jonas Elias Florian Tobias Jörg",
            "Maria Ursula Monika Petra Elisabeth Sabine Renate Helga Karin Brigitte Ingrid Erika Andrea Gisela Claudia Susanne Gabriele Christa Christine Hildegard Anna Birgit Barbara Heike Stefanie Katrin Julia Lena Laura Hannah Mia Emma Sophie Leonie Käthe",
            "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Gruber Steiner Egger"]),
        culture("fr", "FR BE MC LU CI SN CM", NEVER, [
            "Jean Pierre Michel André Philippe René Louis Alain Jacques Bernard Marcel Daniel Roger Robert Paul Claude Christian Henri Georges Nicolas François Sébastien Julien Thomas Maxime Antoine Lucas Hugo Gabriel Raphaël Arthur Jules Mathieu Théo Étienne",
            "Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Madeleine Nicole Suzanne Hélène Christine Louise Marguerite Denise Christiane Valérie Sophie Sandrine Céline Stéphanie Julie Camille Léa Manon Chloé Emma Jade Inès Zoé Élise",
            "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier"]),
        culture("it", "IT SM", NEVER, [
            "Giuseppe Antonio Giovanni Mario Luigi Francesco Angelo Vincenzo Pietro Salvatore Carlo Franco Domenico Bruno Paolo Michele Giorgio Roberto Marco Andrea Alessandro Luca Stefano Matteo Lorenzo Davide Simone Federico Riccardo Niccolò",
            "Maria Anna Giuseppina Rosa Angela Giovanna Teresa Lucia Carmela Caterina Francesca Antonietta Carla Elena Concetta Rita Margherita Franca Paola Laura Giulia Chiara Sara Martina Alessia Silvia Federica Elisa Sofia Aurora",
            "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola De_Santis D'Angelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco Marini Grasso Valentini"]),
        culture("es", "ES MX AR CO CL PE VE EC UY PY BO CR PA GT HN SV NI DO CU", NEVER, [
            "Antonio José Manuel Francisco Juan David Javier Daniel Jesús Carlos Alejandro Miguel Rafael Pedro Pablo Ángel Sergio Fernando Jorge Luis Alberto Álvaro Diego Adrián Raúl Enrique Ramón Vicente Iván Rubén Óscar Andrés Joaquín Santiago Mateo",
            "María Carmen Ana Isabel Laura Cristina Marta Josefa Dolores Lucía Pilar Elena Sara Paula Raquel Rosa Mercedes Concepción Beatriz Nuria Silvia Julia Patricia Irene Andrea Rocío Mónica Alba Ángela Sonia Sofía Valentina Camila Inés Noelia",
            "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez Ramos Vázquez Ramírez Gil Serrano Morales Molina Blanco Suárez Castro Ortega Delgado Ortiz Marín Rubio Núñez Medina Sanz Castillo Iglesias Cortés Garrido Santos Guerrero Lozano Cano Cruz Flores Vargas Rojas Mendoza Herrera Aguilar"]),
        culture("pt", "PT BR AO MZ", NEVER, [
            "João José António Manuel Francisco Carlos Paulo Pedro Luís Miguel Rui Nuno Tiago Ricardo André Bruno Diogo Gonçalo Tomás Rafael Lucas Gabriel Mateus Felipe Gustavo Rodrigo Marcelo Fernando Eduardo Vítor",
            "Maria Ana Joana Isabel Catarina Sofia Marta Sara Rita Inês Mariana Beatriz Teresa Paula Sandra Cristina Patrícia Carla Helena Margarida Fernanda Juliana Camila Larissa Letícia Gabriela Bruna Amanda Conceição Adriana",
            "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Jesus Sousa Fernandes Gonçalves Gomes Lopes Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha Neves Coelho Cruz Cunha Pires Ramos Reis Simões Antunes Matos Fonseca Machado Araújo Barbosa Tavares Lima Barros Freitas Moura Nascimento"]),
        culture("nl", "NL SR", NEVER, [
            "Jan Johannes Hendrik Pieter Cornelis Willem Peter Johan Dirk Gerrit Jeroen Mark Thomas Tim Bas Sander Ruben Daan Sem Lucas Levi Luuk Bram Thijs Maarten Wouter Joost Koen Niels Kees",
            "Maria Johanna Anna Elisabeth Cornelia Wilhelmina Hendrika Monique Linda Esther Ingrid Saskia Marieke Sanne Lisa Anouk Emma Julia Sophie Eva Lotte Fleur Noor Femke Iris Eline Roos Nienke Maaike Floor",
            "de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Janssen Visser Smit Meijer de_Boer Mulder de_Groot Bos Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer Kok Jacobs van_der_Linden de_Haan Vermeulen van_den_Heuvel van_der_Veen van_den_Broek de_Bruijn Schouten van_Beek Willems van_Vliet Hoekstra Maas Verhoeven Koster Prins Blom Huisman Peeters Kuipers"]),
        culture("sv", "SE", NEVER, [
            "Lars Mikael Anders Johan Erik Per Peter Karl Jan Fredrik Björn Göran Mats Stefan Magnus Hans Oskar Gustav Nils Hugo Axel Elias Viktor Emil Åke",
            "Anna Eva Maria Karin Kristina Lena Sara Emma Ingrid Malin Kerstin Marie Birgitta Elin Åsa Linnea Astrid Ebba Alva Maja Ulla Helena Sofia Johanna Wilma",
            "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Lindqvist Lindgren Berg Axelsson Bergström Lundberg Lind Lundgren Mattsson Berglund Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Engström Eklund Danielsson Åkesson"]),
        culture("da", "DK GL FO", NEVER, [
            "Peter Jens Lars Michael Henrik Thomas Søren Jan Christian Martin Niels Anders Morten Jesper Mads Rasmus Mikkel Jørgen Frederik Emil William Oscar Lucas Hans Erik",
            "Anne Kirsten Mette Hanne Helle Susanne Lene Maria Marianne Camilla Inge Karen Lone Charlotte Louise Ida Freja Emma Sofie Caroline Pia Birthe Tina Julie Åse",
            "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Lund Holm Jakobsen Mikkelsen Jacobsen Schmidt Frederiksen Laursen Henriksen Lauritsen Kjær Dahl Bach Friis"]),
        culture("nb", "NO", NEVER, [
            "Jan Per Bjørn Ole Lars Kjell Knut Arne Svein Thomas Geir Tor Morten Hans Terje Odd Rune Trond Magnus Jonas Håkon Øyvind Henrik Sander Emil",
            "Anne Inger Kari Marit Ingrid Liv Eva Nora Emma Solveig Berit Astrid Bjørg Hilde Silje Sigrid Marianne Randi Ida Ingeborg Tone Elisabeth Kristin Maja Åse",
            "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Henriksen Lund Sørensen Jakobsen Moen Gundersen Iversen Strand Solberg Bakken Svendsen Eide Martinsen"]),
        culture("fi", "FI", NEVER, [
            "Juhani Matti Timo Kari Mikko Antti Jari Jukka Heikki Pekka Hannu Markku Ville Juha Seppo Sami Janne Väinö Eero Eino Leo Onni Oliver Elias Tuomas",
            "Anna Maria Liisa Anneli Hannele Sari Päivi Minna Laura Johanna Tuula Ritva Pirjo Marja Anne Kaisa Helena Riitta Aino Helmi Eevi Sofia Katja Satu Jenni",
            "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen Saarinen Salminen Heinonen Niemi Heikkilä Kinnunen Salonen Turunen Laitinen Salo Tuominen Rantanen Karjalainen Jokinen Mattila Savolainen Lahtinen Ahonen"]),
        culture("pl", "PL", NEVER, [
            "Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Adam Marek Łukasz Grzegorz Mateusz Wojciech Mariusz Dariusz Zbigniew Jerzy Maciej Rafał Robert Kamil Józef",
            "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Aleksandra Monika Zofia Teresa Natalia Julia Danuta Karolina Marta Beata Dorota Hanna Zuzanna Maja",
            "Nowak Kowalski|Kowalska Wiśniewski|Wiśniewska Wójcik Kowalczyk Kamiński|Kamińska Lewandowski|Lewandowska Zieliński|Zielińska Szymański|Szymańska Woźniak Dąbrowski|Dąbrowska Kozłowski|Kozłowska Mazur Jankowski|Jankowska Kwiatkowski|Kwiatkowska Wojciechowski|Wojciechowska Krawczyk Kaczmarek Piotrowski|Piotrowska Grabowski|Grabowska Zając Pawłowski|Pawłowska Król Michalski|Michalska Wróbel Wieczorek Jabłoński|Jabłońska Majewski|Majewska Stępień Olszewski|Olszewska Jaworski|Jaworska Malinowski|Malinowska Dudek Adamczyk Pawlak Górski|Górska Sikora Walczak Rutkowski|Rutkowska Baran"]),
        culture("cs", "CZ SK", NEVER, [
            "Jiří Jan Petr Jaroslav Pavel Martin Miroslav Tomáš František Josef Zdeněk Václav Michal Karel Lukáš David Jakub Milan Ladislav Ondřej Marek Vojtěch Filip Adam Matěj",
            "Marie Jana Eva Hana Anna Lenka Kateřina Věra Alena Lucie Petra Jaroslava Ludmila Helena Jitka Martina Veronika Jarmila Zdeňka Tereza Eliška Barbora Klára Adéla Natálie",
            "Novák|Nováková Svoboda|Svobodová Novotný|Novotná Dvořák|Dvořáková Černý|Černá Procházka|Procházková Kučera|Kučerová Veselý|Veselá Horák|Horáková Němec|Němcová Pokorný|Pokorná Pospíšil|Pospíšilová Marek|Marková Hájek|Hájková Jelínek|Jelínková Král|Králová Růžička|Růžičková Beneš|Benešová Fiala|Fialová Sedláček|Sedláčková Doležal|Doležalová Zeman|Zemanová Kolář|Kolářová Navrátil|Navrátilová Čermák|Čermáková Vaněk|Vaňková Urban|Urbanová Blažek|Blažková Kříž|Křížová Krejčí"]),
        culture("hu", "HU", ALWAYS, [
            "László István József János Zoltán Sándor Gábor Ferenc Attila Péter Tamás Zsolt Tibor András Csaba Imre Lajos György Balázs Dávid Bence Máté Ádám Levente Dominik",
            "Mária Erzsébet Katalin Éva Ilona Anna Zsuzsanna Margit Judit Ágnes Andrea Julianna Ildikó Erika Krisztina Irén Eszter Magdolna Mónika Edit Hanna Zsófia Réka Nóra Boglárka",
            "Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Balogh Papp Lakatos Takács Juhász Oláh Mészáros Simon Rácz Fekete Szilágyi Török Fehér Balázs Gál Kis Szűcs Orsós Kocsis Fodor Pintér Szalai Sipos Magyar Lukács"]),
        culture("ro", "RO MD", NEVER, [
            "Andrei Alexandru Ion Gheorghe Mihai Cristian Ștefan Vasile Nicolae Constantin Adrian Marian Florin Daniel Ionuț Gabriel Dumitru Marius Bogdan Răzvan Vlad Radu Lucian Cătălin David",
            "Maria Elena Ana Ioana Andreea Mihaela Cristina Daniela Alexandra Gabriela Alina Mariana Georgiana Nicoleta Roxana Adriana Simona Raluca Oana Anca Diana Laura Bianca Denisa Sofia",
            "Popa Popescu Ionescu Radu Stoica Stan Dumitrescu Dima Constantin Marin Gheorghe Florea Dobre Barbu Nistor Lungu Matei Munteanu Ungureanu Moldovan Rusu Șerban Țurcanu Voicu Enache Tudor Diaconu Georgescu Ciobanu Dinu Oprea Sandu Mocanu Neagu Cristea"]),
        culture("hr", "HR RS SI BA ME", NEVER, [
            "Ivan Josip Marko Stjepan Tomislav Željko Ante Luka Petar Filip Mario Nikola Ivica Zoran Davor Goran Dario Matej Domagoj Hrvoje",
            "Marija Ana Ivana Mirjana Katarina Nada Dragica Petra Lucija Ema Jelena Marina Maja Sanja Martina Kristina Vesna Iva Lana Nika",
            "Horvat Kovačević Babić Marić Jurić Novak Kovačić Knežević Vuković Marković Petrović Matić Tomić Kovač Pavlović Božić Blažević Grgić Pavić Radić Perić Filipović Šarić Lovrić Vidović"]),
        culture("bg", "BG MK", NEVER, [
            "Георги=Georgi Иван=Ivan Димитър=Dimitar Николай=Nikolay Петър=Petar Христо=Hristo Александър=Aleksandar Стефан=Stefan Йордан=Yordan Васил=Vasil Тодор=Todor Стоян=Stoyan Атанас=Atanas Ангел=Angel Мартин=Martin",
            "Мария=Maria Иванка=Ivanka Елена=Elena Йорданка=Yordanka Пенка=Penka Маргарита=Margarita Виктория=Viktoria Даниела=Daniela Радка=Radka Габриела=Gabriela Десислава=Desislava Ивелина=Ivelina Надежда=Nadezhda Росица=Rositsa Гергана=Gergana",
            "Иванов=Ivanov|Иванова=Ivanova Георгиев=Georgiev|Георгиева=Georgieva Димитров=Dimitrov|Димитрова=Dimitrova Петров=Petrov|Петрова=Petrova Николов=Nikolov|Николова=Nikolova Христов=Hristov|Христова=Hristova Стоянов=Stoyanov|Стоянова=Stoyanova Тодоров=Todorov|Тодорова=Todorova Илиев=Iliev|Илиева=Ilieva Василев=Vasilev|Василева=Vasileva Атанасов=Atanasov|Атанасова=Atanasova Ангелов=Angelov|Ангелова=Angelova Колев=Kolev|Колева=Koleva Йорданов=Yordanov|Йорданова=Yordanova"]),
        culture("el", "GR CY", NEVER, [
            "Γιώργος=Giorgos Γιάννης=Giannis Δημήτρης=Dimitris Κώστας=Kostas Νίκος=Nikos Παναγιώτης=Panagiotis Βασίλης=Vasilis Χρήστος=Christos Αθανάσιος=Athanasios Μιχάλης=Michalis Ανδρέας=Andreas Στέλιος=Stelios Πέτρος=Petros Σπύρος=Spyros Αντώνης=Antonis",
            "Μαρία=Maria Ελένη=Eleni Αικατερίνη=Aikaterini Βασιλική=Vasiliki Σοφία=Sofia Αγγελική=Angeliki Γεωργία=Georgia Δήμητρα=Dimitra Κωνσταντίνα=Konstantina Άννα=Anna Ευαγγελία=Evangelia Ιωάννα=Ioanna Παναγιώτα=Panagiota Χριστίνα=Christina Ειρήνη=Eirini",
            "Παπαδόπουλος=Papadopoulos|Παπαδοπούλου=Papadopoulou Παππάς=Pappas|Παππά=Pappa Καραγιάννης=Karagiannis|Καραγιάννη=Karagianni Νικολάου=Nikolaou Γεωργίου=Georgiou Δημητρίου=Dimitriou Ιωάννου=Ioannou Βασιλείου=Vasileiou Αντωνίου=Antoniou Αθανασίου=Athanasiou Παπαδάκης=Papadakis|Παπαδάκη=Papadaki Οικονόμου=Oikonomou Κωνσταντίνου=Konstantinou Αλεξίου=Alexiou Μακρής=Makris|Μακρή=Makri Αγγελόπουλος=Angelopoulos|Αγγελοπούλου=Angelopoulou Πετρόπουλος=Petropoulos|Πετροπούλου=Petropoulou Σπύρου=Spyrou"]),
        culture("tr", "TR", NEVER, [
            "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil Süleyman Abdullah Mahmut Recep Salih Fatih Emre Burak Kemal Gökhan Uğur",
            "Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Havva Zeliha Esra Özlem Yasemin Hülya Büşra Çağla Sevgi Melek Leyla Gülsüm Dilek",
            "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Güneş Aksoy Bulut Taş Keskin Ünal Turan Güler Yavuz Acar Can"]),
        culture("ru", "RU BY KZ KG", NEVER, [
            "Александр=Aleksandr Сергей=Sergey Дмитрий=Dmitry Андрей=Andrey Алексей=Aleksey Максим=Maksim Иван=Ivan Михаил=Mikhail Николай=Nikolay Владимир=Vladimir Евгений=Evgeny Павел=Pavel Роман=Roman Артём=Artyom Игорь=Igor Олег=Oleg Виктор=Viktor Юрий=Yury Кирилл=Kirill Никита=Nikita",
            "Анна=Anna Мария=Maria Елена=Elena Ольга=Olga Наталья=Natalya Екатерина=Ekaterina Татьяна=Tatyana Ирина=Irina Светлана=Svetlana Юлия=Yulia Людмила=Lyudmila Галина=Galina Анастасия=Anastasia Дарья=Darya Марина=Marina Ксения=Ksenia Виктория=Viktoria Полина=Polina Вера=Vera Надежда=Nadezhda",
            "Иванов=Ivanov|Иванова=Ivanova Смирнов=Smirnov|Смирнова=Smirnova Кузнецов=Kuznetsov|Кузнецова=Kuznetsova Попов=Popov|Попова=Popova Васильев=Vasilyev|Васильева=Vasilyeva Петров=Petrov|Петрова=Petrova Соколов=Sokolov|Соколова=Sokolova Михайлов=Mikhailov|Михайлова=Mikhailova Новиков=Novikov|Новикова=Novikova Фёдоров=Fyodorov|Фёдорова=Fyodorova Морозов=Morozov|Морозова=Morozova Волков=Volkov|Волкова=Volkova Алексеев=Alekseev|Алексеева=Alekseeva Лебедев=Lebedev|Лебедева=Lebedeva Семёнов=Semyonov|Семёнова=Semyonova Егоров=Egorov|Егорова=Egorova Павлов=Pavlov|Павлова=Pavlova Козлов=Kozlov|Козлова=Kozlova Степанов=Stepanov|Степанова=Stepanova Николаев=Nikolaev|Николаева=Nikolaeva Орлов=Orlov|Орлова=Orlova Макаров=Makarov|Макарова=Makarova Никитин=Nikitin|Никитина=Nikitina Захаров=Zakharov|Захарова=Zakharova"]),
        culture("uk", "UA", NEVER, [
            "Олександр=Oleksandr Сергій=Serhiy Володимир=Volodymyr Андрій=Andriy Микола=Mykola Іван=Ivan Михайло=Mykhailo Дмитро=Dmytro Богдан=Bohdan Тарас=Taras Віктор=Viktor Юрій=Yuriy Василь=Vasyl Олег=Oleh Максим=Maksym",
            "Анна=Anna Марія=Maria Олена=Olena Наталія=Nataliya Оксана=Oksana Тетяна=Tetyana Ірина=Iryna Юлія=Yuliya Софія=Sofiya Катерина=Kateryna Людмила=Lyudmyla Світлана=Svitlana Галина=Halyna Ольга=Olha Соломія=Solomiya",
            "Шевченко=Shevchenko Коваленко=Kovalenko Бондаренко=Bondarenko Ткаченко=Tkachenko Кравченко=Kravchenko Олійник=Oliynyk Шевчук=Shevchuk Коваль=Koval Поліщук=Polishchuk Бондар=Bondar Мельник=Melnyk Мороз=Moroz Лисенко=Lysenko Савченко=Savchenko Петренко=Petrenko Романюк=Romaniuk Клименко=Klymenko Павлюк=Pavliuk Гнатюк=Hnatiuk Марченко=Marchenko"]),
        culture("ja", "JP", NATIVE, [
            "太郎=Taro 翔太=Shota 大輔=Daisuke 健太=Kenta 直樹=Naoki 拓也=Takuya 誠=Makoto 隆=Takashi 浩=Hiroshi 学=Manabu 蓮=Ren 悠斗=Yuto 陸=Riku 大和=Yamato 一郎=Ichiro 健一=Kenichi 和也=Kazuya 亮=Ryo 翼=Tsubasa 修=Osamu",
            "陽菜=Hina 花子=Hanako 美咲=Misaki 愛=Ai 恵子=Keiko 由美=Yumi 真由美=Mayumi 葵=Aoi さくら=Sakura 結衣=Yui 優子=Yuko 久美子=Kumiko 明美=Akemi 裕子=Hiroko 幸子=Sachiko 和子=Kazuko 芽依=Mei 凛=Rin 彩=Aya 直美=Naomi",
            "佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 伊藤=Ito 渡辺=Watanabe 山本=Yamamoto 中村=Nakamura 小林=Kobayashi 加藤=Kato 吉田=Yoshida 山田=Yamada 佐々木=Sasaki 山口=Yamaguchi 松本=Matsumoto 井上=Inoue 木村=Kimura 林=Hayashi 斎藤=Saito 清水=Shimizu 山崎=Yamazaki 森=Mori 池田=Ikeda 橋本=Hashimoto 阿部=Abe 石川=Ishikawa 山下=Yamashita 中島=Nakajima 石井=Ishii 小川=Ogawa"]),
        culture("zh", "CN TW HK", ALWAYS, [
            "伟=Wei 强=Qiang 磊=Lei 军=Jun 洋=Yang 勇=Yong 杰=Jie 涛=Tao 明=Ming 超=Chao 刚=Gang 平=Ping 浩然=Haoran 思远=Siyuan 志强=Zhiqiang 建国=Jianguo 鹏=Peng 斌=Bin 宇轩=Yuxuan 子豪=Zihao",
            "芳=Fang 娜=Na 敏=Min 静=Jing 丽=Li 艳=Yan 娟=Juan 秀兰=Xiulan 霞=Xia 桂英=Guiying 子涵=Zihan 雨桐=Yutong 欣怡=Xinyi 秀英=Xiuying 玉兰=Yulan 婷=Ting 雪=Xue 慧=Hui 梅=Mei 诗涵=Shihan",
            "王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 吴=Wu 周=Zhou 徐=Xu 孙=Sun 马=Ma 朱=Zhu 胡=Hu 郭=Guo 何=He 程=Cheng 高=Gao 罗=Luo 郑=Zheng 梁=Liang 谢=Xie 宋=Song 唐=Tang 许=Xu 邓=Deng 冯=Feng 韩=Han 曹=Cao"]),
        culture("ko", "KR", ALWAYS, [
            "민준=Minjun 서준=Seojun 도윤=Doyun 예준=Yejun 지호=Jiho 지훈=Jihun 현우=Hyeonu 성민=Seongmin 준영=Junyeong 영수=Yeongsu 성호=Seongho 동현=Donghyeon 상훈=Sanghun 우진=Ujin 주원=Juwon",
            "서연=Seoyeon 서윤=Seoyun 지우=Jiu 서현=Seohyeon 민서=Minseo 하은=Haeun 지민=Jimin 수진=Sujin 은주=Eunju 영희=Yeonghui 미영=Miyeong 지영=Jiyeong 수빈=Subin 유진=Yujin 다은=Daeun",
            "김=Kim 이=Lee 박=Park 최=Choi 정=Jeong 강=Kang 조=Cho 윤=Yoon 장=Jang 임=Lim 한=Han 오=Oh 서=Seo 신=Shin 권=Kwon 황=Hwang 안=Ahn 송=Song 류=Ryu 홍=Hong"]),
        culture("ar", "SA AE EG JO KW QA BH OM LB IQ MA DZ TN LY", NEVER, [
            "محمد=Mohammed أحمد=Ahmed علي=Ali عبدالله=Abdullah خالد=Khalid سعد=Saad فهد=Fahad يوسف=Yousef عمر=Omar إبراهيم=Ibrahim حسن=Hassan طارق=Tariq سلطان=Sultan ماجد=Majed كريم=Karim",
            "فاطمة=Fatima مريم=Maryam نورة=Noura سارة=Sara عائشة=Aisha هند=Hind ليلى=Layla زينب=Zainab ريم=Reem منى=Mona سلمى=Salma هدى=Huda أمل=Amal ياسمين=Yasmin دينا=Dina",
            "العتيبي=Alotaibi القحطاني=Alqahtani الغامدي=Alghamdi الزهراني=Alzahrani الشهري=Alshehri الحربي=Alharbi الدوسري=Aldosari المطيري=Almutairi الشمري=Alshammari العنزي=Alanazi حسين=Hussein منصور=Mansour سليمان=Suleiman الخطيب=Alkhatib النجار=Alnajjar حداد=Haddad الصباغ=Alsabbagh درويش=Darwish"]),
        culture("he", "IL", NEVER, [
            "דוד=David משה=Moshe יוסף=Yosef יעקב=Yaakov אברהם=Avraham דניאל=Daniel איתי=Itay נועם=Noam אורי=Uri עומר=Omer יונתן=Yonatan אריאל=Ariel גיא=Guy רון=Ron עידו=Ido",
            "שרה=Sara רחל=Rachel מרים=Miriam נועה=Noa תמר=Tamar יעל=Yael מאיה=Maya שירה=Shira אביגיל=Avigail רוני=Roni אסתר=Esther חנה=Hana מיכל=Michal ענת=Anat דנה=Dana",
            "כהן=Cohen לוי=Levi מזרחי=Mizrahi פרץ=Peretz ביטון=Biton דהן=Dahan אברהם=Avraham פרידמן=Friedman מלכה=Malka אזולאי=Azulay כץ=Katz יוסף=Yosef דוד=David עמר=Amar אוחיון=Ohayon חדד=Hadad גבאי=Gabay"]),
        culture("hi", "IN NP LK", NEVER, [
            "Aarav Vivaan Aditya Arjun Rahul Amit Sanjay Rajesh Vijay Suresh Rohan Karan Deepak Manish Ishaan Nikhil Ravi Anil Sunil Ashok Vikram Gaurav Manoj Prakash Siddharth",
            "Ananya Diya Priya Kavya Neha Pooja Sunita Anjali Meera Lakshmi Sneha Divya Aishwarya Rani Geeta Rekha Shreya Nisha Asha Radha Swati Jyoti Kiran Shalini Isha",
            "Sharma Verma Gupta Singh Kumar Patel Reddy Nair Iyer Rao Joshi Mehta Shah Desai Kulkarni Chopra Malhotra Kapoor Bose Chatterjee Mukherjee Das Pillai Menon Naidu Agarwal Mishra Pandey Yadav Bhat"]),
        culture("vi", "VN", ALWAYS, [
            "Anh Minh Hùng Dũng Tuấn Long Nam Phong Quang Thành Đức Hải Sơn Khánh Bảo",
            "Hương Lan Linh Mai Ngọc Phương Thảo Trang Hà Thu Hồng Yến Nga Nhung Vy",
            "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Võ Trương"]),
        culture("id", "ID MY", NEVER, [
            "Budi Agus Andi Dedi Eko Hendra Joko Rizki Yusuf Wahyu Bambang Slamet Arief Fajar Dimas",
            "Siti Dewi Sri Ani Putri Rina Ratna Indah Lestari Wulan Fitri Yuni Maya Ayu Nur",
            "Santoso Wijaya Saputra Hidayat Setiawan Kusuma Pratama Gunawan Susanto Siregar Nasution Simanjuntak Halim Utami Wibowo Hartono"]),
        culture("th", "TH", NEVER, [
            "สมชาย=Somchai สมศักดิ์=Somsak ประเสริฐ=Prasert วิชัย=Wichai อนันต์=Anan สุรชัย=Surachai ณัฐพล=Nattapon กิตติ=Kitti ธนา=Thana วีระ=Weera",
            "สุดา=Suda มาลี=Malee นภา=Napa พรทิพย์=Pornthip กัญญา=Kanya สมหญิง=Somying วันดี=Wandee รัตนา=Rattana อรุณี=Arunee ปราณี=Pranee",
            "แสงทอง=Saengthong ศรีสุข=Srisuk ใจดี=Jaidee ทองดี=Thongdee บุญมา=Boonma รักไทย=Rakthai สุขใจ=Sukjai วงศ์งาม=Wongngam"]),
    ]
}
