//! What stands where nothing can be drawn: why, and, on a screen only, what a person can do about it.

/// Why a figure is empty.
///
/// Paper has no keys: what is true and what helps at a screen are kept apart, and only the first is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Empty {
    /// What is true, such as "no outer step yet".
    pub reason: String,
    /// What helps at a screen, such as "press N for one"; nothing where nothing does.
    pub help: String,
}

impl Default for Empty {
    fn default() -> Self {
        Self::because("no data yet").helped("press n for an inner step")
    }
}

impl Empty {
    /// A reason that no key changes.
    #[must_use]
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: String::new() }
    }

    /// The same with what helps at a screen.
    #[must_use]
    pub fn helped(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// Both, as a screen says them.
    #[must_use]
    pub fn on_screen(&self) -> String {
        if self.help.is_empty() { self.reason.clone() } else { format!("{}: {}", self.reason, self.help) }
    }
}
