//! How many children parents have.

/// One class of a degree law: parents whose number of children lies in `lo..=hi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DegreeClass {
    /// Fewest children.
    pub lo: u64,
    /// Most children.
    pub hi: u64,
    /// Parents of the real data in the class.
    pub parents: u64,
}

/// The distribution of the number of children of a parent: classes in ascending order,
/// which do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DegreeLaw {
    /// Ascending.
    pub classes: Vec<DegreeClass>,
}
