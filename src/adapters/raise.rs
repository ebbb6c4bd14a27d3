//! A second start of the window raises the first one and ends.
//!
//! ```text
//! first start: holds the window's lock ── Door::open ── Door::answer: thread "door" ──▶ heard()
//! second start: finds the lock held ───── knock() ──────────────▲
//! ```
//!
//! The only thing that can be said through the door is that somebody knocked: nothing is read, nothing is answered, so
//! there is nothing that a bad message could do. Other people of this computer do not reach it.

use std::thread;

use super::place::DataDir;

/// The first window's end.
pub struct Door(system::Door);

impl Door {
    /// Opens it; whoever holds the window's lock may. `None` where it cannot be had: then a second start shows a page
    /// that says where to look.
    #[must_use]
    pub fn open(dir: &DataDir) -> Option<Self> {
        system::Door::open(dir).map(Self)
    }

    /// Calls `heard` for each knock, on a thread of its own, until the program ends.
    pub fn answer(self, heard: impl Fn() + Send + 'static) {
        // Without a thread nobody answers, and a second start says so.
        thread::Builder::new()
            .name("door".to_owned())
            .spawn(move || {
                while self.0.wait() {
                    heard();
                }
            })
            .ok();
    }
}

/// Knocks at the window of that data directory; false when nobody is there.
#[must_use]
pub fn knock(dir: &DataDir) -> bool {
    system::knock(dir)
}

#[cfg(unix)]
mod system {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::PathBuf;

    use crate::adapters::place::DataDir;

    const NAME: &str = "window.sock";
    /// A socket's path is at most 103 bytes on macOS, 107 on Linux.
    const LONGEST: usize = 100;

    pub(super) struct Door(UnixListener);

    impl Door {
        pub(super) fn open(dir: &DataDir) -> Option<Self> {
            let path = place(dir)?;
            // Left over from a window that was killed: we hold the lock, so nobody answers there.
            fs::remove_file(&path).ok();
            let listener = UnixListener::bind(&path).ok()?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).ok()?;
            Some(Self(listener))
        }

        pub(super) fn wait(&self) -> bool {
            // Closed at once, unread. A connection that broke off before it was taken is no reason to stop.
            match self.0.accept() {
                Ok(_) => true,
                Err(error) => error.kind() == std::io::ErrorKind::ConnectionAborted,
            }
        }
    }

    pub(super) fn knock(dir: &DataDir) -> bool {
        place(dir).is_some_and(|path| UnixStream::connect(path).is_ok())
    }

    /// In the data directory, or where its path is too long, in the session's own folder under the directory's name.
    fn place(dir: &DataDir) -> Option<PathBuf> {
        let here = dir.path().join(NAME);
        if here.as_os_str().len() <= LONGEST {
            return Some(here);
        }
        let session = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?);
        let there = session.join(format!("clinic2fa-{}.sock", dir.marker_id()));
        (session.is_absolute() && there.as_os_str().len() <= LONGEST).then_some(there)
    }
}

#[cfg(windows)]
mod system {
    use crate::adapters::os::Bell;
    use crate::adapters::place::DataDir;

    pub(super) struct Door(Bell);

    impl Door {
        pub(super) fn open(dir: &DataDir) -> Option<Self> {
            Bell::hang(&name(dir)).map(Self)
        }

        pub(super) fn wait(&self) -> bool {
            self.0.wait()
        }
    }

    pub(super) fn knock(dir: &DataDir) -> bool {
        Bell::ring(&name(dir))
    }

    /// Of this log-on session: another person's window on the same folder cannot be raised from here anyway.
    fn name(dir: &DataDir) -> String {
        format!("Local\\clinic2fa-{}", dir.marker_id())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    fn dir(folder: &std::path::Path) -> DataDir {
        DataDir::open(Some(folder.to_owned())).unwrap()
    }

    #[test]
    fn a_knock_is_heard_and_nobody_at_home_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let dir = dir(folder.path());
        assert!(!knock(&dir), "nobody is there yet");
        let (heard, knocks) = channel();
        Door::open(&dir).unwrap().answer(move || heard.send(()).unwrap());
        for _ in 0..5 {
            assert!(knock(&dir));
            knocks.recv_timeout(SOON).unwrap();
        }
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(!knock(&self::dir(elsewhere.path())), "another folder has another door");
    }

    /// What is said through the door is not listened to, however much it is.
    #[cfg(unix)]
    #[test]
    fn whatever_is_sent_it_is_a_knock_and_nothing_else() {
        use std::io::Write;
        use std::os::unix::fs::PermissionsExt;
        use std::os::unix::net::UnixStream;

        let folder = tempfile::tempdir().unwrap();
        let dir = dir(folder.path());
        let (heard, knocks) = channel();
        Door::open(&dir).unwrap().answer(move || heard.send(()).unwrap());
        let path = dir.path().join("window.sock");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let mut stream = UnixStream::connect(&path).unwrap();
        // Ends when the other side has hung up, with an error or not.
        stream.write_all(&vec![b'x'; 5_000_000]).ok();
        knocks.recv_timeout(SOON).unwrap();
        assert!(knock(&dir));
        knocks.recv_timeout(SOON).unwrap();
        assert!(knocks.try_recv().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_door_left_by_a_killed_window_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let dir = dir(folder.path());
        drop(Door::open(&dir).unwrap());
        assert!(dir.path().join("window.sock").exists() && !knock(&dir));
        let (heard, knocks) = channel();
        Door::open(&dir).unwrap().answer(move || heard.send(()).unwrap());
        assert!(knock(&dir));
        knocks.recv_timeout(SOON).unwrap();
    }
}
