//! What the window is started with, and the little it remembers between starts.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The environment's name for the data directory; an argument wins over it.
pub const DATA_DIR_VARIABLE: &str = "CLINIC2FA_DATA_DIR";

/// The argument with which the program starts itself again, with the name of the other renderer. Not for people.
pub const SECOND_TRY: &str = "second-try";

/// The file of [`Remembered`] in the data directory.
const REMEMBERED_FILE: &str = "window.json";

/// A remembered file is a few hundred bytes; a longer one is not ours.
const LONGEST_REMEMBERED: u64 = 4096;

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// As the computer says.
    #[default]
    System,
    /// Dark words on a light page.
    Light,
    /// Light words on a dark page.
    Dark,
    /// White on black with yellow focus.
    Contrast,
}

/// What draws the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Renderer {
    /// OpenGL: quicker to the first picture and lighter.
    Glow,
    /// Vulkan, Direct3D 12 or Metal: where there is no OpenGL (Remote Desktop, virtual machines).
    Wgpu,
}

impl Renderer {
    /// Its name in arguments, in the log and in `doctor`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Renderer::Glow => "glow",
            Renderer::Wgpu => "wgpu",
        }
    }

    /// What is tried when this one cannot draw.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Renderer::Glow => Renderer::Wgpu,
            Renderer::Wgpu => Renderer::Glow,
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Renderer::Glow, Renderer::Wgpu].into_iter().find(|renderer| renderer.name() == name)
    }
}

/// Which renderer, and whether another may be tried when it cannot draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DrawBy {
    /// The one that drew the last window, else OpenGL; then the other.
    #[default]
    WhatWorks,
    /// This one and no other.
    Only(Renderer),
    /// This one: the program has started itself again because the other could not draw. There is no third time.
    Instead(Renderer),
}

/// What the window is started with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The data directory; the system's own when absent.
    pub data_dir: Option<PathBuf>,
    /// Which colours.
    pub colours: Colours,
    /// Everything so much larger than the screen's own scale.
    pub scale: Option<f32>,
    /// What draws it.
    pub draw_by: DrawBy,
    /// Only the version is wanted.
    pub version: bool,
}

/// Arguments that make no sense; the text is for whoever typed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadArgument(pub String);

impl Options {
    /// Reads arguments, without the program's own name. `data_dir` is the environment's.
    ///
    /// # Errors
    /// [`BadArgument`], with the argument in it.
    pub fn parse(
        arguments: impl IntoIterator<Item = OsString>,
        data_dir: Option<OsString>,
    ) -> Result<Self, BadArgument> {
        use lexopt::prelude::*;

        let bad = |err: lexopt::Error| BadArgument(err.to_string());
        let mut options =
            Self { data_dir: data_dir.filter(|dir| !dir.is_empty()).map(PathBuf::from), ..Self::default() };
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(bad)? {
            match argument {
                Long("data-dir") => options.data_dir = Some(parser.value().map_err(bad)?.into()),
                Long("theme") => {
                    let word = parser.value().map_err(bad)?;
                    options.colours = match word.to_str() {
                        Some("system") => Colours::System,
                        Some("light") => Colours::Light,
                        Some("dark") => Colours::Dark,
                        Some("contrast") => Colours::Contrast,
                        Some(_) | None => return Err(BadArgument(format!("--theme {}", word.display()))),
                    };
                }
                Long("scale") => {
                    let word = parser.value().map_err(bad)?;
                    let scale = word.to_str().and_then(|text| text.parse().ok());
                    options.scale = Some(
                        scale
                            .filter(|scale| (0.5..=4.0).contains(scale))
                            .ok_or_else(|| BadArgument(format!("--scale {}", word.display())))?,
                    );
                }
                Long("renderer") => options.draw_by = DrawBy::Only(renderer(&parser.value().map_err(bad)?)?),
                Long(SECOND_TRY) => options.draw_by = DrawBy::Instead(renderer(&parser.value().map_err(bad)?)?),
                Short('V') | Long("version") => options.version = true,
                Short(_) | Long(_) | Value(_) => return Err(bad(argument.unexpected())),
            }
        }
        Ok(options)
    }
}

fn renderer(word: &OsStr) -> Result<Renderer, BadArgument> {
    word.to_str().and_then(Renderer::named).ok_or_else(|| BadArgument(format!("--renderer {}", word.display())))
}

