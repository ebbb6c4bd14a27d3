//! What comes in from keyboard and clipboard, before any field sees it.

use eframe::egui::{Context, Event, ImeEvent};

/// Letters of one paste that a field is given. Nothing that we ask for is nearly as long, and a field that is given a
/// book lays it out anew in every frame.
const LONGEST: usize = 1000;

/// Cuts what is too long to be an answer to anything. What is left is still too long for a code or a password, and is
/// refused as that.
pub(super) fn cut_books(ctx: &Context) {
    ctx.input_mut(|input| {
        for event in &mut input.events {
            if let Event::Paste(text) | Event::Text(text) | Event::Ime(ImeEvent::Commit(text)) = event {
                cut(text);
            }
        }
    });
}

fn cut(text: &mut String) {
    // Bytes first: to count the letters of 5 MB would be the slow part.
    if text.len() > LONGEST
        && let Some((end, _)) = text.char_indices().nth(LONGEST)
    {
        text.truncate(end);
        // A shorter text in the same 5 MB would still be copied about as those.
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_is_cut_between_letters_and_an_answer_is_left_alone() {
        for (text, letters) in [("482913".to_owned(), 6), ("é".repeat(999), 999), ("山".repeat(2_000_000), LONGEST)] {
            let mut kept = text.clone();
            cut(&mut kept);
            assert_eq!(kept.chars().count(), letters);
            assert!(text.starts_with(&kept));
        }
    }
}
