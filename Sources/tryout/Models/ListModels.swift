import ArgumentParser
import TryoutCore
import TryoutStore

struct ListModels: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the models of a provider.",
    discussion: """
      Free is a model whose id ends with :free and whose prices are zero. Usable is one that the key may use, that has \
      not expired, and that answers in text; whether an endpoint lets an application in shows only when it is asked.
      """
  )

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Only free models.")
  var free = false

  @Flag(help: "Only models that the key may use.")
  var usable = false

  @Flag(help: "Show what the database has of the latest snapshot; nothing is asked.")
  var offline = false

  func run() async throws {
    try await reportingErrors {
      var arrays: [JSON] = []
      let places =
        offline ? try store.reading { try catalogue.places(in: $0) } : try catalogue.places()
      for place in places {
        let catalogue = offline ? try kept(place) : try await place.fetch()
        if usable, catalogue.usable == nil {
          let variable = place.account.key.map { " in \($0.name)" } ?? ""
          throw UserError(
            .usage,
            "Which models are usable depends on a key, and none\(variable) told. Set one, or leave out --usable."
          )
        }
        let models = catalogue.models.filter {
          (!free || $0.isFree)
            && (!usable
              || catalogue.allows($0.id) == true && $0.writesText
                && !$0.hasExpired(on: catalogue.day))
        }
        Console.say(CatalogueText.summary(catalogue))
        if output.json {
          arrays += CatalogueText.json(models, of: catalogue).elements
        } else {
          try Console.text(CatalogueText.table(models, of: catalogue))
        }
      }
      if output.json { try Console.data(JSON.array(arrays).canonicalText + "\n") }
    }
  }

  private func kept(_ place: CatalogueOptions.Place) throws -> Catalogue {
    let kept = try store.reading { try $0.catalogue(of: place.source) }
    guard let kept else {
      throw UserError(
        .usage,
        "\(store.path) has no snapshot of \(place.source). `tryout models snapshot` makes one.")
    }
    return kept
  }
}
