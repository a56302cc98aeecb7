//! Chains: rows of one owner drawn one after another, many owners side by side.
//!
//! To draw any row of an owner all rows before it are drawn; so a row stays a pure function of
//! its address. A lane is an owner; lanes are sorted by their length, so that those which still
//! go on are the first ones.

use prodlike_core::model::{Feature, NextCodec, Toward};
use prodlike_models::codec::{self, Codec};
use prodlike_models::tree::{Block, Sampler};

use super::{Cells, Details, NOBODY, Owned};

/// What lanes remember of a variable.
struct Memory<'a> {
    drawn: usize,
    first: &'a Sampler,
    next: &'a Sampler,
    feature: usize,
    previous: Option<usize>,
    other: Option<usize>,
    /// Features of symbols, and which.
    had: Vec<(usize, u8)>,
    step: Option<usize>,
    /// The second random word: a copy is decoded as what it copies.
    bits: Vec<u32>,
    /// The value, where differences or an order need it.
    values: Option<Numbers>,
}

/// The values of lanes, in the ticks of their codec.
struct Numbers {
    values: Vec<i64>,
    /// Whether each differs from the one before it.
    moved: Vec<bool>,
    los: Vec<i64>,
    most: i64,
    step: i64,
}

impl Numbers {
    fn new(codec: &Codec, lanes: usize) -> Numbers {
        let Codec::Integer { bins, step, .. } = codec else {
            // The model was checked: what has differences or an order is a number.
            return Numbers {
                values: vec![0; lanes],
                moved: vec![false; lanes],
                los: vec![0],
                most: 0,
                step: 1,
            };
        };
        let last = |bin: &codec::IntegerBin| {
            let width = i128::from(*step) * i128::from(bin.count.saturating_sub(1));
            (i128::from(bin.lo) + width) as i64
        };
        Numbers {
            values: vec![0; lanes],
            moved: vec![false; lanes],
            los: bins.iter().map(|bin| bin.lo).collect(),
            most: bins.last().map_or(0, last),
            step: *step,
        }
    }

    /// Sets what follows, at least so many steps further where it must ascend. Returns its symbol.
    fn follow(&mut self, lane: usize, value: i64, ascends: Option<i64>) -> u8 {
        let before = self.values[lane];
        let least = self.los.first().copied().unwrap_or(value);
        let mut value = value.clamp(least, self.most.max(least));
        if let Some(steps) = ascends {
            value = value.max(before.saturating_add(steps.saturating_mul(self.step)));
        }
        self.moved[lane] = value != before;
        self.values[lane] = value;
        codec::find(&self.los, value) as u8
    }
}

/// The number that a symbol of an integer codec and its second word stand for.
fn number(codec: &Codec, symbol: u8, bits: u32) -> i64 {
    let Codec::Integer {
        nullable,
        bins,
        step,
        ..
    } = codec
    else {
        return 0;
    };
    let mut out = Vec::with_capacity(1);
    codec::decode_integers(bins, *nullable, *step, &[symbol], &[bits], &mut out);
    out[0]
}

/// All rows that must be drawn for some, ascending, and the runs of them that belong to one
/// owner, the longest first: (first, length).
fn whole(rows: &[u64], owned: &Owned) -> (Vec<u64>, Vec<(usize, usize)>) {
    let mut all: Vec<u64> = Vec::with_capacity(rows.len());
    let mut lanes: Vec<(usize, usize)> = Vec::new();
    let mut i = 0;
    while i < rows.len() {
        let (start, owner) = (all.len(), owned.owner[i]);
        let mut end = i + 1;
        if owner == NOBODY {
            all.push(rows[i]);
        } else {
            while end < rows.len() && owned.owner[end] == owner {
                end += 1;
            }
            all.extend(rows[i] - owned.place[i]..=rows[end - 1]);
        }
        lanes.push((start, all.len() - start));
        i = end;
    }
    lanes.sort_by_key(|&(start, length)| (usize::MAX - length, start));
    (all, lanes)
}

