//! Colours, letters and distances: the one place where a colour is written down.
//!
//! Three sets of [`Tokens`] exist. Widgets ask [`tokens`] for the set in force and
//! never name a colour themselves, so a new theme is one more constant here.
//! Nothing in this file draws.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, RichText, Stroke,
    TextStyle, ThemePreference, Visuals, style::ScrollStyle, vec2,
};

use super::art;

/// The distances between things, in points; nothing uses any other.
pub mod space {
    /// Between an icon and its word.
    pub const XS: f32 = 4.0;
    /// Between a label and its field.
    pub const S: f32 = 8.0;
    /// Between two lines that belong together.
    pub const M: f32 = 12.0;
    /// Between two controls.
    pub const L: f32 = 16.0;
    /// Between two groups, and inside a card.
    pub const XL: f32 = 24.0;
    /// Between a heading's block and what follows it on a roomy page.
    pub const XXL: f32 = 32.0;
    /// The outer margin of a page.
    pub const PAGE: f32 = 48.0;
}

/// Rounding of cards.
pub const RADIUS_CARD: u8 = 12;
/// Rounding of buttons and fields.
pub const RADIUS_CONTROL: u8 = 8;
/// No control is lower than this: it must be hit with a trembling hand, or a finger.
pub const CONTROL_HEIGHT: f32 = 44.0;
/// The widest a page's words and fields become; longer lines are hard to read.
pub const CONTENT_WIDTH: f32 = 880.0;
/// The widest a notice or a form becomes.
pub const FORM_WIDTH: f32 = 560.0;
/// From one line of reading text to the next.
pub const BODY_LINE: f32 = 26.0;
/// From one line of help text to the next.
pub const HELP_LINE: f32 = 22.0;
/// The longest any fade takes, in seconds.
const FADE_SECS: f32 = 0.1;

/// A colour as a drawing writes it, "#0A6468".
pub(super) fn read_hex(text: &str) -> Option<Color32> {
    text.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok()).map(hex)
}

#[expect(clippy::disallowed_methods, reason = "the tokens themselves")]
const fn hex(rgb: u32) -> Color32 {
    let [_, r, g, b] = rgb.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// Which set of colours is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark words on a light page.
    Light,
    /// Light words on a dark page.
    Dark,
    /// White on black, with yellow focus and thick borders.
    HighContrast,
}

/// What the person chose, or left to the computer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Light or dark, as the computer says.
    #[default]
    System,
    /// This one, whatever the computer says.
    Always(Theme),
}

/// Every colour of one theme, by what it is for.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "each name says what the colour is for")]
pub struct Tokens {
    pub theme: Theme,
    pub bg: Color32,
    pub surface: Color32,
    pub sunken: Color32,
    pub text: Color32,
    pub muted: Color32,
    pub border: Color32,
    pub hairline: Color32,
    pub primary: Color32,
    pub on_primary: Color32,
    pub primary_hover: Color32,
    pub selection: Color32,
    pub focus: Color32,
    pub danger: Color32,
    pub danger_bg: Color32,
    pub warning: Color32,
    pub warning_bg: Color32,
    pub success: Color32,
    pub success_bg: Color32,
    /// Around fields, chosen cards and secondary buttons.
    pub border_width: f32,
}

/// A square is read by cameras: pure white in every theme.
pub const QR_PAPER: Color32 = Color32::WHITE;
/// A square is read by cameras: pure black in every theme.
pub const QR_INK: Color32 = Color32::BLACK;
/// Letters that must take part in layout without being seen.
pub const UNSEEN: Color32 = Color32::TRANSPARENT;

/// In drawings, what stands for [`Tokens::on_primary`]: in the light theme that is the same
/// white as [`Tokens::surface`], and the two part ways in the others.
pub const DRAWN_ON_PRIMARY: Color32 = hex(0xFEFEFE);

