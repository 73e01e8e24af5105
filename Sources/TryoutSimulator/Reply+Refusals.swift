extension Reply {
  /// OpenRouter's error envelope.
  static func errorBody(code: Int, message: String, metadata: JSON = .null) -> JSON {
    .object([
      "error": .object([
        "message": .string(message), "code": .count(code), "metadata": metadata,
      ]),
      "user_id": .string("user_simulator"),
    ])
  }

  /// An error before any answer.
  static func refusal(
    status: Int,
    headers: [String: String] = [:],
    at: Duration = .zero,
    message: String,
    metadata: JSON = .null
  ) -> Reply {
    let body = errorBody(code: status, message: message, metadata: metadata)
    return Reply(status: status, headers: headers, at: at, text: body.text)
  }

  /// The answer to a request that a quota does not admit, as for OpenRouter's free models: one
  /// limit by the minute and one by the day, told apart by `limit_source` and by the message.
  package static func refusal(_ refusal: QuotaLedger.Refusal) -> Reply {
    let byDay = refusal.quota.window >= .seconds(86_400)
    let message =
      byDay
      ? "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model "
        + "requests per day"
      : "Rate limit exceeded: free-models-per-min. "
    let source = byDay ? "openrouter_free_tier_daily" : "openrouter_free_tier_per_minute"
    let limit = String(refusal.quota.requests)
    let reset = String(refusal.resetsAt.wholeMilliseconds)
    return .refusal(
      status: 429,
      headers: [
        "Retry-After": String(refusal.retryAfterSeconds), "X-RateLimit-Limit": limit,
        "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset,
      ],
      message: message,
      metadata: .object([
        "headers": .object([
          "X-RateLimit-Limit": .string(limit), "X-RateLimit-Remaining": .string("0"),
          "X-RateLimit-Reset": .string(reset),
        ]),
        "provider_name": .null, "limit_source": .string(source),
      ])
    )
  }

  /// What keeps this request from the model, if anything does: the account's privacy, the gate, or the price.
  static func refusal(by listing: Listing, of request: ChatRequest, price: Double) -> Reply? {
    let model = request.model
    if listing.isBlocked {
      return .refusal(
        status: 404,
        message: "No endpoints found matching your data policy (Free model training). Configure: "
          + "https://openrouter.ai/settings/privacy")
    }
    if listing.isGated {
      return .refusal(
        status: 403,
        message: "\(model) is only available on agentic harnesses.",
        metadata: .object([
          "failed_routing_step": .string("Gate Free Endpoints by Agentic Harness")
        ]))
    }
    guard request.mustBeFree, price > 0, !listing.ignoresMaxPrice else { return nil }
    let error = JSON.object([
      "error": .object([
        "code": .integer(404), "message": .string("No endpoints found for \(model)."),
        "availability": .object([
          "code": .string("constraint_filtered"), "retryable": .bool(false),
          "requested_models": .array([.string(model)]),
          "excluded_by": .array([.string("max_price")]),
        ]),
      ])
    ])
    return Reply(status: 404, text: error.text)
  }

  /// What a fault answers in place of the model, or `nil` if it lets the answer begin.
  static func refusal(
    _ fault: Fault,
    of model: String,
    answer: Answer,
    now: Duration
  ) -> Reply? {
    // An error is quicker than a model, but not instant.
    let soon = answer.firstToken / 4
    let seconds = String(max(1, Int64((fault.retryAfter / .seconds(1)).rounded(.up))))
    func refuse(
      _ status: Int,
      _ message: String,
      headers: [String: String] = [:],
      _ metadata: JSON = .null
    ) -> Reply {
      .refusal(status: status, headers: headers, at: soon, message: message, metadata: metadata)
    }

    switch fault.kind {
    case .rateLimit:
      let reset = String((now + fault.retryAfter).wholeMilliseconds)
      let raw = "\(model) is temporarily rate-limited upstream. Please retry shortly."
      return refuse(
        429,
        "Provider returned error",
        headers: ["Retry-After": seconds, "X-RateLimit-Reset": reset],
        .object([
          "raw": .string(raw), "provider_name": .string("Simulator"),
          "limit_source": .string("upstream_provider_shared_pool"),
        ])
      )
    case .serverError:
      return refuse(500, "Internal Server Error", .object(["error_type": .string("server")]))
    case .overloaded:
      return refuse(
        503,
        "Provider returned error",
        headers: ["Retry-After": seconds],
        .object([
          "raw": .string("The model is overloaded."), "provider_name": .string("Simulator"),
          "error_type": .string("provider_overloaded"),
        ])
      )
    case .html:
      let page = """
        <!DOCTYPE html>
        <html><head><title>simulator | 502: Bad gateway</title></head>
        <body><h1>Bad gateway</h1></body></html>

        """
      return Reply(status: 502, headers: ["Content-Type": "text/html"], at: soon, text: page)
    case .auth: return refuse(401, "User not found.")
    case .noCredit:
      return refuse(
        402,
        "Insufficient credits. Add more using https://openrouter.ai/settings/credits",
        .object(["limit_source": .string("openrouter_credits")])
      )
    case .moderated:
      return refuse(
        403,
        "\(model) requires moderation. Your input was flagged.",
        .object([
          "reasons": .array([.string("violence")]), "flagged_input": .string("…"),
          "provider_name": .string("Simulator"), "model_slug": .string(model),
        ])
      )
    case .contextLength:
      return refuse(
        400,
        "This endpoint's maximum context length is 8192 tokens. However, you requested about "
          + "9000 tokens.",
        .object(["error_type": .string("context_length_exceeded")])
      )
    case .notFound: return refuse(404, "No endpoints found for \(model).")
    case .freeEnded:
      return refuse(
        404,
        "This model is unavailable for free. The paid version is available now - use this slug "
          + "instead: \(model.split(separator: ":").first ?? "")"
      )
    case .errorInOK:
      let body = errorBody(
        code: 502,
        message: "Provider returned error",
        metadata: .object([
          "provider_name": .string("Simulator"), "error_type": .string("provider_unavailable"),
        ])
      )
      return Reply(status: 200, at: answer.firstToken, text: body.text)
    case .empty, .cutStream, .truncated, .streamError, .lengthError, .malformed, .stall: return nil
    }
  }
}
