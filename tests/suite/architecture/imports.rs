//! Which file needs which: every path of every file, followed to where the thing is defined.

use std::collections::BTreeMap;

use super::source::{Module, Place, Source, Use, module_of, read};

/// Sources below `src/` by path.
pub(super) type Sources = BTreeMap<String, String>;

/// A path in a file.
#[derive(Debug)]
pub(super) struct Import {
    /// The file that names it.
    pub(super) file: String,
    pub(super) line: usize,
    /// What it names, from the crate or from another crate: `["crate", "lab", "Lab"]`, `["std", "fs"]`.
    pub(super) path: Vec<String>,
    /// The file that defines it, where that is another file of this crate and more than a name passed on.
    pub(super) needs: Option<String>,
    /// Whether only tests name it.
    pub(super) is_test: bool,
    /// Whether it is a macro that is called.
    pub(super) is_macro: bool,
}

/// All files, read.
pub(super) struct Crate {
    /// The file of each module.
    modules: BTreeMap<Module, String>,
    files: BTreeMap<String, Source>,
    only_tests: Vec<Module>,
}

impl Crate {
    pub(super) fn of(sources: &Sources) -> Self {
        let files: BTreeMap<String, Source> =
            sources.iter().map(|(file, text)| (file.clone(), read(file, text))).collect();
        let mut modules: BTreeMap<Module, String> = files.keys().map(|file| (module_of(file), file.clone())).collect();
        let mut only_tests = Vec::new();
        for (file, source) in &files {
            for (module, is_test) in &source.modules {
                modules.entry(module.clone()).or_insert_with(|| file.clone());
                only_tests.extend(is_test.then(|| module.clone()));
            }
        }
        Self { modules, files, only_tests }
    }

    /// Every import of every file.
    pub(super) fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        for (file, source) in &self.files {
            for leaf in &source.uses {
                found.push(self.import(file, &leaf.place, &leaf.path, self.is_needed(source, leaf)));
            }
            for mention in source.mentions.iter().filter(|mention| mention.is_macro || mention.path.len() > 1) {
                let import = self.import(file, &mention.place, &mention.path, !mention.is_listed);
                found.push(Import { is_macro: mention.is_macro, ..import });
            }
        }
        found
    }

    /// A name passed on (`pub use`) is needed where the file itself says it again; a name that stands in `ALL` alone is
    /// not needed, and neither is a module as such: what is named through it is.
    fn is_needed(&self, source: &Source, leaf: &Use) -> bool {
        let Some(name) = &leaf.name else { return !leaf.is_public };
        let names = |is_listed| {
            let mut mentions = source.mentions.iter().filter(|mention| mention.is_listed == is_listed);
            mentions.any(|mention| mention.path[0] == *name)
        };
        let is_module = self.absolute(&leaf.place.module, &leaf.path).is_some_and(|path| {
            path[0] == "crate" && self.modules.contains_key(&path[1..]) && self.item(&path[1..]).is_none()
        });
        !is_module && (names(false) || !leaf.is_public && !names(true))
    }

    fn import(&self, file: &str, place: &Place, written: &[String], is_needed: bool) -> Import {
        let path = self.absolute(&place.module, written).unwrap_or_else(|| written.to_vec());
        let needs = if is_needed && path[0] == "crate" { self.definition(&path[1..], 0) } else { None };
        let is_test = place.is_test || self.only_tests.iter().any(|module| place.module.starts_with(module));
        let needs = needs.filter(|needs| needs != file);
        Import { file: file.to_owned(), line: place.line, path, needs, is_test, is_macro: false }
    }

    /// The path from `crate`, or from another crate; none for what is only known here.
    fn absolute(&self, module: &[String], written: &[String]) -> Option<Vec<String>> {
        let below = |module: &[String], rest: &[String]| {
            let path = ["crate".to_owned()].into_iter().chain(module.iter().cloned());
            Some(path.chain(rest.iter().cloned()).collect())
        };
        let mut module = module;
        let mut rest = written;
        match rest.first()?.as_str() {
            "crate" => return Some(written.to_vec()),
            "self" => return below(module, &rest[1..]),
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    module = module.split_last().map_or(&[], |(_, parent)| parent);
                    rest = &rest[1..];
                }
                return below(module, rest);
            }
            first => {
                let child: Module = module.iter().cloned().chain([first.to_owned()]).collect();
                if self.modules.contains_key(&child) && written.len() > 1 {
                    return below(module, rest);
                }
                let mut uses = self.uses(module);
                if let Some(leaf) = uses.find(|leaf| leaf.name.as_deref() == Some(first) && leaf.path[0] != first) {
                    let path = self.absolute(module, &leaf.path)?;
                    return Some(path.into_iter().chain(rest[1..].iter().cloned()).collect());
                }
                if self.modules.contains_key(&child) || self.defines(module, first) {
                    return below(module, rest);
                }
            }
        }
        Some(written.to_vec())
    }

    fn uses<'a>(&'a self, module: &'a [String]) -> impl Iterator<Item = &'a Use> {
        let source = self.modules.get(module).and_then(|file| self.files.get(file));
        source.into_iter().flat_map(|source| &source.uses).filter(move |leaf| leaf.place.module == module)
    }

    fn defines(&self, module: &[String], name: &str) -> bool {
        let source = self.modules.get(module).and_then(|file| self.files.get(file));
        source.is_some_and(|source| source.definitions.iter().any(|(place, found)| place == module && found == name))
    }

    /// The module that a path begins with, and what follows. A module and an item may have one name: the item is meant
    /// where the path ends.
    fn split<'a>(&self, path: &'a [String]) -> (&'a [String], &'a [String]) {
        let mut length = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length])).unwrap_or(0);
        if length == path.len() && self.item(path).is_some() {
            length -= 1;
        }
        path.split_at(length)
    }

    /// The item of this very path, if there is one beside a module of the same name.
    fn item(&self, path: &[String]) -> Option<()> {
        let (name, module) = path.split_last()?;
        let is_item = self.defines(module, name) || self.uses(module).any(|leaf| leaf.name.as_ref() == Some(name));
        is_item.then_some(())
    }

    /// The file in which a path ends, through names that are passed on.
    fn definition(&self, path: &[String], depth: usize) -> Option<String> {
        let (module, rest) = self.split(path);
        let file = self.modules.get(module)?;
        let Some(name) = rest.first().filter(|_| depth < 16) else { return Some(file.clone()) };
        let follow = |leaf: &Use, rest: &[String]| {
            let target = self.absolute(module, &leaf.path)?;
            let target: Vec<String> = target.iter().chain(rest).cloned().collect();
            if target[0] == "crate" { self.definition(&target[1..], depth + 1) } else { Some(file.clone()) }
        };
        if let Some(leaf) = self.uses(module).find(|leaf| leaf.name.as_ref() == Some(name)) {
            return follow(leaf, &rest[1..]);
        }
        if self.defines(module, name) {
            return Some(file.clone());
        }
        let globs = self.uses(module).filter(|leaf| leaf.name.is_none());
        let mut targets = globs.filter_map(|leaf| {
            let target = self.absolute(module, &leaf.path)?;
            let target: Vec<String> = target.iter().chain(&rest[..1]).cloned().collect();
            (target[0] == "crate" && self.item(&target[1..]).is_some()).then_some(())?;
            follow(leaf, rest)
        });
        targets.next().or_else(|| Some(file.clone()))
    }
}
