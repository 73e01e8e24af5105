import Foundation
import Testing

/// The official OpenAI SDK for Python as a client of `tryout simulate`: what it reads, applications read.
@Suite(.timeLimit(.minutes(1)))
struct SDKTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()

  /// The interpreter that `scripts/python-sdk` has set up.
  private static let python = root.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: ".build/python-sdk/bin/python")

  private static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

  private struct Failure: Decodable {
    var type: String
    var status: Int?
    var message: String?
    var retryAfter: String?
  }

  private struct Findings: Decodable {
    struct Chat: Decodable {
      var text: String
      var finish: String
      var model: String
      var object: String
      var promptTokens: Int
      var completionTokens: Int
      var totalTokens: Int
    }

    struct Stream: Decodable {
      var text: String
      var finish: String
      var completionTokens: Int?
    }

    var models: [String]
    var chat: Chat
    var stream: Stream
    /// A stream that was not asked for its usage.
    var unasked: Stream
    var thinking: Int
    var errors: [String: Failure]
  }

  private static let script = """
    version: 1
    key: sk-simulator
    models:
      quick: { first_token: 1ms, per_token: 1ms }
      thinker: { first_token: 1ms, per_token: 1ms, reasoning_tokens: 30 }
      limited: { like: quick, faults: [{ kind: rate_limit, retry_after: 3s }] }
      broken: { like: quick, faults: [{ kind: server_error }] }
      short: { like: quick, faults: [{ kind: context_length }] }
      broke: { like: quick, faults: [{ kind: no_credit }] }
      prude: { like: quick, faults: [{ kind: moderated }] }
      talker: { like: quick, faults: [{ kind: stream_error, after: 0 }] }
      sleeper: { first_token: 60s }
      cutter: { like: quick, faults: [{ kind: cut_stream, after: 0 }] }
    """

  @Test(
    .enabled(
      if: isInstalled, "scripts/python-sdk sets up the SDK; it needs python3 with venv and PyPI"))
  func theSDKReadsWhatItExpects() async throws {
    let folder = try ScratchFolder()
    try folder.write(Self.script, to: "script.yaml")
    let simulator = try Command(["simulate", "--script", "script.yaml"], in: folder)
    try await waitUntil("an address is printed") { simulator.output.hasSuffix("\n") }
    let url = simulator.output.trimmingCharacters(in: .whitespacesAndNewlines)
    let client = try await Command(
      [Self.root.appending(path: "SDK/client.py").path, url, "sk-simulator"], program: Self.python,
      in: folder, environment: ["NO_PROXY": "127.0.0.1"]
    ).end()
    try #require(client.code == 0, "\(client.errors)")
    let found = try folder.decode(Findings.self, client.output)

    #expect(found.models.contains("quick") && found.models.contains("steady"))
    #expect(found.chat.text == "Lima" && found.chat.finish == "stop")
    #expect(found.chat.object == "chat.completion" && found.chat.model == "quick")
    #expect(found.chat.completionTokens == 1)
    #expect(found.chat.totalTokens == found.chat.promptTokens + 1)
    #expect(found.stream.text == "one two three" && found.stream.finish == "stop")
    #expect(found.stream.completionTokens == 3)
    #expect(found.unasked.text == "one two three" && found.unasked.completionTokens == nil)
    #expect(found.thinking == 30)

    let typed: [(String, type: String, status: Int?)] = [
      ("auth", "AuthenticationError", 401), ("gone", "NotFoundError", 404),
      ("limit", "RateLimitError", 429), ("server", "InternalServerError", 500),
      ("context", "BadRequestError", 400), ("credit", "APIStatusError", 402),
      ("moderated", "PermissionDeniedError", 403), ("stream", "APIError", nil),
      ("late", "APITimeoutError", nil), ("absent", "APIConnectionError", nil),
    ]
    for (name, type, status) in typed {
      let failure = try #require(found.errors[name], "\(name)")
      #expect(failure.type == type, "\(name)")
      #expect(failure.status == status, "\(name)")
      #expect(failure.message?.isEmpty == false, "\(name)")
    }
    #expect(found.errors["limit"]?.retryAfter == "3")
    // A connection that breaks is no error of the API; whatever the SDK's HTTP library calls it, it is one.
    #expect(found.errors["cut"] != nil)
    simulator.send(SIGINT)
    #expect(try await simulator.end().code == 0)
  }
}
