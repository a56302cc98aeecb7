//! Ctrl-C in each stage: exit code 130, and nothing left behind.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::util::{Sandbox, ends, model, nycflights, wait_until};

fn start(sandbox: &Sandbox, arguments: &str) -> Child {
    let mut command = sandbox.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().unwrap();
    // Bit 1 of the caught signals is SIGINT; before that Ctrl-C ends any program.
    wait_until("the program never listened", || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
        status.is_ok_and(|status| {
            status.lines().any(|line| {
                line.strip_prefix("SigCgt:").is_some_and(|mask| {
                    u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 2 != 0)
                })
            })
        })
    });
    child
}

fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());
}

/// Interrupts at once and after a while, when the stage is at work.
fn leaves_nothing(arguments: &str) {
    for pause in [0, 400] {
        let sandbox = Sandbox::new();
        let child = start(&sandbox, arguments);
        std::thread::sleep(Duration::from_millis(pause));
        interrupt(&child);
        assert_eq!(ends(child), Some(130), "{arguments}, after {pause} ms");
        let left = sandbox.listing();
        assert!(left.is_empty(), "{arguments}, after {pause} ms: {left:?}");
    }
}

#[test]
fn init_is_interrupted() {
    // It may be too quick to be interrupted later.
    let sandbox = Sandbox::new();
    let child = start(&sandbox, &format!("init {}", nycflights().display()));
    interrupt(&child);
    assert_eq!(ends(child), Some(130));
    assert!(sandbox.listing().is_empty(), "{:?}", sandbox.listing());
}

#[test]
fn fit_is_interrupted() {
    leaves_nothing(&format!("fit {} -o m.prodlike", nycflights().display()));
}

#[test]
fn generate_is_interrupted() {
    for out in ["out", "out.duckdb", "out --format csv"] {
        leaves_nothing(&format!("generate {} --scale 2000 -o {out}", model()));
    }
}

#[test]
fn an_interrupted_overwrite_leaves_the_old() {
    let sandbox = Sandbox::new();
    for out in ["out", "out.duckdb"] {
        sandbox.ok(&format!("generate {} -o {out}", model()));
    }
    let before = sandbox.listing();
    for out in ["out", "out.duckdb"] {
        let child = start(
            &sandbox,
            &format!("generate {} --scale 2000 -o {out} --overwrite", model()),
        );
        wait_until("nothing is staged", || sandbox.listing() != before);
        interrupt(&child);
        assert_eq!(ends(child), Some(130), "{out}");
        assert_eq!(sandbox.listing(), before, "{out}");
    }
}

#[test]
fn a_second_interrupt_does_not_wait() {
    let sandbox = Sandbox::new();
    // A file that never begins: no stage stops while it is opened.
    let pipe = Command::new("mkfifo").arg(sandbox.path("pipe")).status();
    assert!(pipe.unwrap().success());
    let mut child = start(&sandbox, "inspect pipe");
    interrupt(&child);
    std::thread::sleep(Duration::from_millis(300));
    assert!(
        child.try_wait().unwrap().is_none(),
        "nothing was waited for"
    );
    interrupt(&child);
    assert_eq!(ends(child), Some(130));
}

#[test]
fn evaluate_is_interrupted() {
    let sandbox = Sandbox::new();
    let real = nycflights().display().to_string();
    let child = start(
        &sandbox,
        &format!("evaluate --real {real} --synthetic {real} --html r.html --json r.json"),
    );
    interrupt(&child);
    assert_eq!(ends(child), Some(130));
    assert!(sandbox.listing().is_empty(), "{:?}", sandbox.listing());
}
