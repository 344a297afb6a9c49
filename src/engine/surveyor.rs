//! Has questions answered one at a time, on a thread of their own beside the laboratory's.

use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender, unbounded};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::error::EngineError;
use super::job::{Gauge, Job, Report};
use crate::catalog::Value;
use crate::lab::{Findings, History, Inquiry, Lab, Moment, Newer, Standing, UnderWay};
use crate::probe::{Entry, ProbeError, Question};
use crate::scenario::{Files, MeasuredAt};

/// What is measured, what was found, and what to measure next.
pub(super) struct Surveyor {
    findings: Findings,
    running: Option<Running>,
    /// The last measurement begun of what is measured anew, whatever became of it.
    attempted: Option<Inquiry>,
    /// The trial that is selected.
    selected: Option<u64>,
    files: Arc<dyn Files + Send + Sync>,
    /// Threads for replicates, so that the laboratory's own work never waits behind theirs.
    pool: Option<Arc<ThreadPool>>,
    /// Number of the job under way: reports of earlier ones are dropped.
    number: usize,
    sender: Sender<Report>,
    reports: Receiver<Report>,
}

struct Running {
    inquiry: Inquiry,
    gauge: Arc<Gauge>,
}

impl Running {
    fn question(&self) -> Question {
        self.inquiry.question()
    }
}

impl Surveyor {
    pub(super) fn new(history: &History, files: Arc<dyn Files + Send + Sync>) -> Self {
        let (sender, reports) = unbounded();
        Self {
            findings: Findings::none(&history.origin().study),
            running: None,
            attempted: None,
            selected: None,
            files,
            pool: None,
            number: 0,
            sender,
            reports,
        }
    }

    /// The whole path of a file that the scenario names.
    pub(super) fn whole_path(&self, path: &str) -> Option<String> {
        self.files.whole_path(path)
    }

    /// Where reports come in.
    pub(super) fn reports(&self) -> Receiver<Report> {
        self.reports.clone()
    }

    /// What was found, held against the lab as it is.
    pub(super) fn findings(&mut self, lab: &Lab) -> Findings {
        self.findings.look_at(lab);
        let progress = |job: &Running| UnderWay { question: job.question(), progress: job.gauge.progress() };
        self.findings.under_way = self.running.as_ref().map(progress);
        self.findings.growing = self.running.as_ref().and_then(|job| {
            let finding = job.gauge.so_far()?;
            Some((job.question(), job.inquiry.measured(finding)))
        });
        self.findings.clone()
    }

    pub(super) fn turn(
        &mut self,
        (probe, key, value): (&'static Entry, &str, Value),
        lab: &Lab,
    ) -> Result<(), EngineError> {
        self.findings.look_at(lab);
        self.findings.turn(probe, key, value).map_err(|error| EngineError::Measurement(error.to_string()))
    }

    pub(super) fn measure_at(&mut self, choice: MeasuredAt, lab: &Lab) {
        self.findings.look_at(lab);
        self.findings.measure_at(choice);
    }

    pub(super) fn select(&mut self, trial: Option<u64>) {
        self.selected = trial;
    }

    pub(super) fn keep_measuring(&mut self, keeps: Option<Question>) {
        self.findings.keeps = keeps;
        // Switched on, it measures even what was cancelled before, but not what is being measured.
        let running = self.running.as_ref().filter(|job| Some(job.question()) == keeps);
        self.attempted = running.map(|job| job.inquiry.clone());
    }

    /// Begins a measurement; one under way is broken off.
    pub(super) fn begin(&mut self, question: Question, history: &History) -> Result<(), EngineError> {
        let refused = |reason: String| EngineError::Unmeasurable { question, reason };
        self.findings.look_at(history.lab());
        let terms = self.findings.terms(question, self.selected);
        let inquiry = Inquiry::new(question, history.lab(), terms, Moment::of(history));
        let inquiry = inquiry.map_err(|error| refused(error.to_string()))?;
        if self.running.as_ref().is_some_and(|job| Some(job.question()) == self.findings.keeps) {
            // Broken off for another: to be taken up again, since it is to be kept up.
            self.attempted = None;
        }
        self.cancel();
        if self.findings.keeps == Some(question) {
            self.attempted = Some(inquiry.clone());
        }
        let pool = self.pool().map_err(refused)?;
        self.number += 1;
        let gauge = Arc::new(Gauge::new());
        let job = Job {
            number: self.number,
            inquiry: inquiry.clone(),
            files: Arc::clone(&self.files),
            gauge: Arc::clone(&gauge),
            sender: self.sender.clone(),
        };
        let work = move || pool.install(|| job.carry_out());
        let spawned = thread::Builder::new().name("survey".to_owned()).spawn(work);
        spawned.map_err(|error| refused(error.to_string()))?;
        self.findings.mark(question, Newer::UnderWay);
        self.running = Some(Running { inquiry, gauge });
        Ok(())
    }

    /// Breaks off the measurement under way. Its thread ends by itself, soon.
    pub(super) fn cancel(&mut self) {
        if let Some(job) = self.running.take() {
            job.gauge.cancel();
            self.findings.mark(job.question(), Newer::Cancelled);
        }
    }

    /// Takes in what a job says.
    pub(super) fn take_in(&mut self, report: Report) -> Result<(), EngineError> {
        let (number, result) = match report {
            Report::Progress => {
                self.running.iter().for_each(|job| job.gauge.heard());
                return Ok(());
            }
            Report::Over(number, result) => (number, result),
        };
        let Some(job) = self.running.take_if(|_| number == self.number) else {
            return Ok(());
        };
        let question = job.question();
        let reason = match result {
            Ok(Ok(finding)) => {
                self.findings.keep(question, job.inquiry.measured(finding.into()));
                return Ok(());
            }
            Ok(Err(ProbeError::Stopped)) => {
                self.findings.mark(question, Newer::Cancelled);
                return Ok(());
            }
            Ok(Err(error)) => error.to_string(),
            Err(defect) => defect.to_string(),
        };
        if self.findings.keeps == Some(question) {
            // It would fail again.
            self.findings.keeps = None;
        }
        self.findings.mark(question, Newer::Failed(reason.as_str().into()));
        Err(EngineError::Unmeasurable { question, reason })
    }

    /// Where a question is to be kept answered: asks it when nothing runs and the lab is not where it was asked
    /// last. The newest λ wins; those in between are passed over.
    pub(super) fn keep_up(&mut self, history: &History) -> Result<(), EngineError> {
        let Some(question) = self.findings.keeps.filter(|_| self.running.is_none()) else {
            return Ok(());
        };
        self.findings.look_at(history.lab());
        let terms = self.findings.terms(question, self.selected);
        let is_attempted =
            |inquiry: &Inquiry| *inquiry.terms() == terms && inquiry.standing(history.lab()) == Standing::Current;
        if self.attempted.as_ref().is_some_and(is_attempted) {
            return Ok(());
        }
        self.begin(question, history).inspect_err(|_| self.findings.keeps = None)
    }

    /// One thread is left to the laboratory and the screen, where there are several.
    fn pool(&mut self) -> Result<Arc<ThreadPool>, String> {
        if let Some(pool) = &self.pool {
            return Ok(Arc::clone(pool));
        }
        let threads = rayon::current_num_threads().saturating_sub(1).max(1);
        let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|index| format!("replicates {index}"));
        let pool = Arc::new(pool.build().map_err(|error| error.to_string())?);
        self.pool = Some(Arc::clone(&pool));
        Ok(pool)
    }
}

impl Drop for Surveyor {
    fn drop(&mut self) {
        self.cancel();
    }
}
