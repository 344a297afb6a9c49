//! The loop that joins the state to the terminal and to the laboratory.
//!
//! It sleeps until something happens: input, news from the laboratory, a signal, or, only while the
//! laboratory runs or is busy, the next moment at which something is due.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use crossterm::event as input;

use super::error::TuiError;
use super::event::{self, Ending, Event, Meaning, Opened, Told};
use super::keymap;
use super::options::{Options, Start};
use super::state::{App, ColumnsPage, FolderContents, Grid, LabState, Listed, Overlay, Wish};
use super::terminal::{self, Screen};
use super::update::{self, Effect};
use super::view;
use crate::chart::Choice;
use crate::chart::palette::Palette;
use crate::data::table::Reading;
use crate::engine::{Engine, Request, caught};
use crate::export::{Kind, Paper, Report, Skipped, Written, write_free};
use crate::front::{Begun, OpenError, Source, begin, draft, expanded, openable, recent, with_latest, without};
use crate::lab::{Comparison, History, Lab, Session, Snapshot};
use crate::problem::Stop;
use crate::scenario::{Draft, Files, Scenario, experiment};
use crate::trial::Status;

/// Between two frames, when nobody waits for one.
const FRAME: Duration = Duration::from_millis(33);

/// Computing for longer than this is said to be so.
const PATIENCE: Duration = Duration::from_millis(150);

/// Ticks asked for at once at the highest speed.
const BURST: usize = 64;

/// Runs until a person leaves, or a signal does; the signal then still has to take effect.
pub(super) fn run(options: Options) -> Result<Option<i32>, TuiError> {
    let (sender, events) = unbounded();
    keymap::configure(options.config.keys.clone());
    // Before the terminal is another: a signal in between has to give it back as well.
    let ending = Ending::default();
    event::listen_to_signals(sender.clone(), ending.clone())?;
    let mut screen = Screen::enter()?;
    event::listen_to_input(sender.clone())?;
    let mut front = Front::new(options, sender, ending);
    let ended = front.go(&mut screen, &events);
    drop(screen);
    ended
}

/// Reads the files that a scenario names.
type Shared = Arc<dyn Files + Send + Sync>;

/// What was opened, before it has a thread: a history to put into a laboratory, and where its files are, or a table.
enum Built {
    Laboratory(Box<History>, Shared, Option<Told>),
    Table(Box<Draft>, PathBuf),
}

/// Why the loop ended.
enum End {
    Wish,
    Signal(i32),
    Failure(TuiError),
}

struct Front {
    app: App,
    engine: Option<Engine>,
    files: Shared,
    folder: PathBuf,
    /// How fast a laboratory runs at first, and how many charts it shows.
    speed: usize,
    panes: Option<Grid>,
    /// Where what was opened lately is kept.
    recent: Option<PathBuf>,
    /// What is being opened, as it is kept among what was opened lately.
    name: Option<String>,
    sender: Sender<Event>,
    /// The signal that ends the loop, ahead of what happened before it.
    ending: Ending,
    /// Number of the latest request to open something; answers to earlier ones are dropped.
    opening: usize,
    /// The same, or 0 where nobody waits for it any more: whoever reads a file looks.
    wanted: Arc<AtomicUsize>,
    /// Ends what is being opened, when nobody waits for it any more.
    unwanted: Stop,
    /// What to call the laboratory being opened.
    label: String,
    /// Whether the laboratory has said that there is news, and nobody has looked yet.
    news: Arc<AtomicBool>,
    /// Version of the snapshot on screen.
    version: usize,
    /// Charts waiting for the session that is written beside them.
    report: Option<Vec<Choice>>,
    /// Reports being written.
    writing: usize,
    /// Whether to leave as soon as everything is written.
    is_leaving: bool,
    /// What was opened, with the number of its request, while the laboratory before it still owes a session.
    held: Option<(usize, Result<Opened, String>)>,
    /// Since when the laboratory computes.
    busy_since: Option<Instant>,
    /// Ticks due, and when that was reckoned.
    due: f64,
    reckoned: Instant,
    /// Whether the screen is out of date, and whether somebody waits for it.
    is_stale: bool,
    is_urgent: bool,
    drawn: Instant,
    /// Whether to stop for a while, after this round.
    suspend: bool,
    /// Whether it was stopped by itself, so that going on is no surprise.
    is_stopping: bool,
    /// Whether to draw all of the screen anew, after this round.
    redraw: bool,
    /// Whether what is being opened was named on the command line, which then answers for it.
    is_named_by_shell: bool,
    /// Whether to take the terminal over once more, after this round: somebody else stopped the
    /// process, and who knows what became of the terminal meanwhile.
    retake: bool,
    end: Option<End>,
}

