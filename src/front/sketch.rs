//! A distribution in one line of characters.

/// From the lowest bar to the highest.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The same in letters that every terminal has: the darker, the higher.
const LETTERS: [char; 8] = ['.', ':', '-', '=', '+', '*', '#', '@'];

/// How often values occur, a character for each bar: as high as the bar beside the highest, in letters where blocks are not
/// wanted. A bar of nothing is a blank.
#[must_use]
pub fn sketch(bars: &[usize], in_letters: bool) -> String {
    let most = bars.iter().copied().max().unwrap_or(0).max(1);
    let signs = if in_letters { LETTERS } else { BLOCKS };
    let height = |count: usize| ((count as f64 / most as f64 * 8.0).ceil() as usize).clamp(1, 8) - 1;
    bars.iter().map(|count| if *count == 0 { ' ' } else { signs[height(*count)] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_they_are_beside_the_highest() {
        assert_eq!(sketch(&[0, 1, 4, 8, 80], false), " ▁▁▁█");
        assert_eq!(sketch(&[1, 2, 3, 4, 5, 6, 7, 8], false), "▁▂▃▄▅▆▇█");
        assert_eq!(sketch(&[1, 0, 4, 8], true), ". =@");
        assert_eq!(sketch(&[], false), "");
        assert_eq!(sketch(&[0, 0], false), "  ");
    }
}