const LIGHT: Tokens = Tokens {
    theme: Theme::Light,
    bg: hex(0xF5F7F9),
    surface: hex(0xFFFFFF),
    sunken: hex(0xECF0F3),
    text: hex(0x16202C),
    muted: hex(0x4F5B69),
    border: hex(0x7C8896),
    hairline: hex(0xD4DAE1),
    primary: hex(0x0A6468),
    on_primary: hex(0xFFFFFF),
    primary_hover: hex(0x07494C),
    selection: hex(0xE0F0F0),
    focus: hex(0x1B5FD6),
    danger: hex(0xB3261E),
    danger_bg: hex(0xFDECEA),
    warning: hex(0x7A4F00),
    warning_bg: hex(0xFFF4DE),
    success: hex(0x17653A),
    success_bg: hex(0xE7F5EC),
    border_width: 1.0,
};

const DARK: Tokens = Tokens {
    theme: Theme::Dark,
    bg: hex(0x11161C),
    surface: hex(0x1A212A),
    sunken: hex(0x0C1015),
    text: hex(0xEDF2F7),
    muted: hex(0xAEBAC7),
    border: hex(0x7F8C9B),
    hairline: hex(0x33404D),
    primary: hex(0x58C9C4),
    on_primary: hex(0x04211F),
    primary_hover: hex(0x7FDAD6),
    selection: hex(0x16373A),
    focus: hex(0x8DB9FF),
    danger: hex(0xFF9388),
    danger_bg: hex(0x3A1A1A),
    warning: hex(0xFFC66E),
    warning_bg: hex(0x36280E),
    success: hex(0x7FE0A4),
    success_bg: hex(0x12311F),
    border_width: 1.0,
};

const HIGH_CONTRAST: Tokens = Tokens {
    theme: Theme::HighContrast,
    bg: hex(0x000000),
    surface: hex(0x000000),
    sunken: hex(0x000000),
    text: hex(0xFFFFFF),
    muted: hex(0xFFFFFF),
    border: hex(0xFFFFFF),
    hairline: hex(0xFFFFFF),
    primary: hex(0xFFFFFF),
    on_primary: hex(0x000000),
    primary_hover: hex(0xFFE94D),
    selection: hex(0x262626),
    focus: hex(0xFFE000),
    danger: hex(0xFFFFFF),
    danger_bg: hex(0x000000),
    warning: hex(0xFFFFFF),
    warning_bg: hex(0x000000),
    success: hex(0xFFFFFF),
    success_bg: hex(0x000000),
    border_width: 2.0,
};

impl Theme {
    /// The colours of this theme.
    #[must_use]
    pub const fn tokens(self) -> &'static Tokens {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
            Self::HighContrast => &HIGH_CONTRAST,
        }
    }
}

impl Tokens {
    /// The line around a field or a secondary button.
    #[must_use]
    pub fn border_stroke(&self) -> Stroke {
        Stroke::new(self.border_width, self.border)
    }

    /// The line around a card.
    #[must_use]
    pub fn hairline_stroke(&self) -> Stroke {
        Stroke::new(self.border_width, self.hairline)
    }

    /// The line around what has been chosen.
    #[must_use]
    pub fn chosen_stroke(&self) -> Stroke {
        Stroke::new(2.0, self.primary)
    }
}

const HIGH_CONTRAST_KEY: &str = "theme.high-contrast";

/// The theme in force.
#[must_use]
pub fn theme(ctx: &Context) -> Theme {
    let high_contrast = ctx.data(|data| data.get_temp(egui::Id::unique(HIGH_CONTRAST_KEY))).unwrap_or(false);
    match (high_contrast, ctx.theme()) {
        (true, egui::Theme::Light | egui::Theme::Dark) => Theme::HighContrast,
        (false, egui::Theme::Light) => Theme::Light,
        (false, egui::Theme::Dark) => Theme::Dark,
    }
}

/// The colours in force.
#[must_use]
pub fn tokens(ctx: &Context) -> &'static Tokens {
    theme(ctx).tokens()
}

/// Fonts, pictures and the colours the computer asks for. Called once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    art::install(ctx);
    apply(ctx, Choice::System);
}

