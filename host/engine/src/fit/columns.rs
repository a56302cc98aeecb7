//! How each column of a table is filled: from a learned variable, by a generator, as a key.

use arrow::array::{Array, AsArray};
use prodlike_core::generator::GeneratorSpec;
use prodlike_core::model::{EdgeKind, EdgeModel, Fill, Sequence, Target};
use prodlike_core::schema::{DataType, SemanticType};
use prodlike_duckdb::Source;
use prodlike_models::codec::Codec;

use super::encode::{self, Encoded};
use super::finer::finer;
use super::formulas::formulas;
use super::levels::{self, Strings};
use super::{Fitter, Variable, types};
use crate::error::Error;

/// The columns of one table, encoded.
#[derive(Default)]
pub(super) struct Encoding {
    /// How each column is filled; indices of variables are those of `variables`.
    pub(super) fills: Vec<Fill>,
    /// Columns, and references to kept tables.
    pub(super) variables: Vec<Variable>,
    /// Second symbols of variables (indices).
    pub(super) finer: Vec<(usize, Codec, Vec<u8>)>,
    /// Variables (indices) that have no symbols yet.
    strings: Vec<(usize, Strings)>,
    /// Columns that are distinct within one owner's rows, encoded as if they were not.
    pub(super) natural: Vec<(usize, Variable)>,
}

impl Encoding {
    /// Gives strings that wait for other columns their symbols, one column after another.
    fn settle(&mut self, held_out: &[bool]) {
        for (index, strings) in std::mem::take(&mut self.strings) {
            let (first, second) = strings.settled(&self.variables, held_out);
            let variable = &mut self.variables[index];
            (variable.codec, variable.symbols) = first;
            (self.finer).extend(second.map(|(codec, symbols)| (index, codec, symbols)));
        }
    }
}

