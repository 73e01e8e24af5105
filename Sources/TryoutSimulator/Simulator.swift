import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// A provider made of a script, served over HTTP on the loopback interface.
///
/// Answers `POST /v1/chat/completions`, as a stream and in one piece, and what OpenRouter tells of models and keys.
package struct Simulator: Sendable {
  /// Where a running simulator is found.
  package struct Endpoint: Equatable, Sendable {
    /// On 127.0.0.1, and never 0.
    package var port: UInt16

    /// What a client puts `/chat/completions` behind.
    package var baseURL: String { "http://127.0.0.1:\(port)/v1" }
  }

  private let script: Script
  private let port: UInt16

  /// Plans a simulator; nothing happens before `withRunning(_:)`.
  ///
  /// - Parameter port: 0 lets the system choose a free one.
  package init(script: Script = Script(), port: UInt16 = 0) {
    self.script = script
    self.port = port
  }

  /// Serves while `body` runs, from before its first line until after its last.
  ///
  /// Cancelling the task, or leaving `body`, ends open streams at once.
  ///
  /// - Throws: `SimulatorError` if it cannot listen, and what `body` throws.
  package func withRunning<Result>(
    _ body: (Endpoint) async throws -> Result
  ) async throws -> Result {
    let desk = Desk(script: script)
    let server = HTTPServer(
      address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port),
      // Handlers wait as long as the script says; FlyingFox would end them after 15 seconds.
      timeout: 2 * 86_400,
      pool: PromptPool(base: HTTPServer.defaultPool()),
      logger: .disabled,
      handler: desk
    )
    return try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await server.run() }
      group.addTask { try await server.waitUntilListening() }
      do {
        try await group.next()
      } catch let error as SocketError {
        throw SimulatorError.cannotListen(port: port, reason: error.localizedDescription)
      }
      guard case .ip4(_, let port) = await server.listeningAddress else {
        throw SimulatorError.cannotListen(port: port, reason: "it has no address")
      }
      return try await body(Endpoint(port: port))
    }
  }
}

/// Why a simulator cannot serve.
package enum SimulatorError: Error, Equatable, CustomStringConvertible {
  /// Usually the port is taken; `reason` is the system's.
  case cannotListen(port: UInt16, reason: String)

  /// A sentence that says what to do.
  package var description: String {
    switch self {
    case .cannotListen(let port, let reason):
      "The simulator cannot listen on port \(port): \(reason) Choose another port, or 0."
    }
  }
}

/// Takes requests, remembers what was asked, and hands replies to FlyingFox.
private final class Desk: HTTPHandler {
  private struct Memory {
    var quotas = QuotaLedger()
    /// How often each question was asked, by its hash.
    var asked: [UInt64: Int] = [:]
    var night: Int
    var spent = 0.0
    var generations = GenerationBook()
  }

  private let script: Script
  private let memory: Mutex<Memory>

  init(script: Script) {
    self.script = script
    memory = Mutex(Memory(night: script.night))
  }

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let arrived = ContinuousClock.now
    var reply = try await reply(to: request)
    reply.headers["Date"] = date
    try await Task.sleep(until: arrived + reply.headAt, tolerance: .zero)
    if let generation = reply.generation, let end = reply.pieces.last?.at {
      memory.withLock { $0.generations.enter(generation, from: arrived + end) }
    }
    return HTTPResponse(reply, arrived: arrived, isHead: request.method.rawValue == "HEAD")
  }

  private func reply(to request: HTTPRequest) async throws -> Reply {
    switch (request.method, request.path) {
    case (.GET, "/v1/generation"), (HTTPMethod("HEAD"), "/v1/generation"):
      guard isAllowed(request) else { return .refusal(status: 401, message: "User not found.") }
      let id = request.query.first { $0.name == "id" }?.value ?? ""
      return memory.withLock { $0.generations.generation(id, at: .now) }.map(Reply.facts)
        ?? .refusal(status: 404, message: "Generation \(id) not found")
    case (.GET, let path) where path.hasPrefix("/v1/"),
      (HTTPMethod("HEAD"), let path) where path.hasPrefix("/v1/"):
      return desk(String(path.dropFirst(3)), isAllowed: isAllowed(request))
    case (.POST, "/v1/night"):
      let night = memory.withLock { memory in
        memory.night += 1
        return memory.night
      }
      return Reply(status: 200, text: JSON.object(["night": .count(night)]).text)
    case (.POST, "/v1/chat/completions"):
      let body = try await request.bodyData
      guard isAllowed(request) else { return .refusal(status: 401, message: "User not found.") }
      do throws(ChatRequest.Malformed) {
        return answer(try ChatRequest(json: body))
      } catch {
        return .refusal(status: 400, message: error.message)
      }
    default:
      return .refusal(status: 404, message: "Not Found: \(request.method.rawValue) \(request.path)")
    }
  }

  /// Lists are public; what is about a key needs it.
  private func desk(_ path: String, isAllowed: Bool) -> Reply {
    let standing = memory.withLock { memory in
      var standing = Standing()
      standing.night = memory.night
      standing.spent = memory.spent
      standing.usedToday = script.dailyQuota.map { memory.quotas.used($0, at: now) } ?? 0
      return standing
    }
    if !isAllowed, path == "/key" || path == "/models/user" {
      return .refusal(status: 401, message: "User not found.")
    }
    return .desk(path, of: script, standing)
      ?? .refusal(status: 404, message: "Not Found: GET /v1\(path)")
  }

  private var now: Duration {
    .milliseconds(Int64(Date().timeIntervalSince1970 * 1000)) + script.clockAhead
  }

  /// As HTTP writes it.
  private var date: String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.string(from: Date(timeIntervalSince1970: now / .seconds(1)))
  }

  private func isAllowed(_ request: HTTPRequest) -> Bool {
    guard let key = script.key else { return true }
    return request.headers[.authorization] == "Bearer \(key)"
  }

  private func answer(_ question: ChatRequest) -> Reply {
    let now = now
    let key = question.hash(seed: script.seed).value
    let admitted = memory.withLock { memory in
      let personas = script.personas(on: memory.night)
      let own = personas[question.model]?.quotas ?? []
      let refusal = memory.quotas.admit(question.model, shared: script.quotas, own: own, at: now)
      if refusal != nil { return (personas, refusal: refusal, before: 0) }
      let before = memory.asked[key, default: 0]
      memory.asked[key] = before + 1
      return (personas, refusal, before)
    }
    if let refusal = admitted.refusal { return .refusal(refusal) }
    var tonight = script
    tonight.personas = admitted.0
    let reply = Reply(to: question, script: tonight, occurrence: admitted.before, now: now)
    memory.withLock { $0.spent += reply.cost }
    return reply
  }
}
