//! `prodlike plugin`: generators of one's own, from a project to a manifest.

use std::path::{Path, PathBuf};
use std::time::Instant;

use prodlike_author::Outcome;
use prodlike_core::words::{aligned, bytes, counted, elapsed, thousands};
use prodlike_engine::plugins::{self, Origin, Plugin};

use crate::args::{self, PluginCommand};
use crate::commands::Session;
use crate::lock;
use crate::options;
use crate::output;

/// Runs a subcommand; false where a component does not pass.
pub(crate) fn plugin(session: &Session, args: &args::Plugin) -> anyhow::Result<bool> {
    match &args.command {
        PluginCommand::Check(args) => return check(session, &args.component),
        PluginCommand::Bench(args) => bench(session, &args.component),
        PluginCommand::New(args) => new(session, args),
        PluginCommand::Build(args) => build(session, &args.project),
        PluginCommand::Add(args) => lock::add(session, args),
        PluginCommand::Remove(args) => lock::remove(session, args),
        PluginCommand::List(args) => lock::list(session, &args.directory),
        PluginCommand::Lock(args) => lock::lock(session, &args.manifest),
        PluginCommand::Inspect(args) => inspect(session, args),
    }
    .map(|()| true)
}

fn new(session: &Session, args: &args::PluginNew) -> anyhow::Result<()> {
    let directory = PathBuf::from(&args.name);
    prodlike_author::create(&directory, &args.name, args.kind, args.lang)?;
    session.say(&format!("Wrote project to: `{}`", directory.display()));
    session.say("Its README says how it is tested, built and used");
    session.result(&serde_json::json!({ "project": directory.to_string_lossy() }))
}

fn build(session: &Session, project: &Path) -> anyhow::Result<()> {
    let start = Instant::now();
    let built = prodlike_author::build(project, &mut |step| session.say(step))?;
    session.say(&format!(
        "Built `{}` in {}: `{}` ({})",
        built.name,
        elapsed(start.elapsed()),
        built.path.display(),
        bytes(built.size)
    ));
    session.result(&serde_json::json!({
        "plugin": built.name,
        "component": built.path.to_string_lossy(),
        "bytes": built.size,
        "seconds": start.elapsed().as_secs_f64(),
    }))
}

fn inspect(session: &Session, args: &args::PluginInspect) -> anyhow::Result<()> {
    let (origin, limits) = lock::component(session, &args.origin, args.tag.as_deref())?;
    let plugin = plugins::open(&origin, &limits, &lock::options(&session.global))?;
    if session.json() {
        return session.result(&described(&plugin));
    }
    let about = plugin.description();
    let mut text = format!(
        "{} {}: {}\n\n",
        about.id.name, about.id.version, about.summary
    );
    let kinds: Vec<&str> = plugin.kinds().iter().map(|kind| kind.name()).collect();
    let mut facts = vec![
        vec!["kinds".to_string(), kinds.join(", ")],
        vec!["contract".to_string(), plugin.contract().to_string()],
        vec!["asks for".to_string(), plugin.imports().join(", ")],
        vec!["size".to_string(), bytes(plugin.size() as u64)],
        vec!["digest".to_string(), plugin.digest().to_string()],
        vec!["looks at".to_string(), about.context.join(", ")],
        vec!["finds".to_string(), about.finds.join(", ")],
    ];
    facts.retain(|fact| !fact[1].is_empty());
    text += &aligned(&facts, &[]);
    if !about.outputs.is_empty() {
        text += "\nOutputs\n";
        let outputs = about.outputs.iter();
        let lines = outputs.map(|it| vec![format!("  {}", it.name), it.summary.clone()]);
        text += &aligned(&lines.collect::<Vec<_>>(), &[]);
    }
    let options = options::lines(&about.options);
    if !options.is_empty() {
        text += &format!("\nOptions\n{options}");
    }
    for example in &about.examples {
        text += &format!("\n{}\n  options = {}\n", example.summary, example.options);
    }
    output::result(&text)
}

/// Finds the file of the component that was meant, and how it shall be run.
fn subject(session: &Session, path: &Path) -> anyhow::Result<(PathBuf, prodlike_author::Options)> {
    let (origin, limits) = lock::component(session, path, None)?;
    let cache = lock::options(&session.global).cache;
    let options = prodlike_author::Options {
        limits,
        cache: cache.map(plugins::Cache::new),
        ..prodlike_author::Options::default()
    };
    match origin {
        Origin::File(file) => Ok((file, options)),
        _ => Ok((path.to_owned(), options)),
    }
}

