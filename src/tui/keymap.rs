//! Every key of the laboratory, in one table.
//!
//! [`KEYS`] feeds dispatch, the footer, the help overlay and the command palette, so that none of
//! them can say what another does not do. A context hands keys it does not know to its parent. The keys that
//! measure are those of the probes' own entries.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::probe::Question;

/// Declares the actions together with the list of them, so that a test can ask for each.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What a key, a click or a command can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $name,)*
            /// Measure this, or break that off.
            Measure(Question),
            /// Measure this for values of the selected knob.
            Sweep(Question),
        }

        impl Action {
            /// Every action but the measurements.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name in words: `OuterStep` as `outer step`.
            #[must_use]
            pub fn in_words(self) -> String {
                if let Self::Measure(question) = self {
                    return format!("measure {}", question.name());
                }
                if let Self::Sweep(question) = self {
                    return format!("sweep the selected knob for {}", Question::of(question.probe()).name());
                }
                let mut words = String::new();
                for letter in format!("{self:?}").chars() {
                    if letter.is_uppercase() && !words.is_empty() {
                        words.push(' ');
                    }
                    words.extend(letter.to_lowercase());
                }
                words
            }
        }
    };
}

actions! {
    /// Run, or pause.
    Run,
    /// One tick of the clock.
    InnerStep,
    /// Ticks until the next outer step begins.
    OuterStep,
    /// Ticks until the inner run is over.
    InnerEnd,
    /// Ticks until the planned end.
    ToHorizon,
    /// Type what to run until.
    Until,
    /// One speed up.
    Faster,
    /// One speed down.
    Slower,
    /// Back by one command.
    Back,
    /// Forward by one command.
    Forward,
    /// Back to where an outer step begins.
    OuterBack,
    /// Forward to where an outer step begins.
    OuterForward,
    /// To the start of the branch.
    ToStart,
    /// To the end of the branch.
    ToEnd,
    /// Up in a list.
    Up,
    /// Down in a list.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the next panel, or the next page of a card.
    Next,
    /// To the panel before, or the page before.
    Previous,
    /// The selected knob one stop down.
    TurnDown,
    /// The selected knob one stop up.
    TurnUp,
    /// The selected knob back to its default.
    TurnBack,
    /// Type the selected knob's value.
    TypeValue,
    /// Give the selected knob's value to every trial that has such a knob.
    TurnAll,
    /// Choose estimators to add.
    Add,
    /// Copy the selected trial.
    Duplicate,
    /// Remove the selected trial.
    Remove,
    /// Hide or show the selected trial.
    Hide,
    /// Show the selected trial alone, or all again.
    Solo,
    /// Type another name for the selected trial.
    Rename,
    /// The selected trial one place up.
    MoveUp,
    /// The selected trial one place down.
    MoveDown,
    /// Keep the selected trial as it is now on the charts, or let go of it.
    Pin,
    /// Set a bookmark here, or remove it.
    Bookmark,
    /// Back to a bookmark.
    BookmarkBack,
    /// Forward to a bookmark.
    BookmarkForward,
    /// Take back the last thing done that is no step.
    Undo,
    /// Bring back what was taken back.
    Redo,
    /// Explain what is selected.
    Explain,
    /// Next chart in this pane.
    NextChart,
    /// The chart before, in this pane.
    PreviousChart,
    /// First chart in this pane.
    Chart1,
    /// Second chart in this pane.
    Chart2,
    /// Third chart in this pane.
    Chart3,
    /// Fourth chart in this pane.
    Chart4,
    /// Fifth chart in this pane.
    Chart5,
    /// Sixth chart in this pane.
    Chart6,
    /// Seventh chart in this pane.
    Chart7,
    /// Eighth chart in this pane.
    Chart8,
    /// Ninth chart in this pane.
    Chart9,
    /// Tenth chart in this pane.
    Chart10,
    /// Measure what the chart in focus shows anew whenever something moves, or no longer.
    KeepMeasuring,
    /// Read everything that was measured, in numbers.
    Findings,
    /// Read all trials side by side.
    Compare,
    /// Turn the order of a table round.
    Reverse,
    /// Half as many replicates.
    FewerReplicates,
    /// Twice as many replicates.
    MoreReplicates,
    /// The chart in focus alone, or the grid of charts.
    Panes,
    /// Another grid of charts.
    NextGrid,
    /// Draw the trials that are not selected in another way.
    Company,
    /// Read every chart at one place.
    Crosshair,
    /// Read charts one point further to the left.
    ReadLeft,
    /// Read charts one point further to the right.
    ReadRight,
    /// Read charts ten points further to the left.
    ReadFarLeft,
    /// Read charts ten points further to the right.
    ReadFarRight,
    /// Draw the chart over another clock.
    NextClock,
    /// See less of the chart, and larger.
    ZoomIn,
    /// See more of the chart.
    ZoomOut,
    /// Move what is seen of the chart to the left.
    PanLeft,
    /// Move what is seen of the chart to the right.
    PanRight,
    /// Move what is seen of the chart up.
    PanUp,
    /// Move what is seen of the chart down.
    PanDown,
    /// See all of the chart again.
    Fit,
    /// Equal differences or equal ratios along x.
    ScaleX,
    /// Equal differences or equal ratios along y.
    ScaleY,
    /// Keep the newest point in sight.
    Follow,
    /// Write figures and session.
    Snapshot,
    /// Write the session.
    Save,
    /// Choose a branch.
    Branches,
    /// Choose metrics and a clock to draw.
    Metric,
    /// Open the command palette.
    Commands,
    /// Open the help.
    Help,
    /// To the next place found.
    NextHit,
    /// To the place found before.
    PreviousHit,
    /// Read what the scenario is about.
    ReadScenario,
    /// Read the words that stand in the panel.
    ReadWords,
    /// Mark or unmark a row.
    Mark,
    /// Do what the overlay offers.
    Accept,
    /// Complete what is typed.
    Complete,
    /// Search the list.
    Search,
    /// Open a scenario or a file by its name.
    Open,
    /// Learn the selected column.
    Target,
    /// The next problem that takes the target.
    NextProblem,
    /// The problem before.
    PreviousProblem,
    /// Another way to divide rows.
    NextSplit,
    /// Something else becomes of holes.
    NextHoles,
    /// Something else becomes of columns of texts.
    NextTexts,
    /// Read the first row as data, or as names.
    Header,
    /// Say what stands before decimals.
    Decimals,
    /// Close the overlay, or rest.
    Close,
    /// Leave this screen.
    Leave,
    /// End the program at once.
    Quit,
    /// Hand the terminal back to the shell for a while.
    Suspend,
    /// Draw all of the screen anew.
    Redraw,
}

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Anywhere.
    Everywhere,
    /// The list of scenarios.
    Start,
    /// The list of scenarios while it is searched, where letters are text.
    Search,
    /// The columns of a table.
    Columns,
    /// The columns of a table while one is looked for, where letters are text.
    ColumnSearch,
    /// Anywhere in the laboratory.
    Lab,
    /// While something is being opened.
    Opening,
    /// The laboratory, the trials in focus.
    Trials,
    /// The laboratory, the knobs in focus.
    Knobs,
    /// The laboratory, a chart in focus.
    Charts,
    /// A chart in focus, while charts are read at one place.
    Reading,
    /// The help.
    Help,
    /// The help, where what is looked for is being typed.
    HelpSearch,
    /// A text to scroll: findings, the files written.
    Text,
    /// A text with pages: a card.
    Card,
    /// A table with columns to sort by.
    Table,
    /// A list to choose one row from: branches.
    List,
    /// The list of estimators, to choose several from.
    Picker,
    /// The command palette, where letters are text.
    Palette,
    /// A value being typed, where letters are text.
    Value,
    /// Values to measure at being typed, where letters are text.
    Sweep,
    /// The question before leaving.
    Question,
}