/// Where the window was and who signed in last. Nothing in it is trusted: at worst the window opens somewhere else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// Width and height in points.
    pub size: Option<[f32; 2]>,
    /// Left and top edge in points.
    pub position: Option<[f32; 2]>,
    /// Whom the lock screen offers first.
    pub last_person: Option<String>,
    /// What drew the last window.
    pub renderer: Option<Renderer>,
}

impl Remembered {
    /// Reads the file of a data directory. One that is missing, damaged or senseless is as good as none.
    #[must_use]
    pub fn load(data_dir: &Path) -> Self {
        let path = data_dir.join(REMEMBERED_FILE);
        let small = path.metadata().is_ok_and(|about| about.is_file() && about.len() <= LONGEST_REMEMBERED);
        let text = if small { std::fs::read_to_string(&path).unwrap_or_default() } else { String::new() };
        let mut read: Self = serde_json::from_str(&text).unwrap_or_default();
        let sensible = |[a, b]: &[f32; 2], least: f32| {
            [a, b].iter().all(|number| number.is_finite() && **number >= least && **number <= 32_000.0)
        };
        read.size = read.size.filter(|size| sensible(size, 100.0));
        read.position = read.position.filter(|position| sensible(position, -32_000.0));
        read.last_person = read.last_person.filter(|person| person.len() <= 64);
        read
    }

    /// Writes the file: whole, or not at all.
    ///
    /// # Errors
    /// What the disk answered; nobody needs to be told, for nothing depends on it.
    pub fn save(&self, data_dir: &Path) -> io::Result<()> {
        let text = serde_json::to_string(self).map_err(io::Error::other)?;
        let new = data_dir.join("window.json.new");
        std::fs::write(&new, text)?;
        std::fs::rename(&new, data_dir.join(REMEMBERED_FILE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, BadArgument> {
        Options::parse(arguments.iter().map(OsString::from), Some("from-environment".into()))
    }

    #[test]
    fn arguments_are_read_and_win_over_the_environment() {
        let plain = parse(&[]).unwrap();
        assert_eq!(plain.data_dir, Some("from-environment".into()));
        let all = parse(&["--data-dir", "here", "--theme=dark", "--scale", "2", "--renderer", "wgpu"]).unwrap();
        let expected = Options {
            data_dir: Some("here".into()),
            colours: Colours::Dark,
            scale: Some(2.0),
            draw_by: DrawBy::Only(Renderer::Wgpu),
            version: false,
        };
        assert_eq!(all, expected);
        assert_eq!(Options::parse([], Some(OsString::new())).unwrap().data_dir, None);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (arguments, named) in [
            (&["--theme", "pink"][..], "pink"),
            (&["--scale", "0"], "0"),
            (&["--scale", "nan"], "nan"),
            (&["--renderer", "vulkan"], "vulkan"),
            (&["--verbose"], "verbose"),
            (&["file"], "file"),
            (&["--data-dir"], "data-dir"),
        ] {
            assert!(parse(arguments).is_err_and(|err| err.0.contains(named)), "{arguments:?}");
        }
    }

    // C82: a settings file that was cut short or edited does not stop the program, and is written anew.
    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let dir = tempfile::tempdir().unwrap();
        let whole = Remembered {
            size: Some([1100.0, 720.0]),
            position: Some([-8.0, 0.0]),
            last_person: Some("msantos".into()),
            renderer: Some(Renderer::Wgpu),
        };
        let file = dir.path().join(REMEMBERED_FILE);
        assert_eq!(Remembered::load(dir.path()), Remembered::default());
        whole.save(dir.path()).unwrap();
        assert_eq!(Remembered::load(dir.path()), whole);
        let text = std::fs::read(&file).unwrap();
        for damaged in [
            &text[..text.len() / 2],
            b"",
            b"\0\0\0",
            b"[]",
            b"{\"size\":\"big\"}",
            b"{\"renderer\":\"ink\"}",
            &[b'x'; 10_000],
        ] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(Remembered::load(dir.path()), Remembered::default(), "{} bytes", damaged.len());
        }
        std::fs::write(&file, "{\"size\":[1e30,-5],\"position\":[0,null],\"unknown\":1}").unwrap();
        assert_eq!(Remembered::load(dir.path()), Remembered::default());
        whole.save(dir.path()).unwrap();
        assert_eq!(Remembered::load(dir.path()), whole);
    }
}
