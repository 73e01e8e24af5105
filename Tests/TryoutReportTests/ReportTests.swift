import Foundation
import Testing
import TryoutCore
import TryoutReport

struct ReportTests {
  @Test func orderOfSamplesChangesNothing() {
    let samples = MadeUpRuns.samples
    let expected = MadeUpRuns.usual(samples)
    for shift in [1, 100, 200] {
      let turned = samples[shift...] + samples[..<shift]
      let report = MadeUpRuns.usual(Array(turned.reversed()))
      #expect(report == expected)
      #expect(JSONRendering().render(report) == JSONRendering().render(expected))
    }
  }

  @Test func partsAddUpToTheWhole() {
    let samples = MadeUpRuns.samples
    let run = MadeUpRuns.usual.run
    var whole = Report.Builder(run: run)
    for sample in samples { whole.add(sample) }
    for cut in [0, 1, samples.count / 3, samples.count] {
      var (first, second) = (Report.Builder(run: run), Report.Builder(run: run))
      for sample in samples[..<cut] { first.add(sample) }
      for sample in samples[cut...] { second.add(sample) }
      first.add(second)
      #expect(JSONRendering().render(first.finish()) == JSONRendering().render(whole.finish()))
    }
  }

  @Test func setsAreSorted() throws {
    let names = (0..<20).map { "model-\($0)" }
    for order in [names, names.reversed()] {
      let suite = Suite(
        name: "s",
        accounts: [MadeUpRuns.account("sim")],
        targets: [Target(id: "t", account: "sim", model: "m", limit: "l")],
        prompts: []
      )
      var run = MadeUpRuns.record("r", suite, state: .finished)
      run.environment = Dictionary(uniqueKeysWithValues: order.map { ($0, "1") })
      var builder = Report.Builder(run: run)
      for (index, name) in order.enumerated() {
        var sample = MadeUpRuns.answer("t", index, seconds: 1)
        sample.servedModel = name
        sample.upstream = name
        sample.replacement = name
        builder.add(sample)
      }
      let report = builder.finish()
      let summary = try #require(report.targets.first)
      #expect(summary.servedModels == names.sorted())
      #expect(summary.upstreams == names.sorted())
      #expect(summary.replacements == names.sorted())
      #expect(report.method.suffix(20).map(\.name) == names.sorted().map { "harness \($0)" })
    }
  }

  @Test(arguments: [true, false])
  func aDecodeRateThatIsMissingIsExplained(isKnown: Bool) {
    let suite = Suite(
      name: "s", accounts: [MadeUpRuns.account("sim")],
      targets: [Target(id: "t", account: "sim", model: "m", limit: "l")], prompts: [])
    var builder = Report.Builder(run: MadeUpRuns.record("r", suite, state: .finished))
    var sample = MadeUpRuns.answer("t", 0, seconds: 1)
    if !isKnown { sample.decodeRate = nil }
    builder.add(sample)
    let notes = builder.finish().notes.filter { $0.text.hasPrefix("no decode rate: ") }
    #expect(notes.map(\.target) == (isKnown ? [] : ["t"]))
  }

  @Test func gatesLookOnlyAtTheirSamples() throws {
    let report = MadeUpRuns.usual
    let pairs = try #require(report.gates.first { $0.gate == "pairs" })
    #expect(pairs.target == "slow")
    #expect(pairs.estimate?.n == 40)
    #expect(report.gates.map(\.gate).filter { $0 == "pairs" }.count == 1)
    #expect(report.gates.prefix(5).map(\.target) == ["quick", "slow", "shaky", "scarce", "whole"])
    #expect(report.gates.last?.verdict == .notEvaluable)
  }

