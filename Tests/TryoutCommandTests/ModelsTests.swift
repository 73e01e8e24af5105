import Foundation
import Testing

/// The catalogue's commands against a provider whose catalogue changes over nights.
@Suite(.timeLimit(.minutes(3)))
struct ModelsTests {
  private struct Model: Decodable {
    var id: String
    var free: Bool
    var usable: Bool?
    var prices: [String: String]
  }

  private struct Difference: Decodable {
    struct Change: Decodable, Equatable {
      var change: String
      var model: String
    }
    struct Alarm: Decodable {
      var target: String
      var replacement: String?
    }
    var since: String?
    var changes: [Change]
    var affected: [Alarm]
  }

  private static let key = ["LAB_KEY": "lab-key-of-no-worth"]

  private func suite(_ url: String, model: String) -> String {
    """
    version: 1
    suite: watched
    accounts:
      lab: { provider: openrouter, base_url: "\(url)", key_env: LAB_KEY }
    targets:
      - { id: default, account: lab, model: "\(model)" }
      - { id: other, account: lab, model: "zeta/thinker:free" }
    prompts: ["capital of Peru"]
    """
  }

  @Test func theListIsFilteredByFreedomAndByKey() async throws {
    let folder = try ScratchFolder()
    let provider = try await SimulatedProvider(["--openrouter"], in: folder)
    func list(_ flags: String..., key: [String: String] = ModelsTests.key) async throws -> [Model] {
      let outcome = try await Command(
        ["models", "list", "--json"] + provider.options + flags, in: folder, environment: key
      ).end()
      try #require(outcome.code == 0, "\(outcome.errors)")
      return try folder.decode([Model].self, outcome.output)
    }
    let all = try await list()
    #expect(all.count == 11)
    #expect(all.first { $0.id == "nova/mini" }?.prices["prompt"] == "0.00000005")
    let free = try await list("--free")
    #expect(free.count == 9 && free.allSatisfy { $0.id.hasSuffix(":free") })
    let usable = try await list("--free", "--usable")
    #expect(Set(free.map(\.id)).subtracting(usable.map(\.id)) == ["omni/private:free"])
    #expect(try await list(key: [:]).allSatisfy { $0.usable == nil })
    let blind = try await Command(["models", "list", "--usable"] + provider.options, in: folder)
      .end()
    #expect(blind.code == 64 && blind.errors.contains("LAB_KEY"))
    // Reading spends nothing and writes nothing.
    #expect(!folder.exists("tryout.db"))
  }

