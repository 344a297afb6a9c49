//! Where an inner run ends before its steps are taken.

use crate::catalog::{Kind, Knob, Scale};

/// The tolerance, and by what it falls.
pub(super) static TOLERANCE: [Knob; 3] = [
    Knob {
        key: "tolerance",
        help: "ε: an inner run ends where the norm of ∇g over all rows is at most this; 0 lets it take all its steps.",
        kind: Kind::Real { default: 0.0, range: (0.0, 1e6), scale: Scale::Logarithmic },
    },
    Knob {
        key: "tolerance_power",
        help: "c: the tolerance of outer step t is ε/(1 + t/b)^c; 0 keeps it constant, above 1 its sum is finite.",
        kind: Kind::Real { default: 0.0, range: (0.0, 4.0), scale: Scale::Linear },
    },
    Knob {
        key: "tolerance_after",
        help: "b: outer steps after which a tolerance that falls is 2^c times smaller.",
        kind: Kind::Real { default: 100.0, range: (1e-3, 1e9), scale: Scale::Logarithmic },
    },
];
