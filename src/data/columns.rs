//! What a penalty sees of the feature columns: which it leaves alone, and which share one.

use std::collections::HashMap;

use super::{DataError, Intercept, display_text};

/// Which feature columns carry no penalty, and which belong together. Problems ask for columns by number and know no
/// names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Columns that no penalty weighs, from 0, ascending: the level of what is predicted.
    pub free: Vec<usize>,
    /// Groups of the others, in the order in which they are named. Empty where every column stands alone.
    pub groups: Vec<Group>,
}

/// Columns that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// Its columns, from 0.
    pub columns: Vec<usize>,
}

/// What the columns of no group are called together, where groups are named.
const REST: &str = "rest";

impl Columns {
    /// Of features that are called `names`, the column of ones behind them included; `origins` are the columns of a table
    /// that the first of them come from. Where no groups are listed, what
    /// became of one column of a table is one: all texts of a column, or a number and whether it was missing.
    ///
    /// # Errors
    /// At `groups`, when a group is empty, is called as another one, or lists what is no column, or one twice.
    pub(super) fn of(
        listed: &[(String, Vec<String>)],
        names: &[String],
        origins: &[String],
        intercept: Intercept,
    ) -> Result<Self, DataError> {
        let free: Vec<usize> = (intercept == Intercept::Free).then(|| names.len() - 1).into_iter().collect();
        let origin = |column: usize| origins.get(column).unwrap_or(&names[column]);
        let mut groups = Groups { owners: vec![None; names.len()], groups: Vec::new() };
        for (index, (name, members)) in listed.iter().enumerate() {
            let place = format!("groups[{index}]");
            let number = groups.open(name).map_err(|message| DataError::at(place.clone(), message))?;
            if members.is_empty() {
                let message = format!("the group `{}` lists no column; expected at least one", display_text(name));
                return Err(DataError::at(place, message));
            }
            for member in members {
                let is_meant = |column: &usize| names[*column] == *member || origin(*column) == member;
                let columns: Vec<usize> = (0..names.len()).filter(is_meant).collect();
                let taken = match columns.as_slice() {
                    [] => Err(format!(
                        "there is no column `{}`; the columns are {}",
                        display_text(member),
                        listed_names(names)
                    )),
                    [column] if free.contains(column) => {
                        Err(format!("`{member}` carries no penalty, so that no group has it"))
                    }
                    _ => columns.iter().try_for_each(|column| groups.put(*column, number, &names[*column])),
                };
                taken.map_err(|message| DataError::at(place.clone(), message))?;
            }
        }
        // Looked up, since there may be very many columns.
        let mut namesakes: HashMap<&str, usize> = HashMap::new();
        (0..names.len()).for_each(|column| *namesakes.entry(origin(column)).or_default() += 1);
        let mut places: HashMap<String, usize> =
            groups.groups.iter().enumerate().map(|(number, group)| (group.name.clone(), number)).collect();
        for column in (0..names.len()).filter(|column| !free.contains(column)) {
            if groups.owners[column].is_some() {
                continue;
            }
            let alone = namesakes.get(origin(column).as_str()) == Some(&1);
            let name = match listed {
                [] if alone => &names[column],
                [] => origin(column),
                _ => REST,
            };
            let known = places.get(name).copied();
            if known.is_some_and(|number| number < listed.len()) {
                let message = format!("the columns of no group are called `{REST}` together; expected another name");
                return Err(DataError::at("groups", message));
            }
            let number = known.unwrap_or_else(|| {
                let number = groups.add(name);
                places.insert(name.to_owned(), number);
                number
            });
            groups.groups[number].columns.push(column);
        }
        Ok(Self { free, groups: groups.groups })
    }

    /// Whether no penalty weighs a column.
    #[must_use]
    pub fn is_free(&self, column: usize) -> bool {
        self.free.contains(&column)
    }

    /// The group that each of so many columns belongs to.
    #[must_use]
    pub fn owners(&self, columns: usize) -> Vec<Option<usize>> {
        let mut owners = vec![None; columns];
        for (number, group) in self.groups.iter().enumerate() {
            for column in group.columns.iter().filter(|column| **column < columns) {
                owners[*column].get_or_insert(number);
            }
        }
        owners
    }
}

/// Groups that are being filled.
struct Groups {
    owners: Vec<Option<usize>>,
    groups: Vec<Group>,
}

