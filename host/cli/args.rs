//! What may be typed.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use prodlike_core::limits::Limits;
use prodlike_engine::session::MAX_THREADS;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Production-like data without production data
///
/// Learns the shape of a real database under k-entity floors, and generates synthetic ones
/// of any size from what it learned.
#[derive(Debug, Parser)]
#[command(name = "prodlike", version, styles = STYLES, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Threads; 0 for one a core
    #[arg(long, global = true, default_value_t = 0, env = "PRODLIKE_THREADS", value_parser = threads)]
    pub(crate) threads: usize,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How log lines are written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    /// How results are written to standard output
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Text)]
    pub(crate) output_format: OutputFormat,
    /// Fail rather than change `prodlike.lock`
    #[arg(long, global = true)]
    pub(crate) locked: bool,
    /// As `--locked`, and use nothing for plugins but `prodlike.lock` and the components beside it
    #[arg(long, global = true)]
    pub(crate) frozen: bool,
    /// Show no progress bars
    #[arg(long, global = true, env = "PRODLIKE_NO_PROGRESS", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_progress: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at a source and write a manifest to review
    Init(Init),
    /// Learn a model from a source
    Fit(Fit),
    /// Generate a synthetic dataset from a model
    Generate(Generate),
    /// Compare a synthetic dataset with the real one
    Evaluate(Evaluate),
    /// Fit, generate, evaluate and publish, as a manifest says
    Snapshot(Snapshot),
    /// Explain what a model knows
    Inspect(Inspect),
    /// Show what changed from one model to another
    Diff(Diff),
    /// Write, build and add plugins: generators of your own, sandboxed
    Plugin(Plugin),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual, or write its pages
    Man(Man),
    /// Print the JSON Schema of a file that prodlike writes
    Schema(Schema),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Files, directories or quoted patterns of DuckDB, Parquet, CSV, JSON or Arrow files
    #[arg(required = true, help_heading = "Input options")]
    pub(crate) source: Vec<PathBuf>,
    /// Leave out rows of text that cannot be read
    #[arg(long, help_heading = "Input options")]
    pub(crate) skip_broken_rows: bool,
    /// Write only the keys and relationships that the source declares
    #[arg(long, help_heading = "Input options")]
    pub(crate) no_infer: bool,
    /// Where to write the manifest
    #[arg(
        short,
        long,
        default_value = "prodlike.toml",
        help_heading = "Output options"
    )]
    pub(crate) output: PathBuf,
    /// Replace the manifest if it exists
    #[arg(long, help_heading = "Output options")]
    pub(crate) overwrite: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// A manifest, or a source to be fitted as `init` proposes
    #[arg(
        default_value = "prodlike.toml",
        value_name = "MANIFEST|SOURCE",
        help_heading = "Input options"
    )]
    pub(crate) input: PathBuf,
    /// Where to write the model file
    #[arg(short, long, value_name = "MODEL", help_heading = "Output options")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Plugin {
    #[command(subcommand)]
    pub(crate) command: PluginCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Start a plugin's project: code, a test and a README
    New(PluginNew),
    /// Make a component of a project
    Build(PluginBuild),
    /// Add a plugin to `prodlike.lock`, so that a manifest can name its generators
    Add(PluginAdd),
    /// Take plugins out of `prodlike.lock`, and delete the components kept beside it
    Remove(PluginRemove),
    /// List the plugins of `prodlike.lock`
    List(PluginList),
    /// Make `prodlike.lock` agree with a manifest and with the components beside it
    Lock(PluginLock),
    /// Say what a component is: kinds, outputs, options, imports, size
    Inspect(PluginInspect),
    /// Try a component on what a job could ask of it
    Check(PluginComponent),
    /// Measure what a component costs
    Bench(PluginComponent),
}

#[derive(Debug, Args)]
pub(crate) struct PluginNew {
    /// The plugin's name; its project is made in a directory of that name
    pub(crate) name: String,
    /// What it is: generator, transform, detector or rule
    #[arg(long, default_value = "generator")]
    pub(crate) kind: prodlike_author::Kind,
    /// What it is written in: rust, python or javascript
    #[arg(long, default_value = "rust")]
    pub(crate) lang: prodlike_author::Language,
}

