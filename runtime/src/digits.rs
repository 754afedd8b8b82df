//! Numbers as text. By hand where they are in every line: the formatting machinery of the standard library takes longer
//! than all the rest of one.

/// Appends a whole number.
pub(crate) fn push_u64(out: &mut String, number: u64) {
    push_int(out, number);
}

/// Appends a whole number of any type.
pub(crate) fn push_int(out: &mut String, number: impl itoa::Integer) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// The numbers below 100 with two digits each, so that no text has to be checked for being one.
const PAIRS: &str = "00010203040506070809101112131415161718192021222324252627282930313233343536373839\
                     40414243444546474849505152535455565758596061626364656667686970717273747576777879\
                     8081828384858687888990919293949596979899";

/// Appends the last `WIDTH` digits of a number, zeros in front included.
pub(crate) fn push_padded<const WIDTH: usize>(out: &mut String, number: u32) {
    let pair = |place: usize| number as usize / 100_usize.pow(place as u32) % 100 * 2;
    if WIDTH % 2 == 1 {
        let at = pair(WIDTH / 2);
        out.push_str(&PAIRS[at + 1..at + 2]);
    }
    for place in (0..WIDTH / 2).rev() {
        let at = pair(place);
        out.push_str(&PAIRS[at..at + 2]);
    }
}

/// Appends nanoseconds in seconds, such as `2.342886`; what would come behind the last decimal is cut off.
pub(crate) fn push_seconds<const DECIMALS: usize>(out: &mut String, ns: u64) {
    const NANOS: u64 = 1_000_000_000;
    push_u64(out, ns / NANOS);
    out.push('.');
    let unit = 10_u32.pow(9 - DECIMALS as u32);
    push_padded::<DECIMALS>(out, (ns % NANOS) as u32 / unit);
}

/// Appends the last `DIGITS` hex digits of a number.
pub(crate) fn push_hex<const DIGITS: usize>(out: &mut String, number: u128) {
    let mut digits = [0; DIGITS];
    let bytes = number.to_be_bytes();
    for (pair, byte) in digits.chunks_exact_mut(2).zip(&bytes[bytes.len() - DIGITS / 2..]) {
        pair.copy_from_slice(&[hex(byte >> 4), hex(byte & 0xf)]);
    }
    push_ascii(out, &digits);
}

/// Without branches, so that many digits are made at a time.
const fn hex(digit: u8) -> u8 {
    digit + if digit < 10 { b'0' } else { b'a' - 10 }
}

fn push_ascii(out: &mut String, digits: &[u8]) {
    out.push_str(str::from_utf8(digits).expect("digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_written_as_the_standard_library_does(ns: u64, id: u128, micros in 0..1_000_000_u32) {
            let mut out = String::new();
            push_u64(&mut out, ns);
            push_padded::<6>(&mut out, micros);
            push_padded::<3>(&mut out, micros);
            push_hex::<32>(&mut out, id);
            push_hex::<8>(&mut out, id);
            push_seconds::<6>(&mut out, ns);
            push_seconds::<2>(&mut out, ns);
            let (low, seconds) = (id as u32, ns / 1_000_000_000);
            let (six, two) = (ns / 1000 % 1_000_000, ns / 10_000_000 % 100);
            let expected = format!(
                "{ns}{micros:06}{:03}{id:032x}{low:08x}{seconds}.{six:06}{seconds}.{two:02}",
                micros % 1000
            );
            prop_assert_eq!(out, expected);
        }
    }
}
