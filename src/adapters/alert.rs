//! A message box of the system's, for when our own window cannot be opened.

/// Shows it where there is a way to. Whoever started the program from a terminal reads the same on standard error.
pub fn show(title: &str, text: &str) {
    system::show(title, text);
}

#[cfg(windows)]
mod system {
    pub(super) fn show(title: &str, text: &str) {
        crate::adapters::os::message_box(title, text);
    }
}

#[cfg(target_os = "macos")]
mod system {
    use std::process::{Command, Stdio};

    /// The words are arguments of the script, and no part of it.
    const SCRIPT: &str = "on run words\ndisplay alert (item 1 of words) message (item 2 of words) as critical\nend run";

    pub(super) fn show(title: &str, text: &str) {
        let mut command = Command::new("/usr/bin/osascript");
        command.args(["-e", SCRIPT, title, text]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Not waited for: the box stays for as long as the person needs it.
        command.spawn().ok();
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
mod system {
    use std::process::{Command, Stdio};

    /// Whatever this desktop has; the first that can be started shows it.
    pub(super) fn show(title: &str, text: &str) {
        let ways: [(&str, &[&str]); 3] = [
            ("zenity", &["--error", "--no-markup", "--title", title, "--text", text]),
            ("kdialog", &["--title", title, "--error", text]),
            ("xmessage", &["-center", "-title", title, text]),
        ];
        // The first one that starts: not waited for, so that the box stays for as long as the person needs it.
        let _shown = ways.into_iter().find_map(|(program, arguments)| {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().ok()
        });
    }
}
