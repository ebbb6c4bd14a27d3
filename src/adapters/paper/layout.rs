//! A sheet on one A4 page. Sizes and places are in points from the lower left corner, as PDF counts.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use zeroize::{Zeroize, Zeroizing};

use super::winansi::{encode, wrap};
use super::{Body, Sheet};
use crate::domain::secret::SecretText;

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
const ROOM: f32 = WIDTH - 2.0 * MARGIN;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);

/// The fonts that every reader has: they need no file, and print the same everywhere.
const FONTS: [(Name<'static>, Name<'static>, Ref); 3] = [
    (TEXT, Name(b"Helvetica"), Ref::new(6)),
    (BOLD, Name(b"Helvetica-Bold"), Ref::new(7)),
    (CODE, Name(b"Courier-Bold"), Ref::new(8)),
];
const TEXT: Name<'static> = Name(b"T");
const BOLD: Name<'static> = Name(b"B");
const CODE: Name<'static> = Name(b"C");

/// More than a page takes. A buffer that grows leaves copies of the codes behind in freed memory.
const CAPACITY: usize = 64 * 1024;

/// The whole page.
pub(super) fn page(sheet: &Sheet<'_>) -> Zeroizing<Vec<u8>> {
    let mut pdf = Pdf::with_capacity(CAPACITY);
    pdf.catalog(CATALOG).pages(PAGES).lang(TextStr("en"));
    pdf.document_info(INFO).title(TextStr(&sheet.title)).creator(TextStr("clinic2fa"));
    pdf.pages(PAGES).kids([PAGE]).count(1);
    let mut page = pdf.page(PAGE);
    page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(PAGES).contents(CONTENT);
    let mut resources = page.resources();
    let mut fonts = resources.fonts();
    for (name, _, id) in FONTS {
        fonts.pair(name, id);
    }
    fonts.finish();
    resources.finish();
    page.finish();
    for (_, face, id) in FONTS {
        pdf.type1_font(id).base_font(face).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let mut drawn = Pen::draw(sheet).into_vec();
    pdf.stream(CONTENT, &drawn);
    drawn.zeroize();
    Zeroizing::new(pdf.finish())
}

/// Writes from the top down.
struct Pen {
    content: Content,
    y: f32,
}

impl Pen {
    fn draw(sheet: &Sheet<'_>) -> pdf_writer::Buf {
        let mut pen = Self { content: Content::with_capacity(CAPACITY), y: HEIGHT - MARGIN - 22.0 };
        pen.text(BOLD, 26.0, MARGIN, &encode(&sheet.title));
        pen.y -= 34.0;
        for (label, value) in &sheet.fields {
            pen.text(TEXT, 12.0, MARGIN, &encode(label));
            for line in wrap(value, 12.0, ROOM - 80.0) {
                pen.text(BOLD, 12.0, MARGIN + 80.0, &line);
                pen.y -= 18.0;
            }
        }
        pen.y -= 8.0;
        for paragraph in &sheet.intro {
            pen.paragraph(paragraph);
            pen.y -= 5.0;
        }
        pen.y -= 18.0;
        match sheet.body {
            Body::Codes(codes) => pen.codes(codes, &sheet.used_on),
            Body::Key(key) => pen.key(key),
            Body::Nothing => {}
        }
        pen.y = MARGIN + 20.0;
        pen.paragraph(&sheet.foot);
        pen.content.finish()
    }

    fn text(&mut self, font: Name<'_>, size: f32, x: f32, text: &[u8]) {
        self.content.begin_text().set_font(font, size).next_line(x, self.y).show(Str(text)).end_text();
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(text, 12.0, ROOM) {
            self.text(TEXT, 12.0, MARGIN, &line);
            self.y -= 17.0;
        }
    }

    /// A box to tick, the number, the code, and a line for the date: one row a code.
    fn codes(&mut self, codes: &[SecretText], used_on: &str) {
        self.content.set_line_width(1.0);
        for (index, code) in codes.iter().enumerate() {
            self.content.rect(MARGIN, self.y - 1.0, 15.0, 15.0).stroke();
            self.text(TEXT, 14.0, MARGIN + 28.0, format!("{}.", index + 1).as_bytes());
            let mut bytes = encode(code.expose());
            self.text(CODE, 20.0, MARGIN + 58.0, &bytes);
            bytes.zeroize();
            self.text(TEXT, 10.0, MARGIN + 318.0, &encode(used_on));
            self.content.move_to(MARGIN + 362.0, self.y - 2.0).line_to(WIDTH - MARGIN, self.y - 2.0).stroke();
            self.y -= 36.0;
        }
    }

    /// The groups of the key, four a line, far enough apart to keep one's place while typing.
    fn key(&mut self, key: &SecretText) {
        self.y -= 16.0;
        let groups: Vec<&str> = key.expose().split(['-', ' ']).filter(|group| !group.is_empty()).collect();
        for line in groups.chunks(4) {
            let mut x = MARGIN;
            for group in line {
                let mut bytes = encode(group);
                self.text(CODE, 30.0, x, &bytes);
                bytes.zeroize();
                x += ROOM / 4.0;
            }
            self.y -= 52.0;
        }
    }
}
