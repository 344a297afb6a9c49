//! Products of rows with many vectors at once.
//!
//! A *panel* holds vectors side by side: of k vectors of R^n, entry i of vector j stands at `i k + j`. Every sum runs in the order of the
//! single product, [`dot`](super::vector::dot) or one [`axpy`](super::vector::axpy) after the other, and no two operations are fused. So each
//! column has the bits that it has alone, whatever stands beside it and however wide the registers are, which are those of the machine
//! it runs on. A tile of four rows and eight columns stays in registers, so that what is loaded is used several times.

use pulp::{Arch, NullaryFnOnce};

/// Rows that are taken at a time by whoever has many: as many rows of a usual length as stay near.
pub const ROWS: usize = 16;

/// At most [`ROWS`] of something, without a place on the heap.
pub struct Few<T> {
    all: [T; ROWS],
    count: usize,
}

impl<T: Copy + Default> Few<T> {
    /// The next ones.
    pub fn of(from: &mut impl Iterator<Item = T>) -> Self {
        let mut few = Self { all: [T::default(); ROWS], count: 0 };
        for (place, item) in few.all.iter_mut().zip(from) {
            *place = item;
            few.count += 1;
        }
        few
    }

    /// All there are.
    pub fn get(&self) -> &[T] {
        &self.all[..self.count]
    }
}

/// Rows and columns of a tile.
const TALL: usize = 4;
const WIDE: usize = 8;

/// `out[r, j] = dot(row r, column j)`; every row has as many entries as the panel has rows.
pub fn dots(rows: &[&[f64]], panel: &[f64], width: usize, out: &mut [f64]) {
    over_tiles(Dots { rows, panel }, width, false, &mut out[..rows.len() * width]);
}

/// `out[r, j] += Σ_i row_r[i] · panel[i, j]`, one i after the other.
pub fn add_products(rows: &[&[f64]], panel: &[f64], width: usize, out: &mut [f64]) {
    over_tiles(Products { rows, panel }, width, false, &mut out[..rows.len() * width]);
}

/// `out[i, j] += Σ_r row_r[i] · panel[r, j]`, one row after the other.
pub fn add_outer(rows: &[&[f64]], panel: &[f64], width: usize, out: &mut [f64]) {
    over_tiles(Outer { rows, panel }, width, false, out);
}

/// The same of a square, of which only what lies on its diagonal and below is right.
pub fn add_lower_outer(rows: &[&[f64]], panel: &[f64], width: usize, out: &mut [f64]) {
    over_tiles(Outer { rows, panel }, width, true, out);
}

/// A result that is made tile by tile.
trait Tile {
    /// R rows from `first` on and W columns from `at` on, of a result that is `width` wide; `out` are those rows.
    fn tile<const R: usize, const W: usize>(&self, first: usize, place: (usize, usize), out: &mut [f64]);
}

fn over_tiles(tile: impl Tile, width: usize, is_lower: bool, out: &mut [f64]) {
    if width > 0 {
        Arch::new().dispatch(Tiled { tile, width, is_lower, out });
    }
}

struct Tiled<'a, T> {
    tile: T,
    width: usize,
    is_lower: bool,
    out: &'a mut [f64],
}

impl<T: Tile> NullaryFnOnce for Tiled<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { tile, width, is_lower, out } = self;
        let tall = out.len() / width / TALL * TALL;
        let (above, below) = out.split_at_mut(tall * width);
        for (index, out) in above.chunks_exact_mut(TALL * width).enumerate() {
            let first = index * TALL;
            let end = if is_lower { first + TALL } else { width };
            across::<T, TALL>(&tile, first, (width, end), out);
        }
        for (index, out) in below.chunks_exact_mut(width).enumerate() {
            across::<T, 1>(&tile, tall + index, (width, width), out);
        }
    }
}

/// R rows of the result as far as `end`: tiles of eight columns as long as there are, then of four, then of one.
#[inline(always)]
fn across<T: Tile, const R: usize>(tile: &T, first: usize, (width, end): (usize, usize), out: &mut [f64]) {
    let mut at = 0;
    while at < end {
        let left = end - at;
        if left >= WIDE {
            tile.tile::<R, WIDE>(first, (width, at), out);
            at += WIDE;
        } else if left >= 4 {
            tile.tile::<R, 4>(first, (width, at), out);
            at += 4;
        } else {
            tile.tile::<R, 1>(first, (width, at), out);
            at += 1;
        }
    }
}

/// The sums of [`dot`](super::vector::dot): of entries 0, 4, 8, …, of 1, 5, 9, … and so on, and of what is left behind the last four.
struct Dots<'a> {
    rows: &'a [&'a [f64]],
    panel: &'a [f64],
}

impl Tile for Dots<'_> {
    #[inline(always)]
    fn tile<const R: usize, const W: usize>(&self, first: usize, (width, at): (usize, usize), out: &mut [f64]) {
        let (rows, panel) = (&few::<R>(self.rows, first), self.panel);
        let length = rows[0].len();
        let blocks = length / 4 * 4;
        let mut lanes = [[[0.0; W]; R]; 4];
        for (lane, sums) in lanes.iter_mut().enumerate() {
            accumulate::<R, W, 4>(rows, (lane, blocks), panel, (width, at), sums);
        }
        // As the sum of no numbers begins.
        let mut rest = [[-0.0; W]; R];
        accumulate::<R, W, 1>(rows, (blocks, length), panel, (width, at), &mut rest);
        for r in 0..R {
            let out = &mut out[r * width + at..][..W];
            for j in 0..W {
                out[j] = (lanes[0][r][j] + lanes[1][r][j]) + (lanes[2][r][j] + lanes[3][r][j]) + rest[r][j];
            }
        }
    }
}

