//! A [`Line`] on this thread, or with its factors on a thread of their own.
//!
//! The second thread takes batches in order from a channel, as far ahead of what may be read as an inner run is long, and publishes the factors
//! where one looks as a rule: at the ends of inner runs, and of every so many batches. A reader waits for the number that it wants; where the thread
//! has gone past it, the reader makes it from the last one published and the batches since. So numbers do not depend on the threads. A copy is
//! a value, and has no thread until it is given a batch.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::block::Block;
use super::factor::Factor;
use super::line::Line;

/// A factor is published at the latest after so many batches, from which others are made; and no thread goes further ahead.
const PERIOD: usize = 16;

/// Batches that may be on their way to a second thread.
pub(super) const UNDER_WAY: usize = 2 * PERIOD + 2;

/// Factors that a second thread has beside that of the line: its own, and those ahead.
pub(super) const BESIDE: usize = 3;

pub(super) struct Pipeline {
    line: Line,
    /// The thread that makes the factors, once it is needed.
    worker: Option<Worker>,
    is_parallel: bool,
    /// Where inner runs end.
    ends: Ends,
    /// The batch that is being filled.
    filling: Arc<Block>,
}

/// Inner runs of `steps` batches, of which one ends after batch `first`.
#[derive(Clone, Copy)]
struct Ends {
    steps: usize,
    first: usize,
    staleness: usize,
}

impl Ends {
    /// Whether the factor of so many batches is read at the end of one.
    fn is_read(self, number: usize) -> bool {
        (number + self.staleness) % self.steps == self.first % self.steps
    }
}

impl Pipeline {
    pub fn new(line: Line, is_parallel: bool) -> Self {
        let ends = Ends { steps: 1, first: 0, staleness: line.staleness() };
        Self { line, worker: None, is_parallel, ends, filling: Arc::default() }
    }

    /// An inner run of so many steps begins.
    pub fn begin(&mut self, steps: usize) {
        self.ends = Ends { steps: steps.max(1), first: self.line.seen(), ..self.ends };
        if let Some(worker) = &self.worker {
            worker.shared.lock().ends = self.ends;
        }
    }

    /// The batch that [`send`](Self::send) will send, to be filled.
    pub fn filling(&mut self) -> &mut Block {
        Arc::make_mut(&mut self.filling)
    }

    /// Sends what was filled.
    pub fn send(&mut self) {
        if self.is_parallel && self.worker.is_none() {
            self.line.reserve(UNDER_WAY, &self.filling);
            self.worker = Worker::start(Arc::clone(self.line.base()), self.ends);
            // Without a thread it goes on here.
            self.is_parallel = self.worker.is_some();
        }
        let blank = self.line.blank();
        self.line.join(std::mem::replace(&mut self.filling, blank));
        let Some(worker) = &mut self.worker else { return self.line.take_in() };
        let ahead = self.line.staleness().min(self.ends.steps).min(PERIOD);
        worker.send(&self.line, self.line.used() + ahead);
        // The last one that is known to be there.
        let least = if self.line.seen() > self.line.base().number + self.line.staleness() + 2 * PERIOD {
            (self.line.base().number / PERIOD + 1) * PERIOD
        } else {
            0
        };
        match worker.latest(least, self.line.used()) {
            Ok(Some(factor)) => self.line.rest_on(factor),
            Ok(None) => {}
            // It has broken down, which is a defect and has said so.
            Err(Ended) => (self.worker, self.is_parallel) = (None, false),
        }
    }

    /// τ.
    pub fn seen(&self) -> usize {
        self.line.seen()
    }

    /// The factor of as many batches as are due to be read.
    pub fn factor(&self) -> Arc<Factor> {
        match &self.worker {
            Some(worker) => worker.read(&self.line),
            None => self.line.made(self.line.base(), self.line.used()),
        }
    }

    /// Everything as a value.
    pub fn value(&self) -> Line {
        self.line.clone()
    }

    /// What another one was made of is space now.
    pub fn reuse(&mut self, other: Line) {
        self.line.reuse(other);
    }

    /// Numbers held; of what depends on how fast a second thread is as many as there may be.
    pub fn numbers(&self) -> usize {
        let (factors, batches) = if self.is_parallel { (1 + BESIDE, UNDER_WAY) } else { (1, 0) };
        let batches = (batches + self.line.staleness()).min(self.line.seen());
        let block = self.line.block(self.line.seen()).map_or(0, |block| block.numbers());
        factors * self.line.base().numbers() + batches * block
    }
}

impl Clone for Pipeline {
    fn clone(&self) -> Self {
        Self { ends: self.ends, ..Self::new(self.value(), self.is_parallel) }
    }
}