impl Context {
    /// Every context, in the order of the help.
    pub const ALL: [Self; 22] = [
        Self::Start,
        Self::Search,
        Self::Columns,
        Self::ColumnSearch,
        Self::Lab,
        Self::Trials,
        Self::Knobs,
        Self::Charts,
        Self::Reading,
        Self::Help,
        Self::HelpSearch,
        Self::Text,
        Self::Card,
        Self::Table,
        Self::Picker,
        Self::List,
        Self::Palette,
        Self::Value,
        Self::Sweep,
        Self::Question,
        Self::Opening,
        Self::Everywhere,
    ];

    /// Who gets the keys that this context does not know.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self {
            Self::Everywhere => None,
            Self::Trials | Self::Knobs | Self::Charts => Some(Self::Lab),
            Self::Reading => Some(Self::Charts),
            Self::Card | Self::Table => Some(Self::Text),
            _ => Some(Self::Everywhere),
        }
    }

    /// Whether keys that are no command are text.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Palette | Self::Value | Self::Sweep | Self::Search | Self::ColumnSearch | Self::HelpSearch)
    }

    /// The heading in the help.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Start => "Start page",
            Self::Search => "Searching the start page",
            Self::Columns => "Columns of a table",
            Self::ColumnSearch => "Looking for a column",
            Self::Lab => "Laboratory",
            Self::Opening => "While opening",
            Self::Trials => "Trials in focus",
            Self::Knobs => "Knobs in focus",
            Self::Charts => "Charts in focus",
            Self::Reading => "Reading charts at one place",
            Self::Help => "Help",
            Self::HelpSearch => "Looking for something in the help",
            Self::Text => "Texts",
            Self::Card => "Explanations",
            Self::Table => "Trials side by side",
            Self::List => "Lists",
            Self::Picker => "Choosing estimators",
            Self::Palette => "Commands",
            Self::Value => "Typing a value",
            Self::Sweep => "Choosing values of a sweep",
            Self::Question => "Leaving",
        }
    }
}

/// A key with its modifiers. Shift is part of a character, not beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    const fn of(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    const fn char(letter: char) -> Self {
        Self::of(KeyCode::Char(letter))
    }

    const fn shift(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::SHIFT }
    }

    const fn ctrl(letter: char) -> Self {
        Self { code: KeyCode::Char(letter), modifiers: KeyModifiers::CONTROL }
    }

    /// How it is written on screen.
    #[must_use]
    pub fn label(self) -> String {
        let name = match self.code {
            KeyCode::Char(' ') => "space".to_owned(),
            KeyCode::Char(letter) if self.modifiers == KeyModifiers::CONTROL => letter.to_ascii_uppercase().to_string(),
            KeyCode::Char(letter) => letter.to_string(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Enter => "Enter".to_owned(),
            KeyCode::Tab => "Tab".to_owned(),
            KeyCode::BackTab => "Shift+Tab".to_owned(),
            KeyCode::Esc => "Esc".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            other => other.to_string(),
        };
        match self.modifiers {
            KeyModifiers::CONTROL => format!("Ctrl-{name}"),
            KeyModifiers::SHIFT => format!("Shift+{name}"),
            _ => name,
        }
    }
}

/// Keys without a sign, as a configuration writes them; of several names the first.
const NAMES: [(&str, KeyCode); 17] = [
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("esc", KeyCode::Esc),
    ("escape", KeyCode::Esc),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
];

