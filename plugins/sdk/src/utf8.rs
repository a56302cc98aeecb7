//! Bytes as text, checked where they are more than ASCII.
//!
//! The standard library looks at a word of a machine at a time, which in a component is four
//! bytes: a third of what it costs to mask a text.
#![expect(unsafe_code, reason = "ASCII is taken for text without a second look")]

/// Bytes that are looked at together: vectors that are held over the turn of a loop go through
/// memory in a component, as each turn may have to call the host.
const RUN: usize = 256;

/// Returns text, where it is UTF-8.
pub(crate) fn of(bytes: &[u8]) -> Option<&str> {
    let (runs, rest) = bytes.as_chunks::<RUN>();
    if runs.iter().all(|run| is_ascii(run)) && is_ascii(rest) {
        // SAFETY: all bytes are ASCII.
        return Some(unsafe { std::str::from_utf8_unchecked(bytes) });
    }
    std::str::from_utf8(bytes).ok()
}

/// Whether no byte has its highest bit set. There is no early end: the loop becomes one over
/// vectors.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    bytes.iter().fold(0, |any, byte| any | byte) < 0x80
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_text_is_text() {
        let long = "0123456789".repeat(60);
        assert_eq!(super::of(b""), Some(""));
        assert_eq!(super::of(long.as_bytes()), Some(long.as_str()));
        for at in 0..long.len() {
            let mut bytes = long.clone().into_bytes();
            bytes[at] = 0x80;
            assert_eq!(super::of(&bytes), None, "{at}");
        }
        assert_eq!(super::of("Änne".as_bytes()), Some("Änne"));
    }
}
