import GRDB

extension Store {
  /// Another run, of a process of this machine that is at work.
  package struct Claimant: Sendable, Equatable {
    package var run: String
    /// The process's number.
    package var process: String
    /// Which of the wanted quotas it uses.
    package var quota: String
  }

  /// Takes quotas for a run, all or none: nil where it has them now, else who uses one of them.
  ///
  /// A claim ends with its run, and with its process. Looking and taking are one transaction, so that of two processes
  /// one has it.
  package func claim(_ quotas: some Collection<String>, for run: String) throws(StoreError)
    -> Claimant?
  {
    let wanted = Set(quotas)
    do {
      var claimant: Claimant?
      try queue.inTransaction(.immediate) { db in
        claimant = try Store.claimant(of: wanted, besides: run, db)
        guard claimant == nil else { return .rollback }
        try db.execute(
          sql: "UPDATE run SET claim = ? WHERE run_id = ?",
          arguments: [([Host.process] + wanted.sorted()).joined(separator: "\n"), run])
        return .commit
      }
      return claimant
    } catch {
      throw StoreError.from(error, path: path)
    }
  }

  private static func claimant(
    of wanted: Set<String>, besides run: String, _ db: Database
  ) throws -> Claimant? {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT run_id, process, claim FROM run
        WHERE state = 'running' AND host = ? AND run_id <> ? AND claim IS NOT NULL ORDER BY id
        """, arguments: [Host.name, run])
    for row in rows {
      let lines = (row["claim"] as String).split(separator: "\n").map(String.init)
      // What an earlier process of that run had claimed went with it.
      guard let process = lines.first, process == row["process"], Host.isAlive(process) else {
        continue
      }
      if let quota = lines.dropFirst().first(where: wanted.contains) {
        return Claimant(
          run: row["run_id"], process: String(process.prefix { $0 != ":" }), quota: quota)
      }
    }
    return nil
  }
}
