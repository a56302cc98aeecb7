//! Chains: rows of one owner drawn one after another, many owners side by side.
//!
//! To draw any row of an owner all rows before it are drawn; so a row stays a pure function of
//! its address. A lane is an owner; lanes are sorted by their length, so that those which still
//! go on are the first ones.

mod bounds;
mod numbers;

use prodlike_core::model::{Chain, Feature, Next, NextCodec, Toward};
use prodlike_models::codec::Codec;
use prodlike_models::habit::{Habit, symbol_in};
use prodlike_models::philox::mix;
use prodlike_models::recent::{Recent, above, move_to_front, recency};
use prodlike_models::tree::{Block, Sampler, Tree, Walk};

use self::bounds::{Move, Takes};
use self::numbers::{Numbers, number};
use super::{Cells, Details, NOBODY, Owned, total_of};

/// The share of a distribution, one in so many, that what is to come must leave of it to decide.
const POSSIBLE: u32 = 3;

/// What lanes remember of a variable.
struct Memory<'a> {
    drawn: usize,
    /// The least symbol that stands for a value.
    least: u8,
    first: &'a Sampler,
    next: &'a Sampler,
    /// The trees of both.
    trees: [Walk<'a>; 2],
    feature: usize,
    previous: Option<usize>,
    other: Option<usize>,
    /// Features of symbols, and which.
    had: Vec<(usize, u8)>,
    step: Option<usize>,
    distinct: Option<usize>,
    /// The feature of how many values there are, and of how many are to come.
    ahead: Option<(usize, usize)>,
    /// What takes the values to come, and the feature of how much of that they leave.
    spare: Option<(Takes, usize)>,
    /// Features of what another variable was in the last row that had the same level of this one,
    /// and the features of these variables.
    last: Vec<(usize, usize)>,
    /// One more than the place of the last row with each level, lane by lane, where that is asked.
    last_places: Vec<u16>,
    /// What is to be expected of a row by itself.
    norm: Option<Walk<'a>>,
    /// The feature of each lane's habit.
    habit: Option<usize>,
    habits: Vec<Habit>,
    recent: Option<Recent<'a>>,
    /// The levels before, the most recent first, where they are told.
    levels: Option<Vec<Vec<u8>>>,
    /// The second random word: a copy is decoded as what it copies.
    bits: Vec<u32>,
    /// The value, where differences or an order need it.
    values: Option<Numbers>,
}

