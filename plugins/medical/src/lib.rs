//! medical
