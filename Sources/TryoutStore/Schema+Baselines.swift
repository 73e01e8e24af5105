extension Schema {
  /// What people and runs say about runs: names, acceptances, regressions found, and which run measured another's
  /// suspects again.
  static let baselineTables = """
    CREATE TABLE baseline_name (
      name TEXT PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id),
      reason TEXT NOT NULL,
      named_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE acceptance (
      run INTEGER PRIMARY KEY REFERENCES run (id),
      reason TEXT NOT NULL,
      accepted_at INTEGER NOT NULL
    ) STRICT;

    -- Gates against a baseline that failed when the run ended: it is in no later baseline of these targets.
    CREATE TABLE regression (
      run INTEGER NOT NULL REFERENCES run (id),
      gate TEXT NOT NULL,
      target TEXT NOT NULL,
      PRIMARY KEY (run, gate, target)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE confirmation (
      run INTEGER PRIMARY KEY REFERENCES run (id),
      confirms INTEGER NOT NULL REFERENCES run (id)
    ) STRICT;
    """

  static let baselineViews = """
    CREATE VIEW baselines AS
    SELECT 'named' AS kind, name, run_id, suite, baseline_name.reason,
      strftime('%Y-%m-%dT%H:%M:%fZ', named_at / 1e9, 'unixepoch') AS created_at
    FROM baseline_name JOIN run ON run.id = baseline_name.run
    UNION ALL
    SELECT 'accepted', NULL, run_id, suite, acceptance.reason,
      strftime('%Y-%m-%dT%H:%M:%fZ', accepted_at / 1e9, 'unixepoch')
    FROM acceptance JOIN run ON run.id = acceptance.run;
    """
}
