import TryoutCore

/// One request as libcurl needs it: everything that the engine must know, and nothing about models.
///
/// It never changes, and a reference is quicker to hand on than a copy.
final class Order: Sendable {
  let url: String
  let headers: [String]
  let body: [UInt8]
  /// Whether it is a GET, which has no body.
  let isLookup: Bool
  let http: HTTPVersion
  let patience: Patience
  /// How the answer is to be read.
  let dialect: Provider.Dialect
  /// Where the text of the answer is shown as it comes; nil where nobody reads along.
  let live: LiveText?

  init(
    url: String, headers: [String], body: [UInt8], http: HTTPVersion, patience: Patience,
    dialect: Provider.Dialect, isLookup: Bool = false, live: LiveText? = nil
  ) {
    self.url = url
    self.headers = headers
    self.body = body
    self.isLookup = isLookup
    self.http = http
    self.patience = patience
    self.dialect = dialect
    self.live = live
  }

  /// Whether the request stays on this machine.
  var isLoopback: Bool {
    let rest = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
    let authority = rest.prefix { $0 != "/" }
    return ["127.", "localhost:", "[::1]"].contains { authority.hasPrefix($0) }
      || authority == "localhost"
  }
}

/// What the engine reports when an order has ended, however it ended.
struct Reply: Sendable {
  var timeline = Timeline()
  var connection = Connection()
  var ending: Ending
  var head = ResponseHead()
  var body = BodyReader()
  /// Nanoseconds that the engine may have added.
  var harness: Int64 = 0
  /// Calls into libcurl that brought something of the body.
  var reads = 0
}

/// A reply on its way: while thousands of tasks wait, each has room for a reference and not for a whole reply.
final class Parcel: Sendable {
  let reply: Reply

  init(_ reply: Reply) { self.reply = reply }
}

/// How the engine's part of an exchange ended.
enum Ending: Sendable, Equatable {
  /// The response was read to its end.
  case complete
  /// One of our own deadlines passed.
  case expired(FailureKind)
  /// The body went beyond a bound.
  case tooLarge
  /// The task was cancelled, or the engine stopped.
  case cancelled
  case curl(CurlError)

  /// Whether the connection failed before the response was whole.
  var isBroken: Bool { if case .curl = self { true } else { false } }
}
