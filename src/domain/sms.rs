//! Text messages: the weaker of the two factors, off until the manager turns it on.
//!
//! A code is worked out, not stored: six digits out of an HMAC under a key inside the DEK, over a random request and
//! whom it is for. So a second text of the same request carries the same code, and nothing that is stored tells it.
//!
//! ```text
//!   password right ──▶ may one be sent? ──▶ request stored, text counted ──▶ DEK, number and code leave together
//!                        (waits, caps)            (one commit)                       for the gateway
//!   code typed     ──▶ live and equal? ──▶ spent      5 minutes, 5 tries, one use; the last wrong try ends it
//! ```

mod changes;
mod compose;
mod limits;
mod number;
mod settings;
mod template;

pub use compose::{Alphabet, Compose, Message, gsm7_places};
pub(in crate::domain) use limits::digits;
pub use limits::{CodeState, LIFE, TRIES, TextCode, TextGauge, TextWait, Texted, Texts};
pub use number::{BadNumber, Number, countries};
pub use settings::{GatewayKind, Letters, SmsSettings, SmsState, TIMEOUT_SECS, Unfit};
pub use template::{Asked, Auth, BodyKind, HEADERS, Method, Part, Spot, Template, Values, basic};
