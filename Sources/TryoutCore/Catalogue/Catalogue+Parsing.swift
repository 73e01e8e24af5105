extension Catalogue {
  /// One page of a list of models, as servers send it.
  package struct Page: Sendable, Equatable {
    package var models: [ModelListing]
    /// Where the list goes on; nil at its end.
    package var next: String?
  }

  /// Reads OpenRouter's list, Anthropic's, or one of an OpenAI-like server; nil where the value is neither.
  ///
  /// Lists come as `{"data": […]}`, as `{"models": […]}` or bare; entries without an id are left out.
  package static func page(_ json: JSON) -> Page? {
    let entries: [JSON]
    if case .array(let elements) = json {
      entries = elements
    } else if case .array(let elements)? = json["data"] ?? json["models"] {
      entries = elements
    } else {
      return nil
    }
    var next = json["links"]?["next"]?.text
    // Anthropic tells twenty at a time, and names no link.
    if case .bool(true)? = json["has_more"], let last = json["last_id"]?.text {
      next = next ?? "?after_id=\(last)"
    }
    return Page(models: entries.compactMap { ModelListing(entry: $0) }, next: next)
  }
}

extension ModelListing {
  /// Reads an entry of a server's list; nil without an id.
  ///
  /// The names of the context's length are those of OpenRouter and Together, Groq, vLLM, Mistral, and llama.cpp.
  package init?(entry: JSON) {
    guard let id = entry["id"]?.text, !id.isEmpty else { return nil }
    self.init(id: id)
    canonicalSlug = entry["canonical_slug"]?.text
    name = entry["name"]?.text ?? entry["display_name"]?.text
    created = ModelListing.moment(entry["created"])
    let top = entry["top_provider"]
    let lengths = [
      entry["context_length"], entry["context_window"], entry["max_model_len"],
      entry["max_context_length"], top?["context_length"], entry["meta"]?["n_ctx_train"],
    ]
    contextLength = lengths.lazy.compactMap { $0?.int }.first
    maxCompletionTokens =
      top?["max_completion_tokens"]?.int ?? entry["max_completion_tokens"]?.int
    parameters = entry["supported_parameters"].map { $0.elements.compactMap(\.text).sorted() }
    expires = (entry["expiration_date"] ?? entry["deprecation"])?.text.map { String($0.prefix(10)) }
    outputs = entry["architecture"]?["output_modalities"]?.elements.compactMap(\.text) ?? []
    if let told = entry["reasoning"] {
      if case .bool(true)? = told["mandatory"] {
        reasoning = .mandatory
      } else {
        reasoning = .optional
      }
    } else if let parameters {
      reasoning = parameters.contains("reasoning") ? .optional : Reasoning.none
    }
    // Other members, such as discounts and overrides by length, are no price of one thing.
    if case .object(let members)? = entry["pricing"] {
      prices = members.filter { $0.key != "discount" }.compactMapValues { ExactAmount($0) }
    }
  }
}