impl Front {
    fn new(options: Options, sender: Sender<Event>, ending: Ending) -> Self {
        let now = Instant::now();
        let mut front = Self {
            app: App::new(options.config.theme(terminal::depth()), options.listed),
            engine: None,
            files: options.files,
            folder: options.config.export,
            speed: options.config.speed,
            panes: options.config.panes,
            recent: options.recent,
            name: None,
            sender,
            ending,
            opening: 0,
            wanted: Arc::default(),
            unwanted: Stop::new(),
            label: String::new(),
            news: Arc::default(),
            version: 0,
            report: None,
            writing: 0,
            is_leaving: false,
            held: None,
            busy_since: None,
            due: 0.0,
            reckoned: now,
            is_stale: true,
            is_urgent: true,
            drawn: now,
            suspend: false,
            is_stopping: false,
            redraw: false,
            is_named_by_shell: false,
            retake: false,
            end: None,
        };
        front.app.start.recent = front.recent.as_deref().map(recent).unwrap_or_default();
        front.name = options.name;
        front.start(options.start);
        if let Some(complaint) = options.complaint {
            front.app.complain(complaint);
        }
        front
    }

    fn start(&mut self, start: Start) {
        self.is_named_by_shell = !matches!(start, Start::Page);
        match start {
            Start::Page => {}
            Start::Scenario(listed) => self.open_scenario(*listed),
            Start::Table(path) => self.open_table(path, Reading::default()),
            Start::Session { id, session } => {
                let title = session.scenario.title.clone();
                let files = Arc::clone(&self.files);
                self.open(id, title, move |stop| {
                    let history = session.replay_until(stop, &*files).map_err(|error| error.to_string())?;
                    Ok(Some(Built::Laboratory(Box::new(history), files, None)))
                });
            }
        }
    }

    fn go(&mut self, screen: &mut Screen, events: &Receiver<Event>) -> Result<Option<i32>, TuiError> {
        loop {
            if self.is_time_to_draw() {
                self.draw(screen)?;
            }
            self.wait(events);
            self.play();
            self.look();
            self.follow();
            if std::mem::take(&mut self.suspend) && self.end.is_none() {
                self.is_stopping = true;
                screen.step_aside(event::stop_process)?;
                self.refresh();
            }
            if std::mem::take(&mut self.redraw) {
                screen.redraw()?;
                self.refresh();
            }
            if std::mem::take(&mut self.retake) {
                screen.step_aside(|| {})?;
                self.refresh();
            }
            match self.end.take() {
                None => {}
                Some(End::Wish) => return Ok(None),
                Some(End::Signal(signal)) => return Ok(Some(signal)),
                Some(End::Failure(error)) => return Err(error),
            }
        }
    }

    fn draw(&mut self, screen: &mut Screen) -> Result<(), TuiError> {
        let app = &mut self.app;
        screen.draw(|frame| {
            // The very size that is drawn to, whatever was last heard of it.
            app.size = (frame.area().width, frame.area().height);
            view::draw(app, frame);
        })?;
        (self.is_stale, self.is_urgent) = (false, false);
        self.drawn = Instant::now();
        Ok(())
    }

    fn is_time_to_draw(&self) -> bool {
        self.is_stale && (self.is_urgent || self.drawn.elapsed() >= FRAME)
    }

