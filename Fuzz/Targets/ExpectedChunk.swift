import TryoutCore

@testable import TryoutTransport

/// What a chunk says by way of a JSON tree, written apart from the scanner and without its order.
struct ExpectedChunk {
  /// All that may be right, because a tree does not keep the order of members.
  private(set) var answers = [""]
  private(set) var reasonings = [""]
  private(set) var names: [String?]
  private(set) var hasChoices = false
  private(set) var tellsError: Bool
  private(set) var counts: [Int?]
  private(set) var cost: Double?
  private var hasToolCall = false

  init(_ json: JSON) {
    let usage = json["usage"]
    counts = [
      usage?["prompt_tokens"], usage?["completion_tokens"],
      usage?["completion_tokens_details"]?["reasoning_tokens"],
      usage?["prompt_tokens_details"]?["cached_tokens"], usage?["total_tokens"],
    ].map { $0?.int.flatMap { $0 < 0 ? nil : $0 } }
    cost = usage?["cost"]?.double.flatMap { $0 < 0 ? nil : $0 }
    tellsError =
      Self.isError(json["error"]) || json["object"]?.text == "error"
      || json["type"]?.text == "error"
    names = [nil] + ["id", "model", "provider"].map { Self.filled(json[$0]) }
    guard case .array(let choices)? = json["choices"] else { return }
    hasChoices = true
    names[0] = choices.lazy.compactMap { Self.filled($0["finish_reason"]) }.first
    guard case .object? = choices.first else { return }
    let first = choices[0]
    if Self.isError(first["error"]) { tellsError = true }
    if case .object? = first["delta"] {
      read(first["delta"] ?? .null)
    } else {
      read(first["message"] ?? .null)
    }
  }

  func delta(answer: String, reasoning: String) -> ChunkScanner.Delta {
    let isAnswer = hasToolCall || answer.utf8.contains { $0 > 0x20 }
    return ChunkScanner.Delta(
      isFilled: hasToolCall || !answer.isEmpty || !reasoning.isEmpty,
      isVisible: isAnswer || reasoning.utf8.contains { $0 > 0x20 },
      isAnswer: isAnswer
    )
  }

  private mutating func read(_ delta: JSON) {
    let content = delta["content"]
    let text = content?.text ?? content?.elements.compactMap { $0["text"]?.text }.joined() ?? ""
    let refusal = delta["refusal"]?.text ?? ""
    answers = [text + refusal, refusal + text]
    let thinking = (content?.elements ?? []).compactMap { part in
      part["thinking"]?.text ?? part["thinking"]?.elements.compactMap { $0["text"]?.text }.joined()
    }.joined()
    let thoughts = ["reasoning", "reasoning_content"].compactMap { Self.filled(delta[$0]) }
    reasonings = thoughts.isEmpty ? [thinking] : thoughts.map { thinking + $0 }
    hasToolCall = (delta["tool_calls"]?.elements ?? []).contains { call in
      guard case .object(let members)? = call["function"] else { return false }
      return members.values.contains { value in
        if case .object = value { true } else { value.text?.isEmpty == false }
      }
    }
  }

  private static func filled(_ json: JSON?) -> String? {
    json?.text.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func isError(_ json: JSON?) -> Bool {
    switch json {
    case .object, .string: true
    default: false
    }
  }
}
