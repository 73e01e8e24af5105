/// Events as they stand in a stream, before HTTP cuts it into chunks.
package enum SSE {
  /// One event of one line.
  package static func event(_ data: String) -> String { "data: \(data)\n\n" }

  /// A chunk with these members of its delta.
  package static func delta(_ members: String, finish: String? = nil) -> String {
    let reason = finish.map { #","finish_reason":"\#($0)""# } ?? ""
    return event(#"{"choices":[{"index":0,"delta":{\#(members)}\#(reason)}]}"#)
  }

  /// A chunk with content; the text must need no escapes.
  package static func content(_ text: String) -> String { delta(#""content":"\#(text)""#) }

  /// A chunk that ends the answer.
  package static func finish(_ reason: String = "stop") -> String { delta("", finish: reason) }

  static func usage(_ tokens: Int, more: String = "") -> String {
    event(
      #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":\#(tokens)\#(more)}}"#)
  }

  /// The first chunk of most streams, which holds no token.
  package static let role = delta(#""role":"assistant","content":"""#)
  /// The last event of a stream.
  package static let done = event("[DONE]")

  /// How a good answer goes on after its tokens.
  static let end = finish() + usage(2) + done

  /// A good answer of two chunks.
  package static let answer = role + content("Hel") + content("lo") + end

  static let error = #""error":{"code":502,"message":"The upstream went away."}"#
}
