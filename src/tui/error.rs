//! How the laboratory can end.

/// Why the laboratory ended otherwise than by a person's wish.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// Standard input or output is no terminal.
    #[error("the laboratory needs a terminal, and standard {0} is none; `hyperlab run SCENARIO` works without one")]
    NoTerminal(&'static str),
    /// The terminal failed.
    #[error("the terminal failed: {0}")]
    Terminal(#[from] std::io::Error),
    /// What was asked for on the command line cannot be opened.
    #[error("{0}")]
    Open(String),
}

impl TuiError {
    /// The program's exit code: 2 where what was asked for was wrong, 1 where something failed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoTerminal(_) | Self::Open(_) => 2,
            Self::Terminal(_) => 1,
        }
    }
}
