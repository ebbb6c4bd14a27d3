//! The first picture: from then on the window system and the renderer are known to work.

use super::App;
use crate::config::Renderer;
use crate::desktop::drawing::Drawn;
use crate::journal::{self, Note};

/// How far the window has come.
#[derive(Default)]
pub(super) enum FirstPicture {
    /// No frame has been begun.
    #[default]
    NotBegun,
    /// One has; whether it reached the screen is known when the next is begun.
    Begun,
    /// It was seen.
    Seen,
}

impl App {
    /// Whom to tell about the first picture.
    pub fn says_when_drawn(&mut self, drawn: Drawn) {
        self.drawn_flag = drawn;
    }

    /// Remembers what drew it, so that the next start begins with what works here.
    pub(super) fn notice_first_picture(&mut self, frame: &eframe::Frame) {
        match self.first_picture {
            FirstPicture::NotBegun => self.first_picture = FirstPicture::Begun,
            FirstPicture::Begun => {
                self.first_picture = FirstPicture::Seen;
                let renderer = if frame.gl().is_some() { Renderer::Glow } else { Renderer::Wgpu };
                self.drawn_flag.set();
                journal::note(&Note::Drawn { renderer: renderer.name() });
                if self.remembered.renderer != Some(renderer) {
                    self.remembered.renderer = Some(renderer);
                    if let Some(data_dir) = self.data_dir.clone() {
                        self.services.remember(data_dir, self.remembered.clone());
                    }
                }
            }
            FirstPicture::Seen => {}
        }
    }
}
