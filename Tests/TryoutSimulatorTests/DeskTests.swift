import Foundation
import Testing

@testable import TryoutSimulator

/// What the simulator tells of models and keys, and OpenRouter's ways of answering.
struct DeskTests {
  private func script() throws -> Script {
    try Script(
      yaml: """
        version: 1
        key_limit: 2
        quotas: [{ requests: 50/day }]
        models:
          a/b:
            cost_per_token: 0.0000002
            listing: { slug: a/b-20260105, context: 4096, max_completion: 100, parameters: [seed], reasoning: mandatory }
          a/b:free: { like: a/b, cost_per_token: 0 }
          a/shut:free: { blocked: true }
          a/gate:free: { gated: true }
          a/hidden: { listing: { listed: false } }
        nights:
          - gone: ["a/shut:free"]
            ended: ["a/b:free"]
          - models:
              a/gate:free: { gated: false, cost_per_token: 0.5, listing: { expires: 2026-12-31 } }
        """)
  }

  private struct List: Decodable {
    struct Model: Decodable {
      struct Reasoning: Decodable { var mandatory: Bool }
      var id: String
      var canonical_slug: String
      var pricing: [String: String]
      var context_length: Int
      var expiration_date: String?
      var reasoning: Reasoning?
    }
    var data: [Model]
  }

  private func models(_ path: String = "/models", night: Int = 0) throws -> [String: List.Model] {
    let list = try JSONDecoder().decode(List.self, from: Data(desk(path, night: night).text.utf8))
    return Dictionary(list.data.filter { $0.id.contains("/") }.map { ($0.id, $0) }) { $1 }
  }

  private func desk(_ path: String, night: Int = 0) throws -> Reply {
    var standing = Standing()
    standing.night = night
    standing.usedToday = 13
    standing.spent = 0.5
    return try #require(Reply.desk(path, of: script(), standing))
  }

  @Test func listsTellWhatTheScriptSays() throws {
    let all = try models()
    #expect(Set(all.keys) == ["a/b", "a/b:free", "a/shut:free", "a/gate:free"])
    let free = try #require(all["a/b:free"])
    #expect(free.canonical_slug == "a/b-20260105" && free.context_length == 4096)
    #expect(free.pricing["prompt"] == "0" && all["a/b"]?.pricing["prompt"] == "0.0000002")
    #expect(free.reasoning?.mandatory == true && all["a/gate:free"]?.reasoning == nil)
    #expect(Set(try models("/models/user").keys) == ["a/b", "a/b:free", "a/gate:free"])
  }

  @Test func nightsChangeTheListAndLast() throws {
    #expect(Set(try models(night: 1).keys) == ["a/b", "a/gate:free"])
    for night in [2, 9] {
      let model = try #require(try models(night: night)["a/gate:free"])
      #expect(model.pricing["prompt"] == "0.5" && model.expiration_date == "2026-12-31")
    }
  }

  @Test func singleModelsAndEndpointsAreFoundOrNot() throws {
    #expect(try desk("/model/a/b:free").text.contains(#""id":"a/b:free""#))
    #expect(try desk("/model/a/b:free", night: 1).status == 404)
    #expect(try desk("/models/a/b:free/endpoints").text.contains(#""provider_name":"Simulator""#))
    #expect(try desk("/models/a/none/endpoints").status == 404)
    #expect(Reply.desk("/teapot", of: Script(), Standing()) == nil)
  }

  @Test func aKeyTellsOnlyWhatTheScriptHas() throws {
    let text = try desk("/key").text
    #expect(text.contains(#""free_model_daily_requests":{"used":13,"limit":50,"remaining":37}"#))
    #expect(text.contains(#""limit_remaining":1.5"#))
    let bare = try #require(Reply.desk("/key", of: Script(), Standing())).text
    #expect(!bare.contains("free_model_daily_requests") && bare.contains(#""limit":null"#))
  }

  // MARK: Whom it answers

  private func asked(
    _ model: String, night: Int = 0, mustBeFree: Bool = false, stream: Bool = true
  ) throws -> Reply {
    var tonight = try script()
    tonight.personas = tonight.personas(on: night)
    let request = ChatRequest(
      model: model, messages: [.init(role: "user", text: "capital of Peru")], stream: stream,
      wantsUsage: true, mustBeFree: mustBeFree)
    return Reply(to: request, script: tonight, occurrence: 0, now: Reply.testTime)
  }

  @Test func privacyGateAndPriceRefuse() throws {
    let blocked = try asked("a/shut:free")
    #expect(blocked.status == 404 && blocked.text.contains("matching your data policy"))
    let gated = try asked("a/gate:free")
    #expect(gated.status == 403 && gated.text.contains("Gate Free Endpoints by Agentic Harness"))
    let priced = try asked("a/gate:free", night: 2, mustBeFree: true)
    #expect(priced.status == 404 && priced.text.contains(#""excluded_by":["max_price"]"#))
    #expect(try asked("a/b:free", mustBeFree: true).status == 200)
    #expect(try asked("a/shut:free", night: 1).text.contains("No endpoints found for a/shut:free."))
    #expect(try asked("a/b:free", night: 1).text.contains("use this slug instead: a/b"))
  }

  @Test func whatIsBilledIsCounted() throws {
    #expect(try asked("a/b:free").cost == 0)
    #expect(try asked("a/b").cost > 0)
  }

