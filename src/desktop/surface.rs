//! On Linux: which window system there is, told apart before one is asked for. A window system that is named and not
//! there ends the program instead of leaving it to the other.

/// What the session offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surface {
    /// Whatever the window library finds by itself.
    Found,
    /// X11, although Wayland is named: nobody answers there.
    #[cfg(target_os = "linux")]
    X11,
    /// Neither.
    None,
}

#[cfg(target_os = "linux")]
impl Surface {
    /// Of this session.
    pub(super) fn here() -> Self {
        use std::os::unix::net::UnixStream;
        use std::path::Path;
        let answers = |path: &Path| UnixStream::connect(path).is_ok();
        Self::of(|name| std::env::var_os(name).filter(|value| !value.is_empty()), answers)
    }

    fn of(variable: impl Fn(&str) -> Option<std::ffi::OsString>, answers: impl Fn(&std::path::Path) -> bool) -> Self {
        use std::path::PathBuf;
        let wayland = variable("WAYLAND_SOCKET").is_some()
            || variable("WAYLAND_DISPLAY").is_some_and(|name| {
                let path = PathBuf::from(name);
                // As the protocol's own library finds it: a name is one in the session's folder.
                let path = if path.is_absolute() {
                    Some(path)
                } else {
                    variable("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join(path))
                };
                path.is_some_and(|path| answers(&path))
            });
        match (wayland, variable("DISPLAY").is_some()) {
            (true, _) => Self::Found,
            (false, true) => Self::X11,
            (false, false) => Self::None,
        }
    }

    /// Tells the window library.
    pub(super) fn choose(self, native: &mut eframe::NativeOptions) {
        use winit::platform::x11::EventLoopBuilderExtX11;
        match self {
            Self::X11 => {
                native.event_loop_builder = Some(Box::new(|builder| {
                    builder.with_x11();
                }));
            }
            Self::Found | Self::None => {}
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Surface {
    /// Belongs to the system.
    pub(super) fn here() -> Self {
        Self::Found
    }

    /// Nothing to choose between.
    pub(super) fn choose(self, _native: &mut eframe::NativeOptions) {}
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::*;

    // C81.
    #[test]
    fn a_window_system_that_does_not_answer_is_not_asked_for() {
        let table: [(&[(&str, &str)], Surface); 8] = [
            (&[("DISPLAY", ":0")], Surface::X11),
            (&[("WAYLAND_DISPLAY", "wayland-0"), ("XDG_RUNTIME_DIR", "/run")], Surface::Found),
            (&[("WAYLAND_DISPLAY", "/run/wayland-0")], Surface::Found),
            (&[("WAYLAND_DISPLAY", "wayland-9"), ("XDG_RUNTIME_DIR", "/run"), ("DISPLAY", ":0")], Surface::X11),
            (&[("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0")], Surface::X11),
            (&[("WAYLAND_SOCKET", "3")], Surface::Found),
            (&[("WAYLAND_DISPLAY", "wayland-9"), ("XDG_RUNTIME_DIR", "/run")], Surface::None),
            (&[], Surface::None),
        ];
        for (session, surface) in table {
            let variable =
                |name: &str| session.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
            let answers = |path: &Path| path == Path::new("/run/wayland-0");
            assert_eq!(Surface::of(variable, answers), surface, "{session:?}");
        }
    }
}
