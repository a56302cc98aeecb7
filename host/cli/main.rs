//! The command line: parses, runs one stage, prints. Not a library.
//!
//! Exit codes: 0 success; 1 the user's input, the data, or a score below `--fail-under`;
//! 2 bad arguments or an unexpected failure; 130 interrupted.

mod args;
mod commands;
mod explain;
mod lock;
mod options;
mod output;
mod plugin;
mod progress;
mod shell;
mod snapshot;

use std::process::ExitCode;

use clap::Parser;
use prodlike_core::progress::Cancel;
use prodlike_engine::{Error, Interrupts};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use args::{Cli, Command, Global, LogFormat};
use commands::Session;

fn main() -> ExitCode {
    let cli = Cli::parse();
    log(&cli.global);
    let cancel = Cancel::default();
    let interrupts = Interrupts::default();
    let (flag, queries) = (cancel.clone(), interrupts.clone());
    // The stages stop at their next batch and remove what they staged. Whoever asks again does
    // not wait for that.
    let handled = ctrlc::set_handler(move || {
        if flag.is_cancelled() {
            std::process::exit(130);
        }
        flag.cancel();
        queries.interrupt();
    });
    if let Err(error) = handled {
        tracing::warn!("interrupts end the program at once: {error}");
    }
    let session = Session {
        bars: progress::Bars::new(&cli.global),
        global: cli.global,
        cancel,
        interrupts,
    };
    let outcome = match &cli.command {
        Command::Init(args) => commands::init(&session, args).map(|()| true),
        Command::Fit(args) => commands::fit(&session, args).map(|()| true),
        Command::Generate(args) => commands::generate(&session, args).map(|()| true),
        Command::Evaluate(args) => commands::evaluate(&session, args),
        Command::Snapshot(args) => snapshot::snapshot(&session, args),
        Command::Inspect(args) => explain::inspect(&session, args).map(|()| true),
        Command::Diff(args) => explain::diff(&session, args).map(|()| true),
        Command::Plugin(args) => plugin::plugin(&session, args),
        Command::Completions(args) => shell::completions(args).map(|()| true),
        Command::Man(args) => shell::man(&session, args).map(|()| true),
        Command::Schema(args) => commands::schema(args).map(|()| true),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(_) if session.cancel.is_cancelled() => {
            output::say(match cli.command {
                Command::Snapshot(_) => "Interrupted: nothing was published",
                _ => "Interrupted: nothing was written",
            });
            ExitCode::from(130)
        }
        Err(error) => {
            output::error(&error);
            let unexpected = error.chain().any(|cause| {
                matches!(
                    cause.downcast_ref::<Error>(),
                    Some(Error::Internal(_) | Error::Arrow { .. })
                )
            });
            ExitCode::from(if unexpected { 2 } else { 1 })
        }
    }
}

fn log(global: &Global) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (_, 0) => "warn",
        (_, 1) => "prodlike=info,prodlike_engine=info,prodlike_duckdb=info",
        _ => "debug",
    };
    let subscriber = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(output::is_coloured())
        .with_env_filter(tracing_subscriber::EnvFilter::new(level));
    match global.log_format {
        LogFormat::Text => subscriber.event_format(Spoken).init(),
        LogFormat::Json => subscriber.json().init(),
    }
}

/// How events are written for people: warnings as all others are, the rest with time and place.
struct Spoken;

impl<S, N> FormatEvent<S, N> for Spoken
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        if *event.metadata().level() != Level::WARN {
            return Format::default().format_event(context, writer, event);
        }
        let mut text = String::new();
        context.format_fields(Writer::new(&mut text), event)?;
        writeln!(writer, "{}", output::warning(&text))
    }
}