impl Cells<'_> {
    /// Draws the wanted features of ascending rows that follow one another.
    pub(super) fn chained(
        &self,
        table: usize,
        rows: &[u64],
        owned: &Owned,
        wanted: &[bool],
        details: Option<&mut Details>,
    ) -> Block {
        let learned = &self.model.tables[table];
        let (all, lanes) = whole(rows, owned);
        let everyone = (all.len() > rows.len())
            .then(|| self.owned(table, &all))
            .flatten();
        let owned = everyone.as_ref().unwrap_or(owned);
        let mut block = Block::new(learned.features.len(), all.len());
        let mut made = Details::new(learned.drawn.len());
        let with_details = details.is_some();
        let more = with_details.then_some(&mut made);
        self.alone(table, &all, Some(owned), wanted, &mut block, more, false);
        self.follow(table, &all, &lanes, wanted, &mut block, &mut made);
        if all.len() == rows.len() {
            if let Some(details) = details {
                *details = made;
            }
            return block;
        }
        // Only what was asked for.
        let at: Vec<usize> = rows
            .iter()
            .map(|row| all.partition_point(|other| other < row))
            .collect();
        let mut asked = Block::new(learned.features.len(), rows.len());
        for feature in (0..learned.features.len()).filter(|&feature| wanted[feature]) {
            let from = block.column(feature);
            for (symbol, &at) in asked.column_mut(feature).iter_mut().zip(&at) {
                *symbol = from[at];
            }
        }
        if let Some(details) = details {
            *details = made.at(at.into_iter());
        }
        asked
    }

    /// Where a feature stands, if it is wanted.
    fn wanted_feature(&self, table: usize, wanted: &[bool], of: Feature) -> Option<usize> {
        let features = &self.model.tables[table].features;
        (0..features.len()).find(|&feature| wanted[feature] && features[feature] == of)
    }

    /// What lanes must remember, variable by variable in drawing order.
    fn memories(&self, table: usize, wanted: &[bool], n: usize) -> Vec<Memory<'_>> {
        let learned = &self.model.tables[table];
        let place = |of: Feature| self.wanted_feature(table, wanted, of);
        let order = learned.chain.iter().flat_map(|chain| &chain.order);
        let order: Vec<usize> = order.copied().collect();
        let of = &self.tables[table];
        (0..learned.drawn.len())
            .filter_map(|drawn| {
                let variable = &learned.drawn[drawn];
                let codec = &variable.next.as_ref()?.codec;
                let is_number = matches!(codec, NextCodec::Delta(_))
                    || order.contains(&drawn) && matches!(variable.codec, Codec::Integer { .. });
                Some(Memory {
                    drawn,
                    feature: place(Feature::Drawn(drawn))?,
                    first: &of.samplers[drawn],
                    next: of.next[drawn].as_ref()?,
                    previous: place(Feature::Previous(drawn)),
                    other: place(Feature::Other(drawn)),
                    had: (0..learned.features.len())
                        .filter(|&feature| wanted[feature])
                        .filter_map(|feature| match learned.features[feature] {
                            Feature::Had(of, symbol) if of == drawn => Some((feature, symbol)),
                            _ => None,
                        })
                        .collect(),
                    step: place(Feature::Step(drawn)),
                    bits: vec![0; n],
                    values: is_number.then(|| Numbers::new(&variable.codec, n)),
                })
            })
            .collect()
    }

    /// Draws what follows: `lanes` are runs of `all`, the longest first.
    fn follow(
        &self,
        table: usize,
        all: &[u64],
        lanes: &[(usize, usize)],
        wanted: &[bool],
        block: &mut Block,
        made: &mut Details,
    ) {
        let learned = &self.model.tables[table];
        let Some(chain) = &learned.chain else { return };
        let n = lanes.len();
        let mut lane_block = Block::new(learned.features.len(), n);
        let mut memories = self.memories(table, wanted, n);
        for memory in &memories {
            made.bits[memory.drawn] = vec![0; all.len()];
            if memory.values.is_some() {
                made.values[memory.drawn] = vec![0; all.len()];
            }
        }
        let is_given = |feature: usize| match learned.features[feature] {
            Feature::Drawn(drawn) => learned.drawn[drawn].next.is_none(),
            of => !of.follows(),
        };
        let asked = (0..learned.features.len()).filter(|&feature| wanted[feature]);
        let (given, followed): (Vec<usize>, Vec<usize>) = asked.partition(|&it| is_given(it));
        let find = |of: Feature| self.wanted_feature(table, wanted, of);
        let leads = find(Feature::Toward).zip(chain.toward.as_ref());
        let slack = find(Feature::Slack).zip(find(Feature::Left));
        // The levels that rows ascend in last, where they do: their feature and highest symbol; and
        // the number before them.
        let levels = chain
            .order
            .last()
            .filter(|_| chain.strict)
            .and_then(|&last| {
                let codec = &learned.drawn[last].codec;
                let feature = find(Feature::Drawn(last))?;
                matches!(codec, Codec::Levels { .. })
                    .then(|| (feature, (codec.symbols() - 1) as u8))
            });
        let numbered = (chain.order.iter().rev().nth(1).copied()).filter(|_| levels.is_some());
        let ascending = chain.order.first();
        let ascending = memories.iter().position(|it| Some(&it.drawn) == ascending);
        let (mut first, mut second, mut out) = (vec![0; n], vec![0; n], vec![0; n]);
        let mut rows = Vec::with_capacity(n);
        for place in 0..lanes.first().map_or(0, |lane| lane.1) {
            let open = lanes.partition_point(|lane| lane.1 > place);
            lane_block.truncate(open);
            rows.clear();
            rows.extend(lanes[..open].iter().map(|lane| all[lane.0 + place]));
            for &feature in &given {
                let from = block.column(feature);
                let symbols = lane_block.column_mut(feature).iter_mut();
                for (symbol, lane) in symbols.zip(lanes) {
                    *symbol = from[lane.0 + place];
                }
            }
            if place > 0 {
                for memory in &memories {
                    if !memory.had.is_empty() {
                        let before = lane_block.column(memory.feature).to_vec();
                        for &(feature, symbol) in &memory.had {
                            let had = lane_block.column_mut(feature).iter_mut();
                            had.zip(&before)
                                .for_each(|(had, before)| *had |= u8::from(*before == symbol));
                        }
                    }
                    let Some(previous) = memory.previous else {
                        continue;
                    };
                    if let Some(other) = memory.other.filter(|_| place > 1) {
                        let before = lane_block.column(memory.feature).to_vec();
                        let earlier = lane_block.column(previous).to_vec();
                        let others = lane_block.column_mut(other).iter_mut();
                        for ((other, before), earlier) in others.zip(before).zip(earlier) {
                            if before != earlier {
                                *other = earlier + 1;
                            }
                        }
                    }
                    lane_block.copy(memory.feature, previous);
                }
            }
            if let (Some((feature, toward)), Some(ascending)) = (leads, ascending)
                && let Some(numbers) = &memories[ascending].values
            {
                let owner = lane_block.column(toward.feature).to_vec();
                let symbols = lane_block.column_mut(feature).iter_mut();
                for ((symbol, owner), &before) in symbols.zip(owner).zip(&numbers.values) {
                    *symbol = match place {
                        0 => 0,
                        _ => toward.symbol(owner, before),
                    };
                }
                if let Some((slack, left)) = slack {
                    let steps = lane_block.column(feature).to_vec();
                    let left = lane_block.column(left).to_vec();
                    let symbols = lane_block.column_mut(slack).iter_mut();
                    for ((symbol, left), toward) in symbols.zip(left).zip(steps) {
                        *symbol = Toward::slack(left, toward);
                    }
                }
            }
            // Lanes that have moved on in what rows ascend in, so far in this row.
            let mut moved = vec![place == 0; open];
            // Where levels are the last of them and the highest is reached, the numbers must.
            let full = levels.map(|(feature, highest)| {
                let before = lane_block.column(feature).iter();
                before.map(|&it| it >= highest).collect::<Vec<bool>>()
            });
            for memory in &mut memories {
                let drawn = memory.drawn;
                let stream = &self.tables[table].streams[drawn];
                stream.fill(&rows, &mut first[..open], &mut second[..open]);
                let next = learned.drawn[drawn].next.as_ref().filter(|_| place > 0);
                let sampler = match next {
                    Some(_) => memory.next,
                    None => memory.first,
                };
                sampler.draw(&lane_block, &first, &mut out);
                if self.tables[table].planned.contains_key(&drawn) {
                    self.planned(table, drawn, &rows, &mut out[..open]);
                }
                let last = chain.strict && chain.order.last() == Some(&drawn);
                if let (Some(next), true, None) = (next, last, &memory.values) {
                    let copy = learned.drawn[drawn].codec.symbols();
                    let before = lane_block.column(memory.feature);
                    for lane in (0..open).filter(|&lane| !moved[lane]) {
                        // Levels ascend as numbers do, by what is left of their distribution.
                        let least = before[lane];
                        if usize::from(out[lane]) >= copy || out[lane] <= least {
                            let feature = |it: usize| lane_block.column(it)[lane];
                            let above = next.tree.draw_above(least, second[lane], feature);
                            let above = above.filter(|&it| usize::from(it) < copy);
                            let next = least.saturating_add(1).min((copy - 1) as u8);
                            out[lane] = above.unwrap_or(next);
                        }
                    }
                }
                let next = next.map(|next| &next.codec);
                if let Some(step) = memory.step {
                    let copy = learned.drawn[drawn].codec.symbols() as u8;
                    for (symbol, &drawn) in lane_block.column_mut(step).iter_mut().zip(&out) {
                        *symbol = match next {
                            None => 0,
                            Some(NextCodec::Copy) => 1 + u8::from(drawn == copy),
                            Some(_) => drawn.saturating_add(1),
                        };
                    }
                }
                let is_last_number = numbered == Some(drawn);
                let is_ordered = chain.order.contains(&drawn);
                let before = lane_block.column(memory.feature);
                for lane in 0..open {
                    let full = is_last_number && full.as_ref().is_some_and(|full| full[lane]);
                    let ascends = is_ordered && !moved[lane];
                    let ascends = ascends.then_some(i64::from(last || full));
                    out[lane] = memory.advance(
                        (lane, out[lane], second[lane]),
                        &learned.drawn[drawn].codec,
                        next,
                        before[lane],
                        ascends,
                    );
                    let row = lanes[lane].0 + place;
                    made.bits[drawn][row] = memory.bits[lane];
                    if let Some(numbers) = &memory.values {
                        made.values[drawn][row] = numbers.values[lane];
                        moved[lane] |= is_ordered && numbers.moved[lane];
                    }
                }
                let column = lane_block.column_mut(memory.feature);
                column.copy_from_slice(&out[..open]);
            }
            // Who draws once more asks for all that was known.
            for &feature in &followed {
                let column = block.column_mut(feature);
                for (symbol, lane) in lane_block.column(feature).iter().zip(lanes) {
                    column[lane.0 + place] = *symbol;
                }
            }
        }
    }

    /// Draws a variable once more from the leaves of its rows.
    pub(super) fn redraw(
        &self,
        table: usize,
        drawn: usize,
        block: &Block,
        owned: Option<&Owned>,
        bits: &[u32],
        out: &mut [u8],
    ) {
        let of = &self.tables[table];
        of.samplers[drawn].draw(block, bits, out);
        if let (Some(next), Some(owned)) = (&of.next[drawn], owned) {
            let mut followed = vec![0; out.len()];
            next.draw(block, bits, &mut followed);
            for (i, symbol) in out.iter_mut().enumerate() {
                if owned.place[i] > 0 && owned.owner[i] != NOBODY {
                    *symbol = followed[i];
                }
            }
        }
    }
}

impl Memory<'_> {
    /// Moves a lane on by what it drew; returns the symbol of the value.
    fn advance(
        &mut self,
        (lane, symbol, bits): (usize, u8, u32),
        codec: &Codec,
        next: Option<&NextCodec>,
        before: u8,
        ascends: Option<i64>,
    ) -> u8 {
        match (next, &mut self.values) {
            (Some(NextCodec::Copy), _) if usize::from(symbol) == codec.symbols() => before,
            (Some(NextCodec::Delta(delta)), Some(numbers)) => {
                let difference = number(delta, symbol, bits);
                let value = numbers.values[lane].saturating_add(difference);
                numbers.follow(lane, value, ascends)
            }
            (next, numbers) => {
                self.bits[lane] = bits;
                let Some(numbers) = numbers else {
                    return symbol;
                };
                let value = number(codec, symbol, bits);
                if next.is_some() {
                    return numbers.follow(lane, value, ascends);
                }
                (numbers.values[lane], numbers.moved[lane]) = (value, true);
                symbol
            }
        }
    }
}