    /// Somebody waits for the next frame.
    fn refresh(&mut self) {
        (self.is_stale, self.is_urgent) = (true, true);
    }

    /// Sleeps until something happens or is due, and takes in everything that has happened.
    fn wait(&mut self, events: &Receiver<Event>) {
        let first = match self.deadline() {
            Some(deadline) => events.recv_deadline(deadline),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        for event in first.into_iter().chain(events.try_iter()) {
            if let Some(signal) = self.ending.signal() {
                self.end = Some(End::Signal(signal));
                return;
            }
            self.take_in(event);
        }
    }

    /// When to wake up though nothing happens; never, when all is at rest.
    fn deadline(&self) -> Option<Instant> {
        let frame = self.is_stale.then(|| self.drawn + FRAME);
        let busy = self.busy_since.filter(|_| !self.is_said_to_be_busy()).map(|since| since + PATIENCE);
        let tick = self.app.lab.as_ref().filter(|lab| lab.is_running && !lab.is_pending).map(|lab| {
            let seconds = (1.0 - self.due).max(0.0) / lab.ticks_per_second();
            self.reckoned + Duration::from_secs_f64(seconds.clamp(0.005, 10.0))
        });
        [frame, busy, tick].into_iter().flatten().min()
    }

    fn is_said_to_be_busy(&self) -> bool {
        self.app.lab.as_ref().is_some_and(|lab| lab.is_busy)
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::Input(event) => self.input(event),
            Event::InputEnded(error) => self.end = Some(End::Failure(error.into())),
            Event::Laboratory => self.news.store(false, Ordering::SeqCst),
            Event::Opened(number, opened) if number == self.opening && self.report.is_some() => {
                self.held = Some((number, opened));
            }
            Event::Opened(number, opened) if number == self.opening => self.opened(opened),
            Event::Opened(..) => {}
            Event::Folder(contents) => {
                self.app.learn_folder(contents);
                self.refresh();
            }
            Event::Written(written) => {
                self.writing -= 1;
                self.written(written);
            }
            Event::Signal(signal) => match event::meaning(signal) {
                Meaning::Suspend => self.suspend = true,
                // One that was told to go on before it has stopped does not stop: nobody would tell it again.
                Meaning::Resume if std::mem::take(&mut self.suspend) => {}
                Meaning::Resume => self.retake = !std::mem::take(&mut self.is_stopping),
                Meaning::End => self.end = Some(End::Signal(signal)),
            },
        }
    }

    /// What waited for the session of the laboratory to be written down: another laboratory, or the end.
    fn follow(&mut self) {
        if self.app.screen != super::state::Screen::Opening {
            self.unwanted.set();
        }
        if let Some((number, opened)) = self.held.take() {
            match self.report {
                Some(_) => self.held = Some((number, opened)),
                None if number == self.opening => self.opened(opened),
                None => {}
            }
        }
        if self.is_leaving && self.writing == 0 && self.report.is_none() {
            self.end = self.end.take().or(Some(End::Wish));
        }
    }

    /// Leaves, once everything is written.
    fn leave(&mut self) {
        if self.report.is_none() && self.writing == 0 {
            self.end = Some(End::Wish);
            return;
        }
        self.is_leaving = true;
        self.app.say("what is being written is finished first; Ctrl-C leaves without it");
    }

