//! What the program says of itself.

use insta_cmd::assert_cmd_snapshot;

use crate::util::Sandbox;

#[test]
fn help_of_the_program() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("--help"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Production-like data without production data

    Learns the shape of a real database under k-entity floors, and generates synthetic ones of any size
    from what it learned.

    Usage: prodlike [OPTIONS] <COMMAND>

    Commands:
      init         Look at a source and write a manifest to review
      fit          Learn a model from a source
      generate     Generate a synthetic dataset from a model
      evaluate     Compare a synthetic dataset with the real one
      snapshot     Fit, generate, evaluate and publish, as a manifest says
      inspect      Explain what a model knows
      diff         Show what changed from one model to another
      plugin       Write, build and add plugins: generators of your own, sandboxed
      completions  Print completions for a shell
      man          Print the manual, or write its pages
      schema       Print the JSON Schema of a file that prodlike writes

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Global options:
          --threads <THREADS>
              Threads; 0 for one a core
              
              [env: PRODLIKE_THREADS=]
              [default: 0]

      -q, --quiet
              Say nothing but errors

      -v, --verbose...
              Say more; twice for everything

          --log-format <LOG_FORMAT>
              How log lines are written
              
              [default: text]
              [possible values: text, json]

          --output-format <OUTPUT_FORMAT>
              How results are written to standard output
              
              [default: text]
              [possible values: text, json]

          --locked
              Fail rather than change `prodlike.lock`

          --frozen
              As `--locked`, and use nothing for plugins but `prodlike.lock` and the components beside
              it

          --no-progress
              Show no progress bars
              
              [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}

#[test]
fn short_help_of_init() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("init -h"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Look at a source and write a manifest to review

    Usage: prodlike init [OPTIONS] <SOURCE>...

    Options:
      -h, --help  Print help

    Input options:
          --skip-broken-rows  Leave out rows of text that cannot be read
          --no-infer          Write only the keys and relationships that the source declares
      <SOURCE>...             Files, directories or quoted patterns of DuckDB, Parquet, CSV, JSON or
                              Arrow files

    Output options:
      -o, --output <OUTPUT>  Where to write the manifest [default: prodlike.toml]
          --overwrite        Replace the manifest if it exists

    Global options:
          --threads <THREADS>              Threads; 0 for one a core [env: PRODLIKE_THREADS=] [default:
                                           0]
      -q, --quiet                          Say nothing but errors
      -v, --verbose...                     Say more; twice for everything
          --log-format <LOG_FORMAT>        How log lines are written [default: text] [possible values:
                                           text, json]
          --output-format <OUTPUT_FORMAT>  How results are written to standard output [default: text]
                                           [possible values: text, json]
          --locked                         Fail rather than change `prodlike.lock`
          --frozen                         As `--locked`, and use nothing for plugins but
                                           `prodlike.lock` and the components beside it
          --no-progress                    Show no progress bars [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}

#[test]
fn short_help_of_fit() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("fit -h"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Learn a model from a source

    Usage: prodlike fit [OPTIONS] --output <MODEL> [MANIFEST|SOURCE]

    Options:
      -h, --help  Print help

    Input options:
      [MANIFEST|SOURCE]  A manifest, or a source to be fitted as `init` proposes [default:
                         prodlike.toml]

    Output options:
      -o, --output <MODEL>  Where to write the model file

    Global options:
          --threads <THREADS>              Threads; 0 for one a core [env: PRODLIKE_THREADS=] [default:
                                           0]
      -q, --quiet                          Say nothing but errors
      -v, --verbose...                     Say more; twice for everything
          --log-format <LOG_FORMAT>        How log lines are written [default: text] [possible values:
                                           text, json]
          --output-format <OUTPUT_FORMAT>  How results are written to standard output [default: text]
                                           [possible values: text, json]
          --locked                         Fail rather than change `prodlike.lock`
          --frozen                         As `--locked`, and use nothing for plugins but
                                           `prodlike.lock` and the components beside it
          --no-progress                    Show no progress bars [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}

#[test]
fn short_help_of_generate() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("generate -h"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Generate a synthetic dataset from a model

    Usage: prodlike generate [OPTIONS] <MODEL>

    Options:
      -h, --help  Print help

    Input options:
      <MODEL>  A model file

    Output options:
      -o, --output <OUT>     A directory, or a path that ends in `.duckdb`
          --format <FORMAT>  The format of files in a directory [possible values: parquet, csv]
          --chunk-rows <N>   Rows of one file [default: 262144]
          --overwrite        Replace the output if it exists
          --no-keys          Declare no keys in a database: loads 20 times faster
          --dry-run          Print the plan, and generate nothing

    Model options:
          --scale <X>       Multiply the real row counts [default: 1]
          --rows <TABLE=N>  Give a table an exact number of rows
          --table <TABLE>   Generate only this table

    Reproducibility options:
          --seed <SEED>  Same model, same seed, same size: same data [env: PRODLIKE_SEED=] [default: 0]
          --part <K/N>   Write part K of N; the part that completes the set publishes it

    Global options:
          --threads <THREADS>              Threads; 0 for one a core [env: PRODLIKE_THREADS=] [default:
                                           0]
      -q, --quiet                          Say nothing but errors
      -v, --verbose...                     Say more; twice for everything
          --log-format <LOG_FORMAT>        How log lines are written [default: text] [possible values:
                                           text, json]
          --output-format <OUTPUT_FORMAT>  How results are written to standard output [default: text]
                                           [possible values: text, json]
          --locked                         Fail rather than change `prodlike.lock`
          --frozen                         As `--locked`, and use nothing for plugins but
                                           `prodlike.lock` and the components beside it
          --no-progress                    Show no progress bars [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}

#[test]
fn short_help_of_evaluate() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("evaluate -h"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Compare a synthetic dataset with the real one

    Usage: prodlike evaluate [OPTIONS] --real <MANIFEST|SOURCE> --synthetic <OUT>

    Options:
      -h, --help  Print help

    Input options:
          --real <MANIFEST|SOURCE>  A manifest, or the real source
          --synthetic <OUT>         What `generate` wrote
          --model <MODEL>           The model file, for what its floors suppressed
          --holdout <SOURCE>        A second real sample, for what one would score; else the real data
                                    is split in half

    Output options:
          --html <FILE>           Write the report as a page
          --json <FILE>           Write the report as JSON
          --junit <FILE>          Write the report as JUnit XML
          --fail-under <SCORE=X>  Fail if a score is lower: `diagnostic`, `quality` or a property such
                                  as `column_shapes`

    Global options:
          --threads <THREADS>              Threads; 0 for one a core [env: PRODLIKE_THREADS=] [default:
                                           0]
      -q, --quiet                          Say nothing but errors
      -v, --verbose...                     Say more; twice for everything
          --log-format <LOG_FORMAT>        How log lines are written [default: text] [possible values:
                                           text, json]
          --output-format <OUTPUT_FORMAT>  How results are written to standard output [default: text]
                                           [possible values: text, json]
          --locked                         Fail rather than change `prodlike.lock`
          --frozen                         As `--locked`, and use nothing for plugins but
                                           `prodlike.lock` and the components beside it
          --no-progress                    Show no progress bars [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}

#[test]
fn the_version() {
    let sandbox = Sandbox::new();
    let ran = sandbox.ok("--version");
    assert_eq!(
        ran.stdout,
        format!("prodlike {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn short_help_of_snapshot() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("snapshot -h"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Fit, generate, evaluate and publish, as a manifest says

    Usage: prodlike snapshot [OPTIONS] [MANIFEST]

    Options:
      -h, --help  Print help

    Input options:
      [MANIFEST]  A manifest [default: prodlike.toml]

    Output options:
      -o, --output <OUT>          A directory, or a path that ends in `.duckdb` [default: `snapshot`
                                  beside the manifest]
          --format <FORMAT>       The format of files in a directory [possible values: parquet, csv]
          --fail-under <SCORE=X>  Publish nothing if a score is lower: `diagnostic`, `quality` or a
                                  property

    Model options:
          --model <MODEL>   Where the model file is, or will be [default: the manifest's name with
                            `.prodlike`]
          --refit           Fit again, even if neither manifest nor source has changed
          --scale <X>       Multiply the real row counts
          --rows <TABLE=N>  Give a table an exact number of rows

    Reproducibility options:
          --seed <SEED>  Same model, same seed, same size: same data [env: PRODLIKE_SEED=]

    Global options:
          --threads <THREADS>              Threads; 0 for one a core [env: PRODLIKE_THREADS=] [default:
                                           0]
      -q, --quiet                          Say nothing but errors
      -v, --verbose...                     Say more; twice for everything
          --log-format <LOG_FORMAT>        How log lines are written [default: text] [possible values:
                                           text, json]
          --output-format <OUTPUT_FORMAT>  How results are written to standard output [default: text]
                                           [possible values: text, json]
          --locked                         Fail rather than change `prodlike.lock`
          --frozen                         As `--locked`, and use nothing for plugins but
                                           `prodlike.lock` and the components beside it
          --no-progress                    Show no progress bars [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}

#[test]
fn short_help_of_inspect() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("inspect -h"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Explain what a model knows

    Usage: prodlike inspect [OPTIONS] <MODEL> [TABLE[.COLUMN]]

    Options:
      -h, --help  Print help

    Input options:
      <MODEL>           A model file
      [TABLE[.COLUMN]]  A table, or a column of it; everything in short where left out

    Global options:
          --threads <THREADS>              Threads; 0 for one a core [env: PRODLIKE_THREADS=] [default:
                                           0]
      -q, --quiet                          Say nothing but errors
      -v, --verbose...                     Say more; twice for everything
          --log-format <LOG_FORMAT>        How log lines are written [default: text] [possible values:
                                           text, json]
          --output-format <OUTPUT_FORMAT>  How results are written to standard output [default: text]
                                           [possible values: text, json]
          --locked                         Fail rather than change `prodlike.lock`
          --frozen                         As `--locked`, and use nothing for plugins but
                                           `prodlike.lock` and the components beside it
          --no-progress                    Show no progress bars [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}

#[test]
fn short_help_of_diff() {
    let sandbox = Sandbox::new();
    assert_cmd_snapshot!(sandbox.command("diff -h"), @r"
    success: true
    exit_code: 0
    ----- stdout -----
    Show what changed from one model to another

    Usage: prodlike diff [OPTIONS] <BEFORE> <AFTER>

    Options:
      -h, --help  Print help

    Input options:
      <BEFORE>  The model file before
      <AFTER>   The model file after

    Output options:
          --least <X>  Show changes of at least this size, from 0 to 1 [default: 0.01]

    Global options:
          --threads <THREADS>              Threads; 0 for one a core [env: PRODLIKE_THREADS=] [default:
                                           0]
      -q, --quiet                          Say nothing but errors
      -v, --verbose...                     Say more; twice for everything
          --log-format <LOG_FORMAT>        How log lines are written [default: text] [possible values:
                                           text, json]
          --output-format <OUTPUT_FORMAT>  How results are written to standard output [default: text]
                                           [possible values: text, json]
          --locked                         Fail rather than change `prodlike.lock`
          --frozen                         As `--locked`, and use nothing for plugins but
                                           `prodlike.lock` and the components beside it
          --no-progress                    Show no progress bars [env: PRODLIKE_NO_PROGRESS=]

    ----- stderr -----
    ");
}
