import Foundation

/// What the simulator has counted, as far as its desk tells.
package struct Standing: Equatable, Sendable {
  /// Which night of the script it is, from 0.
  package var night = 0
  /// Requests that today's shared quota counted.
  package var usedToday = 0
  /// US dollars of all answers.
  package var spent = 0.0

  /// Nothing has happened yet.
  package init() {}
}

extension Reply {
  /// The answer to a GET of OpenRouter's desk: lists, single models, endpoints and keys; nil for other paths.
  ///
  /// `path` is what follows `/v1`, with its slash.
  package static func desk(_ path: String, of script: Script, _ standing: Standing) -> Reply? {
    let personas = script.personas(on: standing.night)
    let listed = personas.filter { $0.value.listing.isListed }.sorted { $0.key < $1.key }
    switch path {
    case "/models": return list(listed)
    case "/models/user": return list(listed.filter { !$0.value.listing.isBlocked })
    case "/key": return key(of: script, standing)
    default: break
    }
    if path.hasPrefix("/models/"), path.hasSuffix("/endpoints") {
      let id = String(path.dropFirst(8).dropLast(10))
      return listed.first { $0.key == id }.map { endpoints(of: $0.key, $0.value) }
        ?? absence(of: id)
    }
    guard path.hasPrefix("/model/") else { return nil }
    let id = String(path.dropFirst(7))
    guard let (name, persona) = listed.first(where: { $0.key == id }) else {
      return absence(of: id)
    }
    return Reply(status: 200, text: JSON.object(["data": entry(name, persona)]).text)
  }

  private static func absence(of id: String) -> Reply {
    .refusal(status: 404, message: "Model \(id) not found")
  }

  private static func list(_ models: [(key: String, value: Persona)]) -> Reply {
    let list = JSON.object([
      "data": .array(models.map { entry($0.key, $0.value) }), "total_count": .count(models.count),
      "links": .object(["next": .null]),
    ])
    return Reply(status: 200, text: list.text)
  }

  private static func entry(_ name: String, _ persona: Persona) -> JSON {
    let listing = persona.listing
    let price = JSON.string(decimal(persona.costPerToken))
    let base = String(name.split(separator: ":").first ?? "")
    let entry = JSON.object([
      "id": .string(name), "canonical_slug": .string(listing.slug ?? base),
      "name": .string("Simulator: \(name)"), "created": .integer(seconds(of: listing.created)),
      "description": .string("A simulated model."),
      "context_length": .count(listing.contextLength),
      "architecture": .object([
        "modality": .string("text->text"), "input_modalities": .array([.string("text")]),
        "output_modalities": .array([.string("text")]), "tokenizer": .string("Other"),
        "instruct_type": .null,
      ]),
      "pricing": .object(["prompt": price, "completion": price, "request": .string("0")]),
      "top_provider": .object([
        "context_length": .count(listing.contextLength),
        "max_completion_tokens": listing.maxCompletionTokens.map { .count($0) } ?? .null,
        "is_moderated": .bool(false),
      ]),
      "per_request_limits": .null,
      "supported_parameters": .array(listing.parameters.map { .string($0) }),
      "expiration_date": listing.expires.map { .string($0) } ?? .null,
    ])
    guard listing.reasoning != .none else { return entry }
    return entry.with([
      "reasoning": .object(["mandatory": .bool(listing.reasoning == .mandatory)])
    ])
  }

  /// Percentiles are null, as they are for free endpoints.
  private static func endpoints(of name: String, _ persona: Persona) -> Reply {
    let price = JSON.string(decimal(persona.costPerToken))
    let endpoint = JSON.object([
      "name": .string("Simulator | \(name)"), "provider_name": .string("Simulator"),
      "tag": .string("simulator"), "model_id": .string(name),
      "context_length": .count(persona.listing.contextLength), "quantization": .string("fp8"),
      "pricing": .object(["prompt": price, "completion": price]), "status": .integer(0),
      "uptime_last_1d": .number(100), "latency_last_30m": .null, "throughput_last_30m": .null,
    ])
    let body = JSON.object([
      "data": .object(["id": .string(name), "endpoints": .array([endpoint])])
    ])
    return Reply(status: 200, text: body.text)
  }

  /// What is not in the script is not in the answer either, as with older keys.
  private static func key(of script: Script, _ standing: Standing) -> Reply {
    var data = JSON.object([
      "label": .string("sk-or-v1-sim...key"), "usage": .number(standing.spent),
      "limit": script.keyLimit.map { .number($0) } ?? .null,
      "limit_remaining": script.keyLimit.map { .number(max(0, $0 - standing.spent)) } ?? .null,
      "expires_at": .null,
    ])
    if let quota = script.dailyQuota {
      data = data.with([
        "is_free_tier": .bool(quota.requests < 1000),
        "free_model_daily_requests": .object([
          "used": .count(standing.usedToday), "limit": .count(quota.requests),
          "remaining": .count(max(0, quota.requests - standing.usedToday)),
        ]),
      ])
    }
    return Reply(status: 200, text: JSON.object(["data": data]).text)
  }

  /// The answer to `GET /generation`, whose times are milliseconds.
  static func facts(about generation: Generation) -> Reply {
    let (prompt, completion) = (generation.promptTokens, generation.completionTokens)
    let data = JSON.object([
      "id": .string(generation.id), "created_at": .integer(generation.created),
      "model": .string(generation.model), "provider_name": .string("Simulator"),
      "streamed": .bool(generation.isStream), "cancelled": .bool(false),
      "latency": .number(generation.firstToken / .milliseconds(1)),
      "generation_time": .number((generation.end - generation.firstToken) / .milliseconds(1)),
      "tokens_prompt": .count(prompt), "tokens_completion": .count(completion),
      "native_tokens_prompt": .count(prompt), "native_tokens_completion": .count(completion),
      "native_tokens_reasoning": .count(generation.reasoningTokens),
      "native_tokens_cached": .integer(0), "finish_reason": .string(generation.finishReason),
      "native_finish_reason": .string(generation.finishReason),
      "total_cost": .number(generation.cost), "is_byok": .bool(false),
    ])
    return Reply(status: 200, text: JSON.object(["data": data]).text)
  }

  /// Prices are decimal strings, without an exponent.
  private static func decimal(_ price: Double) -> String {
    var text = String(format: "%.12f", price)
    while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
    return text
  }

  private static func seconds(of day: String) -> Int64 {
    let date = try? Date("\(day)T00:00:00Z", strategy: .iso8601)
    return Int64(date?.timeIntervalSince1970 ?? 0)
  }
}
