//! Going through the history: whatever runs comes to rest first.

use super::effect::Effect;
use crate::engine::Request;
use crate::tui::state::LabState;

/// Goes where a request says; a knob that was being turned stays as it is there.
pub(super) fn seek(lab: &mut LabState, request: Request) -> Vec<Effect> {
    lab.is_running = false;
    lab.turned = None;
    lab.turn_waits = false;
    vec![Effect::Stop, Effect::Ask(request)]
}

/// The same, where stepping would not bring back what is done.
pub(super) fn travel(lab: &mut LabState, request: Request) -> Vec<Effect> {
    lab.is_unsaved = true;
    seek(lab, request)
}
