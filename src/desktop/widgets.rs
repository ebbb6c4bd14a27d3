//! The parts every screen is built of. A widget draws, and returns what the person did;
//! it decides nothing, reads no clock and keeps no secret.
//!
//! Each has an accessible name, an id that never comes from a translated word, and a
//! focus ring. Tab order is the order of the calls.

mod buttons;
mod cards;
mod code_field;
mod codes;
mod field;
mod keys;
mod link;
mod notice;
mod page;
mod password_field;
mod qr_card;
mod ring;
mod rooms;
mod step_bar;
mod step_frame;
mod text_field;
mod tile;

pub use buttons::{Button, ButtonState};
pub use cards::{ChoiceCard, ChoiceState, card_ui, columns_ui, pair_ui, sunken_ui};
pub use code_field::{CodeField, CodeInput, CodeOutput};
pub use codes::{codes_ui, key_ui};
pub use field::beside_field_ui;
pub use keys::{enter_pressed, escape_pressed};
pub use link::link_ui;
pub use notice::{Notice, NoticeKind};
pub use page::{bullet_ui, centred_ui, page_heading_ui, page_ui, step_heading_ui, title_ui};
pub use password_field::PasswordField;
pub use qr_card::{Modules, qr_ui};
pub use rooms::{Column, left_edge};
pub use step_bar::StepBar;
pub use step_frame::{FrameResponse, StepFrame, reveal_field};
pub use text_field::TextField;
pub use tile::{Face, Tile, TileState};
