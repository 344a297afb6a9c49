//! What one file says of others: its modules, what it defines, what it imports, and every path it names.

use super::tokens::{Token, tokens};

/// A module's place below the crate: `["tui", "layout"]`.
pub(super) type Module = Vec<String>;

/// One file.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// What is defined, with the module it is defined in.
    pub(super) definitions: Vec<(Module, String)>,
    /// Modules declared here, and whether only tests have them.
    pub(super) modules: Vec<(Module, bool)>,
    pub(super) uses: Vec<Use>,
    pub(super) mentions: Vec<Mention>,
}

/// One leaf of a `use`.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) place: Place,
    /// As it is written: `["super", "state", "App"]`.
    pub(super) path: Vec<String>,
    /// What it is called here; none for `*`.
    pub(super) name: Option<String>,
    pub(super) is_public: bool,
}

/// A path in code, or a single word.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) place: Place,
    pub(super) path: Vec<String>,
    /// Whether this is the name of a macro that is called.
    pub(super) is_macro: bool,
    /// Whether it stands in a list named `ALL`.
    pub(super) is_listed: bool,
}

/// Where something stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) module: Module,
    pub(super) line: usize,
    pub(super) is_test: bool,
}

/// The module that a file below `src/` is.
pub(super) fn module_of(file: &str) -> Module {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// Reads a file.
pub(super) fn read(file: &str, text: &str) -> Source {
    let tokens = tokens(text);
    let open = vec![(0, module_of(file), false)];
    let mut reader =
        Reader { tokens: &tokens, at: 0, found: Source::default(), open, depth: 0, for_tests: false, is_public: false };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.found
}

/// Walks over the words of a file.
struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    found: Source,
    /// Blocks of modules and of tests: the depth of braces they begin at, the module inside, whether only tests have it.
    open: Vec<(usize, Module, bool)>,
    depth: usize,
    /// Whether what follows is kept for tests.
    for_tests: bool,
    /// Whether what follows is seen from outside.
    is_public: bool,
}