    fn input(&mut self, event: input::Event) {
        if self.is_leaving {
            if matches!(event, input::Event::Key(key) if is_break(key)) {
                self.end = Some(End::Wish);
            }
            return self.refresh();
        }
        let pointed = self.app.lab.as_ref().and_then(|lab| lab.pointer);
        let is_motion = matches!(&event, input::Event::Mouse(mouse) if mouse.kind == input::MouseEventKind::Moved);
        let effects = match event {
            input::Event::Key(key) => update::key(&mut self.app, key),
            input::Event::Mouse(mouse) => update::mouse(&mut self.app, mouse),
            input::Event::Paste(text) => update::paste(&mut self.app, &text),
            _ => Vec::new(),
        };
        if self.app.screen != super::state::Screen::Opening {
            self.wanted.store(0, Ordering::Relaxed);
        }
        // A mouse passing over nothing is no reason to draw.
        if !is_motion || pointed != self.app.lab.as_ref().and_then(|lab| lab.pointer) {
            self.refresh();
        }
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Open(Wish::Listed(listed)) => {
                    self.is_named_by_shell = false;
                    self.name = Some(listed.id.clone());
                    self.open_scenario(*listed);
                }
                Effect::Open(Wish::Named(name)) => {
                    self.is_named_by_shell = false;
                    self.name = Some(name.clone());
                    self.open_named(name);
                }
                Effect::Open(Wish::Table(path, reading)) => {
                    self.is_named_by_shell = false;
                    self.open_table(path, *reading);
                }
                Effect::Open(Wish::Draft(draft, path)) => self.open_draft(*draft, path),
                Effect::LookInto(folder) => self.look_into(folder),
                Effect::Ask(request) => self.ask(request),
                Effect::Stop => self.engine.iter().for_each(Engine::stop),
                Effect::Export(charts) => {
                    self.report = Some(charts);
                    self.ask(Request::Save);
                }
                Effect::Suspend => self.suspend = true,
                Effect::Redraw => self.redraw = true,
                Effect::Quit => self.leave(),
            }
        }
    }

    fn ask(&mut self, request: Request) {
        if let (Some(engine), Some(lab)) = (&self.engine, &mut self.app.lab) {
            engine.send(request);
            lab.is_pending = true;
            self.busy_since.get_or_insert_with(Instant::now);
        }
    }

    fn open_scenario(&mut self, listed: Listed) {
        let Listed { id, scenario, .. } = listed;
        let title = scenario.title.clone();
        let files = Arc::clone(&self.files);
        self.open(id, title, move |_| Ok(Some(Built::Laboratory(Box::new(built(&scenario, &*files)?), files, None))));
    }

    /// Looks at the columns of a table.
    fn open_table(&mut self, path: PathBuf, reading: Reading) {
        let title = path.display().to_string();
        self.name = Some(title.clone());
        let is_wanted = self.is_wanted();
        self.open(String::new(), title, move |_| surveyed(path, &reading, &is_wanted));
    }

    /// Whether what is being opened next is still waited for.
    fn is_wanted(&self) -> impl Fn() -> bool + Send + 'static {
        let (number, wanted) = (self.opening + 1, Arc::clone(&self.wanted));
        move || wanted.load(Ordering::Relaxed) == number
    }

    /// Opens a laboratory over a table, and writes its scenario.
    fn open_draft(&mut self, draft: Draft, path: PathBuf) {
        let name = path.display().to_string();
        self.is_named_by_shell = false;
        self.name = None;
        self.open(stem(&name), name, move |_| {
            let begun = begin(&draft, &path, None).map_err(|all| all.join("; "))?;
            let told = written(&begun);
            let history = History::new(Lab::new(begun.experiment));
            Ok(Some(Built::Laboratory(Box::new(history), Arc::new(begun.files), Some(told))))
        });
    }

    /// Opens a built-in scenario, or a file that holds a scenario, a session or a table.
    fn open_named(&mut self, name: String) {
        let label = stem(&name);
        let is_wanted = self.is_wanted();
        self.open(label, name.clone(), move |stop| {
            let path = expanded(&name);
            let source = match Source::open(&path) {
                Err(OpenError::Table { .. }) => return surveyed(path, &Reading::default(), &is_wanted),
                source => source.map_err(|error| error.in_words())?,
            };
            let files: Shared = Arc::new(source.files.clone());
            if source.is_session() {
                let history = source.replay_until(stop).map_err(|error| error.in_words())?;
                return Ok(Some(Built::Laboratory(Box::new(history), files, None)));
            }
            let (scenario, _) = source.scenario().map_err(|error| error.in_words())?;
            Ok(Some(Built::Laboratory(Box::new(built(&scenario, &*files)?), files, None)))
        });
    }

    /// Reads a folder on a thread of its own: it may be far away.
    fn look_into(&mut self, folder: String) {
        let sender = self.sender.clone();
        let work = move || {
            let names = openable(&folder);
            let _ = sender.send(Event::Folder(FolderContents { folder, names }));
        };
        if let Err(error) = thread::Builder::new().name("folder".to_owned()).spawn(work) {
            self.app.complain(error.to_string());
        }
    }

    /// Keeps among what was opened lately what is open now, or no longer what cannot be opened. What is remembered is a
    /// convenience: where it cannot be written nothing is said.
    fn remember(&mut self, is_open: bool) {
        let (Some(name), Some(file)) = (self.name.take(), &self.recent) else {
            return;
        };
        let change = if is_open { with_latest } else { without };
        // What others have written since counts as well.
        let names = change(&recent(file), &name);
        let made = file.parent().map(std::fs::create_dir_all);
        if made.is_some_and(|made| made.is_ok()) {
            let text: String = names.iter().map(|name| format!("{name}\n")).collect();
            let _ = crate::export::write(file, text.as_bytes());
        }
        self.app.rearrange(|start| start.recent = names);
    }

    /// Builds a laboratory on a thread of its own, since data and the first truth take their time.
    fn open(
        &mut self,
        label: String,
        title: String,
        build: impl FnOnce(&Stop) -> Result<Option<Built>, String> + Send + 'static,
    ) {
        self.opening += 1;
        self.wanted.store(self.opening, Ordering::Relaxed);
        self.unwanted.set();
        self.unwanted = Stop::new();
        let stop = self.unwanted.clone();
        self.label = label;
        self.app.begin_opening(super::text::clean(&title));
        let (number, sender, news) = (self.opening, self.sender.clone(), Arc::clone(&self.news));
        let work = move || {
            let notify = sender.clone();
            let open = || {
                let (history, files, told) = match build(&stop)? {
                    None => return Ok(None),
                    Some(Built::Table(draft, path)) => return Ok(Some(Opened::Table(draft, path))),
                    Some(Built::Laboratory(history, files, told)) => (history, files, told),
                };
                let engine = Engine::start_with(*history, files, move || {
                    if !news.swap(true, Ordering::SeqCst) {
                        let _ = notify.send(Event::Laboratory);
                    }
                });
                let engine = engine.map(Box::new).map_err(|error| error.to_string())?;
                Ok(Some(Opened::Laboratory(engine, told)))
            };
            let opened = caught(open).unwrap_or_else(|defect| Err(defect.to_string()));
            if let Some(opened) = opened.transpose() {
                let _ = sender.send(Event::Opened(number, opened));
            }
        };
        if let Err(error) = thread::Builder::new().name("opening".to_owned()).spawn(work) {
            self.opened(Err(error.to_string()));
        }
    }

    fn opened(&mut self, opened: Result<Opened, String>) {
        if self.app.screen != super::state::Screen::Opening {
            return;
        }
        if let Ok(Opened::Laboratory(_, Some(Told { path: Some(path), .. }))) = &opened {
            self.name = Some(path.display().to_string());
            self.label = stem(&path.display().to_string());
        }
        self.remember(opened.is_ok());
        let is_named_by_shell = std::mem::take(&mut self.is_named_by_shell);
        match opened {
            Ok(Opened::Table(draft, path)) => self.app.enter_columns(ColumnsPage::new(*draft, path)),
            Ok(Opened::Laboratory(engine, told)) => {
                self.version = engine.version();
                let lab = LabState::new(std::mem::take(&mut self.label), engine.snapshot());
                self.app.enter(LabState { speed: self.speed, ..lab.in_grid(self.panes) });
                self.engine = Some(*engine);
                self.report = None;
                self.busy_since = None;
                self.due = 0.0;
                let effects = update::entered(&mut self.app);
                if let Some(told) = told {
                    self.app.hear_of_scenario(&told.text, told.path.is_some());
                }
                self.carry_out(effects);
            }
            Err(reason) if is_named_by_shell => self.end = Some(End::Failure(TuiError::Open(reason))),
            Err(reason) => {
                self.app.end_opening();
                self.app.complain(reason);
            }
        }
        self.refresh();
    }

    /// Asks for the ticks that are due, unless the laboratory has not done the last ones.
    fn play(&mut self) {
        let now = Instant::now();
        let passed = now.duration_since(std::mem::replace(&mut self.reckoned, now)).as_secs_f64();
        let Some((lab, engine)) = self.app.lab.as_ref().zip(self.engine.as_ref()) else {
            return;
        };
        if !lab.is_running {
            self.due = 0.0;
            return;
        }
        let (rate, beyond) = (lab.ticks_per_second(), lab.goes_beyond);
        let is_free = engine.pending() == 0;
        if rate.is_infinite() {
            if is_free {
                self.ask(ticking(BURST, beyond));
            }
            return;
        }
        // What could not be done in a quarter of a second is not made up for.
        self.due = (self.due + passed * rate).min((rate * 0.25).max(1.0));
        if is_free && self.due >= 1.0 {
            let ticks = self.due.floor();
            self.due -= ticks;
            self.ask(ticking(ticks as usize, beyond));
        }
    }

    /// Takes over what the laboratory has to show.
    fn look(&mut self) {
        let Some((engine, lab)) = self.engine.as_ref().zip(self.app.lab.as_mut()) else {
            return;
        };
        // In this order: what was carried out by then is in the snapshot.
        let is_pending = engine.pending() > 0;
        let (errors, stops) = (engine.take_errors(), engine.take_stops());
        let was_pending = std::mem::replace(&mut lab.is_pending, is_pending);
        if !is_pending {
            self.busy_since = None;
        }
        let is_busy = self.busy_since.is_some_and(|since| since.elapsed() >= PATIENCE);
        let mut changed = lab.is_busy != is_busy;
        lab.is_busy = is_busy;
        if engine.version() != self.version || was_pending != is_pending {
            self.version = engine.version();
            self.app.show(engine.snapshot(), is_pending);
            changed = true;
        }
        let Some(lab) = self.app.lab.as_mut() else {
            return;
        };
        let is_over = lab.is_running && is_over(&lab.snapshot);
        let has_arrived = lab.is_running && !is_over && !lab.goes_beyond && lab.snapshot.has_arrived;
        lab.is_running &= !is_over && !has_arrived;
        self.is_stale |= changed;
        // A step asked for by hand is waited for; one of many is not.
        // Nor is the progress of a measurement.
        self.is_urgent |= changed && !lab.is_running && was_pending;
        if has_arrived {
            self.app.say("this is where the scenario plans to end; space goes beyond");
        }
        if is_over {
            self.app.complain("nothing can move: turn a knob of a trial that stopped, or add one with a");
        }
        self.app.hear(&errors);
        self.app.hear_stops(&stops);
        let session = self.engine.as_ref().filter(|_| self.report.is_some()).and_then(Engine::take_session);
        if let Some(session) = session {
            self.write(session);
        }
        if !is_pending {
            let effects = update::idle(&mut self.app);
            self.carry_out(effects);
        }
    }

    fn write(&mut self, mut session: Session) {
        let (Some(lab), Some(charts)) = (&self.app.lab, self.report.take()) else {
            return;
        };
        // The session opens with what is on the screen now.
        session.scenario.charts = (0..lab.panes.len()).map(|pane| lab.choice(pane).to_string()).collect();
        session.scenario.grid = lab.grid.map(|grid| (grid.rows, grid.columns));
        let (folder, label, snapshot) = (self.folder.clone(), lab.label.clone(), Arc::clone(&lab.snapshot));
        let (sender, palette) = (self.sender.clone(), self.app.theme.palette);
        let work = move || {
            let report = || write_report(&folder, &label, &snapshot, &charts, (&session, palette));
            let written = caught(report).unwrap_or_else(|defect| Err(defect.to_string()));
            let _ = sender.send(Event::Written(written));
        };
        match thread::Builder::new().name("report".to_owned()).spawn(work) {
            Ok(_) => self.writing += 1,
            Err(error) => self.written(Err(error.to_string())),
        }
    }

    fn written(&mut self, written: Result<Written, String>) {
        // Whoever leaves is told what could not be written, and decides again.
        self.is_leaving &= written.is_ok();
        match written {
            Ok(written) => {
                if let Some(lab) = &mut self.app.lab {
                    lab.is_unsaved = false;
                }
                let paths = written.paths.iter().map(|path| path.display().to_string());
                let skipped =
                    written.skipped.iter().map(|Skipped { chart, reason }| format!("left out {chart}: {reason}"));
                let lines: Vec<String> = paths.chain(skipped).chain(written.warnings).collect();
                let title = if lines.len() == 1 { "Written: open it with `hyperlab FILE`" } else { "Written" };
                self.app.message = None;
                self.app.overlay = Some(Overlay::Notice { title: title.to_owned(), lines, scroll: 0 });
            }
            Err(reason) => self.app.complain(reason),
        }
        self.refresh();
    }
}

