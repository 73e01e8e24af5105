import Foundation

/// What every measurement needs: the programs, and a folder for what they write.
struct Workshop {
  /// The release binary that is measured.
  let tryout: String
  /// This program, whose other commands are run as processes of their own.
  let bench: String
  /// The yardstick's client; nil where there is none.
  private(set) var yardstick: String?
  let folder: URL

  init(tryout: String, yardstick source: String) throws {
    self.tryout = tryout
    bench = CommandLine.arguments[0]
    folder = FileManager.default.temporaryDirectory.appending(path: "tryout-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard FileManager.default.isExecutableFile(atPath: tryout) else {
      throw BenchError("There is no \(tryout); build it with `make build`.")
    }
    yardstick = try? build(source)
    if yardstick == nil {
      complain(
        "no yardstick: \(source) has no sse_client.c that compiles; YARDSTICK=folder names another place"
      )
    }
  }

  /// Compiles a copy, so that the yardstick's own folder stays as it is.
  private func build(_ source: String) throws -> String {
    let client = path("sse_client")
    try FileManager.default.copyItem(atPath: source + "/sse_client.c", toPath: client + ".c")
    _ = try run([
      "/bin/sh", "-c",
      "cc -O2 $(pkg-config --cflags libcurl) -o '\(client)' '\(client).c' $(pkg-config --libs libcurl)",
    ])
    return client
  }

  /// Runs a program to its end; throws where it fails.
  func run(_ words: [String]) throws -> Outcome {
    let talk = path("talk")
    let outcome = try Child(words, talk: talk).finish()
    guard outcome.status == 0 else {
      let said = (try? String(contentsOfFile: talk, encoding: .utf8)) ?? ""
      throw BenchError("failed: \(words.joined(separator: " "))\n\(said)")
    }
    return outcome
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// A database path at which there is nothing.
  func freshDatabase() -> String {
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path("run.db" + ending))
    }
    return path("run.db")
  }

  func close() { try? FileManager.default.removeItem(at: folder) }

  /// Runs a body while the server answers; the body is given its port.
  func serving<T>(_ pacing: StreamServer.Pacing, _ body: (UInt16) throws -> T) throws -> T {
    let words = [
      bench, "serve", "--chunks", "\(pacing.chunks)", "--first", "\(pacing.first)", "--gap",
      "\(pacing.gap)",
    ]
    let server = try Child(words, talk: path("server-talk"))
    defer { _ = server.finish() }
    guard let port = UInt16(server.read().trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw BenchError("The server of the benchmark did not start.")
    }
    return try body(port)
  }

  /// `tryout run` with so many requests, so many of them at once, everything recorded.
  func run(requests: Int, atOnce: Int, port: UInt16) throws -> Outcome {
    let suite = path("suite.yaml")
    try """
    version: 1
    suite: bench
    accounts:
      local: { provider: openai, base_url: "http://127.0.0.1:\(port)/v1", key_env: none }
    limits:
      wide: { account: local, concurrency: \(atOnce) }
    targets:
      - { id: stream, account: local, model: sim, limit: wide }
    prompts:
      - { id: haiku, user: "Write a haiku about benchmarks, please, and make it good." }
    run: { samples: \(requests), concurrency: \(atOnce), keep: nothing }
    """.write(toFile: suite, atomically: true, encoding: .utf8)
    return try run([tryout, "run", suite, "--db", freshDatabase(), "--report-only"])
  }

  /// The yardstick's figures for the same load, after as many requests as are under way at once.
  func yardstick(
    requests: Int, atOnce: Int, port: UInt16, spread: Int = 0
  ) throws -> YardstickFigures? {
    guard let yardstick else { return nil }
    let outcome = try run([
      yardstick, "-m", "epoll", "-l", "2", "-c", "\(atOnce)", "-r", "\(requests)", "-s",
      "\(spread)", "-u", "http://127.0.0.1:\(port)/v1/chat/completions",
    ])
    return try JSONDecoder().decode(YardstickFigures.self, from: Data(outcome.output.utf8))
  }
}

/// What the yardstick's client prints.
struct YardstickFigures: Decodable {
  /// Microseconds.
  struct Errors: Decodable {
    var p50: Double
    var p99: Double
  }

  /// Seconds of user and system time for 10,000 requests.
  var cpu_per_10k: Double
  /// Requests each second.
  var rps: Double
  var ttft_err_us: Errors
}

/// Talk goes to standard error; standard output is the table.
func complain(_ sentence: String) {
  FileHandle.standardError.write(Data("bench: \(sentence)\n".utf8))
}
