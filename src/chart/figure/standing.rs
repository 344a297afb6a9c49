//! The selected trial set off from the others, on every chart alike.

use super::{Figure, Ink};

/// What becomes of the trials that are not selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Others {
    /// Drawn as they are; the selected one lies on top.
    #[default]
    Alike,
    /// Pale, and without what stands behind their curves.
    Dimmed,
    /// Left out.
    LeftOut,
}

/// Draws one trial last and bright, and the others as is asked for. What belongs to no trial stays as it is, and so does a
/// figure that the trial is not in.
pub fn set_off(figure: &mut Figure, selected: usize, others: Others) {
    let owner = |ink: Ink| if let Ink::Trial(id) = ink { Some(id) } else { None };
    if !figure.layers.iter().any(|layer| owner(layer.style.ink) == Some(selected)) {
        return;
    }
    if others == Others::LeftOut {
        figure.layers.retain(|layer| owner(layer.style.ink).is_none_or(|id| id == selected));
    }
    if others == Others::Dimmed {
        figure.layers.retain(|layer| !layer.style.faint || owner(layer.style.ink).is_none_or(|id| id == selected));
    }
    for layer in &mut figure.layers {
        match owner(layer.style.ink) {
            Some(id) if id == selected => layer.style.emphasis = true,
            Some(_) => layer.style.dimmed = others == Others::Dimmed,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Axis, Layer, Style};

    fn figure() -> Figure {
        let mut figure = Figure::new("f", "F", Axis::linear("x"), Axis::linear("y"));
        for id in 0..3 {
            figure.layers.push(Layer::line(format!("{id}"), Style::trial(id), vec![(0.0, 1.0), (1.0, 2.0)]));
        }
        figure.layers.push(Layer::points("best", Style::foreground(), vec![(0.0, 1.0)]));
        figure
    }

    #[test]
    fn the_selected_trial_is_bright_and_the_others_are_what_is_asked_for() {
        let looks = |others: Others, selected: usize| {
            let mut figure = figure();
            set_off(&mut figure, selected, others);
            figure.layers.iter().map(|layer| (layer.style.emphasis, layer.style.dimmed)).collect::<Vec<_>>()
        };
        let plain = (false, false);
        assert_eq!(looks(Others::Alike, 1), [plain, (true, false), plain, plain]);
        assert_eq!(looks(Others::Dimmed, 1), [(false, true), (true, false), (false, true), plain]);
        assert_eq!(looks(Others::LeftOut, 1), [(true, false), plain]);
        assert_eq!(looks(Others::LeftOut, 7), [plain; 4]);
        let mut raw = figure();
        (0..2).for_each(|id| raw.layers.push(Layer::line("", Style::trial(id).faint(), vec![(0.0, 1.0)])));
        set_off(&mut raw, 1, Others::Dimmed);
        assert_eq!(raw.layers.iter().filter(|layer| layer.style.faint).count(), 1);
    }
}
