extension PatternParser {
  /// Reads a class whose `[` was taken.
  mutating func characterClass(from start: Int) throws(Pattern.Refusal) -> ScalarSet {
    let isNegated = take("^")
    var items: [ScalarSet.Item] = []
    var isFirst = true
    while let scalar = next {
      if scalar == "]", !isFirst || dialect == .ecma {
        place += 1
        return ScalarSet(items, isNegated: isNegated, foldsCase: flags.contains("i"))
      }
      isFirst = false
      items.append(try classItem(from: start))
    }
    throw refusal("this class is not closed", advice: "a ] is missing, or write \\[", at: start)
  }

  /// One member of a class: a scalar, a range, or a class of its own.
  private mutating func classItem(from start: Int) throws(Pattern.Refusal) -> ScalarSet.Item {
    if dialect == .unicode {
      if take("[:") { return try namedClass(from: start) }
      if next == "[" {
        throw refusal("a class inside a class is not supported", advice: "write \\[ for a bracket")
      }
      if take("&&") || take("--") {
        throw refusal(
          "set operations in classes are not supported", advice: "write \\& or \\- for the sign",
          at: place - 2)
      }
    }
    if take("\\") {
      if let item = try classEscape() { return item }
      place -= 1
    }
    let low = try member()
    guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
      return .range(low.value...low.value)
    }
    let hyphen = place
    place += 1
    if next == "\\" {
      place += 1
      if let item = try classEscape() {
        // `[a-\d]`: the hyphen is one of the scalars.
        let hyphen = ScalarSet.Item.range(45...45)
        return .set(ScalarSet([.range(low.value...low.value), hyphen, item]))
      }
      place -= 1
    }
    let high = try member()
    guard low <= high else {
      throw refusal("this range is the wrong way round", at: hyphen)
    }
    return .range(low.value...high.value)
  }

  /// One scalar of a class.
  private mutating func member() throws(Pattern.Refusal) -> Unicode.Scalar {
    let start = place
    guard let scalar = takeScalar() else { throw refusal("this class is not closed", at: start) }
    guard scalar == "\\" else { return scalar }
    if take("b") { return "\u{8}" }
    return try scalarEscape(from: start)
  }

  /// The inside of `[[:alpha:]]`, whose `[:` was taken.
  private mutating func namedClass(from start: Int) throws(Pattern.Refusal) -> ScalarSet.Item {
    let isNegated = take("^")
    var name = ""
    while !take(":]") {
      guard let scalar = takeScalar() else { throw refusal("this class is not closed", at: start) }
      name.unicodeScalars.append(scalar)
    }
    let property: ScalarProperty? =
      switch name {
      case "digit": .categories([.decimalNumber])
      case "word": .word
      case "cntrl": .categories([.control])
      default: ScalarProperty(name: name)
      }
    if let property { return .property(property, isNegated: isNegated) }
    let known: [String: [ScalarSet.Item]] = [
      "alnum": [
        .property(.alphabetic, isNegated: false),
        .property(.categories([.decimalNumber]), isNegated: false),
      ],
      "blank": [.range(9...9), .property(.categories([.spaceSeparator]), isNegated: false)],
      "xdigit": [.range(48...57), .range(65...70), .range(97...102)],
    ]
    guard let items = known[name] else { throw refusal("[:\(name):] is not known", at: start) }
    return .set(ScalarSet(items, isNegated: isNegated))
  }
}
