//! What the laboratory itself is made of.

use super::Term;

pub(super) static TERMS: &[Term] = &[
    Term {
        id: "scenario",
        name: "scenario",
        spelled: &["start page"],
        plain: "A ready-made experiment: a problem, data, trials and the charts to watch.",
        more: "It is a text file. Everything in it can be changed while it runs, with knobs or with `:set`.",
        see: &["trial", "session"],
    },
    Term {
        id: "trial",
        name: "trial",
        spelled: &["trials", "hidden"],
        plain: "One contender: an estimator with an inner and an outer loop and a λ of its own.",
        more: "Trials run side by side on the same rows. Each has its own colour and marker on every chart. `hidden` trials run \
               on but are not drawn.",
        see: &["estimate", "pace"],
    },
    Term {
        id: "knob",
        name: "knob",
        spelled: &["knobs", "slider"],
        plain: "A value of the selected trial that can be turned while it runs.",
        more: "Turning one takes the current inner run again, so that the curve is always one run under one setting. λ and the \
               outer steps done so far stay.",
        see: &["trial", "block"],
    },
    Term {
        id: "reading",
        name: "reading",
        spelled: &["metric", "metrics", "measured"],
        plain: "The panel with the selected trial's numbers.",
        more: "Symbol and value, two in a row; then slope, cost, memory, truth and what the solver says. A dash is a number \
               that cannot be had here.",
        see: &["trial", "calls", "truth"],
    },
    Term {
        id: "block",
        name: "block",
        spelled: &["bound", "λ at a bound", "at a bound"],
        plain: "Entries of λ of one kind, with the range that they may have.",
        more: "`3 of 40 λ at a bound`: three entries have reached the end of their range, and the outer loop would push them \
               further.",
        see: &["hyperparameters"],
    },
    Term {
        id: "step",
        name: "step size",
        spelled: &["step", "automatic step", "learning rate"],
        plain: "How far one step of gradient descent goes.",
        more: "`Auto` chooses one over the largest curvature. A step that is too long diverges.",
        see: &["diverged", "hessian"],
    },
    Term {
        id: "inner-steps",
        name: "inner steps",
        spelled: &["T", "T = 8", "T = 3"],
        plain: "How many training steps are taken before λ moves.",
        more: "T for short. Few leave an inner error, many cost more and follow the sample more closely.",
        see: &["inner-loop", "inner-error", "variance"],
    },
    Term {
        id: "diverged",
        name: "diverged",
        spelled: &["stopped", "halted", "ĥ is NaN", "ĥ not finite", "ĥ is not finite", "v not finite", "NaN"],
        plain: "The numbers have grown beyond all bounds, and the trial has stopped.",
        more: "Turn a knob, mostly a smaller step, and it goes on from where it was; ← goes back to before.",
        see: &["step"],
    },
    Term {
        id: "no-room",
        name: "no room",
        spelled: &["stopped: no room"],
        plain: "What an estimator keeps of the inner run has reached a gibibyte, and the trial has stopped.",
        more: "Unrolling backwards remembers the steps it goes back through, its tape. Fewer inner steps, fewer that are \
               unrolled, or an implicit estimator need less.",
        see: &["inner-steps", "diverged"],
    },
    Term {
        id: "pace",
        name: "pace",
        spelled: &["rounds", "equal cost", "equal oracle units", "one step each"],
        plain: "How trials share the clock: whether fast ones wait for slow ones.",
        more: "Rounds: outer steps are taken together. One step each: nobody waits. Equal cost: the one that has spent least \
               moves.",
        see: &["trial", "calls"],
    },
    Term {
        id: "oracle-unit",
        name: "oracle unit",
        spelled: &["oracle units", "units"],
        plain: "What one look at how good a λ is costs: one inner run with f at its end.",
        more: "With its hypergradient it costs two. What a teacher asks for counts as well. Populations that take hypergradients are compared at equal units with \
               such that take none.",
        see: &["calls", "student", "value-function"],
    },
    Term {
        id: "founder",
        name: "founder",
        spelled: &["founders", "generation", "take-over", "parent", "child", "lineage"],
        plain: "The student at the start that a student of a population comes from by copies and mutations.",
        more: "Where the worst students are replaced by copies of the best, founders die out. The generation counts the copies between a student and its founder; at the \
               take-over one founder owns all.",
        see: &["student"],
    },
    Term {
        id: "student",
        name: "student",
        spelled: &["students", "leader", "λ_k", "f_k", "restarts"],
        plain: "One of several λ that a trial moves at the same time from different starts; the best one counts.",
        more: "The leader is the student whose f is least; what is recorded of the trial is its. f_k and λ_k are those of \
               student k.",
        see: &["trial", "start", "founder", "oracle-unit"],
    },
    Term {
        id: "filter",
        name: "filter",
        spelled: &["decaying mean", "window", "filtered"],
        plain: "A mean of past estimates that moves λ in place of the newest one.",
        more: "It smooths noise and lags behind. Errors are measured of the estimate as it came.",
        see: &["estimate", "outer-loop"],
    },
    Term {
        id: "batch",
        name: "batch",
        spelled: &["mini-batch", "mini-batches", "lists of rows", "no more lists", "shared draws"],
        plain: "The few rows that one step computes with, in place of all of them.",
        more: "Cheaper and noisier. Every purpose draws its own; `draws: Shared` gives all trials the same ones. `no more lists`: \
               the rows that were written out are used up.",
        see: &["calls", "single-loop"],
    },
    Term {
        id: "drift",
        name: "drift",
        spelled: &["drifting world", "no more rows", "past blocks", "local regret"],
        plain: "What is to be learned moves from one outer step to the next, and so does the best λ.",
        more: "Rows stand in the order of time: the blocks of the past are learned from, the present one judges. `no more rows`: the run has \
               come to the last block. Means over past hypergradients are calmer, and late.",
        see: &["batch"],
    },
    Term {
        id: "probe",
        name: "measurement",
        spelled: &["probe", "finding", "findings", "measuring", "keeps measuring"],
        plain: "An experiment on the side that runs the trials many times and reports numbers with their errors.",
        more: "It changes nothing in the laboratory. m, v, E, o and O start one; F shows all in numbers; M keeps it up as λ \
               moves. `λ has moved since` says that it was made at another λ than the one on screen.",
        see: &["replicate", "bias", "sweep"],
    },
    Term {
        id: "sweep",
        name: "sweep",
        spelled: &["study", "fitted law"],
        plain: "A measurement repeated for every value of one setting.",
        more: "`v` runs the one that the scenario names. The dashed line is the law that theory gives for this value, fitted.",
        see: &["probe", "knob"],
    },
    Term {
        id: "branch",
        name: "branch",
        spelled: &["branches", "timeline", "position", "history"],
        plain: "One line of history: going back and changing something starts another, and nothing is lost.",
        more: "The bar above the last row is the time line; ← and → move on it, b lists the branches.",
        see: &["session"],
    },
    Term {
        id: "pinned-run",
        name: "pinned run",
        spelled: &["pin", "pinned"],
        plain: "A trial as it was at one moment, which stays on the charts whatever is done since.",
        more: "P pins the selected trial, and lets go of a pinned one. Its curves end where it was pinned; nothing measures or turns it.",
        see: &["branch", "trial"],
    },
    Term {
        id: "session",
        name: "session",
        spelled: &["save", "snapshot"],
        plain: "A file with the scenario and everything that was done since, which opens as it was left.",
        more: "w writes it, s writes it together with the charts. `hyperlab FILE` opens it.",
        see: &["scenario", "branch"],
    },
    Term {
        id: "schedule",
        name: "learned schedule",
        spelled: &["schedule", "momentum", "heavy ball"],
        plain: "Step sizes of training that are themselves hyperparameters and are learned.",
        more: "λ then holds a log step size for every inner step, or one for each of a few windows of them, and the momentum. Estimates are \
               held against the derivative of the run.",
        see: &["of-the-run", "step", "sharing", "look-ahead"],
    },
    Term {
        id: "sharing",
        name: "sharing",
        spelled: &["shared value", "windows of steps", "W*"],
        plain: "Steps of a window that have one hyperparameter together, in place of one each.",
        more: "The mean of noisy hypergradients over a window is less noisy, and wrong where they drift: W* is the width with the least error.",
        see: &["schedule", "look-ahead"],
    },
    Term {
        id: "look-ahead",
        name: "short horizon",
        spelled: &["T_h", "greedy", "look ahead"],
        plain: "How many training steps ahead a hypergradient looks.",
        more: "A short one drives learning rates down: noise in steep directions counts at once, progress in flat ones later.",
        see: &["schedule", "unrolling"],
    },
    Term {
        id: "converged",
        name: "converged",
        spelled: &["converged entries"],
        plain: "The outer rule takes λ to have arrived, and the trial stops.",
        more: "Steps that are halved wherever a sign flips have become small against λ. Noise flips signs too.",
        see: &["outer-loop"],
    },
];
