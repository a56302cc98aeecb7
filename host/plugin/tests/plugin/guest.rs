//! Plugins as WebAssembly text: small modules whose every byte a test decides.
//!
//! Data lies in memory as the canonical ABI lays it out, written by [`Memory`]; the module
//! around it answers every function of the contract, and a test says what is different.

use std::fs;
use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// Where results are written, and where data begin.
const RESULT: u32 = 16;
const BASE: u32 = 1_024;

/// A guest's memory from `BASE` on.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    bytes: Vec<u8>,
}

/// Where a list lies, and how many elements it has.
#[derive(Clone, Copy, Default)]
pub(crate) struct List {
    pub(crate) at: u32,
    pub(crate) length: u32,
}

/// A field of a schema: its name, its kind's number and payload, and its children's number.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: u8,
    pub(crate) payload: Vec<u8>,
    pub(crate) nullable: bool,
    pub(crate) children: u32,
}

/// Numbers of kinds and of values in their variants.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 1;
    pub(crate) const INT64: u8 = 5;
    pub(crate) const DECIMAL: u8 = 12;
    pub(crate) const TIME: u8 = 14;
    pub(crate) const UTF8: u8 = 18;
    pub(crate) const LIST: u8 = 21;
    pub(crate) const STRUCT: u8 = 23;
    pub(crate) const MAP: u8 = 24;
    pub(crate) const DICTIONARY: u8 = 25;
}

/// The buffer of a node.
pub(crate) enum Values {
    None,
    Bits(Vec<u8>),
    Int64(Vec<i64>),
    Words(Vec<u64>),
    Varlen(Vec<u32>, Vec<u8>),
    Offsets(Vec<u32>),
    Keys(Vec<u32>),
    /// A buffer of any number that is said to have so many elements and begin somewhere.
    Raw(u8, List),
}

pub(crate) fn field(name: &'static str, kind: u8) -> Field {
    Field {
        name,
        kind,
        payload: Vec::new(),
        nullable: false,
        children: 0,
    }
}

impl Memory {
    fn put(&mut self, bytes: &[u8]) -> u32 {
        while !self.bytes.len().is_multiple_of(8) {
            self.bytes.push(0);
        }
        let at = BASE + self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        at
    }

    pub(crate) fn text(&mut self, text: &[u8]) -> List {
        List {
            at: self.put(text),
            length: text.len() as u32,
        }
    }

    fn words<const N: usize, T: Copy>(&mut self, values: &[T], bytes: fn(T) -> [u8; N]) -> List {
        let written: Vec<u8> = values.iter().flat_map(|value| bytes(*value)).collect();
        List {
            at: self.put(&written),
            length: values.len() as u32,
        }
    }

    pub(crate) fn fields(&mut self, fields: &[Field]) -> List {
        let mut written = Vec::new();
        for field in fields {
            let name = self.text(field.name.as_bytes());
            let mut bytes = pair(name);
            bytes.extend([field.kind, 0, 0, 0]);
            // The payload of a kind is aligned like its widest, that of timestamps; a byte's
            // begins there as well.
            bytes.extend(&field.payload);
            bytes.resize(28, 0);
            bytes.extend([u8::from(field.nullable), 0, 0, 0]);
            bytes.extend(field.children.to_le_bytes());
            bytes.resize(52, 0);
            written.extend(bytes);
        }
        List {
            at: self.put(&written),
            length: fields.len() as u32,
        }
    }

    /// Writes nodes: length, validity, values.
    pub(crate) fn nodes(&mut self, nodes: &[(u32, Option<Vec<u8>>, Values)]) -> List {
        let mut written = Vec::new();
        for (length, validity, values) in nodes {
            let mut bytes = length.to_le_bytes().to_vec();
            match validity {
                None => bytes.extend([0; 12]),
                Some(validity) => {
                    let validity = self.text(validity);
                    bytes.extend([1, 0, 0, 0]);
                    bytes.extend(pair(validity));
                }
            }
            let (tag, lists) = match values {
                Values::None => (0, vec![]),
                Values::Bits(bits) => (1, vec![self.text(bits)]),
                Values::Int64(values) => (5, vec![self.words(values, i64::to_le_bytes)]),
                Values::Words(values) => (12, vec![self.words(values, u64::to_le_bytes)]),
                Values::Varlen(offsets, data) => (
                    14,
                    vec![self.words(offsets, u32::to_le_bytes), self.text(data)],
                ),
                Values::Offsets(offsets) => (15, vec![self.words(offsets, u32::to_le_bytes)]),
                Values::Keys(keys) => (16, vec![self.words(keys, u32::to_le_bytes)]),
                Values::Raw(tag, list) => (*tag, vec![*list, *list]),
            };
            bytes.extend([tag, 0, 0, 0]);
            for list in lists {
                bytes.extend(pair(list));
            }
            bytes.resize(36, 0);
            written.extend(bytes);
        }
        List {
            at: self.put(&written),
            length: nodes.len() as u32,
        }
    }

