//! Instants as text (RFC 3339), for the verifier's arguments and output. The clock itself is not read here.

use alloc::format;
use alloc::string::String;

const DAY_MS: i64 = 86_400_000;

/// Writes milliseconds since 1970 as UTC, such as `2026-11-21T08:00:00.000Z`.
#[must_use]
pub fn to_rfc3339(ms: u64) -> String {
    let ms = i64::try_from(ms).unwrap_or(i64::MAX);
    let (year, month, day) = civil_of_days(ms.div_euclid(DAY_MS));
    let rest = ms.rem_euclid(DAY_MS);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1000)
}

/// Reads `YYYY-MM-DDThh:mm:ss`, optionally with a fraction, then `Z` or an offset such as `+08:00`;
/// gives milliseconds since 1970. Instants before 1970 are refused.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('T')?;
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let end = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at(end);
    let offset = if zone == "Z" { 0 } else { offset_minutes(zone)? };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let (hour, rest) = clock.split_once(':')?;
    let (minute, second) = rest.split_once(':')?;
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    let days = days_of_civil(year, month, day);
    let real = civil_of_days(days) == (year, month, day) && hour < 24 && minute < 60 && second < 60;
    let seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
    if real { u64::try_from(seconds * 1000 + thousandths(fraction)?).ok() } else { None }
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let sound = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

fn thousandths(fraction: &str) -> Option<i64> {
    let sound = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let first = sound.then(|| format!("{fraction:0<3}"))?;
    first.get(..3)?.parse().ok()
}

fn offset_minutes(zone: &str) -> Option<i64> {
    let (sign, rest) = zone.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let total =
        digits(hours, 2).filter(|hours| *hours < 24)? * 60 + digits(minutes, 2).filter(|m| *m < 60)?;
    Some(if sign == "-" { -total } else { total })
}

/// Days since 1970-01-01 of a date of the Gregorian calendar; years are counted from March, so that the leap
/// day is the last of its year.
fn days_of_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_of_civil`].
fn civil_of_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (month, day) = ((shifted + 2) % 12 + 1, of_year - (153 * shifted + 2) / 5 + 1);
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_instants() {
        for (text, ms) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2000-02-29T23:59:59.999Z", 951_868_799_999),
            ("2026-11-21T08:00:00.000Z", 1_795_248_000_000),
            ("2100-03-01T00:00:00.000Z", 4_107_542_400_000),
        ] {
            assert_eq!(to_rfc3339(ms), text);
            assert_eq!(parse_rfc3339(text), Some(ms));
        }
        assert_eq!(parse_rfc3339("2026-11-21T16:00:00+08:00"), Some(1_795_248_000_000));
        assert_eq!(parse_rfc3339("2026-11-21T05:30:00.5-02:30"), Some(1_795_248_000_500));
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T08:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T08:60:00Z",
            "2026-1-21T08:00:00Z",
            "2026-11-21T08:00:00.Z",
            "2026-11-21T08:00:00+8:00",
            "2026-11-21T08:00:00+24:00",
            "1969-12-31T23:59:59Z",
            "2026-11-21T08:00:00Zx",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-11-21T08:00:00é",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn instants_read_back(ms in 0_u64..253_402_300_800_000) {
            prop_assert_eq!(parse_rfc3339(&to_rfc3339(ms)), Some(ms));
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text: String) {
            let _ = parse_rfc3339(&text);
        }
    }
}
