/// One row of the table in `docs/streams.md`: what a client is to make of a stream.
package struct StreamRow: Sendable, Equatable {
  /// The script's.
  package var id: String
  /// What the server does.
  package var server: String
  /// The kind of failure; nil for an answer that is `ok`.
  package var failure: String?
  /// The finish reason, where the client reads one.
  package var finish: String?
  /// The tokens that the client reads in the usage.
  package var tokens: Int?
  /// Relations such as `ttft ≤ ttfa = latency`, and `no ttft` for a clock that must not exist.
  package var clocks: String
  /// Words for what else the client is to notice.
  package var flags: String?

  /// The row as it stands in the document.
  package var markdown: String {
    let cells = [
      "`\(id)`", server, failure == nil ? "ok" : "failed", failure ?? "-", finish ?? "-",
      tokens.map(String.init) ?? "n/a", clocks, flags ?? "-",
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  static func ok(
    _ id: String, _ server: String, finish: String? = "stop", tokens: Int? = 2,
    clocks: String, flags: String? = nil
  ) -> StreamRow {
    StreamRow(
      id: id, server: server, finish: finish, tokens: tokens, clocks: clocks, flags: flags)
  }

  static func failed(
    _ id: String, _ failure: String, _ server: String, finish: String? = nil, tokens: Int? = nil,
    clocks: String = noToken
  ) -> StreamRow {
    StreamRow(
      id: id, server: server, failure: failure, finish: finish, tokens: tokens, clocks: clocks)
  }

  /// The clocks of most answers of one chunk.
  static let oneToken = "ttfb = ttft = ttfa = latency"
  /// The clocks of most answers of several chunks.
  static let severalTokens = "ttfb = ttft = ttfa ≤ latency"
  /// The clocks of what never becomes an answer.
  static let noToken = "no ttft, no ttfa, no latency"

  /// The table.
  package static let all = shapes + tokens + failures + connections + messages + responses
}
