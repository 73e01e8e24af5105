/// What a provider's catalogue says about one model; nil wherever it says nothing.
package struct ModelListing: Sendable, Hashable {
  package var id: String
  /// The dated name that stays when ids are renamed; without `:free`.
  package var canonicalSlug: String?
  package var name: String?
  /// Seconds since 1970.
  package var created: Int64?
  /// Tokens of prompt and answer together, and of the answer alone.
  package var contextLength: Int?
  package var maxCompletionTokens: Int?
  /// Names of request parameters that at least one endpoint takes, in order; nil where the catalogue has no such list.
  package var parameters: [String]?
  /// Whether it reasons before it answers, and whether that can be switched off.
  package var reasoning: Reasoning?
  /// `YYYY-MM-DD` after which it may be removed.
  package var expires: String?
  /// US dollars for one token, request and so on, by the provider's own names; empty where none are listed.
  package var prices: [String: ExactAmount]
  /// Kinds of answer, such as `text`; empty where the catalogue does not tell.
  package var outputs: [String]

  package enum Reasoning: String, Sendable, Hashable { case none, optional, mandatory }

  package init(id: String, prices: [String: ExactAmount] = [:]) {
    self.id = id
    self.prices = prices
    outputs = []
  }

  /// What a text question may be charged for.
  private static let charged = ["prompt", "completion", "request", "internal_reasoning"]

  /// Whether nothing that a text question uses has a price; nil where no price, or a variable one, is listed.
  package var isUnpriced: Bool? {
    guard prices["prompt"] != nil, prices["completion"] != nil else { return nil }
    let amounts = ModelListing.charged.compactMap { prices[$0] }
    guard !amounts.contains(where: \.isVariable) else { return nil }
    return amounts.allSatisfy(\.isZero)
  }

  /// US dollars that an answer costs at these prices, added exactly; nil where a count or a price is unknown.
  ///
  /// What was read from a cache, or thought, costs a price of its own where one is listed.
  package func cost(of usage: Usage) -> Double? {
    guard isUnpriced != nil, let input = prices["prompt"], let output = prices["completion"],
      let prompt = usage.prompt, let completion = usage.completion
    else { return nil }
    func sum(_ count: Int, at price: ExactAmount, _ part: Int?, _ name: String) -> ExactAmount {
      guard let special = prices[name], special > .zero, let part = part.map({ min($0, count) })
      else { return price * count }
      return price * (count - part) + special * part
    }
    let total =
      sum(prompt, at: input, usage.cached, "input_cache_read")
      + sum(completion, at: output, usage.reasoning, "internal_reasoning")
    return (total + (prices["request"] ?? .zero)).dollars
  }

  /// Whether the id says `:free` and the prices say the same: neither alone is enough.
  package var isFree: Bool { id.hasSuffix(ModelListing.freeSuffix) && isUnpriced == true }

  package static let freeSuffix = ":free"

  /// Whether it answers in text, as far as the catalogue tells.
  package var writesText: Bool { outputs.isEmpty || outputs.contains("text") }

  /// Whether its time has come; `day` is `YYYY-MM-DD`.
  package func hasExpired(on day: String) -> Bool { expires.map { $0 < day } ?? false }

  /// Who made it: what stands before the slash.
  package var author: Substring? {
    id.contains("/") ? id.prefix { $0 != "/" } : nil
  }

  /// The price of a million tokens of prompt and of answer, and of a request where that costs too, for people.
  package var priceText: String { tokenPrice + (requestPrice.map { " and \($0)" } ?? "") }

  /// The price as a part of a sentence.
  var priceSentence: String {
    "\(tokenPrice) for a million tokens" + (requestPrice.map { " and \($0)" } ?? "")
  }

  private var requestPrice: String? {
    guard let request = prices["request"], !request.isZero, !request.isVariable else { return nil }
    return "$\(request.text) a request"
  }

  private var tokenPrice: String {
    if isFree { return "free" }
    guard let prompt = prices["prompt"], let completion = prices["completion"] else { return "n/a" }
    if prompt.isVariable || completion.isVariable { return "varies" }
    return "$\(prompt.perMillion.text) / $\(completion.perMillion.text)"
  }
}

extension ModelListing {
  /// The form in which listings are stored and shown to programs; prices are texts, since they are exact.
  package var json: JSON {
    [
      "id": .string(id), "canonical_slug": JSON(canonicalSlug), "name": JSON(name),
      "created": created.map { .integer($0) } ?? .null,
      "context_length": JSON(contextLength), "max_completion_tokens": JSON(maxCompletionTokens),
      "parameters": parameters.map { .array($0.map { .string($0) }) } ?? .null,
      "reasoning": JSON(reasoning?.rawValue), "expires": JSON(expires),
      "free": .bool(isFree), "prices": .object(prices.mapValues { .string($0.text) }),
      "outputs": .array(outputs.map { .string($0) }),
    ]
  }

  /// Seconds since 1970 as a list tells them; nil where they lie so far off that nobody can write the date.
  static func moment(_ value: JSON?) -> Int64? {
    value?.int.flatMap { 0..<1 << 33 ~= $0 ? Int64($0) : nil }
  }

  /// Reads what `json` wrote.
  package init?(json: JSON) {
    guard let id = json["id"]?.text else { return nil }
    self.init(id: id)
    canonicalSlug = json["canonical_slug"]?.text
    name = json["name"]?.text
    created = ModelListing.moment(json["created"])
    contextLength = json["context_length"]?.int
    maxCompletionTokens = json["max_completion_tokens"]?.int
    parameters = json["parameters"].map { $0.elements.compactMap(\.text) }
    reasoning = json["reasoning"]?.text.flatMap(Reasoning.init(rawValue:))
    expires = json["expires"]?.text
    outputs = json["outputs"]?.elements.compactMap(\.text) ?? []
    if case .object(let members)? = json["prices"] {
      prices = members.compactMapValues { ExactAmount($0) }
    }
  }
}

extension JSON {
  fileprivate init(_ text: String?) { self = text.map { .string($0) } ?? .null }
  fileprivate init(_ count: Int?) { self = count.map { .integer(Int64($0)) } ?? .null }
}
