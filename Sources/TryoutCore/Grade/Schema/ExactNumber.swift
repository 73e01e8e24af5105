/// A number as its decimal digits say, however many there are: JSON Schema compares values and not their roundings.
///
/// It is `digits × 10^exponent` with neither leading nor trailing zeros; zero has no digits.
struct ExactNumber: Hashable, Sendable {
  let isNegative: Bool
  /// 0 to 9 each, the most significant first.
  let digits: [UInt8]
  let exponent: Int

  /// Larger exponents are taken for this one: nobody means the difference.
  private static let mostExponent = 1 << 40

  /// Takes the parts of a literal apart: the digits before and after the point, and the exponent.
  init(
    isNegative: Bool, whole: some Collection<UInt8>, fraction: some Collection<UInt8>, exponent: Int
  ) {
    var digits = Array(whole.drop { $0 == 0 })
    if digits.isEmpty { digits = Array(fraction.drop { $0 == 0 }) } else { digits += fraction }
    var exponent = exponent - fraction.count
    let significant = digits.count - digits.reversed().prefix { $0 == 0 }.count
    exponent += digits.count - significant
    digits.removeLast(digits.count - significant)
    self.digits = digits
    self.exponent = digits.isEmpty ? 0 : exponent
    self.isNegative = isNegative && !digits.isEmpty
  }

  init(_ value: Int) {
    self.init(
      isNegative: value < 0, whole: String(value.magnitude).utf8.map { $0 - 48 }, fraction: [],
      exponent: 0)
  }

  /// The exponent that an exponent's digits stand for.
  static func exponent(isNegative: Bool, _ digits: some Sequence<UInt8>) -> Int {
    var value = 0
    for digit in digits { value = min(value * 10 + Int(digit), mostExponent) }
    return isNegative ? -value : value
  }

  /// Whether its value is whole: 1.0 is, and so is 1e3.
  var isInteger: Bool { exponent >= 0 }

  /// The value as a count; nil where it is negative or no whole number, the largest `Int` where it is larger.
  var count: Int? {
    guard isInteger, !isNegative else { return nil }
    guard digits.count + exponent <= 18 else { return .max }
    return (digits + Array(repeating: 0, count: exponent)).reduce(0) { $0 * 10 + Int($1) }
  }

  /// The most digits of a divisor.
  static let mostDivisorDigits = 18

  /// Whether dividing gives a whole number.
  ///
  /// The divisor is above zero and has at most 18 digits: the remainder is taken digit by digit.
  func isMultiple(of divisor: ExactNumber) -> Bool {
    guard !digits.isEmpty else { return true }
    // Without trailing zeros of its own, no number of digits is a multiple of ten.
    guard exponent >= divisor.exponent else { return false }
    let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
    guard modulus > 0 else { return false }
    var rest = UInt64(0)
    for digit in digits { rest = (rest * 10 + UInt64(digit)) % modulus }
    return ExactNumber.product(
      rest, ExactNumber.power(exponent - divisor.exponent, modulus), modulus) == 0
  }

  private static func product(_ left: UInt64, _ right: UInt64, _ modulus: UInt64) -> UInt64 {
    modulus.dividingFullWidth(left.multipliedFullWidth(by: right)).remainder
  }

  /// 10 to a power, by repeated squaring.
  private static func power(_ exponent: Int, _ modulus: UInt64) -> UInt64 {
    var result = 1 % modulus
    var base = 10 % modulus
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, base, modulus) }
      base = product(base, base, modulus)
      rest >>= 1
    }
    return result
  }

  /// As JSON writes it, the shorter of plain and scientific.
  var text: String {
    guard !digits.isEmpty else { return "0" }
    let sign = isNegative ? "-" : ""
    let all = digits.map(String.init).joined()
    if exponent >= 0, exponent <= 6 { return sign + all + String(repeating: "0", count: exponent) }
    if exponent < 0, exponent >= -20 {
      let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + all
      return "\(sign)\(padded.dropLast(-exponent)).\(padded.suffix(-exponent))"
    }
    return "\(sign)\(all)e\(exponent)"
  }
}

extension ExactNumber: Comparable {
  static func < (left: ExactNumber, right: ExactNumber) -> Bool {
    guard left.isNegative == right.isNegative else { return left.isNegative }
    return left.isNegative ? right.isCloserToZero(than: left) : left.isCloserToZero(than: right)
  }

  private func isCloserToZero(than other: ExactNumber) -> Bool {
    if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
    let (size, otherSize) = (digits.count + exponent, other.digits.count + other.exponent)
    return size == otherSize ? digits.lexicographicallyPrecedes(other.digits) : size < otherSize
  }
}
