import Foundation
import Testing
import TryoutCore
import TryoutReport

struct AnnotationTests {
  /// As the runner reads a line: name, title and text.
  private func read(_ line: Substring) -> (name: String, title: String, text: String)? {
    guard let match = line.wholeMatch(of: /::([a-z]+) title=([^:,]*)::(.*)/) else { return nil }
    return (String(match.1), decoded(match.2), decoded(match.3))
  }

  private func decoded(_ text: Substring) -> String {
    [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]
      .reduce(String(text)) { text, escape in
        text.replacingOccurrences(of: escape.0, with: escape.1, options: .literal)
      }
  }

  @Test(arguments: MadeUpRuns.all.map(\.0))
  func everyLineIsACommand(run: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    for line in AnnotationRendering().render(report).split(separator: "\n") {
      let annotation = try #require(read(line), "\(line)")
      #expect(["error", "warning"].contains(annotation.name))
      #expect(!annotation.text.isEmpty && !annotation.title.isEmpty)
    }
  }

  /// A suite whose gates fail for so many targets.
  private func failing(_ count: Int, id: (Int) -> String = { "t\($0)" }) -> Report {
    let targets = (0..<count).map { Target(id: id($0), account: "sim", model: "m", limit: "l") }
    let suite = Suite(
      name: "s", accounts: [MadeUpRuns.account("sim")], targets: targets,
      prompts: [Prompt(id: "terse", user: Template("x"))],
      gates: [Gate(id: "right", metric: .passRate, .atLeast, 0.99, text: "99%")])
    var builder = Report.Builder(run: MadeUpRuns.record("r", suite, state: .finished))
    for target in targets {
      for index in 0..<20 {
        builder.add(MadeUpRuns.answer(target.id, index, seconds: 1, outcome: .fail))
      }
    }
    return builder.finish()
  }

  @Test func tenOfAKindAndTheRestIsCounted() throws {
    let lines = AnnotationRendering().render(failing(30)).split(separator: "\n")
    let errors = lines.filter { $0.hasPrefix("::error ") }
    #expect(errors.count == AnnotationRendering.most)
    #expect(read(errors[0])?.title == "s: FAIL")
    // Of 31, nine are shown.
    #expect(read(errors[9])?.text == "22 more are in the report")
    #expect(AnnotationRendering().render(failing(9)).split(separator: "\n").count == 10)
  }

  @Test func whatDecidesNothingOnlyWarns() {
    let lines = AnnotationRendering().render(failing(2), isDeciding: false)
    #expect(lines.split(separator: "\n").map { $0.prefix(10) } == ["::warning ", "::warning "])
  }

  @Test func foreignTextIsNoCommand() throws {
    let id = "a%\u{301}:b,c\r\n::stop-commands::x 100%0A"
    let lines = AnnotationRendering().render(failing(1) { _ in id }).split(separator: "\n")
    try #require(lines.count == 2)
    let title = try #require(read(lines[1])?.title)
    #expect(title == "right (a%\u{301}:b,c ::stop-commands::x 100%0A): FAIL")
  }

  @Test(arguments: [
    ("::add-mask::x", ":\u{200B}:add-mask::x"), ("  ::error::x", "  :\u{200B}:error::x"),
    ("tryout: a ##[error]b", "tryout: a ##\u{200B}[error]b"),
    ("##[\u{301}x", "##\u{200B}[\u{301}x"),
    ("a::b c: d # [x]", "a::b c: d # [x]"), ("", ""),
  ])
  func otherLinesAreDisarmed(line: String, expected: String) {
    #expect(
      AnnotationRendering.disarmed(line).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }
}
