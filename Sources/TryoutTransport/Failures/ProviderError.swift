import TryoutCore

/// A provider's error in one shape, whichever of the many it was sent in.
///
/// The envelopes: `{"error":{…}}`, `{"error":"text"}`, an array around either, `{"detail":…}`,
/// `{"object":"error","message":…}`, an error in the first choice or in a response that failed, or text that is no JSON.
struct ProviderError {
  /// A code that is a number, also when written as a string: usually an HTTP status.
  private(set) var code: Int?
  /// Codes and types that are words, lower-case.
  private(set) var words: [String] = []
  /// The error's own sentence.
  private(set) var message = ""
  /// What an upstream said behind a router, which often holds the reason.
  private(set) var raw: String?
  private(set) var metadata: JSON?
  private(set) var availability: JSON?
  /// The object that the rest was taken from.
  private(set) var json: JSON?
  /// What was sent, for evidence.
  private(set) var body: String

  /// Bytes of each text that are looked at: a server may send megabytes, and every phrase is looked for in all of them.
  private static let mostBytes = 1 << 16

  /// Nil where the value does not tell of an error.
  init?(_ json: JSON) {
    body = json.canonicalText.beginning(Self.mostBytes)
    if let first = json[0] {
      guard let error = ProviderError(first) else { return nil }
      self = error
    } else if let error = json["error"] ?? json["choices"]?[0]?["error"]
      ?? json["response"]?["error"]
    {
      if let text = error.text {
        message = text.beginning(Self.mostBytes)
        take(words: [json["code"]])
      } else if case .object = error {
        take(error)
      } else {
        return nil
      }
    } else if json["choices"] == nil, let detail = json["detail"] {
      let text = detail.text ?? detail[0]?["msg"]?.text ?? detail["message"]?.text ?? ""
      message = text.beginning(Self.mostBytes)
    } else if json["choices"] == nil, json["message"]?.text != nil {
      take(json)
    } else {
      return nil
    }
  }

  /// An error that is no JSON: the title of a web page, or the first line of a text.
  init(text bytes: [UInt8]) {
    body = String(repairing: Array(bytes.prefix(Self.mostBytes)))
    if let title = Self.title(of: body) {
      message = String(title)
    } else if !FailureClassifier.isHTML(bytes) {
      message = body.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
  }

  /// Between the first `<title…>` of a web page and what closes it; one pattern for both would try every pair of them.
  private static func title(of page: String) -> Substring? {
    guard let open = page.firstRange(of: /(?i)<title/),
      let start = page[open.upperBound...].firstIndex(of: ">"),
      let close = page[start...].firstRange(of: /(?i)<\/title>/)
    else { return nil }
    return page[start..<close.lowerBound].dropFirst()
  }

  private mutating func take(_ error: JSON) {
    json = error
    message = (error["message"]?.text ?? error["msg"]?.text ?? "").beginning(Self.mostBytes)
    metadata = error["metadata"]
    availability = error["availability"] ?? metadata?["availability"]
    raw = (metadata?["raw"]?.text ?? metadata?["raw"]?.canonicalText)?.beginning(Self.mostBytes)
    take(words: [
      error["error_type"], metadata?["error_type"], error["code"], error["type"], error["status"],
      metadata?["provider_code"], metadata?["provider_error_code"],
    ])
    code = code ?? error["http_status"]?.int ?? error["status_code"]?.int
    // What is inside may be cut, and then is no JSON any more.
    let inner = raw?.matches(of: /"(?:code|type|status|error_type)"\s*:\s*"([A-Za-z_]+)"/) ?? []
    words += inner.map { $0.1.lowercased() }
  }

  private mutating func take(words values: [JSON?]) {
    for value in values {
      if let number = value?.int ?? value?.text.flatMap({ Int($0) }) {
        code = code ?? number
      } else if let word = value?.text, !word.isEmpty {
        words.append(word.lowercased())
      }
    }
  }

  /// The sentence that tells most: the upstream's, if the router only says that it failed.
  var reason: String {
    guard message.isEmpty || isWrapper, let raw, !raw.isEmpty else { return message }
    if let inner = WholeBody.json(Array(raw.utf8)).flatMap({ ProviderError($0) }) {
      return inner.reason.isEmpty ? raw : inner.reason
    }
    return raw
  }

  private var isWrapper: Bool { message.lowercased().hasPrefix("provider returned error") }

  /// Whether a router passes on what an upstream answered.
  var isFromUpstream: Bool {
    isWrapper || metadata?["provider_name"]?.text?.isEmpty == false
  }

  /// Whether an upstream answered the router as its customer, and not us with a key of our own there (`is_byok`).
  var isRelayed: Bool { isWrapper && metadata?["is_byok"] != .bool(true) }

  /// Whether neither the router nor the upstream says what was wrong.
  var hasNoReason: Bool { isWrapper && ["", "error"].contains((raw ?? "").lowercased()) }
}

private extension String {
  /// Not more than so many bytes of it.
  func beginning(_ bytes: Int) -> String {
    utf8.count <= bytes ? self : String(repairing: Array(utf8.prefix(bytes)))
  }
}
