import GRDB
package import TryoutCore

extension Store {
  /// A catalogue that was kept, with what had changed since the one before it.
  package struct KeptCatalogue: Sendable {
    /// Counts up over all sources.
    package var id: Int64
    package var catalogue: Catalogue
    /// When the one before it was taken, in nanoseconds since 1970; nil for the first of its source.
    package var since: Int64?
    package var changes: [CatalogueChange]
  }

  /// Keeps what a provider lists now, and what that changes.
  ///
  /// `keyName` names the key whose part of the list is known; parts of different keys are not compared.
  @discardableResult
  package func keep(
    _ catalogue: Catalogue, keyName: String?
  ) throws(StoreError) -> KeptCatalogue {
    var catalogue = catalogue
    catalogue.keyName = catalogue.usable == nil ? nil : keyName
    return try write { [catalogue] db in
      let row = try Store.latest(of: catalogue.source, before: nil, db)
      let earlier = try row.map { try Catalogue.fetch($0, db) }
      let isSame =
        earlier.map { $0.models == catalogue.models && $0.usable == catalogue.usable } ?? false
      let changes = earlier.map { catalogue.changes(since: $0) } ?? []
      try db.execute(
        sql: """
          INSERT INTO catalogue (source, taken_at, key_name, previous, contents)
          VALUES (?, ?, ?, ?, 0)
          """,
        arguments: [
          catalogue.source, catalogue.takenAt, catalogue.keyName, row?["id"] as Int64?,
        ])
      let id = db.lastInsertedRowID
      let contents = isSame ? row?["contents"] as Int64? ?? id : id
      try db.execute(
        sql: "UPDATE catalogue SET contents = ? WHERE id = ?", arguments: [contents, id])
      if contents == id { try Store.insert(catalogue, as: id, db) }
      for change in changes {
        try db.execute(
          sql: "INSERT INTO catalogue_change VALUES (?, ?, ?, ?, ?)",
          arguments: [id, change.model, change.kind.rawValue, change.before, change.after])
      }
      return KeptCatalogue(
        id: id, catalogue: catalogue, since: row?["taken_at"], changes: changes)
    }
  }

  /// The latest catalogue of a source, or the latest at or before a moment; nil where none was kept.
  package func catalogue(
    of source: String, before moment: Int64? = nil
  ) throws(StoreError) -> Catalogue? {
    try read { db in
      try Store.latest(of: source, before: moment, db).map { try Catalogue.fetch($0, db) }
    }
  }

  /// Where catalogues are from, in the order of their names.
  package func catalogueSources() throws(StoreError) -> [String] {
    try read { db in
      try String.fetchAll(db, sql: "SELECT DISTINCT source FROM catalogue ORDER BY source")
    }
  }

  /// The catalogue before the latest one; nil where there is no such.
  package func catalogueBeforeLatest(of source: String) throws(StoreError) -> Catalogue? {
    try read { db in
      guard let previous = try Store.latest(of: source, before: nil, db)?["previous"] as Int64?,
        let row = try Row.fetchOne(
          db, sql: "SELECT * FROM catalogue WHERE id = ?", arguments: [previous])
      else { return nil }
      return try Catalogue.fetch(row, db)
    }
  }

