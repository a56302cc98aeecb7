//! Formulas in a model file.

use prodlike_core::formula::{Formula, Operation};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) struct WireFormula {
    left: usize,
    right: usize,
    operation: WireOperation,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireOperation {
    Sum { factors: [i64; 2], divisor: i64 },
    Product { times: i64, divisor: i64 },
    Clock { sign: i64, midnight: i64 },
}

impl WireFormula {
    pub(super) fn from_core(formula: Formula) -> WireFormula {
        WireFormula {
            left: formula.left,
            right: formula.right,
            operation: match formula.operation {
                Operation::Sum { factors, divisor } => WireOperation::Sum { factors, divisor },
                Operation::Product { times, divisor } => WireOperation::Product { times, divisor },
                Operation::Clock { sign, midnight } => WireOperation::Clock { sign, midnight },
            },
        }
    }

    pub(super) fn into_core(self) -> Formula {
        Formula {
            left: self.left,
            right: self.right,
            operation: match self.operation {
                WireOperation::Sum { factors, divisor } => Operation::Sum { factors, divisor },
                WireOperation::Product { times, divisor } => Operation::Product { times, divisor },
                WireOperation::Clock { sign, midnight } => Operation::Clock { sign, midnight },
            },
        }
    }
}
