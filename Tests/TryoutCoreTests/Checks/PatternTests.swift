import Foundation
import Testing
import TryoutCore

struct PatternTests {
  /// Patterns with texts in which they occur, and texts in which they do not.
  @Test(
    arguments: [
      ("", ["", "x"], []),
      ("a.c", ["xabcx", "a c"], ["ac", "a\nc"]),
      ("(?s)a.c", ["a\nc"], ["ac"]),
      ("^ab|cd$", ["abx", "xcd", "cd\n"], ["xab", "cdx"]),
      ("(?m)^b$", ["a\nb\nc", "a\r\nb\r\nc"], ["a\nbb\nc"]),
      ("\\Aab\\z", ["ab"], ["ab\n", "xab"]),
      ("\\Aab\\Z", ["ab", "ab\n", "ab\r\n"], ["ab\n\n"]),
      ("a*?b+?c??", ["b", "aabbc"], ["ac"]),
      ("^(ab){2,3}$", ["abab", "ababab"], ["ab", "abababab"]),
      ("^a{3}$", ["aaa"], ["aa", "aaaa"]), ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
      ("^a{0}b$", ["b"], ["ab"]),
      ("^(a|b|)c$", ["ac", "bc", "c"], ["abc"]),
      ("^(?:a(?:b(?:c)?)?)$", ["a", "ab", "abc"], ["ac"]),
      ("(?<year>\\d{4})-\\d\\d", ["on 2024-05"], ["24-05"]),
      ("[a-c_]x", ["bx", "_x"], ["dx"]), ("[^a-c]x", ["dx", "\nx"], ["ax", "x"]),
      ("^[]a]+$", ["]a]"], ["b"]), ("^[a-]+$", ["a-"], ["b"]), ("^[\\w-]+$", ["a-b"], ["a b"]),
      ("^[\\d\\s]+$", ["1 2"], ["1a"]), ("^[^\\W_]+$", ["aß1"], ["a_b"]),
      ("^[[:alpha:]]+$", ["abc"], ["ab1"]),
      ("\\bcat\\b", ["a cat.", "cat"], ["concat", "cats"]),
      ("\\Bcat", ["concat"], ["cat"]),
      ("\\bgrün\\b", ["ist grün!"], ["grünlich"]),
      ("(?i)größe", ["GRÖßE", "größe"], ["grösse"]),
      ("(?i)[a-c]+$", ["ABC"], ["ABD"]), ("a(?i)b", ["aB", "ab"], ["AB"]),
      ("(?i:a)b", ["Ab"], ["AB"]), ("(?x) a b # both", ["ab"], ["a b"]),
      ("\\p{Lu}\\P{Lu}", ["Äb"], ["ÄB", "äb"]), ("^\\p{Letter}+$", ["aß"], ["a1"]),
      ("\\p{Nd}", ["٣"], ["x"]), ("^\\pL$", ["a"], ["1"]),
      ("\\u0041\\x42\\x{43}", ["ABC"], ["abc"]), ("\\uD83D\\uDE00", ["😀"], ["x"]),
      ("\\Qa.b\\E+", ["a.bb"], ["axb"]), ("a{,2}b", ["a{,2}b"], ["aab"]),
      ("{\"team\":", ["{\"team\": 1}"], ["{}"]), ("\\.\\$\\{", [".${"], ["x"]),
      ("(a*)*b", ["aab", "b"], ["aac"]), ("(|a)+$", ["", "aa"], []),
      ("(^|,)x", ["a,x", "x"], ["ax"]),
    ] as [(String, [String], [String])])
  func patternsOccurWhereTheyShould(text: String, with: [String], without: [String]) throws {
    let pattern = try Pattern(text)
    for text in with { #expect(pattern.occurs(in: text) == true, "\(pattern.text) in \(text)") }
    for text in without { #expect(pattern.occurs(in: text) == false, "\(pattern.text) in \(text)") }
  }

  /// In schemas the classes are those of ECMA 262.
  @Test func schemasHaveTheClassesOfTheirDialect() throws {
    #expect(try Pattern("^\\d$", dialect: .ecma).occurs(in: "٣") == false)
    #expect(try Pattern("^\\w$", dialect: .ecma).occurs(in: "é") == false)
    #expect(try Pattern("^a$", dialect: .ecma).occurs(in: "a\n") == false)
    #expect(try Pattern("^[[a]$", dialect: .ecma).occurs(in: "[") == true)
    #expect(try Pattern("^\\s$", dialect: .ecma).occurs(in: "\u{FEFF}") == true)
  }

  @Test(
    arguments: [
      ("(a)\\1", 3, "back-references"), ("(?<n>a)\\k<n>", 7, "back-references"),
      ("a(?=b)", 1, "look-ahead"), ("a(?!b)", 1, "look-ahead"), ("(?<=a)b", 0, "look-behind"),
      ("(?<!a)b", 0, "look-behind"), ("(?>a)", 0, "atomic"), ("a++", 2, "possessive"),
      ("a**", 2, "repeats a repetition"), ("*a", 0, "nothing stands before"),
      ("(a", 0, "not closed"),
      ("a)", 1, "nothing opened"), ("[a", 0, "not closed"), ("[b-a]", 2, "wrong way round"),
      ("a{3,2}", 1, "wrong way round"), ("a{1001}", 1, "more than 1000"),
      ("((a{1000}){1000}){1000}", 0, "10000 states"), ("\\", 0, "ends with a backslash"),
      ("\\y", 0, "not known"), ("\\p{Klingon}", 0, "Klingon"), ("[a&&b]", 2, "set operations"),
      ("[a[b]]", 2, "class inside a class"), ("\\u00", 0, "digits"),
    ] as [(String, Int, String)])
  func whatCannotBeSearchedIsRefusedWithItsPlace(text: String, offset: Int, why: String) throws {
    let refusal = try #require(throws: Pattern.Refusal.self) { try Pattern(text) }
    #expect(refusal.offset == offset)
    #expect(refusal.message.contains(why))
  }

  /// What makes backtracking engines hang is linear work here: so many steps a letter and no more.
  @Test(
    arguments: ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)*x", "(x+x+)+y", "^(a?){25}a{25}$"])
  func noPatternMakesASearchHang(text: String) throws {
    let pattern = try Pattern(text)
    let answer = String(repeating: "a", count: 5_000) + "b"
    #expect(pattern.occurs(in: answer, steps: 200 * answer.utf8.count) != nil)
  }

  @Test func tooMuchWorkIsSaid() {
    let pattern: Pattern = "[ab]{500}c"
    #expect(pattern.occurs(in: String(repeating: "ab", count: 5_000), steps: 10_000) == nil)
  }

  @Test func nestingIsBounded() {
    let deep = String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000)
    #expect(throws: Pattern.Refusal.self) { try Pattern(deep) }
    #expect(throws: Pattern.Refusal.self) { try Pattern(String(repeating: "a?", count: 20_000)) }
  }

  /// Random patterns of a small grammar, against an engine that backtracks.
  @Test(arguments: 0..<4)
  func randomPatternsAgreeWithFoundation(part: UInt64) throws {
    var random = RandomText(seed: part + 1)
    for _ in 0..<400 {
      let text = random.pattern(depth: 3)
      let pattern = try Pattern(text)
      let other = try NSRegularExpression(pattern: text)
      for _ in 0..<6 {
        let answer = random.text()
        let range = NSRange(answer.startIndex..., in: answer)
        let expected = other.firstMatch(in: answer, range: range) != nil
        #expect(pattern.occurs(in: answer) == expected, "\(text) in \(answer.debugDescription)")
      }
    }
  }

  @Test func patternsAreStoredAsTheirText() throws {
    let pattern: Pattern = "a+b"
    let data = try JSONEncoder().encode([pattern])
    #expect(String(decoding: data, as: UTF8.self) == "[\"a+b\"]")
    #expect(try JSONDecoder().decode([Pattern].self, from: data) == [pattern])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Pattern].self, from: Data("[\"(\"]".utf8))
    }
  }
}

/// Draws patterns and texts of few letters, so that matches are neither rare nor sure.
private struct RandomText {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  private mutating func draw(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  mutating func text() -> String {
    (0..<draw(9)).map { _ in ["a", "b", "c", "\n", "1", " "][draw(6)] }.joined()
  }

  mutating func pattern(depth: Int) -> String {
    let atoms = ["a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "\\s", "^", "$", "\\b", "c"]
    if depth == 0 { return atoms[draw(atoms.count)] }
    switch draw(6) {
    case 0: return "(?:\(pattern(depth: depth - 1)))*"
    case 1: return "(\(pattern(depth: depth - 1)))?"
    case 2: return "(\(pattern(depth: depth - 1))|\(pattern(depth: depth - 1)))"
    case 3: return "(?:\(pattern(depth: depth - 1))){1,2}"
    default: return pattern(depth: depth - 1) + pattern(depth: depth - 1)
    }
  }
}
