import Foundation
import TryoutCore
import TryoutStore

/// Runs a suite in which one simulated model is entered twice, as `run` would, in a database that
/// goes afterwards.
struct TwinRehearsal {
  private static let twins = ("one", "other")

  /// Compares, and on an alarm once more with another seed; the last trial is what counts.
  func trials() async throws -> [TwinTrial] {
    var trials = [try await trial(seed: 1)]
    if !trials[0].reasons.isEmpty { trials.append(try await trial(seed: 2)) }
    return trials
  }

  private func trial(seed: UInt64) async throws -> TwinTrial {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tryout-selftest-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try Store(
      path: folder.appendingPathComponent("tryout.db").path, mode: .readWrite)
    defer { store.close() }
    let session = Session(suite: suite(seed: seed), keys: [:], store: store, signals: Signals())
    let work = try session.begin(seed: seed)
    _ = try await session.carryOut(work)
    var samples: [SampleRecord] = []
    try store.forEachSample(of: work.run.id) { samples.append($0) }
    return TwinTrial(of: samples, twins: Self.twins)
  }

  private func suite(seed: UInt64) -> Suite {
    let script = """
      version: 1
      seed: \(seed)
      models:
        twin:
          first_token: { median: 20ms, sigma: 0.1 }
          per_token: { median: 1ms, sigma: 0.1 }
          answer_tokens: 10
      """
    var policy = RunPolicy()
    policy.samples = 60
    policy.warmup = 2
    return Suite(
      name: "twins",
      accounts: [Account(id: "lab", provider: .simulator, script: script)],
      limits: [Limit(id: "pool", account: "lab", concurrency: 4)],
      targets: [Self.twins.0, Self.twins.1].map {
        Target(id: $0, account: "lab", model: "twin", limit: "pool")
      },
      prompts: [Prompt(id: "prompt", user: Template(literal: "Who are you?"))],
      run: policy)
  }
}
