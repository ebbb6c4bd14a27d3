//! From arguments to a window.

use std::io::Write;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use eframe::egui::{self, IconData, ViewportBuilder};

use super::app::{self, App, NotOpened, Opened};
use super::drawing::{Attempt, Drawn};
use super::surface::Surface;
use super::theme::{Choice, Theme};
use crate::adapters::raise::{self, Door};
use crate::adapters::{Config, alert, system_clock, wire};
use crate::config::{Colours, DATA_DIR_VARIABLE, Options, Remembered};
use crate::domain::state::Settings;
use crate::effects::Failure;
use crate::journal::{self, Note};
use crate::ports::{StoreError, Turn};
use crate::tr;

/// The program's name for the desktop: window class, settings of window managers.
const APP_ID: &str = "clinic2fa";
const SIZE: [f32; 2] = [1100.0, 720.0];
const SMALLEST: [f32; 2] = [360.0, 300.0];
/// Wrong arguments, after sysexits.h; the window itself answers 0 or 1.
const USAGE: u8 = 64;

/// How often a second start knocks before it says that the program is open already: together five seconds, enough for
/// a first window that has the lock and is still on its way to the door.
const KNOCKS: usize = 250;
const BETWEEN_KNOCKS: Duration = Duration::from_millis(20);

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
    let surface = Surface::here();
    if surface == Surface::None {
        // Without a screen there is none for a message box either.
        say(&tr!("start-no-display"));
        return ExitCode::FAILURE;
    }
    let config = Config { data_dir: options.data_dir.clone() };
    // Opened before the window, so that the window can open where it was.
    let opened = open_or_raise(&config);
    if matches!(opened, Err(NotOpened::Raised)) {
        return ExitCode::SUCCESS;
    }
    let remembered = opened.as_ref().ok().and_then(|opened| opened.data_dir.as_deref().map(Remembered::load));
    let remembered = remembered.unwrap_or_default();
    journal::note(&Note::Started);
    let attempt = Attempt::new(options.draw_by, remembered.renderer);
    let shown = attempt.watch(|drawn| show(&options, surface, &attempt, config, opened, &remembered, drawn));
    match shown {
        Ok(()) => {
            journal::note(&Note::Ended { status: 0 });
            ExitCode::SUCCESS
        }
        Err(trouble) => attempt.again(&trouble).unwrap_or_else(|| {
            let text = trouble.sentence();
            say(&text);
            alert::show(&app::title(&Settings::default().program), &text);
            ExitCode::FAILURE
        }),
    }
}

fn show(
    options: &Options,
    surface: Surface,
    attempt: &Attempt,
    config: Config,
    opened: Result<Opened, NotOpened>,
    remembered: &Remembered,
    drawn: Drawn,
) -> eframe::Result {
    let office = Settings::default().program;
    let mut native = eframe::NativeOptions {
        viewport: viewport(remembered, &office),
        renderer: attempt.eframe_renderer(),
        ..eframe::NativeOptions::default()
    };
    surface.choose(&mut native);
    let (choice, scale) = (choice(options.colours), options.scale);
    let mut first = Some(opened);
    eframe::run_native(
        &app::title(&office),
        native,
        Box::new(move |context| {
            let ctx = &context.egui_ctx;
            if let Some(scale) = scale {
                ctx.set_zoom_factor(scale);
            }
            let opener = move || first.take().unwrap_or_else(|| open(&config));
            let mut app = App::new(ctx, system_clock(), opener, choice);
            app.says_when_drawn(drawn);
            Ok(Box::new(app))
        }),
    )
}

/// A folder that another window has is knocked at; one whose window is just ending is waited for.
fn open_or_raise(config: &Config) -> Result<Opened, NotOpened> {
    let mut opened = open(config);
    for _ in 0..KNOCKS {
        if !matches!(opened, Err(NotOpened::AlreadyOpen)) {
            break;
        }
        thread::park_timeout(BETWEEN_KNOCKS);
        opened = open(config);
    }
    opened
}

fn open(config: &Config) -> Result<Opened, NotOpened> {
    let not = |err: StoreError| NotOpened::Failure(Failure::Store(err));
    let wired = wire(config).map_err(not)?;
    let Some(only_window) = wired.dir.only_window().map_err(|err| not(err.into()))? else {
        return Err(if raise::knock(&wired.dir) { NotOpened::Raised } else { NotOpened::AlreadyOpen });
    };
    let data_dir = wired.dir.path().to_owned();
    Ok(Opened {
        only_window: Some(Turn::new(only_window)),
        time_check: Some(wired.time_check()),
        door: Door::open(&wired.dir),
        watcher: Some(wired.watcher()),
        data_dir: Some(data_dir),
        courier: wired.courier(),
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
pub(super) fn say(line: &str) {
    // A closed terminal is no reason to stop.
    writeln!(std::io::stderr(), "{line}").ok();
}
