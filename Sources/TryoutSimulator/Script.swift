/// What a simulator does: its personas, and what they share.
package struct Script: Equatable, Sendable {
  /// All delays, faults and sentences follow from it and from what is asked.
  package var seed: UInt64 = 1
  /// The only bearer key accepted; `nil` accepts every request.
  package var key: String?
  /// Quotas over the requests to all personas together.
  package var quotas: [Quota] = []
  /// Answers of every persona that has none of its own for a prompt.
  package var answers: [ScriptedAnswer] = []
  /// By the name that a request gives as its `model`; the built-in ones are always among them.
  package var personas = Persona.builtIn

  /// The built-in personas, without key and quotas.
  package init() {}
}
