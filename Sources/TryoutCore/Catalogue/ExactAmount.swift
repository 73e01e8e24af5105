import Foundation

/// US dollars exactly as a provider writes them, such as `0.00000005` for one token.
///
/// Catalogues write prices as decimal texts; a `Double` would make two of them equal that are not.
package struct ExactAmount: Sendable, Hashable, Comparable {
  /// Without leading or trailing zeros, exponent or plus sign, so that equal amounts have equal texts.
  package let text: String
  private let value: Decimal

  package static let zero = ExactAmount(Decimal(0))

  private init(_ value: Decimal) {
    self.value = value
    text = "\(value)"
  }

  /// Reads a decimal number, also one with an exponent; nil for every other text and beyond 38 digits.
  package init?(_ text: String) {
    let pattern = /[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?/
    let plain = text.hasPrefix("+") ? String(text.dropFirst()) : text
    guard text.wholeMatch(of: pattern) != nil, text.count(where: \.isNumber) <= 38,
      let value = Decimal(string: plain), value.isFinite
    else { return nil }
    self.init(value)
  }

  /// Reads a price in JSON: a text, or a number as it was most briefly written.
  package init?(_ json: JSON?) {
    switch json {
    case .string(let text)?: self.init(text)
    case .integer(let value)?: self.init(Decimal(value))
    case .number(let value)?: self.init("\(value)")
    default: return nil
    }
  }

  package var isZero: Bool { value == 0 }

  /// Below zero, which routers use for a price that depends on whom they choose.
  package var isVariable: Bool { value < 0 }

  /// The price of a million of what this is the price of one.
  package var perMillion: ExactAmount { ExactAmount(value * 1_000_000) }

  /// The nearest number; nil never but for a text that no number can be.
  package var dollars: Double? { Double(text) }

  package static func + (first: ExactAmount, second: ExactAmount) -> ExactAmount {
    ExactAmount(first.value + second.value)
  }

  package static func * (first: ExactAmount, count: Int) -> ExactAmount {
    ExactAmount(first.value * Decimal(count))
  }

  package static func < (first: ExactAmount, second: ExactAmount) -> Bool {
    first.value < second.value
  }

  package static func - (first: ExactAmount, second: ExactAmount) -> ExactAmount {
    ExactAmount(first.value - second.value)
  }
}
