//! Where on this computer a text stands: in the arguments and environments of processes, in files.

use std::fs;
use std::path::{Path, PathBuf};

/// Every process of this computer that has the text in its arguments or environment, but not these.
pub(crate) fn processes_with(text: &str, but: &[u32]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("readable").flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if but.contains(&pid) {
            continue;
        }
        for file in ["cmdline", "environ"] {
            let bytes = fs::read(entry.path().join(file)).unwrap_or_default();
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                found.push(format!("{file} of {pid}"));
            }
        }
    }
    found
}

/// Every file below a folder that has the text in it.
pub(crate) fn files_with(text: &str, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("readable").flatten() {
        let (path, kind) = (entry.path(), entry.file_type().expect("a kind"));
        if kind.is_dir() {
            found.extend(files_with(text, &path));
        } else if kind.is_file()
            && let Ok(bytes) = fs::read(&path)
            && bytes.windows(text.len()).any(|window| window == text.as_bytes())
        {
            found.push(path);
        }
    }
    found
}
