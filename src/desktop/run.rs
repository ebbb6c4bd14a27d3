//! From arguments to a window.

use std::io::Write;
use std::process::ExitCode;

use eframe::egui::{self, IconData, ViewportBuilder};

use super::app::{self, App, NotOpened, Opened};
use super::theme::{Choice, Theme};
use crate::adapters::{Config, system_clock, wire};
use crate::config::{Colours, DATA_DIR_VARIABLE, Options, Remembered};
use crate::domain::state::Settings;
use crate::effects::Failure;
use crate::ports::{StoreError, Turn};
use crate::tr;

/// The program's name for the desktop: window class, settings of window managers.
const APP_ID: &str = "clinic2fa";
const SIZE: [f32; 2] = [1100.0, 720.0];
const SMALLEST: [f32; 2] = [360.0, 300.0];
/// Wrong arguments, after sysexits.h; the window itself answers 0 or 1.
const USAGE: u8 = 64;

/// Runs the window until it is closed.
#[must_use]
pub fn run() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1), std::env::var_os(DATA_DIR_VARIABLE)) {
        Ok(options) => options,
        Err(bad) => {
            say(&tr!("start-arguments", argument = bad.0));
            return ExitCode::from(USAGE);
        }
    };
    if options.version {
        say(concat!("clinic2fa ", env!("CARGO_PKG_VERSION")));
        return ExitCode::SUCCESS;
    }
    // A person gets sentences, and a report must not carry what was being typed: the place alone is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        say(&tr!("start-stopped", place = place));
    }));
    // What comes out of a window system that is half there (no libxkbcommon) is a panic, not an error.
    let shown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| show(options)));
    match shown {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(err)) => {
            say(&tr!("start-no-window", reason = reason(&err)));
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}

fn show(options: Options) -> eframe::Result {
    let office = Settings::default().program;
    let config = Config { data_dir: options.data_dir };
    let mut opener = move || open(&config);
    // Opened before the window, so that the window can open where it was.
    let mut first = Some(opener());
    let remembered = first.as_ref().and_then(|opened| opened.as_ref().ok()?.data_dir.as_deref().map(Remembered::load));
    let native = eframe::NativeOptions {
        viewport: viewport(&remembered.unwrap_or_default(), &office),
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    let choice = choice(options.colours);
    let scale = options.scale;
    eframe::run_native(
        &app::title(&office),
        native,
        Box::new(move |context| {
            let ctx = &context.egui_ctx;
            if let Some(scale) = scale {
                ctx.set_zoom_factor(scale);
            }
            let opener = move || first.take().unwrap_or_else(&mut opener);
            Ok(Box::new(App::new(ctx, system_clock(), opener, choice)))
        }),
    )
}

fn open(config: &Config) -> Result<Opened, NotOpened> {
    let not = |err: StoreError| NotOpened::Failure(Failure::Store(err));
    let wired = wire(config).map_err(not)?;
    let only_window = wired.dir.only_window().map_err(|err| not(err.into()))?.ok_or(NotOpened::AlreadyOpen)?;
    let data_dir = wired.dir.path().to_owned();
    Ok(Opened {
        only_window: Some(Turn::new(only_window)),
        time_check: Some(wired.time_check()),
        data_dir: Some(data_dir),
        desk: Box::new(move || wired.desk()),
    })
}

fn viewport(remembered: &Remembered, office: &str) -> ViewportBuilder {
    let [width, height] = remembered.size.unwrap_or(SIZE);
    let [least_width, least_height] = SMALLEST;
    let size = egui::vec2(width.max(least_width), height.max(least_height));
    let mut viewport = ViewportBuilder::default()
        .with_title(app::title(office))
        .with_app_id(APP_ID)
        .with_inner_size(size)
        .with_min_inner_size(SMALLEST)
        .with_clamp_size_to_monitor_size(true);
    if let Some(position) = remembered.position {
        viewport = viewport.with_position(position);
    }
    match icon() {
        Some(icon) => viewport.with_icon(icon),
        None => viewport,
    }
}

/// The program's picture in task bars; a program without one still runs.
fn icon() -> Option<IconData> {
    let png = include_bytes!("../../assets/icon/clinic2fa.png");
    let picture = image::load_from_memory_with_format(png, image::ImageFormat::Png).ok()?.into_rgba8();
    Some(IconData { width: picture.width(), height: picture.height(), rgba: picture.into_raw() })
}

fn choice(colours: Colours) -> Choice {
    match colours {
        Colours::System => Choice::System,
        Colours::Light => Choice::Always(Theme::Light),
        Colours::Dark => Choice::Always(Theme::Dark),
        Colours::Contrast => Choice::Always(Theme::HighContrast),
    }
}

/// One line for whoever started the program from a terminal.
fn say(line: &str) {
    // A closed terminal is no reason to stop.
    writeln!(std::io::stderr(), "{line}").ok();
}

/// The last clause of the window system's own words: what stands before it are places in other people's source.
fn reason(err: &eframe::Error) -> String {
    let text = err.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.rsplit(": ").next().unwrap_or(line).trim_end_matches('.').to_owned()
}
