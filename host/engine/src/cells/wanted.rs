//! Which features of a table's rows have to be drawn for others to be.

use prodlike_core::model::{Feature, NextCodec};
use prodlike_models::tree::Tree;

use super::{Cells, total_of};

impl Cells {
    /// Returns what is wanted of a table: some features, and those that they are drawn from.
    pub(super) fn wanted_for(
        &self,
        table: usize,
        features: impl IntoIterator<Item = usize>,
    ) -> Vec<bool> {
        let mut wanted = vec![false; self.model.tables[table].features.len()];
        for feature in features {
            wanted[feature] = true;
        }
        self.closure(table, wanted)
    }

    /// Adds the features that wanted ones are drawn from.
    pub(super) fn closure(&self, table: usize, mut wanted: Vec<bool>) -> Vec<bool> {
        let learned = &self.model.tables[table];
        loop {
            let before = wanted.iter().filter(|wanted| **wanted).count();
            for feature in (0..learned.features.len()).rev() {
                if !wanted[feature] {
                    continue;
                }
                match learned.features[feature] {
                    Feature::Drawn(drawn) => self.asked(table, drawn, &mut wanted),
                    Feature::Toward => {
                        let chain = learned.chain.as_ref();
                        if let Some(toward) = chain.and_then(|chain| chain.toward.as_ref()) {
                            wanted[toward.feature] = true;
                        }
                        if let Some(&first) = chain.and_then(|chain| chain.order.first()) {
                            wanted[self.feature_of(table, first)] = true;
                        }
                    }
                    Feature::Slack => {
                        let parts = learned.features.iter().enumerate();
                        parts
                            .filter(|(_, it)| matches!(it, Feature::Left | Feature::Toward))
                            .for_each(|(part, _)| wanted[part] = true);
                    }
                    Feature::Previous(drawn)
                    | Feature::Distinct(drawn)
                    | Feature::Had(drawn, _)
                    | Feature::Step(drawn) => {
                        wanted[self.feature_of(table, drawn)] = true;
                    }
                    Feature::Ahead(drawn) => {
                        wanted[self.feature_of(table, drawn)] = true;
                        if let Some(total) = total_of(learned, drawn) {
                            wanted[total] = true;
                        }
                    }
                    Feature::Spare(drawn) => {
                        let parts = learned.features.iter().enumerate();
                        parts
                            .filter(|&(_, it)| [Feature::Left, Feature::Ahead(drawn)].contains(it))
                            .for_each(|(part, _)| wanted[part] = true);
                    }
                    Feature::Habit(drawn) => {
                        wanted[self.feature_of(table, drawn)] = true;
                        let next = learned.drawn[drawn].next.as_ref();
                        let norm = next.and_then(|next| next.norm.as_ref());
                        (norm.iter().flat_map(|norm| norm.asked()))
                            .for_each(|asked| wanted[asked] = true);
                    }
                    Feature::Last(same, drawn) => {
                        for of in [same, drawn] {
                            wanted[self.feature_of(table, of)] = true;
                        }
                    }
                    Feature::Open => {
                        let order = learned.chain.iter().flat_map(|chain| chain.order.last());
                        order.for_each(|&last| wanted[self.feature_of(table, last)] = true);
                    }
                    Feature::Other(drawn) => {
                        let mut features = learned.features.iter();
                        if let Some(previous) =
                            features.position(|it| *it == Feature::Previous(drawn))
                        {
                            wanted[previous] = true;
                        }
                    }
                    _ => {}
                }
            }
            // A row before asks for what comes later in this one: once more, until all is there.
            if wanted.iter().filter(|wanted| **wanted).count() == before {
                return wanted;
            }
        }
    }

    /// Marks what a variable is drawn from.
    fn asked(&self, table: usize, drawn: usize, wanted: &mut [bool]) {
        let learned = &self.model.tables[table];
        let variable = &learned.drawn[drawn];
        variable.tree.asked().for_each(|asked| wanted[asked] = true);
        if let Some(shift) = &variable.shift {
            wanted[self.feature_of(table, shift.base)] = true;
        }
        if let Some(next) = &variable.next {
            let by_norm = matches!(next.codec, NextCodec::Part(_));
            let norm = next.norm.as_ref().filter(|_| by_norm);
            let trees = [
                Some(&next.tree),
                next.fresh.as_ref(),
                next.starts.as_ref(),
                norm,
            ];
            let trees = trees.into_iter().flatten();
            (trees.flat_map(Tree::asked)).for_each(|asked| wanted[asked] = true);
            // What bounds a value, whatever else is asked for.
            for (bound, wanted) in learned.features.iter().zip(&mut *wanted) {
                *wanted |= [Feature::Ahead(drawn), Feature::Spare(drawn)].contains(bound);
            }
        }
        // What rows ascend in is known together.
        let order = learned.chain.iter().flat_map(|chain| &chain.order);
        let order: Vec<usize> = order.copied().collect();
        if order.contains(&drawn) {
            order
                .iter()
                .for_each(|&other| wanted[self.feature_of(table, other)] = true);
        }
    }
}
