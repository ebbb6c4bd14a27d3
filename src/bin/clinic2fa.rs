//! The window's entry: arguments, the data directory, eframe.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    clinic2fa::desktop::run::run()
}