  /// The first catalogue of a source; nil where none was kept.
  package func firstCatalogue(of source: String) throws(StoreError) -> Catalogue? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM catalogue WHERE source = ? ORDER BY taken_at, id LIMIT 1",
        arguments: [source]
      ).map { try Catalogue.fetch($0, db) }
    }
  }

  /// Everything that was seen to change about one model, the latest first.
  package func catalogueChanges(
    of model: String, at source: String
  ) throws(StoreError) -> [CatalogueChange.Dated] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT taken_at, change, before, after FROM catalogue_change
          JOIN catalogue ON catalogue.id = catalogue_change.catalogue
          WHERE source = ? AND model = ? ORDER BY taken_at DESC, catalogue.id DESC
          """, arguments: [source, model]
      ).compactMap { row in
        CatalogueChange.Kind(rawValue: row["change"]).map {
          CatalogueChange.Dated(
            takenAt: row["taken_at"],
            change: CatalogueChange($0, model, before: row["before"], after: row["after"]))
        }
      }
    }
  }

  /// What was last listed of a model that may be gone by now.
  package func lastListing(of model: String, at source: String) throws(StoreError) -> ModelListing?
  {
    try lastSighting(of: model, at: source)?.listing
  }

  /// A model as it was listed last, and when that was, in nanoseconds since 1970.
  package struct Sighting: Sendable, Equatable {
    package var listing: ModelListing
    package var takenAt: Int64
    /// The first catalogue after that, which does not list it; nil where there is none.
    package var missedAt: Int64?
  }

  /// When and how a model was listed last; nil where no catalogue of the source has it.
  package func lastSighting(of model: String, at source: String) throws(StoreError) -> Sighting? {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT definition, taken_at,
            (SELECT min(later.taken_at) FROM catalogue AS later
              WHERE later.source = catalogue.source AND later.taken_at > catalogue.taken_at) AS missed_at
          FROM listing
          JOIN catalogue_listing ON listing = listing.id
          JOIN catalogue ON catalogue.contents = catalogue_listing.catalogue
          WHERE source = ? AND model = ? ORDER BY taken_at DESC LIMIT 1
          """, arguments: [source, model])
      return try row.map { row in
        Sighting(
          listing: try ModelListing.read(row["definition"], at: source), takenAt: row["taken_at"],
          missedAt: row["missed_at"])
      }
    }
  }

  /// What the latest catalogue of a source, or the latest at or before a moment, lists of an id as requests write it.
  package func listing(
    asked id: String, at source: String, before moment: Int64? = nil
  ) throws(StoreError) -> ModelListing? {
    try read { db in
      guard let row = try Store.latest(of: source, before: moment, db) else { return nil }
      // The other listings of a catalogue are hundreds, and none of them is wanted.
      for name in Catalogue.names(asked: id) {
        let text = try String.fetchOne(
          db,
          sql: """
            SELECT definition FROM listing JOIN catalogue_listing ON listing = listing.id
            WHERE catalogue = ? AND model = ?
            """, arguments: [row["contents"] as Int64, name])
        if let text { return try ModelListing.read(text, at: source) }
      }
      return nil
    }
  }

  private static func latest(of source: String, before moment: Int64?, _ db: Database) throws
    -> Row?
  {
    try Row.fetchOne(
      db,
      sql: """
        SELECT * FROM catalogue WHERE source = ? AND taken_at <= ?
        ORDER BY taken_at DESC, id DESC LIMIT 1
        """, arguments: [source, moment ?? Int64.max])
  }

  private static func insert(_ catalogue: Catalogue, as id: Int64, _ db: Database) throws {
    let find = try db.makeStatement(sql: "SELECT id FROM listing WHERE definition = ?")
    let add = try db.makeStatement(
      sql: "INSERT INTO listing VALUES (NULL\(String(repeating: ", ?", count: 14)))")
    let join = try db.makeStatement(sql: "INSERT INTO catalogue_listing VALUES (?, ?, ?)")
    for model in catalogue.models {
      let definition = model.json.canonicalText
      var listing = try Int64.fetchOne(find, arguments: [definition])
      if listing == nil {
        try add.execute(arguments: model.columns(definition))
        listing = db.lastInsertedRowID
      }
      try join.execute(arguments: [id, listing, catalogue.allows(model.id)])
    }
  }
}

private extension ModelListing {
  /// Reads a definition; what cannot be read is an error, since leaving it out would say that the model has vanished.
  static func read(_ definition: String, at source: String) throws -> ModelListing {
    guard let json = try? JSON(parsing: definition.utf8), let listing = ModelListing(json: json)
    else { throw StoreError.unreadableCatalogue(source: source) }
    return listing
  }

  /// The values of a row of `listing` behind its id.
  func columns(_ definition: String) -> StatementArguments {
    [
      definition, id, canonicalSlug, name, isFree, prices["prompt"]?.text,
      prices["completion"]?.text, prices["request"]?.text, contextLength, maxCompletionTokens,
      parameters?.joined(separator: " "), reasoning?.rawValue, expires,
      created.map { Catalogue.day(of: $0 * 1_000_000_000) },
    ]
  }
}

private extension Catalogue {
  /// Reads a row of `catalogue` with its listings.
  static func fetch(_ row: Row, _ db: Database) throws -> Catalogue {
    var models: [ModelListing] = []
    var usable: Set<String> = []
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT definition, usable FROM catalogue_listing JOIN listing ON listing.id = listing
        WHERE catalogue = ?
        """, arguments: [row["contents"] as Int64])
    while let entry = try rows.next() {
      let listing = try ModelListing.read(entry["definition"], at: row["source"])
      models.append(listing)
      if entry["usable"] as Bool? == true { usable.insert(listing.id) }
    }
    let keyName = row["key_name"] as String?
    var catalogue = Catalogue(
      source: row["source"], takenAt: row["taken_at"], models: models,
      usable: keyName == nil ? nil : usable)
    catalogue.keyName = keyName
    return catalogue
  }
}
