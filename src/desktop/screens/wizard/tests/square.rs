//! The square on a small screen: a phone reads it whole, or not at all.

use super::*;
use crate::domain::square::Square;

/// 1366x768 at 200 %: the whole square is there without scrolling, with the usual names and with the longest, and each of
/// its modules is large enough for a phone.
#[test]
fn the_square_is_whole_in_the_first_screenful_at_twice_the_size() {
    for names in [35, 130] {
        let label = "x".repeat(names);
        let uri = format!("otpauth://totp/Clinic:{label}?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ClinicOffice");
        let square = Square::encode(&SecretText::from(uri.as_str())).unwrap();
        let modules = square.width() + 8;
        let mut desk = at_gateway_with(PhoneOffer { square: Ok(square), ..offer() });
        desk.state_mut().flow.step = Step::Square { wont_scan: false };
        desk.set_size(eframe::egui::vec2(683.0, 384.0));
        desk.set_pixels_per_point(2.0);
        desk.run_steps(4);
        let name = "A square for your phone to scan";
        let (card, foot) = (desk.get_by_label(name).rect(), desk.get_by_label("Back").rect().top());
        assert!(card.top() > 0.0 && card.bottom() <= foot, "{names}: {card}, above {foot}");
        let module = card.width() * 2.0 / modules as f32;
        assert!(module >= 5.0, "{names}: {module} pixels a module of {modules}");
        let heading = desk.query_all_by_label("Point your phone at this square").next().unwrap().rect();
        assert!(heading.left() > card.right() && heading.bottom() < foot, "{heading} beside {card}");
    }
}