fn check(session: &Session, component: &Path) -> anyhow::Result<bool> {
    let (component, options) = subject(session, component)?;
    let report = prodlike_author::check(&component, &options, &mut |verdict| {
        let kind = verdict.kind.map_or("", |kind| kind.name());
        let outcome = match &verdict.outcome {
            Outcome::Passed => "passed".to_string(),
            Outcome::NotApplicable(why) => format!("does not apply: {why}"),
            Outcome::Failed(fault) => match &fault.hint {
                Some(hint) => format!("FAILED: {fault}\n  {hint}"),
                None => format!("FAILED: {fault}"),
            },
        };
        session.say(&format!("{:<12} {kind:<10} {outcome}", verdict.check));
    })?;
    let failed = report.failed().count() as u64;
    session.say(&match failed {
        0 => format!(
            "Passed all of {}",
            counted(report.verdicts.len() as u64, "check")
        ),
        n => format!("Failed {}", counted(n, "check")),
    });
    let verdicts = report.verdicts.iter().map(|verdict| {
        let (outcome, reason) = match &verdict.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::NotApplicable(why) => ("not applicable", Some(why.clone())),
            Outcome::Failed(fault) => ("failed", Some(fault.to_string())),
        };
        serde_json::json!({
            "check": verdict.check.name(),
            "kind": verdict.kind.map(|kind| kind.name()),
            "outcome": outcome,
            "reason": reason,
            "seconds": verdict.time.as_secs_f64(),
        })
    });
    session.result(&serde_json::json!({
        "passed": report.passed(),
        "checks": verdicts.collect::<Vec<_>>(),
    }))?;
    Ok(report.passed())
}

fn bench(session: &Session, component: &Path) -> anyhow::Result<()> {
    let project = component.is_dir().then_some(component);
    let (component, options) = subject(session, component)?;
    let costs = prodlike_author::bench(&component, project, &options, &mut |step| {
        session.say(step);
    })?;
    if !session.json() {
        let native = |value: Option<f64>| value.map_or_else(String::new, |it| format!("{it:.2}"));
        let heading = [
            "kind",
            "rows/s",
            "ns/row",
            "native",
            "ratio",
            "fuel/row",
            "proposed",
            "configure",
        ];
        let lines = costs.kinds.iter().map(|kind| {
            vec![
                kind.kind.name().to_string(),
                thousands(kind.rows_per_second() as u64),
                format!("{:.1}", kind.nanoseconds()),
                native(
                    kind.native
                        .map(|it| it.as_nanos() as f64 / kind.rows as f64),
                ),
                native(kind.ratio()),
                format!("{:.1}", kind.fuel),
                kind.proposed.to_string(),
                format!("{} µs", kind.configure.as_micros()),
            ]
        });
        let heading = heading.map(String::from).to_vec();
        let lines: Vec<Vec<String>> = std::iter::once(heading).chain(lines).collect();
        output::result(&aligned(&lines, &[1, 2, 3, 4, 5, 6, 7]))?;
        session.say(&format!(
            "Loaded {} in {:.1} ms",
            bytes(costs.size as u64),
            costs.load.as_secs_f64() * 1e3
        ));
    }
    let kinds = costs.kinds.iter().map(|kind| {
        serde_json::json!({
            "kind": kind.kind.name(),
            "options": kind.options,
            "input": kind.input,
            "wanted": kind.wanted,
            "rows": kind.rows,
            "rows_per_second": kind.rows_per_second(),
            "fuel_per_row": kind.fuel,
            "proposed_fuel_per_row": kind.proposed,
            "configure_seconds": kind.configure.as_secs_f64(),
            "call_seconds": kind.call.as_secs_f64(),
            "native_call_seconds": kind.native.map(|it| it.as_secs_f64()),
        })
    });
    session.result(&serde_json::json!({
        "bytes": costs.size,
        "load_seconds": costs.load.as_secs_f64(),
        "kinds": kinds.collect::<Vec<_>>(),
    }))
}

fn described(plugin: &Plugin) -> serde_json::Value {
    let about = plugin.description();
    let outputs = about.outputs.iter().map(
        |it| serde_json::json!({ "name": it.name, "summary": it.summary, "semantic": it.semantic }),
    );
    let examples = (about.examples.iter())
        .map(|it| serde_json::json!({ "summary": it.summary, "options": it.options }));
    serde_json::json!({
        "name": about.id.name,
        "version": about.id.version,
        "summary": about.summary,
        "kinds": plugin.kinds().iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "contract": plugin.contract().to_string(),
        "imports": plugin.imports(),
        "bytes": plugin.size(),
        "digest": plugin.digest().to_string(),
        "context": about.context,
        "finds": about.finds,
        "outputs": outputs.collect::<Vec<_>>(),
        "options": about.options,
        "examples": examples.collect::<Vec<_>>(),
    })
}
