import ArgumentParser
import TryoutCore
import TryoutStore

struct SnapshotModels: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Keep what a provider lists, and show what changed since it was kept last.")

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var alarm: AlarmOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try alarm.check(catalogue) }

  func run() async throws {
    try await reportingErrors {
      let places = try catalogue.places()
      var fetched: [(CatalogueOptions.Place, Catalogue)] = []
      for place in places { fetched.append((place, try await place.fetch())) }
      let store = try Store(path: store.path, mode: .readWrite)
      defer { store.close() }
      var differences: [CatalogueDifference] = []
      for (place, catalogue) in fetched {
        let kept = try store.keep(catalogue, keyName: place.keyName)
        Console.say(CatalogueText.summary(catalogue))
        if kept.since == nil {
          Console.say("This is the first snapshot: there is none to compare with.")
        }
        differences.append(
          CatalogueDifference(
            later: catalogue, since: kept.since, changes: kept.changes,
            alarms: try catalogue.alarms(for: place.targets, changes: kept.changes, from: store)))
      }
      try alarm.conclude(differences, asJSON: output.json)
    }
  }
}

struct DiffModels: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what changed between two snapshots in the database; nothing is asked.")

  @OptionGroup var catalogue: CatalogueOptions
  @OptionGroup var alarm: AlarmOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Compare the latest with the one at that time: 36h, 7d, a date, or a moment such as 2026-11-23T06:00:00Z "
        + "(default: the one before the latest).",
      valueName: "time"))
  var since: String?

  func validate() throws {
    try alarm.check(catalogue)
    if let since, Moment.parse(since, now: 0) == nil {
      throw ValidationError("--since \(since): expected 36h, 7d, a date, or a moment in UTC.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      let differences = try store.reading { store in
        try catalogue.places(in: store).map { try difference(at: $0, store) }
      }
      try alarm.conclude(differences, asJSON: output.json)
    }
  }

  private func difference(
    at place: CatalogueOptions.Place, _ store: Store
  ) throws -> CatalogueDifference {
    guard let later = try store.catalogue(of: place.source) else {
      throw UserError(
        .usage,
        "\(store.path) has no snapshot of \(place.source). `tryout models snapshot` makes one.")
    }
    var earlier: Catalogue?
    if let moment = since.flatMap({ Moment.parse($0, now: wallClock()) }) {
      earlier =
        try store.catalogue(of: place.source, before: moment)
        ?? store.firstCatalogue(of: place.source)
      if let earlier, earlier.takenAt > moment {
        Console.say("The first snapshot of \(place.source) is of \(timestamp(earlier.takenAt)).")
      }
    } else {
      earlier = try store.catalogueBeforeLatest(of: place.source)
    }
    if earlier?.takenAt == later.takenAt { earlier = nil }
    if earlier == nil {
      Console.say("There is one snapshot of \(place.source): nothing to compare it with.")
    }
    let changes = earlier.map { later.changes(since: $0) } ?? []
    return CatalogueDifference(
      later: later, since: earlier?.takenAt, changes: changes,
      alarms: try later.alarms(for: place.targets, changes: changes, from: store))
  }
}

extension Catalogue {
  /// The alarms for targets, where the store knows what models were that are gone.
  func alarms(
    for targets: [Target], changes: [CatalogueChange], from store: Store
  ) throws -> [TargetAlarm] {
    var known: [String: ModelListing] = [:]
    for target in targets where self[target.model] == nil {
      known[target.model] = try store.lastListing(of: target.model, at: source)
    }
    return alarms(
      for: targets, changes: changes, known: { known[$0] },
      refused: try store.refusedModels(at: source))
  }
}