  @Test func aPriceLimitIsReadAsTextAndAsNumber() throws {
    func mustBeFree(_ route: String) throws -> Bool {
      let json = #"{"model":"m","messages":[{"role":"user","content":"x"}],"provider":\#(route)}"#
      return try ChatRequest(json: Data(json.utf8)).mustBeFree
    }
    #expect(try mustBeFree(#"{"max_price":{"prompt":"0","completion":"0"}}"#))
    #expect(try mustBeFree(#"{"max_price":{"prompt":0}}"#))
    #expect(try !mustBeFree(#"{"max_price":{"prompt":"1","completion":"0"}}"#))
    #expect(try !mustBeFree(#"{"max_price":{}}"#))
    #expect(try !mustBeFree("{}"))
  }

  // MARK: How it answers

  private func shaped(_ keys: String, stream: Bool = true) throws -> Reply {
    let script = try Script(yaml: "version: 1\nmodels: { m: { usage: always, \(keys) } }")
    let request = ChatRequest(
      model: "m", messages: [.init(role: "user", text: "capital of Peru")], stream: stream)
    return Reply(to: request, script: script, occurrence: 0, now: Reply.testTime)
  }

  @Test(arguments: [
    ("empty_choices", nil, 0), ("null_finish", nil, 1), ("repeated_finish", "stop", 1),
  ])
  func usageComesInThreeShapes(_ name: String, _ finish: String?, _ choices: Int) throws {
    let chunk = try #require(try shaped("usage_chunk: \(name)").chunks.last).chunk
    #expect(chunk.usage?.completionTokens == 1)
    #expect(chunk.choices.count == choices && chunk.choices.first?.finishReason == finish)
  }

  @Test func commentsComeBeforeAndBetweenEvents() throws {
    let pieces = try shaped("comments: 3, answer_tokens: 20").pieces
    let texts = pieces.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(texts.prefix(1) == [": OPENROUTER PROCESSING\n\n"])
    #expect(texts.count { $0.hasPrefix(": OPENROUTER") } >= 4)
    #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.at <= $1.at })
    #expect(texts.last == "data: [DONE]\n\n" || texts.dropLast().last == "data: [DONE]\n\n")
  }

  @Test func whiteSpaceComesBeforeTheModelHasAnswered() throws {
    let reply = try shaped("padding: 4", stream: false)
    #expect(reply.headAt == .zero && reply.contentLength == nil && reply.pieces.count == 5)
    #expect(reply.pieces[0].at == .zero && reply.pieces[0].bytes.allSatisfy { $0 <= 0x20 })
    #expect(try reply.completion.choices[0].message?.content == "Lima")
  }

  @Test func theErrorAfterALengthHasNoFinishReason() throws {
    let reply = try shaped("answer_tokens: 9, faults: [{ kind: length_error, after: 0 }]")
    let chunks = try reply.chunks.map(\.chunk)
    #expect(chunks.compactMap { $0.choices.first?.finishReason } == ["length", "length"])
    #expect(chunks.last?.error?.code == 400 && chunks.last?.usage != nil)
    #expect(try reply.events.last?.data == "[DONE]")
  }

  // MARK: The built-in one

  @Test func theBuiltInProviderHasAnythingThatCanHappen() throws {
    let script = try Script.openRouter()
    let first = try #require(Reply.desk("/models", of: script, Standing())).text
    #expect(!first.contains("steady"))
    #expect(script.nights.count == 2)
    #expect(script.personas.values.contains { $0.listing.isBlocked })
    #expect(script.personas.values.contains { $0.listing.isGated })
    #expect(Set(script.personas.values.map(\.usageChunk)).count == 3)
    #expect(script.personas(on: 1)["acme/large:free"] == nil)
    #expect(script.personas(on: 2)["zeta/burst:free"].map { $0.costPerToken > 0 } == true)
  }

  @Test(arguments: [
    ("nights: [{ gone: [nobody] }]", "nobody"),
    ("models: { m: { listing: { expires: soon } } }", "2026-12-31"),
    ("models: { m: { listing: { context: 0 } } }", "tokens"),
    ("models: { m: { usage_chunk: odd } }", "null_finish"),
  ])
  func mistakesAreNamed(_ line: String, _ hint: String) throws {
    let error = try #require(throws: ScriptError.self) {
      try Script(yaml: "version: 1\n\(line)")
    }
    #expect(error.description.contains(hint))
  }

  // MARK: Over HTTP

  @Test func aNightPassesWhenToldAndKeysAreChecked() async throws {
    var script = try script()
    script.key = "right"
    try await Simulator(script: script).withRunning { endpoint in
      func get(_ path: String, _ method: String = "GET", key: String = "") async throws
        -> RawResponse
      {
        try await RawClient.exchange(
          "\(method) /v1\(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r\nConnection: close\r\n\r\n",
          port: endpoint.port)
      }
      #expect(try await get("/model/a/b:free").status == 200)
      #expect(try await get("/key").status == 401)
      #expect(try await get("/models/user", key: "wrong").status == 401)
      #expect(try await get("/key", key: "right").status == 200)
      #expect(try await get("/night", "POST").status == 200)
      let gone = try await get("/model/a/b:free")
      #expect(gone.status == 404 && gone.headers["date"]?.hasSuffix("GMT") == true)
    }
  }
}
