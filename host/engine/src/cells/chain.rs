//! Chains: rows of one owner drawn one after another, many owners side by side.
//!
//! To draw any row of an owner all rows before it are drawn; so a row stays a pure function of
//! its address. A lane is an owner; lanes are sorted by their length, so that those which still
//! go on are the first ones.

use prodlike_core::model::{Chain, Feature, Next, NextCodec, Toward};
use prodlike_models::codec::{self, Codec};
use prodlike_models::recent::{Recent, move_to_front, recency};
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
    distinct: Option<usize>,
    /// What draws by recency, and the values before, the most recent first.
    recent: Option<(Recent<'a>, Vec<Vec<u8>>)>,
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

/// What draws by recency, where a variable follows so.
fn recent(next: &Next) -> Option<Recent<'_>> {
    match (&next.codec, &next.fresh) {
        (NextCodec::Recent(told), Some(fresh)) => Some(Recent {
            told: *told,
            next: &next.tree,
            fresh,
        }),
        _ => None,
    }
}

/// All rows that must be drawn for some, ascending, and the runs of them that belong to one segment
/// of an owner, the longest first: (first, length).
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
            let segment = owned.place[i] / Chain::SEGMENT;
            while end < rows.len()
                && owned.owner[end] == owner
                && owned.place[end] / Chain::SEGMENT == segment
            {
                end += 1;
            }
            all.extend(rows[i] - owned.place[i] % Chain::SEGMENT..=rows[end - 1]);
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
        self.follow(table, (&all, owned), &lanes, wanted, &mut block, &mut made);
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
                    distinct: place(Feature::Distinct(drawn)),
                    recent: recent(variable.next.as_ref()?).map(|it| (it, vec![Vec::new(); n])),
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
        (all, owned): (&[u64], &Owned),
        lanes: &[(usize, usize)],
        wanted: &[bool],
        block: &mut Block,
        made: &mut Details,
    ) {
        let learned = &self.model.tables[table];
        let Some(chain) = &learned.chain else { return };
        let mut lanes = Lanes::new(self, table, chain, (lanes, owned), wanted);
        for memory in &lanes.memories {
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
        for place in 0..lanes.of.first().map_or(0, |lane| lane.1) {
            lanes.enter(place, all, &given, block);
            lanes.draw();
            lanes.write(made);
            // Who draws once more asks for all that was known.
            for &feature in &followed {
                let column = block.column_mut(feature);
                for (symbol, lane) in lanes.block.column(feature).iter().zip(lanes.of) {
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
                if owned.place[i] % Chain::SEGMENT > 0 && owned.owner[i] != NOBODY {
                    *symbol = followed[i];
                }
            }
        }
    }
}

/// Owners side by side, of whom one row after another is drawn.
struct Lanes<'a, 'b> {
    cells: &'a Cells<'a>,
    table: usize,
    chain: &'a Chain,
    /// Runs of rows, the longest first.
    of: &'b [(usize, usize)],
    /// In drawing order: what rows ascend in comes first.
    memories: Vec<Memory<'a>>,
    /// What is known of the row that every open lane is at.
    block: Block,
    /// Where the steps that are left to an owner's last row are told.
    leads: Option<(usize, &'a Toward)>,
    /// Where it is told how they relate to the rows left, and where these are.
    slack: Option<(usize, usize)>,
    /// The memory of the last of the numbers that rows ascend in, if levels come after it, and
    /// the feature and the highest symbol of these.
    levels: Option<(usize, usize, u8)>,
    /// How many of its owner's rows lie before each lane, and how many there are.
    before: Vec<(u64, u64)>,
    place: usize,
    rows: Vec<u64>,
    /// Lanes that have moved on in what rows ascend in, so far in this row.
    moved: Vec<bool>,
    /// Two random words a lane, and what was drawn.
    words: [Vec<u32>; 2],
    out: Vec<u8>,
}

impl<'a, 'b> Lanes<'a, 'b> {
    fn new(
        cells: &'a Cells<'a>,
        table: usize,
        chain: &'a Chain,
        (of, owned): (&'b [(usize, usize)], &Owned),
        wanted: &[bool],
    ) -> Lanes<'a, 'b> {
        let learned = &cells.model.tables[table];
        let n = of.len();
        let find = |of: Feature| cells.wanted_feature(table, wanted, of);
        let memories = cells.memories(table, wanted, n);
        let levels = match chain.order[..] {
            [.., number, last] if chain.strict => {
                let codec = &learned.drawn[last].codec;
                let number = memories.iter().position(|it| it.drawn == number);
                let has_levels = matches!(codec, Codec::Levels { .. });
                (number.zip(find(Feature::Drawn(last))))
                    .filter(|_| has_levels)
                    .map(|(number, feature)| (number, feature, (codec.symbols() - 1) as u8))
            }
            _ => None,
        };
        Lanes {
            cells,
            table,
            chain,
            of,
            memories,
            block: Block::new(learned.features.len(), n),
            leads: find(Feature::Toward).zip(chain.toward.as_ref()),
            slack: find(Feature::Slack).zip(find(Feature::Left)),
            levels,
            before: (of.iter())
                .map(|&(first, _)| (owned.place[first], owned.size[first]))
                .collect(),
            place: 0,
            rows: Vec::with_capacity(n),
            moved: Vec::with_capacity(n),
            words: [vec![0; n], vec![0; n]],
            out: vec![0; n],
        }
    }

    /// Moves on to the next row of every lane that has one: learns what is given, and remembers what
    /// was drawn.
    fn enter(&mut self, place: usize, all: &[u64], given: &[usize], from: &Block) {
        let open = self.of.partition_point(|lane| lane.1 > place);
        self.place = place;
        self.block.truncate(open);
        self.rows.clear();
        (self.rows).extend(self.of[..open].iter().map(|lane| all[lane.0 + place]));
        self.moved.clear();
        self.moved.resize(open, place == 0);
        for &feature in given {
            let from = from.column(feature);
            let symbols = self.block.column_mut(feature).iter_mut();
            for (symbol, lane) in symbols.zip(self.of) {
                *symbol = from[lane.0 + place];
            }
        }
        if place > 0 {
            for memory in &self.memories {
                memory.remember(place, &mut self.block);
            }
        }
        self.lead();
    }

    /// Tells how many steps are left to every owner's last row.
    fn lead(&mut self) {
        let ascending = self.chain.order.first();
        let ascending = self.memories.iter().find(|it| Some(&it.drawn) == ascending);
        let numbers = ascending.and_then(|it| it.values.as_ref());
        let (Some((feature, toward)), Some(numbers)) = (self.leads, numbers) else {
            return;
        };
        let owner = self.block.column(toward.feature).to_vec();
        let symbols = self.block.column_mut(feature).iter_mut();
        for ((symbol, owner), &before) in symbols.zip(owner).zip(&numbers.values) {
            *symbol = match self.place {
                0 => 0,
                _ => toward.symbol(owner, before),
            };
        }
        if let Some((slack, left)) = self.slack {
            let steps = self.block.column(feature).to_vec();
            let left = self.block.column(left).to_vec();
            let symbols = self.block.column_mut(slack).iter_mut();
            for ((symbol, left), toward) in symbols.zip(left).zip(steps) {
                *symbol = Toward::slack(left, toward);
            }
        }
    }

    /// Draws a row of every open lane.
    fn draw(&mut self) {
        // Where levels come last and the highest is reached, the numbers before them must move.
        let full = self.levels.map(|(_, feature, highest)| {
            let before = self.block.column(feature).iter();
            before.map(|&it| it >= highest).collect::<Vec<bool>>()
        });
        for at in 0..self.memories.len() {
            let is_last_number = self.levels.is_some_and(|levels| levels.0 == at);
            self.variable(at, full.as_deref().filter(|_| is_last_number));
        }
    }

    /// Draws a variable of every open lane, of which some must have moved on after it.
    fn variable(&mut self, at: usize, full: Option<&[bool]>) {
        let learned = &self.cells.model.tables[self.table];
        let of = &self.cells.tables[self.table];
        let open = self.rows.len();
        let memory = &mut self.memories[at];
        let drawn = memory.drawn;
        let variable = &learned.drawn[drawn];
        let [first, second] = &mut self.words;
        of.streams[drawn].fill(&self.rows, &mut first[..open], &mut second[..open]);
        let next = variable.next.as_ref().filter(|_| self.place > 0);
        let sampler = match next {
            Some(_) => memory.next,
            None => memory.first,
        };
        let out = &mut self.out;
        sampler.draw(&self.block, first, out);
        if of.planned.contains_key(&drawn) {
            (self.cells).planned(self.table, drawn, &self.rows, &mut out[..open]);
        }
        let starts = variable.next.as_ref().and_then(|it| it.starts.as_ref());
        if let Some(starts) = starts.filter(|_| self.place == 0) {
            for lane in (0..open).filter(|&lane| self.before[lane].0 > 0) {
                // A segment begins where so many of the owner's rows lie before it.
                let (before, of) = self.before[lane];
                let bits = (u128::from(before) << 32) / u128::from(of);
                let feature = |it: usize| self.block.column(it)[lane];
                out[lane] = starts.draw_at(bits as u32, feature);
            }
        }
        let last = self.chain.strict && self.chain.order.last() == Some(&drawn);
        let before = self.block.column(memory.feature);
        let highest = (variable.codec.symbols() - 1) as u8;
        let is_bound = memory.recent.is_some() || last && memory.values.is_none();
        for lane in (0..open).filter(|_| is_bound && next.is_some()) {
            let feature = |it: usize| self.block.column(it)[lane];
            let least = (last && !self.moved[lane]).then_some(before[lane]);
            let value = match (&memory.recent, next, least) {
                (Some((recent, values)), ..) => {
                    recent.value(&values[lane], out[lane], least, second[lane], feature)
                }
                // Levels ascend as numbers do, by what is left of their distribution.
                (None, Some(next), Some(least))
                    if memory.values.is_none() && (out[lane] <= least || out[lane] > highest) =>
                {
                    let above = next.tree.draw_above(least, second[lane], feature);
                    above.filter(|&it| it <= highest)
                }
                _ => continue,
            };
            let next = before[lane].saturating_add(u8::from(least.is_some()));
            out[lane] = value.unwrap_or(next.min(highest));
        }
        let next = next.map(|next| &next.codec);
        if let Some(step) = memory.step {
            let steps = self.block.column_mut(step).iter_mut().enumerate();
            for (lane, symbol) in steps {
                *symbol = match (next, &memory.recent) {
                    (None, _) => 0,
                    (_, Some((recent, values))) => {
                        1 + recency(&values[lane], out[lane], recent.told)
                    }
                    (Some(NextCodec::Copy), _) => 1 + u8::from(out[lane] > highest),
                    (Some(_), _) => out[lane].saturating_add(1),
                };
            }
        }
        let is_ordered = self.chain.order.contains(&drawn);
        let before = self.block.column(memory.feature);
        for lane in 0..open {
            let must_move = last || full.is_some_and(|full| full[lane]);
            let ascends = is_ordered && !self.moved[lane];
            let ascends = ascends.then_some(i64::from(must_move));
            let drawn = (lane, out[lane], second[lane]);
            out[lane] = memory.advance(drawn, &variable.codec, next, before[lane], ascends);
            if let Some(numbers) = &memory.values {
                self.moved[lane] |= is_ordered && numbers.moved[lane];
            }
        }
        let column = self.block.column_mut(memory.feature);
        column.copy_from_slice(&out[..open]);
    }

    /// Notes what was drawn of the row that every lane is at.
    fn write(&mut self, made: &mut Details) {
        for memory in &mut self.memories {
            let symbols = self.block.column(memory.feature);
            for (lane, &symbol) in symbols.iter().enumerate() {
                let row = self.of[lane].0 + self.place;
                made.bits[memory.drawn][row] = memory.bits[lane];
                if let Some(numbers) = &memory.values {
                    made.values[memory.drawn][row] = numbers.values[lane];
                }
                if let Some((_, values)) = &mut memory.recent {
                    move_to_front(&mut values[lane], symbol);
                }
            }
        }
    }
}

impl Memory<'_> {
    /// Tells the row at a place what the rows before it were.
    fn remember(&self, place: usize, block: &mut Block) {
        if !self.had.is_empty() {
            let before = block.column(self.feature).to_vec();
            for &(feature, symbol) in &self.had {
                let had = block.column_mut(feature).iter_mut();
                had.zip(&before)
                    .for_each(|(had, before)| *had |= u8::from(*before == symbol));
            }
        }
        if let (Some(distinct), Some((_, values))) = (self.distinct, &self.recent) {
            let distinct = block.column_mut(distinct).iter_mut();
            for (distinct, values) in distinct.zip(values) {
                *distinct = (values.len() as u64).min(Feature::PLACES) as u8;
            }
        }
        let Some(previous) = self.previous else {
            return;
        };
        if let Some(other) = self.other.filter(|_| place > 1) {
            let before = block.column(self.feature).to_vec();
            let earlier = block.column(previous).to_vec();
            let others = block.column_mut(other).iter_mut();
            for ((other, before), earlier) in others.zip(before).zip(earlier) {
                if before != earlier {
                    *other = earlier + 1;
                }
            }
        }
        block.copy(self.feature, previous);
    }

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
