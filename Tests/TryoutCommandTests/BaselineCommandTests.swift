import Foundation
import Synchronization
import Testing

/// Nights of a suite against a server that answers rightly or wrongly as told: runs held against each other.
@Suite(.timeLimit(.minutes(2)))
struct BaselineCommandTests {
  /// How many requests from now on are answered wrongly.
  final class Mood: Sendable {
    private let wrong = Mutex(0)

    func beWrong(for requests: Int) { wrong.withLock { $0 = requests } }

    var answer: String {
      wrong.withLock { left in
        left -= 1
        return left >= 0 ? "Quito" : "Lima"
      }
    }
  }

  /// Twelve questions for each target; the only gate compares how many answers are right.
  private static func suite(
    _ url: String, targets: [String] = ["one", "two"], model: String = "m", run: String = ""
  ) -> String {
    let cases = (1...12).map { "  - { id: q\($0), vars: { n: \"\($0)\" } }" }
    return """
      version: 1
      suite: nightly
      accounts: { there: { provider: openai, base_url: "\(url)", key_env: none } }
      limits: { pool: { account: there, concurrency: 2 } }
      targets: [\(targets.map { "{ id: \($0), account: there, model: \(model), limit: pool }" }.joined(separator: ", "))]
      prompts: ["Question {{ n }}: what is the capital of Peru?"]
      cases:
      \(cases.joined(separator: "\n"))
      checks: [{ id: right, contains: Lima }]
      run: { samples: 1, seed: 7, retry: { attempts: 1 }\(run) }
      gates: [{ id: passes, metric: pass_rate, against: baseline, at_least: 0.75x }]
      """
  }

  private let mood = Mood()

  private func server() throws -> RawServer {
    try RawServer { [mood] _, _ in RawServer.completion(mood.answer) }
  }

  @Test func nightsAreHeldAgainstThoseBefore() async throws {
    let server = try server()
    let folder = try ScratchFolder.remote(Self.suite(server.url))
    let first = try await folder.tryout("run", "suite.yaml")
    #expect(first.code == 2)
    #expect(first.output.contains("there is no baseline yet"))
    let second = try await folder.tryout("run", "suite.yaml", "--report", "reports")
    #expect(second.code == 0, "\(second.output)")
    #expect(second.output.contains("compared with baseline of 1 night"))
    #expect(try folder.text("reports/report.md").contains("against the baseline"))
    #expect(try folder.text("reports/comparison.csv").hasPrefix("base,head,target,metric"))

    mood.beWrong(for: 24)
    let bad = try await folder.tryout("run", "suite.yaml")
    #expect(bad.code == 1)
    #expect(bad.lastErrors[1] == "tryout: gates passes (one), passes (two) failed")
    #expect(try await folder.tryout("gate").code == 1)
    // What failed is in no baseline until it is accepted, so that the next night is held against the two good ones.
    let fourth = try await folder.tryout("run", "suite.yaml")
    #expect(fourth.code == 0, "\(fourth.output)")
    #expect(fourth.output.contains("compared with baseline of 2 nights"))

    let reports = try await [
      folder.tryout("report", "--json"), folder.tryout("report", "--json"),
    ]
    #expect(reports[0].output == reports[1].output)
    #expect(reports[0].output.contains("\"baseline of 2 nights\""))
    let trend = try await folder.tryout("trend")
    #expect(trend.code == 0)
    #expect(trend.output.contains("suite nightly"))
    #expect(trend.output.components(separatedBy: "\n20").count == 9)
    let json = try await folder.tryout("trend", "nightly", "--json", "--nights", "2")
    #expect(json.output.components(separatedBy: "\"run\"").count == 5)
    #expect(try await folder.tryout("trend", "unheard-of").code == 64)
  }

