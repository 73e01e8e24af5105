import Foundation
import Testing

/// What providers send is data: it must not reach a terminal, a table or a spreadsheet as anything else.
@Suite(.timeLimit(.minutes(1)))
struct HostileOutputTests {
  /// As the insides of JSON strings.
  private static let answer =
    #"\u001b[31mred\u001b]8;;http://evil.example\u0007link\u009b2J | `code` <script>x</script>\n=cmd()"#
  private static let served = #"=cmd()|`x`<b>\u001b[2J\r\nm\u202e"#
  private static let message = #"\u001b]0;title\u0007=1+1 | <img src=x>\n# head"#

  /// One sample that was answered and one that failed.
  private func measured() async throws -> ScratchFolder {
    let server = try RawServer { _, number in
      number == 1
        ? RawServer.completion(Self.answer, model: Self.served)
        : RawServer.response("400 Bad Request", RawServer.error(Self.message))
    }
    let folder = try ScratchFolder.remote(
      Suites.remote(server.url, samples: 2, model: "=cmd()|`m`<i>"))
    let run = try await folder.tryout("run", "suite.yaml", "--report", "reports")
    try #require(server.requests.count == 2, "\(run.errors)")
    expectHarmless(run.output)
    expectHarmless(run.errors)
    return folder
  }

  /// No control character but line ends.
  private func expectHarmless(
    _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let bad = text.unicodeScalars.filter { scalar in
      scalar.properties.generalCategory == .control && scalar != "\r" && scalar != "\n"
    }
    #expect(
      bad.isEmpty, "\(bad.map { String($0.value, radix: 16) })", sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ["report"], ["report", "--format", "markdown"], ["report", "--format", "csv"],
    ["report", "--json"],
    ["report", "--format", "html"], ["report", "--format", "junit"],
    ["report", "--format", "csv", "--rows", "samples"],
    ["report", "--format", "csv", "--rows", "attempts"], ["show"], ["show", "--json"], ["runs"],
    ["gate"],
  ])
  func nothingThatATerminalObeys(arguments: [String]) async throws {
    let folder = try await measured()
    let outcome = try await Command(arguments, in: folder).end()
    #expect(!outcome.output.isEmpty)
    expectHarmless(outcome.output)
    expectHarmless(outcome.errors)
  }

  private struct Sample: Decodable { var sampleId: String }

  @Test func oneSampleIsShownWithoutControlSequences() async throws {
    let folder = try await measured()
    let all = try await folder.tryout("show", "--json")
    let samples = try folder.decode([Sample].self, all.output)
    try #require(samples.count == 2)
    var texts = ""
    for sample in samples {
      for format in [[], ["--json"]] {
        let one = try await Command(
          ["show", "--sample", sample.sampleId] + format, in: folder
        ).end()
        #expect(one.code == 0)
        expectHarmless(one.output)
        texts += one.output
      }
    }
    // It is shown after all, as text.
    #expect(texts.contains("`code`") && texts.contains("=1+1"))
  }

  @Test func tablesOfMarkdownKeepTheirColumnsAndTags() async throws {
    let folder = try await measured()
    let report = try await folder.tryout("report", "--format", "markdown")
    #expect(!report.output.contains("<script") && !report.output.contains("<i>"))
    #expect(!report.output.contains("<b>") && !report.output.contains("<img"))
    var columns: Int?
    for line in report.output.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let bars = line.replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == columns ?? bars, "\(line)")
      columns = bars
    }
  }

  @Test(arguments: ["targets", "samples", "attempts"])
  func cellsOfCSVAreNoFormulas(rows: String) async throws {
    let folder = try await measured()
    let report = try await folder.tryout("report", "--format", "csv", "--rows", rows)
    let table = CommaSeparated(report.output)
    #expect(table.rows.count == (rows == "targets" ? 1 : 2))
    for row in table.rows {
      #expect(row.count == table.header.count)
      for cell in row where Double(cell) == nil {
        #expect(cell.first.map { !"=@+-".contains($0) } ?? true, "\(cell)")
      }
    }
    if rows == "attempts" { #expect(report.output.contains("'=cmd()")) }
  }
}
