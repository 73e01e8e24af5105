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
  /// What the personas are after each night: the first is what they become in the first night.
  package var nights: [[String: Persona]] = []
  /// How many nights have passed at the start.
  package var night = 0
  /// US dollars that the key may spend; `nil` is a key without a limit.
  package var keyLimit: Double?
  /// How far the server's clock is ahead.
  package var clockAhead = Duration.zero

  /// The built-in personas, without key and quotas.
  package init() {}

  /// The personas after so many nights; after the last night nothing changes any more.
  package func personas(on night: Int) -> [String: Persona] {
    night <= 0 || nights.isEmpty ? personas : nights[min(night, nights.count) - 1]
  }

  /// The shared quota of a day, which `/key` tells about.
  var dailyQuota: Quota? { quotas.first { $0.window >= .seconds(86_400) } }
}
