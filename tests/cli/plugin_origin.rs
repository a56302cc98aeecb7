//! Where plugins come from: files, projects, OCI layouts, the standard set; and whose they are.

use std::fs;
use std::path::Path;

use prodlike_engine::plugins::Digest;
use serde_json::{Value, json};

use crate::util::{Sandbox, payment};

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    fs::copy(payment(), sandbox.path("payment.wasm")).unwrap();
    sandbox
}

fn listed(sandbox: &Sandbox) -> Value {
    let listed = sandbox.ok("plugin list --output-format json").stdout;
    serde_json::from_str(&listed).unwrap()
}

#[test]
fn standard_plugins_have_names() {
    let sandbox = sandbox();
    sandbox.ok("plugin add payment");
    assert_eq!(listed(&sandbox)[0]["name"], "payment");
    let told = sandbox.ok("plugin inspect payment").stdout;
    assert!(told.starts_with("payment 0.1.0: "), "{told}");
    sandbox.refused(
        "plugin add payment --to nosuch",
        &["`nosuch` is no directory", "hint: Give the directory"],
    );
    let ran = sandbox.refused(
        "plugin add paymnt",
        &[
            "error: `paymnt` is neither a file or directory nor a plugin of the standard set\n",
            "looked at: ",
            "/plugins/paymnt.wasm",
            "hint: Did you mean `payment`?",
        ],
    );
    assert!(ran.stderr.contains("share/prodlike/plugins"), "{ran}");
    // A directory of one's own goes before the others, and is believed in what it is called.
    fs::create_dir(sandbox.path("mine")).unwrap();
    fs::copy(payment(), sandbox.path("mine/loyalty.wasm")).unwrap();
    let mut command = sandbox.command("plugin add loyalty");
    let output = command.env("PRODLIKE_PLUGINS", "mine").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        "error: `loyalty.wasm` is the component of plugin `payment`, not of `loyalty`\n\n\
         hint: Add a plugin of another name: `prodlike plugin add`\n"
    );
    // What is there goes before what only has a name.
    sandbox.write("payment", "text");
    sandbox.refused(
        "plugin add payment",
        &["`payment` is not a WebAssembly component"],
    );
    sandbox.refused(
        "plugin add payment --tag x",
        &["`--tag` does not apply to `payment`"],
    );
}

#[test]
fn a_name_is_the_locked_plugin_before_the_standard_one() {
    let sandbox = sandbox();
    let digest = |arguments: &str| {
        let told = sandbox.ok(&format!("plugin inspect {arguments} --output-format json"));
        let told: Value = serde_json::from_str(&told.stdout).unwrap();
        told["digest"].as_str().unwrap().to_string()
    };
    let standard = fs::read(payment()).unwrap();
    let told = sandbox.ok("plugin check payment").stderr;
    assert!(told.contains("Passed all of "), "{told}");
    assert!(
        sandbox
            .ok("plugin bench payment")
            .stdout
            .contains("generator")
    );
    assert_eq!(digest("payment"), Digest::of(&standard).to_string());
    let other = [standard.as_slice(), &[0, 2, 1, b'x']].concat();
    sandbox.write("payment.wasm", &other);
    sandbox.ok("plugin add payment.wasm");
    assert_eq!(digest("payment"), Digest::of(&other).to_string());
    assert_eq!(digest("payment --frozen"), Digest::of(&other).to_string());
    // And so are its limits.
    let wide = sandbox.read("prodlike.lock");
    sandbox.edit(
        "prodlike.lock",
        "configure = 20000000000",
        "configure = 1000",
    );
    let ran = sandbox.run("plugin check payment");
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(
        ran.stderr.contains("ran out of fuel: more than 1000"),
        "{ran}"
    );
    for verb in ["bench", "inspect"] {
        sandbox.refused(
            &format!("plugin {verb} payment"),
            &["ran out of fuel: more than 1000"],
        );
    }
    sandbox.write("prodlike.lock", wide);
    // A file that was replaced by hand is not the plugin that is locked.
    let kept = "prodlike-plugins/payment-0.1.0.wasm";
    sandbox.write(kept, &standard);
    for verb in ["check", "bench", "inspect"] {
        sandbox.refused(
            &format!("plugin {verb} payment"),
            &[
                &format!("Digest mismatch for `{kept}`"),
                "`prodlike plugin lock`",
            ],
        );
        sandbox.refused(
            &format!("plugin {verb} paymnt"),
            &[
                "error: `paymnt` is neither a file nor a plugin of `prodlike.lock` or of the \
                 standard set\n",
                "hint: Did you mean `payment`?",
            ],
        );
        sandbox.refused(&format!("plugin {verb} ./payment"), &["`./payment`"]);
        sandbox.refused(
            &format!("plugin {verb} person --frozen"),
            &["`person` is neither", "hint: There are: payment"],
        );
    }
    sandbox.write("payment", "text");
    sandbox.refused(
        "plugin inspect payment",
        &["`payment` is not a WebAssembly component"],
    );
}

