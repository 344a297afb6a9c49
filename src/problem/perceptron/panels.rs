//! Products with H for several directions at once: a few rows are carried through the network along all of them together, each direction
//! with the bits of its single product.

use super::network::{Network, Parts, Place, Row, Shape, outgoing};
use crate::math::panel::{self, Few, ROWS};
use crate::math::vector::{axpy, dot, scale};

/// Parts of θ along directions side by side.
struct Along<'a> {
    parts: Parts<'a>,
    count: usize,
}

/// Room for a few rows along all directions.
struct Room<'a> {
    /// How the hidden units of each row move, and how the slopes in their inputs do.
    units: &'a mut [f64],
    back: &'a mut [f64],
    /// The features of each row times its factor.
    features: &'a mut [f64],
    /// How the outputs of one row move, and the slopes in them.
    outputs: &'a mut [f64],
    slopes: &'a mut [f64],
    /// A number a direction, twice.
    pulls: [&'a mut [f64]; 2],
}

impl<'a> Room<'a> {
    fn new(shape: Shape, count: usize, scratch: &'a mut Vec<f64>) -> Self {
        let Shape { features, hidden, outputs } = shape;
        let units = ROWS * hidden * count;
        let lengths = [units, units, ROWS * features, outputs * count, outputs * count, count, count];
        scratch.resize(lengths.iter().sum(), 0.0);
        let mut rest = &mut scratch[..];
        let [units, back, features, outputs, slopes, first, second] = lengths.map(|length| {
            let (taken, left) = std::mem::take(&mut rest).split_at_mut(length);
            rest = left;
            taken
        });
        Self { units, back, features, outputs, slopes, pulls: [first, second] }
    }
}

impl Network {
    /// `out += (1/n) Σ w ∂²ℓ V` for `count` directions side by side.
    pub fn add_hvps(
        &self,
        place: Place<'_>,
        scratch: &mut Vec<f64>,
        weight: impl Fn(usize) -> f64,
        (directions, count): (&[f64], usize),
        out: &mut [f64],
    ) {
        let Shape { features, hidden, .. } = self.shape;
        let along = Along { parts: self.shape.panel_parts(directions, count), count };
        let parts = self.shape.parts(place.theta);
        let mut room = Room::new(self.shape, count, scratch);
        let [first, _] = self.shape.matrices();
        let (width, share) = (hidden * count, self.share(place.rows));
        let mut rows = self.each(place);
        loop {
            let few: Few<Row<'_>> = Few::of(&mut rows);
            let few = few.get();
            if few.is_empty() {
                return;
            }
            self.carry_units(few, &along, &mut room);
            for (index, row) in few.iter().enumerate() {
                let factor = share * self.own_weight(row.number) * weight(row.number);
                let own = index * width..(index + 1) * width;
                self.carry_row((parts, &along), row, own.clone(), &mut room);
                self.add_above((row, factor), (&room, own), count, out);
                let scaled = &mut room.features[index * features..][..features];
                scaled.iter_mut().zip(row.features).for_each(|(scaled, x)| *scaled = factor * x);
            }
            let scaled: Few<&[f64]> = Few::of(&mut room.features.chunks_exact(features).take(few.len()));
            panel::add_outer(scaled.get(), &room.back[..few.len() * width], width, &mut out[..first.end * count]);
        }
    }

    /// How the hidden units of a few rows move.
    fn carry_units(&self, few: &[Row<'_>], along: &Along<'_>, room: &mut Room<'_>) {
        let width = self.shape.hidden * along.count;
        let units = &mut room.units[..few.len() * width];
        units.chunks_exact_mut(width).for_each(|units| units.copy_from_slice(along.parts.first_bias));
        let features: Few<&[f64]> = Few::of(&mut few.iter().map(|row| row.features));
        panel::add_products(features.get(), along.parts.first, width, units);
        for (row, units) in few.iter().zip(units.chunks_exact_mut(width)) {
            for (unit, moved) in row.hidden.iter().zip(units.chunks_exact_mut(along.count)) {
                scale(1.0 - unit * unit, moved);
            }
        }
    }

    /// How the outputs of a row move, the slopes in them, and those in the inputs of its hidden units.
    fn carry_row(
        &self,
        (parts, along): (Parts<'_>, &Along<'_>),
        row: &Row<'_>,
        own: std::ops::Range<usize>,
        room: &mut Room<'_>,
    ) {
        let (outputs, count) = (self.shape.outputs, along.count);
        let Room { units, back, outputs: moved, slopes, pulls: [first, second], .. } = room;
        let units = &units[own.clone()];
        moved.copy_from_slice(along.parts.second_bias);
        panel::add_products(&[row.hidden], along.parts.second, outputs * count, moved);
        for (units, weights) in units.chunks_exact(count).zip(parts.second.chunks_exact(outputs)) {
            for (weight, moved) in weights.iter().zip(moved.chunks_exact_mut(count)) {
                moved.iter_mut().zip(units).for_each(|(moved, unit)| *moved += unit * weight);
            }
        }
        self.curvatures(row, moved, count, first, slopes);
        let per_unit = outputs * count;
        for (unit, back) in back[own].chunks_exact_mut(count).enumerate() {
            let level = row.hidden[unit];
            let weights = outgoing(parts.second, unit, outputs);
            let pull = dot(row.slope, weights);
            panel::dots(&[weights], slopes, count, first);
            panel::dots(&[row.slope], &along.parts.second[unit * per_unit..][..per_unit], count, second);
            let (steep, bent) = (1.0 - level * level, 2.0 * pull * level);
            let moved = units[unit * count..].iter();
            for (((back, first), second), unit) in back.iter_mut().zip(first.iter()).zip(second.iter()).zip(moved) {
                *back = (first + second) * steep - bent * unit;
            }
        }
    }

    /// `∂²ℓ Q` of a row, whose outputs move so.
    fn curvatures(&self, row: &Row<'_>, q: &[f64], count: usize, means: &mut [f64], out: &mut [f64]) {
        if !self.is_classifier {
            return out.copy_from_slice(q);
        }
        // As the sum of no numbers begins.
        means.fill(-0.0);
        for (class, q) in q.chunks_exact(count).enumerate() {
            axpy(self.probability(row, class), q, means);
        }
        for (class, (out, q)) in out.chunks_exact_mut(count).zip(q.chunks_exact(count)).enumerate() {
            let probability = self.probability(row, class);
            out.iter_mut().zip(q).zip(&*means).for_each(|((out, q), mean)| *out = probability * (q - mean));
        }
    }

    /// What a row adds beside the weights of the first layer.
    fn add_above(
        &self,
        (row, factor): (&Row<'_>, f64),
        (room, own): (&Room<'_>, std::ops::Range<usize>),
        count: usize,
        out: &mut [f64],
    ) {
        let outputs = self.shape.outputs;
        let [first, second] = self.shape.matrices();
        let (out, output_bias) = out.split_at_mut(second.end * count);
        let (out, weights) = out.split_at_mut(second.start * count);
        axpy(factor, &room.back[own.clone()], &mut out[first.end * count..]);
        let units = room.units[own].chunks_exact(count).zip(row.hidden);
        for ((moved, level), weights) in units.zip(weights.chunks_exact_mut(outputs * count)) {
            for (slope, weights) in row.slope.iter().zip(weights.chunks_exact_mut(count)) {
                weights.iter_mut().zip(moved).for_each(|(out, moved)| *out += factor * moved * slope);
            }
            axpy(factor * level, room.slopes, weights);
        }
        axpy(factor, room.slopes, output_bias);
    }
}
