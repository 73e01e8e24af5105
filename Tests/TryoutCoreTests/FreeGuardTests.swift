import Testing
import TryoutCore

struct FreeGuardTests {
  /// Answers every question the same, and counts.
  private final class Echo: ModelProvider {
    let exchange: Exchange

    init(_ failure: Failure? = nil) {
      exchange = failure.map { Exchange(failure: $0) } ?? Exchange()
    }

    func ask(_ question: Question) async -> Exchange { exchange }
  }

  private func ask(
    _ model: String, of provider: Echo, price: String, isFreeOnly: Bool = true, listed: Bool = true
  ) async throws -> Exchange {
    let account = Account(id: "or", provider: try #require(Provider.preset(named: "openrouter")))
    let amount = try #require(ExactAmount(price))
    let models = [
      ModelListing(id: model, prices: ["prompt": amount, "completion": .zero]),
      ModelListing(id: "z/heir:free", prices: ["prompt": .zero, "completion": .zero]),
    ]
    let target = Target(
      id: "t", account: "or", model: model, limit: "l", freeOnly: isFreeOnly)
    let catalogue = Catalogue(
      source: "s", takenAt: 0, models: listed ? models : Array(models.dropFirst()))
    let `guard` = FreeGuard(provider, targets: [target], catalogues: ["or": catalogue])
    return await `guard`.ask(
      Question(account: account, model: model, user: "x", freeOnly: isFreeOnly))
  }

  @Test func whatIsPricedIsRefused() async throws {
    let failure = try await ask("a/b:free", of: Echo(), price: "0.000001").failure
    #expect(failure?.kind == .freeEnded && failure?.replacement == nil)
    #expect(
      failure?.message
        == "a/b:free must be free and is listed at $1 / $0 for a million tokens (catalogue of 1970-01-01). "
        + "It was not asked. The nearest free model in the catalogue is z/heir:free.")
  }

  @Test(arguments: ["0", "-1"])
  func whatIsFreeOrNotKnownIsAsked(_ price: String) async throws {
    #expect(try await ask("a/b:free", of: Echo(), price: price).failure == nil)
  }

  @Test func whatMayCostIsAsked() async throws {
    #expect(try await ask("a/b", of: Echo(), price: "1", isFreeOnly: false).failure == nil)
  }

  @Test func aDeadModelIsToldWithTheNearest() async throws {
    let gone = Echo(Failure(.modelGone, "Gone."))
    #expect(
      try await ask("a/b:free", of: gone, price: "0", listed: false).failure?.message
        == "Gone. The nearest free model in the catalogue is z/heir:free.")
    // The provider's own word counts more, and other failures have nothing to do with it.
    let named = Echo(Failure(.freeEnded, "Ended.", replacement: "a/b"))
    #expect(try await ask("a/b:free", of: named, price: "0").failure?.message == "Ended.")
    let busy = Echo(Failure(.overloaded, "Busy."))
    #expect(try await ask("a/b:free", of: busy, price: "0").failure?.message == "Busy.")
  }
}
