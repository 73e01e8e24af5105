import Foundation
import Testing

@testable import tryout

/// The examples of the user's guide do what it says.
@Suite(.timeLimit(.minutes(1)))
struct GuideTests {
  /// 2026-11-23 10:15:00 UTC.
  private static let anchor: Int64 = 1_795_428_900_000_000_000

  private static func page(_ name: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("docs/\(name)"), encoding: .utf8)
  }

  /// The first block of a kind, or a later one.
  private static func block(_ kind: String, of page: String, _ number: Int = 1) throws -> String {
    let rest = try #require(page.components(separatedBy: "```\(kind)\n").dropFirst(number).first)
    return try #require(rest.components(separatedBy: "```").first)
  }

  private static func matches(_ text: Substring, _ pattern: String) -> Bool {
    var rest = text[...]
    for part in pattern.components(separatedBy: "…") where !part.isEmpty {
      guard let range = rest.range(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return !pattern.hasPrefix("…") ? text.hasPrefix(pattern.prefix { $0 != "…" }) : true
  }

  @Test func planOfTheQuotaGuide() throws {
    let page = try Self.page("quotas.md")
    let folder = try ScratchFolder()
    try folder.write(Self.block("yaml", of: page), to: "suite.yaml")
    let suite = try loadSuite(folder.path("suite.yaml"), allowOutside: false)
    let text = Preview(suite, seed: nil, Preview.Circumstances(anchor: Self.anchor)).text
    #expect(page.contains("```\n" + text + "```\n"), "\(text)")
  }

  /// Lines after a command are some of what it prints, in which `…` stands for anything.
  @Test(arguments: [("capitals.yaml", 1), ("slow.yaml", 2)])
  func sessionOfTheRecoveryGuide(suite: String, number: Int) async throws {
    let page = try Self.page("recovery.md")
    let folder = try ScratchFolder()
    try folder.write(Self.block("yaml", of: page, number), to: suite)
    var printed: [Substring] = []
    for line in try Self.block("console", of: page, number).split(separator: "\n") {
      if line.hasPrefix("$ ") {
        let outcome = try await folder.shell(String(line.dropFirst(2)))
        try #require(outcome.code == 0, "\(line): \(outcome.errors)")
        printed = (outcome.output + outcome.errors).split(separator: "\n")
      } else {
        let isPrinted = printed.contains { Self.matches($0, String(line)) }
        #expect(isPrinted, "\(line) is not in \(printed.joined(separator: "\n"))")
      }
    }
  }
}
