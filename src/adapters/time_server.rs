//! The clinic's time server, by SNTP (RFC 5905, section 14).

use std::time::Duration;

use rsntp::{Config, SntpClient};

use crate::ports::TimeServer;

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// A time server that is asked over the network.
pub struct SntpServer(SntpClient);

impl SntpServer {
    /// Nothing is sent before the first question.
    #[must_use]
    pub fn new() -> Self {
        Self(SntpClient::with_config(Config::default().timeout(PATIENCE)))
    }
}

impl Default for SntpServer {
    fn default() -> Self {
        Self::new()
    }
}

impl TimeServer for SntpServer {
    fn clock_off_secs(&mut self, server: &str) -> Option<i64> {
        let answer = self.0.synchronize(server).ok()?;
        // Its offset is the server's clock less ours.
        let off = -answer.clock_offset().as_secs_f64().round();
        #[expect(clippy::cast_possible_truncation, reason = "whole, and `as` saturates")]
        off.is_finite().then_some(off as i64)
    }
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::thread;

    use super::*;
    use crate::adapters::clock::SystemClock;
    use crate::ports::Clock as _;

    /// Answers one question with a time so far from this computer's, as RFC 5905 figure 8 says; or not at all.
    fn server(ahead_secs: Option<i64>) -> String {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        thread::Builder::new()
            .name("time server".to_owned())
            .spawn(move || {
                let mut asked = [0; 48];
                let (_, from) = socket.recv_from(&mut asked).unwrap();
                let Some(ahead) = ahead_secs else { return };
                const FROM_1900: i64 = 2_208_988_800;
                let time =
                    u32::try_from((SystemClock::new().now().unix_secs + ahead + FROM_1900) & 0xffff_ffff).unwrap();
                let mut answer = [0; 48];
                answer[0] = 0b00_100_100; // no leap second, version 4, server
                answer[1] = 2; // stratum
                answer[24..32].copy_from_slice(&asked[40..48]);
                answer[32..36].copy_from_slice(&time.to_be_bytes());
                answer[40..44].copy_from_slice(&time.to_be_bytes());
                socket.send_to(&answer, from).unwrap();
            })
            .unwrap();
        address
    }

    #[test]
    fn a_time_server_says_how_far_this_clock_is_off() {
        for ahead in [0, 180, -7200] {
            let off = SntpServer::new().clock_off_secs(&server(Some(ahead))).unwrap();
            assert!((off + ahead).abs() <= 2, "{ahead}: {off}");
        }
    }

    #[test]
    fn one_that_does_not_answer_says_nothing() {
        assert_eq!(SntpServer::new().clock_off_secs(&server(None)), None);
        assert_eq!(SntpServer::new().clock_off_secs("no such host.invalid"), None);
        assert_eq!(SntpServer::new().clock_off_secs(""), None);
    }
}
