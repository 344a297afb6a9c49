//! Columns of a panel, asked for one by one.

/// Room for a column and for what is asked of it.
pub(super) type Room = [Vec<f64>; 2];

/// `ask` of every column of a panel, in the same column of another one that has as many rows.
pub(super) fn each_in_turn(
    [column, answer]: &mut Room,
    (panel, count): (&[f64], usize),
    out: &mut [f64],
    mut ask: impl FnMut(&[f64], &mut [f64]),
) {
    for place in 0..count {
        column.clear();
        column.extend(panel.iter().skip(place).step_by(count));
        answer.resize(column.len(), 0.0);
        ask(column, answer);
        out.iter_mut().skip(place).step_by(count).zip(&*answer).for_each(|(out, value)| *out = *value);
    }
}

/// Adds `ask` of basis vectors, of such a length, to the first columns of a panel that is so wide.
pub(super) fn add_each_in_turn(
    [direction, answer]: &mut Room,
    (entries, length): (&[usize], usize),
    (width, out): (usize, &mut [f64]),
    mut ask: impl FnMut(&[f64], &mut [f64]),
) {
    direction.clear();
    direction.resize(length, 0.0);
    answer.resize(out.len() / width.max(1), 0.0);
    for (place, entry) in entries.iter().enumerate() {
        direction[*entry] = 1.0;
        ask(direction, answer);
        direction[*entry] = 0.0;
        out.iter_mut().skip(place).step_by(width).zip(&*answer).for_each(|(out, value)| *out += value);
    }
}
