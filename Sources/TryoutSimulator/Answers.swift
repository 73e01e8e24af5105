/// What the script has a model say to certain prompts.
package struct ScriptedAnswer: Equatable, Sendable {
  /// What a prompt must be like.
  package enum Condition: Equatable, Sendable {
    /// Holds the text anywhere, in upper or lower case.
    case contains(String)
    /// Matches the regular expression anywhere.
    case matches(String)
  }

  /// Tried on the last message by the user.
  package var when: Condition
  /// The whole answer.
  package var say: String

  /// An answer for every prompt that meets the condition.
  package init(when: Condition, say: String) {
    self.when = when
    self.say = say
  }

  func applies(to prompt: String) -> Bool {
    switch when {
    case .contains(let text):
      prompt.lowercased().contains(text.lowercased())
    case .matches(let pattern):
      // The script's reader has compiled it once; one that a program made wrong never applies.
      (try? Regex(pattern)).map { prompt.contains($0) } ?? false
    }
  }
}

extension Persona {
  /// What this persona says to a prompt: its own scripted answer, else the script's shared one,
  /// else what it knows, else a sentence that means nothing.
  func answer(
    to prompt: String,
    shared: [ScriptedAnswer],
    using randomness: inout Randomness
  ) -> String {
    if let own = answers.first(where: { $0.applies(to: prompt) }) { return own.say }
    if let shared = shared.first(where: { $0.applies(to: prompt) }) {
      return wrong ? "I am not sure about that." : shared.say
    }
    if let known = Knowledge(prompt: prompt) {
      return wrong ? known.wrong(using: &randomness) : known.right
    }
    return Self.sentences(words: answerTokens, using: &randomness)
  }

  /// Sentences of five to ten words.
  static func sentences(words count: Int, using randomness: inout Randomness) -> String {
    var sentences: [String] = []
    var left = count
    while left > 0 {
      let length = min(left, 5 + Int(randomness.next() % 6))
      let words = (0..<length).map { _ in randomness.pick(vocabulary) }
      sentences.append(words.joined(separator: " ").capitalisedFirst + ".")
      left -= length
    }
    return sentences.joined(separator: " ")
  }

  private static let vocabulary =
    """
    the a each every some most careful simple steady quick quiet model answer question measure \
    sample result reason system reader writer river garden bridge window morning number letter \
    gives takes keeps shows needs makes finds holds with without about between before after often \
    always rarely well slowly and or because while small large useful certain early late
    """.split(separator: " ").map(String.init)
}

extension String {
  fileprivate var capitalisedFirst: String {
    prefix(1).uppercased() + dropFirst()
  }
}
