/// Keeps free targets from costing money, and says what is nearest to a free model that died.
///
/// It stands before a provider and knows catalogues. What a catalogue prices is refused before the call; that the
/// request allows no price, and what the answer cost, are guarded elsewhere.
package struct FreeGuard: ModelProvider {
  private struct Place: Hashable {
    var account: String
    var model: String
  }

  private let provider: any ModelProvider
  private var refusals: [Place: Failure] = [:]
  private var advice: [Place: String] = [:]

  /// `catalogues` are by account id; `known` tells what was last listed of models that are gone.
  package init(
    _ provider: some ModelProvider, targets: [Target], catalogues: [String: Catalogue],
    known: (Catalogue, String) -> ModelListing? = { _, _ in nil }, refused: Set<String> = []
  ) {
    self.provider = provider
    for target in targets where target.freeOnly {
      guard let catalogue = catalogues[target.account] else { continue }
      let place = Place(account: target.account, model: target.model)
      let nearest = catalogue.nearestFree(
        to: target.model, known: known(catalogue, target.model), using: target.parameters.keys,
        except: refused)
      advice[place] = nearest.map { "The nearest free model in the catalogue is \($0.id)." }
      let standing = catalogue.standing(of: target.model, mustBeFree: true)
      guard case .priced = standing, let sentence = standing.sentence(about: target.model) else {
        continue
      }
      let refusal = "\(sentence) (catalogue of \(catalogue.day)). It was not asked."
      refusals[place] = Failure(.freeEnded, FreeGuard.joined(refusal, advice[place]))
    }
  }

  /// Refuses, or asks; where the model is dead and the provider names no other, the failure names the nearest.
  package func ask(_ question: Question) async -> Exchange {
    guard question.freeOnly else { return await provider.ask(question) }
    let place = Place(account: question.account.id, model: question.model)
    if let refusal = refusals[place] { return Exchange(failure: refusal) }
    var exchange = await provider.ask(question)
    if let failure = exchange.failure, failure.kind.scope == .model, failure.replacement == nil {
      exchange.failure?.message = FreeGuard.joined(failure.message, advice[place])
    }
    return exchange
  }

  private static func joined(_ sentence: String, _ advice: String?) -> String {
    advice.map { "\(sentence) \($0)" } ?? sentence
  }
}