/// What both threads see.
struct Published {
    /// Factors of ever more batches.
    factors: Vec<Arc<Factor>>,
    /// Batches that the thread has taken in.
    number: usize,
    /// What somebody waits for.
    wanted: Option<usize>,
    ends: Ends,
    /// Whether nobody is there any more.
    is_left: bool,
    /// Whether it has ended: nothing more will come.
    has_ended: bool,
}

impl Published {
    fn find(&self, number: usize) -> Option<&Arc<Factor>> {
        self.factors.iter().find(|factor| factor.number == number)
    }

    /// The last one of no more than so many batches.
    fn latest(&self, most: usize) -> Option<&Arc<Factor>> {
        self.factors.iter().rev().find(|factor| factor.number <= most)
    }

    fn add(&mut self, factor: Arc<Factor>) {
        let place = self.factors.partition_point(|other| other.number < factor.number);
        self.factors.insert(place, factor);
    }
}

struct Shared {
    published: Mutex<Published>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Published> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, published: MutexGuard<'a, Published>) -> MutexGuard<'a, Published> {
        self.changed.wait(published).unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread has ended.
struct Ended;

/// The second thread; it ends with its channel.
struct Worker {
    blocks: Sender<Arc<Block>>,
    /// Batches sent.
    sent: usize,
    shared: Arc<Shared>,
}

impl Worker {
    fn start(base: Arc<Factor>, ends: Ends) -> Option<Self> {
        let (blocks, received) = bounded(PERIOD);
        let sent = base.number;
        let factors = vec![Arc::clone(&base)];
        let published =
            Mutex::new(Published { factors, number: sent, wanted: None, ends, is_left: false, has_ended: false });
        let shared = Arc::new(Shared { published, changed: Condvar::new() });
        let end = End(Arc::clone(&shared));
        thread::Builder::new().name("factor".to_owned()).spawn(move || work(base, &received, &end.0)).ok()?;
        Some(Self { blocks, sent, shared })
    }

    /// Sends the batches up to a number that were not sent.
    fn send(&mut self, line: &Line, last: usize) {
        while let Some(block) = line.block(self.sent + 1).filter(|_| self.sent < last) {
            self.wait_for_room();
            // Where nobody receives, the reader finds out.
            if self.blocks.send(Arc::clone(block)).is_err() {
                return;
            }
            self.sent += 1;
        }
    }

    /// Waits here and not in the channel, which would allocate to do so.
    fn wait_for_room(&self) {
        let mut published = self.shared.lock();
        while self.sent - published.number >= PERIOD && !published.has_ended {
            published = self.shared.wait(published);
        }
    }

    /// The last factor of no more than `most` batches, where it has moved on, once it is of `least` or more; those before are given up.
    fn latest(&self, least: usize, most: usize) -> Result<Option<Arc<Factor>>, Ended> {
        let mut published = self.shared.lock();
        loop {
            let found = published.latest(most).cloned();
            if let Some(found) = found.filter(|found| found.number >= least) {
                published.factors.retain(|factor| factor.number >= found.number);
                return Ok(Some(found));
            }
            if published.has_ended {
                return Err(Ended);
            }
            if least == 0 {
                return Ok(None);
            }
            published = self.shared.wait(published);
        }
    }

    /// The factor that is due to be read.
    fn read(&self, line: &Line) -> Arc<Factor> {
        let number = line.used();
        let mut published = self.shared.lock();
        while published.find(number).is_none() && published.number < number && !published.has_ended {
            published.wanted = Some(number);
            published = self.shared.wait(published);
        }
        if let Some(found) = published.find(number) {
            return Arc::clone(found);
        }
        let from = published.latest(number).filter(|from| from.number >= line.base().number).cloned();
        drop(published);
        let made = line.made(from.as_ref().unwrap_or_else(|| line.base()), number);
        let mut published = self.shared.lock();
        if published.find(number).is_none() {
            published.add(Arc::clone(&made));
        }
        made
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.lock().is_left = true;
    }
}

/// What the second thread does.
fn work(mut factor: Arc<Factor>, received: &Receiver<Arc<Block>>, shared: &Shared) {
    for block in received {
        if shared.lock().is_left {
            return;
        }
        Arc::make_mut(&mut factor).update(&block);
        // Whoever sees the factor may use its space again.
        drop(block);
        let mut published = shared.lock();
        let number = factor.number;
        published.number = number;
        let is_wanted = published.wanted.take_if(|wanted| *wanted <= number).is_some_and(|wanted| wanted == number);
        if is_wanted || number.is_multiple_of(PERIOD) || published.ends.is_read(number) {
            published.add(Arc::clone(&factor));
        }
        drop(published);
        shared.changed.notify_all();
    }
}

/// Says that the thread has ended, however it does.
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.lock().has_ended = true;
        self.0.changed.notify_all();
    }
}
