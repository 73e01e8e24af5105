import Foundation
import Testing
import TryoutCore
import TryoutReport

/// Every rendering of three made-up runs against the files in `Golden/`.
///
/// `RECORD_GOLDEN=1 swift test` writes them anew; read the difference before you commit it.
struct GoldenTests {
  @Test(arguments: MadeUpRuns.all.map(\.0), ["txt", "md", "csv", "json", "html", "xml"])
  func rendering(run: String, suffix: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    let text =
      switch suffix {
      case "txt": TextRendering().render(report)
      case "md": MarkdownRendering().render(report)
      case "csv": CSVRendering().render(report)
      case "html": withoutStyle(HTMLRendering().render(report), but: run == "usual")
      case "xml": JUnitRendering().render(report)
      default: JSONRendering().render(report)
      }
    try compare(text, with: "\(run).\(suffix)")
  }

  @Test(arguments: ["txt", "md", "csv", "json", "html"])
  func comparison(suffix: String) throws {
    let comparison = try #require(MadeUpRuns.again.baseline)
    let text =
      switch suffix {
      case "txt": TextRendering().render(comparison)
      case "md": MarkdownRendering().render(comparison)
      case "csv": CSVRendering().render(comparison)
      case "html": withoutStyle(HTMLRendering().render(comparison))
      default: JSONRendering().render(comparison)
      }
    try compare(text, with: "comparison.\(suffix)")
  }

  @Test func colours() throws {
    let text = TextRendering(isColoured: true).render(MadeUpRuns.usual)
    try compare(text, with: "usual.coloured.txt")
  }

  @Test(arguments: MadeUpRuns.all.map(\.0))
  func annotations(run: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    try compare(AnnotationRendering().render(report), with: "\(run).github.txt")
  }

  @Test func samples() throws {
    let chosen = MadeUpRuns.samples.enumerated().filter { $0.offset % 40 == 3 }.map(\.element)
    let rows = chosen.map { CSVRendering.row($0, run: "night-17") }
    try compare(CSVRendering.samplesHeader + rows.joined(), with: "samples.csv")
  }

  @Test func attempts() throws {
    let rows = MadeUpAttempts.all.map { CSVRendering.row($0, run: "night-17") }
    try compare(CSVRendering.attemptsHeader + rows.joined(), with: "attempts.csv")
  }

  /// One file holds the style sheet: the others would be rewritten with every touch of it.
  private func withoutStyle(_ page: String, but keepsIt: Bool = false) -> String {
    keepsIt ? page : page.replacing(/(?s)<style>.*<\/style>/, with: "<style></style>")
  }

  private func compare(_ text: String, with name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(text.utf8).write(to: file)
      return
    }
    // Bytes, because Swift takes canonically equal texts for the same.
    let golden = try Data(contentsOf: file)
    let difference = zip(text.utf8, golden).enumerated().first { $0.element.0 != $0.element.1 }
    let place = difference?.offset ?? min(text.utf8.count, golden.count)
    let line = text.utf8.prefix(place).count { $0 == UInt8(ascii: "\n") } + 1
    #expect(Data(text.utf8) == golden, "\(name) differs from line \(line) on")
  }
}