    /// Writes findings: semantic type, matched, chance.
    pub(crate) fn findings(&mut self, findings: &[(u32, u32, f64)]) -> List {
        let mut written = Vec::new();
        for (semantic, matched, chance) in findings {
            written.extend(semantic.to_le_bytes());
            written.extend(matched.to_le_bytes());
            written.extend(chance.to_le_bytes());
        }
        List {
            at: self.put(&written),
            length: findings.len() as u32,
        }
    }

    /// Writes domains that are all ranges.
    pub(crate) fn ranges(&mut self, ranges: &[(f64, f64)]) -> List {
        let mut written = Vec::new();
        for (from, to) in ranges {
            written.extend([1, 0, 0, 0, 0, 0, 0, 0]);
            written.extend(from.to_le_bytes());
            written.extend(to.to_le_bytes());
        }
        List {
            at: self.put(&written),
            length: ranges.len() as u32,
        }
    }

    /// Writes outputs that have no semantic type.
    fn outputs(&mut self, names: &[&str]) -> List {
        let mut written = Vec::new();
        for name in names {
            written.extend(pair(self.text(name.as_bytes())));
            written.extend(pair(self.text(b"A column of a test.")));
            written.extend([0; 12]);
        }
        List {
            at: self.put(&written),
            length: names.len() as u32,
        }
    }

    fn strings(&mut self, texts: &[&str]) -> List {
        let mut written = Vec::new();
        for text in texts {
            written.extend(pair(self.text(text.as_bytes())));
        }
        List {
            at: self.put(&written),
            length: texts.len() as u32,
        }
    }
}

fn pair(list: List) -> Vec<u8> {
    [list.at.to_le_bytes(), list.length.to_le_bytes()].concat()
}

/// A plugin that does nothing wrong, until a test changes it.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) memory: Memory,
    /// The contract's version.
    pub(crate) contract: &'static str,
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// JSON Schema.
    pub(crate) options: &'static str,
    pub(crate) finds: &'static [&'static str],
    /// Names of outputs.
    pub(crate) outputs: &'static [&'static str],
    /// Interfaces.
    pub(crate) kinds: &'static [&'static str],
    /// What `output` returns; what came as input where there is none.
    pub(crate) output: Option<List>,
    /// What `domains` returns.
    pub(crate) domains: List,
    /// Instructions of every function that takes a batch: they leave where the result lies.
    pub(crate) batch: String,
    /// Instructions at the beginning of `configure`.
    pub(crate) configure: String,
    /// More of the module.
    pub(crate) extra: String,
    /// Imports of the module.
    pub(crate) imports: String,
    /// More of the world, and another package that it needs.
    pub(crate) world: &'static str,
    pub(crate) package: Option<&'static str>,
}

impl Default for Guest {
    fn default() -> Self {
        Guest {
            memory: Memory::default(),
            contract: "0.1.0",
            name: "test",
            version: "1.2.3",
            options: r#"{"type": "object"}"#,
            finds: &["thing"],
            outputs: &[],
            kinds: &["generator"],
            output: None,
            domains: List::default(),
            batch: echo(),
            configure: String::new(),
            extra: String::new(),
            imports: String::new(),
            world: "",
            package: None,
        }
    }
}

/// Instructions that return a list: where it lies and how long it is, as instructions.
fn returning(at: &str, length: &str) -> String {
    format!(
        "(i32.store (i32.const {RESULT}) (i32.const 0))
         (i32.store offset=4 (i32.const {RESULT}) {at})
         (i32.store offset=8 (i32.const {RESULT}) {length})
         (i32.const {RESULT})"
    )
}

/// Instructions that return the nodes that came in.
pub(crate) fn echo() -> String {
    returning("(local.get $input)", "(local.get $inputs)")
}