#[test]
fn projects_have_a_component_once_they_are_built() {
    let sandbox = sandbox();
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/payment");
    sandbox.ok(&format!("plugin add {}", project.display()));
    assert_eq!(listed(&sandbox)[0]["name"], "payment");
    for lang in ["rust", "python"] {
        sandbox.ok(&format!("plugin new {lang}-made --lang {lang}"));
        sandbox.refused(
            &format!("plugin add {lang}-made"),
            &[
                "error: The project has no component yet: ",
                &format!("{lang}-made/target/plugins"),
                "hint: Make it: `prodlike plugin build`",
            ],
        );
    }
    fs::create_dir_all(sandbox.path("python-made/target/plugins")).unwrap();
    let built = sandbox.path("python-made/target/plugins/payment.wasm");
    fs::copy(payment(), &built).unwrap();
    let quiet = sandbox.ok("plugin add python-made");
    assert!(!quiet.stderr.contains("was changed"), "{quiet}");
    let source = sandbox.read("python-made/plugin.py");
    sandbox.write("python-made/plugin.py", source + "\n");
    let warned = sandbox.ok("plugin inspect python-made");
    for part in [
        "/plugin.py` was changed since",
        "`prodlike plugin build python-made`",
    ] {
        assert!(warned.stderr.contains(part), "{warned}");
    }
    fs::copy(&built, built.with_file_name("other.wasm")).unwrap();
    sandbox.refused(
        "plugin add python-made",
        &["has several components", "hint: Give the file"],
    );
    fs::create_dir(sandbox.path("data.d")).unwrap();
    sandbox.refused("plugin add data.d", &["`data.d` is no plugin's project"]);
}

/// An OCI image layout in the making.
struct Layout<'a> {
    sandbox: &'a Sandbox,
    manifests: Vec<Value>,
}