/// Puts a choice of theme in force. Both of egui's themes are always dressed, so that
/// following the system needs no further call when the system changes its mind.
pub fn apply(ctx: &Context, choice: Choice) {
    let (light, dark, preference) = match choice {
        Choice::System => (&LIGHT, &DARK, ThemePreference::System),
        Choice::Always(Theme::Light) => (&LIGHT, &DARK, ThemePreference::Light),
        Choice::Always(Theme::Dark) => (&LIGHT, &DARK, ThemePreference::Dark),
        Choice::Always(Theme::HighContrast) => (&HIGH_CONTRAST, &HIGH_CONTRAST, ThemePreference::Dark),
    };
    let high_contrast = choice == Choice::Always(Theme::HighContrast);
    ctx.data_mut(|data| data.insert_temp(egui::Id::unique(HIGH_CONTRAST_KEY), high_contrast));
    ctx.set_style_of(egui::Theme::Light, style(egui::Theme::Light, light));
    ctx.set_style_of(egui::Theme::Dark, style(egui::Theme::Dark, dark));
    ctx.options_mut(|options| options.theme_preference = preference);
}

const SEMIBOLD: &str = "semibold";

fn semibold() -> FontFamily {
    FontFamily::Name(SEMIBOLD.into())
}

fn fonts() -> FontDefinitions {
    let ours: [(&str, &'static [u8], FontFamily); 3] = [
        ("inter", include_bytes!("../../assets/fonts/Inter-Regular.ttf"), FontFamily::Proportional),
        ("inter-semibold", include_bytes!("../../assets/fonts/Inter-SemiBold.ttf"), semibold()),
        ("jetbrains-mono", include_bytes!("../../assets/fonts/JetBrainsMono-Medium.ttf"), FontFamily::Monospace),
    ];
    let mut fonts = FontDefinitions::default();
    // What Inter lacks (symbols, emoji in a person's name) comes from egui's own faces.
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    fonts.families.insert(semibold(), fallback);
    for (name, bytes, family) in ours {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        fonts.families.entry(family).or_default().insert(0, name.to_owned());
    }
    // JetBrains Mono is cut down to Latin; a key is Latin, but a pasted text may not be.
    if let Some(mono) = fonts.families.get_mut(&FontFamily::Monospace) {
        mono.insert(1, "inter".to_owned());
    }
    fonts
}

/// The sizes of type, by what they are for.
pub mod style_of {
    use super::TextStyle;

    /// A page's heading, 30 semibold.
    #[must_use]
    pub fn page_heading() -> TextStyle {
        TextStyle::Heading
    }
    /// A step's heading, 24 semibold.
    #[must_use]
    pub fn step_heading() -> TextStyle {
        TextStyle::Name("step-heading".into())
    }
    /// Reading text, 17.
    #[must_use]
    pub fn body() -> TextStyle {
        TextStyle::Body
    }
    /// Reading text that carries the message, 17 semibold.
    #[must_use]
    pub fn strong() -> TextStyle {
        TextStyle::Button
    }
    /// Above a field, 16 semibold.
    #[must_use]
    pub fn label() -> TextStyle {
        TextStyle::Name("label".into())
    }
    /// Below a field and at the foot, 15; nothing is smaller.
    #[must_use]
    pub fn help() -> TextStyle {
        TextStyle::Small
    }
    /// The six digits, 40.
    #[must_use]
    pub fn code() -> TextStyle {
        TextStyle::Name("code".into())
    }
    /// A key or a spare code, 20 monospaced.
    #[must_use]
    pub fn key() -> TextStyle {
        TextStyle::Monospace
    }
}

fn style(base: egui::Theme, tokens: &Tokens) -> egui::Style {
    let mut style = base.default_style();
    let sans = FontFamily::Proportional;
    style.text_styles = [
        (style_of::page_heading(), FontId::new(30.0, semibold())),
        (style_of::step_heading(), FontId::new(24.0, semibold())),
        (style_of::body(), FontId::new(17.0, sans.clone())),
        (style_of::strong(), FontId::new(17.0, semibold())),
        (style_of::label(), FontId::new(16.0, semibold())),
        (style_of::help(), FontId::new(15.0, sans.clone())),
        (style_of::code(), FontId::new(40.0, sans)),
        (style_of::key(), FontId::new(20.0, FontFamily::Monospace)),
    ]
    .into();
    style.animation_time = FADE_SECS;
    // A page that glides keeps repainting; over Remote Desktop that is a stutter.
    style.scroll_animation = egui::style::ScrollAnimation::none();
    style.spacing.item_spacing = vec2(space::S, space::S);
    style.spacing.button_padding = vec2(space::L, space::M);
    style.spacing.interact_size = vec2(CONTROL_HEIGHT, CONTROL_HEIGHT);
    style.spacing.menu_margin = Margin::same(8);
    style.spacing.icon_width = 22.0;
    style.spacing.icon_width_inner = 12.0;
    style.spacing.icon_spacing = space::S;
    style.spacing.combo_width = 220.0;
    style.spacing.extra_text_line_spacing = 4.0;
    // Always seen: who does not know that a page goes on does not scroll.
    style.spacing.scroll = ScrollStyle {
        floating: true,
        foreground_color: true,
        bar_width: 10.0,
        floating_width: 8.0,
        floating_allocated_width: 14.0,
        dormant_background_opacity: 0.0,
        dormant_handle_opacity: 0.5,
        active_handle_opacity: 0.5,
        interact_handle_opacity: 0.7,
        ..ScrollStyle::floating()
    };
    style.interaction.selectable_labels = false;
    style.visuals = visuals(base.default_visuals(), tokens);
    style
}

fn visuals(mut v: Visuals, t: &Tokens) -> Visuals {
    v.dark_mode = t.theme != Theme::Light;
    v.override_text_color = None;
    v.weak_text_color = Some(t.muted);
    v.hyperlink_color = t.primary;
    v.panel_fill = t.bg;
    v.window_fill = t.surface;
    v.window_stroke = t.hairline_stroke();
    v.faint_bg_color = t.sunken;
    v.extreme_bg_color = t.surface;
    v.text_edit_bg_color = Some(t.surface);
    v.code_bg_color = t.sunken;
    v.warn_fg_color = t.warning;
    v.error_fg_color = t.danger;
    v.window_corner_radius = CornerRadius::same(RADIUS_CARD);
    v.menu_corner_radius = CornerRadius::same(RADIUS_CONTROL);
    v.window_shadow = egui::Shadow::NONE;
    v.popup_shadow = egui::Shadow::NONE;
    // Behind chosen letters: enough of the primary colour to be seen on a field.
    v.selection.bg_fill = t.primary.linear_multiply(0.28);
    v.selection.stroke = Stroke::new(2.0, t.primary);
    v.text_cursor.stroke = Stroke::new(2.0, t.primary);
    // A blinking cursor repaints twice a second for ever; a steady one costs nothing at rest.
    v.text_cursor.blink = false;
    v.image_loading_spinners = false;
    v.disabled_alpha = 1.0;
    let corner = CornerRadius::same(RADIUS_CONTROL);
    let w = &mut v.widgets;
    for state in [&mut w.noninteractive, &mut w.inactive, &mut w.hovered, &mut w.active, &mut w.open] {
        state.corner_radius = corner;
        state.expansion = 0.0;
        state.bg_fill = t.surface;
        state.weak_bg_fill = t.surface;
        state.bg_stroke = t.border_stroke();
        state.fg_stroke = Stroke::new(2.0, t.text);
    }
    w.noninteractive.bg_fill = t.bg;
    w.noninteractive.weak_bg_fill = t.bg;
    w.noninteractive.bg_stroke = t.hairline_stroke();
    w.noninteractive.fg_stroke = Stroke::new(1.0, t.text);
    w.hovered.weak_bg_fill = t.selection;
    w.hovered.bg_fill = t.selection;
    w.hovered.bg_stroke = Stroke::new(t.border_width, t.primary);
    w.active.weak_bg_fill = t.selection;
    w.active.bg_fill = t.selection;
    w.active.bg_stroke = Stroke::new(2.0, t.focus);
    w.open.weak_bg_fill = t.selection;
    v
}

/// Words in a page's heading.
#[must_use]
pub fn page_heading(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(style_of::page_heading())
}

/// Words in a step's heading.
#[must_use]
pub fn step_heading(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(style_of::step_heading())
}

/// Words to read.
#[must_use]
pub fn body(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(style_of::body()).line_height(Some(BODY_LINE))
}

/// Words to read when there is time.
#[must_use]
pub fn muted(text: impl Into<String>) -> RichText {
    body(text).weak()
}

/// Words that carry the message.
#[must_use]
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(style_of::strong()).line_height(Some(BODY_LINE))
}

