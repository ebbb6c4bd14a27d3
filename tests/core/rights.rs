//! Who may touch a file, where the system keeps that with the file.

use std::path::Path;

/// The file is there, with exactly these rights. Elsewhere than on Unix a file has those of its folder.
#[track_caller]
pub(super) fn assert_rights(path: &Path, rights: u32) {
    let about = path.metadata().unwrap();
    #[cfg(unix)]
    {
        let has = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777;
        assert_eq!(has, rights, "{}", path.display());
    }
    #[cfg(not(unix))]
    let _ = (about, rights);
}

/// The folder is its owner's alone.
pub(super) fn make_private(folder: &Path) {
    #[cfg(unix)]
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    #[cfg(not(unix))]
    let _ = folder;
}
