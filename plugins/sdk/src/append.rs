//! Appends values and short texts to vectors without a call.
//!
//! Most values are shorter than 33 bytes, and for those a call of `memory.copy` costs more than
//! the copy. Two words that may overlap cover every length; safe code for that checks bounds
//! four times a value.
//!
//! A vector that grows is handed over and taken back, never lent: one whose address no call has
//! seen is kept in registers, which in a component is half the time of a loop that fills it.
#![expect(
    unsafe_code,
    reason = "words are written into reserved memory before the length covers them"
)]

use std::hint::black_box;
use std::mem::take;

/// Bytes at most that are copied as words.
const SHORT: usize = 32;

/// Makes room for so many more values.
#[inline]
pub(crate) fn reserve<T>(values: &mut Vec<T>, more: usize) {
    if values.capacity() - values.len() < more {
        *values = grown(take(values), more);
    }
}

#[cold]
#[inline(never)]
fn grown<T>(mut values: Vec<T>, more: usize) -> Vec<T> {
    values.reserve(more);
    values
}

/// Appends a value.
#[inline]
pub(crate) fn push<T>(values: &mut Vec<T>, value: T) {
    reserve(values, 1);
    let length = values.len();
    // SAFETY: there is room for one value behind the length, which then covers it.
    unsafe {
        values.as_mut_ptr().add(length).write(value);
        values.set_len(length + 1);
    }
}

/// Appends the first bytes of a word, 8 at most.
#[inline]
pub(crate) fn append_word(data: &mut Vec<u8>, word: [u8; 8], count: usize) {
    reserve(data, word.len());
    let start = data.len();
    // SAFETY: there is room for 8 bytes behind `start`, all of which are written; the length
    // covers no more than those.
    unsafe {
        data.as_mut_ptr().add(start).cast::<[u8; 8]>().write(word);
        data.set_len(start + count.min(word.len()));
    }
}

/// Appends bytes.
#[inline]
pub(crate) fn append(data: &mut Vec<u8>, bytes: &[u8]) {
    let length = bytes.len();
    if length > SHORT {
        *data = with_long(take(data), bytes);
        return;
    }
    reserve(data, SHORT);
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

/// Appends what `change` makes of ASCII, where all is ASCII before and after; says whether it is.
/// `change` is told the position, and may be asked twice for a letter.
#[inline]
pub(crate) fn append_mapped(
    data: &mut Vec<u8>,
    bytes: &[u8],
    change: impl Fn(usize, char) -> char,
) -> bool {
    append_runs::<{ cfg!(target_arch = "wasm32") }>(data, bytes, change)
}

/// The same by runs of letters, which are a vector where `change` can be one.
///
/// `PAIRED`, two runs that may overlap cover a short text: a component pays for each turn of a
/// loop, and keeps no vector over it. Native code is faster with the loops.
#[inline]
fn append_runs<const PAIRED: bool>(
    data: &mut Vec<u8>,
    bytes: &[u8],
    change: impl Fn(usize, char) -> char,
) -> bool {
    let length = bytes.len();
    reserve(data, length);
    let start = data.len();
    // SAFETY: as in `append`: the buffer has room for as many bytes as there are behind `start`.
    // All up to the new length were written, and are ASCII where it is set.
    unsafe {
        let to = data.as_mut_ptr().add(start);
        let is_ascii = match length {
            4..8 if PAIRED => pair::<4>(bytes, to, &change),
            8..16 if PAIRED => pair::<8>(bytes, to, &change),
            16..=SHORT if PAIRED => pair::<16>(bytes, to, &change),
            _ => runs(bytes, to, &change),
        };
        if is_ascii {
            data.set_len(start + length);
        }
        is_ascii
    }
}

/// Writes what `change` makes of a text, sixteen letters at a time, then four, then one; says
/// whether all are ASCII.
///
/// # Safety
/// `to` has room for as many bytes as there are.
// A component has it apart: it would take the registers of texts that are short.
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline)]
unsafe fn runs(bytes: &[u8], to: *mut u8, change: &impl Fn(usize, char) -> char) -> bool {
    let mut done = 0;
    // SAFETY: as the caller's; `done` bytes were written.
    unsafe {
        done = runs_of::<16>(bytes, to, done, change);
        done = runs_of::<4>(bytes, to, done, change);
        done = runs_of::<1>(bytes, to, done, change);
    }
    done == bytes.len()
}

