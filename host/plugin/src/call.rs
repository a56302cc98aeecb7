//! Calls: instances that were configured, and what becomes of one that fails.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use wasmtime::component::{Instance, InstancePre, ResourceAny};
use wasmtime::{PoolConcurrencyLimitError, Store, Trap};

use crate::bindings::exports::prodlike::plugin::{detector, generator, learn, rule, transform};
use crate::bindings::prodlike::plugin::types as wit;
use crate::contract::Kind;
use crate::encode::{self, Node};
use crate::error::{Error, Failure, Place};
use crate::field;
use crate::log::{Log, shown};
use crate::plugin::Plugin;
use crate::runtime::{State, arm};
use crate::settings::{Column, Lent, Rows, Settings};
use prodlike_core::limits::Limits;

/// What the generated bindings of the kinds have in common.
pub(crate) trait Interface: 'static {
    const KIND: Kind;
    type Indices: Send + Sync;
    type Guest: Send;

    fn indices(instance: &InstancePre<State>) -> wasmtime::Result<Self::Indices>;
    fn guest(
        indices: &Self::Indices,
        store: &mut Store<State>,
        instance: &Instance,
    ) -> wasmtime::Result<Self::Guest>;
    fn configure(
        guest: &Self::Guest,
        store: &mut Store<State>,
        settings: wit::Settings<'_>,
    ) -> Answer<ResourceAny>;
}

/// The engine's error, or else the plugin's.
pub(crate) type Answer<T> = wasmtime::Result<Result<T, wit::Error>>;

macro_rules! interface {
    ($name:ident, $module:ident) => {
        pub(crate) struct $name;

        impl Interface for $name {
            const KIND: Kind = Kind::$name;
            type Indices = $module::GuestIndices;
            type Guest = $module::Guest;

            fn indices(instance: &InstancePre<State>) -> wasmtime::Result<Self::Indices> {
                $module::GuestIndices::new(instance)
            }

            fn guest(
                indices: &Self::Indices,
                store: &mut Store<State>,
                instance: &Instance,
            ) -> wasmtime::Result<Self::Guest> {
                indices.load(store, instance)
            }

            fn configure(
                guest: &Self::Guest,
                store: &mut Store<State>,
                settings: wit::Settings<'_>,
            ) -> Answer<ResourceAny> {
                guest.instance().call_configure(store, settings)
            }
        }
    };
}

interface!(Generator, generator);
interface!(Transform, transform);
interface!(Learn, learn);
interface!(Detector, detector);
interface!(Rule, rule);

/// Checks that an export has the functions of the contract.
pub(crate) fn probe(kind: Kind, instance: &InstancePre<State>) -> wasmtime::Result<()> {
    match kind {
        Kind::Generator => Generator::indices(instance).map(|_| ()),
        Kind::Transform => Transform::indices(instance).map(|_| ()),
        Kind::Learn => Learn::indices(instance).map(|_| ()),
        Kind::Detector => Detector::indices(instance).map(|_| ()),
        Kind::Rule => Rule::indices(instance).map(|_| ()),
    }
}

/// An instance that was configured, and the world it is in.
pub(crate) struct Session<K: Interface> {
    pub(crate) store: Store<State>,
    pub(crate) guest: K::Guest,
    pub(crate) resource: ResourceAny,
}

/// Instances of one plugin with the same settings: one a worker, each used again and again
/// until something fails in it.
pub(crate) struct Pool<K: Interface> {
    pub(crate) plugin: Plugin,
    pub(crate) settings: Settings,
    /// The input, in the types in which it crosses.
    input: Vec<Column>,
    wanted: Vec<Column>,
    indices: K::Indices,
    log: Log,
    idle: Mutex<Vec<Session<K>>>,
    fuel: AtomicU64,
}

impl<K: Interface> Pool<K> {
    /// Checks the settings and configures a first instance.
    pub(crate) fn new(plugin: &Plugin, mut settings: Settings, real: bool) -> Result<Self, Error> {
        plugin.require(K::KIND)?;
        settings.real |= real;
        let place = Place {
            column: settings.column.clone(),
            rows: None,
        };
        check_options(plugin, &settings.options, &place)?;
        let canonical = |columns: &[Column]| {
            columns
                .iter()
                .map(|column| canonical(column, plugin, &place))
                .collect::<Result<Vec<_>, _>>()
        };
        let pool = Pool {
            input: canonical(&settings.input)?,
            wanted: canonical(&settings.wanted)?,
            indices: K::indices(plugin.instance()).map_err(Error::runtime)?,
            log: plugin.log(settings.real, &settings.secrets),
            plugin: plugin.clone(),
            settings,
            idle: Mutex::new(Vec::new()),
            fuel: AtomicU64::new(0),
        };
        let first = pool.fresh()?;
        pool.put_back(first);
        Ok(pool)
    }

