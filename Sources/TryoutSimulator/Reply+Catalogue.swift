import Foundation

extension Reply {
  /// The answer to `GET /v1/models`: every persona, as OpenRouter lists a model.
  package static func catalogue(of script: Script) -> Reply {
    let models = script.personas.sorted { $0.key < $1.key }.map { name, persona in
      let price = JSON.string(decimal(persona.costPerToken))
      return JSON.object([
        "id": .string(name), "canonical_slug": .string(name),
        "name": .string("Simulator: \(name)"), "created": .integer(1_735_689_600),
        "description": .string("A simulated model."), "context_length": .integer(8192),
        "architecture": .object([
          "modality": .string("text->text"), "input_modalities": .array([.string("text")]),
          "output_modalities": .array([.string("text")]), "tokenizer": .string("Other"),
          "instruct_type": .null,
        ]),
        "pricing": .object(["prompt": price, "completion": price, "request": .string("0")]),
        "top_provider": .object([
          "context_length": .integer(8192), "max_completion_tokens": .null,
          "is_moderated": .bool(false),
        ]),
        "per_request_limits": .null,
        "supported_parameters": .array([
          .string("max_completion_tokens"), .string("max_tokens"),
        ]),
      ])
    }
    return Reply(status: 200, text: JSON.object(["data": .array(models)]).text)
  }

  /// Prices are decimal strings, without an exponent.
  private static func decimal(_ price: Double) -> String {
    var text = String(format: "%.12f", price)
    while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
