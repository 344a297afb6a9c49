//! The palettes, by name.

use super::series::{Colour, Palette};
use super::{Ground, Rgb};
use crate::scenario::unknown;

/// What is taken when nothing is said.
pub static OKABE_ITO: Palette = Palette {
    id: "okabe-ito",
    source: "M. Okabe and K. Ito, Color Universal Design (2008); without its yellow",
    colours: &[
        of(0x0072b2), // blue
        of(0xd55e00), // vermillion
        of(0xcc79a7), // reddish purple
        of(0xe69f00), // orange
        of(0x56b4e9), // sky blue
        of(0x009e73), // bluish green
        Colour::Ink,
    ],
};

static TOL_BRIGHT: Palette = Palette {
    id: "tol-bright",
    source: "P. Tol, Colour Schemes, SRON/EPS/TN/09-002 3.2 (2021): bright; without its grey",
    colours: &[
        of(0x4477aa), // blue
        of(0xee6677), // red
        of(0x66ccee), // cyan
        of(0x228833), // green
        Colour::Ink,
        of(0xaa3377), // purple
        of(0xccbb44), // yellow
    ],
};

static TOL_VIBRANT: Palette = Palette {
    id: "tol-vibrant",
    source: "P. Tol, Colour Schemes, SRON/EPS/TN/09-002 3.2 (2021): vibrant; without its grey",
    colours: &[
        of(0x0077bb), // blue
        of(0xee7733), // orange
        of(0x33bbee), // cyan
        of(0xee3377), // magenta
        Colour::Ink,
        of(0x009988), // teal
        of(0xcc3311), // red
    ],
};

static TOL_MUTED: Palette = Palette {
    id: "tol-muted",
    source: "P. Tol, Colour Schemes, SRON/EPS/TN/09-002 3.2 (2021): muted; without its sand and its grey",
    colours: &[
        of(0x332288), // indigo
        of(0x44aa99), // teal
        of(0x999933), // olive
        of(0xaa4499), // purple
        of(0x117733), // green
        of(0x882255), // wine
        of(0x88ccee), // cyan
        of(0xcc6677), // rose
    ],
};

static PETROFF_6: Palette = Palette {
    id: "petroff-6",
    source: "M. A. Petroff, Accessible color sequences for data visualization, arXiv:2107.02270 (2021): six colours; \
             without its grey",
    colours: &[
        of(0x5790fc), // blue
        of(0xf89c20), // orange
        of(0x964a8b), // purple
        Colour::Ink,
        of(0x7a21dd), // violet
        of(0xe42536), // red
    ],
};

static PETROFF_8: Palette = Palette {
    id: "petroff-8",
    source: "M. A. Petroff, Accessible color sequences for data visualization, arXiv:2107.02270 (2021): eight colours; \
             without its grey",
    colours: &[
        of(0x1845fb), // blue
        of(0xff5e02), // orange
        of(0x86c8dd), // pale blue
        of(0xc91f16), // red
        of(0x578dff), // light blue
        of(0xadad7d), // olive
        of(0xc849a9), // pink
        Colour::Ink,
    ],
};

/// Every palette, in the order shown.
pub static ALL: &[&Palette] = &[&OKABE_ITO, &TOL_BRIGHT, &TOL_VIBRANT, &TOL_MUTED, &PETROFF_6, &PETROFF_8];

/// The palette of this name.
///
/// # Errors
/// That there is none, with the nearest name or all of them.
pub fn find(id: &str) -> Result<&'static Palette, String> {
    let ids: Vec<&str> = ALL.iter().map(|palette| palette.id).collect();
    ALL.iter().copied().find(|palette| palette.id == id).ok_or_else(|| unknown("palette", id, &ids))
}

/// The colour of series number `series` on white paper, in the palette that is taken when nothing is said.
#[must_use]
pub fn colour(series: usize) -> Rgb {
    OKABE_ITO.colour(series, Ground::Light).unwrap_or((0, 0, 0))
}

/// A colour as it is published: `0xrrggbb`.
const fn of(hexadecimal: u32) -> Colour {
    let [_, red, green, blue] = hexadecimal.to_be_bytes();
    Colour::Of((red, green, blue))
}