    /// Fuel that all calls used up so far, without configuration.
    pub(crate) fn fuel(&self) -> u64 {
        self.fuel.load(Ordering::Relaxed)
    }

    /// Names the place of a batch in errors.
    pub(crate) fn place(&self, rows: Option<&Rows<'_>>) -> Place {
        Place {
            column: self.settings.column.clone(),
            rows: rows.and_then(Rows::span),
        }
    }

    /// Makes and configures another instance.
    pub(crate) fn fresh(&self) -> Result<Session<K>, Error> {
        let limits = self.plugin.limits();
        let fuel = limits.fuel_to_configure;
        let mut store = self.plugin.runtime().store(limits, self.log.clone());
        arm(&mut store, fuel, limits.time)?;
        let lent = Lent::new(
            &self.settings,
            field::flatten(&self.input),
            field::flatten(&self.wanted),
        );
        let configured = self
            .plugin
            .instance()
            .instantiate(&mut store)
            .and_then(|instance| K::guest(&self.indices, &mut store, &instance))
            .and_then(|guest| {
                let answer = K::configure(&guest, &mut store, self.settings.lend(&lent))?;
                Ok(answer.map(|resource| (guest, resource)))
            });
        match configured {
            Ok(Ok((guest, resource))) => Ok(Session {
                store,
                guest,
                resource,
            }),
            Ok(Err(error)) => Err(self.refused(error, None)),
            Err(error) => Err(self.failed(&error, &store, fuel, None)),
        }
    }

    /// Calls an idle instance, or a new one where there is none.
    pub(crate) fn call<T>(
        &self,
        rows: Option<&Rows<'_>>,
        call: impl FnOnce(&mut Session<K>) -> Answer<T>,
    ) -> Result<T, Error> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut session = match idle {
            Some(session) => session,
            None => self.fresh()?,
        };
        let answer = self.call_in(&mut session, rows, call)?;
        self.put_back(session);
        Ok(answer)
    }

    /// Calls this instance, which is of no use any more where it fails.
    pub(crate) fn call_in<T>(
        &self,
        session: &mut Session<K>,
        rows: Option<&Rows<'_>>,
        call: impl FnOnce(&mut Session<K>) -> Answer<T>,
    ) -> Result<T, Error> {
        let limits = self.plugin.limits();
        let fuel = limits.fuel_of(rows.map_or(0, |rows| u64::from(rows.count)));
        arm(&mut session.store, fuel, limits.time)?;
        let answer = match call(session) {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(self.refused(error, rows)),
            Err(error) => return Err(self.failed(&error, &session.store, fuel, rows)),
        };
        let left = session.store.get_fuel().map_err(Error::runtime)?;
        self.fuel
            .fetch_add(fuel.saturating_sub(left), Ordering::Relaxed);
        Ok(answer)
    }

    pub(crate) fn put_back(&self, session: Session<K>) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(session);
    }

    /// Writes the input of one batch as the contract has it.
    pub(crate) fn encode(&self, rows: &Rows<'_>, input: &[ArrayRef]) -> Result<Vec<Node>, Error> {
        let wrong = |reason: String| Error::Input {
            plugin: Box::new(self.plugin.id().clone()),
            place: self.place(Some(rows)),
            reason,
        };
        if input.len() != self.input.len() {
            return Err(wrong(format!(
                "{} columns where {} were stated",
                input.len(),
                self.input.len()
            )));
        }
        let mut nodes = Vec::with_capacity(input.len());
        let columns = self.settings.input.iter().zip(&self.input);
        for (array, (stated, canonical)) in input.iter().zip(columns) {
            let name = stated.field.name();
            if array.data_type() != stated.field.data_type() {
                return Err(wrong(format!(
                    "column `{name}` has type {}, and {} was stated",
                    array.data_type(),
                    stated.field.data_type()
                )));
            }
            if array.len() != rows.count as usize {
                return Err(wrong(format!(
                    "column `{name}` has {} values for {} rows",
                    array.len(),
                    rows.count
                )));
            }
            let nullable = stated.field.is_nullable();
            if !nullable && array.logical_null_count() > 0 {
                return Err(wrong(format!(
                    "column `{name}` has NULLs and was stated not to"
                )));
            }
            let carried;
            let array = if array.data_type() == canonical.field.data_type() {
                array
            } else {
                carried = arrow::compute::cast(array, canonical.field.data_type())
                    .map_err(|error| wrong(format!("column `{name}`: {error}")))?;
                &carried
            };
            encode::push(array, nullable, None, &mut nodes)
                .map_err(|error| wrong(format!("column `{name}`: {error}")))?;
        }
        Ok(nodes)
    }

    /// An error for what is wrong with a result.
    pub(crate) fn result(&self, rows: Option<&Rows<'_>>, failure: Failure) -> Error {
        Error::Call {
            plugin: Box::new(self.plugin.id().clone()),
            place: self.place(rows),
            failure,
        }
    }

    /// The plugin says that it cannot.
    fn refused(&self, error: wit::Error, rows: Option<&Rows<'_>>) -> Error {
        // Before the first batch it cannot tell what it has not seen.
        let log = match rows {
            None => self.log.aloud(),
            Some(_) => self.log.clone(),
        };
        let words = |message: &str| log.words(message);
        let failure = match error {
            wit::Error::Options((path, message)) => Failure::Option {
                path: words(&path),
                message: words(&message),
            },
            wit::Error::Unsupported(message) => Failure::Unsupported {
                message: words(&message),
            },
            wit::Error::Data((row, message)) => Failure::Data {
                row: rows.map_or(u64::from(row), |rows| rows.number(u64::from(row))),
                message: words(&message),
            },
            wit::Error::Other(message) => Failure::Other {
                message: words(&message),
            },
        };
        self.result(rows, failure)
    }

    /// The engine stopped the plugin.
    fn failed(
        &self,
        error: &wasmtime::Error,
        store: &Store<State>,
        fuel: u64,
        rows: Option<&Rows<'_>>,
    ) -> Error {
        if error.is::<PoolConcurrencyLimitError>() {
            return Error::Runtime {
                reason: format!("{error:#}"),
            };
        }
        self.result(rows, Failure::of(error, store, self.plugin.limits(), fuel))
    }
}

