import Testing
import TryoutCore
import TryoutReport

/// Foreign text neither commands a terminal nor breaks a format.
struct HostileTextTests {
  @Test(arguments: [
    ("plain", "plain"),
    ("a\u{1B}[31;1mred\u{1B}[0m", "ared"),
    ("\u{9B}2Jgone", "gone"),
    ("\u{1B}]8;;http://evil\u{1B}\\link\u{1B}]8;;\u{7}", "link"),
    ("\u{9D}0;title\u{9C}x", "x"),
    ("never \u{1B}]ending", "never ending"),
    ("bell\u{7} null\u{0} \u{1B}", "bell null"),
    ("\u{1B}(Bset", "Bset"),
    ("two\r\nlines\u{2028}and\tmore ", "two lines and more"),
    ("abc\u{202E}cba\u{2066}\u{200B}\u{FEFF}\u{AD}", "abccba"),
    ("e\u{301} 漢字 🎉", "e\u{301} 漢字 🎉"),
  ])
  func oneVisibleLine(text: String, expected: String) {
    #expect(VisibleText.line(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("🎉", 2), ("🇫🇷", 2), ("ｗ", 2), ("한", 2),
    ("[1.10, –]¹", 10), ("", 0),
  ])
  func width(text: String, columns: Int) {
    #expect(VisibleText.width(text) == columns)
  }

  @Test(arguments: 0...14)
  func truncationKeepsBothEnds(columns: Int) {
    let text = "漢字ab-middle-cd🎉"
    let short = VisibleText.truncated(text, to: columns)
    #expect(VisibleText.width(short) <= columns)
    #expect(columns < 5 || short.hasPrefix("漢") && short.hasSuffix("🎉"))
    #expect(VisibleText.truncated("same", to: 4) == "same")
  }

  @Test func terminalGetsNothingButText() {
    let text = TextRendering().render(MadeUpRuns.hostile)
    let forbidden = text.unicodeScalars.filter {
      $0 != "\n"
        && ($0.properties.generalCategory == .control
          || $0.properties.isDefaultIgnorableCodePoint)
    }
    #expect(forbidden.isEmpty)
    #expect(text.contains("@all"))
  }

  @Test(arguments: MadeUpRuns.all.map(\.0), [100, 80])
  func linesFit(run: String, width: Int) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    for line in TextRendering(width: width).render(report).split(separator: "\n") {
      #expect(VisibleText.width(String(line)) <= width, "\(line)")
    }
  }

  @Test func namesThatLoseTheirDifferenceAreNumbered() throws {
    let ids = ["a", "b"].map { "provider:vendor/model-\($0)-" + String(repeating: "x", count: 90) }
    let suite = Suite(
      name: "s",
      accounts: [MadeUpRuns.account("sim")],
      targets: ids.map { Target(id: $0, account: "sim", model: "m", limit: "l") },
      prompts: []
    )
    let report = Report.Builder(run: MadeUpRuns.record("r", suite, state: .finished)).finish()
    let text = TextRendering(width: 60).render(report)
    let names = text.split(separator: "\n").filter { $0.hasPrefix("provider:") }
      .map { $0.prefix { $0 != " " } }
    #expect(names.count >= 6)
    for index in stride(from: 0, to: names.count - 1, by: 2) {
      #expect(names[index] != names[index + 1])
    }
  }

  @Test(arguments: MadeUpRuns.all.map(\.0))
  func markdownTablesKeepTheirShape(run: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    let markdown = MarkdownRendering().render(report)
    var columns: Int?
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let cells = unescapedPipes(in: line)
      #expect(cells == columns ?? cells, "\(line)")
      columns = cells
    }
    #expect(unescapedPipes(in: "| a\\|b | c |") == 3)
  }

  private func unescapedPipes(in line: Substring) -> Int {
    var pipes = 0
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if scalar == "|", !isEscaped { pipes += 1 }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return pipes
  }

  @Test func markdownKeepsForeignTextQuiet() {
    let markdown = MarkdownRendering().render(MadeUpRuns.hostile)
    let scalars = String(markdown.unicodeScalars.filter { $0.value != 0x301 })
    for pattern in ["<b>", "@all", "://", "[a](", " *b*", "_c_", " &amp; #1", " #1", "\u{1B}"] {
      #expect(!scalars.contains(pattern), "\(pattern)")
    }
    // Ours, and nothing else, opens a tag.
    let tags = scalars.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" } }
    #expect(tags == ["details", "summary", "/summary", "/details"])
  }

  @Test func markdownStaysBelowWhatGitHubShows() {
    let targets = (0..<4000).map {
      Target(id: "target-\($0)", account: "sim", model: "vendor/model-\($0):free", limit: "l")
    }
    let suite = Suite(
      name: "wide",
      accounts: [MadeUpRuns.account("sim")],
      targets: targets,
      prompts: []
    )
    var builder = Report.Builder(run: MadeUpRuns.record("r", suite, state: .finished))
    for target in targets { builder.add(MadeUpRuns.answer(target.id, 0, seconds: 1)) }
    let markdown = MarkdownRendering().render(builder.finish())
    #expect(markdown.utf8.count < 900 * 1024)
    #expect(markdown.contains("3000 rows left out"))
  }

  @Test func csvIsReadBackAsItWasWritten() throws {
    let lines = try records(in: CSVRendering().render(MadeUpRuns.hostile))
    let header = try #require(lines.first)
    #expect(lines.allSatisfy { $0.count == header.count })
    #expect(lines.count == 3)
    let model = try #require(header.firstIndex(of: "model"))
    let printable = MadeUpRuns.poison.unicodeScalars.filter {
      $0.properties.generalCategory != .control || "\r\n\t".unicodeScalars.contains($0)
    }
    #expect(lines[1][model].unicodeScalars.elementsEqual("'".unicodeScalars + printable))
    #expect(lines[2][model] == "'+1")
    for field in lines.joined() {
      #expect(!"=+-@\t\r".unicodeScalars.contains(field.unicodeScalars.first ?? "x"), "\(field)")
    }
  }

  @Test func headersMatchRows() throws {
    let attempts = MadeUpAttempts.all.map { CSVRendering.row($0, run: "r") }
    let samples = MadeUpRuns.samples.map { CSVRendering.row($0, run: "r") }
    for text in [
      CSVRendering.attemptsHeader + attempts.joined(),
      CSVRendering.samplesHeader + samples.joined(),
    ] {
      let lines = try records(in: text)
      #expect(Set(lines.map(\.count)).count == 1)
      #expect(Set(lines[0]).count == lines[0].count)
    }
  }

  /// A reader of RFC 4180 of its own: fields may be quoted, records end with CRLF.
  private func records(in text: String) throws -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = String.UnicodeScalarView()
    var isQuoted = false
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if isQuoted {
        if scalar != "\"" {
          field.append(scalar)
        } else if rest.first == "\"" {
          field.append(scalar)
          rest.removeFirst()
        } else {
          isQuoted = false
        }
      } else if scalar == "\"" {
        try #require(field.isEmpty)
        isQuoted = true
      } else if scalar == "," {
        record.append(String(field))
        field = .init()
      } else if scalar == "\r" {
        try #require(rest.popFirst() == "\n")
        records.append(record + [String(field)])
        (record, field) = ([], .init())
      } else {
        try #require(scalar != "\n")
        field.append(scalar)
      }
    }
    try #require(!isQuoted && record.isEmpty && field.isEmpty)
    return records
  }
}
