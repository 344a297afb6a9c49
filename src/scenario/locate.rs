//! Where in a RON text a value stands.
//!
//! A scenario that parses can still be wrong (T = 0, a split larger than the data), and the parser has
//! forgotten by then where each value stood. This scanner finds it again: it reads the shape of the
//! text (names, fields, lists, maps) and nothing else, and it gets through broken text as well, because
//! messages about broken text need places too.

use std::ops::Range;

/// Deeper than any scenario, and shallow enough for the stack; the parser's own limit is 128.
const MOST_NESTED: usize = 120;

/// The shape of a RON text.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    text: &'a str,
    /// The outermost value.
    pub root: Node,
    /// The innermost bracket that is never closed.
    pub unclosed: Option<usize>,
}

/// A value and where it stands. Ranges are in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The whole value.
    pub span: Range<usize>,
    /// The name before the bracket, or the bare name: `Inner` in `Inner(steps: 3)`.
    pub name: Option<Range<usize>>,
    /// The opening bracket.
    pub open: Option<usize>,
    /// What is inside.
    pub content: Content,
}

/// What is inside a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing: a number, a text, a bare name.
    Scalar,
    /// Named values of a struct or a map.
    Fields(Vec<Field>),
    /// The values of a list or a tuple; also an empty pair of brackets.
    Items(Vec<Node>),
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, without quotes.
    pub key: String,
    /// Where the name stands.
    pub key_span: Range<usize>,
    /// Its value.
    pub value: Node,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Into a field.
    Key(String),
    /// Into an item, from 0.
    Index(usize),
    /// Into every item: `[*]`.
    All,
}

/// Reads `trials[0].estimator.damping`; `trials.0.estimator.damping` is the same.
///
/// # Errors
/// What is wrong with the path, in words.
pub fn parse_path(path: &str) -> Result<Vec<Segment>, String> {
    let mut segments = Vec::new();
    for (position, part) in path.split('.').enumerate() {
        let (key, indices) = part.split_once('[').map_or((part, None), |(key, rest)| (key, Some(rest)));
        match key.parse::<usize>() {
            Ok(index) => segments.push(Segment::Index(index)),
            Err(_) if key.is_empty() && (indices.is_none() || position > 0) => {
                return Err(format!(
                    "`{path}` is no path; expected one such as `inner.steps` or `trials[0].estimator`"
                ));
            }
            Err(_) if key.is_empty() => {}
            Err(_) => segments.push(Segment::Key(key.to_owned())),
        }
        let Some(indices) = indices else { continue };
        let Some(indices) = indices.strip_suffix(']') else {
            return Err(format!("`{path}` is no path: a `[` is not closed"));
        };
        for index in indices.split("][") {
            match index.parse() {
                _ if index == "*" => segments.push(Segment::All),
                Ok(index) => segments.push(Segment::Index(index)),
                Err(_) => return Err(format!("`{path}` is no path: `[{index}]` is neither a number nor `[*]`")),
            }
        }
    }
    Ok(segments)
}

impl<'a> Document<'a> {
    /// Reads the shape of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut scanner = Scanner { text, at: 0, depth: 0, unclosed: None };
        scanner.skip_attributes();
        let root = scanner.value();
        Self { text, root, unclosed: scanner.unclosed }
    }

    /// All of the text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The text of a range.
    #[must_use]
    pub fn slice(&self, span: &Range<usize>) -> &'a str {
        self.text.get(span.clone()).unwrap_or("")
    }

    /// The value at a path, if it is there.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Node> {
        let mut node = &self.root;
        for segment in parse_path(path).ok()? {
            node = node.child(self.text, &segment)?;
        }
        Some(node)
    }

    /// What to underline for a mistake at this path: the value, or, where the text leaves it out, the
    /// name of the nearest struct around it. A value of many lines is underlined at its name.
    #[must_use]
    pub fn underline(&self, path: &str) -> Range<usize> {
        let mut node = &self.root;
        for segment in parse_path(path).unwrap_or_default() {
            match node.child(self.text, &segment) {
                Some(child) => node = child,
                None => return self.head(node),
            }
        }
        if self.slice(&node.span).contains('\n') { self.head(node) } else { node.span.clone() }
    }

    /// The name of a value, or its opening bracket, or all of it.
    #[must_use]
    pub fn head(&self, node: &Node) -> Range<usize> {
        let bracket = node.open.map(|open| open..open + 1);
        node.name.clone().or(bracket).unwrap_or_else(|| node.span.clone())
    }

    /// The innermost value around a byte, with its path and the nearest struct around it.
    #[must_use]
    pub fn innermost(&self, byte: usize) -> Innermost<'_> {
        let mut found = Innermost { node: &self.root, parent: None, path: String::new(), key: None };
        loop {
            let next = match &found.node.content {
                Content::Scalar => None,
                Content::Fields(fields) => fields
                    .iter()
                    .find(|field| touches(&field.value.span, byte))
                    .map(|field| (Some(field.key.as_str()), &field.value)),
                Content::Items(items) => {
                    let index = items.iter().position(|item| touches(&item.span, byte));
                    index.map(|index| {
                        found.path.push_str(&format!("[{index}]"));
                        (None, &items[index])
                    })
                }
            };
            let Some((key, node)) = next else { return found };
            if let Some(key) = key {
                if !found.path.is_empty() {
                    found.path.push('.');
                }
                found.path.push_str(key);
                found.key = Some(key);
            }
            found.parent = Some(found.node);
            found.node = node;
        }
    }
}

