//! How the real column writes what it holds: with or without separators, in groups, in
//! capitals. Read off its heaviest mined template, which passed the floor.

/// The shape of a template: `9`, `A` and `a` for digits and letters, all else as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    shape: Option<String>,
}

impl Style {
    pub(crate) fn new(templates: &[(String, u32)]) -> Style {
        let heaviest = templates
            .iter()
            .max_by_key(|(text, weight)| (*weight, std::cmp::Reverse(text.len())));
        let shape = heaviest.map(|(text, _)| {
            let mut letters = text.chars();
            let mut shape = String::new();
            while let Some(letter) = letters.next() {
                let letter = match letter {
                    '\\' => letters.next().unwrap_or('\\'),
                    '*' => '9',
                    letter => letter,
                };
                shape.push(match letter {
                    _ if letter.is_numeric() => '9',
                    _ if letter.is_uppercase() => 'A',
                    _ if letter.is_alphabetic() => 'a',
                    letter => letter,
                });
            }
            shape
        });
        Style { shape }
    }

    pub(crate) fn shape(&self) -> Option<&str> {
        self.shape.as_deref()
    }

    /// Whether values have separators; yes where nothing is known.
    pub(crate) fn is_spaced(&self) -> bool {
        self.shape()
            .is_none_or(|shape| shape.chars().any(|letter| !letter.is_alphanumeric()))
    }

    /// Whether values begin with a plus, as telephone numbers of all the world do.
    pub(crate) fn is_international(&self) -> bool {
        self.shape().is_none_or(|shape| shape.starts_with('+'))
    }

    /// Whether values are capitals only.
    pub(crate) fn is_upper(&self) -> bool {
        self.shape()
            .is_some_and(|shape| shape.contains('A') && !shape.contains('a'))
    }

    /// Whether values are two or three capitals, as abbreviations are.
    pub(crate) fn is_abbreviation(&self) -> bool {
        self.shape()
            .is_some_and(|shape| matches!(shape, "AA" | "AAA"))
    }

    /// Whether paths begin with a drive letter.
    pub(crate) fn is_drive(&self) -> bool {
        self.shape()
            .is_some_and(|shape| shape.chars().nth(1) == Some(':'))
    }

    /// The separator of six pairs, if there is one.
    pub(crate) fn separator(&self) -> Option<char> {
        self.shape()?
            .chars()
            .find(|letter| !letter.is_alphanumeric())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_read_off_the_heaviest_template() {
        let style = |text: &str| Style::new(&[("\\A".into(), 1), (text.into(), 9)]);
        assert!(style("(999) 999-9999").is_spaced());
        assert!(!style("\\99999999").is_spaced() && !style("\\99999999").is_international());
        assert!(style("+99 99").is_international());
        assert!(style("\\AA").is_abbreviation() && style("AA:AA").is_upper());
        assert!(style("A:\\\\aaa").is_drive());
        assert_eq!(style("99-99").separator(), Some('-'));
        assert!(Style::default().is_spaced() && Style::default().is_international());
    }
}
