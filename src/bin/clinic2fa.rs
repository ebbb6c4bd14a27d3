//! The window's entry: arguments, the data directory, eframe.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use clinic2fa::adapters::process;

#[global_allocator]
static MEMORY: process::Memory = process::memory();

fn main() -> ExitCode {
    process::harden();
    clinic2fa::desktop::run::run()
}
