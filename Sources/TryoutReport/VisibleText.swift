/// Foreign text made safe for one line of a terminal, and measured in its columns.
///
/// Names, models and messages come from suites and providers: they may carry colour codes, clickable
/// links, cursor movements, reversed reading order or letters that nobody can see.
package enum VisibleText {
  /// The text on one line without control sequences, invisible characters and surplus white space.
  package static func line(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    var isAfterSpace = true
    for scalar in withoutSequences(text) {
      if scalar.properties.isWhitespace {
        if !isAfterSpace { line.append(" ") }
        isAfterSpace = true
      } else if !isInvisible(scalar) {
        line.append(scalar)
        isAfterSpace = false
      }
    }
    if line.last == " " { line.removeLast() }
    return String(line)
  }

  /// A piece of a text of many lines, in which only line ends and tabs are left of all that controls a terminal.
  ///
  /// Each character is judged by itself, so that pieces of a stream come to the same as the whole.
  package static func block(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars
    where scalar == "\n" || scalar == "\t" || !isInvisible(scalar) {
      kept.append(scalar)
    }
    return String(kept)
  }

  /// `line(_:)` with its middle left out where it is longer than anything worth reading.
  static func brief(_ text: String) -> String { truncated(line(text), to: 2000) }

  /// Columns that a terminal needs: two for East Asian wide characters and emoji, none for accents.
  package static func width(_ line: String) -> Int {
    line.reduce(0) { $0 + width($1) }
  }

  /// The line with its middle left out where it needs more than so many columns.
  ///
  /// Both ends are kept: model ids differ in their vendor and in their suffix.
  package static func truncated(_ line: String, to columns: Int) -> String {
    guard width(line) > columns else { return line }
    guard columns > 1 else { return columns == 1 ? "…" : "" }
    let head = fitting(line, in: columns / 2)
    let tail = fitting(String(line.reversed()), in: columns - 1 - columns / 2)
    return head + "…" + String(tail.reversed())
  }

  private static func fitting(_ characters: String, in columns: Int) -> Substring {
    var left = columns
    return characters.prefix { character in
      left -= width(character)
      return left >= 0
    }
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isDefaultIgnorableCodePoint { return true }
    return switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .unassigned: true
    default: false
    }
  }

  // MARK: Control sequences

  private static let escape: Unicode.Scalar = "\u{1B}"
  private static let bell: Unicode.Scalar = "\u{7}"
  /// CSI, in one character.
  private static let control: Unicode.Scalar = "\u{9B}"
  private static let stringTerminator: Unicode.Scalar = "\u{9C}"
  /// DCS, SOS, OSC, PM and APC, in one character and after an escape.
  private static let stringStarts: Set<Unicode.Scalar> = [
    "\u{90}", "\u{98}", "\u{9D}", "\u{9E}", "\u{9F}",
  ]
  private static let escapedStringStarts: Set<Unicode.Scalar> = ["P", "X", "]", "^", "_"]

  /// Leaves out whole sequences of ECMA-48; a string that never ends loses only its introducer.
  private static func withoutSequences(_ text: String) -> [Unicode.Scalar] {
    let scalars = Array(text.unicodeScalars)
    var kept: [Unicode.Scalar] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let next = index + 1 < scalars.count ? scalars[index + 1] : nil
      index += 1
      if scalar == control || scalar == escape && next == "[" {
        if scalar == escape { index += 1 }
        index = endOfControlSequence(scalars, from: index)
      } else if stringStarts.contains(scalar) {
        index = endOfString(scalars, from: index)
      } else if scalar == escape, let next {
        index += 1
        if escapedStringStarts.contains(next) { index = endOfString(scalars, from: index) }
      } else {
        kept.append(scalar)
      }
    }
    return kept
  }

  private static func endOfControlSequence(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
    var index = start
    while index < scalars.count, ("\u{20}"..."\u{3F}").contains(scalars[index]) { index += 1 }
    if index < scalars.count, ("\u{40}"..."\u{7E}").contains(scalars[index]) { index += 1 }
    return index
  }

  private static func endOfString(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
    for index in scalars.indices[start...] {
      if scalars[index] == bell || scalars[index] == stringTerminator { return index + 1 }
      if scalars[index] == "\\", index > start, scalars[index - 1] == escape { return index + 1 }
    }
    return start
  }

  // MARK: Width

  private static func width(_ character: Character) -> Int {
    character.unicodeScalars.reduce(0) { max($0, width($1)) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    let isWide =
      scalar.properties.isEmojiPresentation || wide.contains { $0.contains(scalar.value) }
    return isWide ? 2 : 1
  }

  /// East Asian Width W and F, in whole blocks.
  ///
  /// Source: Unicode 16, `EastAsianWidth.txt`.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]
}
