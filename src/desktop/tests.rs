//! What tests of several screens share.

pub(in crate::desktop) mod frame_cost;
