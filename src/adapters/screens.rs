//! The list of screens, where the window library does not renew it by itself.

/// Makes the window library list the screens anew. `window` is its number for our window.
pub fn list_anew(window: u64) {
    #[cfg(target_os = "linux")]
    x11::list_anew(window);
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}

#[cfg(target_os = "linux")]
mod x11 {
    use x11rb::protocol::xproto::{
        AtomEnum, ConnectionExt as _, EventMask, PROPERTY_NOTIFY_EVENT, Property, PropertyNotifyEvent, Window,
    };

    /// Under Wayland nothing is needed, and the number is no X11 window's.
    pub(super) fn list_anew(window: u64) {
        if std::env::var_os("WAYLAND_DISPLAY").is_none_or(|name| name.is_empty()) {
            // A display that does not answer is gone, and the window with it.
            tell(window);
        }
    }

    /// The window library keeps a list of screens and never hears of `RandR`: Xlib drops events of extensions that it does not
    /// know itself (winit, issue 3405). What it does hear of is a window whose resources are others, and then it lists the
    /// screens anew. So our own window is told that; nobody else is. Opens a connection of its own: screens change seldom.
    fn tell(window: u64) -> Option<()> {
        let window = Window::try_from(window).ok()?;
        let (connection, _) = x11rb::connect(None).ok()?;
        let said = PropertyNotifyEvent {
            response_type: PROPERTY_NOTIFY_EVENT,
            sequence: 0,
            window,
            atom: AtomEnum::RESOURCE_MANAGER.into(),
            time: x11rb::CURRENT_TIME,
            state: Property::NEW_VALUE,
        };
        connection.send_event(false, window, EventMask::NO_EVENT, said).ok()?.check().ok()
    }
}
