//! Paper and clipboard for the screens, on threads of their own: a frame never waits for a disk or a printer.

/// What screens may ask of the outside that no flow needs to know about.
#[derive(Default)]
pub struct Services {}
