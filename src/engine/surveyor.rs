//! Carries surveys out one at a time, on a thread of their own beside the laboratory's.

use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, Sender, unbounded};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::job::{Gauge, Job, Report};
use crate::lab::{Findings, History, Lab, Moment, Newer, Standing, Survey, Task, UnderWay};
use crate::probe::ProbeError;
use crate::probe::bias_variance::Plan;
use crate::scenario::Files;

/// What is measured, what was found, and what to measure next.
pub(super) struct Surveyor {
    findings: Findings,
    running: Option<Running>,
    /// The last measurement of bias and variance that was begun, whatever became of it.
    attempted: Option<Task>,
    files: Arc<dyn Files + Send + Sync>,
    /// Threads for replicates, so that the laboratory's own work never waits behind theirs.
    pool: Option<Arc<ThreadPool>>,
    /// Number of the job under way: reports of earlier ones are dropped.
    number: usize,
    sender: Sender<Report>,
    reports: Receiver<Report>,
}

struct Running {
    task: Task,
    gauge: Arc<Gauge>,
}

impl Surveyor {
    pub(super) fn new(history: &History, files: Arc<dyn Files + Send + Sync>) -> Self {
        let (sender, reports) = unbounded();
        Self {
            findings: Findings::none(history.origin()),
            running: None,
            attempted: None,
            files,
            pool: None,
            number: 0,
            sender,
            reports,
        }
    }

    /// Where reports come in.
    pub(super) fn reports(&self) -> Receiver<Report> {
        self.reports.clone()
    }

    /// What was found, held against the lab as it is.
    pub(super) fn findings(&self, lab: &Lab) -> Findings {
        let under_way =
            self.running.as_ref().map(|job| UnderWay { survey: job.task.survey(), progress: job.gauge.progress() });
        Findings { under_way, ..self.findings.seen_from(lab) }
    }

    pub(super) fn set_plan(&mut self, plan: Plan) {
        self.findings.plan = plan;
    }

    pub(super) fn keep_measuring(&mut self, keeps: bool) {
        self.findings.keeps_measuring = keeps;
        // Switched on, it measures even what was cancelled before, but not what is being measured.
        let running = self.running.as_ref().filter(|job| job.task.survey() == Survey::BiasVariance);
        self.attempted = running.map(|job| job.task.clone());
    }

    /// Begins a survey; one under way is broken off.
    pub(super) fn begin(&mut self, survey: Survey, history: &History) -> Result<(), String> {
        let task = Task::new(survey, history.lab(), self.findings.plan, Moment::of(history));
        let task = task.map_err(|error| error.to_string())?;
        if self.running.as_ref().is_some_and(|job| job.task.survey() == Survey::BiasVariance) {
            // Broken off for another: to be taken up again where measurements are kept up.
            self.attempted = None;
        }
        self.cancel();
        if survey == Survey::BiasVariance {
            self.attempted = Some(task.clone());
        }
        let pool = self.pool()?;
        self.number += 1;
        let gauge = Arc::new(Gauge::default());
        let job = Job {
            number: self.number,
            task: task.clone(),
            files: Arc::clone(&self.files),
            gauge: Arc::clone(&gauge),
            sender: self.sender.clone(),
        };
        let work = move || pool.install(|| job.carry_out());
        thread::Builder::new().name("survey".to_owned()).spawn(work).map_err(|error| error.to_string())?;
        self.findings.mark(survey, Newer::UnderWay);
        self.running = Some(Running { task, gauge });
        Ok(())
    }

    /// Breaks off the survey under way. Its thread ends by itself, soon.
    pub(super) fn cancel(&mut self) {
        if let Some(job) = self.running.take() {
            job.gauge.cancel();
            self.findings.mark(job.task.survey(), Newer::Cancelled);
        }
    }

    /// Takes in what a job says; an error in words where one failed.
    pub(super) fn take_in(&mut self, report: Report) -> Result<(), String> {
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
        match result {
            Ok(found) => {
                job.task.keep(found, &mut self.findings);
                Ok(())
            }
            Err(ProbeError::Stopped) => {
                self.findings.mark(job.task.survey(), Newer::Cancelled);
                Ok(())
            }
            Err(error) => {
                // It would fail again.
                self.findings.keeps_measuring = false;
                self.findings.mark(job.task.survey(), Newer::Failed);
                Err(error.to_string())
            }
        }
    }

    /// Where measurements are to be kept up: begins one when nothing runs and the lab is not where the last
    /// one was begun. The newest λ wins; those in between are passed over.
    pub(super) fn keep_up(&mut self, history: &History) -> Result<(), String> {
        if !self.findings.keeps_measuring || self.running.is_some() {
            return Ok(());
        }
        let is_attempted =
            |task: &Task| task.plan() == self.findings.plan && task.standing(history.lab()) == Standing::Current;
        if self.attempted.as_ref().is_some_and(is_attempted) {
            return Ok(());
        }
        self.begin(Survey::BiasVariance, history).inspect_err(|_| self.findings.keeps_measuring = false)
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