/// What goes before a key, as a configuration writes it.
const MODIFIERS: [(&str, KeyModifiers); 3] =
    [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)];

impl Key {
    /// As a configuration writes it: `n`, `ctrl-l`, `shift-left`.
    #[must_use]
    pub fn name(self) -> String {
        let before: String =
            MODIFIERS.iter().filter(|(_, held)| self.modifiers.contains(*held)).map(|(name, _)| *name).collect();
        let named = NAMES.iter().find(|(_, code)| *code == self.code).map(|(name, _)| (*name).to_owned());
        let key = named.unwrap_or_else(|| match self.code {
            KeyCode::Char(letter) => letter.to_string(),
            KeyCode::F(number) => format!("f{number}"),
            other => other.to_string().to_lowercase(),
        });
        before + &key
    }

    /// The key that is written like this.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        for (name, held) in MODIFIERS {
            let after = rest.get(..name.len()).filter(|before| before.eq_ignore_ascii_case(name));
            if after.is_some() && rest.len() > name.len() {
                modifiers |= held;
                rest = &rest[name.len()..];
            }
        }
        let mut letters = rest.chars();
        let code = match (letters.next()?, letters.next()) {
            // Control and a letter are one key, however the letter is written.
            (letter, None) if modifiers.contains(KeyModifiers::CONTROL) => KeyCode::Char(letter.to_ascii_lowercase()),
            (letter, None) => KeyCode::Char(letter),
            _ => {
                let small = rest.to_lowercase();
                let named = NAMES.iter().find(|(name, _)| *name == small).map(|(_, code)| *code);
                let function = || small.strip_prefix('f')?.parse().ok().filter(|number| (1..=12).contains(number));
                named.or_else(|| function().map(KeyCode::F))?
            }
        };
        // Shift is part of a letter, and of Tab backwards.
        let is_apart = !matches!(code, KeyCode::Char(_) | KeyCode::BackTab);
        (is_apart || !modifiers.contains(KeyModifiers::SHIFT)).then_some(Self { code, modifiers })
    }

    /// Whether it is a letter or a sign where one types.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let mut modifiers = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        if matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Self { code: event.code, modifiers }
    }
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// Where.
    pub context: Context,
    /// Which keys; the first is the one shown.
    pub keys: Cow<'static, [Key]>,
    /// What they do.
    pub action: Action,
    /// One or two words, for the footer. Neighbours with the same words share one place there.
    pub label: &'static str,
    /// A sentence, for the help and the palette.
    pub help: Cow<'static, str>,
    /// How early the footer shows it, from 1; 0 is never.
    pub footer: u8,
}

impl Binding {
    /// What the configuration calls it: `lab.inner-step`.
    #[must_use]
    pub fn id(&self) -> String {
        let context = format!("{:?}", self.context).to_lowercase();
        format!("{context}.{}", self.action.in_words().replace(' ', "-"))
    }
}

const fn bind(
    context: Context,
    keys: &'static [Key],
    action: Action,
    footer: u8,
    label: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, keys: Cow::Borrowed(keys), action, label, help: Cow::Borrowed(help), footer }
}

const LEFT: Key = Key::of(KeyCode::Left);
const RIGHT: Key = Key::of(KeyCode::Right);
const UP: Key = Key::of(KeyCode::Up);
const DOWN: Key = Key::of(KeyCode::Down);
const ENTER: Key = Key::of(KeyCode::Enter);
const ESCAPE: Key = Key::of(KeyCode::Esc);
const TAB: Key = Key::of(KeyCode::Tab);
const BACK_TAB: Key = Key::of(KeyCode::BackTab);
const PAGE_UP: Key = Key::of(KeyCode::PageUp);
const PAGE_DOWN: Key = Key::of(KeyCode::PageDown);
const HOME: Key = Key::of(KeyCode::Home);
const END: Key = Key::of(KeyCode::End);

const fn c(letter: char) -> Key {
    Key::char(letter)
}

/// Every key there is: those that a person has set, over the others. The order is the order of the footer and of the help.
pub static KEYS: LazyLock<Vec<Binding>> = LazyLock::new(|| CONFIGURED.get().cloned().unwrap_or_else(defaults));

static CONFIGURED: OnceLock<Vec<Binding>> = OnceLock::new();

/// Sets the keys for the rest of the process, before any is pressed or shown.
pub fn configure(keys: Vec<Binding>) {
    // A second time is too late: what is on the screen speaks of the first.
    let _ = CONFIGURED.set(keys);
}

/// The keys that hold when nothing is said.
#[must_use]
pub fn defaults() -> Vec<Binding> {
    let mut keys = TABLE.to_vec();
    let place = keys.iter().position(|binding| binding.action == Action::KeepMeasuring).unwrap_or(keys.len());
    keys.splice(place..place, Question::all().map(measuring));
    let place = keys.iter().position(|binding| binding.action == Action::TurnAll).unwrap_or(keys.len());
    keys.splice(place..place, Question::all().filter(|question| question.is_over_sweep()).map(sweeping));
    keys
}

/// The key of a probe that can vary a value, while a knob is selected.
fn sweeping(question: Question) -> Binding {
    let name = question.probe().card.name;
    Binding {
        context: Context::Knobs,
        keys: vec![Key::char(question.key())].into(),
        action: Action::Sweep(question),
        label: "sweep",
        help: format!(
            "{name} against the selected knob: proposes values around the present one, and measures at each."
        )
        .into(),
        footer: 4,
    }
}

/// The key of a probe.
fn measuring(question: Question) -> Binding {
    let (label, footer) = if question.is_over_sweep() { ("sweep", 6) } else { ("measure", 4) };
    Binding {
        context: Context::Lab,
        keys: vec![Key::char(question.key())].into(),
        action: Action::Measure(question),
        label,
        help: format!("{}; again: break that off.", question.in_words()).into(),
        footer,
    }
}

