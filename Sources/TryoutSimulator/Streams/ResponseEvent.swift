/// Events of a response as they stand in a stream.
package enum ResponseEvent {
  /// An event of this type with members that begin with a comma.
  package static func event(_ type: String, _ members: String = "") -> String {
    "event: \(type)\ndata: {\"type\":\"\(type)\"\(members)}\n\n"
  }

  /// The text must need no escapes.
  package static func text(_ text: String, number: Int = 4) -> String {
    event(
      "response.output_text.delta",
      #","sequence_number":\#(number),"item_id":"msg_1","output_index":0,"content_index":0,"#
        + #""delta":"\#(text)","logprobs":[]"#)
  }

  package static func reasoning(_ text: String) -> String {
    event(
      "response.reasoning_summary_text.delta",
      #","item_id":"rs_1","output_index":0,"summary_index":0,"delta":"\#(text)""#)
  }

  /// The start of a response, whose snapshot is empty.
  package static let start =
    event("response.created", #","response":\#(snapshot("in_progress"))"#)
    + event("response.in_progress", #","response":\#(snapshot("in_progress"))"#)

  /// An item that begins or is done, with these members.
  package static func item(_ event: String, _ members: String) -> String {
    self.event("response.output_item.\(event)", #","output_index":0,"item":{\#(members)}"#)
  }

  /// A message that begins.
  package static let message = item(
    "added",
    #""id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]"#)

  /// How a text of a message is told once more when it is done.
  package static func done(_ text: String) -> String {
    event("response.output_text.done", #","item_id":"msg_1","text":"\#(text)""#)
      + event(
        "response.content_part.done", #","part":{"type":"output_text","text":"\#(text)"}"#)
      + item("done", messageItem(text))
  }

  /// The last event, with the whole answer once more.
  package static func end(
    _ status: String = "completed", text: String = "Hello", tokens: Int = 2, more: String = ""
  ) -> String {
    let usage =
      #","usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":0},"#
      + #""output_tokens":\#(tokens),"output_tokens_details":{"reasoning_tokens":0},"total_tokens":11}"#
    let output = #","output":[{\#(messageItem(text))}]"#
    return event(
      "response.\(status)", #","response":\#(snapshot(status, more: output + usage + more))"#)
  }

  /// A response in one piece.
  package static let whole = snapshot(
    "completed",
    more: #","output":[{\#(messageItem("Hello"))}],"usage":{"input_tokens":9,"output_tokens":2}"#)

  private static func messageItem(_ text: String) -> String {
    #""id":"msg_1","type":"message","status":"completed","role":"assistant","#
      + #""content":[{"type":"output_text","text":"\#(text)","annotations":[]}]"#
  }

  private static func snapshot(_ status: String, more: String = #","output":[],"usage":null"#)
    -> String
  {
    #"{"id":"resp_1","object":"response","status":"\#(status)","error":null,"#
      + #""incomplete_details":\#(status == "incomplete" ? #"{"reason":"max_output_tokens"}"# : "null"),"#
      + #""model":"model-1"\#(more)}"#
  }
}
