/// A percentile with all that is needed to judge it: n, its interval, and the successes alone.
package struct QuantileEstimate: Sendable, Equatable, Codable {
  /// Which one was asked for.
  package let percentile: Percentile
  /// How many were asked, failures included.
  package let n: Int
  /// The nearest rank among all, failures counting as slower than every success.
  package let value: Bound
  /// The interval's lower end, part of the interval.
  package let low: Bound
  /// The interval's upper end, just outside the interval.
  package let high: Bound
  /// The confidence that the interval reaches, not less than asked for; a missing end costs none.
  package let confidence: Double
  /// The nearest rank among the successes alone, which flatters a target that fails.
  package let successOnly: Double?
}

/// A quantile or one end of its interval, or the reason why there is no number.
///
/// In JSON: the number, or `"unbounded"`, or `{"needs": 72}`.
package enum Bound: Sendable, Equatable {
  /// An observed value, in the unit of the sample.
  case value(Double)
  /// The rank falls among the failures: higher than anything that was observed.
  case unbounded
  /// Too few values for this order statistic to exist; it does from `needs` on.
  case unavailable(needs: Int)
}

extension Bound: Codable {
  private static let unboundedText = "unbounded"

  private enum CodingKeys: CodingKey {
    case needs
  }

  package init(from decoder: any Decoder) throws {
    if let keyed = try? decoder.container(keyedBy: CodingKeys.self) {
      self = .unavailable(needs: try keyed.decode(Int.self, forKey: .needs))
      return
    }
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      self = .value(try container.decode(Double.self))
      return
    }
    guard text == Self.unboundedText else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "“\(text)” is neither a number nor “unbounded”"
      )
    }
    self = .unbounded
  }

  package func encode(to encoder: any Encoder) throws {
    if case .unavailable(let needs) = self {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(needs, forKey: .needs)
      return
    }
    var container = encoder.singleValueContainer()
    if case .value(let number) = self {
      try container.encode(number)
    } else {
      try container.encode(Self.unboundedText)
    }
  }
}