/// The innermost value around a byte.
#[derive(Debug, Clone)]
pub struct Innermost<'a> {
    /// The value.
    pub node: &'a Node,
    /// The value directly around it.
    pub parent: Option<&'a Node>,
    /// Its path.
    pub path: String,
    /// The last field name on the path.
    pub key: Option<&'a str>,
}

/// Whether the byte is inside; a value left out is where it should have been.
fn touches(span: &Range<usize>, byte: usize) -> bool {
    span.contains(&byte) || (span.is_empty() && span.start == byte)
}

impl Node {
    /// The value one step further; the brackets of `Some( )` are no step.
    #[must_use]
    pub fn child(&self, text: &str, segment: &Segment) -> Option<&Self> {
        let node = self.unwrapped(text);
        match (&node.content, segment) {
            (Content::Fields(fields), Segment::Key(key)) => {
                fields.iter().find(|field| field.key == *key).map(|field| &field.value)
            }
            (Content::Items(items), Segment::Index(index)) => items.get(*index),
            _ => None,
        }
    }

    /// The value inside `Some( )`, or this one.
    #[must_use]
    pub fn unwrapped(&self, text: &str) -> &Self {
        match (&self.content, &self.name) {
            (Content::Items(items), Some(name)) if items.len() == 1 && text.get(name.clone()) == Some("Some") => {
                items[0].unwrapped(text)
            }
            _ => self,
        }
    }

    fn scalar(span: Range<usize>) -> Self {
        Self { span, name: None, open: None, content: Content::Scalar }
    }
}

