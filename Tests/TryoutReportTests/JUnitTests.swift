import Foundation
import Testing
import TryoutCore
import TryoutReport

struct JUnitTests {
  /// What one element may hold, as the schema that Jenkins' xUnit plugin checks with says (`junit-10.xsd`).
  private struct Rule {
    var required: Set<String> = []
    var optional: Set<String> = []
    var children: Set<String> = []
    var hasText = false
  }

  private static let remark = Rule(optional: ["type", "message"], hasText: true)
  private static let rules = [
    "testsuites": Rule(
      optional: ["name", "time", "tests", "failures", "errors"], children: ["testsuite"]),
    "testsuite": Rule(
      required: ["name", "tests", "failures", "errors"],
      optional: ["time", "skipped", "timestamp"], children: ["properties", "testcase"]),
    "properties": Rule(children: ["property"]),
    "property": Rule(required: ["name", "value"]),
    "testcase": Rule(
      required: ["name"], optional: ["time", "classname"],
      children: ["skipped", "error", "failure", "system-out"]),
    "skipped": remark, "error": remark, "failure": remark, "system-out": Rule(hasText: true),
  ]

  private func expectValid(_ root: XMLTree.Element) throws {
    #expect(root.name == "testsuites")
    for element in root.all {
      let rule = try #require(Self.rules[element.name], "\(element.name)")
      let names = Set(element.attributes.keys)
      #expect(rule.required.isSubset(of: names), "\(element.name)")
      #expect(names.isSubset(of: rule.required.union(rule.optional)), "\(element.name)")
      #expect(element.children.allSatisfy { rule.children.contains($0.name) })
      #expect(rule.hasText || element.text.allSatisfy(\.isWhitespace), "\(element.text)")
      if let time = element.attributes["time"] {
        #expect(time.wholeMatch(of: /[0-9]+\.[0-9]{3}/) != nil)
      }
    }
    for (attribute, name) in [
      ("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"),
    ] {
      for element in root.all where element.attributes[attribute] != nil {
        #expect(element.attributes[attribute] == String(element.all(name).count))
      }
    }
  }

  /// The kinds of outcome by `target/gate`.
  private func outcomes(_ root: XMLTree.Element) -> [String: String] {
    var outcomes: [String: String] = [:]
    for suite in root.children {
      for test in suite.all("testcase") {
        let names = [suite.attributes["name"] ?? "", test.attributes["name"] ?? ""]
        outcomes[names.joined(separator: "/")] = test.children.map(\.name).joined()
      }
    }
    return outcomes
  }

  private func tree(_ report: Report) throws -> XMLTree.Element {
    try XMLTree.parse(JUnitRendering().render(report))
  }

  @Test(arguments: MadeUpRuns.all.map(\.0))
  func readersAcceptIt(run: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    try expectValid(tree(report))
  }

  /// The schema itself, where somebody has it: `JUNIT_SCHEMA=junit-10.xsd swift test --filter JUnitTests`.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["JUNIT_SCHEMA"] != nil),
    arguments: MadeUpRuns.all.map(\.0))
  func schemaAcceptsIt(run: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).xml")
    try Data(JUnitRendering().render(report).utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let line = "xmllint --noout --nonet --schema \"$JUNIT_SCHEMA\" '\(file.path)'"
    let lint = try #require(popen(line, "w"))
    #expect(pclose(lint) == 0)
  }

  @Test func gatesAreTests() throws {
    let outcomes = outcomes(try tree(MadeUpRuns.usual))
    #expect(outcomes["quick/up"] == "system-out")
    #expect(outcomes["slow/latency.p95 <= 8s"] == "failure")
    #expect(outcomes["scarce/latency.p95 <= 8s"] == "skipped")
    // Not evaluable, since there is no baseline.
    #expect(outcomes["quick/regress"] == "skipped")
    #expect(outcomes["ticket-triage/measured to the end"] == "system-out")
  }

  /// One target whose gate can be neither passed nor failed.
  private func open(_ severity: Gate.Severity, strict: Bool) -> Report {
    let suite = Suite(
      name: "s.1", accounts: [MadeUpRuns.account("sim")],
      targets: [Target(id: "glm-4.5", account: "sim", model: "m", limit: "l")],
      prompts: [Prompt(id: "terse", user: Template("x"))],
      gates: [
        Gate(id: "open", metric: .answered, .atLeast, 0.9, text: "90%", severity: severity),
        Gate(
          id: "failing", metric: .clock(.latency, .p50), .atMost, 0.001, text: "1ms",
          severity: severity),
        Gate(id: "void", metric: .usdPerPass, .atMost, 1, text: "1", severity: severity),
      ])
    var builder = Report.Builder(run: MadeUpRuns.record("r", suite, state: .finished))
    for index in 0..<8 {
      builder.add(MadeUpRuns.answer("glm-4.5", index, seconds: 1, outcome: .fail))
    }
    return builder.finish(strict: strict)
  }

  @Test func strictnessAndSeverityDecideWhatFails() throws {
    let cases: [(Gate.Severity, Bool, [String])] = [
      (.fail, false, ["skipped", "failure", "skipped"]),
      (.fail, true, ["failure", "failure", "failure"]),
      (.warn, false, ["skipped", "system-out", "skipped"]),
      (.warn, true, ["skipped", "system-out", "skipped"]),
    ]
    for (severity, strict, expected) in cases {
      let root = try tree(open(severity, strict: strict))
      try expectValid(root)
      let outcomes = outcomes(root)
      let names = ["open", "failing", "void"]
      #expect(names.map { outcomes["glm-4.5/\($0)"] } == expected, "\(severity) \(strict)")
    }
  }

  @Test func recommendationIsTold() throws {
    let report = MadeUpRuns.again
    let lines = try #require(report.recommendationText?.lines)
    let tests = try tree(report).children[0].all("testcase")
    let test = try #require(tests.first { $0.attributes["name"] == "recommendation" })
    #expect(test.children.map(\.name) == ["system-out"])
    #expect(test.children[0].text == lines.joined(separator: "\n"))
    // Without answers nobody knows; that the run has no verdict is told elsewhere, and is no second failure.
    let unknown = Report.Builder(run: MadeUpRuns.usual.run).finish()
    #expect(try outcomes(tree(unknown))["ticket-triage/recommendation"] == "skipped")
  }

  @Test func fullStopsMakeNoPackages() throws {
    let tests = try tree(open(.fail, strict: false)).all("testcase")
    #expect(
      tests.map { $0.attributes["classname"] } == ["s_1"]
        + Array(repeating: "s_1.glm-4_5", count: 3))
  }

  @Test func whatWasNotMeasuredIsAnError() throws {
    let root = try tree(MadeUpRuns.empty)
    #expect(outcomes(root)["nothing/measured to the end"] == "error")
    #expect(root.all("error")[0].attributes["type"] == "interrupted")
  }

  @Test func foreignTextStaysText() throws {
    let text = JUnitRendering().render(MadeUpRuns.hostile)
    let root = try XMLTree.parse(text)
    let model = try #require(
      root.all("property").first { $0.attributes["name"] == "model" }?.attributes["value"])
    #expect(model.unicodeScalars.elementsEqual(VisibleText.line(MadeUpRuns.poison).unicodeScalars))
    #expect(model.contains("<b>@all</b>"))
    let forbidden = text.unicodeScalars.filter {
      $0 != "\n" && $0.properties.generalCategory == .control || $0.value & 0xFFFE == 0xFFFE
    }
    #expect(forbidden.isEmpty)
  }
}