/// Instructions that return a list.
pub(crate) fn answer(list: List) -> String {
    returning(
        &format!("(i32.const {})", list.at),
        &format!("(i32.const {})", list.length),
    )
}

/// Instructions that return an error: `other`, or `data` of a row.
pub(crate) fn error(row: Option<u32>, text: List) -> String {
    let (tag, words) = match row {
        Some(row) => (2, vec![row, text.at, text.length]),
        None => (3, vec![text.at, text.length]),
    };
    let mut code = format!(
        "(i32.store (i32.const {RESULT}) (i32.const 1))
         (i32.store offset=4 (i32.const {RESULT}) (i32.const {tag}))"
    );
    for (at, word) in words.iter().enumerate() {
        let offset = 8 + 4 * at;
        code += &format!("(i32.store offset={offset} (i32.const {RESULT}) (i32.const {word}))");
    }
    code + &format!("(i32.const {RESULT})")
}

impl Guest {
    /// A generator of one column of integers, whose batches are `nodes`.
    pub(crate) fn of(field: Field, nodes: &[(u32, Option<Vec<u8>>, Values)]) -> Self {
        Guest::of_fields(&[field], nodes)
    }

    pub(crate) fn of_fields(fields: &[Field], nodes: &[(u32, Option<Vec<u8>>, Values)]) -> Self {
        let mut guest = Guest::default();
        guest.output = Some(guest.memory.fields(fields));
        let nodes = guest.memory.nodes(nodes);
        guest.batch = answer(nodes);
        guest
    }

    /// A plugin that says something when it is asked for a batch.
    pub(crate) fn running(code: &str) -> Self {
        let mut guest = Guest::of(field("c", tag::INT64), &[]);
        guest.batch = format!("{code} {}", guest.batch);
        guest
    }

