//! What can be opened from the start page, in which order, and what is found.

use tui_input::Input;

use super::{App, FolderContents, Item, Listed, Row, StartPage, is_path, to_open};
use crate::chart::Choice;
use crate::front::folder_of;
use crate::probe::Question;
use crate::scenario::Group;
use crate::tui::search::{Field, TEXT, rank, words};

/// Rows of what was opened lately: few enough that what to start with stays in sight.
const LATELY: usize = 4;

impl App {
    /// What can be chosen: what was opened lately, then the groups; while something is searched for, what answers to it,
    /// the best first.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        self.rows(true)
            .into_iter()
            .filter_map(|row| if let Row::Item(_, item) = row { Some(item) } else { None })
            .collect()
    }

    /// The rows of the list, headings among them where they are wanted.
    #[must_use]
    pub fn rows(&self, with_headings: bool) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut count = 0;
        for (heading, items) in self.sections() {
            if with_headings && !heading.is_empty() && !items.is_empty() {
                rows.push(Row::Heading(heading));
            }
            for item in items {
                rows.push(Row::Item(count, item));
                count += 1;
            }
        }
        rows
    }

    /// The heading above the item chosen.
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        let mut heading = None;
        for row in self.rows(true) {
            match row {
                Row::Heading(title) => heading = Some(title),
                Row::Item(number, _) if number == self.start.selected => return heading,
                Row::Item(..) => {}
            }
        }
        None
    }

    fn sections(&self) -> Vec<(&'static str, Vec<Item>)> {
        if let Some(search) = self.start.search.as_ref().map(Input::value).filter(|typed| !typed.trim().is_empty()) {
            return vec![("", self.answers(search))];
        }
        let lately = self.start.recent.iter().take(LATELY).filter_map(|name| self.recent_item(name)).collect();
        let of = |group: Option<Group>| {
            let indices = (0..self.listed.len()).filter(|index| self.listed[*index].group == group);
            indices.map(Item::Listed).collect()
        };
        let groups = Group::ALL.into_iter().map(|group| (group.title(), of(Some(group))));
        std::iter::once(("Opened lately", lately)).chain(groups).chain([("", of(None))]).collect()
    }

    /// What was opened lately; a scenario that no longer comes with the program is none.
    fn recent_item(&self, name: &str) -> Option<Item> {
        let listed = self.listed.iter().position(|listed| listed.id == name).map(Item::Listed);
        listed.or_else(|| is_path(name).then(|| Item::Path(name.to_owned())))
    }

    /// What answers to a search: paths that go on from what is typed, or scenarios and recent files by words.
    fn answers(&self, typed: &str) -> Vec<Item> {
        if is_path(typed) {
            return self.paths(typed).into_iter().map(Item::Path).collect();
        }
        let words = words(typed);
        let scenarios = self.ranked(&words).map(|(rank, index)| (rank, Item::Listed(index)));
        let paths = self.start.recent.iter().filter(|name| is_path(name));
        let paths = paths.filter_map(|path| Some((rank(&words, &[(1, path.clone())])?, Item::Path(path.clone()))));
        let mut found: Vec<(u32, Item)> = scenarios.chain(paths).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, item)| item).collect()
    }

    /// Scenarios that answer to what is typed, the best first.
    #[must_use]
    pub fn scenarios_found(&self, typed: &str) -> Vec<&Listed> {
        let mut found: Vec<(u32, usize)> = self.ranked(&words(typed)).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, index)| &self.listed[index]).collect()
    }

    /// How well each scenario answers to words, by its place in the list; those that do not are left out.
    fn ranked(&self, words: &[String]) -> impl Iterator<Item = (u32, usize)> {
        let rank = |(index, listed): (usize, &Listed)| Some((rank(words, &fields(listed))?, index));
        self.listed.iter().enumerate().filter_map(rank)
    }

    /// Scenarios that open with an answer to a question.
    pub fn scenarios_about(&self, question: Question) -> impl Iterator<Item = &Listed> {
        let draws =
            move |chart: &String| Choice::parse(chart).is_ok_and(|choice| choice.entry.finding == Some(question));
        self.listed.iter().filter(move |listed| listed.scenario.charts.iter().any(draws))
    }

    /// Where a question can be answered that cannot be here: the first two scenarios that open with an answer.
    pub(super) fn elsewhere(&self, question: Question) -> Option<String> {
        let here = self.lab.as_ref().map_or("", |lab| lab.label.as_str());
        let others: Vec<&str> =
            self.scenarios_about(question).map(|listed| listed.id.as_str()).filter(|id| *id != here).take(2).collect();
        let first = others.first()?;
        Some(format!(". Scenarios where it can be: {}; `:open {first}`", others.join(", ")))
    }

    /// Paths that go on from what is typed, as far as the folder is known.
    #[must_use]
    pub fn paths(&self, typed: &str) -> Vec<String> {
        let folder = folder_of(typed);
        let names = self.start.folder.as_ref().filter(|known| known.folder == folder);
        let names = names.and_then(|known| known.names.as_ref().ok()).into_iter().flatten();
        let begun = &typed[folder.len()..];
        // What is hidden is offered to who asks for it.
        let is_meant = |name: &&String| name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
        names.filter(is_meant).map(|name| format!("{folder}{name}")).collect()
    }

    /// A folder was looked into. Answers may come late and in any order: what is typed now decides which one counts.
    pub fn learn_folder(&mut self, contents: FolderContents) {
        let search = self.start.search.as_ref().map(|search| search.value().to_owned());
        let typed = match (self.input().map(|input| input.value().to_owned()), search) {
            (Some(typed), _) if self.overlay.is_some() => to_open(&typed).map(str::to_owned),
            (_, search) => search,
        };
        if typed.is_some_and(|typed| folder_of(&typed) == contents.folder) {
            self.start.folder = Some(contents);
        }
    }

    /// What is the matter with the folder of a path being typed.
    #[must_use]
    pub fn trouble_with(&self, typed: &str) -> Option<&str> {
        let known = self.start.folder.as_ref().filter(|known| known.folder == folder_of(typed))?;
        known.names.as_ref().err().map(String::as_str)
    }

    /// As much of a path as all that go on from what is typed have in common, where that is more than is typed.
    #[must_use]
    pub fn completed_path(&self, typed: &str) -> Option<String> {
        let paths = self.paths(typed);
        let first = paths.first()?;
        let common = paths.iter().map(|path| common(first, path)).min()?;
        (common > typed.len()).then(|| first[..common].to_owned())
    }

    /// The item chosen on the start page.
    #[must_use]
    pub fn chosen_item(&self) -> Option<Item> {
        self.items().into_iter().nth(self.start.selected)
    }

    /// Changes the list. What is chosen stays so, wherever it stands then.
    pub fn rearrange(&mut self, change: impl FnOnce(&mut StartPage)) {
        let chosen = self.chosen_item();
        change(&mut self.start);
        self.start.selected = self.items().iter().position(|item| Some(item) == chosen.as_ref()).unwrap_or(0);
    }

    /// The scenario chosen on the start page, where it is one that the page knows.
    #[must_use]
    pub fn chosen(&self) -> Option<&Listed> {
        match self.chosen_item()? {
            Item::Listed(index) => self.listed.get(index),
            Item::Path(_) => None,
        }
    }
}

/// Bytes that two texts begin with alike.
fn common(a: &str, b: &str) -> usize {
    a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b).map_or(a.len().min(b.len()), |((at, _), _)| at)
}

/// What a scenario can be found by.
fn fields(listed: &Listed) -> Vec<Field> {
    let Listed { id, group, scenario } = listed;
    let mut fields = vec![(0, id.clone()), (0, scenario.title.clone()), (TEXT, scenario.about.clone())];
    let problem = scenario.problem.card();
    fields.push((1, format!("{} {}", problem.name, problem.id)));
    fields.extend(group.map(|group| (2, group.title().to_owned())));
    fields.extend(scenario.data.iter().map(|data| (2, crate::data::in_words(data))));
    for card in [scenario.inner.dynamics.card(), scenario.outer.rule.card(), scenario.ensemble.card()] {
        fields.push((2, format!("{} {}", card.name, card.id)));
    }
    for trial in &scenario.trials {
        let card = trial.estimator.card();
        fields.push((1, format!("{} {} {}", card.name, card.id, trial.name.as_deref().unwrap_or_default())));
    }
    fields.extend(scenario.charts.iter().map(|chart| (2, chart.clone())));
    fields
}