#[derive(Debug, Args)]
pub(crate) struct PluginBuild {
    /// The project's directory
    #[arg(default_value = ".")]
    pub(crate) project: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PluginAdd {
    /// A `.wasm` file, a project, an OCI layout on disk, or the name of a standard plugin
    #[arg(value_name = "FILE|DIRECTORY|NAME")]
    pub(crate) origin: PathBuf,
    /// Which component of an OCI layout
    #[arg(long)]
    pub(crate) tag: Option<String>,
    /// The directory of the manifest that shall name it
    #[arg(long, default_value = ".", value_name = "DIRECTORY")]
    pub(crate) to: PathBuf,
    /// Add it only if this key of minisign has signed it, in `X.wasm.minisig` beside it or, in an
    /// OCI layout, in a layer `application/vnd.minisign.signature` whose `subject` it is
    #[arg(long, value_name = "KEYFILE")]
    pub(crate) verify: Option<PathBuf>,
    /// Let it use up more, or less: `fuel_per_row=5000000`, `memory`, `seconds` …
    #[arg(long, value_name = "LIMIT=N", value_parser = limit)]
    pub(crate) limit: Vec<(String, u64)>,
}

#[derive(Debug, Args)]
pub(crate) struct PluginRemove {
    /// The plugins' names
    #[arg(required = true)]
    pub(crate) name: Vec<String>,
    /// The directory of the lockfile
    #[arg(long, default_value = ".", value_name = "DIRECTORY")]
    pub(crate) from: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PluginInspect {
    /// A `.wasm` file, a project, an OCI layout on disk, or a name: of a plugin of `prodlike.lock`
    /// in this directory, else of the standard set
    #[arg(value_name = "FILE|DIRECTORY|NAME")]
    pub(crate) origin: PathBuf,
    /// Which component of an OCI layout
    #[arg(long)]
    pub(crate) tag: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PluginLock {
    /// The manifest; the lockfile is beside it
    #[arg(default_value = "prodlike.toml")]
    pub(crate) manifest: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PluginList {
    /// The directory of the lockfile
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PluginComponent {
    /// A `.wasm` file, a project, or a name: of a plugin of `prodlike.lock` in this directory, else
    /// of the standard set
    #[arg(value_name = "FILE|DIRECTORY|NAME")]
    pub(crate) component: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// A model file
    #[arg(help_heading = "Input options")]
    pub(crate) model: PathBuf,
    /// A directory, or a path that ends in `.duckdb`
    #[arg(
        short,
        long,
        value_name = "OUT",
        required_unless_present = "dry_run",
        help_heading = "Output options"
    )]
    pub(crate) output: Option<PathBuf>,
    /// The format of files in a directory
    #[arg(long, value_enum, help_heading = "Output options")]
    pub(crate) format: Option<Format>,
    /// Rows of one file
    #[arg(long, value_name = "N", default_value_t = prodlike_engine::generate::CHUNK_ROWS, help_heading = "Output options")]
    pub(crate) chunk_rows: u64,
    /// Replace the output if it exists
    #[arg(long, help_heading = "Output options")]
    pub(crate) overwrite: bool,
    /// Declare no keys in a database: loads 20 times faster
    #[arg(long, help_heading = "Output options")]
    pub(crate) no_keys: bool,
    /// Print the plan, and generate nothing
    #[arg(long, help_heading = "Output options")]
    pub(crate) dry_run: bool,
    /// Multiply the real row counts
    #[arg(
        long,
        value_name = "X",
        default_value_t = 1.0,
        allow_negative_numbers = true,
        help_heading = "Model options"
    )]
    pub(crate) scale: f64,
    /// Give a table an exact number of rows
    #[arg(long, value_name = "TABLE=N", value_parser = rows, help_heading = "Model options")]
    pub(crate) rows: Vec<(String, u64)>,
    /// Generate only this table
    #[arg(long, value_name = "TABLE", help_heading = "Model options")]
    pub(crate) table: Vec<String>,
    /// Same model, same seed, same size: same data
    #[arg(
        long,
        default_value_t = 0,
        env = "PRODLIKE_SEED",
        help_heading = "Reproducibility options"
    )]
    pub(crate) seed: u64,
    /// Write part K of N; the part that completes the set publishes it
    #[arg(long, value_name = "K/N", value_parser = part, help_heading = "Reproducibility options")]
    pub(crate) part: Option<(u32, u32)>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    Parquet,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// A manifest, or the real source
    #[arg(long, value_name = "MANIFEST|SOURCE", help_heading = "Input options")]
    pub(crate) real: PathBuf,
    /// What `generate` wrote
    #[arg(long, value_name = "OUT", help_heading = "Input options")]
    pub(crate) synthetic: PathBuf,
    /// The model file, for what its floors suppressed
    #[arg(long, help_heading = "Input options")]
    pub(crate) model: Option<PathBuf>,
    /// A second real sample, for what one would score; else the real data is split in half
    #[arg(long, value_name = "SOURCE", help_heading = "Input options")]
    pub(crate) holdout: Option<PathBuf>,
    /// Write the report as a page
    #[arg(long, value_name = "FILE", help_heading = "Output options")]
    pub(crate) html: Option<PathBuf>,
    /// Write the report as JSON
    #[arg(long, value_name = "FILE", help_heading = "Output options")]
    pub(crate) json: Option<PathBuf>,
    /// Write the report as JUnit XML
    #[arg(long, value_name = "FILE", help_heading = "Output options")]
    pub(crate) junit: Option<PathBuf>,
    /// Fail if a score is lower: `diagnostic`, `quality` or a property such as `column_shapes`
    #[arg(long, value_name = "SCORE=X", value_parser = floor, help_heading = "Output options")]
    pub(crate) fail_under: Vec<(String, f64)>,
}

