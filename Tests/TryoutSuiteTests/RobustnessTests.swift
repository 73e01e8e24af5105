import Testing
import TryoutSuite

/// Damaged suites end in diagnostics, never in a crash, and never in silence.
struct RobustnessTests {
  private func read(_ bytes: some Collection<UInt8>) throws -> SuiteReader.Result {
    let text = String(decoding: bytes, as: UTF8.self)
    return SuiteReader.read(text: text, file: "suite.yaml", folder: Golden.path)
  }

  private func check(_ result: SuiteReader.Result) {
    let hasErrors = result.diagnostics.contains { $0.severity == .error }
    #expect((result.suite == nil) == hasErrors)
    #expect(result.diagnostics.allSatisfy { $0.line >= 1 && $0.column >= 1 })
  }

  @Test func truncationsAtEveryByte() throws {
    let bytes = Array(try Golden.text("example-full").utf8)
    for length in bytes.indices { check(try read(bytes[..<length])) }
  }

  @Test func randomDamage() throws {
    let bytes = Array(try Golden.text("example-full").utf8)
    var random = SplitMix(state: 20_260_101)
    for _ in 0..<1500 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: damaged.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: damaged[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: damaged.remove(at: place)
        default:
          damaged.insert(
            Array("[]{}:&*!|>\"'- \n#%@,?".utf8).randomElement(using: &random) ?? 0,
            at: place
          )
        }
      }
      check(try read(damaged))
    }
  }

  @Test func deepNesting() throws {
    let text = "version: 1\nsuite: " + String(repeating: "[", count: 100_000)
    let result = try read(Array(text.utf8))
    #expect(result.diagnostics.map(\.line) == [2])
    let params = String(repeating: "{a: ", count: 450) + "1" + String(repeating: "}", count: 450)
    check(try read(Array("targets: [{ account: simulator, params: \(params) }]".utf8)))
  }

  /// A few lines that stand for 10^8 nodes, wherever they are used; keys are compared whole.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "x: *h", "*h : x", "? *h\n: x", "? - *h\n: x", "x: { *h }", "x: { *h : x }", "x: { *h:x }",
      "x: { [*h]: x }", "x: { { x: *h } }", "[*h]: x", "x: [? *h : x]", "x: { y:*h }\n*h : x",
    ]
  )
  func aliasesThatExpandTooFar(use: String) throws {
    let levels = zip("bcdefgh", "abcdefg").map { name, of in
      "\(name): &\(name) [" + (0..<10).map { _ in "*\(of)" }.joined(separator: ", ") + "]\n"
    }
    let text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + levels.joined() + use
    let messages = try read(Array(text.utf8)).diagnostics.map(\.message)
    #expect(messages == ["aliases expand to more than 2000000 nodes"])
  }

  /// In a map in brackets, an alias may have a value without a space before it.
  @Test(.timeLimit(.minutes(1)))
  func aliasesBesideAliases() throws {
    let names = (0..<10).map { "n\($0): &n\($0) n\($0)\n" }.joined()
    let levels = zip("bcdefgh", "abcdefg").map { name, of in
      "\(name): &\(name) {" + (0..<10).map { "*n\($0):*\(of)" }.joined(separator: ", ") + "}\n"
    }
    let text = names + "a: &a [x, x, x, x, x]\n" + levels.joined() + "*h : x"
    let messages = try read(Array(text.utf8)).diagnostics.map(\.message)
    #expect(messages == ["aliases expand to more than 2000000 nodes"])
  }

  @Test func manyAliasesOfOneAnchor() throws {
    let checks = (0..<2000).map { _ in "{ all: *a }" }.joined(separator: ", ")
    let text = "checks: [{ all: &a [{ contains: x }, { contains: '*y & z' }] }, \(checks)]"
    let messages = try read(Array(text.utf8)).diagnostics.map(\.message)
    #expect(!messages.contains { $0.hasPrefix("aliases") || $0.hasPrefix("invalid YAML") })
  }

  @Test func manyProblemsAreCounted() throws {
    let keys = (0..<500).map { "key\($0): 1\n" }.joined()
    let diagnostics = try read(Array(keys.utf8)).diagnostics
    #expect(diagnostics.count == 201)
    // 500 unknown keys and four missing ones, beside the warning about checks.
    #expect(
      diagnostics.last?.message == "305 more remarks about this file are not listed"
    )
  }
}

/// A small generator with a seed, so that a failure can be repeated.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
