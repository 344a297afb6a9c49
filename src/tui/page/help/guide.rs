//! How things are done and how tables are read: what one has to be told once. What stands in backticks can be typed or
//! pressed.

/// A heading and its paragraphs, by subject.
pub(super) static GUIDE: &[(&str, &[&str])] = &[
    (
        "What this is",
        &[
            "Training finds the weights θ of a model while λ stands still; tuning moves λ so that the trained model does well on \
             validation rows. The gradient for λ, the hypergradient, is never known exactly: training is stopped, a linear \
             system is cut short, the data are a sample. Here many estimators of it run side by side, and the charts show how \
             wrong each is, why, and what it costs.",
        ],
    ),
    (
        "The first minute",
        &[
            "Choose a scenario and press `Enter`. `n` takes one training step, `N` finishes an outer step: the estimate of every \
             trial moves its own λ. `space` runs to where the scenario plans to end. `e` explains what is in focus, `←` goes \
             back in time, and nothing you do is lost.",
            "`Tab` goes from trials to knobs to charts, `↑` `↓` choose in each. On a knob `←` `→` turn it; the current inner run \
             is taken again with the new value, so that a curve is always one run under one setting.",
        ],
    ),
    (
        "How to read a chart",
        &[
            "A trial has the same colour and marker everywhere. On logarithmic axes a straight line is a power law: the slope \
             says how fast one error follows another, and grey guide lines show slopes 1 and 2. Dashed or dotted lines are \
             predictions or another kind of loss, as the legend says; a ring marks a best point; a band is from the first to \
             the third quartile, or one standard deviation where the notes say so; whiskers are one standard error.",
            "Point at a chart with the mouse to read off the nearest value. `c` `C` turn the chart of a pane, `z` shows one or \
             four, `y` draws any number against any clock. The section Charts says what each shows and when it misleads.",
        ],
    ),
    (
        "Data as a source of error",
        &[
            "An estimator that is exact on its data can still be wrong about the world. `m` draws the data anew, again and \
             again, and splits the error of every estimate into squared bias, which is the algorithm's fault, and variance, \
             which is the sample's. Synthetic data are drawn from their population; a data set is a finite pool, and what is \
             found is conditional on it.",
            "`v` does so along the values that the scenario sweeps, `E` measures slopes over seeds, `o` tunes over whole runs \
             with many seeds and says when validation is overfitted, `O` tells which error costs risk in the end. `<` `>` take \
             half or twice as many replicates, `M` keeps measuring as λ moves, `F` shows everything in numbers.",
        ],
    ),
    (
        "The table of bias and variance",
        &[
            "bias²: squared distance of the average estimate from the truth. variance: mean squared distance from that average, \
             of which training and validation are the two parts. MSE: their sum. cosine: direction of the estimate. calls: \
             what one estimate costs. Every ± is one standard error of the number before it. A bias² that is too small to \
             tell from 0 may come out negative, and is said to be so.",
        ],
    ),
    (
        "The table of overfitting",
        &[
            "training, validation, test: mean losses at the end of the runs. refit: test loss of the model trained again on all \
             rows but the test rows with the last λ. ± sd: how much single seeds differ. best: the least such loss on the way, \
             at: the outer step where it was reached on average, rise: how much worse the end is than the best, gain: how \
             much better than the first trial, seed by seed. calls: what a run cost.",
        ],
    ),
    (
        "The table of excess error",
        &[
            "excess risk: how much worse the λ found is than the best. trajectory MSE: mean squared error of the estimates on the \
             way. averaged: the error of their average over time. rank correlation: which of the two orders the trials as the \
             excess risk does; 1 is the same order.",
        ],
    ),
    (
        "The table of slopes",
        &[
            "slope: the exponent with which the hypergradient error follows the inner error. decades: over how many factors of \
             ten of the inner error it was fitted. C: the constant of first order. first, last: errors at the start and the \
             end of the inner run. predicted: what first-order theory says of the last.",
        ],
    ),
    (
        "What the truth is",
        &[
            "Estimates are held against the exact hypergradient of the same data, so that what is wrong is the algorithm's. \
             Where θ* is not unique (a network) or the training schedule is learned, they are held against the exact \
             derivative of the run. A scenario may also ask for the population's, or for none (`:set truth None`). The truth is \
             named under every chart that uses it.",
        ],
    ),
    (
        "History and sessions",
        &[
            "`←` `→` go through everything that happened, step by step or change by change; `[` `]` by outer steps. Doing \
             something in the past starts a branch, and `b` lists them all. `w` writes a session: the scenario and everything \
             done since. It opens again as it was left, to the last bit: `hyperlab FILE`.",
            "`P` pins the selected trial: it stays on the charts as it is, so that what you change after going back can be held \
             against it. `B` sets a bookmark, `{` and `}` go from one to the next, and the session keeps them.",
        ],
    ),
    (
        "Figures and tables on paper",
        &[
            "`s` writes every chart on screen as PNG, SVG and CSV, the trials side by side as CSV, and the session that makes \
             them. `t` shows the trials side by side, sorted by any number.",
        ],
    ),
    (
        "Setting anything",
        &[
            "`:` finds any command by name. `:set trials[*].inner.steps 30` sets a value of the scenario by its path, for one \
             trial or for all; `*` gives the selected knob's value to every trial. `:what is slope` explains a word.",
        ],
    ),
    (
        "Without a screen",
        &[
            "`hyperlab run SCENARIO` runs one and prints numbers, `hyperlab probe PROBE SCENARIO` measures, `hyperlab export \
             SCENARIO` writes figures, `hyperlab describe WORD` explains anything that has a name or symbol, `hyperlab list` \
             lists it all. `--set PATH=VALUE` does what `:set` does here; `--json` and `--csv` print every digit. The same \
             scenario and seed give the same bits.",
        ],
    ),
    (
        "Your own data",
        &[
            "`o` and the path of a table (CSV, tabs, semicolons, blanks; with or without names) shows its columns: what each holds, \
             its holes, how its values are distributed, and what would be learned from what. `t` learns the selected column, \
             `space` takes a column in or out, `p` `r` `h` `x` change problem, rows, holes and texts. `Enter` writes the scenario \
             beside the table and opens it. What cannot be used is left out or mended from the start, and said.",
            "Copy `scenarios/TEMPLATE.ron`, which explains every field, and open it: `hyperlab my-scenario.ron`. `hyperlab check FILE` reports every mistake with line, column and what was expected.",
        ],
    ),
];
