//! Pictures: line icons and our own drawings, in the colours of the theme in force.
//!
//! A drawing holds no words: the words are laid over it by code, so that they are
//! translated, and shrunk until they fit.

use eframe::egui::{
    self, Align2, Color32, Context, FontId, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::theme::{self, Theme, Tokens};

/// Tells egui how to read SVG.
pub fn install(ctx: &Context) {
    egui_extras::install_image_loaders(ctx);
    // Handed over once: afterwards an address is enough, and no frame copies a picture.
    for icon in Icon::ALL {
        // White lines take any tint: one picture a size serves every colour.
        let svg = icon.svg().replace("currentColor", "white");
        ctx.include_bytes(icon.uri(), svg.into_bytes());
    }
    for drawing in Drawing::ALL {
        for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
            let svg = coloured(drawing.svg(), theme.tokens());
            ctx.include_bytes(drawing.uri(theme), svg.into_bytes());
        }
    }
}

macro_rules! icons {
    ($($name:ident = $file:literal),* $(,)?) => {
        /// The line icons, all of one family.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each name is what the icon shows")]
        pub enum Icon { $($name),* }

        impl Icon {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            const fn uri(self) -> &'static str {
                match self { $(Self::$name => concat!("bytes://icon/", $file, ".svg")),* }
            }

            const fn svg(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../assets/icons/", $file, ".svg"))),*
                }
            }
        }
    };
}

icons! {
    Check = "check",
    CheckCircle = "circle-check",
    ChevronLeft = "chevron-left",
    ChevronRight = "chevron-right",
    Clock = "clock",
    Close = "x",
    Copy = "copy",
    Cross = "circle-x",
    Download = "download",
    External = "external-link",
    Eye = "eye",
    EyeOff = "eye-off",
    File = "file-text",
    Globe = "globe",
    Help = "circle-question-mark",
    Info = "info",
    Key = "key-round",
    Laptop = "laptop",
    Lock = "lock",
    Log = "scroll-text",
    LogOut = "log-out",
    Maximize = "maximize",
    Message = "message-square",
    Phone = "smartphone",
    Plus = "plus",
    Printer = "printer",
    Refresh = "rotate-cw",
    Settings = "settings",
    Shield = "shield-check",
    Trash = "trash-2",
    Users = "users",
    Warning = "triangle-alert",
}

macro_rules! drawings {
    ($($name:ident = $file:literal, $slots:expr;)*) => {
        /// Our own drawings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each name is the step or thing it shows")]
        pub enum Drawing { $($name),* }

        impl Drawing {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            const fn file(self) -> &'static str {
                match self { $(Self::$name => $file),* }
            }

            const fn svg(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../assets/drawings/", $file, ".svg"))),*
                }
            }

            /// Where words go, in the drawing's own coordinates and in the order they are given.
            const fn slots(self) -> &'static [Slot] {
                match self { $(Self::$name => const { $slots }),* }
            }
        }
    };
}

/// Room for one word or number on a drawing.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Left, top, width, height.
    rect: [f32; 4],
    size: f32,
    ink: Ink,
    align: Align2,
}

#[derive(Clone, Copy, Debug)]
enum Ink {
    Text,
    Muted,
    Primary,
    OnPrimary,
}

const fn slot(rect: [f32; 4], size: f32, ink: Ink, align: Align2) -> Slot {
    Slot { rect, size, ink, align }
}

