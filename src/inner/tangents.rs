//! Tangents of the state, one for each outer variable that a run has met so far, and how they go one step on together.

use crate::math::panel;
use crate::problem::Oracle;

/// `Z = ∂s/∂λ` for some entries of λ, side by side: entry i of the state along column j stands at `i k + j`. An entry joins when
/// it is first read; before that its column is zero, and costs nothing.
#[derive(Clone, Default)]
pub struct Tangents {
    /// Length of the state.
    length: usize,
    /// The entries of λ that columns stand for. Those of the problem are in rising order, and come first.
    entries: Vec<usize>,
    /// Which entries of λ have a column.
    is_in: Vec<bool>,
    panel: Vec<f64>,
    /// `H Z`.
    products: Vec<f64>,
    /// A column, where it is, and a direction of λ, for dynamics that take one at a time.
    single: [Vec<f64>; 3],
}

/// What dynamics see of tangents.
pub struct Columns<'a> {
    /// k.
    pub count: usize,
    /// The problem's own entries of λ, which the first columns stand for.
    pub own: &'a [usize],
    /// The entries of all columns.
    pub entries: &'a [usize],
    /// Z.
    pub panel: &'a mut [f64],
    /// Room for `d × k` numbers.
    pub products: &'a mut [f64],
}

impl Columns<'_> {
    /// Which column is along an entry of λ.
    #[must_use]
    pub fn along(&self, entry: usize) -> Option<usize> {
        self.entries.iter().position(|own| *own == entry)
    }
}

impl Tangents {
    /// No column, of a state of so many numbers; room for one of each of `most` entries of λ, so that nothing is allocated later.
    pub fn begin(&mut self, length: usize, inner_dimension: usize, most: usize) {
        self.length = length;
        self.is_in.resize(most, false);
        self.clear();
        self.entries.reserve(most);
        // What is not there yet is written before it is read.
        self.panel.resize(length * most, 0.0);
        self.products.resize(inner_dimension * most, 0.0);
    }

    /// All columns are zero again.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.is_in.fill(false);
    }

    /// How many columns there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Whether an entry of λ has a column.
    #[must_use]
    pub fn has(&self, entry: usize) -> bool {
        self.is_in[entry]
    }

    /// A column of zeros for an entry of λ, behind the others.
    pub fn enter(&mut self, entry: usize) {
        let count = self.entries.len();
        self.entries.push(entry);
        self.is_in[entry] = true;
        for row in (0..self.length).rev() {
            self.panel.copy_within(row * count..(row + 1) * count, row * (count + 1));
            self.panel[row * (count + 1) + count] = 0.0;
        }
    }

    /// The entries of λ that have a column, and of each `⟨column, outer⟩` over θ, in the room given.
    pub fn products<'a>(&'a self, outer: &[f64], out: &'a mut Vec<f64>) -> impl Iterator<Item = (usize, f64)> + 'a {
        let count = self.entries.len();
        out.resize(count, 0.0);
        panel::dots(&[outer], &self.panel[..outer.len() * count], count, out);
        self.entries.iter().copied().zip(out.iter().copied())
    }

    /// What dynamics see, over a problem with such dimensions.
    pub fn columns(&mut self, oracle: &Oracle) -> Columns<'_> {
        let count = self.entries.len();
        let own = self.entries.iter().take_while(|entry| **entry < oracle.outer_dimension()).count();
        Columns {
            count,
            own: &self.entries[..own],
            entries: &self.entries,
            panel: &mut self.panel[..self.length * count],
            products: &mut self.products[..oracle.inner_dimension() * count],
        }
    }

    /// One step on, column by column: `step` is handed a column, the direction of λ that it is along, and room for where it goes.
    pub(super) fn step_singly(&mut self, outer_dimension: usize, mut step: impl FnMut(&[f64], &[f64], &mut [f64])) {
        let count = self.entries.len();
        let [column, next, along] = &mut self.single;
        column.resize(self.length, 0.0);
        next.resize(self.length, 0.0);
        along.clear();
        along.resize(outer_dimension, 0.0);
        for (place, entry) in self.entries.iter().enumerate() {
            let panel = self.panel[..self.length * count].iter_mut().skip(place).step_by(count);
            column.iter_mut().zip(panel).for_each(|(own, value)| *own = *value);
            along[*entry] = 1.0;
            step(column, along, next);
            along[*entry] = 0.0;
            let panel = self.panel[..self.length * count].iter_mut().skip(place).step_by(count);
            panel.zip(&*next).for_each(|(value, next)| *value = *next);
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let [column, next, _] = &self.single;
        size_of_val(&*self.panel) + size_of_val(&*self.products) + size_of_val(&**column) + size_of_val(&**next)
    }
}
