/// Whether the next model of a list is worth asking after one has failed.
package enum Fallback {
  /// Whether another target may well answer what this one did not.
  ///
  /// What is wrong with a model, with those who serve it, or with a stream is theirs alone. What is wrong with an account
  /// or with the way to it is shared by all models there. A request that was refused is refused by the next one, too.
  package static func helps(
    after kind: FailureKind, at account: String, next: String
  ) -> Bool {
    switch kind.scope {
    case .time where kind == .timeoutConnect: account != next
    case .model, .upstream, .time, .stream: true
    case .account, .network: account != next
    // A shorter context and a missing ability are facts about the model.
    case .request: kind == .contextLength || kind == .unsupported
    case .harness: false
    }
  }
}