impl Fitter<'_> {
    /// Encodes the columns of a table.
    pub(super) fn encoding(
        &mut self,
        source: &Source,
        table: usize,
        edges: &[EdgeModel],
    ) -> Result<Encoding, Error> {
        let mut encoding = Encoding::default();
        let schema = &self.schema.tables[table];
        for position in 0..schema.columns.len() {
            let fill = self.fill(source, table, position, &mut encoding)?;
            if let Fill::Sequence(Sequence {
                grouped: true,
                dense: false,
                presence: None,
                ..
            }) = fill
                && let Some(variable) = self.natural(source, table, position)?
            {
                encoding.natural.push((position, variable));
            }
            encoding.fills.push(fill);
        }
        let batch = &self.samples[table].batch;
        let found = formulas(schema, batch, &encoding.variables, self.floor(table));
        for (variable, formula) in encoding.variables.iter_mut().zip(found) {
            variable.formula = formula;
        }
        let held_out = self.held_out(table);
        for (index, variable) in encoding.variables.iter_mut().enumerate() {
            let Target::Column(position) = variable.target else {
                continue;
            };
            if variable.formula.is_some() {
                continue;
            }
            let array = self.samples[table].batch.column(position);
            let coarse = (&variable.codec, variable.symbols.as_slice());
            let floor = self.floor(table);
            let found = finer(&schema.columns[position], array, coarse, floor, &held_out);
            if let Some((saved, finer, symbols)) = found {
                variable.saved = saved;
                encoding.finer.push((index, Codec::Finer(finer), symbols));
            }
        }
        for (edge, model) in edges.iter().enumerate() {
            if self.kinds[edge] == Some(EdgeKind::Kept)
                && self.schema.relationships[edge].child_table == schema.name
            {
                let (codec, symbols) = self.kept_reference(table, edge, model)?;
                let target = Target::Relationship(edge);
                encoding
                    .variables
                    .push(Variable::new(target, codec, symbols));
            }
        }
        encoding.settle(&held_out);
        Ok(encoding)
    }

    /// Encodes a column that its key makes distinct as if it were an ordinary one.
    fn natural(
        &self,
        source: &Source,
        table: usize,
        position: usize,
    ) -> Result<Option<Variable>, Error> {
        let schema = &self.schema.tables[table];
        let column = &schema.columns[position];
        let profile = source.profile(&schema.name, column)?;
        let array = self.samples[table].batch.column(position);
        let encoded = encode::column(&schema.name, column, array, &profile, self.floor(table))?;
        Ok(match encoded {
            Encoded::Symbols { codec, symbols, .. } => {
                Some(Variable::new(Target::Column(position), codec, symbols))
            }
            // Where there are so many, each is a sequence's.
            Encoded::Strings { .. } | Encoded::Nothing => None,
        })
    }

    /// Decides how a column is filled; pushes the variable it is drawn from, if any.
    fn fill(
        &mut self,
        source: &Source,
        table: usize,
        position: usize,
        encoding: &mut Encoding,
    ) -> Result<Fill, Error> {
        let variables = &mut encoding.variables;
        let schema = &self.schema.tables[table];
        let column = &schema.columns[position];
        if self.is_foreign(table, &column.name) {
            return Ok(Fill::ForeignKey);
        }
        if let Some(fill) = self.key(source, table, column)? {
            return Ok(self.with_presence(table, position, fill, variables));
        }
        let bytes = (column.data_type == DataType::Blob).then_some(SemanticType::Binary.as_str());
        if let Some(generator) = column.generator.as_deref().or(bytes) {
            return Ok(self.generated(table, position, generator, false, variables));
        }
        let profile = source.profile(&schema.name, column)?;
        let array = self.samples[table].batch.column(position);
        let encoded = encode::column(&schema.name, column, array, &profile, self.floor(table))?;
        let (codec, symbols, suppressed) = match encoded {
            Encoded::Symbols {
                codec,
                symbols,
                suppressed,
            } => (codec, symbols, suppressed),
            Encoded::Strings {
                strings,
                suppressed,
            } => {
                encoding.strings.push((variables.len(), strings));
                (Codec::Classes(0), Vec::new(), suppressed)
            }
            Encoded::Nothing => {
                let generator = match &column.data_type {
                    DataType::String if column.semantic.is_identifying() => column.semantic,
                    DataType::String => SemanticType::Code,
                    DataType::Uuid => SemanticType::Uuid,
                    DataType::Blob | DataType::Bit => SemanticType::Binary,
                    DataType::Interval => SemanticType::PublicNumber,
                    data_type if data_type.is_temporal() => SemanticType::PublicDatetime,
                    _ => SemanticType::PublicNumber,
                };
                self.progress.warn(&format!(
                    "column `{}.{}`: no value is shared by {} protected entities; it is generated by `{generator}`, not learned; set `generator` in the manifest to choose another",
                    schema.name, column.name, self.schema.privacy.k
                ));
                self.suppress(table, &column.name, "column", 1);
                return Ok(self.generated(table, position, generator.as_str(), false, variables));
            }
        };
        for (what, count) in suppressed {
            self.suppress(table, &column.name, what, count);
        }
        variables.push(Variable::new(Target::Column(position), codec, symbols));
        Ok(Fill::Drawn(variables.len() - 1))
    }

    /// Lets a distinct column have the NULLs that it had, unless rows refer to it.
    pub(super) fn with_presence(
        &self,
        table: usize,
        position: usize,
        fill: Fill,
        variables: &mut Vec<Variable>,
    ) -> Fill {
        let schema = &self.schema.tables[table];
        let column = &schema.columns[position].name;
        let array = self.samples[table].batch.column(position);
        let is_referred_to = self.schema.relationships.iter().any(|relationship| {
            relationship.parent_table == schema.name && relationship.parent_key.contains(column)
        });
        if is_referred_to {
            if array.null_count() > 0 {
                self.progress.warn(&format!(
                    "column `{}.{column}` is generated without NULLs: other rows refer to it",
                    schema.name
                ));
            }
            return fill;
        }
        match fill {
            Fill::Generated { spec, .. } => {
                self.generated(table, position, &spec.name, true, variables)
            }
            Fill::Sequence(sequence) => Fill::Sequence(Sequence {
                presence: self.presence(table, position, variables),
                ..sequence
            }),
            fill => fill,
        }
    }

    /// Learns whether a generated column has a value; returns the variable.
    pub(super) fn presence(
        &self,
        table: usize,
        position: usize,
        variables: &mut Vec<Variable>,
    ) -> Option<usize> {
        let array = self.samples[table].batch.column(position);
        let (codec, symbols) = encode::presence(array, self.floor(table))?;
        variables.push(Variable::new(Target::Column(position), codec, symbols));
        Some(variables.len() - 1)
    }

    pub(super) fn generated(
        &self,
        table: usize,
        position: usize,
        generator: &str,
        unique: bool,
        variables: &mut Vec<Variable>,
    ) -> Fill {
        let spec = self.spec(table, position, generator, unique);
        let makes_nulls = (self.registry.build(&spec)).is_ok_and(|it| it.makes_nulls());
        Fill::Generated {
            spec: Box::new(spec),
            presence: match makes_nulls {
                true => None,
                false => self.presence(table, position, variables),
            },
        }
    }

    pub(super) fn spec(
        &self,
        table: usize,
        position: usize,
        generator: &str,
        unique: bool,
    ) -> GeneratorSpec {
        let column = &self.schema.tables[table].columns[position];
        let mut spec = GeneratorSpec {
            name: generator.to_string(),
            unique,
            locale: column.locale.clone(),
            options: column.options.clone(),
            secrets: column.secrets.clone(),
            learned: (self.learned.get(&(table, position)).cloned()).unwrap_or_default(),
            plugin: self.registry.plugin(generator).map(|file| file.id),
            ..GeneratorSpec::default()
        };
        let array = self.samples[table].batch.column(position);
        let floor = self.floor(table);
        if generator == SemanticType::Binary.as_str() {
            let ranges = types::lengths(array, floor);
            spec.templates = prodlike_generators::length_templates(&ranges);
        }
        let Some(texts) = array.as_string_opt::<i32>() else {
            return spec;
        };
        match generator.parse() {
            Ok(
                SemanticType::Code
                | SemanticType::Phone
                | SemanticType::State
                | SemanticType::Postcode
                | SemanticType::FilePath
                | SemanticType::CardNumber
                | SemanticType::Iban
                | SemanticType::NationalId
                | SemanticType::MacAddress
                | SemanticType::Uuid,
            ) => {
                let values: Vec<Option<&str>> = texts.iter().collect();
                let entities = floor.entities.first().map(Vec::as_slice);
                spec.templates =
                    prodlike_generators::mine_templates(&values, entities, floor.k.max(2));
            }
            Ok(SemanticType::Text) => {
                let letters = |row: usize| texts.value(row).chars().count() as u32;
                let lengths: Vec<Option<u32>> = (0..texts.len())
                    .map(|row| texts.is_valid(row).then(|| letters(row)))
                    .collect();
                spec.lengths = encode::lengths(&lengths, floor);
            }
            _ => {}
        }
        spec
    }

    /// Learns which rows of a kept parent are referred to.
    pub(super) fn kept_reference(
        &mut self,
        table: usize,
        edge: usize,
        model: &EdgeModel,
    ) -> Result<(Codec, Vec<u8>), Error> {
        let relationship = &self.schema.relationships[edge];
        let parent = self.index(&relationship.parent_table)?;
        let links = self.samples[table].links[edge].clone().unwrap_or_default();
        let floor = self.floor(table);
        let nullable = model.nulls + model.orphans > 0
            && floor.holds(links.len(), |row| links[row] == u32::MAX);
        match levels::kept_rows(
            &links,
            self.samples[parent].batch.num_rows(),
            nullable || links.is_empty(),
            floor,
        ) {
            Some((coded, suppressed)) => {
                for (what, count) in suppressed {
                    self.suppress(table, &relationship.name(), what, count);
                }
                Ok(coded)
            }
            None => Ok((
                Codec::Rows {
                    nullable: true,
                    rows: Vec::new(),
                    other: Vec::new(),
                },
                vec![0; links.len()],
            )),
        }
    }
}
