//! How much memory rows take in a laboratory.

use super::{Note, Prepared};

/// Less is not worth a word, in bytes.
const WORTH_A_WORD: usize = 100_000_000;

impl Prepared {
    /// What the rows of a laboratory take, where that is much: as they were read, as the scenario divides them, and once
    /// more for every member of an ensemble, of which there are so many among all trials.
    #[must_use]
    pub fn memory(&self, members: usize) -> Option<Note> {
        let read = self.dataset.features.bytes();
        let own = [&self.split.training, &self.split.validation].map(|part| part.features.bytes());
        let pool: usize = own.iter().sum();
        let divided = pool + self.split.test.features.bytes();
        let of_members = members.saturating_mul(pool);
        let all = of_members.saturating_add(read + divided);
        let megabytes = |bytes: usize| format!("{} MB", bytes / 1_000_000);
        let mut words = format!(
            "the rows take about {} MB of memory: {} as they were read, {} as they are divided",
            all / 1_000_000,
            megabytes(read),
            megabytes(divided)
        );
        if members > 0 {
            words.push_str(&format!(", {} in {members} members of ensembles", megabytes(of_members)));
        }
        (all >= WORTH_A_WORD).then(|| Note::remark(words))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{DataSpec, Dataset, NoFiles, Samples, Source, prepare};
    use crate::math::Matrix;

    #[test]
    fn what_rows_take_is_said_where_it_is_much() {
        let small = prepare(&DataSpec::new(Source::Bundled("wine".to_owned())), 0, &NoFiles).unwrap();
        assert_eq!(small.memory(0), None);
        // 178 rows of 13 features, twice: 37 kB; of a member once more.
        assert!(small.memory(10_000).is_some());
        let mut large = small;
        large.dataset = Arc::new(Dataset { features: Matrix::zeros(20_000, 500).into(), ..Dataset::default() });
        large.split.training = Samples::new(Matrix::zeros(8_000, 500), Vec::new());
        large.split.validation = Samples::new(Matrix::zeros(7_000, 500), Vec::new());
        large.split.test = Samples::new(Matrix::zeros(5_000, 500), Vec::new());
        let said = large.memory(3).unwrap().text;
        assert_eq!(
            said,
            "the rows take about 340 MB of memory: 80 MB as they were read, 80 MB as they are divided, 180 MB in 3 members \
             of ensembles"
        );
    }
}