#[derive(Debug, Args)]
pub(crate) struct Snapshot {
    /// A manifest
    #[arg(default_value = "prodlike.toml", help_heading = "Input options")]
    pub(crate) manifest: PathBuf,
    /// A directory, or a path that ends in `.duckdb` [default: `snapshot` beside the manifest]
    #[arg(short, long, value_name = "OUT", help_heading = "Output options")]
    pub(crate) output: Option<PathBuf>,
    /// The format of files in a directory
    #[arg(long, value_enum, help_heading = "Output options")]
    pub(crate) format: Option<Format>,
    /// Publish nothing if a score is lower: `diagnostic`, `quality` or a property
    #[arg(long, value_name = "SCORE=X", value_parser = floor, help_heading = "Output options")]
    pub(crate) fail_under: Vec<(String, f64)>,
    /// Where the model file is, or will be [default: the manifest's name with `.prodlike`]
    #[arg(long, value_name = "MODEL", help_heading = "Model options")]
    pub(crate) model: Option<PathBuf>,
    /// Fit again, even if neither manifest nor source has changed
    #[arg(long, help_heading = "Model options")]
    pub(crate) refit: bool,
    /// Multiply the real row counts
    #[arg(
        long,
        value_name = "X",
        allow_negative_numbers = true,
        help_heading = "Model options"
    )]
    pub(crate) scale: Option<f64>,
    /// Give a table an exact number of rows
    #[arg(long, value_name = "TABLE=N", value_parser = rows, help_heading = "Model options")]
    pub(crate) rows: Vec<(String, u64)>,
    /// Same model, same seed, same size: same data
    #[arg(long, env = "PRODLIKE_SEED", help_heading = "Reproducibility options")]
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// A model file
    #[arg(help_heading = "Input options")]
    pub(crate) model: PathBuf,
    /// A table, or a column of it; everything in short where left out
    #[arg(value_name = "TABLE[.COLUMN]", help_heading = "Input options")]
    pub(crate) subject: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The model file before
    #[arg(
        value_name = "BEFORE",
        display_order = 1,
        help_heading = "Input options"
    )]
    pub(crate) before: PathBuf,
    /// The model file after
    #[arg(
        value_name = "AFTER",
        display_order = 2,
        help_heading = "Input options"
    )]
    pub(crate) after: PathBuf,
    /// Show changes of at least this size, from 0 to 1
    #[arg(long, value_name = "X", default_value_t = 0.01, value_parser = share, help_heading = "Output options")]
    pub(crate) least: f64,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// A directory for one page a command, instead of standard output
    #[arg(short, long, value_name = "DIR", help_heading = "Output options")]
    pub(crate) output: Option<PathBuf>,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        Ok(_) => Err(format!("`{text}` is not between 0 and 1")),
        Err(_) => Err(format!("`{text}` is not a number")),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which file
    #[arg(value_enum, help_heading = "Input options")]
    pub(crate) file: Described,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Described {
    /// What `evaluate --json` writes
    Report,
}

fn rows(text: &str) -> Result<(String, u64), String> {
    let (table, rows) = text
        .rsplit_once('=')
        .ok_or("expected TABLE=N, as in `customer=1000`")?;
    let rows = rows
        .parse()
        .map_err(|_| format!("`{rows}` is not a number of rows"))?;
    Ok((table.to_string(), rows))
}

fn part(text: &str) -> Result<(u32, u32), String> {
    let (part, parts) = text.split_once('/').ok_or("expected K/N, as in `1/7`")?;
    let number = |text: &str| {
        text.parse::<u32>()
            .map_err(|_| format!("`{text}` is not a number"))
    };
    Ok((number(part)?, number(parts)?))
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads @ 0..=MAX_THREADS) => Ok(threads),
        _ => Err(format!(
            "expected a number of threads, {MAX_THREADS} at most; 0 for one a core"
        )),
    }
}

fn limit(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("expected LIMIT=N, as in `fuel_per_row=5000000`")?;
    let value = value
        .parse()
        .map_err(|_| format!("`{value}` is not a number"))?;
    Limits::default().set(name, value)?;
    Ok((name.to_string(), value))
}

fn floor(text: &str) -> Result<(String, f64), String> {
    let (name, score) = text
        .split_once('=')
        .ok_or("expected SCORE=X, as in `quality=0.9`")?;
    Ok((name.to_string(), share(score)?))
}