impl Reader<'_> {
    fn step(&mut self) {
        let token = self.tokens[self.at];
        let follows = self.ahead(1).map_or("", |token| token.text);
        match token.text {
            "#" => return self.attribute(),
            "pub" => return self.visibility(),
            "use" => {
                self.at += 1;
                self.import(Vec::new());
                self.for_tests = false;
            }
            "mod" if self.ahead(1).is_some_and(|token| token.is_word()) => self.module(),
            "{" => self.enter(self.module_here()),
            "}" => self.leave(),
            "const" | "static" if follows == "ALL" => self.list(),
            "const" if follows == "fn" => self.at += 1,
            "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union" => self.definition(),
            ";" => {
                self.for_tests = false;
                self.at += 1;
            }
            _ if token.is_word() => self.mention(false),
            _ => self.at += 1,
        }
        self.is_public = false;
    }

    fn ahead(&self, count: usize) -> Option<Token<'_>> {
        self.tokens.get(self.at + count).copied()
    }

    fn is(&self, text: &str) -> bool {
        self.ahead(0).is_some_and(|token| token.text == text)
    }

    fn module_here(&self) -> Module {
        self.open.last().map(|(_, module, _)| module.clone()).unwrap_or_default()
    }

    fn place(&self, line: usize) -> Place {
        let is_test = self.for_tests || self.open.iter().any(|(.., is_test)| *is_test);
        Place { module: self.module_here(), line, is_test }
    }

    /// `{` of a module, or of anything.
    fn enter(&mut self, module: Module) {
        self.depth += 1;
        self.open.extend((self.for_tests || module != self.module_here()).then_some((
            self.depth,
            module,
            self.for_tests,
        )));
        self.for_tests = false;
        self.at += 1;
    }

    fn leave(&mut self) {
        if self.open.len() > 1 && self.open.last().is_some_and(|(depth, ..)| *depth == self.depth) {
            self.open.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        self.at += 1;
    }

    /// `pub`, `pub(crate)`, `pub(in crate::tui)`.
    fn visibility(&mut self) {
        self.at += 1;
        self.is_public = true;
        let is_restricted = self.ahead(1).is_some_and(|token| ["crate", "super", "self", "in"].contains(&token.text));
        if self.is("(") && is_restricted {
            let rest = &self.tokens[self.at..];
            self.at += 1 + rest.iter().position(|token| token.text == ")").unwrap_or(rest.len());
        }
    }

    /// `#[…]`; some keep what follows for tests.
    fn attribute(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.is("!") {
            self.at += 1;
        }
        let mut brackets = 0;
        while self.at < self.tokens.len() {
            match self.tokens[self.at].text {
                "[" => brackets += 1,
                "]" => brackets -= 1,
                _ => {}
            }
            self.at += 1;
            if brackets == 0 {
                break;
            }
        }
        let words: String = self.tokens[start..self.at].iter().map(|token| token.text).collect();
        self.for_tests |= words == "#[cfg(test)]" || words == "#[test]";
    }

    /// `mod name;` or `mod name {`.
    fn module(&mut self) {
        let mut module = self.module_here();
        module.extend(self.ahead(1).map(|token| token.text.to_owned()));
        self.at += 2;
        self.found.modules.push((module.clone(), self.for_tests));
        if self.is("{") {
            self.enter(module);
        }
        self.for_tests = false;
    }

    /// `fn name`: what follows the name is read like any other code.
    fn definition(&mut self) {
        if let Some(name) = self.ahead(1).filter(Token::is_word) {
            let definition = (self.module_here(), name.text.to_owned());
            self.found.definitions.push(definition);
            self.at += 1;
        }
        self.at += 1;
    }

    /// `const ALL: … = …;`.
    fn list(&mut self) {
        self.definition();
        let (mut brackets, mut is_value) = (0, false);
        while self.at < self.tokens.len() && !(brackets == 0 && self.is(";")) {
            match self.tokens[self.at].text {
                "[" | "(" | "{" => brackets += 1,
                "]" | ")" | "}" => brackets -= 1,
                _ => {}
            }
            is_value |= self.is("=");
            if self.tokens[self.at].is_word() {
                self.mention(is_value);
            } else {
                self.at += 1;
            }
        }
    }

    /// A word with the words that `::` joins to it.
    fn mention(&mut self, is_listed: bool) {
        let is_field = self.at > 0 && self.tokens[self.at - 1].text == ".";
        let line = self.tokens[self.at].line;
        let mut path = vec![self.tokens[self.at].text.to_owned()];
        self.at += 1;
        while self.is("::") && self.ahead(1).is_some_and(|token| token.is_word()) {
            path.extend(self.ahead(1).map(|token| token.text.to_owned()));
            self.at += 2;
        }
        if !is_field {
            let is_macro = self.is("!");
            let mention = Mention { place: self.place(line), path, is_macro, is_listed };
            self.found.mentions.push(mention);
        }
    }

    /// A tree of a `use`, up to the mark behind it.
    fn import(&mut self, mut path: Vec<String>) {
        while let Some(token) = self.ahead(0) {
            let (text, line) = (token.text.to_owned(), token.line);
            self.at += 1;
            match text.as_str() {
                "::" => continue,
                "{" => return self.branches(&path),
                "*" => return self.leaf(path, None, line),
                // `{self, …}`
                "self" if !path.is_empty() => {}
                _ => path.push(text),
            }
            if self.is("as") {
                let name = self.ahead(1).map(|token| token.text.to_owned());
                self.at += 2;
                return self.leaf(path, name, line);
            }
            if !self.is("::") {
                let name = path.last().cloned();
                return self.leaf(path, name, line);
            }
        }
    }

    /// What stands between the braces of a `use`.
    fn branches(&mut self, path: &[String]) {
        while self.at < self.tokens.len() && !self.is("}") {
            self.import(path.to_vec());
            if self.is(",") {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn leaf(&mut self, path: Vec<String>, name: Option<String>, line: usize) {
        let (place, is_public) = (self.place(line), self.is_public);
        self.found.uses.push(Use { place, path, name, is_public });
    }
}
