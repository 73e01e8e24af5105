import Foundation
import Testing

/// The suites of this repository, as somebody meets them who has just cloned it.
@Suite(.timeLimit(.minutes(1)))
struct OwnSuitesTests {
  private static let suites = URL(fileURLWithPath: #filePath)
    .resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("suites").path

  @Test func everySuiteIsValid() async throws {
    let folder = try ScratchFolder()
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.suites)
      .filter { $0.hasSuffix(".yaml") }
    try #require(names.count >= 4)
    for name in names {
      let outcome = try await folder.tryout("validate", "\(Self.suites)/\(name)")
      #expect(outcome.code == 0, "\(name): \(outcome.output)")
      #expect(try await folder.tryout("plan", "\(Self.suites)/\(name)").code == 0)
    }
  }

  private struct Report: Decodable {
    struct Verdict: Decodable { var exitCode: Int32 }
    struct Gate: Decodable {
      var id: String
      var target: String
      var verdict: String
    }
    var verdict: Verdict
    var gates: [Gate]
  }

  @Test func demoFindsTheModelThatIsWrong() async throws {
    let folder = try ScratchFolder()
    let run = try await folder.tryout(
      "run", "\(Self.suites)/demo.yaml", "--samples", "1", "--json")
    let report = try folder.decode(Report.self, run.output)
    #expect(run.code == 1)
    #expect(report.verdict.exitCode == 1)
    #expect(report.gates.contains { ($0.id, $0.target, $0.verdict) == ("right", "wrong", "fail") })
    #expect(
      !report.gates.contains { ($0.id, $0.target, $0.verdict) == ("right", "steady", "fail") })
    let row = try await folder.latestRun()
    #expect(row.state == "finished" && row.done == 70 && row.planned == 70)
  }
}
