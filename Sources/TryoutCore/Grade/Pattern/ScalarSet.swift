/// A set of Unicode scalars: a class of a regular expression, or one letter in several cases.
struct ScalarSet: Sendable {
  indirect enum Item: Sendable {
    case range(ClosedRange<UInt32>)
    case property(ScalarProperty, isNegated: Bool)
    case set(ScalarSet)
  }

  private let items: [Item]
  private let isNegated: Bool
  private let foldsCase: Bool
  /// Which of the first 128 scalars are in it.
  private let ascii: (UInt64, UInt64)

  init(_ items: [Item], isNegated: Bool = false, foldsCase: Bool = false) {
    self.items = items
    self.isNegated = isNegated
    self.foldsCase = foldsCase
    var words: (UInt64, UInt64) = (0, 0)
    for value in UInt32(0)..<128 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isIn = ScalarSet.matches(scalar, items, foldsCase) != isNegated
      if isIn, value < 64 { words.0 |= 1 << UInt64(value) }
      if isIn, value >= 64 { words.1 |= 1 << UInt64(value - 64) }
    }
    ascii = words
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let value = UInt64(scalar.value)
    if value < 64 { return ascii.0 >> value & 1 == 1 }
    if value < 128 { return ascii.1 >> (value - 64) & 1 == 1 }
    return ScalarSet.matches(scalar, items, foldsCase) != isNegated
  }

  private static func matches(_ scalar: Unicode.Scalar, _ items: [Item], _ foldsCase: Bool) -> Bool
  {
    if items.contains(where: { $0.contains(scalar) }) { return true }
    guard foldsCase else { return false }
    return scalar.otherCases.contains { other in items.contains { $0.contains(other) } }
  }
}

extension ScalarSet.Item {
  func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .range(let range): range.contains(scalar.value)
    case .property(let property, let isNegated): property.contains(scalar) != isNegated
    case .set(let set): set.contains(scalar)
    }
  }
}

extension Unicode.Scalar {
  /// The scalar in the other cases, where those are single scalars, one step of folding included: `ſ` is an `s` too.
  var otherCases: [Unicode.Scalar] {
    var found: [Unicode.Scalar] = []
    for mapping in [properties.lowercaseMapping, properties.uppercaseMapping] {
      guard let other = mapping.unicodeScalars.first, mapping.unicodeScalars.count == 1 else {
        continue
      }
      found.append(other)
      let back = other.properties.lowercaseMapping.unicodeScalars
      if let scalar = back.first, back.count == 1 { found.append(scalar) }
    }
    return found
  }
}
