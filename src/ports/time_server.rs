//! What is asked of the clinic's own time server.

/// A server that knows the time. It explains and never corrects: no code is judged by its answer.
pub trait TimeServer: Send {
    /// This computer's clock less the server's, in seconds; negative when this computer is slow. `None` when it does not
    /// answer within a few seconds, or not with a time.
    fn clock_off_secs(&mut self, server: &str) -> Option<i64>;
}