struct Products<'a> {
    rows: &'a [&'a [f64]],
    panel: &'a [f64],
}

impl Tile for Products<'_> {
    #[inline(always)]
    fn tile<const R: usize, const W: usize>(&self, first: usize, (width, at): (usize, usize), out: &mut [f64]) {
        let rows = &few::<R>(self.rows, first);
        onto::<R, W>((width, at), out, |sums| {
            accumulate::<R, W, 1>(rows, (0, rows[0].len()), self.panel, (width, at), sums);
        });
    }
}

struct Outer<'a> {
    rows: &'a [&'a [f64]],
    panel: &'a [f64],
}

impl Tile for Outer<'_> {
    #[inline(always)]
    fn tile<const R: usize, const W: usize>(&self, first: usize, (width, at): (usize, usize), out: &mut [f64]) {
        onto::<R, W>((width, at), out, |sums| {
            for (row, panel) in self.rows.iter().zip(self.panel.chunks_exact(width)) {
                let (row, panel) = (&row[first..][..R], &panel[at..][..W]);
                for r in 0..R {
                    for j in 0..W {
                        sums[r][j] += row[r] * panel[j];
                    }
                }
            }
        });
    }
}

/// R rows from `first` on.
#[inline(always)]
fn few<'a, const R: usize>(rows: &[&'a [f64]], first: usize) -> [&'a [f64]; R] {
    let rows = &rows[first..][..R];
    std::array::from_fn(|r| rows[r])
}

/// Takes a tile of the result out, adds to it, and puts it back.
#[inline(always)]
fn onto<const R: usize, const W: usize>(
    (width, at): (usize, usize),
    out: &mut [f64],
    add: impl FnOnce(&mut [[f64; W]; R]),
) {
    let mut sums = [[0.0; W]; R];
    for r in 0..R {
        sums[r].copy_from_slice(&out[r * width + at..][..W]);
    }
    add(&mut sums);
    for r in 0..R {
        out[r * width + at..][..W].copy_from_slice(&sums[r]);
    }
}

/// `sums[r][j] += row_r[i] · panel[i, at + j]` for every `STEP`-th i of a range.
#[inline(always)]
fn accumulate<const R: usize, const W: usize, const STEP: usize>(
    rows: &[&[f64]; R],
    (start, end): (usize, usize),
    panel: &[f64],
    (width, at): (usize, usize),
    sums: &mut [[f64; W]; R],
) {
    let rows = rows.map(|row| &row[..end]);
    let mut own = *sums;
    let mut i = start;
    while i < end {
        let panel = &panel[i * width + at..][..W];
        for r in 0..R {
            for j in 0..W {
                own[r][j] += rows[r][i] * panel[j];
            }
        }
        i += STEP;
    }
    *sums = own;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::{axpy, dot, is_same_bits};

    fn numbers(count: usize, seed: f64) -> Vec<f64> {
        (0..count).map(|i| ((1.0 + i as f64) * seed).sin() * (3.0 * seed * i as f64).exp().sin()).collect()
    }

    /// Every width and height around the tiles, so that all of their edges are met.
    #[test]
    fn every_column_has_the_bits_that_it_has_alone() {
        for (count, length, width) in [1, 3, 4, 5, 9]
            .iter()
            .flat_map(|n| [1, 4, 7, 30].map(|l| (*n, l)))
            .flat_map(|(n, l)| [1, 2, 4, 5, 8, 11, 13, 21].map(|w| (n, l, w)))
        {
            let all = numbers(count * length, 0.7);
            let rows: Vec<&[f64]> = all.chunks_exact(length).collect();
            let tall = numbers(length * width, 1.3);
            let flat = numbers(count * width, 0.2);
            let column =
                |panel: &[f64], j: usize| -> Vec<f64> { panel.iter().skip(j).step_by(width).copied().collect() };
            let mut found = vec![0.0; count * width];
            dots(&rows, &tall, width, &mut found);
            for j in 0..width {
                let own: Vec<f64> = rows.iter().map(|row| dot(row, &column(&tall, j))).collect();
                assert!(is_same_bits(&column(&found, j), &own), "dots {count} {length} {width}");
            }
            found.copy_from_slice(&flat);
            add_products(&rows, &tall, width, &mut found);
            for (r, row) in rows.iter().enumerate() {
                let mut own = flat[r * width..][..width].to_vec();
                row.iter().zip(tall.chunks_exact(width)).for_each(|(x, panel)| axpy(*x, panel, &mut own));
                assert!(is_same_bits(&found[r * width..][..width], &own), "products {count} {length} {width}");
            }
            let mut sum = tall.clone();
            add_outer(&rows, &flat, width, &mut sum);
            for j in 0..width {
                let mut own = column(&tall, j);
                rows.iter().zip(column(&flat, j)).for_each(|(row, factor)| axpy(factor, row, &mut own));
                assert!(is_same_bits(&column(&sum, j), &own), "outer {count} {length} {width}");
            }
        }
    }
}