/// Writes runs of N from `done` on, as long as all are ASCII; returns the new `done`.
///
/// # Safety
/// `to` has room for as many bytes as there are.
#[inline]
unsafe fn runs_of<const N: usize>(
    bytes: &[u8],
    to: *mut u8,
    mut done: usize,
    change: &impl Fn(usize, char) -> char,
) -> usize {
    for run in bytes[done..].as_chunks::<N>().0 {
        let (made, is_ascii) = mapped(run, |at| done + at, change);
        if !is_ascii {
            break;
        }
        // SAFETY: `run` is N bytes at `done`.
        unsafe { to.add(done).cast::<[u8; N]>().write(made) };
        done += N;
    }
    done
}

/// Writes the first N and the last N; says whether all are ASCII.
///
/// # Safety
/// `to` has room for as many bytes as there are, which are N to 2N and 32 at most.
#[inline]
unsafe fn pair<const N: usize>(
    bytes: &[u8],
    to: *mut u8,
    change: &impl Fn(usize, char) -> char,
) -> bool {
    // SAFETY: N letters from `begin` on are within the text, and within 32.
    let write = |begin: usize| unsafe {
        let run = bytes.as_ptr().add(begin).cast::<[u8; N]>().read();
        // Read from a list, positions are a vector as long as the letters': of words the
        // compiler would take lane by lane. Were it told where the first run begins, it would
        // make that letter by letter.
        let listed = POSITIONS.as_ptr().add(black_box(begin));
        let listed = listed.cast::<[u8; N]>().read();
        let (made, is_ascii) = mapped(&run, |at| listed[at].into(), change);
        to.add(begin).cast::<[u8; N]>().write(made);
        is_ascii
    };
    write(0) & write(bytes.len() - N)
}

/// The positions of a short text's letters.
static POSITIONS: [u8; SHORT] = {
    let mut positions = [0; SHORT];
    let mut at = 0;
    while at < SHORT {
        positions[at] = at as u8;
        at += 1;
    }
    positions
};

/// Returns what `change` makes of a run, and whether all are ASCII, before and after.
#[inline]
fn mapped<const N: usize>(
    run: &[u8; N],
    position: impl Fn(usize) -> usize,
    change: &impl Fn(usize, char) -> char,
) -> ([u8; N], bool) {
    let mut made = [0; N];
    let mut is_ascii = true;
    for (at, &byte) in run.iter().enumerate() {
        // The compiler is told that it is ASCII: what `change` would do with other letters
        // is gone.
        let letter = change(position(at), char::from(byte & 0x7F));
        made[at] = letter as u8;
        is_ascii &= byte.is_ascii() & letter.is_ascii();
    }
    (made, is_ascii)
}

#[inline(never)]
fn with_long(mut data: Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    data.extend_from_slice(bytes);
    data
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
    use super::{append, append_runs, append_word, push};

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

    #[test]
    fn all_lengths_are_mapped_alike() {
        let letters: Vec<u8> = (0..100).map(|at| b'a' + at % 26).collect();
        let change = |at: usize, letter: char| match (at * 7 + letter as usize) % 3 {
            0 => letter.to_ascii_uppercase(),
            1 => char::from(b'0' + (at % 10) as u8),
            _ => letter,
        };
        for length in 0..=letters.len() {
            let text = &letters[..length];
            let (mut paired, mut looped) = (b"-".to_vec(), b"-".to_vec());
            assert!(append_runs::<true>(&mut paired, text, change), "{length}");
            assert!(append_runs::<false>(&mut looped, text, change), "{length}");
            let expected = text.iter().enumerate();
            let expected = expected.map(|(at, &byte)| change(at, byte.into()) as u8);
            assert!(paired[1..].iter().copied().eq(expected), "{length}");
            assert_eq!(paired, looped, "{length}");
        }
    }

    #[test]
    fn words_are_appended_in_part() {
        let mut data = Vec::new();
        for count in 0..=8 {
            append_word(&mut data, *b"12345678", count);
        }
        assert_eq!(data, b"112123123412345123456123456712345678");
    }

    #[test]
    fn values_are_appended_one_by_one() {
        let mut values = Vec::new();
        for value in 0..1000u64 {
            push(&mut values, value);
        }
        assert!(values.iter().copied().eq(0..1000));
    }
}
