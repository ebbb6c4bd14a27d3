//! Randomness as an argument.

use zeroize::Zeroizing;

/// The generator gave nothing; no key may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandomness;

/// Where the bytes come from: fills the slice or says that it cannot.
pub type Filler = dyn FnMut(&mut [u8]) -> Result<(), NoRandomness> + Send;

/// A source of random bytes, handed in by the shell: the operating system's generator, or a test's script.
pub struct Dice(Box<Filler>);

impl Dice {
    /// Wraps a filler.
    #[must_use]
    pub fn new(filler: Box<Filler>) -> Self {
        Self(filler)
    }

    /// `N` fresh random bytes, wiped when dropped.
    ///
    /// # Errors
    /// [`NoRandomness`] when the generator does not answer.
    pub fn bytes<const N: usize>(&mut self) -> Result<Zeroizing<[u8; N]>, NoRandomness> {
        let mut out = Zeroizing::new([0; N]);
        self.fill(out.as_mut_slice())?;
        Ok(out)
    }

    /// Fills a slice.
    ///
    /// # Errors
    /// [`NoRandomness`] when the generator does not answer.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), NoRandomness> {
        (self.0)(out)
    }
}

/// Dice for tests: a repeatable stream that differs from call to call.
#[cfg(test)]
pub(crate) fn loaded(start: u8) -> Dice {
    let mut counter = u64::from(start) << 32;
    Dice::new(Box::new(move |out| {
        use sha2::{Digest, Sha256};
        for chunk in out.chunks_mut(32) {
            counter += 1;
            chunk.copy_from_slice(&Sha256::digest(counter.to_be_bytes())[..chunk.len()]);
        }
        Ok(())
    }))
}
