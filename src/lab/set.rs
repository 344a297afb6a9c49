//! Setting any value of the scenario that a lab runs, by its path.
//!
//! The scenario as it is set now is written out, changed as `--set` changes a file, and read back; what differs
//! decides how much of the lab starts anew. So the screen takes what the command line takes, and a path that
//! leads nowhere is refused in the same words.

use super::{CommandError, Lab};
use crate::scenario::{Scenario, check_ensemble, vary};
use crate::trial::Setting;

impl Lab {
    /// The scenario as it is set now: its trials are those of the lab, in the order shown.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        let start = &self.experiment.scenario;
        let trials = self.trials().map(|trial| trial.setting().spec(start)).collect();
        Scenario { trials, measure_every: self.recording.every, ..start.clone() }
    }

    pub(super) fn set(&mut self, path: &str, value: &str) -> Result<(), CommandError> {
        let now = self.scenario();
        let then = vary(&now, &format!("{path}={value}")).map_err(CommandError::Path)?;
        if then.trials.len() != self.contenders.len() {
            return Err(CommandError::Trials);
        }
        let settings: Vec<Setting> = then.trials.iter().map(|trial| Setting::of(trial, &then)).collect();
        // Built before anything is touched: on an error nothing has changed.
        let experiment = self.experiment.with(&then)?;
        for (index, setting) in settings.iter().enumerate() {
            check_ensemble(&format!("trials[{index}].ensemble"), &setting.ensemble, &experiment)?;
        }
        if then.measure_every != now.measure_every {
            self.measure_at(then.measure_every);
        }
        // What the lab was started with stays known: new trials and baselines refer to it.
        let trials = self.experiment.scenario.trials.clone();
        let mut experiment = experiment;
        experiment.scenario.trials = trials;
        if now.has_same_stage(&then) {
            self.put(experiment);
        } else {
            self.enter(experiment, !now.has_same_start(&then));
        }
        for (contender, mut setting) in self.contenders.iter_mut().zip(settings) {
            if contender.trial.setting().name == setting.name {
                setting.rename_after(contender.trial.setting().estimator.card().name);
            }
            if *contender.trial.setting() != setting {
                contender.trial.change(setting);
            }
        }
        Ok(())
    }
}
