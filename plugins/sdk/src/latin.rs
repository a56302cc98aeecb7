//! Latin letters without their marks, for addresses, domains and the like.

/// Letters from U+00C0 on without their marks; `-` for those that are not one letter.
const LATIN: &[u8] = b"aaaaaa-ceeeeiiii-nooooo--uuuuy--aaaaaa-ceeeeiiii-nooooo--uuuuy-yaaaaaacc\
    ccccccdd--eeeeeeeeeegggggggghh--iiiiiiiii---jjkk-llllll----nnnnnn---oooo\
    oo--rrrrrrsssssssstttt--uuuuuuuuuuuuwwyyyzzzzzz-";
/// The same from U+1E00 on: Vietnamese, most of them.
const ADDITIONAL: &[u8] =
    b"aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnn\
    nnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyy\
    zzzzzzhtwy------aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooo\
    oooooooooooouuuuuuuuuuuuuuyyyyyyyy------";

/// Returns the small letters and digits of ASCII that a text is spelt with: `Łukasz` is
/// `lukasz`, and `Groß` is `gross`. What has no such spelling is left out.
///
/// ```
/// assert_eq!(prodlike_sdk::ascii("Müller-Lüdenscheidt"), "mullerludenscheidt");
/// assert_eq!(prodlike_sdk::ascii("Nguyễn 7"), "nguyen7");
/// ```
pub fn ascii(text: &str) -> String {
    spell(text, |_| None)
}

/// Returns a text as [`ascii`] does, with the umlauts as German spells them: `mueller`.
///
/// ```
/// assert_eq!(prodlike_sdk::german_ascii("Jörg Müller"), "joergmueller");
/// ```
pub fn german_ascii(text: &str) -> String {
    spell(text, |letter| match letter {
        'ä' | 'Ä' => Some("ae"),
        'ö' | 'Ö' => Some("oe"),
        'ü' | 'Ü' => Some("ue"),
        _ => None,
    })
}

fn spell(text: &str, special: impl Fn(char) -> Option<&'static str>) -> String {
    let mut spelt = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            spelt.push(letter.to_ascii_lowercase());
        } else if let Some(letters) = special(letter).or_else(|| several(letter)) {
            spelt.push_str(letters);
        } else {
            spelt.extend(single(letter));
        }
    }
    spelt
}

/// Letters that are no letter with a mark.
fn several(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ı' => "i",
        'ħ' | 'Ħ' => "h",
        'ŧ' | 'Ŧ' | 'ț' | 'Ț' => "t",
        'ş' | 'Ş' | 'ș' | 'Ș' => "s",
        'ơ' | 'Ơ' => "o",
        'ư' | 'Ư' => "u",
        _ => return None,
    })
}

fn single(letter: char) -> Option<char> {
    let place = |first: u32| {
        (letter as u32)
            .checked_sub(first)
            .map(|place| place as usize)
    };
    let found = place(0xC0).and_then(|place| LATIN.get(place));
    let found = found.or_else(|| place(0x1E00).and_then(|place| ADDITIONAL.get(place)));
    found
        .filter(|letter| **letter != b'-')
        .map(|&letter| char::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lose_their_marks() {
        for (text, spelt) in [
            ("Łódź", "lodz"),
            ("Çağrı Şahin", "cagrisahin"),
            ("Ștefan Țurcanu", "stefanturcanu"),
            ("Øyvind Ærlig", "oyvindaerlig"),
            ("Đặng Ngô Ưu", "dangngouu"),
            ("Ža-Že × ÷", "zaze"),
            ("山田", ""),
        ] {
            assert_eq!(ascii(text), spelt);
        }
        assert_eq!(german_ascii("Ägidius Groß"), "aegidiusgross");
    }
}
