//! The data directory on a real disk.

use super::*;

fn fresh() -> (tempfile::TempDir, DataDir) {
    let home = tempfile::tempdir().unwrap();
    let place = DataDir::open(Some(home.path().join("deep/clinic"))).unwrap();
    (home, place)
}

#[test]
fn a_new_folder_is_for_its_owner_alone() {
    let (_home, place) = fresh();
    assert!(place.path().is_dir());
    assert!(place.database().ends_with("clinic/state.db") && !place.database().exists());
    assert!(place.free_bytes().is_some_and(|free| free > 0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for folder in [place.path(), place.path().parent().unwrap()] {
            assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700, "{}", folder.display());
        }
        assert_eq!(place.path().join(STATE_LOCK).metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[cfg(unix)]
#[test]
fn an_empty_folder_is_shut_and_a_used_one_is_left() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    for (name, foreign, after) in [("empty", false, 0o700), ("used", true, 0o755)] {
        let path = home.path().join(name);
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        if foreign {
            std::fs::write(path.join("letter.txt"), "").unwrap();
        }
        DataDir::open(Some(path.clone())).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, after, "{name}");
    }
}

#[test]
fn the_marker_follows_the_folder_and_not_the_way_to_it() {
    let (home, place) = fresh();
    let id = place.marker_id();
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()), "{id}");
    let again = DataDir::open(Some(home.path().join("deep/../deep/clinic/."))).unwrap();
    assert_eq!(again.marker_id(), id);
    let other = DataDir::open(Some(home.path().join("other"))).unwrap();
    assert_ne!(other.marker_id(), id);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(place.path(), home.path().join("link")).unwrap();
        assert_eq!(DataDir::open(Some(home.path().join("link"))).unwrap().marker_id(), id);
    }
}

#[test]
fn a_file_is_not_a_folder() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("file"), "").unwrap();
    for path in ["file", "file/below"] {
        assert_eq!(DataDir::open(Some(home.path().join(path))), Err(PlaceError::NotAFolder), "{path}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_where_nothing_can_be_written_is_named() {
    // Root may write anywhere but here: the kernel's own tree takes no new folders from anyone.
    let refused = DataDir::open(Some("/proc/self/clinic".into())).unwrap_err();
    assert!(matches!(refused, PlaceError::ReadOnly | PlaceError::Unusable(io::ErrorKind::NotFound)), "{refused:?}");
    if !rustix::process::geteuid().is_root() {
        assert_eq!(DataDir::open(Some("/usr/clinic".into())), Err(PlaceError::ReadOnly));
        assert_eq!(DataDir::open(Some("/usr".into())), Err(PlaceError::NotOurs));
    }
}

#[cfg(unix)]
#[test]
fn another_persons_folder_is_refused() {
    // Only root can give a folder away; elsewhere `/usr` above is the test.
    if rustix::process::geteuid().is_root() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("theirs");
        std::fs::create_dir(&path).unwrap();
        std::os::unix::fs::chown(&path, Some(65_534), None).unwrap();
        assert_eq!(DataDir::open(Some(path)), Err(PlaceError::NotOurs));
    }
}

#[test]
fn a_turn_excludes_others_until_it_ends() {
    let (_home, place) = fresh();
    let turn = place.lock(Duration::ZERO).unwrap();
    assert_eq!(place.lock(Duration::from_millis(20)).unwrap_err(), PlaceError::Busy);
    drop(turn);
    assert!(place.lock(Duration::ZERO).is_ok());
}

/// What a program that is just being started has inherited, until it is itself, holds nobody up.
#[test]
fn a_turn_that_ended_is_free_though_a_child_still_has_its_file() {
    let (_home, place) = fresh();
    let turn = place.lock(Duration::ZERO).unwrap();
    let inherited = turn.0.try_clone().unwrap();
    drop(turn);
    assert!(place.lock(Duration::ZERO).is_ok());
    drop(inherited);
}

#[test]
fn one_who_waits_gets_the_turn_when_it_is_free() {
    let (_home, place) = fresh();
    let turn = place.lock(Duration::ZERO).unwrap();
    let waiting = place.clone();
    let waiter = thread::Builder::new()
        .name("waiter".to_owned())
        .spawn(move || waiting.lock(Duration::from_secs(30)).is_ok())
        .unwrap();
    drop(turn);
    assert!(waiter.join().unwrap());
}

#[test]
fn only_one_window_and_attempts_go_on_beside_it() {
    let (_home, place) = fresh();
    let window = place.only_window().unwrap();
    assert!(window.is_some());
    assert!(place.only_window().unwrap().is_none());
    assert!(place.lock(Duration::ZERO).is_ok(), "the window's lock is not the state's");
    drop(window);
    assert!(place.only_window().unwrap().is_some());
}
