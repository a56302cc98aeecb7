//! The exports of a component, for any type that implements the traits.

use std::marker::PhantomData;

use super::bindings::base::prodlike::plugin::types as wire;
use super::bindings::{about, detector, generator, learn, rule, transform};
use super::convert;
use crate::log;
use crate::plugin::{self, Detector, Domain, Generator, Learn, Plugin, Rule, Settings, Transform};
use crate::view::Batch;

/// The root of a component that exports what `P` implements.
#[derive(Debug)]
pub struct Exported<P>(PhantomData<P>);

/// A configured plugin.
#[derive(Debug)]
pub struct Instance<P> {
    plugin: P,
    settings: Settings,
}

impl<P: Plugin> Instance<P> {
    fn configure(settings: wire::Settings) -> Result<Instance<P>, wire::Error> {
        // A trap has no words of its own.
        std::panic::set_hook(Box::new(|panic| log::warn(&panic.to_string())));
        let (options, settings) = convert::settings(settings)?;
        Ok(Instance {
            plugin: plugin::configure(&options, &settings)?,
            settings,
        })
    }
}

impl<P: Plugin> about::exports::prodlike::plugin::about::Guest for Exported<P> {
    fn describe() -> about::exports::prodlike::plugin::about::Description {
        use about::exports::prodlike::plugin::about::{Description, Example, Output};
        let about = P::about();
        Description {
            name: about.name,
            version: about.version,
            summary: about.summary,
            options: plugin::schema::<P::Options>(),
            outputs: about
                .outputs
                .into_iter()
                .map(|output| Output {
                    name: output.name,
                    summary: output.summary,
                    semantic: output.semantic,
                })
                .collect(),
            context: about.context,
            finds: about.finds,
            examples: about
                .examples
                .into_iter()
                .map(|example| Example {
                    summary: example.summary,
                    options: example.options,
                })
                .collect(),
        }
    }
}

impl<P: Generator> generator::exports::prodlike::plugin::generator::Guest for Exported<P> {
    type Instance = Instance<P>;
}

impl<P: Generator> generator::exports::prodlike::plugin::generator::GuestInstance for Instance<P> {
    fn configure(
        settings: wire::Settings,
    ) -> Result<generator::exports::prodlike::plugin::generator::Instance, wire::Error> {
        Instance::<P>::configure(settings)
            .map(generator::exports::prodlike::plugin::generator::Instance::new)
    }

    fn output(&self) -> Vec<wire::Field> {
        convert::flat_fields(self.plugin.output())
    }

    fn generate(
        &self,
        rows: wire::Rows,
        input: Vec<wire::Node>,
    ) -> Result<Vec<wire::Node>, wire::Error> {
        let columns = convert::columns(&self.settings.input, input)?;
        let made = self.plugin.generate(
            &convert::rows(rows)?,
            &Batch::new(&self.settings.input, &columns),
        )?;
        Ok(convert::flat_columns(made))
    }
}

impl<P: Transform> transform::exports::prodlike::plugin::transform::Guest for Exported<P> {
    type Instance = Instance<P>;
}

impl<P: Transform> transform::exports::prodlike::plugin::transform::GuestInstance for Instance<P> {
    fn configure(
        settings: wire::Settings,
    ) -> Result<transform::exports::prodlike::plugin::transform::Instance, wire::Error> {
        Instance::<P>::configure(settings)
            .map(transform::exports::prodlike::plugin::transform::Instance::new)
    }

    fn output(&self) -> Vec<wire::Field> {
        convert::flat_fields(self.plugin.output())
    }

    fn apply(
        &self,
        rows: wire::Rows,
        input: Vec<wire::Node>,
    ) -> Result<Vec<wire::Node>, wire::Error> {
        let columns = convert::columns(&self.settings.input, input)?;
        let made = self.plugin.apply(
            &convert::rows(rows)?,
            &Batch::new(&self.settings.input, &columns),
        )?;
        Ok(convert::flat_columns(made))
    }
}

impl<P: Learn> learn::exports::prodlike::plugin::learn::Guest for Exported<P> {
    type Instance = Instance<P>;
}

impl<P: Learn> learn::exports::prodlike::plugin::learn::GuestInstance for Instance<P> {
    fn configure(
        settings: wire::Settings,
    ) -> Result<learn::exports::prodlike::plugin::learn::Instance, wire::Error> {
        Instance::<P>::configure(settings)
            .map(learn::exports::prodlike::plugin::learn::Instance::new)
    }

    fn keys(&self, input: Vec<wire::Node>) -> Result<Vec<wire::Node>, wire::Error> {
        let columns = convert::columns(&self.settings.input, input)?;
        let keys = self
            .plugin
            .keys(&Batch::new(&self.settings.input, &columns))?;
        Ok(convert::flat_columns(vec![keys]))
    }
}

impl<P: Detector> detector::exports::prodlike::plugin::detector::Guest for Exported<P> {
    type Instance = Instance<P>;
}

impl<P: Detector> detector::exports::prodlike::plugin::detector::GuestInstance for Instance<P> {
    fn configure(
        settings: wire::Settings,
    ) -> Result<detector::exports::prodlike::plugin::detector::Instance, wire::Error> {
        Instance::<P>::configure(settings)
            .map(detector::exports::prodlike::plugin::detector::Instance::new)
    }

    fn detect(
        &self,
        input: Vec<wire::Node>,
    ) -> Result<Vec<detector::exports::prodlike::plugin::detector::Finding>, wire::Error> {
        let columns = convert::columns(&self.settings.input, input)?;
        let found = self
            .plugin
            .detect(&Batch::new(&self.settings.input, &columns))?;
        Ok(found
            .into_iter()
            .map(
                |finding| detector::exports::prodlike::plugin::detector::Finding {
                    semantic: finding.semantic,
                    matched: finding.matched,
                    chance: finding.chance,
                },
            )
            .collect())
    }
}

impl<P: Rule> rule::exports::prodlike::plugin::rule::Guest for Exported<P> {
    type Instance = Instance<P>;
}

impl<P: Rule> rule::exports::prodlike::plugin::rule::GuestInstance for Instance<P> {
    fn configure(
        settings: wire::Settings,
    ) -> Result<rule::exports::prodlike::plugin::rule::Instance, wire::Error> {
        Instance::<P>::configure(settings).map(rule::exports::prodlike::plugin::rule::Instance::new)
    }

    fn domains(&self) -> Vec<rule::exports::prodlike::plugin::rule::Domain> {
        use rule::exports::prodlike::plugin::rule::Domain as Wire;
        self.plugin
            .domains()
            .into_iter()
            .map(|domain| match domain {
                Domain::Any => Wire::Any,
                Domain::Range(from, to) => Wire::Range((from, to)),
                Domain::OneOf(values) => Wire::OneOf(values),
            })
            .collect()
    }

    fn check(
        &self,
        rows: wire::Rows,
        input: Vec<wire::Node>,
    ) -> Result<Vec<wire::Node>, wire::Error> {
        let columns = convert::columns(&self.settings.input, input)?;
        let can = self.plugin.check(
            &convert::rows(rows)?,
            &Batch::new(&self.settings.input, &columns),
        )?;
        Ok(convert::flat_columns(vec![can]))
    }
}