  @Test func aDefaultThatDiesOvernightIsSeenInTheMorning() async throws {
    let folder = try ScratchFolder()
    let provider = try await SimulatedProvider(["--openrouter"], in: folder)
    try folder.write(suite(provider.url, model: "acme/large:free"), to: "suite.yaml")
    let watch = ["models", "snapshot", "--suite", "suite.yaml", "--fail-on-change"]
    let first = try await Command(watch, in: folder, environment: Self.key).end()
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.lastErrors[1] == "tryout: no target is affected")
    try await provider.nextNight()
    let second = try await Command(watch + ["--json"], in: folder, environment: Self.key).end()
    #expect(second.code == 1)
    #expect(second.lastErrors[1] == "tryout: the catalogue affects default")
    let difference = try #require(try folder.decode([Difference].self, second.output).first)
    #expect(
      difference.changes == [
        .init(change: "vanished", model: "acme/large:free"),
        .init(change: "vanished", model: "nova/mini:free"),
      ])
    #expect(difference.affected.map(\.replacement) == ["acme/small:free"])
    // The same from the database alone, and again over both nights.
    try await provider.nextNight()
    _ = try await Command(watch, in: folder, environment: Self.key).end()
    let diff = try await folder.tryout("models", "diff", "--suite", "suite.yaml", "--json")
    let tonight = try #require(try folder.decode([Difference].self, diff.output).first)
    #expect(tonight.changes.contains(.init(change: "became_paid", model: "zeta/burst:free")))
    #expect(tonight.changes.contains(.init(change: "unblocked", model: "omni/private:free")))
    let both = try await folder.tryout(
      "models", "diff", "--suite", "suite.yaml", "--since", "1d", "--fail-on-change", "--json")
    #expect(both.code == 1)
    #expect(try folder.decode([Difference].self, both.output)[0].changes.count == 9)
    let offline = try await Command(
      ["models", "list", "--offline", "--free"] + provider.options, in: folder
    ).end()
    #expect(offline.code == 0 && offline.output.contains("nova/next:free"))
    // Nobody else is in the database, so that nobody needs to be named.
    let unnamed = try await folder.tryout("models", "diff", "--json")
    #expect(
      try folder.decode([Difference].self, unnamed.output).map(\.changes) == [tonight.changes])
    let kept = try await folder.tryout("models", "list", "--offline", "--free")
    #expect(kept.output == offline.output)
    let empty = try RawServer { _, _ in RawServer.response("404 Not Found", "{}") }
    let elsewhere = try await folder.tryout(
      "models", "show", "acme/small:free", "--provider", "openrouter", "--base-url", empty.url,
      "--key-env", "none")
    #expect(elsewhere.code == 64)
    #expect(elsewhere.lastErrors[1].contains("The database has it from \(provider.url): name that"))
    let gone = try await Command(
      ["models", "show", "acme/large:free"] + provider.options, in: folder
    ).end()
    #expect(gone.code == 64)
    #expect(gone.lastErrors[1].contains("The nearest free model is acme/small:free."))
    #expect(gone.output.hasPrefix("not listed since ") && gone.output.contains("; listed last at "))
    #expect(gone.output.contains("context: 131072 tokens") && gone.output.contains("vanished"))
    let known = try await Command(
      ["models", "show", "acme/large:free", "--json"] + provider.options, in: folder
    ).end()
    let vanished = try folder.decode(Vanished.self, known.output)
    #expect(vanished.lastListing.id == "acme/large:free")
    #expect(vanished.lastListedAt <= vanished.missingSince)
    #expect(vanished.history.map(\.change) == ["vanished"])
    let shown = try await Command(
      ["models", "show", "acme/small:free"] + provider.options, in: folder
    ).end()
    #expect(shown.code == 0 && shown.output.contains("32768   16384"))
  }

  private struct Vanished: Decodable {
    struct Listing: Decodable { var id: String }
    struct Change: Decodable { var change: String }
    var lastListing: Listing
    var lastListedAt: String
    var missingSince: String
    var history: [Change]
  }

  /// What takes the name of a router may list models and yet describe none.
  @Test func aModelThatIsListedIsShownThoughNobodyDescribesIt() async throws {
    let list = #"{"data":[{"id":"a/b","pricing":{"prompt":"0.00000000001","completion":"2e-11"}}]}"#
    let server = try RawServer { request, _ in
      request.hasPrefix("GET /v1/models ") || request.hasPrefix("GET /models ")
        ? RawServer.response("200 OK", list) : RawServer.response("404 Not Found", "{}")
    }
    let shown = try await ScratchFolder().tryout(
      "models", "show", "a/b", "--provider", "openrouter", "--base-url", server.url, "--key-env",
      "none")
    #expect(shown.code == 0)
    #expect(shown.output.contains("completion 0.00000000002, prompt 0.00000000001"))
  }

  @Test func aProviderThatIsNotThereIs69() async throws {
    let folder = try ScratchFolder()
    let outcome = try await folder.tryout(
      "models", "snapshot", "--provider", "openai", "--base-url", "http://127.0.0.1:9/v1")
    #expect(outcome.code == 69)
    #expect(!folder.exists("tryout.db"))
  }

  @Test(arguments: [
    ["models", "snapshot", "--fail-on-change"], ["models", "list", "--provider", "nobody"],
    ["models", "list", "--base-url", "http://x"], ["models", "diff", "--since", "soon"],
    ["models", "diff", "--since", "99999w"], ["models", "diff", "--since", "9999-01-01"],
    ["models", "list", "--provider", "openai", "--base-url", "http://example.org/v1"],
    ["models", "diff"],
  ])
  func wrongUsageIs64(arguments: [String]) async throws {
    let outcome = try await Command(arguments, in: try ScratchFolder()).end()
    #expect(outcome.code == 64, "\(outcome.errors)")
  }
}
