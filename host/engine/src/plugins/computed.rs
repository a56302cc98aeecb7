//! Columns that need no plugin: expressions of SQL, and templates.

mod template;

use std::sync::{Arc, OnceLock};

use arrow::array::ArrayRef;
use prodlike_core::generator::{Failure, GenerateArgs, Generator, GeneratorError, GeneratorSpec};
use prodlike_core::schema::DataType;
use prodlike_duckdb::{Evaluator, Expression, ExpressionError};

use template::Template;

/// The generators of this module: in a manifest each is a key of its own.
const NAMES: [&str; 2] = ["expression", "template"];

/// Builds one by its name, if it is one.
pub(super) fn build(spec: &GeneratorSpec) -> Option<Result<Arc<dyn Generator>, GeneratorError>> {
    match spec.name.as_str() {
        "expression" => Some(computed(spec).map(|made| Arc::new(made) as Arc<dyn Generator>)),
        "template" => Some(Template::new(spec).map(|made| Arc::new(made) as Arc<dyn Generator>)),
        _ => None,
    }
}

/// Whether a generator's name is that of one of this module.
pub(crate) fn is_computed(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Whether a column agrees with others of its row by the names in its template.
pub(crate) fn agrees_by_names(spec: &GeneratorSpec) -> bool {
    spec.name == NAMES[1] && template::has_names(&spec.options)
}

/// A column that is computed from others.
struct Computed {
    expression: Expression,
    /// The columns that it names.
    needs: Vec<String>,
    evaluator: OnceLock<Option<Evaluator>>,
}

fn computed(spec: &GeneratorSpec) -> Result<Computed, GeneratorError> {
    if spec.unique {
        return Err(GeneratorError::Repeats {
            name: spec.name.clone(),
        });
    }
    let expression = Expression::parse(&spec.options).map_err(failed)?;
    Ok(Computed {
        needs: expression
            .columns()
            .iter()
            .map(|names| names.join("."))
            .collect(),
        expression,
        evaluator: OnceLock::new(),
    })
}

fn failed(error: ExpressionError) -> GeneratorError {
    GeneratorError::Plugin(Failure::new(error))
}

impl Computed {
    fn evaluator(&self, args: &GenerateArgs<'_>) -> Option<Evaluator> {
        let types = args.context.iter().map(|sibling| sibling.data_type.clone());
        let types: Vec<DataType> = types.collect();
        (types.len() == self.needs.len())
            .then(|| self.expression.evaluator(types, args.data_type.clone()))
    }
}

impl Generator for Computed {
    fn needs(&self) -> &[String] {
        &self.needs
    }

    fn makes_nulls(&self) -> bool {
        true
    }

    fn generate(&self, args: &GenerateArgs<'_>) -> Result<ArrayRef, GeneratorError> {
        let Some(evaluator) = self.evaluator.get_or_init(|| self.evaluator(args)) else {
            // The pipeline shows all that is needed, or does not ask.
            return Err(GeneratorError::DataType {
                name: NAMES[0].into(),
                data_type: args.data_type.clone(),
            });
        };
        let input: Vec<ArrayRef> = args
            .context
            .iter()
            .map(|it| Arc::clone(&it.values))
            .collect();
        evaluator.evaluate(args.rows.len(), &input).map_err(failed)
    }
}
