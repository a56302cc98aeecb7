//! What a shell and a manual want to know of the command line.

use std::path::Path;

use clap::CommandFactory;
use prodlike_core::words::counted;
use prodlike_engine::Error;

use crate::args::{Cli, Completions, Man};
use crate::commands::Session;
use crate::output;

pub(crate) fn completions(args: &Completions) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "prodlike", &mut script);
    output::result(&String::from_utf8_lossy(&script))
}

pub(crate) fn man(session: &Session, args: &Man) -> anyhow::Result<()> {
    let mut command = Cli::command();
    command.build();
    let mut pages = vec![("prodlike.1".to_string(), page(command.clone())?)];
    for verb in command.get_subcommands() {
        let name = format!("prodlike-{}", verb.get_name());
        let verb = verb.clone().name(name.clone()).display_name(name.clone());
        pages.push((format!("{name}.1"), page(verb)?));
    }
    let Some(directory) = &args.output else {
        let all: Vec<u8> = pages.into_iter().flat_map(|(_, page)| page).collect();
        return output::result(&String::from_utf8_lossy(&all));
    };
    for (name, page) in &pages {
        prodlike_engine::write_whole(&directory.join(name), page, true).map_err(Error::from)?;
    }
    session.say(&format!(
        "Wrote {} to: `{}`",
        counted(pages.len() as u64, "page"),
        directory.display()
    ));
    let names = pages.iter().map(|(name, _)| path(directory, name));
    session.result(&serde_json::json!({ "pages": names.collect::<Vec<_>>() }))
}

fn path(directory: &Path, name: &str) -> String {
    directory.join(name).to_string_lossy().into_owned()
}

fn page(command: clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    Ok(page)
}