impl Failure {
    /// Tells why the engine stopped a plugin.
    pub(crate) fn of(
        error: &wasmtime::Error,
        store: &Store<State>,
        limits: &Limits,
        fuel: u64,
    ) -> Self {
        let trap = error.downcast_ref::<Trap>();
        match trap {
            Some(Trap::OutOfFuel) => return Failure::Fuel { limit: fuel },
            Some(Trap::Interrupt) => return Failure::Time { limit: limits.time },
            Some(Trap::StackOverflow) => return Failure::Stack,
            _ => {}
        }
        // A language that gets no memory gives up by some trap or other.
        let state = store.data();
        if state.memory.refused {
            return Failure::Memory {
                limit: state.memory.limit,
            };
        }
        if state.table.refused {
            return Failure::Table {
                limit: state.table.limit,
            };
        }
        if let Some(trap) = trap {
            let reason = trap.to_string();
            return Failure::Trap {
                reason: reason.trim_start_matches("wasm trap: ").to_owned(),
            };
        }
        let reason = format!("{error:#}");
        // The engine has no type for it.
        if reason.contains("fuel allocated for hostcalls") {
            return Failure::Output {
                limit: limits.output,
            };
        }
        Failure::Malformed {
            reason: shown(&reason),
        }
    }
}

fn check_options(plugin: &Plugin, options: &str, place: &Place) -> Result<(), Error> {
    let options = match options {
        "" => "{}",
        options => options,
    };
    let wrong = |path: String, message: String| Error::Option {
        plugin: Box::new(plugin.id().clone()),
        place: place.clone(),
        path,
        message,
    };
    let options = serde_json::from_str(options)
        .map_err(|error| wrong("/".to_owned(), format!("no JSON: {error}")))?;
    plugin
        .options()
        .check(&options)
        .map_err(|mismatch| wrong(mismatch.path, mismatch.message))
}

fn canonical(column: &Column, plugin: &Plugin, place: &Place) -> Result<Column, Error> {
    let field = &column.field;
    let data_type: Option<DataType> = field::canonical(field.data_type());
    let Some(data_type) = data_type else {
        return Err(Error::Type {
            plugin: Box::new(plugin.id().clone()),
            place: place.clone(),
            column: field.name().clone(),
            data_type: field.data_type().to_string(),
        });
    };
    Ok(Column {
        field: field.as_ref().clone().with_data_type(data_type).into(),
        ..column.clone()
    })
}
