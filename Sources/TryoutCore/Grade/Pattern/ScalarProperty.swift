/// A property of scalars that a regular expression may ask for, by the Unicode tables of the standard library.
enum ScalarProperty: Sendable {
  case categories(Set<Unicode.GeneralCategory>)
  /// A letter, mark, digit or connector, as UTS 18 has it for `\w`.
  case word
  case whitespace
  /// What ECMA 262 takes for white space or the end of a line.
  case ecmaSpace
  case alphabetic, uppercase, lowercase, emoji, emojiPresentation, any

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return switch self {
    case .categories(let categories): categories.contains(properties.generalCategory)
    case .word:
      properties.isAlphabetic || ScalarProperty.wordCategories.contains(properties.generalCategory)
        || scalar == "\u{200C}" || scalar == "\u{200D}"
    case .whitespace: properties.isWhitespace
    case .ecmaSpace:
      "\t\n\u{B}\u{C}\r\u{2028}\u{2029}\u{FEFF}".unicodeScalars.contains(scalar)
        || properties.generalCategory == .spaceSeparator
    case .alphabetic: properties.isAlphabetic
    case .uppercase: properties.isUppercase
    case .lowercase: properties.isLowercase
    case .emoji: properties.isEmoji
    case .emojiPresentation: properties.isEmojiPresentation
    case .any: true
    }
  }

  private static let wordCategories: Set<Unicode.GeneralCategory> = [
    .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark,
  ]

  /// The property of a name as in `\p{Lu}`, `\p{Letter}`, `\p{gc=Lu}`; nil for an unknown one, scripts among them.
  init?(name: String) {
    let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard ["gc", "generalcategory"].contains(ScalarProperty.loose(parts[0])) else { return nil }
    }
    let key = ScalarProperty.loose(parts[parts.count - 1])
    switch key {
    case "any": self = .any
    case "assigned":
      self = .categories(Set(ScalarProperty.all.map(\.category).filter { $0 != .unassigned }))
    case "alphabetic", "alpha": self = .alphabetic
    case "uppercase", "upper": self = .uppercase
    case "lowercase", "lower": self = .lowercase
    case "whitespace", "wspace", "space": self = .whitespace
    case "emoji": self = .emoji
    case "emojipresentation": self = .emojiPresentation
    default:
      let found = ScalarProperty.all.filter { entry in
        entry.short == key || entry.long == key || entry.short.prefix(1) == key
          || ScalarProperty.groups[key] == String(entry.short.prefix(1))
          || (key == "lc" || key == "casedletter" || key == "l&")
            && ["lu", "ll", "lt"].contains(entry.short)
      }
      guard !found.isEmpty else { return nil }
      self = .categories(Set(found.map(\.category)))
    }
  }

  /// Names are compared without case, spaces, hyphens and underscores, as UAX 44 asks.
  private static func loose(_ name: Substring) -> String {
    name.lowercased().filter { !" _-".contains($0) }
  }

  private static let groups = [
    "letter": "l", "mark": "m", "combiningmark": "m", "number": "n", "punctuation": "p",
    "punct": "p",
    "symbol": "s", "separator": "z", "other": "c",
  ]

  private static let all: [(short: String, long: String, category: Unicode.GeneralCategory)] = [
    ("lu", "uppercaseletter", .uppercaseLetter), ("ll", "lowercaseletter", .lowercaseLetter),
    ("lt", "titlecaseletter", .titlecaseLetter), ("lm", "modifierletter", .modifierLetter),
    ("lo", "otherletter", .otherLetter), ("mn", "nonspacingmark", .nonspacingMark),
    ("mc", "spacingmark", .spacingMark), ("me", "enclosingmark", .enclosingMark),
    ("nd", "decimalnumber", .decimalNumber), ("nl", "letternumber", .letterNumber),
    ("no", "othernumber", .otherNumber), ("pc", "connectorpunctuation", .connectorPunctuation),
    ("pd", "dashpunctuation", .dashPunctuation), ("ps", "openpunctuation", .openPunctuation),
    ("pe", "closepunctuation", .closePunctuation),
    ("pi", "initialpunctuation", .initialPunctuation),
    ("pf", "finalpunctuation", .finalPunctuation), ("po", "otherpunctuation", .otherPunctuation),
    ("sm", "mathsymbol", .mathSymbol), ("sc", "currencysymbol", .currencySymbol),
    ("sk", "modifiersymbol", .modifierSymbol), ("so", "othersymbol", .otherSymbol),
    ("zs", "spaceseparator", .spaceSeparator), ("zl", "lineseparator", .lineSeparator),
    ("zp", "paragraphseparator", .paragraphSeparator), ("cc", "control", .control),
    ("cf", "format", .format), ("cs", "surrogate", .surrogate), ("co", "privateuse", .privateUse),
    ("cn", "unassigned", .unassigned),
  ]
}
