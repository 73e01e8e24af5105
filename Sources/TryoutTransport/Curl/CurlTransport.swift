import CCurl
import Foundation
package import TryoutCore

/// Where an account's requests go, and with which key.
package struct Endpoint: Sendable, Equatable {
  /// The base URL, without the path of a dialect.
  package var url: String
  /// Sent in one header to this URL's host; nil where none is needed.
  package var key: String?

  package init(url: String, key: String? = nil) {
    self.url = url
    self.key = key
  }

  /// The key where it must not be shown, should a server send it back; nil for short ones.
  ///
  /// Those are placeholders, such as `local`, which may stand in an answer by right.
  var secret: String? { key.flatMap { $0.utf8.count < 12 ? nil : $0 } }
}

/// Asks models over HTTP with libcurl, on one thread of its own that stamps all that happens.
package final class CurlTransport: ModelProvider {
  private let endpoints: [String: Endpoint]
  private let userAgent: String
  private let engine: Engine

  /// Starts the engine.
  ///
  /// The endpoints are keyed by `Account.id`. `certificates` is a file of those whose signature makes a server
  /// trusted; without one it is what SSL_CERT_FILE names, or else libcurl's own.
  ///
  /// Throws where libcurl cannot measure honestly or the system gives no thread.
  package init(
    endpoints: [String: Endpoint],
    userAgent: String = "tryout",
    certificates: String? = nil
  ) throws(TransportError) {
    try CurlLibrary.check()
    self.endpoints = endpoints
    self.userAgent = userAgent
    engine = try Engine(Trust(certificates: certificates ?? CurlLibrary.certificates))
  }

  deinit { engine.shutDown() }

  /// Lets all threads share two heaps, and is to be called before there is a second thread.
  ///
  /// Under glibc each would have its own; but tasks wander between threads, and what one frees another would take from
  /// the system anew.
  package static func shareHeaps() {
    #if canImport(Glibc)
    mallopt(M_ARENA_MAX, 2)
    #endif
  }

  /// Name, version and parts of the loaded libcurl, which belong to the facts of a run.
  package static var curlVersion: String { CurlLibrary.version }

  /// Ends what is under way as `cancelled` and joins the engine's thread; call it before exit.
  ///
  /// Returns what the engine observed about itself: its lag, its share of a processor, the exchanges in flight.
  @discardableResult
  package func shutdown() -> HarnessRecord {
    engine.shutDown()
    return engine.observed
  }

  /// Hands the question to the engine's thread and reads the reply when all of it is there.
  ///
  /// Thousands of tasks wait here at once, and what is made before and after the wait needs no room in each of them.
  package func ask(_ question: Question) async -> Exchange { await ask(question, live: nil) }

  /// Asks like `ask(_:)` and shows the text of the answer while it comes.
  package func ask(_ question: Question, live: LiveText?) async -> Exchange {
    let asked = MonotonicClock.now()
    let preparation = prepare(question, live)
    guard let order = preparation.order else {
      return preparation.exchange(from: nil, of: question)
    }
    let parcel = await engine.carryOut(order, asked: asked)
    return preparation.exchange(from: parcel, of: question)
  }

  /// One word in a waiting task, whatever is in it.
  private indirect enum Preparation {
    case refused(Failure)
    case order(Order, Endpoint)

    var order: Order? {
      if case .order(let order, _) = self { order } else { nil }
    }

    /// What the question came to: the refusal, or what the parcel says.
    @inline(never)
    func exchange(from parcel: Parcel?, of question: Question) -> Exchange {
      switch self {
      case .refused(let failure): return Exchange(failure: failure)
      case .order(_, let endpoint):
        guard let parcel else { preconditionFailure("an order was sent and brought no parcel") }
        return question.dialect(at: endpoint).exchange(
          from: parcel.reply, now: Date().timeIntervalSince1970)
      }
    }
  }

  private func prepare(_ question: Question, _ live: LiveText?) -> Preparation {
    guard let endpoint = endpoints[question.account.id] else {
      return .refused(
        Failure(.unsupported, "No address is known for account `\(question.account.id)`."))
    }
    if let key = endpoint.key, key.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) {
      let source = question.account.key.map { " in \($0.name)" } ?? ""
      return .refused(
        Failure(
          .auth, "The key\(source) contains a space, a line end or a character that no key has."))
    }
    live?.hide(endpoint.secret)
    let order = question.dialect(at: endpoint).order(userAgent: userAgent, live: live)
    return .order(order, endpoint)
  }
}