/// Ctrl-C, which also ends a wait.
fn is_break(key: input::KeyEvent) -> bool {
    key.code == input::KeyCode::Char('c') && key.modifiers.contains(input::KeyModifiers::CONTROL)
}

/// The draft of a scenario over a table; nothing, where nobody waits for it any more.
fn surveyed(path: PathBuf, reading: &Reading, is_wanted: &dyn Fn() -> bool) -> Result<Option<Built>, String> {
    let draft = draft(&path, reading, is_wanted).map_err(|error| error.in_words())?;
    Ok(draft.map(|draft| Built::Table(Box::new(draft), path)))
}

/// Writes a scenario over a table beside it, where no file is.
fn written(begun: &Begun) -> Told {
    match write_free(&begun.path, begun.text.as_bytes()) {
        Ok(path) => Told { text: format!("written to {}, which opens this again", path.display()), path: Some(path) },
        Err(error) => Told { text: format!("{error}; the scenario is kept nowhere: w writes a session"), path: None },
    }
}

/// The beginning of a scenario.
fn built(scenario: &Scenario, files: &dyn Files) -> Result<History, String> {
    let experiment = experiment(scenario, files).map_err(|error| match &error.help {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    })?;
    Ok(History::new(Lab::new(experiment)))
}

/// What files written of it begin with: the name without folders and ending.
fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(String::new, |stem| stem.display().to_string())
}

