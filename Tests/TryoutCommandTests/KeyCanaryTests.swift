import Foundation
import Testing

/// A key goes into one header of one host and nowhere else, even where the host sends it back.
@Suite(.timeLimit(.minutes(1)))
struct KeyCanaryTests {
  private static let key = "canary-4f1d9b7e2a6c8035-secret"

  @Test(arguments: [
    "200 OK", "401 Unauthorized", "500 Internal Server Error", "429 Too Many Requests",
  ])
  func echoedKeyIsWrittenNowhere(status: String) async throws {
    let server = try RawServer { request, _ in
      let header = request.components(separatedBy: "\r\n")
        .first { $0.lowercased().hasPrefix("authorization:") }
      let echo = "echo of \(header ?? "nothing")"
      return status == "200 OK"
        ? RawServer.completion(echo, model: echo)
        : RawServer.response(status, RawServer.error(echo))
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 2, key: "CANARY"))
    let run = try await folder.tryout(
      "run", "suite.yaml", "--report", "reports", environment: ["CANARY": Self.key])
    #expect([0, 1, 2, 3, 69].contains(run.code), "\(run.errors)")
    let sample = try #require(await folder.attempts().first).sample
    let commands = [
      ["validate", "suite.yaml"], ["plan", "suite.yaml"], ["plan", "suite.yaml", "--json"],
      ["show"],
      ["show", "--json"], ["show", "--sample", sample], ["show", "--sample", sample, "--json"],
      ["report"], ["report", "--json"], ["report", "--format", "markdown"],
      ["report", "--format", "csv", "--rows", "attempts"], ["gate"], ["gate", "--json"], ["runs"],
      ["runs", "--json"], ["audit", "reports"], ["audit", "reports", "--json"],
      ["run", "suite.yaml", "--resume"], ["ask", "Hello?", "--suite", "suite.yaml"],
      ["ask", "Hello?", "--suite", "suite.yaml", "--no-stream", "--json"],
    ]
    for arguments in commands {
      let outcome = try await Command(
        arguments, in: folder, environment: ["CANARY": Self.key]
      ).end()
      #expect(!(outcome.output + outcome.errors).contains(Self.key), "\(arguments)")
      #expect(outcome.code != 70, "\(arguments): \(outcome.errors)")
      if arguments[0] == "audit" { #expect(outcome.code == 0, "\(outcome.output)") }
    }
    // The server did get it, and its words were kept.
    let requests = server.requests
    #expect(!requests.isEmpty && requests.allSatisfy { $0.contains("Bearer \(Self.key)\r\n") })
    let files = try folder.files()
    #expect(files.values.contains { $0.range(of: Data("echo of".utf8)) != nil })
    // What the commands printed lies in files of this folder, too.
    for (name, data) in files {
      #expect(data.range(of: Data(Self.key.utf8)) == nil, "\(name)")
    }
  }

  /// A database that is killed keeps its write-ahead log, which must not hold the key either.
  @Test func keyIsNotInTheLogOfAKilledRun() async throws {
    let gate = Gate()
    let server = try RawServer { request, number in
      if number > 1 { gate.wait() }
      return RawServer.response("500 Oops", RawServer.error("echo of \(request.count)"))
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 5, key: "CANARY"))
    let run = try Command(
      ["run", "suite.yaml"], in: folder, environment: ["CANARY": Self.key])
    try await waitUntil("three requests came") { server.requests.count == 3 }
    run.send(SIGKILL)
    _ = try await run.end()
    gate.open()
    let files = try folder.files()
    #expect(files.keys.contains("tryout.db-wal"))
    for (name, data) in files {
      #expect(data.range(of: Data(Self.key.utf8)) == nil, "\(name)")
    }
  }

  /// A desk that writes the key into everything it tells.
  @Test func keyThatACatalogueEchoesIsWrittenNowhere() async throws {
    let server = try RawServer { request, _ in
      let echo = request.contains("Bearer \(Self.key)") ? "echo \(Self.key)" : "no key came"
      let model =
        #"{"id":"a/\#(echo):free","name":"\#(echo)","expiration_date":"\#(echo)","\#(echo)":1}"#
      if request.hasPrefix("GET /v1/key") {
        return RawServer.response("401 Unauthorized", RawServer.error(echo))
      }
      guard request.hasPrefix("GET") else { return RawServer.completion() }
      return RawServer.response(
        "200 OK", #"{"data":[\#(model)],"links":{"next":null},"total_count":1}"#)
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 1, key: "CANARY"))
    let options = ["--provider", "openrouter", "--base-url", server.url, "--key-env", "CANARY"]
    for arguments in [
      ["models", "list"] + options, ["models", "list", "--json", "--usable"] + options,
      ["models", "snapshot"] + options, ["models", "snapshot", "--json"] + options,
      ["models", "show", "a/x"] + options, ["doctor", "suite.yaml"],
      ["doctor", "suite.yaml", "--json", "--ask"], ["models", "list", "--offline"] + options,
    ] {
      let outcome = try await Command(
        arguments, in: folder, environment: ["CANARY": Self.key]
      ).end()
      #expect(!(outcome.output + outcome.errors).contains(Self.key), "\(arguments)")
    }
    #expect(server.requests.contains { $0.contains("Bearer \(Self.key)\r\n") })
    let files = try folder.files()
    #expect(files.values.contains { $0.range(of: Data("a/echo [key]:free".utf8)) != nil })
    for (name, data) in files {
      #expect(data.range(of: Data(Self.key.utf8)) == nil, "\(name)")
    }
  }

  /// On a terminal the answer is shown before all of it is there, in pieces that may end within the key.
  @Test func aTerminalDoesNotShowAnEchoedKey() async throws {
    let server = try RawServer { _, _ in RawServer.completion("echo of \(Self.key) again") }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, key: "CANARY"))
    let line = "script -qec 'tryout ask Hello --suite suite.yaml' /dev/null | cat"
    let outcome = try await Command(
      ["-c", line], program: URL(fileURLWithPath: "/bin/sh"), in: folder,
      environment: ["CANARY": Self.key]
    ).end()
    #expect(outcome.output.contains("echo of [key] again"), "\(outcome.output)")
    #expect(!outcome.output.contains(Self.key))
  }

  /// A redirect is a failure and no way to another host.
  @Test(arguments: [
    "301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect",
  ])
  func aKeyDoesNotFollowARedirect(status: String) async throws {
    let elsewhere = try RawServer { _, _ in RawServer.completion() }
    let server = try RawServer { _, _ in
      "HTTP/1.1 \(status)\r\nLocation: \(elsewhere.url)/chat/completions\r\nContent-Length: 0\r\n"
        + "Connection: close\r\n\r\n"
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, key: "CANARY"))
    let run = try await folder.tryout("run", "suite.yaml", environment: ["CANARY": Self.key])
    #expect(try await folder.attempts().map(\.status) == ["failed"], "\(run.errors)")
    #expect(server.requests.count == 1 && elsewhere.requests.isEmpty)
  }
}
