//! Where real data is, as the manifest and the command line name it.

use std::path::PathBuf;

/// One file, directory or pattern of files to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSpec {
    /// What tells it from others: empty where there is only one.
    pub name: String,
    /// The path or pattern, as written.
    pub path: PathBuf,
    /// What cannot be told from text files, or was told wrongly.
    pub options: ReadOptions,
}

impl SourceSpec {
    /// A source that is the only one, read as it appears.
    pub fn one(path: impl Into<PathBuf>) -> SourceSpec {
        SourceSpec {
            path: path.into(),
            ..SourceSpec::default()
        }
    }

    /// Several sources, each named after its file or directory; one alone has no name.
    pub fn several(paths: &[PathBuf]) -> Vec<SourceSpec> {
        let mut sources: Vec<SourceSpec> = paths.iter().map(SourceSpec::one).collect();
        if sources.len() == 1 {
            return sources;
        }
        for idx in 0..sources.len() {
            let stem = sources[idx].path.file_stem().unwrap_or_default();
            let plain: String = stem
                .to_string_lossy()
                .chars()
                .filter(|letter| !"*?[]".contains(*letter))
                .collect();
            let plain = plain.trim_end_matches(['-', '_', '.', ' ']);
            let base = if plain.is_empty() { "source" } else { plain };
            let mut name = base.to_string();
            let mut count = 1;
            while sources[..idx].iter().any(|other| other.name == name) {
                count += 1;
                name = format!("{base}_{count}");
            }
            sources[idx].name = name;
        }
        sources
    }
}

/// How text files are read where a person decides; the rest is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// What becomes of rows that are no rows.
    pub broken_rows: BrokenRows,
    /// Whether the first row of a CSV file holds names.
    pub header: Option<bool>,
    /// What parts the fields of a CSV file.
    pub delimiter: Option<char>,
    /// The encoding of a CSV file, by its label on the web.
    pub encoding: Option<String>,
}

/// What becomes of rows of text that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BrokenRows {
    /// An error that names the first.
    #[default]
    Refuse,
    /// They are counted and left out.
    Skip,
}

impl BrokenRows {
    /// Both, for messages.
    pub const ALL: [BrokenRows; 2] = [BrokenRows::Refuse, BrokenRows::Skip];

    /// Returns the manifest's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            BrokenRows::Refuse => "refuse",
            BrokenRows::Skip => "skip",
        }
    }
}