    /// Builds the component.
    pub(crate) fn build(mut self) -> Vec<u8> {
        let module = self.module();
        let mut module = wat::parse_str(&module).expect("the module is well written");
        // Tests of the whole program use it as well, from further up.
        let wit = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|directory| directory.join("wit"))
            .find(|wit| wit.is_dir())
            .expect("the contract is there");
        let mut contract = String::new();
        let mut files: Vec<_> = fs::read_dir(wit)
            .expect("the contract is there")
            .map(|file| file.expect("it can be listed").path())
            .collect();
        files.sort();
        for file in files {
            let text = fs::read_to_string(file).expect("it can be read");
            contract += &text.replace("package prodlike:plugin@0.1.0;", "");
        }
        let exports: String = self
            .kinds
            .iter()
            .map(|kind| format!("export {kind};"))
            .collect();
        let contract = format!(
            "package prodlike:plugin@0.1.0;\n{contract}\n\
             world tested {{ import log; export about; {exports} {} }}",
            self.world
        )
        .replace("0.1.0", self.contract);
        let mut resolve = Resolve::default();
        if let Some(package) = self.package {
            resolve.push_str("other.wit", package).expect("it is WIT");
        }
        let package = resolve
            .push_str("contract.wit", &contract)
            .expect("the contract is WIT");
        let world = resolve
            .select_world(&[package], Some("tested"))
            .expect("the world is there");
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
            .expect("the world can be embedded");
        ComponentEncoder::default()
            .module(&module)
            .expect("the module fits its world")
            .validate(true)
            .encode()
            .expect("the component is valid")
    }

    fn module(&mut self) -> String {
        let mut description = Vec::new();
        for text in [self.name, self.version, "A plugin of a test.", self.options] {
            description.extend(pair(self.memory.text(text.as_bytes())));
        }
        description.extend(pair(self.memory.outputs(self.outputs)));
        description.extend(pair(List::default()));
        description.extend(pair(self.memory.strings(self.finds)));
        description.extend(pair(List::default()));
        let description = self.memory.put(&description);
        let heap = (BASE + self.memory.bytes.len() as u32).next_multiple_of(64);
        let data: String = self
            .memory
            .bytes
            .iter()
            .map(|byte| format!("\\{byte:02x}"))
            .collect();
        let (mut imports, mut functions) = (self.imports.clone(), String::new());
        for kind in self.kinds {
            let prefix = format!("prodlike:plugin/{kind}@{}", self.contract);
            imports += &format!(
                r#"(import "[export]{prefix}" "[resource-new]instance"
                     (func $new-{kind} (param i32) (result i32)))"#
            );
            functions += &self.kind(kind, &prefix);
        }
        format!(
            r#"(module
            {imports}
            (import "prodlike:plugin/log@{contract}" "write" (func $log (param i32 i32 i32)))
            (memory (export "memory") {pages})
            (global $heap (mut i32) (i32.const {heap}))
            (global $mark (mut i32) (i32.const {heap}))
            (global $count (mut i64) (i64.const 0))
            (global $fields (mut i32) (i32.const 0))
            (global $n-fields (mut i32) (i32.const 0))
            (data (i32.const {BASE}) "{data}")
            (func $allocate (export "cabi_realloc")
                (param $old i32) (param $size i32) (param $align i32) (param $new i32)
                (result i32)
                (local $at i32) (local $pages i32)
                ;; Large blocks begin with a cache line: PLUGINS.md, trap 1.
                (local.set $align
                    (select (i32.const 63) (i32.const 7)
                        (i32.ge_u (local.get $new) (i32.const 1024))))
                (local.set $at
                    (i32.and (i32.add (global.get $heap) (local.get $align))
                        (i32.xor (local.get $align) (i32.const -1))))
                (global.set $heap (i32.add (local.get $at) (local.get $new)))
                (local.set $pages
                    (i32.sub
                        (i32.shr_u (i32.add (global.get $heap) (i32.const 65535)) (i32.const 16))
                        (memory.size)))
                (if (i32.gt_s (local.get $pages) (i32.const 0))
                    (then
                        (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1))
                            (then unreachable))))
                (local.get $at))
            (func (export "prodlike:plugin/about@{contract}#describe") (result i32)
                (i32.const {description}))
            {functions}
            {extra})"#,
            contract = self.contract,
            pages = heap / 65_536 + 1,
            extra = self.extra,
        )
    }

    fn kind(&self, kind: &str, prefix: &str) -> String {
        let mut code = format!(
            r#"(func (export "{prefix}#[static]instance.configure")
                (param $options i32) (param $n-options i32)
                (param $input i32) (param $inputs i32)
                (param $wanted i32) (param $n-wanted i32)
                (param $has-locale i32) (param $locale i32) (param $n-locale i32)
                (param $unique i32)
                (param $secrets i32) (param $n-secrets i32)
                (param $learned i32) (param $n-learned i32)
                (result i32)
                {configure}
                (global.set $fields (local.get $input))
                (global.set $n-fields (local.get $inputs))
                (global.set $mark (global.get $heap))
                (i32.store (i32.const {RESULT}) (i32.const 0))
                (i32.store offset=4 (i32.const {RESULT}) (call $new-{kind} (i32.const 1)))
                (i32.const {RESULT}))
            (func (export "{prefix}#[dtor]instance") (param i32))"#,
            configure = self.configure,
        );
        let rows = "(param $n-rows i32) (param $first i64)
            (param $numbers i32) (param $n-numbers i32)
            (param $seeds i32) (param $n-seeds i32)
            (param $total i64) (param $key i64)";
        let (batch, rows) = match kind {
            "generator" => ("generate", rows),
            "transform" => ("apply", rows),
            "learn" => ("keys", ""),
            "detector" => ("detect", ""),
            _ => ("check", rows),
        };
        code += &format!(
            r#"(func (export "{prefix}#[method]instance.{batch}")
                (param $self i32) {rows} (param $input i32) (param $inputs i32) (result i32)
                {})
            (func (export "cabi_post_{prefix}#[method]instance.{batch}") (param i32)
                (global.set $heap (global.get $mark)))"#,
            self.batch
        );
        let list = |name: &str, at: &str, length: &str| {
            format!(
                r#"(func (export "{prefix}#[method]instance.{name}") (param i32) (result i32)
                    (i32.store (i32.const {RESULT}) {at})
                    (i32.store offset=4 (i32.const {RESULT}) {length})
                    (i32.const {RESULT}))"#
            )
        };
        let fixed = |name: &str, stated: List| {
            let word = |word: u32| format!("(i32.const {word})");
            list(name, &word(stated.at), &word(stated.length))
        };
        match (kind, self.output) {
            ("generator" | "transform", None) => {
                code += &list("output", "(global.get $fields)", "(global.get $n-fields)");
            }
            ("generator" | "transform", Some(output)) => code += &fixed("output", output),
            ("rule", _) => code += &fixed("domains", self.domains),
            _ => {}
        }
        code
    }
}
