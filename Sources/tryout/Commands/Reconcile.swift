import ArgumentParser
import Foundation
import TryoutCore
import TryoutReport
import TryoutStore
import TryoutTransport

struct Reconcile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare a run's answers with what the router says about them afterwards.",
    discussion: """
      Asks OpenRouter about every answer of the run by its generation id, which spends no quota: its own time to the \
      first token, tokens by the model's tokenizer, cost, and who served it. `difference` is how much later the first \
      token came here: the way between, and our own clock. It is never negative on a sound machine.

      Exit code 0: the router was asked. 64: the run has no answer of a router. 69: nothing could be fetched.
      """
  )

  @OptionGroup var run: RunArgument
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Run the programs that print keys, as the suite names them.")
  var allowExec = false

  func run() async throws {
    try await reportingErrors {
      let (record, attempts) = try store.reading { store in
        let record = try store.run(run.run)
        var attempts: [Attempt] = []
        try store.forEachAttempt(of: record.id) { attempts.append($0) }
        return (record, attempts)
      }
      let routers = record.suite.accounts.filter(\.provider.routes)
      let asked = attempts.filter { attempt in
        attempt.status == .ok && attempt.exchange.generationID != nil
          && routers.contains { $0.id == attempt.account }
      }
      guard !asked.isEmpty else {
        throw UserError(.usage, "Run \(record.id) has no answer with a generation id of a router.")
      }
      // Whoever else the suite asked is not asked here, and needs no key.
      var suite = record.suite
      suite.targets.removeAll { target in !routers.contains { $0.id == target.account } }
      let keys = try suite.keys(allowExec: allowExec)
      let rows = try await reconciled(asked, routers, keys)
      try output.json ? Console.data(json(rows)) : Console.text(text(rows))
      try conclude(rows)
    }
  }

  private func reconciled(
    _ attempts: [Attempt], _ routers: [Account], _ keys: [String: String]
  ) async throws -> [Reconciliation] {
    let desk = try ProviderDesk(userAgent: "tryout/\(Tryout.version)")
    defer { desk.shutdown() }
    var rows = attempts.map { Reconciliation($0, nil) }
    // A router may know an answer only some seconds after it was given.
    for round in 0..<12 {
      for index in rows.indices
      where rows[index].record == nil && (round == 0 || rows[index].isRecent) {
        rows[index].record = try await record(of: rows[index].attempt, desk, routers, keys)
      }
      guard rows.contains(where: { $0.record == nil && $0.isRecent }) else { break }
      try await Task.sleep(for: .seconds(5))
    }
    return rows
  }

  /// Nil where the router does not know the answer.
  private func record(
    of attempt: Attempt, _ desk: ProviderDesk, _ routers: [Account], _ keys: [String: String]
  ) async throws -> GenerationRecord? {
    guard let account = routers.first(where: { $0.id == attempt.account }),
      let url = account.baseURL, let id = attempt.exchange.generationID
    else { return nil }
    do throws(Failure) {
      let endpoint = Endpoint(url: url, key: keys[account.id])
      return try await desk.generation(id, of: account, at: endpoint)
    } catch {
      // What refuses one refuses all.
      throw UserError(.unavailable, "\(account.id) told nothing about \(id): \(error.message)")
    }
  }

  private func text(_ rows: [Reconciliation]) -> String {
    TextTable.render(
      header: ["sample", "model", "ttft here", "there", "difference", "generation there", ""],
      rows: rows.map { row in
        [
          row.attempt.sample.id, row.attempt.model,
          seconds(row.attempt.exchange.timeline.firstToken),
          seconds(row.record?.firstToken), seconds(row.firstTokenDifference),
          seconds(row.record?.generation),
          row.record == nil ? "unknown there" : row.disagreements.joined(separator: "; "),
        ]
      })
  }

  private func seconds(_ nanoseconds: Int64?) -> String {
    nanoseconds.map(Format.time) ?? "n/a"
  }

  private func json(_ rows: [Reconciliation]) -> String {
    let values = rows.map { row -> JSON in
      [
        "sample_id": .string(row.attempt.sample.id), "attempt": .integer(Int64(row.attempt.number)),
        "generation_id": row.attempt.exchange.generationID.map { .string($0) } ?? .null,
        "ttft_ms": milliseconds(row.attempt.exchange.timeline.firstToken),
        "router_ttft_ms": milliseconds(row.record?.firstToken),
        "difference_ms": milliseconds(row.firstTokenDifference),
        "router_generation_ms": milliseconds(row.record?.generation),
        "known": .bool(row.record != nil),
        "disagreements": .array(row.disagreements.map { .string($0) }),
      ]
    }
    return JSON.array(values).canonicalText + "\n"
  }

  private func conclude(_ rows: [Reconciliation]) throws {
    let known = rows.filter { $0.record != nil }
    guard !known.isEmpty else {
      throw UserError(.unavailable, "The router told nothing about any of \(rows.count) answers.")
    }
    let differences = known.compactMap(\.firstTokenDifference).sorted()
    let median = differences.isEmpty ? nil : differences[(differences.count - 1) / 2]
    Console.say(
      "tryout: \(known.count) of \(Format.count(rows.count, "answer")) known there; the first token came "
        + "\(seconds(median)) later here at the median; "
        + "\(known.count { !$0.disagreements.isEmpty }) with disagreements")
  }
}

private extension Reconciliation {
  /// Whether the router may not have written down yet what it knows.
  var isRecent: Bool { wallClock() - attempt.startedAt < 120_000_000_000 }
}
