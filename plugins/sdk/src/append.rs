//! Appends short texts to a buffer without a call.
//!
//! Most values are shorter than 33 bytes, and for those a call of `memory.copy` costs more than
//! the copy. Two words that may overlap cover every length; safe code for that checks bounds
//! four times a value.
#![expect(
    unsafe_code,
    reason = "words are written into reserved memory before the length covers them"
)]

/// Bytes at most that are copied as words.
const SHORT: usize = 32;

/// Appends bytes.
#[inline]
pub(crate) fn append(data: &mut Vec<u8>, bytes: &[u8]) {
    let length = bytes.len();
    if length > SHORT {
        data.extend_from_slice(bytes);
        return;
    }
    data.reserve(SHORT);
    let start = data.len();
    // SAFETY: the buffer has room for 32 bytes behind `start`, and no word that is written goes
    // further than `length`. Words are read from within `bytes`: a branch for words of N bytes
    // is taken for N to 2N bytes. All bytes up to the new length were written.
    unsafe {
        let (from, to) = (bytes.as_ptr(), data.as_mut_ptr().add(start));
        match length {
            0 => {}
            1..4 => {
                // The middle one is the first or the last where there are fewer than three.
                *to = bytes[0];
                *to.add(length / 2) = bytes[length / 2];
                *to.add(length - 1) = bytes[length - 1];
            }
            4..8 => words::<4>(from, to, length),
            8..16 => words::<8>(from, to, length),
            _ => words::<16>(from, to, length),
        }
        data.set_len(start + length);
    }
}

/// Copies N to 2N bytes as two words of N.
///
/// # Safety
/// Both places hold `length` bytes, which are N at least, and do not overlap.
#[inline]
unsafe fn words<const N: usize>(from: *const u8, to: *mut u8, length: usize) {
    // SAFETY: as the caller's; arrays of bytes need no alignment.
    unsafe {
        let head = from.cast::<[u8; N]>().read();
        let tail = from.add(length - N).cast::<[u8; N]>().read();
        to.cast::<[u8; N]>().write(head);
        to.add(length - N).cast::<[u8; N]>().write(tail);
    }
}

#[cfg(test)]
mod tests {
    use super::append;

    #[test]
    fn all_lengths_are_appended() {
        let bytes: Vec<u8> = (1..=100).collect();
        let mut data = Vec::new();
        let mut expected = Vec::new();
        for length in (0..=100).chain((0..=100).rev()) {
            append(&mut data, &bytes[..length]);
            expected.extend_from_slice(&bytes[..length]);
            assert_eq!(data, expected, "{length}");
        }
    }
}