  /// What the matrix leaves out is no lack of data, and the report says what was left out.
  @Test func gatesAreNotAboutWhatTheMatrixLeavesOut() throws {
    var run = MadeUpRuns.record("r", MadeUpRuns.usual.run.suite, state: .finished)
    run.suite.prompts.append(Prompt(id: "extra", user: Template(literal: "And more.")))
    run.suite.exclusions = [
      Exclusion(target: "whole"), Exclusion(target: "scarce", prompt: "extra"),
    ]
    run.suite.gates = [
      Gate(
        id: "more", metric: .answered, .atLeast, 0.9, text: "90%",
        filter: .init(prompt: "extra"))
    ]
    let report = Report.Builder(run: run).finish()
    #expect(report.gates.map(\.target) == ["quick", "slow", "shaky"])
    #expect(report.targets.map(\.target.id) == ["quick", "slow", "shaky", "scarce"])
    let notes = report.notes.filter { $0.text.contains("matrix") }
    #expect(notes.map(\.target) == [nil, "scarce"])
    #expect(notes[0].text == "whole is left out: the suite's matrix excludes it from everything")
    #expect(notes[1].text.hasPrefix("not judged by more: "))
    run.suite.gates[0].against = "baseline"
    // Without a baseline it can be evaluated for none of those that it is about.
    let against = Report.Builder(run: run).finish()
    #expect(against.gates.map(\.target) == ["quick", "slow", "shaky"])
    #expect(against.gates.allSatisfy { $0.verdict == .notEvaluable })
    run.suite.targets.removeAll { $0.id != "scarce" && $0.id != "whole" }
    let narrow = Report.Builder(run: run).finish()
    #expect(narrow.gates.isEmpty)
    #expect(narrow.verdict.sentence == "no gate is about what was asked")
  }

  @Test func warmupsAndSkippedSamplesDoNotCount() {
    let report = MadeUpRuns.usual
    #expect(report.targets.map(\.n) == [80, 80, 75, 5, 30])
    #expect(report.targets[2].skipped == 5)
    #expect(report.targets[2].failures.map(\.kind) == [.timeoutTotal, .server])
    #expect(report.targets[3].usd == nil)
    #expect(report.targets[3].outputTokens == nil)
    #expect(report.targets[4].ttft.p50 == nil)
  }

  @Test func verdicts() {
    #expect(MadeUpRuns.usual.verdict.code == .gateFailed)
    #expect(MadeUpRuns.empty.verdict.code == .interrupted)
  }

  /// A fold that copied its tallies would need hours.
  @Test(.timeLimit(.minutes(1))) func manySamplesFold() {
    let samples = MadeUpRuns.samples
    var builder = Report.Builder(run: MadeUpRuns.usual.run)
    for _ in 0..<200 {
      for sample in samples { builder.add(sample) }
    }
    #expect(builder.finish().targets[0].n == 16000)
  }

  /// `docs/report-json.md` names every field, and no other.
  @Test func everyFieldIsDocumented() throws {
    var fields: Set<String> = []
    for (_, report) in MadeUpRuns.all {
      let json = try JSON(parsing: JSONRendering().render(report).utf8)
      collect(json, at: "", into: &fields)
    }
    let page = URL(filePath: #filePath).appending(path: "../../../docs/report-json.md").standardized
    let documented = try String(contentsOf: page, encoding: .utf8)
      .split(separator: "\n").filter { $0.hasPrefix("| `") }
      .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
    #expect(fields.subtracting(documented).sorted() == [])
    #expect(Set(documented).subtracting(fields).sorted() == [])
    #expect(Set(documented).count == documented.count)
  }

  private func collect(_ json: JSON, at path: String, into fields: inout Set<String>) {
    switch json {
    case .array(let elements):
      fields.remove(path)
      fields.insert(path + "[]")
      for element in elements { collect(element, at: path + "[]", into: &fields) }
    case .object(let members) where path != "run.environment":
      let isEstimate = members.keys.contains("confidence")
      let isBound = members.keys.contains("needs")
      for (key, value) in members {
        let member = isEstimate ? "estimate.\(key)" : isBound ? "bound.\(key)" : "\(path).\(key)"
        let name = member.hasPrefix(".") ? String(member.dropFirst()) : member
        fields.insert(name)
        collect(value, at: name, into: &fields)
      }
    default: break
    }
  }
}
