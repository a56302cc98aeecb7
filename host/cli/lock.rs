//! `prodlike.lock`: which plugins a project uses, and where they come from.

use std::path::Path;

use prodlike_core::progress::Progress;
use prodlike_core::words::{aligned, counted};
use prodlike_engine::Error;
use prodlike_engine::plugins::{
    self, Asked, Change, Limits, Locked, Locking, Origin, PluginOptions,
};
use serde_json::{Value, json};

use crate::args::{Global, PluginAdd, PluginRemove};
use crate::commands::Session;
use crate::output::{self, Advice};

/// How plugins are run: the standard set is where a build or an installation puts it.
pub(crate) fn options(global: &Global) -> PluginOptions {
    let locking = match (global.frozen, global.locked) {
        (true, _) => Locking::Frozen,
        (false, true) => Locking::Locked,
        (false, false) => Locking::Update,
    };
    let program = std::env::current_exe().ok();
    let above = program.iter().filter_map(|it| it.parent()?.parent());
    let beside = above.flat_map(|it| [it.join("plugins"), it.join("share/prodlike/plugins")]);
    PluginOptions::here(locking, beside)
}

/// Finds out what was typed: what is there goes before what only has a name.
fn origin(path: &Path, tag: Option<&str>) -> anyhow::Result<Origin> {
    let name = path.to_str().filter(|text| Origin::is_name(text));
    let origin = match (path.is_dir(), name) {
        (true, _) if Origin::is_layout(path) => Origin::Layout {
            directory: path.to_owned(),
            tag: tag.map(str::to_string),
        },
        (true, _) if prodlike_author::is_project(path) => {
            let component = prodlike_author::built(path)?;
            if let Some(file) = prodlike_author::changed_since(path, &component) {
                tracing::warn!(
                    "`{}` was changed since `{}` was built; `prodlike plugin build {}` builds it \
                     anew",
                    file.display(),
                    component.display(),
                    path.display()
                );
            }
            Origin::File(component)
        }
        (_, Some(name)) if !path.is_file() => Origin::Standard(name.to_string()),
        (true, None) => return Err(prodlike_author::Error::NoProject(path.to_owned()).into()),
        _ => Origin::File(path.to_owned()),
    };
    if tag.is_some() && !matches!(origin, Origin::Layout { .. }) {
        return Err(Advice {
            message: format!("`--tag` does not apply to `{}`", path.display()),
            hint: "Leave `--tag` out, or give the directory of an OCI layout".into(),
        }
        .into());
    }
    Ok(origin)
}

/// Finds out which component was meant, and what it may use up: a name is the lockfile's of this
/// directory before it is the standard set's.
pub(crate) fn component(
    session: &Session,
    path: &Path,
    tag: Option<&str>,
) -> anyhow::Result<(Origin, Limits)> {
    Ok(match origin(path, tag)? {
        Origin::Standard(name) => {
            let options = options(&session.global);
            let (path, limits) = plugins::find(Path::new(""), &name, &options)?;
            (Origin::File(path), limits)
        }
        origin => (origin, Limits::default()),
    })
}

pub(crate) fn add(session: &Session, args: &PluginAdd) -> anyhow::Result<()> {
    let asked = Asked {
        verify: args.verify.clone(),
        limits: args.limit.clone(),
    };
    let origin = origin(&args.origin, args.tag.as_deref())?;
    let directory = project(&args.to)?;
    let added = plugins::add(directory, &origin, &asked, &options(&session.global))?;
    let (plugin, lock) = (&added.plugin, directory.join(plugins::LOCK));
    match &added.replaced {
        Some(old) if old.digest != plugin.digest => say_updated(session, old, plugin),
        _ => session.say(&format!(
            "Added `{}` {} to: `{}`",
            plugin.name,
            plugin.version,
            lock.display()
        )),
    }
    if let Some(key) = &plugin.signed_by {
        session.say(&format!("Signed by: {key}"));
    }
    session.result(&described(plugin))
}

