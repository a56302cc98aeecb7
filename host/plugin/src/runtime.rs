//! The engine: one for all plugins of a process.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::thread;
use std::time::Duration;

use wasmtime::component::{HasSelf, Linker};
use wasmtime::{
    Config, Engine, InstanceAllocationStrategy, OperatorCost, OptLevel, PoolingAllocationConfig,
    ResourceLimiter, Store, VariableOperatorCost,
};

use crate::bindings::prodlike::plugin::log;
use crate::error::Error;
use crate::log::Log;
use prodlike_core::limits::Limits;

/// How often the watchdog looks at the clock.
const TICK: Duration = Duration::from_millis(50);

/// Core instances a component may have. A Python component has more than sixteen.
const CORE_INSTANCES: u32 = 64;

/// Instances that can be alive at once, of all plugins and threads.
const INSTANCES: u32 = 1_000;

/// Native stack of a guest. A host's thread has two MiB or more.
const STACK: usize = 512 << 10;

/// Where plugins are compiled and run: WebAssembly without clock, entropy, files, network or
/// threads, whose every result is the same on every machine.
///
/// Cloning is cheap. One a process is enough: it reserves addresses for all instances.
#[derive(Clone)]
pub struct Runtime {
    engine: Engine,
    linker: Linker<State>,
    compiler: u64,
}

impl Runtime {
    /// Starts the engine, and the thread of its watchdog.
    ///
    /// # Errors
    /// [`Error::Runtime`] where the machine lacks what the engine needs, for instance memory
    /// that can be reserved.
    pub fn new() -> Result<Runtime, Error> {
        let engine = match Engine::new(&config(true)) {
            Ok(engine) => engine,
            Err(error) => {
                // Where addresses are limited (`ulimit -v`), instances are made one by one:
                // slower, and the same bytes.
                tracing::debug!("no pool of instances: {error:#}");
                Engine::new(&config(false)).map_err(Error::runtime)?
            }
        };
        let mut linker = Linker::new(&engine);
        log::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)
            .map_err(Error::runtime)?;
        watch(&engine)?;
        let mut compiler = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut compiler);
        Ok(Runtime {
            compiler: compiler.finish(),
            engine,
            linker,
        })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns what tells compilers apart: their versions, settings and the processor. It costs
    /// more to find out than to remember.
    pub(crate) fn compiler(&self) -> u64 {
        self.compiler
    }

    pub(crate) fn linker(&self) -> &Linker<State> {
        &self.linker
    }

    /// Makes the world of one instance.
    pub(crate) fn store(&self, limits: &Limits, log: Log) -> Store<State> {
        let state = State {
            memory: Allowance::new(limits.memory),
            table: Allowance::new(limits.table),
            log,
        };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| state);
        store.set_hostcall_fuel(limits.output);
        store
    }
}

/// Gives a call its fuel and its time.
pub(crate) fn arm(store: &mut Store<State>, fuel: u64, time: Duration) -> Result<(), Error> {
    store.set_fuel(fuel).map_err(Error::runtime)?;
    let ticks = time.as_millis() / TICK.as_millis() + 1;
    store.set_epoch_deadline(u64::try_from(ticks).unwrap_or(u64::MAX / 2));
    store.data_mut().memory.refused = false;
    store.data_mut().table.refused = false;
    Ok(())
}

fn config(pooled: bool) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .cranelift_opt_level(OptLevel::Speed)
        // Results.
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .consume_fuel(true)
        .operator_cost(cost())
        // Bounds.
        .max_wasm_stack(STACK)
        .epoch_interruption(true)
        // What only a debugger would read.
        .wasm_backtrace_max_frames(None)
        .native_unwind_info(false)
        .generate_address_map(false);
    if pooled {
        let mut pool = PoolingAllocationConfig::new();
        pool.max_core_instances_per_component(CORE_INSTANCES)
            .max_memories_per_component(CORE_INSTANCES)
            .max_tables_per_component(CORE_INSTANCES)
            .total_component_instances(INSTANCES)
            .total_core_instances(INSTANCES * 8)
            .total_memories(INSTANCES)
            .total_tables(INSTANCES * 2)
            .max_memories_per_module(4)
            .max_tables_per_module(8)
            // A component's own tables may be as large as the limiter lets them.
            .table_elements(1 << 16)
            .max_core_instance_size(4 << 20)
            .max_component_instance_size(4 << 20);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    config
}

/// What an operation costs: one, blocks nothing, bulk copies one a byte, and a page of
/// memory as much as can be said, as it is cleared. A version of wasmtime has one such table, and
/// a test holds it to a number.
fn cost() -> OperatorCost {
    OperatorCost {
        MemoryGrow: u8::MAX,
        TableGrow: u8::MAX,
        variable: VariableOperatorCost {
            memory_grow_per_page: u8::MAX,
            ..VariableOperatorCost::new()
        },
        ..OperatorCost::new()
    }
}

/// Lets the engine's epoch pass, as long as there is an engine.
fn watch(engine: &Engine) -> Result<(), Error> {
    let engine = engine.weak();
    thread::Builder::new()
        .name("plugin-watchdog".into())
        .spawn(move || {
            while let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(TICK);
            }
        })
        .map_err(|error| Error::Runtime {
            reason: format!("no thread for the watchdog: {error}"),
        })?;
    Ok(())
}

/// What the host holds for one instance.
pub(crate) struct State {
    pub(crate) memory: Allowance,
    pub(crate) table: Allowance,
    pub(crate) log: Log,
}

/// How much of something is left.
pub(crate) struct Allowance {
    pub(crate) limit: usize,
    left: usize,
    /// Whether the current call asked for more.
    pub(crate) refused: bool,
}

impl Allowance {
    fn new(limit: usize) -> Self {
        Allowance {
            limit,
            left: limit,
            refused: false,
        }
    }

    fn take(&mut self, amount: usize) -> bool {
        match self.left.checked_sub(amount) {
            Some(left) => {
                self.left = left;
                true
            }
            None => {
                self.refused = true;
                false
            }
        }
    }
}

impl ResourceLimiter for State {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.memory.take(desired.saturating_sub(current)))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.table.take(desired.saturating_sub(current)))
    }
}

impl log::Host for State {
    fn write(&mut self, level: log::Level, message: String) {
        self.log.write(level, &message);
    }
}
