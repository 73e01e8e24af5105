import GRDB

/// The tables, which are private, and the views, which are promised.
enum Schema {
  /// "tryo" in ASCII: tells our files from other people's databases.
  static let applicationID: Int32 = 0x7472_796F

  /// What turned each released version into the next one; see `Migration`.
  static let migrations: [String] = []

  /// Counted up with every change of a table or view.
  static var version: Int { migrations.count + 1 }

  /// The keys of the attempts and results of `run`, as the operands of BETWEEN.
  static let keysOfRun: String = {
    let bits = AttemptKey.numberBits + AttemptKey.sampleBits
    return "run.id << \(bits) AND (run.id + 1 << \(bits)) - 1"
  }()

  /// What `Attempt.init` reads, of `attempt`, its `route` and its `result`.
  static let columnsOfAttempt = """
    attempt.*, route.account, route.quota_key, route.limit_id, route.model,
    coalesce(result.status, 'started') AS status,
    coalesce(result.started_at, attempt.booked_at) AS started_at, result.*
    """

  /// Whether a row of `attempt` with its `result` may have reached a provider: what died with its process may have.
  static let maybeSent = "(route IS NOT NULL AND (failure IS NULL OR sends IS NOT 0))"

  /// The keys of one sample, given one of them.
  static func keysOfSample(_ key: String) -> String {
    "\(key) & -\(1 << AttemptKey.numberBits) AND \(key) | \(1 << AttemptKey.numberBits - 1)"
  }

  /// How many samples of `run` have ended, stale ones left out or alone.
  static func countOfRun(stale: Bool) -> String {
    """
    (SELECT count(*) FROM result JOIN attempt USING (id)
      WHERE result.id BETWEEN \(keysOfRun) AND outcome IS NOT NULL AND NOT warmup
        AND stale = \(stale ? 1 : 0))
    """
  }

  /// Makes an empty database ours.
  static func create(_ db: Database) throws {
    for topic in [tables, opinions, grades, baselineTables, catalogueTables] {
      try db.execute(sql: topic)
    }
    try createViews(db)
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Makes the views as they are today, whatever they were.
  static func renewViews(_ db: Database) throws {
    let names = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'")
    for name in names { try db.execute(sql: "DROP VIEW \(name.quotedDatabaseIdentifier)") }
    try createViews(db)
  }

  private static func createViews(_ db: Database) throws {
    for topic in [views, baselineViews, catalogueViews] { try db.execute(sql: topic) }
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

    -- Definitions that runs had before they were resumed with another one.
    CREATE TABLE revision (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (id),
      digest TEXT NOT NULL,
      definition TEXT NOT NULL,
      replaced_at INTEGER NOT NULL
    ) STRICT;

    -- Whose quota was spent on which model: the same few again and again.
    CREATE TABLE route (
      id INTEGER PRIMARY KEY,
      account TEXT NOT NULL,
      -- What the account's quota belongs to, whatever suites call it.
      quota_key TEXT NOT NULL,
      limit_id TEXT NOT NULL,
      model TEXT NOT NULL,
      UNIQUE (quota_key, account, limit_id, model)
    ) STRICT;

    -- Written at dispatch. The id is an AttemptKey: it holds run, sample and number, so that it orders and joins without
    -- an index. Number 0 is no attempt: it stands for a sample that ended without one.
    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY,
      route INTEGER REFERENCES route (id),
      sample_id TEXT NOT NULL,
      target TEXT NOT NULL,
      prompt TEXT NOT NULL,
      case_id TEXT NOT NULL,
      repetition INTEGER NOT NULL,
      -- Stored and never counted: warm-ups, and votes too.
      warmup INTEGER NOT NULL,
      -- A judge's vote about another sample.
      vote INTEGER NOT NULL DEFAULT 0,
      -- Its sample is not in the plan any more, since the run took on another definition.
      stale INTEGER NOT NULL DEFAULT 0,
      booked_at INTEGER
    ) STRICT;

    CREATE INDEX attempt_by_route ON attempt (route, booked_at);

    -- Written at the end, with the outcome where the sample ended too. No CHECK here says IN with a list: SQLite would
    -- build a table of the list for every row, which takes longer than all the rest.
    CREATE TABLE result (
      id INTEGER PRIMARY KEY REFERENCES attempt (id),
      status TEXT CHECK (status = 'ok' OR status = 'failed' OR status = 'cancelled'),
      failure TEXT,
      scope TEXT,
      started_at INTEGER,
      queue_ns INTEGER,
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
      cold INTEGER,
      sends INTEGER,
      http_version TEXT,
      http_status INTEGER,
      finish_reason TEXT,
      served_model TEXT,
      upstream TEXT,
      generation_id TEXT,
      replacement TEXT,
      chunks INTEGER,
      events INTEGER,
      reads INTEGER,
      harness_ns INTEGER,
      tainted INTEGER,
      prompt_tokens INTEGER,
      completion_tokens INTEGER,
      reasoning_tokens INTEGER,
      cached_tokens INTEGER,
      total_tokens INTEGER,
      cost_usd REAL,
      cost_source TEXT,
      outcome TEXT,
      score REAL,
      reasons TEXT,
      sample_failure TEXT
    ) STRICT;

    CREATE TABLE text (
      attempt INTEGER PRIMARY KEY REFERENCES attempt (id),
      answer TEXT,
      reasoning TEXT,
      message TEXT,
      evidence TEXT
    ) STRICT;
    """
}
