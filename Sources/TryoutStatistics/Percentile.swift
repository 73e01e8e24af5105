/// A percentile as an exact fraction, so that its rank is never one too high by rounding.
///
/// In doubles `ceil(7 / 100.0 * 100)` is 8. In JSON a percentile is its label.
package struct Percentile: Sendable, Hashable {
  /// The fraction's upper part, in lowest terms.
  package let numerator: Int
  /// The fraction's lower part, in lowest terms; larger than the numerator.
  package let denominator: Int

  /// The median.
  package static let p50 = Percentile(1, 2)
  /// One in ten lies above; 95 % sure of an upper end from n = 36 on.
  package static let p90 = Percentile(9, 10)
  /// One in twenty lies above; 95 % sure of an upper end from n = 72 on.
  package static let p95 = Percentile(19, 20)
  /// One in a hundred lies above; 95 % sure of an upper end from n = 368 on.
  package static let p99 = Percentile(99, 100)

  private init(_ numerator: Int, _ denominator: Int) {
    var (divisor, rest) = (denominator, numerator)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  /// Reads `p95` or `p99.9`: above p0, below p100, at most six decimals, no needless zeros.
  package init?(label: String) {
    let parts = label.dropFirst().split(
      separator: ".",
      maxSplits: 1,
      omittingEmptySubsequences: false
    )
    let decimals = parts.count == 2 ? String(parts[1]) : ""
    guard decimals.count <= 6, let numerator = Int(parts[0] + decimals) else { return nil }
    let denominator = decimals.reduce(100) { scale, _ in scale * 10 }
    guard numerator > 0, numerator < denominator else { return nil }
    self.init(numerator, denominator)
    guard self.label == label else { return nil }
  }

  /// The usual name, such as `p95` or `p99.9`; `init(label:)` reads it back.
  package var label: String {
    var text = "p\(100 * numerator / denominator)"
    var rest = 100 * numerator % denominator
    if rest > 0 { text += "." }
    while rest > 0 {
      text += String(10 * rest / denominator)
      rest = 10 * rest % denominator
    }
    return text
  }

  /// The double next to the fraction, for formulas that are not about ranks.
  package var fraction: Double { Double(numerator) / Double(denominator) }

  /// The nearest rank, 1-based, among `count` sorted values; 0 when there are none.
  ///
  /// The smallest integer not below p·n: type 1 of Hyndman and Fan, "Sample Quantiles in
  /// Statistical Packages", The American Statistician 50, 1996.
  package func rank(of count: Int) -> Int {
    (numerator * count + denominator - 1) / denominator
  }
}

extension Percentile: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let label = try container.decode(String.self)
    guard let percentile = Percentile(label: label) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "“\(label)” is no percentile; write p95 or p99.9"
      )
    }
    self = percentile
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(label)
  }
}