pub(crate) fn remove(session: &Session, args: &PluginRemove) -> anyhow::Result<()> {
    let directory = project(&args.from)?;
    let removed = plugins::remove(directory, &args.name, &options(&session.global))?;
    let lock = directory.join(plugins::LOCK);
    let manifest = directory.join("prodlike.toml");
    // A manifest that cannot be read names nothing; whoever reads it next is told why.
    let schema = prodlike_engine::read_manifest(&manifest).map(|it| it.schema);
    for it in &removed {
        let (name, version) = (&it.name, &it.version);
        session.say(&format!(
            "Removed `{name}` {version} from: `{}`",
            lock.display()
        ));
        if schema
            .as_ref()
            .is_ok_and(|schema| plugins::is_named(schema, name))
        {
            session.bars.warn(&format!(
                "`{}` still names `{name}`: `fit` adds it again if it is a standard plugin, and \
                 fails if not",
                manifest.display()
            ));
        }
    }
    let removed: Vec<Value> = removed.iter().map(described).collect();
    session.result(&json!({ "removed": removed }))
}

/// A directory, which must be there, without the dot that it is where nothing was typed.
fn project(directory: &Path) -> anyhow::Result<&Path> {
    if !directory.is_dir() {
        return Err(Advice {
            message: format!("`{}` is no directory", directory.display()),
            hint: "Give the directory in which the manifest lies".into(),
        }
        .into());
    }
    Ok(directory.strip_prefix(".").unwrap_or(directory))
}

fn described(locked: &Locked) -> Value {
    json!({
        "name": locked.name,
        "version": locked.version,
        "component": locked.path.to_string_lossy(),
        "digest": locked.digest.to_string(),
        "contract": locked.contract,
        "kinds": locked.kinds,
        "capabilities": locked.capabilities,
        "signed_by": locked.signed_by.as_ref().map(ToString::to_string),
        "limits": locked.limits.named().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
    })
}

pub(crate) fn list(session: &Session, directory: &Path) -> anyhow::Result<()> {
    let locked = plugins::list(project(directory)?)?;
    if session.json() {
        return session.result(&locked.iter().map(described).collect::<Vec<_>>().into());
    }
    let heading = ["plugin", "version", "kinds", "digest"].map(String::from);
    let lines = locked.iter().map(|it| {
        vec![
            it.name.clone(),
            it.version.clone(),
            it.kinds.join(", "),
            it.digest.to_string(),
        ]
    });
    let lines: Vec<Vec<String>> = std::iter::once(heading.to_vec()).chain(lines).collect();
    output::result(&aligned(&lines, &[]))?;
    session.say(&counted(locked.len() as u64, "plugin"));
    Ok(())
}

pub(crate) fn lock(session: &Session, manifest: &Path) -> anyhow::Result<()> {
    let schema = prodlike_engine::read_manifest(manifest)
        .map_err(Error::from)?
        .schema;
    let directory = manifest.parent().unwrap_or(Path::new(""));
    let changes = plugins::lock(directory, &schema, &options(&session.global))?;
    say_changes(session, directory, &changes);
    let locked = plugins::list(directory)?;
    session.say(&format!(
        "Locked {} in: `{}`",
        counted(locked.len() as u64, "plugin"),
        directory.join(plugins::LOCK).display()
    ));
    let changes = changes.iter().map(|change| match change {
        Change::Added(new) => json!({ "change": "added", "to": described(new) }),
        Change::Restored(new) => json!({ "change": "restored", "to": described(new) }),
        Change::Updated { old, new } => {
            json!({ "change": "updated", "from": described(old), "to": described(new) })
        }
    });
    session.result(&json!({
        "changes": changes.collect::<Vec<_>>(),
        "plugins": locked.iter().map(described).collect::<Vec<_>>(),
    }))
}

fn say_changes(session: &Session, directory: &Path, changes: &[Change]) {
    for line in changes.iter().flat_map(|change| change.told(directory)) {
        session.say(&line);
    }
}

fn say_updated(session: &Session, old: &Locked, new: &Locked) {
    let line = |it: &Locked| format!("{} {}", it.version, it.digest);
    session.say(&format!("Updated `{}`", new.name));
    session.say(&format!("  from: {}", line(old)));
    session.say(&format!("    to: {}", line(new)));
}
