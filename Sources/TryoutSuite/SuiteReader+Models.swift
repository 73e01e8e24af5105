import TryoutCore

extension SuiteReader {
  /// Reads models, written `provider:model` as in suites, as the targets of a suite with one prompt.
  ///
  /// The prompt is a place that the caller fills. Diagnostics are those that a suite would get.
  package static func read(models: [String]) -> Result {
    let targets = models.map { name -> JSON in
      guard let colon = name.firstIndex(of: ":"), colon != name.startIndex else {
        return .string(name)
      }
      return [
        "id": .string(name), "account": .string(String(name[..<colon])),
        "model": .string(String(name[name.index(after: colon)...])),
      ]
    }
    // JSON is YAML as well, and so models are read by the rules of suites.
    let text: JSON = [
      "version": 1, "suite": "ask", "targets": .array(targets), "prompts": ["?"],
      "checks": ["not_empty"],
    ]
    return read(text: text.canonicalText, file: "ask", folder: ".")
  }
}
