//! All of the configuration, as text.

use super::Config;
use crate::chart::palette;
use crate::front::wrap;
use crate::tui::keymap::{self, Binding};
use crate::tui::scheme;
use crate::tui::state::{SPEEDS, speed_label};
use crate::tui::theme::Charset;

/// Columns of a comment.
const COLUMNS: usize = 100;

/// Every value there is, as it is when nothing is said, with what else it could be.
#[must_use]
pub fn template() -> String {
    let config = Config::default();
    let mut text = String::new();
    comment(
        &mut text,
        "",
        "Hyperlab's configuration, with every value as it is when nothing is said. Whatever you leave out stays so. It is \
         read when the laboratory starts, from $XDG_CONFIG_HOME/hyperlab/config.ron, else ~/.config/hyperlab/config.ron, or \
         from where --config says.",
    );
    text += "Config(\n";
    let mut value = |about: &str, choices: &[String], field: &str, value: &str| {
        comment(&mut text, "    ", about);
        choices.iter().for_each(|choice| comment(&mut text, "    ", choice));
        text += &format!("    {field}: {value:?},\n\n");
    };
    let schemes = scheme::ALL.iter().map(|scheme| format!("{:?}: {}", scheme.id, scheme.summary));
    let words = "Colours; --theme and `:theme NAME` say otherwise.";
    value(words, &schemes.collect::<Vec<_>>(), "theme", config.scheme.id);
    let palettes = palette::ALL.iter().map(|palette| format!("{:?}: {}.", palette.id, palette.source));
    let words =
        "Colours of the series, told apart with any common colour vision; --palette and `:palette NAME` say otherwise.";
    value(words, &palettes.collect::<Vec<_>>(), "palette", config.palette.id);
    let charsets = Charset::ALL.map(Charset::id).join(", ");
    let words = format!("What charts are drawn with: {charsets}; --charset and `:charset NAME` say otherwise.");
    value(&words, &[], "charset", config.charset.id());
    let speeds = (0..SPEEDS.len()).map(speed_label).collect::<Vec<_>>().join(", ");
    value(&format!("How fast a laboratory runs at first: {speeds}."), &[], "speed", &speed_label(config.speed));
    value(
        "Rows and columns of charts that a laboratory shows at first, as in 2x3; or auto, by the size of the window.",
        &[],
        "panes",
        "auto",
    );
    let folder = config.export.display().to_string();
    value(
        "Where figures and sessions are written; a relative path starts where the program does.",
        &[],
        "export",
        &folder,
    );
    comment(
        &mut text,
        "    ",
        "Keys. A list replaces the keys that an action has; an empty one leaves it without. In one place no two actions can \
         share a key. The first key is the one shown. Keys are letters and signs, space, enter, tab, backtab, esc, up, down, \
         left, right, home, end, pgup, pgdn, backspace, delete, insert and f1 to f12; ctrl-, alt- and shift- go before.",
    );
    text += "    keys: {\n";
    let mut context = None;
    for binding in keymap::defaults() {
        if context.replace(binding.context) != Some(binding.context) {
            text += &format!("        // {}\n", binding.context.title());
        }
        text += &line(&binding);
    }
    text += "    },\n)\n";
    text
}

fn line(binding: &Binding) -> String {
    let keys: Vec<String> = binding.keys.iter().map(|key| format!("{:?}", key.name())).collect();
    format!("        {:?}: [{}], // {}\n", binding.id(), keys.join(", "), binding.help)
}

fn comment(text: &mut String, margin: &str, words: &str) {
    for line in wrap(words, COLUMNS - margin.len()) {
        *text += &format!("{margin}// {line}\n");
    }
}
