import Foundation
import Testing
import TryoutSimulator

/// Over real sockets, and therefore with personas that are quick.
@Suite(.timeLimit(.minutes(1)))
struct SimulatorTests {
  private func script(_ more: String = "") throws -> Script {
    try Script(
      yaml: """
        version: 1
        models:
          quick: { first_token: 5ms, per_token: 1ms }
          cutter: { like: quick, faults: [{ kind: cut_stream, after: 2 }] }
          staller: { like: quick, faults: [{ kind: stall, after: 2, lasts: 1h }] }
        \(more)
        """
    )
  }

  private func body(_ model: String, stream: Bool, prompt: String = "capital of Peru") -> String {
    let message = #"{"role":"user","content":[{"type":"text","text":"\#(prompt)"}]}"#
    return #"{"model":"\#(model)","stream":\#(stream),"messages":[\#(message)]}"#
  }

  private func post(
    _ body: String,
    to endpoint: Simulator.Endpoint,
    key: String = "any",
    whenItAnswers: @escaping @Sendable () -> Void = {}
  ) async throws -> RawResponse {
    let request = """
      POST /v1/chat/completions HTTP/1.1\r
      Host: 127.0.0.1\r
      Authorization: Bearer \(key)\r
      Content-Length: \(body.utf8.count)\r
      Connection: close\r
      \r
      \(body)
      """
    return try await RawClient.exchange(
      request,
      port: endpoint.port,
      whenItAnswers: whenItAnswers
    )
  }

  @Test func answersInOnePiece() async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      #expect(endpoint.baseURL == "http://127.0.0.1:\(endpoint.port)/v1")
      let response = try await post(body("quick", stream: false), to: endpoint)
      #expect(response.status == 200)
      #expect(response.isComplete)
      let completion = try JSONDecoder().decode(Completion.self, from: response.body)
      #expect(completion.choices[0].message?.content == "Lima")
      #expect(completion.id == response.headers["x-generation-id"])
    }
  }

  @Test func streamsToTheLastChunk() async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      let response = try await post(body("quick", stream: true), to: endpoint)
      #expect(response.headers["content-type"] == "text/event-stream")
      #expect(response.isComplete)
      let text = String(decoding: response.body, as: UTF8.self)
      #expect(text.hasSuffix("data: [DONE]\n\n"))
      #expect(text.contains(#""content":"Lima""#))
    }
  }

  @Test(arguments: [true, false])
  func cutEndsTheConnectionTooEarly(stream: Bool) async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      let response = try await post(body("cutter", stream: stream, prompt: "Hi"), to: endpoint)
      #expect(response.status == 200)
      #expect(!response.body.isEmpty)
      #expect(!response.isComplete)
    }
  }

  @Test func listsModelsAndNothingElse() async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      let get = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      let models = try await RawClient.exchange("GET /v1/models" + get, port: endpoint.port)
      #expect(models.status == 200)
      struct Models: Decodable {
        struct Model: Decodable { var id: String }
        var data: [Model]
      }
      let ids = try JSONDecoder().decode(Models.self, from: models.body).data.map(\.id)
      #expect(Set(ids).isSuperset(of: ["steady", "quick", "cutter"]))
      let other = try await RawClient.exchange("GET /v1/nothing" + get, port: endpoint.port)
      #expect(other.status == 404)
      #expect(try JSONDecoder().decode(ErrorBody.Envelope.self, from: other.body).error.code == 404)
      let head = try await RawClient.exchange("HEAD /v1/models" + get, port: endpoint.port)
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(head.headers["content-length"] == "\(models.body.count)")
    }
  }

  @Test func answersCanBeAskedAbout() async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      func ask(_ id: String) async throws -> RawResponse {
        try await RawClient.exchange(
          "GET /v1/generation?id=\(id) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
          port: endpoint.port)
      }
      let answer = try await post(body("quick", stream: false, prompt: "Hi"), to: endpoint)
      let id = try #require(answer.headers["x-generation-id"])
      let told = try await ask(id)
      #expect(told.status == 200)
      struct Told: Decodable {
        struct Data: Decodable {
          var id: String
          var latency: Double
          var native_tokens_completion: Int
        }
        var data: Data
      }
      let data = try JSONDecoder().decode(Told.self, from: told.body).data
      #expect(data.id == id && data.latency > 0 && data.native_tokens_completion > 0)
      #expect(try await ask("gen-1-other").status == 404)
    }
  }

  @Test(arguments: ["", "{", "[]", #"{"model":"quick"}"#, #"{"model":"quick","messages":[]}"#])
  func refusesWhatIsNoRequest(body: String) async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      let response = try await post(body, to: endpoint)
      #expect(response.status == 400)
    }
  }

  @Test func asksForTheScriptsKey() async throws {
    try await Simulator(script: script("key: sk-7")).withRunning { endpoint in
      let question = body("quick", stream: false)
      let stranger = try await post(question, to: endpoint, key: "sk-8")
      #expect(stranger.status == 401)
      let friend = try await post(question, to: endpoint, key: "sk-7")
      #expect(friend.status == 200)
    }
  }

  @Test func quotaIsSharedByAllModels() async throws {
    try await Simulator(script: script("quotas: [{ requests: 2/day }]")).withRunning { endpoint in
      var statuses: [Int] = []
      for model in ["quick", "fast", "quick", "fast"] {
        statuses.append(try await post(body(model, stream: false), to: endpoint).status)
      }
      #expect(statuses == [200, 200, 429, 429])
    }
  }

  @Test func anotherRunAnswersTheSame() async throws {
    func contents() async throws -> [String] {
      try await Simulator(script: script()).withRunning { endpoint in
        var contents: [String] = []
        for _ in 0..<3 {
          let question = body("quick", stream: false, prompt: "Hi")
          let response = try await post(question, to: endpoint)
          let completion = try JSONDecoder().decode(Completion.self, from: response.body)
          contents.append(completion.choices[0].message?.content ?? "")
        }
        return contents
      }
    }
    let first = try await contents()
    #expect(Set(first).count == 3)
    let second = try await contents()
    #expect(second == first)
  }

  @Test func survivesClientsThatLeave() async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      for _ in 0..<20 {
        let question = body("steady", stream: true)
        let request =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
          + "Content-Length: \(question.utf8.count)\r\n\r\n" + question
        try await RawClient.sendAndLeave(request, port: endpoint.port)
      }
      let response = try await post(body("quick", stream: true), to: endpoint)
      #expect(response.isComplete)
    }
  }

  @Test func leavingEndsOpenStreams() async throws {
    // The stall would last an hour; the suite's time limit is the bound.
    try await withThrowingTaskGroup(of: RawResponse.self) { group in
      try await Simulator(script: script()).withRunning { endpoint in
        let (answering, continuation) = AsyncStream.makeStream(of: Void.self)
        group.addTask {
          try await post(body("staller", stream: true, prompt: "Hi"), to: endpoint) {
            continuation.finish()
          }
        }
        for await _ in answering {}
      }
      let response = try await group.next()
      #expect(response?.status == 200)
      #expect(response?.isComplete == false)
    }
  }

  @Test func takenPortIsAnError() async throws {
    try await Simulator(script: script()).withRunning { endpoint in
      let error = await #expect(throws: SimulatorError.self) {
        try await Simulator(port: endpoint.port).withRunning { _ in }
      }
      #expect(error?.description.contains("port \(endpoint.port)") == true)
    }
  }
}
