//! Rows, where they come from, and what they do to an estimate.

use super::Term;

pub(super) static TERMS: &[Term] = &[
    Term {
        id: "intercept",
        name: "intercept",
        spelled: &["column of ones", "free intercept"],
        plain: "A feature that is 1 in every row: its weight is the level around which predictions lie.",
        more: "Features are centred as a rule, so that without it a target around 50 has to be explained by weights that a \
               penalty holds down. `intercept: Free` of a scenario's data carries no penalty and has no entry in λ; `Penalized` \
               is as any other feature, so that the level is pulled towards zero. Where training targets lie far from what \
               θ = 0 predicts (a mean half a standard deviation from 0, classes beyond 2 to 1, and more than chance) and there is \
               none, that is said.",
        see: &["training-rows", "hyperparameters"],
    },
    Term {
        id: "bias",
        name: "bias",
        spelled: &["bias²", "squared bias"],
        plain: "The part of an estimate's error that stays the same whatever data were drawn: the algorithm's fault.",
        more: "Draw data again and again and average the estimates: bias is how far the average is from the truth. bias² is \
               its squared length, drawn as one part of a bar. Corrected for the sample's size it may come out slightly \
               below zero, which means: too small to tell from 0.",
        see: &["variance", "mse", "replicate", "truth-population"],
    },
    Term {
        id: "variance",
        name: "variance",
        spelled: &["variance from training", "variance from validation"],
        plain: "The part of an estimate's error that changes from one draw of the data to the next: the sample's fault.",
        more: "The mean squared distance of the estimates from their average. It is split into what the training rows cause \
               and what the validation rows cause. More inner steps lower the bias and raise the variance: the model has had \
               time to follow its sample.",
        see: &["bias", "mse", "replicate"],
    },
    Term {
        id: "mse",
        name: "mean squared error",
        spelled: &["MSE"],
        plain: "The whole error of an estimate: squared bias and variance together.",
        more: "MSE = bias² + variance. It is what a bar of the chart adds up to. The best estimator is not always the one \
               without bias.",
        see: &["bias", "variance"],
    },
    Term {
        id: "standard-error",
        name: "standard error",
        spelled: &["±", "sd", "± sd", "whiskers", "error bar"],
        plain: "How far a measured average may be off because only so many replicates were drawn.",
        more: "± one standard error; twice the replicates (>) make it 1.4 times smaller. `sd` is something else: how much single \
               seeds differ from one another.",
        see: &["replicate", "seed"],
    },
    Term {
        id: "replicate",
        name: "replicate",
        spelled: &["replicates", "draws of the data"],
        plain: "One fresh draw of the data, on which everything is computed again.",
        more: "`40 × 2 replicates`: 40 training samples, each with 2 validation samples. < and > halve and double them.",
        see: &["standard-error", "seed", "bias"],
    },
    Term {
        id: "seed",
        name: "seed",
        spelled: &["seeds"],
        plain: "A number from which everything random is made; the same seed gives the same run, to the last bit.",
        more: "`20 seeds` are twenty runs, each with draws of its own. One seed may be lucky; the median and quartiles of many \
               are not.",
        see: &["replicate", "median"],
    },
    Term {
        id: "median",
        name: "median and quartiles",
        spelled: &["median", "quartiles", "band"],
        plain: "The middle value of many runs, and the range that the middle half of them lies in.",
        more: "A band around a line is from the first to the third quartile. One wild run does not move it.",
        see: &["seed", "standard-error"],
    },
    Term {
        id: "training-rows",
        name: "training rows",
        spelled: &["training", "training loss", "training accuracy", "train"],
        plain: "The rows that the model learns from.",
        more: "The training loss is measured on them, without the penalty.",
        see: &["validation-rows", "test-rows"],
    },
    Term {
        id: "validation-rows",
        name: "validation rows",
        spelled: &["validation", "validation loss", "validation accuracy"],
        plain: "The rows that λ is judged by; the model does not learn from them, but λ does.",
        more: "Since λ is fitted to them, the validation loss flatters λ in the end.",
        see: &["overfitting", "gap", "test-rows"],
    },
    Term {
        id: "test-rows",
        name: "test rows",
        spelled: &["test", "test loss", "accuracy"],
        plain: "Rows that neither training nor tuning sees: what counts in the end.",
        more: "With families of tasks, the test rows are new tasks: ones that λ has not seen.",
        see: &["gap", "task", "refit"],
    },
    Term {
        id: "overfitting",
        name: "overfitting to validation",
        spelled: &["overfitting"],
        plain: "Tuning λ so well to the few validation rows that it gets worse on all others: validation falls while test \
                rises.",
        more: "Validation rows are a sample too. The first outer steps learn what is true of all rows; later ones learn what is \
               true of these rows only. Many λ and few validation rows make it worse; fresh re-splits, fewer steps and fewer λ \
               help.",
        see: &["gap", "rise", "validation-rows", "ensemble"],
    },
    Term {
        id: "gap",
        name: "gap",
        spelled: &["generalization gap"],
        plain: "How much better λ looks on the validation rows than it is: test loss minus validation loss.",
        more: "A gap is no loss by itself: with fresh re-splits it may stay while the test loss still falls.",
        see: &["overfitting", "rise"],
    },
    Term {
        id: "rise",
        name: "rise",
        spelled: &["best", "at", "best at"],
        plain: "How much worse the test loss is at the end than it was at its best.",
        more: "`best` is the least test loss (of the refit, where there is one), `at` the outer step where it was reached. A \
               rise of 0 says that it never turned.",
        see: &["overfitting", "gain"],
    },
    Term {
        id: "gain",
        name: "gain",
        spelled: &["gain ±"],
        plain: "How much better a trial ends than the first trial, compared seed by seed.",
        more: "Comparing on the same seeds cancels the luck of the draw, so its ± is smaller than that of either alone.",
        see: &["rise", "seed", "standard-error"],
    },
    Term {
        id: "refit",
        name: "refit",
        spelled: &["refit accuracy", "test loss after a refit"],
        plain: "A model trained again on all rows but the test rows, with the λ that was found: what one would use.",
        more: "The refit loss is its loss on the test rows. Validation rows have done their duty and may be learned from.",
        see: &["test-rows", "rise"],
    },
    Term {
        id: "population",
        name: "population",
        spelled: &["infinitely many rows", "moments"],
        plain: "Where rows come from: endlessly many, of which the data are a sample.",
        more: "Synthetic data have one and can be drawn afresh. A data set does not: it is a pool. The word also stands for the \
               students of a trial.",
        see: &["pool", "world", "student"],
    },
    Term {
        id: "pool",
        name: "pool",
        spelled: &["conditional on the pool", "finite pool"],
        plain: "A finite set of rows that stands in for a population and is drawn from again and again.",
        more: "What is found is then `conditional on the pool`: true of these rows, and of the world only as far as they are \
               like it.",
        see: &["population", "replicate"],
    },
    Term {
        id: "world",
        name: "world",
        spelled: &["fixed world", "fresh world"],
        plain: "Which rows an outer step sees: always the same, or other ones at every step.",
        more: "Fixed: the same rows and start. Fresh: split anew, drawn anew, or another start.",
        see: &["population", "resplit"],
    },
    Term {
        id: "split",
        name: "split",
        spelled: &["single split", "no split", "no split possible"],
        plain: "The division of the rows into those for training, for validation and for the test.",
        more: "A single split judges every λ by the same validation rows.",
        see: &["training-rows", "validation-rows", "resplit"],
    },
    Term {
        id: "resplit",
        name: "re-split",
        spelled: &["re-splits", "fixed re-splits", "fresh re-splits", "fold", "K-fold", "5-fold"],
        plain: "Another division of the same rows into training and validation rows.",
        more: "Fixed ones are drawn once and averaged over; fresh ones are drawn at every outer step, so that λ cannot learn \
               any of them by heart. Folds are divisions in which every row validates once.",
        see: &["ensemble", "overfitting"],
    },
    Term {
        id: "ensemble",
        name: "ensemble",
        spelled: &["member", "members", "single", "fixed 5", "fresh 1"],
        plain: "Several training runs, each on a split of its own, whose estimates are averaged before λ moves.",
        more: "A member is one of those runs. Averaging over K members lowers the variance, down to what the rows themselves \
               cause, and costs K times as much. Fresh 1 has one member, with new rows at every step.",
        see: &["resplit", "variance"],
    },
    Term {
        id: "excess-risk",
        name: "excess risk",
        spelled: &["excess", "trajectory MSE", "averaged", "risk"],
        plain: "How much worse the λ that was found is than the best one there could be.",
        more: "`trajectory MSE` is the mean squared error of the estimates on the way; `averaged` the error of their average \
               over time. Noise that averages out costs nothing in the end.",
        see: &["mse", "ensemble"],
    },
    Term {
        id: "task",
        name: "task",
        spelled: &["tasks", "new task", "new tasks", "few-shot", "shot"],
        plain: "A small data set of its own, one of many that share λ.",
        more: "λ is learned on some tasks and judged on new ones, which it has not seen: their test loss is what counts. \
               `5-way 1-shot`: five classes, one example each. φᵀμ is what λ says before any point of a task is seen.",
        see: &["test-rows", "ensemble"],
    },
    Term {
        id: "distractor",
        name: "distractor",
        spelled: &["distractors"],
        plain: "An input that says nothing about the answer, put there to mislead.",
        more: "A good λ learns to ignore it.",
        see: &["task"],
    },
    Term {
        id: "cleaning",
        name: "data cleaning",
        spelled: &["precision", "recall", "F1", "σ(λ)", "row weights", "mislabelled", "oracle labels"],
        plain: "Learning which training rows have wrong labels, by giving each row a weight.",
        more: "σ(λᵢ) is the weight of row i, from 0 to 1; a row is kept above ½. Precision: how many of the kept are right. \
               Recall: how many of the right are kept. F1 is their harmonic mean.",
        see: &["hyperparameters", "validation-rows"],
    },
];
