//! A value is a function of the settings, the row's number, its seed and its input.

use prodlike_plugin::{Kind, Settings};

use super::Stop;
use super::data::{Batch, Nulls, Values};
use super::subject::{Running, Subject};

/// Rows of a batch.
const ROWS: usize = 1_024;
/// Parts of a batch: they add up to [`ROWS`].
const PARTS: [usize; 6] = [1, 7, 64, 0, 500, 452];

fn batches(running: &Running<'_>) -> Result<Vec<Batch>, Stop> {
    [0, 200, 400, 90_000]
        .into_iter()
        .map(|first| running.rows(first, 200, Values::Plain, Nulls::None))
        .collect()
}

/// The same rows are the same when an instance is asked twice.
pub(super) fn repeat(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    for settings in served {
        let running = subject.start(settings)?;
        let batch = running.rows(0, ROWS as u64, Values::Plain, Nulls::None)?;
        let made = running.call(&batch)?;
        for when in ["when asked again", "when asked a third time"] {
            running.compare(&batch, &made, &running.call(&batch)?, when)?;
        }
    }
    Ok(())
}

/// Two instances make the same of the same rows.
pub(super) fn instances(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    for settings in served {
        let running = subject.start(settings)?;
        let batch = running.rows(0, ROWS as u64, Values::Plain, Nulls::None)?;
        let made = running.call(&batch)?;
        let again = running.another()?.call(&batch)?;
        running.compare(&batch, &made, &again, "in another instance")?;
    }
    Ok(())
}

/// The order of batches makes no difference.
pub(super) fn order(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    for settings in served {
        let running = subject.start(settings)?;
        let batches = batches(&running)?;
        let made = batches
            .iter()
            .map(|batch| running.call(batch))
            .collect::<Result<Vec<_>, _>>()?;
        let backwards = running.another()?;
        for (batch, made) in batches.iter().zip(&made).rev() {
            let again = backwards.call(batch)?;
            running.compare(batch, made, &again, "when later batches come first")?;
        }
    }
    Ok(())
}

/// An instance that has a history makes what a new one makes.
pub(super) fn rebuild(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    for settings in served {
        let running = subject.start(settings)?;
        for batch in batches(&running)? {
            let made = running.call(&batch)?;
            let again = running.another()?.call(&batch)?;
            running.compare(&batch, &made, &again, "in a new instance without a history")?;
        }
    }
    Ok(())
}

/// Neither the bounds of batches nor the order of their rows make a difference.
pub(super) fn split(subject: &Subject<'_>, served: &[Settings]) -> Result<(), Stop> {
    if subject.kind == Kind::Detector {
        let why = "a finding is about a sample as a whole";
        return Err(Stop::NotApplicable(why.to_owned()));
    }
    for settings in served {
        let running = subject.start(settings)?;
        let whole = running.rows(0, ROWS as u64, Values::Plain, Nulls::None)?;
        let made = running.call(&whole)?;
        let part = |from: usize, n_rows: usize| -> Vec<_> {
            made.iter().map(|array| array.slice(from, n_rows)).collect()
        };
        let fresh = running.another()?;
        let mut to = ROWS;
        for n_rows in PARTS {
            to -= n_rows;
            let batch = whole.slice(to, n_rows);
            let again = fresh.call(&batch)?;
            let when = format!("where {n_rows} of the {ROWS} rows are asked for");
            running.compare(&batch, &part(to, n_rows), &again, &when)?;
        }
        // Rows that do not follow one another: 389 and 1,024 have no common divisor.
        let positions: Vec<usize> = (0..ROWS).map(|row| row * 389 % ROWS).collect();
        let shuffled = whole.take(&positions)?;
        let again = running.call(&shuffled)?;
        for (at, position) in positions.into_iter().enumerate() {
            let again: Vec<_> = again.iter().map(|array| array.slice(at, 1)).collect();
            running.compare(
                &whole.slice(position, 1),
                &part(position, 1),
                &again,
                "where the rows are shuffled",
            )?;
        }
    }
    Ok(())
}