/// The keys that belong to no extension.
#[rustfmt::skip]
static TABLE: &[Binding] = {
    use Action as A;
    use Context::{Card, Charts, ColumnSearch, Columns, Everywhere, Help, HelpSearch, Knobs, Lab, List, Opening, Palette, Picker, Question, Reading, Search, Start, Sweep, Table, Text, Trials, Value};
    &[
        bind(Start, &[UP, c('k')],               A::Up,            2, "choose",   "The scenario above."),
        bind(Start, &[DOWN, c('j')],             A::Down,          2, "choose",   "The scenario below."),
        bind(Start, &[ENTER],                    A::Accept,        1, "open",     "Open the selected scenario as a laboratory."),
        bind(Start, &[c('a')],                   A::Add,           3, "add estimators", "Choose further estimators to start the selected scenario with."),
        bind(Start, &[c('e')],                   A::Explain,       4, "explain",  "Explain the scenario's problem and estimators."),
        bind(Start, &[c('/')],                   A::Search,        1, "search",   "Search titles, texts, estimators and problems; a path lists files."),
        bind(Start, &[c('o')],                   A::Open,          3, "open file", "Open a table, a scenario or a session by its path."),
        bind(Start, &[c(':')],                   A::Commands,      0, "commands", "Find a command by name."),
        bind(Start, &[HOME],                     A::ToStart,       0, "first",    "The first scenario."),
        bind(Start, &[END],                      A::ToEnd,         0, "last",     "The last scenario."),
        bind(Start, &[PAGE_UP],                  A::PageUp,        0, "page up",  "A page up."),
        bind(Start, &[PAGE_DOWN],                A::PageDown,      0, "page down", "A page down."),
        bind(Start, &[ESCAPE],                   A::Close,         0, "back",     "Back to the laboratory, if one was left open."),
        bind(Start, &[c('?')],                   A::Help,          1, "help",     "Questions and their answers, keys, words, how charts are read; can be searched."),
        bind(Start, &[c('q')],                   A::Leave,         1, "quit",     "End the program."),

        bind(Search, &[UP],                      A::Up,            2, "choose",   "The row above."),
        bind(Search, &[DOWN],                    A::Down,          2, "choose",   "The row below."),
        bind(Search, &[PAGE_UP],                 A::PageUp,        0, "page up",  "A page up."),
        bind(Search, &[PAGE_DOWN],               A::PageDown,      0, "page down", "A page down."),
        bind(Search, &[ENTER],                   A::Accept,        1, "open",     "Open what is chosen, or look into the folder."),
        bind(Search, &[TAB],                     A::Complete,      1, "complete", "Complete the path that is typed."),
        bind(Search, &[Key::ctrl('e')],          A::Explain,       3, "explain",  "Explain what is chosen: the scenario's text, its problem and estimators."),
        bind(Search, &[ESCAPE],                  A::Close,         1, "back",      "Show all scenarios again."),

        bind(Columns, &[ENTER],                  A::Accept,        1, "go",       "Write the scenario beside the table, and open it as a laboratory."),
        bind(Columns, &[UP, c('k')],             A::Up,            2, "choose",   "The column above."),
        bind(Columns, &[DOWN, c('j')],           A::Down,          2, "choose",   "The column below."),
        bind(Columns, &[c('t')],                 A::Target,        4, "target",   "Learn the selected column."),
        bind(Columns, &[c(' ')],                 A::Mark,          2, "in/out",   "Take the selected column for a feature, or leave it out."),
        bind(Columns, &[c('p')],                 A::NextProblem,   4, "problem",  "The next problem that takes such a target."),
        bind(Columns, &[c('P')],                 A::PreviousProblem, 0, "problem", "The problem before."),
        bind(Columns, &[c('r')],                 A::NextSplit,     4, "rows",     "Another way to divide rows into training, validation and test."),
        bind(Columns, &[c('h')],                 A::NextHoles,     4, "holes",    "Leave out rows without a value, or fill them in."),
        bind(Columns, &[c('x')],                 A::NextTexts,     4, "texts",    "A column for each text, or no columns of texts."),
        bind(Columns, &[c('n')],                 A::Header,        3, "names",    "Read the first row as data where it was taken for names, and the other way round."),
        bind(Columns, &[c('d')],                 A::Decimals,      0, "decimals", "Say that decimals stand behind points, or behind commas."),
        bind(Columns, &[c('/')],                 A::Search,        2, "search",   "Look for a column by its name or by what it holds."),
        bind(Columns, &[c('e')],                 A::Explain,       2, "notes",    "Everything that is to be said of the table: what is wrong, what was mended, how it was read."),
        bind(Columns, &[HOME],                   A::ToStart,       0, "first",    "The first column."),
        bind(Columns, &[END],                    A::ToEnd,         0, "last",     "The last column."),
        bind(Columns, &[PAGE_UP],                A::PageUp,        0, "page up",  "A page up."),
        bind(Columns, &[PAGE_DOWN],              A::PageDown,      0, "page down", "A page down."),
        bind(Columns, &[c('o')],                 A::Open,          0, "open file", "Open another file by its path."),
        bind(Columns, &[c(':')],                 A::Commands,      0, "commands", "Find a command by name."),
        bind(Columns, &[c('?')],                 A::Help,          1, "help",     "Keys, words, how charts are read; can be searched."),
        bind(Columns, &[ESCAPE, c('q')],         A::Leave,         1, "back",     "Back to the start page; nothing is written."),

        bind(ColumnSearch, &[UP],                A::Up,            1, "choose",   "The column above."),
        bind(ColumnSearch, &[DOWN],              A::Down,          1, "choose",   "The column below."),
        bind(ColumnSearch, &[PAGE_UP],           A::PageUp,        0, "page up",  "A page up."),
        bind(ColumnSearch, &[PAGE_DOWN],         A::PageDown,      0, "page down", "A page down."),
        bind(ColumnSearch, &[ENTER],             A::Accept,        1, "choose it", "Choose the column, among all of them."),
        bind(ColumnSearch, &[ESCAPE],            A::Close,         1, "all",      "Show all columns again."),

        bind(Opening, &[c('q'), ESCAPE],         A::Leave,         1, "cancel",   "Do not wait for it."),

        bind(Knobs, &[LEFT],                     A::TurnDown,      1, "turn",     "Turn the selected knob one stop down, or to the choice before."),
        bind(Knobs, &[RIGHT],                    A::TurnUp,        1, "turn",     "Turn the selected knob one stop up, or to the next choice. Choices that cannot be are passed over."),
        bind(Knobs, &[ENTER],                    A::TypeValue,     1, "type", "Type the selected value: a number, a name, or what a scenario file would say."),
        bind(Knobs, &[PAGE_DOWN],                A::PageDown,      4, "section",  "The first knob of the next section: inner loop, outer loop, scenario, data, truth, study."),
        bind(Knobs, &[PAGE_UP],                  A::PageUp,        0, "section",  "The first knob of this section, then of the one before."),
        bind(Knobs, &[c('*')],                   A::TurnAll,       0, "all",      "This value for every trial that has such a knob."),
        bind(Knobs, &[Key::of(KeyCode::Backspace)], A::TurnBack,   0, "default",  "Turn the selected knob back to its default."),
        bind(Trials, &[ENTER],                   A::Explain,       0, "explain",  "Explain the selected trial."),
        bind(Charts, &[ENTER],                   A::Panes,         0, "alone",    "Show this chart alone, or all of them."),
        bind(Charts, &[c(')')],                  A::ZoomIn,        3, "zoom",     "See less of this chart, and larger; the wheel does so at the pointer."),
        bind(Charts, &[c('(')],                  A::ZoomOut,       3, "zoom",     "See more of this chart."),
        bind(Charts, &[c('f')],                  A::Fit,           3, "fit",      "See all of this chart again."),
        bind(Charts, &[c('l')],                  A::ScaleY,        3, "log/linear", "Equal ratios or equal differences along y."),
        bind(Charts, &[c('g')],                  A::ScaleX,        0, "log/linear x", "Equal ratios or equal differences along x."),
        bind(Charts, &[c('H')],                  A::PanLeft,       0, "pan",      "Move what is seen of this chart to the left; the mouse drags it."),
        bind(Charts, &[c('J')],                  A::PanDown,       0, "pan",      "Move what is seen of this chart down."),
        bind(Charts, &[c('K')],                  A::PanUp,         0, "pan",      "Move what is seen of this chart up."),
        bind(Charts, &[c('L')],                  A::PanRight,      0, "pan",      "Move what is seen of this chart to the right."),
        bind(Charts, &[c('G')],                  A::Follow,        0, "follow",   "Keep the newest point in sight, or no longer."),
        bind(Lab, &[c('|')],                     A::Crosshair,     0, "read",     "Read every chart at the newest point of the selected trial, and from there with ← and → anywhere; the mouse reads them where it points."),
        bind(Lab, &[c('X')],                     A::NextClock,     0, "clock",    "Draw the chart in focus over another clock: outer steps, inner steps in all, oracle calls; within an inner run, steps or calls."),
        bind(Reading, &[LEFT],                   A::ReadLeft,      1, "read",     "Read every chart one point of the selected trial further to the left."),
        bind(Reading, &[RIGHT],                  A::ReadRight,     1, "read",     "Read every chart one point further to the right; beyond the newest, the newest is followed."),
        bind(Reading, &[Key::shift(KeyCode::Left)], A::ReadFarLeft, 0, "read far", "Read ten points further to the left."),
        bind(Reading, &[Key::shift(KeyCode::Right)], A::ReadFarRight, 0, "read far", "Read ten points further to the right."),
        bind(Reading, &[ESCAPE],                 A::Crosshair,     1, "end",      "Read charts no longer."),

        bind(Lab, &[c(' ')],                     A::Run,           1, "run",      "Run to where the scenario plans to end, or pause; at the end, run on."),
        bind(Lab, &[c('n')],                     A::InnerStep,     2, "inner",    "Take one inner step (the outer step, where the inner run is over)."),
        bind(Lab, &[c('N')],                     A::OuterStep,     2, "outer",    "Finish this outer step: the hypergradient moves λ."),
        bind(Lab, &[c('i')],                     A::InnerEnd,      0, "inner end", "Run to the end of the inner run, where the next tick moves λ."),
        bind(Lab, &[c('u')],                     A::Until,         0, "until",    "Run until something is so: `until error < 1e-3`, `until test turns up`, `until outer 40`."),
        bind(Lab, &[c('I')],                     A::ToHorizon,     0, "to the end", "Run to where the scenario plans to end, as fast as it goes."),
        bind(Lab, &[LEFT, c(',')],               A::Back,          3, "seek",     "Back by one step or change. What you do from there starts a new branch; nothing is lost."),
        bind(Lab, &[RIGHT, c('.')],              A::Forward,       3, "seek",     "Forward by one step or change of this branch."),
        bind(Lab, &[Key::shift(KeyCode::Left), c('[')],  A::OuterBack, 0, "seek outer", "Back to where an outer step begins."),
        bind(Lab, &[Key::shift(KeyCode::Right), c(']')], A::OuterForward, 0, "seek outer", "Forward to where the next outer step begins."),
        bind(Lab, &[HOME],                       A::ToStart,       0, "start",    "To the start."),
        bind(Lab, &[END],                        A::ToEnd,         0, "end",      "To the end of this branch."),
        bind(Lab, &[c('+'), c('=')],             A::Faster,        5, "speed",    "Run faster."),
        bind(Lab, &[c('-')],                     A::Slower,        5, "speed",    "Run slower."),
        bind(Lab, &[TAB],                        A::Next,          3, "panel",    "Focus the next panel: trials, knobs, charts."),
        bind(Lab, &[BACK_TAB],                   A::Previous,      0, "panel",    "Focus the panel before."),
        bind(Lab, &[UP, c('k')],                 A::Up,            4, "select",   "Select the trial, knob or chart above."),
        bind(Lab, &[DOWN, c('j')],               A::Down,          4, "select",   "Select the trial, knob or chart below."),
        bind(Lab, &[PAGE_UP],                    A::PageUp,        0, "page up",  "A page up in the list."),
        bind(Lab, &[PAGE_DOWN],                  A::PageDown,      0, "page down", "A page down in the list."),
        bind(Lab, &[c('a')],                     A::Add,           4, "add",      "Add trials with other estimators. They start at λ₀."),
        bind(Lab, &[c('d')],                     A::Duplicate,     0, "duplicate", "Duplicate the selected trial, to turn a knob of one of the two."),
        bind(Lab, &[c('x')],                     A::Remove,        0, "remove",   "Remove the selected trial; ← brings it back."),
        bind(Lab, &[c('h')],                     A::Hide,          0, "hide",     "Hide the selected trial from the charts, or show it again."),
        bind(Lab, &[c('S')],                     A::Solo,          0, "alone",    "Show the selected trial alone; again: all that are not hidden."),
        bind(Lab, &[c('r')],                     A::Rename,        0, "rename",   "Type another name for the selected trial."),
        bind(Lab, &[c('K'), Key::shift(KeyCode::Up)], A::MoveUp,   0, "move",     "Move the selected trial up in the list."),
        bind(Lab, &[c('J'), Key::shift(KeyCode::Down)], A::MoveDown, 0, "move",   "Move the selected trial down in the list."),
        bind(Lab, &[c('P')],                     A::Pin,           0, "pin",      "Pin the selected trial: it stays on the charts as it is now, whatever is done since, also when you go back in time. On a pinned run: let go of it."),
        bind(Lab, &[c('B')],                     A::Bookmark,      0, "bookmark", "Set a bookmark at this moment of the history, or remove it; `bookmark NAME` gives it a name. The session keeps it."),
        bind(Lab, &[c('{')],                     A::BookmarkBack,  0, "bookmark", "Back to the bookmark before."),
        bind(Lab, &[c('}')],                     A::BookmarkForward, 0, "bookmark", "Forward to the next bookmark."),
        bind(Lab, &[c('U')],                     A::Undo,          0, "undo",     "Take back the last thing done that is no step (a turn, a trial added or removed): a new branch has all steps that came after it, as they go without it. The old branch stays."),
        bind(Lab, &[c('R')],                     A::Redo,          0, "redo",     "Bring back what was taken back, with what was done since."),
        bind(Lab, &[c('e')],                     A::Explain,       3, "explain",  "Explain: equation, source, cost, and when it fails."),
        bind(Lab, &[c('c')],                     A::NextChart,     5, "chart",    "The next chart in this pane."),
        bind(Lab, &[c('C')],                     A::PreviousChart, 0, "chart",    "The chart before, in this pane."),
        bind(Lab, &[c('1')],                     A::Chart1,        0, "chart 1",  "The first chart in this pane."),
        bind(Lab, &[c('2')],                     A::Chart2,        0, "chart 2",  "The second chart in this pane."),
        bind(Lab, &[c('3')],                     A::Chart3,        0, "chart 3",  "The third chart in this pane."),
        bind(Lab, &[c('4')],                     A::Chart4,        0, "chart 4",  "The fourth chart in this pane."),
        bind(Lab, &[c('5')],                     A::Chart5,        0, "chart 5",  "The fifth chart in this pane."),
        bind(Lab, &[c('6')],                     A::Chart6,        0, "chart 6",  "The sixth chart in this pane."),
        bind(Lab, &[c('7')],                     A::Chart7,        0, "chart 7",  "The seventh chart in this pane."),
        bind(Lab, &[c('8')],                     A::Chart8,        0, "chart 8",  "The eighth chart in this pane."),
        bind(Lab, &[c('9')],                     A::Chart9,        0, "chart 9",  "The ninth chart in this pane."),
        bind(Lab, &[c('0')],                     A::Chart10,       0, "chart 10", "The tenth chart in this pane."),
        bind(Lab, &[c('M')],                     A::KeepMeasuring, 0, "keep measuring", "Measure what the chart in focus shows anew whenever λ or a setting has moved, or no longer."),
        bind(Lab, &[c('F')],                     A::Findings,      0, "findings", "Everything that was measured, in numbers."),
        bind(Lab, &[c('t')],                     A::Compare,       5, "table",    "All trials side by side, in numbers, sorted by any of them."),
        bind(Lab, &[c('<')],                     A::FewerReplicates, 0, "replicates", "Half as many replicates for the next measurement of what the chart in focus shows. `set` sets any number."),
        bind(Lab, &[c('>')],                     A::MoreReplicates, 0, "replicates", "Twice as many replicates for the next measurement of what the chart in focus shows."),
        bind(Lab, &[c('z')],                     A::Panes,         5, "alone",    "The chart in focus alone, or all of them."),
        bind(Lab, &[c('#')],                     A::NextGrid,      0, "grid",     "Another grid of charts; `grid 2x3` sets any, and a session keeps it."),
        bind(Lab, &[c('D')],                     A::Company,       6, "others",   "The trials that are not selected: drawn alike, pale, not at all, or every trial as a strip of colour."),
        bind(Lab, &[c('y')],                     A::Metric,        0, "metric",   "Choose metrics and a clock to draw in this pane: `metric cosine calls`."),
        bind(Lab, &[c('b')],                     A::Branches,      6, "branches", "The tree of branches of the history, what was changed where and how long each is; and the bookmarks."),
        bind(Lab, &[c('s')],                     A::Snapshot,      3, "snapshot", "Write the charts shown as PNG, SVG and CSV, and the session."),
        bind(Lab, &[c('w')],                     A::Save,          6, "save",     "Write the session: the scenario and everything done since."),
        bind(Lab, &[c(':')],                     A::Commands,      2, "commands", "Find any of these by name, or set a value: `set estimator.damping 0.1`."),
        bind(Lab, &[c('?')],                     A::Help,          1, "help",     "Keys, words, how charts and numbers are read, questions; can be searched."),
        bind(Lab, &[c('q')],                     A::Leave,         1, "leave", "Leave for the start page; the laboratory stays as it is."),
        bind(Lab, &[ESCAPE],                     A::Close,         0, "rest",     "Pause, break off what is being computed or measured, and return to the charts."),

        bind(Help, &[c('/')],                    A::Search,        1, "look for", "Look for something in all sections; any letter that has no meaning here begins it, too."),
        bind(Help, &[LEFT, BACK_TAB],            A::Previous,      2, "section",  "The section before."),
        bind(Help, &[RIGHT, TAB],                A::Next,          2, "section",  "The next section: questions, keys, words, charts, numbers, methods, guide."),
        bind(Help, &[ENTER],                     A::Accept,        3, "show",     "Show the answer of the chosen question; to the next place found."),
        bind(Help, &[c('n')],                    A::NextHit,       4, "next",     "To the next place found."),
        bind(Help, &[c('N')],                    A::PreviousHit,   0, "before",   "To the place found before."),
        bind(Help, &[UP],                        A::Up,            2, "scroll",   "Scroll up, or choose the question above."),
        bind(Help, &[DOWN],                      A::Down,          2, "scroll",   "Scroll down, or choose the question below."),
        bind(Help, &[PAGE_UP],                   A::PageUp,        0, "page up",  "A page up."),
        bind(Help, &[PAGE_DOWN, c(' ')],         A::PageDown,      0, "page down", "A page down."),
        bind(Help, &[HOME],                      A::ToStart,       0, "top",      "To the top."),
        bind(Help, &[END],                       A::ToEnd,         0, "end",      "To the end."),
        bind(Help, &[ESCAPE],                    A::Close,         1, "close",    "Forget what is looked for; then close."),
        bind(Help, &[c('q'), c('?')],            A::Leave,         0, "close",    "Close."),

        bind(HelpSearch, &[ENTER],                   A::Accept,        1, "next",     "To the first place found; letters are keys again: n and N go on from there."),
        bind(HelpSearch, &[UP],                      A::Up,            2, "scroll",   "Scroll up."),
        bind(HelpSearch, &[DOWN],                    A::Down,          2, "scroll",   "Scroll down."),
        bind(HelpSearch, &[PAGE_UP],                 A::PageUp,        0, "page up",  "A page up."),
        bind(HelpSearch, &[PAGE_DOWN],               A::PageDown,      0, "page down", "A page down."),
        bind(HelpSearch, &[TAB],                     A::Next,          0, "section",  "Forget what is looked for, and read the next section."),
        bind(HelpSearch, &[ESCAPE],                  A::Close,         1, "everything", "Forget what is looked for."),

        bind(Text, &[UP, c('k')],                A::Up,            1, "scroll",   "Scroll up."),
        bind(Text, &[DOWN, c('j')],              A::Down,          1, "scroll",   "Scroll down."),
        bind(Text, &[PAGE_UP],                   A::PageUp,        0, "page up",  "Scroll a page up."),
        bind(Text, &[PAGE_DOWN, c(' ')],         A::PageDown,      0, "page down", "Scroll a page down."),
        bind(Text, &[HOME],                      A::ToStart,       0, "top",      "To the top."),
        bind(Text, &[END],                       A::ToEnd,         0, "end",      "To the end."),
        bind(Card, &[c('s')],                    A::ReadScenario,  1, "scenario", "What the scenario is about: what to watch, what its charts show, what to press."),
        bind(Card, &[c('w')],                    A::ReadWords,     1, "words",    "The words and symbols of what is in focus, explained."),
        bind(Card, &[LEFT, BACK_TAB],            A::Previous,      2, "page",     "The page before: scenario, words, estimator, inner loop, outer loop, problem, chart."),
        bind(Card, &[RIGHT, TAB],                A::Next,          2, "page",     "The next page."),
        bind(Table, &[LEFT, BACK_TAB],           A::Previous,      1, "sort by",  "Sort by the column before."),
        bind(Table, &[RIGHT, TAB],               A::Next,          1, "sort by",  "Sort by the next column."),
        bind(Table, &[c('r')],                   A::Reverse,       1, "turn round", "The largest first, or the smallest."),
        bind(Table, &[c('t')],                   A::Close,         0, "close",    "Close."),
        bind(Text, &[ESCAPE, ENTER, c('q'), c('?'), c('e')], A::Close, 1, "close", "Close."),

        bind(List, &[UP, c('k')],                A::Up,            1, "choose",   "The row above."),
        bind(List, &[DOWN, c('j')],              A::Down,          1, "choose",   "The row below."),
        bind(List, &[PAGE_UP],                   A::PageUp,        0, "page up",  "A page up."),
        bind(List, &[PAGE_DOWN],                 A::PageDown,      0, "page down", "A page down."),
        bind(List, &[HOME],                      A::ToStart,       0, "first",    "The first row."),
        bind(List, &[END],                       A::ToEnd,         0, "last",     "The last row."),
        bind(List, &[ENTER],                     A::Accept,        1, "go there", "Take the row."),
        bind(List, &[ESCAPE, c('q'), c('b')],    A::Close,         1, "close",    "Close."),

        bind(Picker, &[UP, c('k')],              A::Up,            2, "choose",   "The estimator above."),
        bind(Picker, &[DOWN, c('j')],            A::Down,          2, "choose",   "The estimator below."),
        bind(Picker, &[PAGE_UP],                 A::PageUp,        0, "page up",  "A page up."),
        bind(Picker, &[PAGE_DOWN],               A::PageDown,      0, "page down", "A page down."),
        bind(Picker, &[c(' ')],                  A::Mark,          1, "mark",     "Mark several."),
        bind(Picker, &[ENTER],                   A::Accept,        1, "add",      "Add the marked estimators, or the selected one."),
        bind(Picker, &[ESCAPE, c('q')],          A::Close,         1, "close",    "Close."),

        bind(Palette, &[UP],                     A::Up,            2, "choose",   "The command above."),
        bind(Palette, &[DOWN],                   A::Down,          2, "choose",   "The command below."),
        bind(Palette, &[TAB],                    A::Complete,      2, "complete", "Complete what is typed."),
        bind(Palette, &[ENTER],                  A::Accept,        1, "do it",    "Carry out the selected command."),
        bind(Palette, &[ESCAPE],                 A::Close,         1, "close",    "Close."),

        bind(Value, &[ENTER],                    A::Accept,        1, "set",      "Turn the knob to what is typed."),
        bind(Value, &[ESCAPE],                   A::Close,         1, "close",    "Leave the knob as it is."),

        bind(Sweep, &[ENTER],                    A::Accept,        1, "measure",  "Measure at every value that is typed."),
        bind(Sweep, &[TAB, BACK_TAB],            A::Next,          1, "of whom",  "Of every trial that has such a knob, or of the selected one alone."),
        bind(Sweep, &[ESCAPE],                   A::Close,         1, "close",    "Measure nothing."),

        bind(Question, &[c('q'), ENTER, c('y')], A::Leave,         1, "leave",    "Leave without saving."),
        bind(Question, &[c('w'), c('s')],        A::Save,          1, "save",     "Save the session, and stay."),
        bind(Question, &[ESCAPE, c('n')],        A::Close,         1, "stay",     "Stay."),

        bind(Everywhere, &[Key::ctrl('c')],      A::Quit,          0, "quit",     "End the program at once."),
        bind(Everywhere, &[Key::ctrl('z')],      A::Suspend,       0, "suspend",  "Hand the terminal back to the shell; `fg` returns."),
        bind(Everywhere, &[Key::ctrl('l')],      A::Redraw,        0, "redraw",   "Draw the whole screen anew, where something else has written into it."),
    ]
};