/// What stands between brackets.
enum Inside {
    Field(Field),
    Item(Node),
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    unclosed: Option<usize>,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn advance(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn skip_until(&mut self, token: &str) {
        let length = self.rest().find(token).map_or(self.rest().len(), |found| found + token.len());
        self.at += length;
    }

    /// White space and comments; block comments nest.
    fn skip_trivia(&mut self) {
        loop {
            if self.peek().is_some_and(|letter| letter.is_whitespace() || letter == '\u{feff}') {
                self.advance();
            } else if self.rest().starts_with("//") {
                self.skip_until("\n");
            } else if self.take("/*") {
                let mut open = 1;
                while open > 0 && self.peek().is_some() {
                    if self.take("/*") {
                        open += 1;
                    } else if self.take("*/") {
                        open -= 1;
                    } else {
                        self.advance();
                    }
                }
            } else {
                return;
            }
        }
    }

    /// `#![enable(...)]` lines at the top.
    fn skip_attributes(&mut self) {
        self.skip_trivia();
        while self.rest().starts_with("#!") {
            self.skip_until("]");
            self.skip_trivia();
        }
    }

    fn value(&mut self) -> Node {
        self.skip_trivia();
        let start = self.at;
        if self.depth >= MOST_NESTED {
            self.advance();
            return Node::scalar(start..self.at);
        }
        self.depth += 1;
        let node = self.value_inside(start);
        self.depth -= 1;
        node
    }

    fn value_inside(&mut self, start: usize) -> Node {
        match self.peek() {
            None => Node::scalar(start..start),
            Some('(') => self.brackets(start, None, ")"),
            Some('[') => self.brackets(start, None, "]"),
            Some('{') => self.brackets(start, None, "}"),
            _ if self.text_literal() => Node::scalar(start..self.at),
            _ => match self.identifier() {
                Some(name) => {
                    self.skip_trivia();
                    if self.peek() == Some('(') {
                        return self.brackets(start, Some(name), ")");
                    }
                    self.at = name.end;
                    Node { span: name.clone(), name: Some(name), open: None, content: Content::Scalar }
                }
                None => {
                    self.advance();
                    while self.peek().is_some_and(|letter| !ends_scalar(letter)) && !self.rest().starts_with("/*") {
                        if self.rest().starts_with("//") {
                            break;
                        }
                        self.advance();
                    }
                    Node::scalar(start..self.at)
                }
            },
        }
    }

    /// Fields or items up to the closing bracket.
    fn brackets(&mut self, start: usize, name: Option<Range<usize>>, close: &str) -> Node {
        let open = self.at;
        self.advance();
        let mut fields = Vec::new();
        let mut items = Vec::new();
        loop {
            self.skip_trivia();
            match self.peek() {
                None => {
                    self.unclosed.get_or_insert(open);
                    break;
                }
                Some(_) if self.take(close) => break,
                Some(')' | ']' | '}') => {
                    self.unclosed.get_or_insert(open);
                    break;
                }
                Some(',') => self.advance(),
                Some(_) => match self.inside(close) {
                    Inside::Field(field) => fields.push(field),
                    Inside::Item(item) => items.push(item),
                },
            }
        }
        let content = if fields.is_empty() { Content::Items(items) } else { Content::Fields(fields) };
        Node { span: start..self.at, name, open: Some(open), content }
    }

    /// `name: value`, `key: value` in a map, or a value alone. What may be a key is read once: read again as a value, every
    /// level of braces would double the work.
    fn inside(&mut self, close: &str) -> Inside {
        let start = self.at;
        if close == "}" {
            let key = self.value();
            self.skip_trivia();
            return if self.peek() == Some(':') { Inside::Field(self.field(key.span)) } else { Inside::Item(key) };
        }
        if close == ")"
            && let Some(name) = self.identifier()
        {
            self.skip_trivia();
            if self.peek() == Some(':') {
                return Inside::Field(self.field(name));
            }
        }
        self.at = start;
        Inside::Item(self.value())
    }

    /// What stands behind a key, from its colon on.
    fn field(&mut self, key_span: Range<usize>) -> Field {
        self.advance();
        self.skip_trivia();
        let value = match self.peek() {
            None | Some(',' | ')' | ']' | '}') => Node::scalar(self.at..self.at),
            Some(_) => self.value(),
        };
        let key = self.text[key_span.clone()].trim_start_matches("r#").trim_matches('"').to_owned();
        Field { key, key_span, value }
    }

    fn identifier(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let letters = self.rest().strip_prefix("r#").unwrap_or(self.rest());
        if !letters.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
            return None;
        }
        self.take("r#");
        while self.peek().is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            self.advance();
        }
        Some(start..self.at)
    }

    /// A string (raw, of bytes, or plain) or a character.
    fn text_literal(&mut self) -> bool {
        let start = self.at;
        self.take("b");
        if self.take("r") {
            let hashes = self.rest().chars().take_while(|letter| *letter == '#').count();
            self.at += hashes;
            if self.take("\"") {
                self.skip_until(&format!("\"{}", "#".repeat(hashes)));
                return true;
            }
            self.at = start;
            return false;
        }
        for quote in ["\"", "'"] {
            if self.take(quote) {
                while self.peek().is_some() && !self.take(quote) {
                    if self.peek() == Some('\\') {
                        self.advance();
                    }
                    self.advance();
                }
                return true;
            }
        }
        self.at = start;
        false
    }
}

