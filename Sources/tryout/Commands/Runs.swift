import ArgumentParser
import TryoutCore
import TryoutReport
import TryoutStore

struct Runs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the runs of a database, newest first.",
    discussion: "A run whose process is gone is shown as crashed; `run --resume` takes it up again."
  )

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await reportingErrors {
      let runs = try store.reading { try $0.runs() }
      if output.json {
        try Console.data(JSON.array(runs.map(\.json)).canonicalText + "\n")
      } else if runs.isEmpty {
        Console.say("\(store.path) holds no run yet.")
      } else {
        let rows = runs.map {
          [
            $0.id, $0.suite, $0.state.rawValue, "\($0.done)/\($0.planned)", "\($0.requests)",
            $0.tokens.map(String.init) ?? "n/a", $0.usd.map { Format.quantity($0, .usd) } ?? "n/a",
            timestamp($0.startedAt), $0.reason ?? $0.confirms.map { "confirms \($0)" } ?? "",
          ]
        }
        try Console.text(
          TextTable.render(
            header: ["run", "suite", "state", "done", "requests", "tokens", "USD", "started", ""],
            rows: rows
          )
        )
      }
    }
  }
}

private extension RunSummary {
  var json: JSON {
    [
      "run_id": .string(id), "suite": .string(suite), "state": .string(state.rawValue),
      "confirms": confirms.map { .string($0) } ?? .null,
      "reason": reason.map { .string($0) } ?? .null, "planned": .integer(Int64(planned)),
      "done": .integer(Int64(done)), "requests": .integer(Int64(requests)),
      "tokens": tokens.map { .integer(Int64($0)) } ?? .null,
      "cost_usd": usd.map { .number($0) } ?? .null,
      "started_at": .string(timestamp(startedAt)),
      "ended_at": endedAt.map { .string(timestamp($0)) } ?? .null,
    ]
  }
}
