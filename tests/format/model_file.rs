//! Model files that are broken, newer or hostile: refused, with what to do.

use std::fs;

use crate::util::{Sandbox, fitted};

fn model() -> Vec<u8> {
    fs::read(fitted().join("chinook.prodlike")).unwrap()
}

fn refused(bytes: &[u8], words: &[&str]) {
    let sandbox = Sandbox::new();
    sandbox.write("m.prodlike", bytes);
    for out in ["out", "out.duckdb"] {
        sandbox.refused(&format!("generate m.prodlike -o {out}"), words);
    }
    sandbox.refused("generate m.prodlike --dry-run", words);
}

/// CRC-32, as zip has it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> usize {
    let rest = haystack[from..].windows(needle.len());
    from + rest
        .into_iter()
        .position(|window| window == needle)
        .unwrap()
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

const CENTRAL: &[u8] = b"PK\x01\x02";

/// Where the first member's entry in the central directory begins.
fn central(bytes: &[u8]) -> usize {
    find(bytes, CENTRAL, 0)
}

/// Edits `manifest.json`, the first member, in place, and signs it again.
fn with_manifest(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = model();
    let directory = central(&bytes);
    let start = 30 + u16_at(&bytes, 26) + u16_at(&bytes, 28);
    let end = start + u32_at(&bytes, directory + 24);
    let at = find(&bytes, from.as_bytes(), start);
    assert!(at < end, "`{from}` is not in manifest.json");
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    let crc = crc32(&bytes[start..end]).to_le_bytes();
    bytes[14..18].copy_from_slice(&crc);
    bytes[directory + 16..directory + 20].copy_from_slice(&crc);
    bytes
}

#[test]
fn a_newer_model_file_is_refused() {
    let text = String::from_utf8_lossy(&model()[..4096]).into_owned();
    let at = text.find("\"major\"").unwrap();
    let from: String = text[at..].chars().take_while(|c| *c != ',').collect();
    refused(
        &with_manifest(&from, &from.replace('1', "3")),
        &[
            "`m.prodlike` has format 3.0, but this version reads up to 1.0",
            "Use a newer version of prodlike",
        ],
    );
}

#[test]
fn an_edit_that_is_signed_again_still_reads() {
    // The file above is refused for what it says, not for how it was made.
    let sandbox = Sandbox::new();
    let bytes = with_manifest("\"major\"", "\"major\"");
    assert!(bytes == model());
    sandbox.write("m.prodlike", bytes);
    sandbox.ok("generate m.prodlike --dry-run");
}

#[test]
fn a_truncated_model_file_is_refused() {
    let bytes = model();
    for keep in [0, 1, 30, bytes.len() / 2, bytes.len() - 1] {
        refused(
            &bytes[..keep],
            &["`m.prodlike` is not a model file", "prodlike fit"],
        );
    }
}

#[test]
fn a_corrupt_model_file_is_refused() {
    for place in 1..6 {
        let mut bytes = model();
        let at = bytes.len() * place / 7;
        // Not the padding of an Arrow buffer alone: a stretch, so that something is hit.
        for byte in &mut bytes[at..at + 40] {
            *byte ^= 0xA5;
        }
        refused(&bytes, &["m.prodlike"]);
    }
}

#[test]
fn a_member_that_claims_gigabytes_is_refused() {
    let mut bytes = model();
    let directory = central(&bytes);
    let huge = 0xF000_0000u32.to_le_bytes();
    for at in [18, 22, directory + 20, directory + 24] {
        bytes[at..at + 4].copy_from_slice(&huge);
    }
    refused(&bytes, &["m.prodlike"]);
    // Deflated: its size in the archive is honest, what it swells to is not.
    let mut bytes = model();
    for at in [8, directory + 10] {
        bytes[at..at + 2].copy_from_slice(&8u16.to_le_bytes());
    }
    for at in [22, directory + 24] {
        bytes[at..at + 4].copy_from_slice(&huge);
    }
    refused(&bytes, &["m.prodlike"]);
}

#[test]
fn what_is_no_model_file_is_refused() {
    refused(
        b"id,name\n1,Ann\n",
        &[
            "is not a model file",
            "Give the file that `prodlike fit` wrote",
        ],
    );
    let sandbox = Sandbox::new();
    sandbox.refused("generate missing.prodlike -o out", &["`missing.prodlike`"]);
    sandbox.refused("generate . -o out", &["`.`"]);
}