drawings! {
    Protect = "1-protect", &[];
    OpenApp = "2-open-app", &[
        slot([40.0, 262.0, 152.0, 24.0], 15.0, Ink::Text, Align2::CENTER_CENTER),
    ];
    GetStarted = "3-get-started", &[
        slot([46.0, 294.0, 128.0, 24.0], 17.0, Ink::OnPrimary, Align2::CENTER_CENTER),
    ];
    TapScan = "4-tap-scan", &[
        slot([72.0, 295.0, 102.0, 22.0], 15.0, Ink::OnPrimary, Align2::LEFT_CENTER),
    ];
    Square = "5-square", &[
        slot([30.0, 286.0, 172.0, 44.0], 15.0, Ink::Muted, Align2::CENTER_CENTER),
    ];
    SixDigits = "6-six-digits", &[
        slot([44.0, 106.0, 144.0, 22.0], 15.0, Ink::Muted, Align2::LEFT_CENTER),
        slot([44.0, 130.0, 116.0, 40.0], 28.0, Ink::Primary, Align2::LEFT_CENTER),
    ];
    TypeCode = "7-type-code", &[
        slot([64.0, 56.0, 104.0, 18.0], 13.0, Ink::Muted, Align2::LEFT_CENTER),
        slot([64.0, 74.0, 84.0, 30.0], 20.0, Ink::Primary, Align2::LEFT_CENTER),
    ];
    TextMessage = "text-message", &[
        slot([46.0, 136.0, 140.0, 22.0], 15.0, Ink::Muted, Align2::LEFT_CENTER),
        slot([46.0, 158.0, 140.0, 38.0], 28.0, Ink::Primary, Align2::LEFT_CENTER),
    ];
    Linked = "linked", &[];
    Sheet = "sheet", &[];
    Safe = "safe", &[];
    LostPhone = "lost-phone", &[];
}

impl Drawing {
    fn uri(self, theme: Theme) -> String {
        format!("bytes://drawing/{theme:?}/{}.svg", self.file())
    }

    /// How large it is drawn at its own size, in points.
    #[must_use]
    pub const fn natural_size(self) -> Vec2 {
        match self {
            Self::Protect
            | Self::OpenApp
            | Self::GetStarted
            | Self::TapScan
            | Self::Square
            | Self::SixDigits
            | Self::TypeCode
            | Self::TextMessage
            | Self::Linked => PHONE,
            Self::Sheet | Self::Safe | Self::LostPhone => SCENE,
        }
    }
}

/// The size of every drawn phone.
pub const PHONE: Vec2 = vec2(232.0, 416.0);
/// Words on a drawing shrink no further than this, in the drawing's own points.
const SMALLEST: f32 = 8.0;
const SCENE: Vec2 = vec2(240.0, 200.0);

/// An icon, beside a word that names it: screen readers pass over it.
pub fn icon(ui: &mut Ui, icon: Icon, colour: Color32, size: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    paint_icon(ui, rect, icon, colour);
    response
}

/// An icon painted inside a widget that allocates its own room.
pub fn paint_icon(ui: &Ui, rect: Rect, icon: Icon, colour: Color32) {
    if !ui.is_rect_visible(rect) {
        return;
    }
    egui::Image::from_uri(icon.uri()).tint(colour).paint_at(ui, rect);
}

