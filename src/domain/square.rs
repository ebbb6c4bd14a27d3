//! The square the phone scans: a QR code of the enrolment URI that has been read back before anyone sees it.
//!
//! It knows modules, not pixels or colours: painting is the window's. The URI holds the key, and so does the
//! pattern of modules: both are wiped when dropped and never printed.

use std::fmt;

use qrcode::{Color, EcLevel, QrCode, types::QrError, types::Version};
use rqrr::PreparedImage;
use zeroize::{Zeroize, Zeroizing};

use crate::domain::secret::SecretText;

/// The largest QR version shown. Beyond it the modules get too small for an old phone at arm's length.
const LARGEST_VERSION: i16 = 10;

/// The most bytes a square can hold: version 10 at error correction M (ISO/IEC 18004, byte mode).
pub const CAPACITY: usize = 213;

/// The light border every QR code needs, in modules (ISO/IEC 18004). The painter uses it too.
pub const BORDER: usize = 4;

/// Pixels a module when we read our own picture back.
const PIXELS: usize = 4;

/// A QR code that decodes to its URI, as modules without the border.
pub struct Square {
    modules: Zeroizing<Vec<bool>>,
    width: usize,
}

/// Why there is no square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SquareError {
    /// The text does not fit: it has more bytes than [`CAPACITY`].
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The picture was made, and did not read back as the text it was made from. Never shown to a phone.
    NotReadable,
}

impl Square {
    /// Makes the square of `uri` at error correction M and reads it back.
    ///
    /// # Errors
    /// See [`SquareError`].
    pub fn encode(uri: &SecretText) -> Result<Self, SquareError> {
        let bytes = uri.expose().len();
        let too_long = SquareError::TooLong { bytes };
        // Digits pack tighter, so a longer text can fit by chance. A limit that depends on the name's letters would
        // be found out only in the field.
        if bytes > CAPACITY {
            return Err(too_long);
        }
        let code = QrCode::with_error_correction_level(uri.expose(), EcLevel::M).map_err(|error| match error {
            QrError::DataTooLong => too_long,
            QrError::InvalidVersion
            | QrError::UnsupportedCharacterSet
            | QrError::InvalidEciDesignator
            | QrError::InvalidCharacter => SquareError::NotReadable,
        })?;
        match code.version() {
            Version::Normal(version) if version <= LARGEST_VERSION => {}
            Version::Normal(_) | Version::Micro(_) => return Err(too_long),
        }
        let width = code.width();
        let mut colours = code.into_colors();
        let modules = Zeroizing::new(colours.iter().map(|colour| *colour == Color::Dark).collect());
        colours.fill(Color::Light);
        let square = Self { modules, width };
        if square.decodes_to(uri) { Ok(square) } else { Err(SquareError::NotReadable) }
    }

    /// Modules along one side, without the border.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the module in that column and row is dark; outside it is light, as the border is.
    #[must_use]
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.width && self.modules.get(row * self.width + column).copied().unwrap_or(false)
    }

    /// Draws the square in memory as the window does, border and all, and reads it as a phone does.
    #[must_use]
    pub fn decodes_to(&self, uri: &SecretText) -> bool {
        let side = (self.width + 2 * BORDER) * PIXELS;
        // `rqrr` keeps its own buffer of these pixels, which it does not wipe; the picture is about to be on the
        // screen anyway. What we can wipe is the text it read.
        let mut picture = PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            // Below the border this wraps far outside, where `is_dark` answers light.
            let column = (x / PIXELS).wrapping_sub(BORDER);
            let row = (y / PIXELS).wrapping_sub(BORDER);
            if row < self.width && self.is_dark(column, row) { 0 } else { 255 }
        });
        let grids = picture.detect_grids();
        let [grid] = grids.as_slice() else {
            return false;
        };
        let mut read = Zeroizing::new(Vec::with_capacity(CAPACITY));
        let same = grid.decode_to(&mut *read).is_ok() && read.as_slice() == uri.expose().as_bytes();
        read.zeroize();
        same
    }
}

impl fmt::Debug for Square {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Square({0}x{0}, hidden)", self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "otpauth://totp/ClinicOffice:Oak%20Tree%20Surgery%20msantos?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ClinicOffice";

    #[test]
    fn a_usual_uri_is_read_back() {
        let uri = SecretText::from(URI);
        let square = Square::encode(&uri).unwrap();
        assert!(square.decodes_to(&uri));
        assert!(!square.decodes_to(&SecretText::from("otpauth://totp/other")));
        assert!(square.is_dark(0, 0) && square.is_dark(6, 6), "the corner pattern");
        assert!(!square.is_dark(square.width(), 0), "outside is light");
    }

    #[test]
    fn every_length_that_fits_is_read_back_and_none_beyond_is_made() {
        for bytes in 1..=CAPACITY + 40 {
            let text: String = URI.chars().cycle().take(bytes).collect();
            match Square::encode(&SecretText::new(text)) {
                Ok(square) => assert!(bytes <= CAPACITY && square.width() <= 57, "{bytes}"),
                Err(error) => assert_eq!((error, bytes > CAPACITY), (SquareError::TooLong { bytes }, true)),
            }
        }
        let huge = SecretText::new("a".repeat(10_000));
        assert_eq!(Square::encode(&huge).unwrap_err(), SquareError::TooLong { bytes: 10_000 });
    }

    #[test]
    fn a_spoilt_picture_is_not_accepted() {
        let uri = SecretText::from(URI);
        let mut square = Square::encode(&uri).unwrap();
        let half = square.modules.len() / 2;
        square.modules[half..].fill(false);
        assert!(!square.decodes_to(&uri));
    }

    #[test]
    fn debug_shows_no_module() {
        let square = Square::encode(&SecretText::from(URI)).unwrap();
        assert_eq!(format!("{square:?}"), format!("Square({0}x{0}, hidden)", square.width()));
    }
}