impl Groups {
    fn add(&mut self, name: &str) -> usize {
        self.groups.push(Group { name: name.to_owned(), columns: Vec::new() });
        self.groups.len() - 1
    }

    fn open(&mut self, name: &str) -> Result<usize, String> {
        if self.groups.iter().any(|group| group.name == name) {
            return Err(format!("two groups are called `{}`; expected a name for each", display_text(name)));
        }
        Ok(self.add(name))
    }

    fn put(&mut self, column: usize, number: usize, name: &str) -> Result<(), String> {
        if let Some(owner) = self.owners[column] {
            let owner = display_text(&self.groups[owner].name);
            return Err(format!("the column `{name}` is in the group `{owner}` already; expected it in one"));
        }
        self.owners[column] = Some(number);
        self.groups[number].columns.push(column);
        Ok(())
    }
}

/// The first few columns, in words.
fn listed_names(names: &[String]) -> String {
    let first: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    format!("{}{}", first.join(", "), if names.len() > 12 { ", …" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn of(listed: &[(&str, &[&str])], intercept: Intercept) -> Result<Columns, DataError> {
        let origins = names(&["width", "height", "place", "place", "age", "age"]);
        let columns =
            names(&["width", "height", "place=hill", "place=sea", "age", "age missing", "width²", "intercept"]);
        let listed: Vec<(String, Vec<String>)> =
            listed.iter().map(|(name, of)| ((*name).to_owned(), names(of))).collect();
        Columns::of(&listed, &columns, &origins, intercept)
    }

    fn groups(listed: &[(&str, &[&str])], intercept: Intercept) -> Vec<(String, Vec<usize>)> {
        of(listed, intercept).unwrap().groups.into_iter().map(|group| (group.name, group.columns)).collect()
    }

    #[test]
    fn what_became_of_one_column_is_a_group() {
        let found = groups(&[], Intercept::Free);
        let expected =
            [("width", vec![0]), ("height", vec![1]), ("place", vec![2, 3]), ("age", vec![4, 5]), ("width²", vec![6])];
        assert_eq!(found, expected.map(|(name, columns)| (name.to_owned(), columns)));
        assert_eq!(groups(&[], Intercept::Penalized).last().unwrap().0, "intercept");
    }

    /// Twice the columns take about twice the time: 200 000 of them would take an hour if each were held against all others.
    #[test]
    fn very_many_columns_are_no_matter() {
        let names: Vec<String> = (0..200_000).map(|index| format!("x{index}")).collect();
        let columns = Columns::of(&[], &names, &[], Intercept::None).unwrap();
        assert_eq!(columns.groups.len(), 200_000);
        assert_eq!((&*columns.groups[199_999].name, &columns.groups[199_999].columns[..]), ("x199999", &[199_999][..]));
    }

    #[test]
    fn listed_groups_come_first_and_the_rest_is_one() {
        let columns = of(&[("size", &["height", "width"]), ("where", &["place"])], Intercept::Free).unwrap();
        let found: Vec<_> =
            columns.groups.iter().map(|group| (group.name.as_str(), group.columns.as_slice())).collect();
        assert_eq!(found, [("size", &[1, 0][..]), ("where", &[2, 3]), ("rest", &[4, 5, 6])]);
        assert_eq!((columns.free, columns.groups[1].columns.len()), (vec![7], 2));
    }

    #[test]
    fn mistakes_name_the_group() {
        let said = |listed: &[(&str, &[&str])]| {
            let error = of(listed, Intercept::Free).unwrap_err();
            (error.field, error.message)
        };
        let (field, message) = said(&[("size", &["width"]), ("more", &["depth"])]);
        assert_eq!(field, "groups[1]");
        assert!(message.starts_with("there is no column `depth`; the columns are `width`, `height`"), "{message}");
        assert!(said(&[("a", &["width"]), ("b", &["width"])]).1.contains("in the group `a` already"));
        assert!(said(&[("a", &["width"]), ("a", &["height"])]).1.contains("two groups are called `a`"));
        assert!(said(&[("a", &[])]).1.contains("lists no column"));
        assert!(said(&[("a", &["intercept"])]).1.contains("carries no penalty"));
        assert_eq!(said(&[("rest", &["width"])]).0, "groups");
    }
}
