import GRDB

/// The tables, which are private, and the views, which are promised.
enum Schema {
  /// "tryo" in ASCII: tells our files from other people's databases.
  static let applicationID: Int32 = 0x7472_796F

  /// Counted up with every change of a table or view.
  static let version: Int32 = 1

  /// Makes an empty database ours.
  static func create(_ db: Database) throws {
    try db.execute(sql: tables)
    try db.execute(sql: views)
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  private static let tables = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL UNIQUE,
      suite TEXT NOT NULL,
      definition TEXT NOT NULL,
      digest TEXT NOT NULL,
      seed TEXT NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('running', 'finished', 'paused', 'interrupted', 'crashed')),
      reason TEXT,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      planned INTEGER NOT NULL,
      environment TEXT NOT NULL,
      host TEXT NOT NULL,
      process TEXT NOT NULL,
      harness TEXT,
      -- The process that is asking and the quotas it uses, a line each.
      claim TEXT
    ) STRICT;

    CREATE TABLE sample (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id),
      sample_id TEXT NOT NULL,
      target TEXT NOT NULL,
      prompt TEXT NOT NULL,
      case_id TEXT NOT NULL,
      repetition INTEGER NOT NULL,
      warmup INTEGER NOT NULL CHECK (warmup IN (0, 1)),
      outcome TEXT CHECK (outcome IN ('pass', 'fail', 'error', 'ungraded', 'skipped')),
      score REAL,
      reasons TEXT,
      failure TEXT,
      -- Not in the plan any more, since the run took on another definition.
      stale INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)),
      UNIQUE (run, sample_id)
    ) STRICT;

    -- Definitions that runs had before they were resumed with another one.
    CREATE TABLE revision (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id),
      digest TEXT NOT NULL,
      definition TEXT NOT NULL,
      replaced_at INTEGER NOT NULL
    ) STRICT;

    -- Reads a run's samples in the order of their rows, without sorting.
    CREATE INDEX sample_by_run ON sample (run);

    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY,
      sample INTEGER NOT NULL REFERENCES sample (id),
      number INTEGER NOT NULL,
      account TEXT NOT NULL,
      -- What the account's quota belongs to, whatever suites call it.
      quota_key TEXT NOT NULL,
      limit_id TEXT NOT NULL,
      model TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('started', 'ok', 'failed', 'cancelled')),
      failure TEXT,
      scope TEXT,
      started_at INTEGER NOT NULL,
      queue_ns INTEGER NOT NULL,
      handover_ns INTEGER,
      sent_ns INTEGER,
      headers_ns INTEGER,
      first_byte_ns INTEGER,
      first_token_ns INTEGER,
      first_answer_ns INTEGER,
      last_token_ns INTEGER,
      end_ns INTEGER,
      dns_ns INTEGER,
      tcp_ns INTEGER,
      tls_ns INTEGER,
      resumed INTEGER,
      cold INTEGER NOT NULL DEFAULT 0,
      sends INTEGER NOT NULL DEFAULT 0,
      harness_ns INTEGER,
      tainted INTEGER,
      http_version TEXT,
      http_status INTEGER,
      finish_reason TEXT,
      served_model TEXT,
      upstream TEXT,
      generation_id TEXT,
      replacement TEXT,
      chunks INTEGER NOT NULL DEFAULT 0,
      events INTEGER NOT NULL DEFAULT 0,
      reads INTEGER NOT NULL DEFAULT 0,
      prompt_tokens INTEGER,
      completion_tokens INTEGER,
      reasoning_tokens INTEGER,
      cached_tokens INTEGER,
      total_tokens INTEGER,
      cost_usd REAL,
      cost_source TEXT CHECK (cost_source IN ('api', 'suite', 'catalogue')),
      UNIQUE (sample, number)
    ) STRICT;

    CREATE INDEX attempt_by_quota ON attempt (quota_key, started_at);

    CREATE TABLE text (
      attempt INTEGER PRIMARY KEY REFERENCES attempt (id),
      answer TEXT,
      reasoning TEXT,
      message TEXT,
      evidence TEXT
    ) STRICT;
    """
}