/// Words above a field.
#[must_use]
pub fn label(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(style_of::label())
}

/// Words below a field.
#[must_use]
pub fn help(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(style_of::help()).line_height(Some(HELP_LINE)).weak()
}

/// A key or a spare code.
#[must_use]
pub fn key(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(style_of::key())
}

/// The font of a style, for a widget that lays out letters itself.
#[must_use]
pub fn font(ui: &egui::Ui, style: &TextStyle) -> FontId {
    style.resolve(ui.style())
}

/// The semibold face at any size, for initials and drawings.
#[must_use]
pub fn semibold_font(size: f32) -> FontId {
    FontId::new(size, semibold())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(colour: Color32) -> f64 {
        let channel = |byte: u8| {
            let c = f64::from(byte) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn the_formula_gives_the_known_ends() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
        assert!((contrast(Color32::WHITE, Color32::WHITE) - 1.0).abs() < 0.01);
    }

    #[test]
    fn every_word_border_and_ring_can_be_seen_in_every_theme() {
        for theme in [Theme::Light, Theme::Dark, Theme::HighContrast] {
            let t = theme.tokens();
            let words = [
                ("text/bg", t.text, t.bg),
                ("text/surface", t.text, t.surface),
                ("text/sunken", t.text, t.sunken),
                ("text/selection", t.text, t.selection),
                ("muted/bg", t.muted, t.bg),
                ("muted/surface", t.muted, t.surface),
                ("muted/sunken", t.muted, t.sunken),
                ("muted/selection", t.muted, t.selection),
                ("primary/bg", t.primary, t.bg),
                ("primary/surface", t.primary, t.surface),
                ("primary/sunken", t.primary, t.sunken),
                ("primary/selection", t.primary, t.selection),
                ("on_primary/primary", t.on_primary, t.primary),
                ("on_primary/hover", t.on_primary, t.primary_hover),
                ("danger/bg", t.danger, t.bg),
                ("danger/surface", t.danger, t.surface),
                ("danger/danger_bg", t.danger, t.danger_bg),
                ("text/danger_bg", t.text, t.danger_bg),
                ("warning/bg", t.warning, t.bg),
                ("warning/warning_bg", t.warning, t.warning_bg),
                ("text/warning_bg", t.text, t.warning_bg),
                ("success/bg", t.success, t.bg),
                ("success/success_bg", t.success, t.success_bg),
                ("text/success_bg", t.text, t.success_bg),
            ];
            let shapes = [
                ("border/bg", t.border, t.bg),
                ("border/surface", t.border, t.surface),
                ("focus/bg", t.focus, t.bg),
                ("focus/surface", t.focus, t.surface),
                ("focus/sunken", t.focus, t.sunken),
                ("focus/selection", t.focus, t.selection),
                ("primary/bg", t.primary, t.bg),
            ];
            for (name, front, back) in words {
                let ratio = contrast(front, back);
                assert!(ratio >= 4.5, "{theme:?} {name}: {ratio:.2}");
            }
            for (name, front, back) in shapes {
                let ratio = contrast(front, back);
                assert!(ratio >= 3.0, "{theme:?} {name}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn digits_share_one_width() {
        let ctx = Context::default();
        install(&ctx);
        let mut widths = Vec::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            for font in [FontId::new(40.0, FontFamily::Proportional), semibold_font(40.0)] {
                let all =
                    "0123456789".chars().map(|digit| ui.fonts_mut(|f| f.glyph_width(&font, digit))).collect::<Vec<_>>();
                widths.push(all);
            }
        });
        output.textures_delta.clear();
        for all in widths {
            assert!(all.iter().all(|w| (w - all[0]).abs() < 0.01), "{all:?}");
        }
    }
}
