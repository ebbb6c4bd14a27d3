//! Whether a folder lies on another computer.
//!
//! SQLite's locks and its write-ahead log are not reliable there, whatever the server promises, so such a place is
//! refused by name (TROUBLE.md: a database on a share was locked, slow or damaged).

use std::path::Path;

/// The kind of network place `path` lies on ("nfs", "network drive"), or `None` for this computer's own disk.
///
/// A kind that cannot be found out, as of a path that does not exist, counts as the computer's own.
#[cfg(target_os = "linux")]
pub(super) fn kind(path: &Path) -> Option<String> {
    let found = rustix::fs::statfs(path).ok()?.f_type;
    // The numbers are 32 bits wide, in a field whose width and sign differ between processors.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only the low 32 bits mean anything")]
    let magic = found as u32;
    if let Some((_, name)) = MAGIC.iter().find(|(number, _)| *number == magic) {
        return Some((*name).to_owned());
    }
    if magic == FUSE {
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
        let kind = mounted_kind(&mounts, path)?;
        return REMOTE_FUSE.contains(&kind.trim_start_matches("fuse.")).then(|| kind.to_owned());
    }
    None
}

/// macOS says of each file system whether it is local.
#[cfg(target_os = "macos")]
pub(super) fn kind(path: &Path) -> Option<String> {
    /// `MNT_LOCAL` of `sys/mount.h`.
    const LOCAL: u32 = 0x1000;
    let flags = rustix::fs::statfs(path).ok()?.f_flags;
    (flags & LOCAL == 0).then(|| "network volume".to_owned())
}

/// `\\server\share` by its name, a mapped drive letter by asking Windows.
#[cfg(windows)]
pub(super) fn kind(path: &Path) -> Option<String> {
    use std::path::{Component, Prefix};
    if let Some(Component::Prefix(prefix)) = path.components().next()
        && matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
    {
        return Some("network share".to_owned());
    }
    crate::adapters::os::is_network_drive(path).then(|| "network drive".to_owned())
}

/// `statfs(2)` and `linux/magic.h`. 9P is left out: sandboxes and WSL use it for their own disk.
#[cfg(target_os = "linux")]
const MAGIC: &[(u32, &str)] = &[
    (0x6969, "nfs"),
    (0x517B, "smb"),
    (0xFF53_4D42, "cifs"),
    (0xFE53_4D42, "smb2"),
    (0x564C, "ncp"),
    (0x7375_7245, "coda"),
    (0x5346_414F, "afs"),
    (0x6B41_4653, "afs"),
    (0x00C3_6400, "ceph"),
    (0x0BD0_0BD0, "lustre"),
    (0x786F_4256, "vboxsf"),
];

/// A file system run by a program; its name is in the table of mounts only.
#[cfg(target_os = "linux")]
const FUSE: u32 = 0x6573_5546;

/// Programs that show another computer's files.
#[cfg(target_os = "linux")]
const REMOTE_FUSE: &[&str] = &[
    "sshfs",
    "gvfsd-fuse",
    "rclone",
    "s3fs",
    "davfs",
    "davfs2",
    "curlftpfs",
    "glusterfs",
    "ceph",
    "ceph-fuse",
    "smbnetfs",
    "google-drive-ocamlfuse",
    "onedriver",
    "kio-fuse",
    "vmhgfs-fuse",
];

/// The type of the file system that holds `path`, from the text of `/proc/self/mountinfo` (proc(5)).
#[cfg(any(target_os = "linux", test))]
fn mounted_kind<'text>(mounts: &'text str, path: &Path) -> Option<&'text str> {
    let mut best = (0, None);
    for line in mounts.lines() {
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?.replace("\\040", " ");
        // The last of two mounts on one point is the one that shows.
        if path.starts_with(&point) && point.len() >= best.0 {
            best = (point.len(), after.split(' ').next());
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    // C52
    #[test]
    fn the_longest_mount_point_decides() {
        let mounts = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
                      30 21 0:50 / /home/maria/my\\040share rw - fuse.sshfs maria@server: rw\n\
                      31 21 0:51 / /home/maria rw shared:2 - btrfs /dev/sdb rw\n";
        for (path, kind) in
            [("/home/maria/my share/data", "fuse.sshfs"), ("/home/maria/my shares", "btrfs"), ("/home/mariam", "ext4")]
        {
            assert_eq!(mounted_kind(mounts, Path::new(path)), Some(kind), "{path}");
        }
        assert_eq!(mounted_kind("", Path::new("/")), None);
    }

    #[test]
    fn this_computers_own_folder_is_not_a_network_place() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(kind(&folder.path().canonicalize().unwrap()), None);
    }
}
