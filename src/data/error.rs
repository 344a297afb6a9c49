//! What can be wrong with data, and where.

/// Why data could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DataError {
    /// The field at fault inside the data specification: `source.path`, `split.training[3]`.
    pub field: String,
    /// What is wrong, with the thing, the value found and the value expected.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl DataError {
    /// A mistake in one field.
    pub fn at(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), help: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Reads the files that a scenario names. The fronts hand one in.
pub trait Files {
    /// The text of a file, or why it cannot be read.
    ///
    /// # Errors
    /// The reason in words.
    fn read(&self, path: &str) -> Result<String, String>;

    /// The bytes of a file, which need be no text.
    ///
    /// # Errors
    /// The reason in words.
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.read(path).map(String::into_bytes)
    }

    /// The whole path of a file, by which it is found from anywhere; `None` where there is none.
    fn whole_path(&self, _path: &str) -> Option<String> {
        None
    }
}

/// No files: for scenarios whose data comes with the program or is written out.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<String, String> {
        Err("no files can be read here".to_owned())
    }
}
