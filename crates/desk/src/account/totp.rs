//! Codes of the second factor (RFC 6238): six digits, thirty seconds, one step of tolerance.

use domain::time::Instant;
use totp_rs::{Builder, Secret, Totp};

/// Seconds for which a code is shown.
pub(crate) const STEP_SECONDS: i64 = 30;

/// A new secret of 160 bits, in Base32.
pub(crate) fn secret() -> String {
    let mut bytes = [0u8; 20];
    getrandom::fill(&mut bytes).expect("the system gives random bytes, or nothing is safe");
    Secret::from(bytes).to_base32()
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).with_skew(1).build().ok()
}

fn seconds(now: Instant) -> u64 {
    u64::try_from(now.seconds()).unwrap_or(0)
}

/// The step that `code` proves, if it proves one. The caller refuses a step that was used before.
pub(crate) fn check(secret: &str, code: &str, now: Instant) -> Option<i64> {
    let step = totp(secret)?.check(code.trim(), seconds(now))?;
    i64::try_from(step).ok()
}

/// The code of this moment.
pub(crate) fn current(secret: &str, now: Instant) -> Option<String> {
    Some(totp(secret)?.generate(seconds(now)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_rfc_holds() {
        // RFC 6238, appendix B: SHA-1, time 59 gives 94287082; the last six digits here.
        let secret = Secret::from(*b"12345678901234567890").to_base32();
        let at = Instant::from_micros(59_000_000);
        assert_eq!(current(&secret, at).as_deref(), Some("287082"));
        assert_eq!(check(&secret, "287082", at), Some(1));
        assert_eq!(check(&secret, "287083", at), None);
        assert_eq!(check("not base 32!", "287082", at), None);
    }
}
