//! The data sets that come with the program.

use super::table::{self, Header, Reading, Separator};
use super::{DataError, Dataset};

/// A data set that comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Bundled {
    /// The name in a scenario.
    pub id: &'static str,
    /// One line for people.
    pub title: &'static str,
    /// Where it is from.
    pub source: &'static str,
    text: &'static str,
}

/// Every bundled data set. The target column is `target` in all of them.
pub static ALL: &[Bundled] = &[
    Bundled {
        id: "breast_cancer",
        title: "Breast cancer: 569 rows, 30 features, 2 classes",
        source: "Wolberg, Mangasarian, Street, Street 1995, UCI Machine Learning Repository, CC BY 4.0",
        text: include_str!("../../assets/data/breast_cancer.csv"),
    },
    Bundled {
        id: "diabetes",
        title: "Diabetes: 442 rows, 10 features, disease progression after one year",
        source: "Efron, Hastie, Johnstone, Tibshirani, Least Angle Regression, 2004",
        text: include_str!("../../assets/data/diabetes.csv"),
    },
    Bundled {
        id: "digits",
        title: "Digits: 1797 rows, 8×8 pixels from 0 to 16, 10 classes",
        source: "Alpaydin, Kaynak 1998, UCI Machine Learning Repository, CC BY 4.0",
        text: include_str!("../../assets/data/digits.csv"),
    },
    Bundled {
        id: "wine",
        title: "Wine: 178 rows, 13 features, 3 classes",
        source: "Aeberhard, Forina 1991, UCI Machine Learning Repository, CC BY 4.0",
        text: include_str!("../../assets/data/wine.csv"),
    },
];

/// The bundled data set of this name.
///
/// # Errors
/// At `source`, when there is none.
pub fn load(id: &str) -> Result<Dataset, DataError> {
    let Some(found) = ALL.iter().find(|set| set.id == id) else {
        let known = ALL.iter().map(|set| format!("`{}`", set.id)).collect::<Vec<_>>().join(", ");
        let message =
            format!("no data set `{}` comes with the program; expected one of {known}", super::display_text(id));
        return Err(DataError::at("source", message).with_help("read your own file with `Csv(path: …, target: …)`"));
    };
    // Nothing of these has to be recognized.
    let (separator, header) = (Separator::Comma, Header::Present);
    table::parse(found.text, found.id, "target", &Reading { separator, header, ..Reading::default() })
        .map_err(|error| DataError::at("source", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_set_has_its_published_shape() {
        let shapes = [("breast_cancer", 569, 30), ("diabetes", 442, 10), ("digits", 1797, 64), ("wine", 178, 13)];
        assert_eq!(shapes.len(), ALL.len());
        for (id, rows, columns) in shapes {
            let data = load(id).unwrap();
            assert_eq!(
                (data.features.rows(), data.features.columns(), data.targets.len()),
                (rows, columns, rows),
                "{id}"
            );
        }
        let cancer = load("breast_cancer").unwrap();
        assert_eq!(cancer.targets.iter().filter(|class| **class == 1.0).count(), 357);
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        assert_eq!(
            load("iris").unwrap_err().message,
            "no data set `iris` comes with the program; expected one of `breast_cancer`, `diabetes`, `digits`, `wine`"
        );
    }
}
