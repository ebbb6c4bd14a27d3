//! What tests of several screens share.

pub(crate) mod frame_cost;
