import TryoutCore

/// A report as JUnit XML, as Jenkins and GitLab read it: a suite for each target, with a test for each of its gates.
///
/// One more test is the run itself, so that what was not measured to its end is never green, and one tells what it
/// recommends. It keeps to the schema of Jenkins' xUnit plugin, `junit-10.xsd`.
package struct JUnitRendering: Sendable {
  package init() {}

  private enum Outcome { case passed, skipped, failed, errored }

  private struct Test {
    /// Stable from night to night, as the histories of CI systems need it.
    let name: String
    let outcome: Outcome
    /// Of what is not passed, such as `inconclusive`.
    let type: String
    let message: String
    /// What stands below the message.
    let lines: [String]
  }

  private struct Suite {
    let name: String
    let classname: String
    let properties: [(name: String, value: String)]
    let tests: [Test]
    var time: String?

    func count(_ outcome: Outcome) -> Int { tests.count { $0.outcome == outcome } }
  }

  /// Writes the report; every line ends with a line feed.
  package func render(_ report: Report) -> String {
    let seconds = report.run.endedAt.map { Double($0 - report.run.startedAt) / 1e9 }
    // A clock that was set back says nothing.
    let time = seconds.flatMap { $0 < 0 ? nil : Format.fixed($0, 3) }
    let suites = [suite(of: report, time)] + targets(of: report).map { suite(of: $0, report) }
    let sums = [
      ("name", "tryout " + report.run.suite.name),
      ("tests", String(suites.reduce(0) { $0 + $1.tests.count })),
      ("failures", String(suites.reduce(0) { $0 + $1.count(.failed) })),
      ("errors", String(suites.reduce(0) { $0 + $1.count(.errored) })),
    ]
    // In UTC without saying so, as Ant began it and strict readers demand it.
    let timestamp = String(Format.instant(report.run.startedAt).dropLast())
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
    lines.append("<testsuites" + attributes(sums + (time.map { [("time", $0)] } ?? [])) + ">")
    for suite in suites { lines += draw(suite, timestamp) }
    lines.append("</testsuites>")
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: What is tested

  /// Those with gates, in the suite's order; what vanished since the baseline comes last.
  private func targets(of report: Report) -> [String] {
    let known = report.targets.map(\.target.id)
    let judged = report.gates.map(\.target)
    var seen: Set<String> = []
    return (known + judged).filter { judged.contains($0) && seen.insert($0).inserted }
  }

  private func suite(of report: Report, _ time: String?) -> Suite {
    let run = report.run
    let properties = [
      ("run", run.id), ("digest", run.digest), ("seed", String(run.seed)),
      ("state", run.state.rawValue), ("planned", String(run.planned)), ("done", String(run.done)),
      ("exit_code", String(report.verdict.code.rawValue)),
    ]
    let tests = [ending(of: report), report.recommendationText.map(advice)].compactMap(\.self)
    return Suite(
      name: run.suite.name, classname: classname(run.suite.name), properties: properties,
      tests: tests, time: time)
  }

  /// Green where there is a default, and never red: gates decide the exit code.
  private func advice(_ text: RecommendationText) -> Test {
    Test(
      name: "recommendation", outcome: text.recommendation.choice == nil ? .skipped : .passed,
      type: text.recommendation.decision.name, message: text.headline, lines: text.lines)
  }

  /// The run as a test: whether it was measured to its end, and nothing but its gates speaks against it.
  private func ending(of report: Report) -> Test {
    let verdict = report.verdict
    let hasFailedGate = report.gates.contains { $0.severity == .fail && $0.verdict == .fail }
    let outcome: Outcome =
      switch verdict.code {
      case .passed, .noVerdict: .passed
      case .gateFailed: hasFailedGate ? .passed : .failed
      case .incomplete, .nothingMeasured, .interrupted: .errored
      }
    return Test(
      name: "measured to the end", outcome: outcome, type: verdict.code.name,
      message: verdict.sentence, lines: [verdict.sentence])
  }

  private func suite(of target: String, _ report: Report) -> Suite {
    let results = report.gates.filter { $0.target == target }
    let summary = report.targets.first { $0.target.id == target }
    let properties =
      summary.map { [("model", $0.target.model), ("samples", String($0.n))] } ?? []
    return Suite(
      name: target, classname: classname(report.run.suite.name, target), properties: properties,
      tests: results.map { test(of: $0, report) })
  }

  private func test(of result: GateResult, _ report: Report) -> Test {
    let line = GateLine(result, of: report)
    let isDeciding = result.severity == .fail
    let outcome: Outcome =
      switch result.verdict {
      case .pass: .passed
      case .fail: isDeciding ? .failed : .passed
      case .inconclusive, .notEvaluable: isDeciding && report.isStrict ? .failed : .skipped
      }
    return Test(
      name: result.gate, outcome: outcome, type: result.verdict.rawValue, message: line.sentence,
      lines: ["\(result.verdict.rawValue): \(line.demand)", "found \(line.found)"] + line.remarks)
  }

  /// Jenkins takes what stands before the last full stop for a package.
  private func classname(_ parts: String...) -> String {
    parts.map { $0.replacing(".", with: "_") }.joined(separator: ".")
  }

  // MARK: How it is written

  private func draw(_ suite: Suite, _ timestamp: String) -> [String] {
    let counts = [
      ("name", suite.name), ("tests", String(suite.tests.count)),
      ("failures", String(suite.count(.failed))), ("errors", String(suite.count(.errored))),
      ("skipped", String(suite.count(.skipped))), ("timestamp", timestamp),
    ]
    let time = suite.time.map { [("time", $0)] } ?? []
    var lines = ["  <testsuite" + attributes(counts + time) + ">"]
    if !suite.properties.isEmpty {
      lines.append("    <properties>")
      for (name, value) in suite.properties {
        lines.append("      <property" + attributes([("name", name), ("value", value)]) + "/>")
      }
      lines.append("    </properties>")
    }
    for (index, test) in suite.tests.enumerated() {
      // The run's time is that of its first test; the sum over tests stays the suite's.
      let names =
        [("name", test.name), ("classname", suite.classname)] + (index == 0 ? time : [])
      lines += ["    <testcase" + attributes(names) + ">", draw(test), "    </testcase>"]
    }
    return lines + ["  </testsuite>"]
  }

  private func draw(_ test: Test) -> String {
    let element =
      switch test.outcome {
      case .passed: "system-out"
      case .skipped: "skipped"
      case .failed: "failure"
      case .errored: "error"
      }
    let why =
      test.outcome == .passed
      ? "" : attributes([("type", test.type), ("message", VisibleText.brief(test.message))])
    let text = test.lines.map(MarkupText.escaped).joined(separator: "\n")
    return "      <\(element)\(why)>\(text)</\(element)>"
  }

  private func attributes(_ pairs: [(String, String)]) -> String {
    pairs.map { " \($0)=\"\(MarkupText.escapedName($1))\"" }.joined()
  }
}
