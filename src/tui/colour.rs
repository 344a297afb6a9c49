//! Colours of terminals that have 256.

use crate::chart::palette::Rgb;

/// Steps of each channel in xterm's cube of colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Where the cube begins among the 256, and where the greys do.
const CUBE: u8 = 16;
const GREYS: u8 = 232;

/// The nearest of xterm's 256 colours that is not taken; never of the first 16, which every user has chosen otherwise.
pub(super) fn nearest(colour: Rgb, taken: &[u8]) -> u8 {
    let cube = (0..216).map(|index| CUBE + index);
    let greys = (0..24).map(|index| GREYS + index);
    cube.chain(greys)
        .filter(|index| !taken.contains(index))
        .min_by_key(|index| distance(colour, of_index(*index)))
        .unwrap_or(CUBE)
}

/// The colour of an index from 16 on.
fn of_index(index: u8) -> Rgb {
    if index >= GREYS {
        let level = 8 + 10 * (index - GREYS);
        return (level, level, level);
    }
    let index = usize::from(index.saturating_sub(CUBE));
    (STEPS[index / 36], STEPS[index / 6 % 6], STEPS[index % 6])
}

/// How different two colours look, roughly: the eye weighs green most and blue least.
fn distance(a: Rgb, b: Rgb) -> i64 {
    let square = |a: u8, b: u8| (i64::from(a) - i64::from(b)).pow(2);
    3 * square(a.0, b.0) + 6 * square(a.1, b.1) + 2 * square(a.2, b.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_the_256_are_their_own_nearest() {
        for index in [16, 25, 36, 74, 166, 175, 178, 231, 232, 245, 255] {
            assert_eq!(of_index(nearest(of_index(index), &[])), of_index(index));
        }
        // The blue of the first palette, and what published tables of xterm call it.
        assert_eq!((nearest((0, 114, 178), &[]), of_index(25)), (25, (0, 95, 175)));
        assert_eq!(nearest((137, 137, 139), &[]), 245);
        assert_eq!(nearest((0, 95, 175), &[25]), 24, "the next one where the nearest is taken");
    }
}
