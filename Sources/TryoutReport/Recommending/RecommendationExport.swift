import TryoutCore

/// A recommendation as other programs' configuration.
package struct RecommendationExport {
  package enum Form: String, Sendable, CaseIterable { case openrouter, litellm, env }

  /// The file's text.
  package let text: String
  /// What the form could not hold, a sentence each.
  package let remarks: [String]

  /// Nil where the form cannot say who the default is: none is recommended, or it is asked elsewhere.
  package init?(_ text: RecommendationText, as form: Form) {
    guard let choice = text.recommendation.choice else { return nil }
    let suite = text.report.run.suite
    let chain = ([choice] + text.recommendation.fallbacks).compactMap { id in
      suite.targets.first { $0.id == id }
    }
    switch form {
    case .openrouter:
      guard let made = RecommendationExport.openRouter(chain, suite) else { return nil }
      (self.text, remarks) = made
    case .litellm:
      self.text = RecommendationExport.liteLLM(chain, suite, text)
      remarks = chain.filter { suite.account(of: $0).baseURL == nil }.map {
        "\($0.id) has no address: the built-in simulator answered, which no proxy reaches."
      }
    case .env:
      self.text = RecommendationExport.environment(chain, suite, text)
      remarks = []
    }
  }

  /// OpenRouter takes so many in `models`.
  private static let mostModels = 3

  /// The members of a request's body that choose the model.
  private static func openRouter(_ chain: [Target], _ suite: Suite) -> (String, [String])? {
    func isThere(_ target: Target) -> Bool { suite.account(of: target).provider.routes }
    guard let first = chain.first, isThere(first) else { return nil }
    let there = chain.filter(isThere)
    let sent = there.prefix(mostModels)
    var members: [String: JSON] = [
      "model": .string(first.model), "models": .array(sent.map { .string($0.model) }),
    ]
    if sent.allSatisfy(\.freeOnly) {
      members["provider"] = ["max_price": ["prompt": 0, "completion": 0, "request": 0]]
    }
    var remarks = chain.filter { !isThere($0) }.map {
      "\($0.id) is left out: it is not asked through OpenRouter."
    }
    remarks += sent.compactMap { target in
      let account = suite.account(of: target)
      guard let url = account.baseURL, url != account.provider.baseURL else { return nil }
      return
        "\(target.id) was asked at \(VisibleText.brief(url)) and not at OpenRouter's own address."
    }
    remarks += there.dropFirst(mostModels).map {
      "\($0.id) is left out: OpenRouter takes \(mostModels) models at most."
    }
    if !sent.allSatisfy(\.freeOnly), sent.contains(where: \.freeOnly) {
      remarks.append("A fallback may cost money: not every model of the chain is free.")
    }
    return (JSONRendering.indented(.object(members)), remarks)
  }

  /// A proxy's configuration; YAML, whose strings are written as JSON has them.
  private static func liteLLM(
    _ chain: [Target], _ suite: Suite, _ text: RecommendationText
  ) -> String {
    func quoted(_ text: String) -> String { JSON.string(text).canonicalText }
    var lines = ["# \(VisibleText.brief(text.headline))", "model_list:"]
    let names = chain.indices.map { $0 == 0 ? "default" : "fallback-\($0)" }
    for (name, target) in zip(names, chain) {
      let account = suite.account(of: target)
      let isNative = ["openrouter", "anthropic"].contains(account.provider.name)
      let prefix = isNative ? account.provider.name : "openai"
      lines += [
        "  - model_name: \(name)", "    litellm_params:",
        "      model: \(quoted("\(prefix)/\(target.model)"))",
      ]
      if let url = account.baseURL, !isNative || url != account.provider.baseURL {
        lines.append("      api_base: \(quoted(url))")
      }
      if let variable = account.keyVariable {
        lines.append("      api_key: \(quoted("os.environ/\(variable)"))")
      }
    }
    if names.count > 1 {
      let rest = names.dropFirst().map { quoted($0) }.joined(separator: ", ")
      lines += ["router_settings:", "  fallbacks: [{\"default\": [\(rest)]}]"]
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Variables as a shell or a `.env` file reads them: where to ask whom, with the key in which variable.
  private static func environment(
    _ chain: [Target], _ suite: Suite, _ text: RecommendationText
  ) -> String {
    func quoted(_ text: String) -> String {
      "'" + VisibleText.line(text).replacing("'", with: "'\\''") + "'"
    }
    var lines: [(String, String)] = []
    for (index, target) in chain.enumerated() {
      let name = index == 0 ? "DEFAULT" : "FALLBACK_\(index)"
      lines += [
        ("TRYOUT_\(name)", target.id), ("TRYOUT_\(name)_MODEL", target.model),
        ("TRYOUT_\(name)_ACCOUNT", target.account),
      ]
      // The simulator has neither: it lives as long as a run.
      let account = suite.account(of: target)
      if let url = account.baseURL { lines.append(("TRYOUT_\(name)_BASE_URL", url)) }
      if let variable = account.keyVariable {
        lines.append(("TRYOUT_\(name)_KEY_VARIABLE", variable))
      }
    }
    lines.append(("TRYOUT_FALLBACKS", String(chain.count - 1)))
    if let until = text.believedUntil { lines.append(("TRYOUT_BELIEVE_UNTIL", until)) }
    lines.append(("TRYOUT_EVIDENCE", text.recommendation.evidence.joined(separator: " ")))
    return lines.map { "\($0.0)=\(quoted($0.1))\n" }.joined()
  }
}
