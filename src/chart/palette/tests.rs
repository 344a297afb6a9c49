//! Colours are told apart by computation: CIEDE2000 differences (Sharma, Wu and Dalal, 2005), as seen and as simulated for
//! people without red or green cones (Machado, Oliveira and Fernandes, 2009, severity 1).

use unicode_width::UnicodeWidthChar;

use super::ground::{CONTRAST, DARK, HIGH_CONTRAST, linear};
use super::*;

const GROUNDS: [Ground; 4] = [Ground::Light, Ground::Dark, Ground::Black, Ground::Unknown];

/// Of the simulation: as seen, without red cones, without green cones.
const VISIONS: [[[f64; 3]; 3]; 3] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
];

/// CIELAB at D65.
fn lab(vision: &[[f64; 3]; 3], colour: Rgb) -> [f64; 3] {
    let light = linear(colour);
    let dot = |row: &[f64; 3], x: &[f64; 3]| row.iter().zip(x).map(|(a, b)| a * b).sum::<f64>();
    let seen = vision.map(|row| dot(&row, &light).clamp(0.0, 1.0));
    let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let x = f(dot(&[0.412_456_4, 0.357_576_1, 0.180_437_5], &seen) / 0.950_47);
    let y = f(dot(&[0.212_672_9, 0.715_152_2, 0.072_175_0], &seen));
    let z = f(dot(&[0.019_333_9, 0.119_192_0, 0.950_304_1], &seen) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn ciede2000([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let chroma = f64::midpoint(a1.hypot(b1), a2.hypot(b2));
    let shift = 1.0 + 0.5 * (1.0 - (chroma.powi(7) / (chroma.powi(7) + 25f64.powi(7))).sqrt());
    let (a1, a2) = (a1 * shift, a2 * shift);
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let is_grey = c1 * c2 == 0.0;
    let turn = match h2 - h1 {
        _ if is_grey => 0.0,
        turn if turn > 180.0 => turn - 360.0,
        turn if turn < -180.0 => turn + 360.0,
        turn => turn,
    };
    let (dl, dc) = (l2 - l1, c2 - c1);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
    let (l, c) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let h = if is_grey {
        h1 + h2
    } else if (h1 - h2).abs() <= 180.0 {
        f64::midpoint(h1, h2)
    } else if h1 + h2 < 360.0 {
        f64::midpoint(h1, h2) + 180.0
    } else {
        f64::midpoint(h1, h2) - 180.0
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.2 * cos(4.0 * h - 63.0);
    let rotation = 2.0 * (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let spread = 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let rt = -(2.0 * spread).to_radians().sin() * rotation;
    ((dl / sl).powi(2) + (dc / sc).powi(2) + (dh / sh).powi(2) + rt * dc / sc * dh / sh).sqrt()
}

/// The ink that stands in for none.
fn ink(ground: Ground) -> Rgb {
    if matches!(ground, Ground::Dark | Ground::Black) { (230, 230, 230) } else { (0, 0, 0) }
}

fn shown(palette: &Palette, ground: Ground) -> Vec<Rgb> {
    (0..palette.size()).map(|series| palette.colour(series, ground).unwrap_or(ink(ground))).collect()
}

#[test]
fn differences_of_colours_are_those_that_are_published() {
    // Pairs 1, 7, 17 and 25 of Sharma, Wu and Dalal, table 1.
    let published = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
    ];
    for (a, b, difference) in published {
        assert!((ciede2000(a, b) - difference).abs() < 1e-4, "{a:?} {b:?}: {}", ciede2000(a, b));
    }
    // White, black and the red of a screen.
    assert!((contrast((255, 255, 255), (0, 0, 0)) - 21.0).abs() < 1e-9);
    assert!((contrast((255, 255, 255), (255, 0, 0)) - 3.998).abs() < 1e-3);
}

#[test]
fn every_colour_stands_out_from_its_ground() {
    let white = (255, 255, 255);
    for palette in ALL {
        for series in 0..palette.size() {
            let stands_out = |ground: Ground, from: Rgb, least: f64| {
                let Some(colour) = palette.colour(series, ground) else { return };
                assert!(contrast(colour, from) >= least, "{} {series} on {ground:?}: {colour:?}", palette.id);
            };
            stands_out(Ground::Light, white, CONTRAST);
            stands_out(Ground::Dark, DARK, CONTRAST);
            stands_out(Ground::Black, (0, 0, 0), HIGH_CONTRAST);
            stands_out(Ground::Unknown, white, CONTRAST);
            stands_out(Ground::Unknown, DARK, CONTRAST);
        }
    }
}

#[test]
fn colours_differ_for_everybody_and_neighbours_differ_much() {
    for palette in ALL {
        for ground in GROUNDS {
            let colours = shown(palette, ground);
            for (vision, (least, least_of_neighbours)) in VISIONS.iter().zip([(9.0, 25.0), (4.5, 15.0), (4.5, 15.0)]) {
                let seen: Vec<[f64; 3]> = colours.iter().map(|colour| lab(vision, *colour)).collect();
                for (i, first) in seen.iter().enumerate() {
                    let neighbour = ciede2000(*first, seen[(i + 1) % seen.len()]);
                    let others = seen.iter().skip(i + 1).map(|second| ciede2000(*first, *second));
                    let nearest = others.fold(f64::INFINITY, f64::min);
                    let what = format!("{} {i} on {ground:?}, nearest {nearest}, next {neighbour}", palette.id);
                    assert!(nearest >= least && neighbour >= least_of_neighbours, "{what}");
                }
            }
        }
    }
}

/// By marker alone sixteen series are told apart; by colour and marker more; and neighbours by each.
#[test]
fn sixteen_series_are_told_apart_by_colour_and_marker() {
    for palette in ALL {
        let looks: std::collections::HashSet<_> =
            (0..16).map(|series| (palette.index(series), Marker::of(series).glyph())).collect();
        assert_eq!(looks.len(), 16, "{}", palette.id);
        for series in 0..64 {
            let next = series + 1;
            assert_ne!(palette.index(series), palette.index(next), "{} {series}", palette.id);
            assert_ne!(Marker::of(series), Marker::of(next));
            // A hollow shape is not enough where the colour comes round.
            let again = series + palette.size();
            let is_alike = |a: Marker, b: Marker| a.outlined().unwrap_or(a) == b.outlined().unwrap_or(b);
            assert!(!is_alike(Marker::of(series), Marker::of(again)), "{} {series} and {again}", palette.id);
        }
    }
}

#[test]
fn markers_take_one_cell_and_differ() {
    for (index, marker) in MARKERS.iter().enumerate() {
        assert_eq!(marker.glyph().width(), Some(1), "{marker:?}");
        assert!(marker.ascii().is_ascii_graphic());
        let earlier = &MARKERS[..index];
        assert!(earlier.iter().all(|other| other.glyph() != marker.glyph() && other.ascii() != marker.ascii()));
    }
}

#[test]
fn a_palette_is_found_by_its_name_and_the_nearest_is_named() {
    for palette in ALL {
        assert_eq!(find(palette.id), Ok(*palette));
        assert!(palette.source.contains("20"), "the year of {}", palette.id);
    }
    assert!(find("okabe").unwrap_err().contains("expected one of `okabe-ito`"));
    assert!(find("tol-brigth").unwrap_err().contains("did you mean `tol-bright`?"));
}

fn lightness((red, green, blue): Rgb) -> f64 {
    0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue)
}

#[test]
fn signs_have_colours_of_their_own_and_zero_has_none() {
    let (red, green, blue) = diverging(0.0);
    assert!(red == green && green == blue);
    for k in 1..=20 {
        let level = f64::from(k) / 20.0;
        let ((red, _, blue), (red_below, _, blue_below)) = (diverging(level), diverging(-level));
        assert!(red > blue && blue_below > red_below, "{level}");
        for sign in [-1.0, 1.0] {
            assert!(lightness(diverging(sign * level)) < lightness(diverging(sign * (level - 0.05))), "{level}");
        }
    }
    assert_eq!(diverging(7.0), diverging(1.0));
}

#[test]
fn heat_darkens_steadily() {
    let lightness = |level: f64| lightness(heat(level));
    assert!((0..20).all(|k| lightness(f64::from(k) / 20.0) > lightness(f64::from(k + 1) / 20.0)));
    assert_eq!(heat(-1.0), heat(0.0));
    assert_eq!(heat(2.0), heat(1.0));
}