/// What draws by recency, where a variable follows so.
fn recent(next: &Next) -> Option<Recent<'_>> {
    match (&next.codec, &next.fresh) {
        (NextCodec::Recent(told), Some(fresh)) => Some(Recent {
            told: *told,
            next: Walk::new(&next.tree),
            fresh: Walk::new(fresh),
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

impl Cells {
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
                let ahead = |of: usize| total_of(learned, of).zip(place(Feature::Ahead(of)));
                let after = order.iter().skip_while(|it| **it != drawn).nth(1);
                let after = after.and_then(|&after| match learned.drawn[after].codec {
                    Codec::Integer { .. } => ahead(after),
                    _ => None,
                });
                let takes = match after {
                    Some((total, ahead)) => Some(Takes::Next(total, ahead)),
                    None => place(Feature::Left).map(Takes::Rows),
                };
                let recent = recent(variable.next.as_ref()?);
                let norm = variable.next.as_ref()?.norm.as_ref().map(Walk::new);
                let has_levels = matches!(variable.codec, Codec::Levels { .. });
                let is_told = recent.is_some() || ahead(drawn).is_some() && has_levels;
                let is_number = matches!(codec, NextCodec::Delta(_))
                    || order.contains(&drawn) && matches!(variable.codec, Codec::Integer { .. });
                let last =
                    (learned.features.iter().enumerate()).filter_map(|(feature, of)| match *of {
                        Feature::Last(same, of) if wanted[feature] && same == drawn => {
                            Some((feature, place(Feature::Drawn(of))?))
                        }
                        _ => None,
                    });
                let last: Vec<(usize, usize)> = last.collect();
                let levels = if last.is_empty() {
                    0
                } else {
                    variable.codec.symbols()
                };
                Some(Memory {
                    last,
                    last_places: vec![0; n * levels],
                    drawn,
                    least: u8::from(variable.codec.is_nullable()),
                    feature: place(Feature::Drawn(drawn))?,
                    trees: [&variable.tree, &variable.next.as_ref()?.tree].map(Walk::new),
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
                    habits: vec![Habit::default(); if norm.is_some() { n } else { 0 }],
                    norm,
                    habit: place(Feature::Habit(drawn)),
                    ahead: ahead(drawn),
                    spare: takes.zip(place(Feature::Spare(drawn))),
                    recent,
                    levels: is_told.then(|| vec![Vec::new(); n]),
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
            Feature::Drawn(drawn) => !learned.drawn[drawn].follows(),
            of => !of.follows(),
        };
        let asked = (0..learned.features.len()).filter(|&feature| wanted[feature]);
        let (given, followed): (Vec<usize>, Vec<usize>) = asked.partition(|&it| is_given(it));
        for place in 0..lanes.of.first().map_or(0, |lane| lane.1) {
            lanes.enter(place, all, &given, block);
            lanes.draw(block);
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
    cells: &'a Cells,
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
    /// Where it is told how they relate to the rows left.
    slack: Option<usize>,
    /// Where the rows left are told.
    left: Option<usize>,
    /// The memories of the last of the numbers that rows ascend in, and of levels that come after
    /// it; the feature of how many of these may follow.
    levels: Option<(usize, usize, Option<usize>)>,
    /// How many levels may follow in each lane where nothing else moves on.
    open: Option<Vec<u8>>,
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
        cells: &'a Cells,
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
                let has_levels = matches!(learned.drawn[last].codec, Codec::Levels { .. });
                let place = |drawn: usize| memories.iter().position(|it| it.drawn == drawn);
                (place(number).zip(place(last)))
                    .filter(|_| has_levels)
                    .map(|(number, last)| (number, last, find(Feature::Open)))
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
            slack: find(Feature::Slack),
            left: find(Feature::Left),
            levels,
            open: None,
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
        match place {
            0 => self.count(),
            _ => (self.memories.iter()).for_each(|it| it.remember(place, &mut self.block)),
        }
        self.look_ahead();
        self.open = self.levels.filter(|_| place > 0).map(|(_, last, feature)| {
            let memory = &self.memories[last];
            let codec = &self.cells.model.tables[self.table].drawn[memory.drawn].codec;
            let highest = (codec.symbols() - 1) as u8;
            let before = self.block.column(memory.feature).iter().enumerate();
            let open = before.map(|(lane, &before)| {
                let among = memory.among(lane, place, &self.block);
                above(before, highest, among, Feature::PLACES)
            });
            let open: Vec<u8> = open.collect();
            if let Some(feature) = feature {
                self.block.column_mut(feature).copy_from_slice(&open);
            }
            open
        });
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
        if let Some((slack, left)) = self.slack.zip(self.left) {
            let steps = self.block.column(feature).to_vec();
            let left = self.block.column(left).to_vec();
            let symbols = self.block.column_mut(slack).iter_mut();
            for ((symbol, left), toward) in symbols.zip(left).zip(steps) {
                *symbol = Toward::slack(left, toward);
            }
        }
    }

    /// Draws a row of every open lane; `done` holds the rows before.
    fn draw(&mut self, done: &Block) {
        for at in 0..self.memories.len() {
            self.variable(at);
            self.look_back(at, done);
        }
    }

    /// Tells what others were in the last row with the level that was drawn of a variable.
    fn look_back(&mut self, at: usize, done: &Block) {
        let memory = &mut self.memories[at];
        if memory.last.is_empty() {
            return;
        }
        let levels = memory.last_places.len() / self.of.len().max(1);
        let drawn = self.block.column(memory.feature).to_vec();
        let places = drawn.iter().enumerate();
        let places = places.map(|(lane, &symbol)| lane * levels + usize::from(symbol));
        let places: Vec<usize> = places.collect();
        for &(feature, from) in &memory.last {
            let symbols = self.block.column_mut(feature).iter_mut();
            for ((symbol, &at), lane) in symbols.zip(&places).zip(self.of) {
                *symbol = match memory.last_places[at] {
                    0 => 0,
                    place => done.column(from)[lane.0 + usize::from(place) - 1] + 1,
                };
            }
        }
        for at in places {
            memory.last_places[at] = self.place as u16 + 1;
        }
    }

    /// Draws a variable of every open lane.
    fn variable(&mut self, at: usize) {
        let is_ordered = self.chain.order.contains(&self.memories[at].drawn)
            && self.memories[at].values.is_some();
        let moves: Vec<Move> = match is_ordered && self.place > 0 {
            true => (0..self.rows.len())
                .map(|lane| self.moves(at, lane))
                .collect(),
            false => Vec::new(),
        };
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
            let starts = Walk::new(starts);
            for lane in (0..open).filter(|&lane| self.before[lane].0 > 0) {
                // A segment begins where so many of the owner's rows lie before it.
                let (before, of) = self.before[lane];
                let bits = (u128::from(before) << 32) / u128::from(of);
                let feature = |it: usize| self.block.column(it)[lane];
                out[lane] = starts.draw_at(bits as u32, feature);
            }
        }
        let tree = &memory.trees[usize::from(next.is_some())];
        if let (Some(next), Some(numbers)) = (next, &memory.values) {
            for (lane, &moves) in moves.iter().enumerate().filter(|it| !self.moved[it.0]) {
                let (codec, from) = match &next.codec {
                    NextCodec::Delta(delta) => (delta, 0),
                    _ => (&variable.codec, numbers.values[lane]),
                };
                let fits = |symbol: u8| moves.fits(codec, symbol, from);
                if !fits(out[lane]) {
                    let feature = |it: usize| self.block.column(it)[lane];
                    let drawn = tree.draw_among(fits, second[lane], feature);
                    out[lane] = drawn.unwrap_or(out[lane]);
                }
            }
        }
        let codec = next.map(|next| &next.codec);
        if let (Some(NextCodec::Part(parts)), Some(norm)) = (codec, &memory.norm) {
            for lane in 0..open {
                let usual = norm.distribution(|it| self.block.column(it)[lane]);
                // Where the value lies within its bin is drawn by the second word as well.
                let bits = mix(u64::from(second[lane])) >> 32;
                out[lane] = symbol_in(out[lane], *parts, usual, bits as u32);
            }
        }
        self.level(at, next);
        let memory = &mut self.memories[at];
        let (out, second) = (&mut self.out, &self.words[1]);
        let highest = (variable.codec.symbols() - 1) as u8;
        let next = next.map(|next| &next.codec);
        if let Some(step) = memory.step {
            let steps = self.block.column_mut(step).iter_mut().enumerate();
            for (lane, symbol) in steps {
                *symbol = match (next, memory.recent.as_ref().zip(memory.levels.as_ref())) {
                    (None, _) => 0,
                    (_, Some((recent, levels))) => {
                        1 + recency(&levels[lane], out[lane], recent.told)
                    }
                    (Some(NextCodec::Copy), _) => 1 + u8::from(out[lane] > highest),
                    (Some(_), _) => out[lane].saturating_add(1),
                };
            }
        }
        let before = self.block.column(memory.feature);
        for lane in 0..open {
            let ascends = moves.get(lane).filter(|_| !self.moved[lane]).copied();
            let drawn = (lane, out[lane], second[lane]);
            out[lane] = memory.advance(drawn, &variable.codec, next, before[lane], ascends);
            if let Some(numbers) = memory.values.as_mut().filter(|_| is_ordered) {
                self.moved[lane] |= numbers.moved[lane];
                numbers.count[lane] += usize::from(self.moved[lane]);
            }
        }
        let column = self.block.column_mut(memory.feature);
        column.copy_from_slice(&out[..open]);
    }

    /// Draws a level again where what was drawn may not follow, or not with what is to come.
    fn level(&mut self, at: usize, next: Option<&Next>) {
        let memory = &self.memories[at];
        let tree = &memory.trees[usize::from(next.is_some())];
        let last = self.chain.strict && self.chain.order.last() == Some(&memory.drawn);
        let is_last_level = last && memory.values.is_none();
        if !is_last_level && (next.is_none() || memory.levels.is_none()) {
            return;
        }
        let needed: Vec<u8> = match self.levels {
            Some((_, last, _)) if last == at => {
                (0..self.rows.len()).map(|lane| self.needed(lane)).collect()
            }
            _ => Vec::new(),
        };
        let variable = &self.cells.model.tables[self.table].drawn[memory.drawn];
        let highest = (variable.codec.symbols() - 1) as u8;
        let bits = &self.words[1];
        let before = self.block.column(memory.feature);
        for lane in 0..self.rows.len() {
            let feature = |it: usize| self.block.column(it)[lane];
            let least = (last && !self.moved[lane]).then_some(before[lane]);
            // What else is known of a row may leave no room for what was to come: then that gives way.
            let known = memory.among(lane, self.place, &self.block).filter(|known| {
                let (symbols, weights) = tree.distribution(feature);
                let is_open = |symbol: u8| match &memory.recent {
                    Some(recent) => (symbol < recent.told) == known.is_again(),
                    None if symbol > highest => known.allows(before[lane]),
                    None => known.allows(symbol),
                };
                let open = symbols.iter().zip(weights).filter(|it| is_open(*it.0));
                let open: u32 = open.map(|it| *it.1).sum();
                is_last_level || open >= Tree::TOTAL / POSSIBLE
            });
            let needed = needed.get(lane).copied().unwrap_or(0);
            let is_above = |value: u8| least.is_none_or(|least| value > least);
            let is_allowed =
                |value: u8| is_above(value) && known.is_none_or(|known| known.allows(value));
            let leaves_enough = |value: u8| {
                is_allowed(value)
                    && (needed == 0 || above(value, highest, known, needed.into()) == needed)
            };
            let drawn = self.out[lane];
            let draw = |is_open: &dyn Fn(u8) -> bool| {
                let recent = next.and(memory.recent.as_ref().zip(memory.levels.as_ref()));
                if let Some((recent, levels)) = recent {
                    return recent.value(&levels[lane], drawn, is_open, bits[lane], feature);
                }
                let copied = if drawn > highest { before[lane] } else { drawn };
                if is_open(copied) {
                    return Some(drawn);
                }
                // By what is left of the distribution.
                let is_open = |value: u8| value <= highest && is_open(value);
                tree.draw_among(is_open, bits[lane], feature)
            };
            let value = draw(&leaves_enough).or_else(|| draw(&is_allowed));
            let value = value.or_else(|| draw(&is_above));
            let next = before[lane].saturating_add(u8::from(least.is_some()));
            self.out[lane] = value.unwrap_or(next.min(highest));
        }
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
                if let Some(levels) = &mut memory.levels {
                    move_to_front(&mut levels[lane], symbol);
                }
                if let (Some(norm), Some(_)) = (&memory.norm, memory.habit) {
                    let usual = norm.distribution(|it| self.block.column(it)[lane]);
                    memory.habits[lane].take(symbol, memory.least, usual);
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
        if let Some(feature) = self.habit {
            let symbols = block.column_mut(feature).iter_mut();
            (symbols.zip(&self.habits)).for_each(|(symbol, habit)| *symbol = habit.symbol());
        }
        if let (Some(distinct), Some(levels)) = (self.distinct, &self.levels) {
            let distinct = block.column_mut(distinct).iter_mut();
            for (distinct, levels) in distinct.zip(levels) {
                *distinct = (levels.len() as u64).min(Feature::PLACES) as u8;
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
        ascends: Option<Move>,
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