fn ends_scalar(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = r##"#![enable(implicit_some)]
// Scenario(steps: 1)
Scenario(
    title: "a \" ( string",
    raw: r#"say "hi" ("#,
    letter: '(',
    arrays: {"A": [[1, 2], [3, 4]]},
    inner: Inner(dynamics: Newton /* bare ( /* nested */ */, steps: 30, range: (-1.0, 1e3)),
    seed: Some(7),
    trials: [
        Trial(estimator: Direct()),
        Trial(estimator: Cg(iterations: 5, damping: 1e-3), inner: Some(Inner(steps: 2))),
    ],
)"##;

    fn found(path: &str) -> &'static str {
        let document = Document::new(TEXT);
        document.find(path).map_or("nothing", |node| document.slice(&node.span))
    }

    #[test]
    fn values_are_found_by_path() {
        assert_eq!(found("title"), r#""a \" ( string""#);
        assert_eq!(found("raw"), r##"r#"say "hi" ("#"##);
        assert_eq!(found("inner.dynamics"), "Newton");
        assert_eq!(found("inner.steps"), "30");
        assert_eq!(found("inner.range[1]"), "1e3");
        assert_eq!(found("arrays.A[1][0]"), "3");
        assert_eq!(found("trials[1].estimator.damping"), "1e-3");
        assert_eq!(found("trials.1.estimator.iterations"), "5");
        assert_eq!(found("trials[1].inner.steps"), "2");
        assert_eq!(found("seed"), "Some(7)");
        assert_eq!(found("trials[2]"), "nothing");
        assert_eq!(found("inner.stps"), "nothing");
    }

    #[test]
    fn absent_values_underline_the_struct_around_them() {
        let document = Document::new(TEXT);
        assert_eq!(document.slice(&document.underline("measure_every")), "Scenario");
        assert_eq!(document.slice(&document.underline("trials[0].estimator.damping")), "Direct");
        assert_eq!(document.slice(&document.underline("trials")), "[");
        assert_eq!(document.slice(&document.underline("inner.steps")), "30");
    }

    #[test]
    fn the_innermost_value_of_a_byte_knows_its_path() {
        let document = Document::new(TEXT);
        let byte = TEXT.find("1e-3").unwrap() + 2;
        let innermost = document.innermost(byte);
        assert_eq!(innermost.path, "trials[1].estimator.damping");
        assert_eq!(innermost.key, Some("damping"));
        assert_eq!(document.slice(&document.head(innermost.parent.unwrap())), "Cg");
    }

    #[test]
    fn broken_text_is_read_as_far_as_it_goes() {
        let document = Document::new("Scenario(inner: Inner(steps: ), seed: 3");
        assert_eq!(document.find("seed").unwrap().span, 38..39);
        assert_eq!(document.unclosed, Some(8));
        assert_eq!(Document::new("").root.span, 0..0);
        let deep = "[".repeat(100_000);
        assert!(Document::new(&deep).unclosed.is_some());
    }

    #[test]
    fn paths_are_checked() {
        for bad in ["", ".", "a..b", "trials[", "trials[x]", "trials[0"] {
            assert!(parse_path(bad).is_err(), "{bad}");
        }
        let expected = [Segment::Key("trials".into()), Segment::All, Segment::Key("name".into())];
        assert_eq!(parse_path("trials[*].name").unwrap(), expected);
    }

    /// Reading anything twice at every level would not end within anybody's life.
    #[test]
    fn deep_nestings_are_read_once() {
        for (open, close) in
            [("{", "}"), ("(", ")"), ("[", "]"), ("a(", ")"), ("{a: ", "}"), ("{{", "}}"), ("({", "})")]
        {
            for text in [open.repeat(5000), format!("{}1{}", open.repeat(100), close.repeat(100))] {
                check_nesting(&Document::new(&text).root, &text);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in r#"[a-c0-9(){}\[\]:,"'/*\\ r#bλ\n]{0,60}"#) {
            let document = Document::new(&text);
            check_nesting(&document.root, &text);
        }

        #[test]
        fn a_number_is_found_wherever_it_stands(depth in 0usize..6, before in 0usize..4, value: i32) {
            let mut text = value.to_string();
            let mut path = String::new();
            for level in 0..depth {
                let fillers = "\"),(\" /* ] */, ".repeat(before);
                if level % 2 == 0 {
                    text = format!("[{fillers}{text}]");
                    path = format!("[{before}].{path}");
                } else {
                    text = format!("Name(a: [1], b: {text})");
                    path = format!("b{path}");
                }
            }
            let path = path.replace("].[", "][").trim_end_matches('.').to_owned();
            let document = Document::new(&text);
            let node = if path.is_empty() { Some(&document.root) } else { document.find(&path) };
            prop_assert_eq!(node.map(|node| document.slice(&node.span).to_owned()), Some(value.to_string()), "{} in {}", path, text);
        }
    }

    /// Every value lies within the one around it, at character boundaries.
    fn check_nesting(node: &Node, text: &str) {
        assert!(text.get(node.span.clone()).is_some());
        let children: Vec<&Node> = match &node.content {
            Content::Scalar => vec![],
            Content::Fields(fields) => fields.iter().map(|field| &field.value).collect(),
            Content::Items(items) => items.iter().collect(),
        };
        for child in children {
            assert!(node.span.start <= child.span.start && child.span.end <= node.span.end);
            check_nesting(child, text);
        }
    }
}
