//! Texts, bytes and lists: offsets, and what they divide.
//!
//! Arrow would check what was checked here a second time, which is a ninth of what a text costs.
#![expect(
    unsafe_code,
    reason = "Arrow's buffers are made of what the same function has checked"
)]

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};

use crate::checks::{Path, sized};
use crate::error::{Flaw, Problem};

/// Checks that offsets ascend from zero, and that there is one more than `length`.
pub(crate) fn offsets(
    path: &Path<'_>,
    offsets: Vec<u32>,
    length: usize,
) -> Result<OffsetBuffer<i32>, Flaw> {
    sized(path, length + 1, offsets.len(), "offsets")?;
    match offsets.first() {
        None | Some(0) => {}
        Some(got) => return Err(path.flaw(None, Problem::Begin { got: *got })),
    }
    // A loop without branches, and the row only where there is something to tell.
    let pairs = || offsets.iter().zip(offsets.iter().skip(1));
    if !pairs().fold(true, |good, (from, to)| good & (from <= to)) {
        for (row, (from, to)) in pairs().enumerate() {
            if from > to {
                return Err(path.flaw(
                    Some(row),
                    Problem::Descend {
                        from: *from,
                        to: *to,
                    },
                ));
            }
        }
    }
    if offsets
        .last()
        .is_some_and(|last| i32::try_from(*last).is_err())
    {
        return Err(path.flaw(None, Problem::Overflow));
    }
    // They fit 31 bits, so the bytes are the same.
    let offsets = ScalarBuffer::from(Buffer::from_vec(offsets));
    // SAFETY: as was checked above, there is one at least, and they ascend from zero to what is
    // no less than zero where the bytes have a sign.
    Ok(unsafe { OffsetBuffer::new_unchecked(offsets) })
}

pub(crate) fn last(offsets: &OffsetBuffer<i32>) -> usize {
    offsets.last().copied().unwrap_or_default() as usize
}

pub(crate) fn ends(path: &Path<'_>, offsets: &OffsetBuffer<i32>, data: usize) -> Result<(), Flaw> {
    let last = last(offsets);
    if last == data {
        return Ok(());
    }
    Err(path.flaw(
        None,
        Problem::End {
            expected: data,
            got: last as u32,
        },
    ))
}

/// Checks text and its end; where something under a NULL is not UTF-8, it is left out.
pub(crate) fn text(
    path: &Path<'_>,
    offsets: OffsetBuffer<i32>,
    data: Vec<u8>,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef, Flaw> {
    ends(path, &offsets, data.len())?;
    let is_ascii = data.is_ascii();
    let data = Buffer::from_vec(data);
    if is_ascii
        && nulls
            .as_ref()
            .is_none_or(|nulls| nulls.len() + 1 == offsets.len())
    {
        // SAFETY: the offsets ascend and end with the data, in which every place is a boundary
        // of characters; there is one more of them than of NULLs.
        return Ok(Arc::new(unsafe {
            StringArray::new_unchecked(offsets, data, nulls)
        }));
    }
    if let Ok(array) = StringArray::try_new(offsets.clone(), data.clone(), nulls.clone()) {
        return Ok(Arc::new(array));
    }
    let mut kept = Vec::with_capacity(data.len());
    let mut ends = Vec::with_capacity(offsets.len());
    ends.push(0i32);
    for (row, pair) in offsets.windows(2).enumerate() {
        if nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row))
            && let [from, to] = pair
        {
            let bytes = data.get(*from as usize..*to as usize).unwrap_or_default();
            if std::str::from_utf8(bytes).is_err() {
                return Err(path.flaw(Some(row), Problem::Utf8));
            }
            kept.extend_from_slice(bytes);
        }
        ends.push(kept.len() as i32);
    }
    let array = StringArray::try_new(OffsetBuffer::new(ends.into()), kept.into(), nulls);
    Ok(Arc::new(array.map_err(|error| path.arrow(&error))?))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use arrow::array::{Array, AsArray};
    use arrow::datatypes::{DataType, Field};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

    use super::*;

    /// Offsets of about as many rows as there should be, most of them in order.
    fn bounds(length: usize) -> impl Strategy<Value = Vec<u32>> {
        let some = vec(0u32..6, length..length + 2);
        let ascending = some.clone().prop_map(|mut bounds| {
            bounds.sort_unstable();
            bounds.insert(0, 0);
            bounds
        });
        prop_oneof![1 => some, 3 => ascending]
    }

    /// What is let through, Arrow lets through: of random buffers, most of them wrong.
    #[test]
    fn what_is_trusted_is_what_arrow_trusts() {
        let field = Field::new("text", DataType::Utf8, true);
        let path = Path {
            field: &field,
            parent: None,
        };
        let byte = |letters: &'static [u8]| vec(prop::sample::select(letters), 0..6);
        let buffers = (0..4usize).prop_flat_map(move |length| {
            let nulls = vec(any::<bool>(), length..length + 2);
            let data = prop_oneof![byte(b"ab"), byte(b"ab\xC3\xA4")];
            (Just(length), bounds(length), data, prop::option::of(nulls))
        });
        let (ascii, others) = (Cell::new(0), Cell::new(0));
        let config = ProptestConfig::with_cases(200_000);
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(config, rng)
            .run(&buffers, |(length, bounds, data, nulls)| {
                let is_ascii = data.is_ascii();
                let nulls = nulls.map(NullBuffer::from);
                let made = offsets(&path, bounds, length)
                    .and_then(|bounds| text(&path, bounds, data, nulls));
                if let Ok(array) = made {
                    assert_eq!(array.len(), length);
                    array.as_string::<i32>().to_data().validate_full().unwrap();
                    let count = if is_ascii { &ascii } else { &others };
                    count.set(count.get() + 1);
                }
                Ok(())
            })
            .unwrap();
        let (ascii, others) = (ascii.get(), others.get());
        assert!(ascii > 1_000 && others > 100, "{ascii}, {others}");
    }
}