/// The keys that work in a context: its own, then its parent's.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    let contexts = std::iter::successors(Some(context), |context| context.parent());
    contexts.flat_map(|context| KEYS.iter().filter(move |binding| binding.context == context))
}

/// What a key does in a context.
#[must_use]
pub fn action(context: Context, key: Key) -> Option<Action> {
    bindings(context).find(|binding| binding.keys.contains(&key)).map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_entries_of_a_context_share_a_key() {
        for context in Context::ALL {
            let keys: Vec<Key> =
                KEYS.iter().filter(|b| b.context == context).flat_map(|b| b.keys.iter().copied()).collect();
            for (index, key) in keys.iter().enumerate() {
                assert!(!keys[..index].contains(key), "{} is bound twice in {context:?}", key.label());
            }
        }
    }

    #[test]
    fn every_action_is_reachable() {
        for wanted in Action::ALL {
            let found = KEYS.iter().find(|binding| binding.action == *wanted);
            let binding = found.unwrap_or_else(|| panic!("no key does {wanted:?}"));
            assert_eq!(action(binding.context, binding.keys[0]), Some(*wanted));
        }
    }

    #[test]
    fn no_two_entries_share_a_name() {
        let mut names: Vec<String> = KEYS.iter().map(Binding::id).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(names.iter().any(|name| name == "lab.inner-step"));
    }

    #[test]
    fn every_question_has_a_key() {
        for question in Question::all() {
            assert_eq!(action(Context::Lab, Key::char(question.key())), Some(Action::Measure(question)));
        }
    }

    #[test]
    fn letters_stay_text_where_one_types() {
        for context in Context::ALL.into_iter().filter(|context| context.takes_text()) {
            for binding in bindings(context) {
                assert!(
                    !binding.keys.iter().any(|key| key.is_text()),
                    "{:?} takes a letter in {context:?}",
                    binding.action
                );
            }
        }
    }

    #[test]
    fn every_entry_says_what_it_does() {
        for binding in KEYS.iter() {
            assert!(binding.help.ends_with('.') && !binding.label.is_empty(), "{:?}", binding.action);
        }
    }

    #[test]
    fn shift_is_part_of_a_letter() {
        let event = KeyEvent::new(KeyCode::Char('N'), KeyModifiers::SHIFT);
        assert_eq!(action(Context::Trials, event.into()), Some(Action::OuterStep));
    }
}