impl<'a> Layout<'a> {
    fn new(sandbox: &'a Sandbox) -> Layout<'a> {
        fs::create_dir_all(sandbox.path("layout/blobs/sha256")).unwrap();
        sandbox.write("layout/oci-layout", r#"{"imageLayoutVersion": "1.0.0"}"#);
        Layout {
            sandbox,
            manifests: Vec::new(),
        }
    }

    /// Writes a blob, and returns its descriptor.
    fn blob(&self, media_type: &str, bytes: &[u8]) -> Value {
        let digest = Digest::of(bytes);
        let file = format!("layout/blobs/sha256/{}", digest.hex());
        self.sandbox.write(&file, bytes);
        json!({ "mediaType": media_type, "digest": digest.to_string(), "size": bytes.len() })
    }

    /// Adds a component, whose manifest may be changed.
    fn add(&mut self, tag: &str, component: &[u8], change: impl FnOnce(&mut Value)) {
        let layer = self.blob("application/wasm", component);
        let config = json!({
            "created": "2026-01-01T00:00:00Z", "architecture": "wasm", "os": "wasip2",
            "layerDigests": [layer["digest"]],
        });
        let config = self.blob(
            "application/vnd.wasm.config.v0+json",
            config.to_string().as_bytes(),
        );
        let mut manifest = json!({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": config, "layers": [layer],
        });
        change(&mut manifest);
        let mut manifest = self.blob(
            "application/vnd.oci.image.manifest.v1+json",
            manifest.to_string().as_bytes(),
        );
        if !tag.is_empty() {
            manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
        }
        self.manifests.push(manifest);
        self.index(&self.manifests);
    }

    /// Puts all manifests into an index of their own, which is named so many times.
    fn nest(&mut self, media_type: &str, tag: &str, times: usize) {
        let inner = json!({ "schemaVersion": 2, "manifests": self.manifests });
        let mut inner = self.blob(media_type, inner.to_string().as_bytes());
        if !tag.is_empty() {
            inner["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
        }
        self.manifests = vec![inner; times];
        self.index(&self.manifests);
    }

    /// Attaches a signature to a manifest.
    fn sign(&mut self, subject: &Value, signature: &[u8]) {
        let layer = self.blob("application/vnd.minisign.signature", signature);
        self.add("", b"{}", |manifest| {
            manifest["config"]["mediaType"] = "application/vnd.oci.empty.v1+json".into();
            manifest["layers"] = json!([layer]);
            manifest["subject"] = subject.clone();
        });
    }

    fn index(&self, manifests: &[Value]) {
        let index = json!({ "schemaVersion": 2, "manifests": manifests });
        self.sandbox.write("layout/index.json", index.to_string());
    }
}

#[test]
fn a_component_is_taken_from_a_layout() {
    let sandbox = sandbox();
    let component = fs::read(payment()).unwrap();
    let mut layout = Layout::new(&sandbox);
    layout.index(&[]);
    sandbox.refused("plugin add layout", &["`layout` holds 0 components"]);
    layout.add("0.1.0", &component, |_| ());
    sandbox.ok("plugin add layout");
    assert_eq!(
        listed(&sandbox)[0]["digest"],
        Digest::of(&component).to_string()
    );
    sandbox.ok("plugin add layout --tag 0.1.0");
    let other = [component.as_slice(), &[0, 2, 1, b'x']].concat();
    layout.add("0.2.0", &other, |_| ());
    sandbox.refused(
        "plugin add layout",
        &[
            "error: `layout` holds 2 components\n",
            "hint: Choose one by `--tag`: 0.1.0, 0.2.0",
        ],
    );
    sandbox.refused(
        "plugin add layout --tag 0.3.0",
        &["`layout` holds 0 components with the tag `0.3.0`"],
    );
    let said = sandbox.ok("plugin add layout --tag 0.2.0").stderr;
    assert!(
        said.starts_with("Updated `payment`\n  from: 0.1.0 sha256:"),
        "{said}"
    );
    assert_eq!(
        listed(&sandbox)[0]["digest"],
        Digest::of(&other).to_string()
    );
    sandbox.refused(
        "plugin add layout --tag 0.2.0 --verify author.pub",
        &["author.pub"],
    );
}

#[test]
fn indexes_may_lie_in_each_other() {
    const INDEX: &str = "application/vnd.oci.image.index.v1+json";
    let sandbox = sandbox();
    let component = fs::read(payment()).unwrap();
    let mut layout = Layout::new(&sandbox);
    layout.add("", &component, |_| ());
    // As `docker buildx` leaves one.
    layout.add("", b"{}", |attestation| {
        attestation["config"]["mediaType"] = "application/vnd.oci.image.config.v1+json".into();
        attestation["layers"][0]["mediaType"] = "application/vnd.in-toto+json".into();
    });
    let docker = "application/vnd.docker.distribution.manifest.list.v2+json";
    layout.nest(docker, "0.1.0", 1);
    layout.add(
        "0.2.0",
        &[component.as_slice(), &[0, 2, 1, b'x']].concat(),
        |_| (),
    );
    layout.nest(INDEX, "", 1);
    sandbox.refused(
        "plugin add layout",
        &["holds 2 components", "by `--tag`: 0.1.0, 0.2.0"],
    );
    sandbox.refused("plugin add layout --tag 0.3.0", &["holds 0 components"]);
    sandbox.ok("plugin add layout --tag 0.1.0");
    assert_eq!(
        listed(&sandbox)[0]["digest"],
        Digest::of(&component).to_string()
    );
    // Of ten thousand million paths, each index is entered by one.
    (0..5).for_each(|_| layout.nest(INDEX, "", 100));
    sandbox.ok("plugin add layout --tag 0.1.0");
    (0..2).for_each(|_| layout.nest(INDEX, "", 1));
    sandbox.refused(
        "plugin add layout --tag 0.1.0",
        &["it lies in more than 8 indexes"],
    );
    // An index of no index is damaged.
    let nothing = layout.blob(INDEX, b"[7]");
    layout.index(&[nothing]);
    sandbox.refused("plugin add layout", &["is not as OCI layouts are"]);
    let none = layout.blob("application/x", b"{}");
    layout.index(&vec![none; 1_025]);
    sandbox.refused("plugin add layout", &["more than 1024 manifests are named"]);
}

#[test]
fn layouts_are_not_believed() {
    let component = fs::read(payment()).unwrap();
    let refused = |change: fn(&mut Value), words: &[&str]| {
        let sandbox = sandbox();
        Layout::new(&sandbox).add("1", &component, change);
        sandbox.refused("plugin add layout", words);
    };
    refused(
        |manifest| manifest["config"]["digest"] = "sha256:../../../payment.wasm".into(),
        &["`sha256:../../../payment.wasm` is not `sha256:` and 64 digits"],
    );
    refused(
        |manifest| manifest["config"]["digest"] = format!("sha512:{:0128}", 0).into(),
        &["is not `sha256:` and 64 digits"],
    );
    refused(
        |manifest| manifest["layers"][0]["size"] = 7.into(),
        &["bytes where 7 are said", "hint: Copy the layout again"],
    );
    refused(
        |manifest| manifest["layers"][0]["digest"] = format!("sha256:{:064}", 0).into(),
        &["its config is of other layers"],
    );
    refused(
        |manifest| {
            let layer = manifest["layers"][0].clone();
            manifest["layers"].as_array_mut().unwrap().push(layer);
        },
        &[
            "holds no component: it has 2 layers",
            "hint: A plugin's artifact has one layer",
        ],
    );
    refused(
        |manifest| {
            manifest["config"]["mediaType"] = "application/vnd.oci.image.config.v1+json".into();
        },
        &["its config is `application/vnd.oci.image.config.v1+json`"],
    );
    refused(
        |manifest| {
            manifest["layers"][0]["mediaType"] =
                "application/vnd.oci.image.layer.v1.tar+gzip".into();
        },
        &["its layer is `application/vnd.oci.image.layer.v1.tar+gzip`"],
    );
    // A blob that is not what it is called.
    let sandbox = sandbox();
    Layout::new(&sandbox).add("1", &component, |_| ());
    let digest = Digest::of(&component);
    let blob = format!("layout/blobs/sha256/{}", digest.hex());
    let mut changed = component.clone();
    changed[100] ^= 1;
    sandbox.write(&blob, &changed);
    sandbox.refused(
        "plugin add layout",
        &[
            &format!("error: Digest mismatch for `{blob}`\n"),
            &format!("expected: {digest}\n"),
            &format!("computed: {}\n", Digest::of(&changed)),
        ],
    );
    // What never ends, or is none.
    fs::remove_file(sandbox.path(&blob)).unwrap();
    std::os::unix::fs::symlink("/dev/zero", sandbox.path(&blob)).unwrap();
    sandbox.refused("plugin add layout", &["It is no file"]);
    sandbox.write("layout/index.json", vec![b' '; (4 << 20) + 1]);
    sandbox.refused(
        "plugin add layout",
        &["4194305 bytes, and may have 4194304"],
    );
    sandbox.write("layout/index.json", "{");
    sandbox.refused(
        "plugin add layout",
        &["`layout/index.json` is not as OCI layouts are"],
    );
    sandbox.write("layout/oci-layout", r#"{"imageLayoutVersion": "2.0.0"}"#);
    sandbox.refused("plugin add layout", &["its version is 2.0.0"]);
}

/// A component of the contract's version 0.1.0, called `test`; two public keys; and signatures
/// that minisign 0.11 made of it: by the first key, by the second, and in its old format (`-l`).
fn signed() -> Sandbox {
    let sandbox = sandbox();
    let signed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/signed");
    for file in [
        "test.wasm",
        "test.wasm.minisig",
        "author.pub",
        "stranger.pub",
    ] {
        fs::copy(signed.join(file), sandbox.path(file)).unwrap();
    }
    for file in ["stranger.minisig", "old.minisig"] {
        fs::copy(signed.join(file), sandbox.path(file)).unwrap();
    }
    sandbox
}

#[test]
fn a_signature_is_checked_and_its_key_remembered() {
    let sandbox = signed();
    let key = sandbox.read("author.pub");
    let key = key.lines().nth(1).unwrap();
    let said = sandbox
        .ok("plugin add test.wasm --verify author.pub")
        .stderr;
    assert!(said.ends_with(&format!("Signed by: {key}\n")), "{said}");
    assert!(
        (sandbox.read("prodlike.lock")).contains(&format!("signed_by = \"{key}\"\n")),
        "{said}"
    );
    assert_eq!(listed(&sandbox)[0]["signed_by"], key);
    // From now on, it must be: whoever adds it.
    sandbox.ok("plugin add test.wasm");
    assert_eq!(listed(&sandbox)[0]["signed_by"], key);
    let bytes = fs::read(sandbox.path("test.wasm")).unwrap();
    let other = [bytes.as_slice(), &[0, 2, 1, b'x']].concat();
    sandbox.write("test.wasm", &other);
    sandbox.refused(
        "plugin add test.wasm",
        &[
            &format!("error: `test.wasm.minisig` does not sign `test.wasm` by the key {key}: "),
            "hint: Do not use the component before its author says that it is hers",
        ],
    );
    fs::remove_file(sandbox.path("test.wasm.minisig")).unwrap();
    sandbox.refused(
        "plugin add test.wasm",
        &[
            "error: Failed to read signature `test.wasm.minisig`",
            "hint: A plugin that must be signed needs its signature beside it",
        ],
    );
    // Nor does a component pass that is put where the one is kept.
    sandbox.write("prodlike-plugins/test-1.2.3.wasm", &other);
    sandbox.write("prodlike.toml", crate::relational::plugins::MANIFEST);
    sandbox.refused(
        "plugin lock",
        &["Failed to read signature `prodlike-plugins/test-1.2.3.wasm.minisig`"],
    );
}

#[test]
fn a_layout_has_signatures_attached() {
    let sandbox = signed();
    let signature = |file| fs::read(sandbox.path(file)).unwrap();
    let component = signature("test.wasm");
    let mut layout = Layout::new(&sandbox);
    layout.add("1.2.3", &component, |_| ());
    let subject = layout.manifests[0].clone();
    let refused = |words: &str| {
        sandbox.refused("plugin add layout --verify author.pub", &["layout", words]);
    };
    let none = "`layout` has no signature of minisign for the component";
    refused(none);
    refused("hint: Attach it: `oras attach");
    // Of something else.
    let other = layout.blob("application/wasm", b"other");
    layout.sign(&other, &signature("test.wasm.minisig"));
    refused(none);
    layout.sign(&subject, b"trust me");
    refused("is no signature of minisign");
    layout.sign(&subject, &[0xff; 20]);
    refused("is no signature of minisign");
    layout.sign(&subject, &signature("stranger.minisig"));
    refused("does not sign `layout` by the key ");
    layout.sign(&subject, &vec![b'x'; 20_000]);
    refused("20000 bytes, and may have 16384");
    layout.manifests.pop();
    layout.sign(&subject, &signature("test.wasm.minisig"));
    let said = sandbox.ok("plugin add layout --verify author.pub").stderr;
    let key = sandbox.read("author.pub");
    let key = key.lines().nth(1).unwrap();
    assert!(said.ends_with(&format!("Signed by: {key}\n")), "{said}");
    // From now on, it must be, and by that key.
    sandbox.ok("plugin add layout --tag 1.2.3");
    assert_eq!(listed(&sandbox)[0]["signed_by"], key);
    let mut layout = Layout::new(&sandbox);
    let changed = [component.as_slice(), &[0, 2, 1, b'x']].concat();
    layout.add("1.2.3", &changed, |_| ());
    sandbox.refused("plugin add layout", &[none]);
    let subject = layout.manifests[0].clone();
    layout.sign(&subject, &signature("test.wasm.minisig"));
    sandbox.refused("plugin add layout", &["does not sign `layout` by the key "]);
}

#[test]
fn wrong_signatures_are_refused() {
    let sandbox = signed();
    let refused = |key: &str, words: &[&str]| {
        sandbox.refused(&format!("plugin add test.wasm --verify {key}"), words);
    };
    let wrong = "`test.wasm.minisig` does not sign `test.wasm` by the key ";
    refused("stranger.pub", &[wrong]);
    refused(
        "nobody.pub",
        &["Failed to read public key `nobody.pub`", "hint: "],
    );
    refused(
        "test.wasm.minisig",
        &["`test.wasm.minisig` is no public key of minisign"],
    );
    refused("test.wasm", &["`test.wasm` is no public key of minisign"]);
    sandbox.write("huge.pub", vec![b'x'; 20_000]);
    refused("huge.pub", &["it has 20000 bytes, and may have 16384"]);
    fs::copy(
        sandbox.path("stranger.minisig"),
        sandbox.path("test.wasm.minisig"),
    )
    .unwrap();
    refused("author.pub", &[wrong]);
    fs::copy(
        sandbox.path("old.minisig"),
        sandbox.path("test.wasm.minisig"),
    )
    .unwrap();
    refused("author.pub", &[wrong]);
    sandbox.write("test.wasm.minisig", "trust me");
    refused(
        "author.pub",
        &["`test.wasm.minisig` is no signature of minisign"],
    );
}