  @Test func onlyFreshSamplesConfirmASuspicion() async throws {
    let server = try server()
    let folder = try ScratchFolder.remote(Self.suite(server.url, run: ", confirm: true"))
    #expect(try await folder.tryout("run", "suite.yaml").code == 2)
    mood.beWrong(for: 24)
    let cleared = try await folder.tryout("run", "suite.yaml")
    #expect(cleared.code == 0, "\(cleared.output)")
    #expect(cleared.errors.contains("measures again: passes (one), passes (two), 24 samples"))
    #expect(cleared.output.contains("suspected, and not confirmed by fresh samples"))
    let again = try await folder.tryout("gate")
    #expect(again.code == 0)
    #expect(try await folder.runs().map(\.done) == [24, 24, 24])

    mood.beWrong(for: 48)
    let confirmed = try await folder.tryout("run", "suite.yaml")
    #expect(confirmed.code == 1)
    #expect(confirmed.output.contains("confirmed by fresh samples, which alone are shown"))
    // A run that only confirms is no night.
    let trend = try await folder.tryout("trend", "--json").output
    #expect(trend.components(separatedBy: "\"run\"").count == 7)
  }

  @Test func twoRunsAreCompared() async throws {
    let server = try server()
    let folder = try ScratchFolder.remote(Self.suite(server.url))
    try await folder.tryout("run", "suite.yaml")
    let base = try await folder.latestRun().runId
    try await folder.tryout("run", "suite.yaml", "--report-only")
    mood.beWrong(for: 24)
    try await folder.tryout("run", "suite.yaml", "--report-only")

    let worse = try await folder.tryout("compare", base)
    #expect(worse.code == 1)
    // A machine that was busy meanwhile may have made times worse too.
    #expect(worse.lastErrors[1].hasPrefix("tryout: worse than run \(base): pass_rate (one), "))
    #expect(worse.output.contains("PASS RATE AGAINST THE BASELINE"))
    for pair in [("latest", "latest"), (base, base)] {
      let itself = try await folder.tryout("compare", pair.0, pair.1)
      #expect(itself.code == 64)
      #expect(itself.errors.contains("Both sides are run "))
    }
    for format in ["markdown", "csv", "json"] {
      let outcome = try await folder.tryout("compare", base, "latest", "--format", format)
      #expect(outcome.code == 1)
      #expect(outcome.output.contains("pass_rate") || outcome.output.contains("Pass rate"))
    }
    // All of the answers became wrong: the ratio of twelve to none is shown to be below 0.8, and not to be below 0.1.
    let slight = try await folder.tryout("compare", base, "--min-effect", "90%")
    #expect(slight.output.contains("worse, but maybe by less than 90 %"), "\(slight)")
    // Times may have become worse all the same.
    let reason = slight.lastErrors[1]
    #expect(
      reason.contains("too small: pass_rate (one)") || !reason.contains("pass_rate"), "\(reason)")
    #expect(try await folder.tryout("compare", base, "--min-effect", "20%").code == 1)
    for share in ["5", "100%", "-5%", "1.05x"] {
      #expect(
        try await folder.tryout("compare", base, "--min-effect=\(share)").code == 64, "\(share)")
    }
    let rolling = try await folder.tryout("compare", "baseline", "latest")
    #expect(rolling.code == 1)
    #expect(rolling.lastErrors[1].contains("worse than baseline of 2 nights"))

    try folder.write(Self.suite(server.url, model: "other"), to: "suite.yaml")
    try await folder.tryout("run", "suite.yaml")
    let other = try await folder.tryout("compare", base)
    #expect(other.code == 2)
    #expect(other.lastErrors[1].hasSuffix("not comparable with run \(base): model m → other"))
    #expect(try await folder.tryout("compare", "nobody").code == 64)
  }

  @Test func baselinesAreNamedAcceptedAndForgotten() async throws {
    let server = try server()
    let folder = try ScratchFolder.remote(Self.suite(server.url))
    #expect(try await folder.tryout("baseline", "pin", "x", "--reason", "y").code == 64)
    #expect(!folder.exists("tryout.db"))
    try await folder.tryout("run", "suite.yaml")
    let first = try await folder.latestRun().runId
    let pinned = try await folder.tryout("baseline", "pin", "shipped", "--reason", "release 3")
    #expect(pinned.code == 0)
    for name in ["latest", "baseline", "a b", "-x", String(first.prefix(6))] {
      let refused = try await folder.tryout("baseline", "pin", "--reason", "y", "--", name)
      #expect(refused.code == 64, "\(name)")
    }
    mood.beWrong(for: 24)
    #expect(try await folder.tryout("run", "suite.yaml").code == 1)
    #expect(try await folder.tryout("baseline", "accept").code == 64)
    let accepted = try await folder.tryout(
      "baseline", "accept", "--reason", "the answers changed on purpose", "--name", "changed")
    #expect(accepted.code == 0)
    let list = try await folder.tryout("baseline", "list")
    #expect(list.output.contains("release 3") && list.output.contains("on purpose"))
    mood.beWrong(for: 24)
    let next = try await folder.tryout("run", "suite.yaml")
    #expect(next.code != 1, "\(next.output)")
    // A pinned run is another judge than the latest nights.
    #expect(try await folder.tryout("gate", "--baseline", "shipped").code == 1)
    #expect(try await folder.tryout("compare", "shipped").code == 1)
    let named = try await folder.tryout(
      "baseline", "pin", "again", "--reason", "release 4", "--json")
    let marks = try JSONSerialization.jsonObject(with: Data(named.output.utf8)) as? [[String: Any]]
    #expect(marks?.map { $0["name"] as? String } == ["again"])
    let removed = try await folder.tryout("baseline", "remove", "again", "--json")
    #expect(removed.output == named.output)
    let taken = try await folder.tryout("baseline", "accept", "--reason", "x", "--json")
    #expect(taken.output.contains("\"accepted\"") && !taken.output.contains("shipped"))
    #expect(try await folder.tryout("baseline", "remove", "shipped").code == 0)
    #expect(try await folder.tryout("gate", "--baseline", "shipped").code == 64)
    #expect(try await folder.tryout("run", "suite.yaml", "--baseline", "shipped").code == 64)
  }

  @Test func whatCannotBeMarkedIsSaid() async throws {
    let server = try server()
    let folder = try ScratchFolder.remote(
      Self.suite(server.url, run: ", budget: { requests: 3 }"))
    #expect(try await folder.tryout("run", "suite.yaml").code == 3)
    let unfinished = try await folder.tryout("baseline", "accept", "--reason", "so be it")
    #expect(unfinished.code == 64)
    #expect(unfinished.errors.contains("Only a finished run can be accepted."))
    #expect(try await folder.tryout("baseline", "pin", "x", "--reason", " ").code == 64)
    let unknown = try await folder.tryout("baseline", "remove", "latest", "--json")
    #expect(unknown.code == 64 && unknown.output.isEmpty)
    #expect(unknown.errors.contains("neither a name nor an accepted run"))
    #expect(try await folder.tryout("baseline", "list", "--json").output == "[]\n")
  }

  @Test func whatVanishedFailsUntilItIsAccepted() async throws {
    let server = try server()
    let folder = try ScratchFolder.remote(Self.suite(server.url))
    try await folder.tryout("run", "suite.yaml")
    // Narrowed on purpose, nothing has vanished.
    #expect(try await folder.tryout("run", "suite.yaml", "--target", "one").code == 0)
    try folder.write(Self.suite(server.url, targets: ["one"]), to: "suite.yaml")
    for _ in 1...2 {
      let gone = try await folder.tryout("run", "suite.yaml")
      #expect(gone.code == 1)
      #expect(gone.output.contains("the target has vanished from the suite"))
    }
    try await folder.tryout("baseline", "accept", "--reason", "two is switched off")
    let after = try await folder.tryout("run", "suite.yaml")
    #expect(after.code == 0, "\(after.output)")
  }
}
