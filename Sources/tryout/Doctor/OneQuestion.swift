import Foundation
import TryoutCore
import TryoutReport
import TryoutStore

/// Asks each target of a suite one short question, as a run of its own, so that limits are kept and quota is counted.
struct OneQuestion {
  var suite: Suite
  var database: String
  var keys: [String: String]

  /// Enough for models that reason before they answer.
  private static let tokens = 512

  func findings() async throws -> [Finding] {
    let suite = question
    let store = try Store(path: database, mode: .readWrite)
    defer { store.close() }
    let signals = Signals()
    let session = Session(suite: suite, keys: keys, store: store, signals: signals)
    let work = try session.begin(seed: 1)
    _ = try await signals.handling { try await session.carryOut(work) }
    var findings: [Finding] = []
    let free = Set(suite.targets.filter(\.freeOnly).map(\.id))
    try store.forEachSample(of: work.run.id) { sample in
      findings.append(Finding(sample, mustBeFree: free.contains(sample.identity.target)))
    }
    return findings.sorted { $0.subject < $1.subject }
  }

  /// The suite's targets and limits with one prompt, and nothing to grade.
  private var question: Suite {
    var suite = Suite(
      name: "doctor", accounts: suite.accounts, limits: suite.limits, targets: suite.targets,
      prompts: [Prompt(id: "hello", user: Template(literal: "Answer with the word OK."))])
    for index in suite.targets.indices {
      let account = suite.account(of: suite.targets[index])
      suite.targets[index].parameters = account.provider.allowing(
        OneQuestion.tokens, in: suite.targets[index].parameters, at: account.baseURL)
    }
    suite.run.timeouts = self.suite.run.timeouts
    suite.run.retry.attempts = 1
    suite.run.retry.maxServerWait = .seconds(5)
    return suite
  }
}

private extension Finding {
  init(_ sample: SampleRecord, mustBeFree: Bool) {
    let target = sample.identity.target
    if mustBeFree, let usd = sample.usd, usd > 0 {
      self.init(
        .ask, target, .problem,
        "must be free, but its answer was billed: \(Format.quantity(usd, .usd))",
        advice: "Ask it no more before you know why, or write free_only: false, if it may cost.")
      return
    }
    if sample.isAnswered {
      let latency = sample.latency.map { ", after \(Format.time($0))" } ?? ""
      let upstream = sample.upstream.map { " through \($0)" } ?? ""
      self.init(.ask, target, .ok, "answered\(upstream)\(latency)")
      return
    }
    let kind = sample.failure?.rawValue ?? "no answer"
    let message = sample.failureMessage ?? ""
    // A full pool or a used-up day is no reason to give a model up.
    let isLasting = sample.failure.map { $0.scope == .model || $0.scope == .request } ?? false
    self.init(
      .ask, target, isLasting || sample.outcome == .error ? .problem : .warning,
      "\(kind): \(message)",
      advice: sample.replacement.map { "The provider names \($0)." })
  }
}