/// A drawing at its natural size, with its words. `name` is what a screen reader says.
pub fn drawing(ui: &mut Ui, drawing: Drawing, words: &[&str], name: &str) -> Response {
    let size = drawing.natural_size();
    let scale = (ui.available_width() / size.x).clamp(0.25, 1.0);
    let (rect, response) = ui.allocate_exact_size(size * scale, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    paint_drawing(ui, rect, drawing, words);
    response
}

/// A drawing fitted into a rectangle of its own proportions.
pub fn paint_drawing(ui: &Ui, rect: Rect, drawing: Drawing, words: &[&str]) {
    if !ui.is_rect_visible(rect) {
        return;
    }
    let theme = theme::theme(ui.ctx());
    let tokens = theme.tokens();
    egui::Image::from_uri(drawing.uri(theme)).paint_at(ui, rect);
    let scale = rect.width() / drawing.natural_size().x;
    for (slot, word) in drawing.slots().iter().zip(words) {
        paint_word(ui, rect, scale, *slot, word, tokens);
    }
}

fn paint_word(ui: &Ui, drawing: Rect, scale: f32, slot: Slot, word: &str, tokens: &Tokens) {
    let [x, y, width, height] = slot.rect;
    let room = Rect::from_min_size(drawing.min + vec2(x, y) * scale, vec2(width, height) * scale);
    let colour = match slot.ink {
        Ink::Text => tokens.text,
        Ink::Muted => tokens.muted,
        Ink::Primary => tokens.primary,
        Ink::OnPrimary => tokens.on_primary,
    };
    let lay_out = |size: f32| {
        let font: FontId = match slot.ink {
            Ink::Muted => FontId::proportional(size),
            Ink::Text | Ink::Primary | Ink::OnPrimary => theme::semibold_font(size),
        };
        let mut job = egui::text::LayoutJob::simple(word.to_owned(), font, colour, room.width());
        job.halign = slot.align.x();
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    // A long translation is shrunk rather than cut: a cut word on the drawn phone
    // would not be found on the real one.
    let mut size = slot.size * scale;
    let mut galley = lay_out(size);
    while (galley.size().y > room.height() || galley.size().x > room.width()) && size > SMALLEST * scale {
        size *= 0.92;
        galley = lay_out(size);
    }
    let at = slot.align.align_size_within_rect(galley.size(), room);
    // A centred galley hangs from its middle.
    let anchor = pos2(at.min.x - galley.rect.min.x, at.min.y);
    ui.painter().galley(anchor, galley, colour);
}

/// The drawings are drawn in the light theme's colours, so that any viewer shows them
/// right; each of those colours is replaced by the same token of the theme in force.
fn coloured(svg: &str, to: &Tokens) -> String {
    let from = Theme::Light.tokens();
    let pairs = [
        (from.bg, to.bg),
        (from.surface, to.surface),
        (from.sunken, to.sunken),
        (from.text, to.text),
        (from.muted, to.muted),
        (from.border, to.border),
        (from.hairline, to.hairline),
        (from.primary, to.primary),
        (theme::DRAWN_ON_PRIMARY, to.on_primary),
        (from.selection, to.selection),
        (from.danger, to.danger),
        (from.danger_bg, to.danger_bg),
        (from.warning, to.warning),
        (from.warning_bg, to.warning_bg),
        (from.success, to.success),
        (from.success_bg, to.success_bg),
    ];
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    // One pass: replacing colour after colour could replace what was just put in.
    while let Some(at) = rest.find('#') {
        let (before, from_hash) = rest.split_at(at);
        out.push_str(before);
        let known = from_hash.get(..7).and_then(|hex| {
            let colour = theme::read_hex(hex)?;
            pairs.iter().find(|(light, _)| *light == colour)
        });
        match known {
            Some((_, colour)) => {
                out.push_str(colour.to_hex().get(..7).unwrap_or_default());
                rest = from_hash.get(7..).unwrap_or_default();
            }
            None => {
                out.push('#');
                rest = from_hash.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colours(svg: &str) -> Vec<Color32> {
        svg.match_indices('#').filter_map(|(at, _)| svg.get(at..at + 7).and_then(theme::read_hex)).collect()
    }

    #[test]
    fn every_drawing_uses_only_colours_that_a_theme_can_replace() {
        for drawing in Drawing::ALL {
            let dark = coloured(drawing.svg(), Theme::Dark.tokens());
            let left = colours(&dark)
                .into_iter()
                .filter(|c| colours(drawing.svg()).contains(c))
                .filter(|c| *c != Color32::WHITE && *c != Color32::BLACK)
                .collect::<Vec<_>>();
            assert!(left.is_empty(), "{drawing:?}: {left:?}");
        }
    }

    #[test]
    fn every_drawing_has_its_natural_size_and_no_words() {
        for drawing in Drawing::ALL {
            let size = drawing.natural_size();
            let head = format!("viewBox=\"0 0 {} {}\"", size.x, size.y);
            assert!(drawing.svg().contains(&head), "{drawing:?} has no {head}");
            assert!(!drawing.svg().contains("<text"), "{drawing:?} holds words");
        }
    }

    #[test]
    fn every_icon_takes_a_colour() {
        for icon in Icon::ALL {
            assert!(icon.svg().contains("currentColor"), "{icon:?}");
        }
    }
}
