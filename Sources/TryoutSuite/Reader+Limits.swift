import TryoutCore

extension Reader {
  mutating func readLimits(_ cursor: Cursor?) {
    guard let cursor else { return }
    guard let entries = cursor.entries("a map from ids to limits") else {
      limitNames.isComplete = false
      return
    }
    for entry in entries where checkIdentifier(entry, "limit") {
      guard !entry.key.hasPrefix(Reader.ownLimitPrefix) else {
        collector.error(
          "the limit id \(quoted(entry.key)) begins with \(Reader.ownLimitPrefix)",
          at: entry.keyPlace,
          expected: "another id",
          advice: "such ids belong to targets without a limit"
        )
        continue
      }
      limitNames.declare(entry.key, at: entry.keyPlace, collector: collector)
      if let limit = readLimit(entry) { limits.append(limit) }
    }
  }

  /// What the ids of implicit limits begin with.
  private static let ownLimitPrefix = "target:"

  private mutating func readLimit(_ entry: Entry) -> Limit? {
    guard
      let fields = entry.value.fields(["account", "requests", "tokens", "concurrency", "burst"]),
      let cursor = fields.require("account", "the account whose quota this is"),
      let name = cursor.text("the id of an account"),
      let account = self.account(named: name, by: cursor)
    else { return nil }
    let day = account.provider.day
    let limit = Limit(
      id: entry.key,
      account: account.id,
      windows: windows(fields["requests"], .requests, day)
        + windows(fields["tokens"], .tokens, day),
      concurrency: fields["concurrency"].flatMap { $0.integer(1...10_000) } ?? 1,
      burst: fields["burst"].flatMap { $0.integer(1...1_000_000) }
    )
    if let cursor = fields["burst"], !limit.windows.contains(where: { limit.burst(in: $0) != nil })
    {
      cursor.error(
        "\(cursor.path) means nothing here",
        expected: "burst only beside requests per second or minute",
        advice: "all other windows may be used at once"
      )
    }
    return limit
  }

  private func windows(
    _ cursor: Cursor?, _ resource: Limit.Window.Resource, _ day: Limit.Window.Period
  ) -> [Limit.Window] {
    let expected = "a rate such as 15/min, 200k/min, 1000/day, 5/s, 100/h or 1000/24h"
    return (cursor?.listOrOne(expected) ?? []).compactMap { element in
      element.quantity(expected, unit: "15/min") { text in
        var window = Units.window(text, of: resource)
        if window?.period == .day { window?.period = day }
        return window
      }
    }
  }

  /// The limit that a target names, or the implicit one which it gets instead.
  ///
  /// Free models of one account share that account's quota. Everything else gets a place of its
  /// own, one request at a time: latency without load.
  mutating func limit(
    for target: Target,
    at account: Account,
    named cursor: Cursor?,
    place: Place
  ) -> String {
    if let cursor {
      guard let name = limitNames.reference(cursor) else { return "" }
      checkOwner(of: name, is: account, at: cursor.place)
      return name
    }
    let isShared = target.freeOnly && !account.provider.freeWindows.isEmpty
    let name = isShared ? "\(account.id)-free" : Reader.ownLimitPrefix + target.id
    if isShared, limitNames.places[name] != nil {
      // The suite's own limit of that name says more about this quota than the preset does.
      limitNames.use(name)
      checkOwner(of: name, is: account, at: place)
      return name
    }
    if !limits.contains(where: { $0.id == name }) {
      limits.append(
        Limit(
          id: name,
          account: account.id,
          windows: isShared ? account.provider.freeWindows : []
        )
      )
    }
    return name
  }

  private func checkOwner(of name: String, is account: Account, at place: Place) {
    guard let limit = limits.first(where: { $0.id == name }), limit.account != account.id else {
      return
    }
    let own = limits.map { ($0.id, $0.account) }
      .filter { $1 == account.id && limitNames.places[$0] != nil }.map(\.0)
    collector.error(
      "the limit \(quoted(name)) belongs to the account \(quoted(limit.account)), "
        + "not to \(quoted(account.id))",
      at: place,
      expected: own.isEmpty ? "no limit, or one of that account" : "one of \(listed(own))"
    )
  }
}
