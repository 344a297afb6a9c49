//! When something happens in a run.

/// Where in a run a step happens: what seeds its randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    /// The run's seed.
    pub seed: u64,
    /// The trial (and, from bit 32 on, the member, from bit 56 on the student) whose stream this is.
    pub trial: u64,
    /// Outer step, from 0.
    pub outer: usize,
    /// Inner step, from 0.
    pub inner: usize,
}

/// The stream of every trial that shares one. No trial has this number.
const SHARED: u64 = 0xffff_ffff;

/// The bits that tell members apart.
const MEMBER: u64 = 0x00ff_ffff_0000_0000;

impl Clock {
    /// The same moment on the stream that trials and their students share; members keep streams of their own.
    #[must_use]
    pub fn shared(self) -> Self {
        Self { trial: self.trial & MEMBER | SHARED, ..self }
    }

    /// The clock so many inner steps later.
    #[must_use]
    pub fn later(self, steps: usize) -> Self {
        Self { inner: self.inner + steps, ..self }
    }
}
