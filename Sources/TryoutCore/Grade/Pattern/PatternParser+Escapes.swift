extension PatternParser {
  /// What a backslash stands for outside a class.
  mutating func escape(from start: Int) throws(Pattern.Refusal) -> PatternNode {
    switch next {
    case "b", "B":
      let isNegated = takeScalar() == "B"
      return .assertion(.wordBoundary(dialect == .ecma ? nil : .word, isNegated: isNegated))
    case "A" where dialect == .unicode: return assertion(.textStart)
    case "z" where dialect == .unicode: return assertion(.textEnd)
    case "Z" where dialect == .unicode: return assertion(.lastLineEnd)
    case "Q" where dialect == .unicode: return quotation()
    default: break
    }
    if let item = try classEscape() {
      return .set(ScalarSet([item], foldsCase: flags.contains("i")))
    }
    return literal(try scalarEscape(from: start))
  }

  private mutating func assertion(_ assertion: PatternAssertion) -> PatternNode {
    place += 1
    return .assertion(assertion)
  }

  /// Everything to `\E` stands for itself.
  private mutating func quotation() -> PatternNode {
    place += 1
    var nodes: [PatternNode] = []
    while !take("\\E"), let scalar = takeScalar() { nodes.append(literal(scalar)) }
    place = min(place, scalars.count)
    return nodes.isEmpty ? .empty : .sequence(nodes)
  }

  /// A class of scalars such as `\d` or `\p{L}`; nil where something else is escaped.
  mutating func classEscape() throws(Pattern.Refusal) -> ScalarSet.Item? {
    guard let scalar = next else { return nil }
    let isNegated = scalar.properties.isUppercase
    switch scalar {
    case "d", "D":
      place += 1
      return dialect == .ecma
        ? .set(ScalarSet([.range(48...57)], isNegated: isNegated))
        : .property(.categories([.decimalNumber]), isNegated: isNegated)
    case "w", "W":
      place += 1
      let ascii: [ScalarSet.Item] = [
        .range(48...57), .range(65...90), .range(95...95), .range(97...122),
      ]
      return dialect == .ecma
        ? .set(ScalarSet(ascii, isNegated: isNegated)) : .property(.word, isNegated: isNegated)
    case "s", "S":
      place += 1
      return .property(dialect == .ecma ? .ecmaSpace : .whitespace, isNegated: isNegated)
    case "h" where dialect == .unicode, "H" where dialect == .unicode:
      place += 1
      return .set(
        ScalarSet(
          [.range(9...9), .property(.categories([.spaceSeparator]), isNegated: false)],
          isNegated: isNegated))
    case "p", "P": return .property(try property(), isNegated: isNegated)
    default: return nil
    }
  }

  private mutating func property() throws(Pattern.Refusal) -> ScalarProperty {
    let start = place - 1
    place += 1
    var name = ""
    if take("{") {
      while let scalar = takeScalar(), scalar != "}" { name.unicodeScalars.append(scalar) }
    } else if let scalar = takeScalar() {
      name.unicodeScalars.append(scalar)
    }
    guard place <= scalars.count, let property = ScalarProperty(name: name) else {
      throw refusal(
        "the property \(name) is not known",
        advice:
          "general categories such as L, Lu, Nd, P are, and Alphabetic, White_Space, Emoji; write ranges instead",
        at: start)
    }
    return property
  }

  /// One scalar behind a backslash.
  mutating func scalarEscape(from start: Int) throws(Pattern.Refusal) -> Unicode.Scalar {
    guard let scalar = takeScalar() else {
      throw refusal("the pattern ends with a backslash", at: start)
    }
    switch scalar {
    case "t": return "\t"
    case "n": return "\n"
    case "r": return "\r"
    case "f": return "\u{C}"
    case "v": return "\u{B}"
    case "a" where dialect == .unicode: return "\u{7}"
    case "e" where dialect == .unicode: return "\u{1B}"
    case "0": return "\0"
    case "c":
      guard let letter = takeScalar(), letter.isASCII, letter.properties.isAlphabetic,
        let control = Unicode.Scalar(letter.value & 31)
      else { throw refusal("\\c has no letter", at: start) }
      return control
    case "x": return try hexadecimal(digits: 2, from: start)
    case "u": return try utf16(from: start)
    case "U" where dialect == .unicode: return try hexadecimal(digits: 8, from: start)
    case "1"..."9", "k":
      throw refusal(
        "back-references are not supported",
        advice: "they need backtracking: write out what is meant", at: start)
    default:
      guard !scalar.isASCII || !(scalar.properties.isAlphabetic || "0"..."9" ~= scalar) else {
        throw refusal("\\\(scalar) is not known", at: start)
      }
      return scalar
    }
  }

  private mutating func utf16(from start: Int) throws(Pattern.Refusal) -> Unicode.Scalar {
    let first = try hexadecimalValue(digits: 4, from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A pair of surrogates is one scalar.
    guard (0xD800..<0xDC00).contains(first), take("\\u") else {
      throw refusal("\\u names half a scalar", at: start)
    }
    let second = try hexadecimalValue(digits: 4, from: start)
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw refusal("\\u names half a scalar", at: start) }
    return scalar
  }

  private mutating func hexadecimal(
    digits: Int, from start: Int
  ) throws(Pattern.Refusal) -> Unicode.Scalar {
    let value = try hexadecimalValue(digits: digits, from: start)
    guard let scalar = Unicode.Scalar(value) else {
      throw refusal("this names no scalar of Unicode", at: start)
    }
    return scalar
  }

  /// So many digits, or any number of them in braces.
  private mutating func hexadecimalValue(
    digits: Int, from start: Int
  ) throws(Pattern.Refusal) -> UInt32 {
    var end = min(place + digits, scalars.count)
    var isBraced = false
    if take("{") {
      guard let close = scalars[place...].firstIndex(of: "}") else {
        throw refusal("this { is not closed", at: start)
      }
      end = close
      isBraced = true
    }
    let text = String(String.UnicodeScalarView(scalars[place..<end]))
    guard isBraced || text.utf8.count == digits, !text.hasPrefix("+"),
      let value = UInt32(text, radix: 16)
    else { throw refusal("hexadecimal digits are missing", at: start) }
    place = isBraced ? end + 1 : end
    return value
  }
}
