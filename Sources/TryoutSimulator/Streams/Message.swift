/// Events of a message as they stand in a stream, with the padding that servers put inside.
package enum Message {
  /// An event of this type with members that begin with a comma.
  package static func event(_ type: String, _ members: String = "") -> String {
    "event: \(type)\ndata: {\"type\":\"\(type)\"\(members)   }\n\n"
  }

  /// The start of a block with these members.
  package static func block(_ members: String) -> String {
    event("content_block_start", #","index":0,"content_block":{\#(members)}"#)
  }

  /// A delta with these members.
  package static func delta(_ members: String) -> String {
    event("content_block_delta", #","index":0,"delta":{\#(members)}"#)
  }

  /// The text must need no escapes.
  package static func text(_ text: String) -> String {
    delta(#""type":"text_delta","text":"\#(text)""#)
  }

  /// A block of thinking that begins.
  package static func thinking(_ text: String) -> String {
    block(#""type":"thinking","thinking":"","signature":"""#)
      + delta(#""type":"thinking_delta","thinking":"\#(text)""#)
  }

  /// What keeps a connection alive.
  package static let ping = event("ping")

  /// An error of this type.
  package static func error(_ type: String, _ message: String) -> String {
    event("error", #","error":{"type":"\#(type)","message":"\#(message)"}"#)
  }

  /// The usage tells one token of output, as it does in life before there is any.
  package static let start =
    event(
      "message_start",
      #","message":{"id":"msg_1","type":"message","role":"assistant","model":"model-1","#
        + #""content":[],"stop_reason":null,"usage":{"input_tokens":3,"#
        + #""cache_creation_input_tokens":4,"cache_read_input_tokens":2,"output_tokens":1}}"#)
    + block(#""type":"text","text":"""#)

  /// How an answer goes on after its tokens.
  package static func end(_ reason: String = "end_turn", tokens: Int = 2, more: String = "")
    -> String
  {
    event("content_block_stop", #","index":0"#)
      + event(
        "message_delta",
        #","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"#
          + #""usage":{"output_tokens":\#(tokens)\#(more)}"#)
      + event("message_stop")
  }

  /// A good answer in two pieces.
  package static let answer = start + text("Hel") + text("lo") + end()
}
