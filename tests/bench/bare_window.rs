//! The least that any eframe window is: what `./dev measure` puts beside the program's own.

use eframe::egui::{CentralPanel, Ui, ViewportBuilder};

struct Bare;

impl eframe::App for Bare {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        CentralPanel::default().show(ui, |ui| {
            ui.heading("A bare window");
            ui.label("One heading, one line, one tick.");
            ui.checkbox(&mut false, "Nothing");
        });
    }
}

fn main() -> eframe::Result {
    let native = eframe::NativeOptions {
        viewport: ViewportBuilder::default().with_inner_size([1100.0, 720.0]),
        renderer: eframe::Renderer::Glow,
        ..eframe::NativeOptions::default()
    };
    eframe::run_native("bare", native, Box::new(|_| Ok(Box::new(Bare))))
}
