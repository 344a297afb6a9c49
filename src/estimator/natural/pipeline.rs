//! A [`Line`] on this thread, or with its factors on a thread of their own.
//!
//! The second thread takes batches in order from a channel that holds a few, and publishes every factor under its number; a reader waits
//! for the number that it wants, and takes that one even where there are newer ones. So numbers do not depend on the threads. A copy is a
//! value: it waits until all that was sent is taken in, and has no thread until it is given a batch.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::block::Block;
use super::factor::Factor;
use super::line::{Line, Ring};

/// Batches that may be on their way beside those that the lead allows.
const IN_FLIGHT: usize = 4;

pub(super) struct Pipeline {
    line: Line,
    /// The thread that has the ring of the line, once it is needed.
    worker: Option<Worker>,
    is_parallel: bool,
    /// The batch that is being filled.
    filling: Block,
}

impl Pipeline {
    pub fn new(line: Line, is_parallel: bool) -> Self {
        Self { line, worker: None, is_parallel, filling: Block::default() }
    }

    /// The batch that [`send`](Self::send) will send, to be filled.
    pub fn filling(&mut self) -> &mut Block {
        &mut self.filling
    }

    /// Sends what was filled.
    pub fn send(&mut self) {
        if self.is_parallel && self.worker.is_none() {
            self.worker = Worker::start(self.line.ring.clone());
            // Without a thread it goes on here.
            self.is_parallel = self.worker.is_some();
        }
        let block = std::mem::take(&mut self.filling);
        let Some(due) = self.line.join(block) else { return };
        self.filling = match &self.worker {
            Some(worker) => worker.send(due),
            None => {
                self.line.ring.take_in(&due);
                due
            }
        };
    }

    /// τ.
    pub fn seen(&self) -> usize {
        self.line.seen
    }

    /// The factor of as many batches as are due to be read; nothing where the thread broke down.
    pub fn factor(&self) -> Option<Factor> {
        let used = self.line.used();
        match &self.worker {
            Some(worker) => worker.wait(used).ring.get(used).cloned(),
            None => self.line.ring.get(used).cloned(),
        }
    }

    /// Everything as a value.
    pub fn value(&self) -> Line {
        let ring = self.worker.as_ref().map(|worker| worker.wait(self.line.due()).ring.clone());
        match ring {
            Some(ring) => Line { ring, ..self.line.clone() },
            None => self.line.clone(),
        }
    }

    /// Numbers held; those of a second thread are as many as its ring is to have.
    pub fn numbers(&self) -> usize {
        let copies = if self.worker.is_some() { self.line.ring.lead() + 1 } else { 0 };
        self.line.numbers() + copies * self.line.ring.numbers() + self.filling.numbers()
    }
}

impl Clone for Pipeline {
    fn clone(&self) -> Self {
        Self::new(self.value(), self.is_parallel)
    }
}

/// What the second thread publishes.
struct Published {
    ring: Ring,
    /// Whether it has ended: nothing more will come.
    has_ended: bool,
}

struct Shared {
    published: Mutex<Published>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Published> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The second thread; it ends with its channel.
struct Worker {
    blocks: Sender<Block>,
    /// Blocks that were taken in, for their space.
    returned: Receiver<Block>,
    shared: Arc<Shared>,
}

impl Worker {
    fn start(ring: Ring) -> Option<Self> {
        let capacity = ring.lead() + IN_FLIGHT;
        let (blocks, received) = bounded::<Block>(capacity);
        let (give_back, returned) = bounded(2 * capacity);
        for _ in 0..=capacity {
            give_back.send(Block::default()).ok()?;
        }
        let published = Mutex::new(Published { ring, has_ended: false });
        let shared = Arc::new(Shared { published, changed: Condvar::new() });
        let end = End(Arc::clone(&shared));
        let work = move || {
            let shared = &end.0;
            for block in received {
                let next = shared.lock().ring.next();
                let Some(mut next) = next else { return };
                next.update(&block);
                shared.lock().ring.publish(next);
                shared.changed.notify_all();
                if give_back.send(block).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("factor".to_owned()).spawn(work).ok()?;
        Some(Self { blocks, returned, shared })
    }

    /// Sends a batch, and gives another back for its space.
    fn send(&self, block: Block) -> Block {
        if self.blocks.send(block).is_err() {
            return Block::default();
        }
        self.returned.recv().unwrap_or_default()
    }

    /// What is published, once that is the factor of so many batches, or never will be.
    fn wait(&self, number: usize) -> MutexGuard<'_, Published> {
        let is_early = |published: &mut Published| published.ring.newest() < number && !published.has_ended;
        self.shared.changed.wait_while(self.shared.lock(), is_early).unwrap_or_else(PoisonError::into_inner)
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