/// Charts as pictures and tables, the trials side by side, and the session; of no charts the session alone.
fn write_report(
    folder: &Path,
    scenario: &str,
    snapshot: &Snapshot,
    charts: &[Choice],
    (session, palette): (&Session, &'static Palette),
) -> Result<Written, String> {
    // Beside its data a session stays so wherever both are moved to.
    let near = std::path::absolute(folder).ok();
    let beside = |path: &str| Some(Path::new(path).strip_prefix(near.as_ref()?).ok()?.to_str()?.to_owned());
    let session = session.clone().with_path(beside);
    let comparison = || Comparison::of(snapshot, &Comparison::all(snapshot)).named_table();
    let report = Report {
        folder,
        scenario,
        snapshot,
        charts,
        kinds: &[Kind::Png, Kind::Svg, Kind::Csv],
        paper: Paper { palette, ..Paper::default() },
        comparison: (!charts.is_empty()).then(comparison),
        session: Some(session.to_ron().map_err(|error| error.to_string())?),
        replaces: false,
    };
    report.write().map_err(|error| error.to_string())
}

/// Ticks of a run, which ends where the scenario plans to unless it is to go beyond.
fn ticking(ticks: usize, beyond: bool) -> Request {
    if beyond { Request::Ticks(ticks) } else { Request::Run(ticks) }
}

/// Whether no trial can move any more.
fn is_over(snapshot: &Snapshot) -> bool {
    snapshot.of_the_laboratory().map(|trial| trial.status).all(Status::is_halted)
}
