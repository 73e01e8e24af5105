extension Schema {
  /// What providers listed, night by night; a listing that does not change is kept once.
  static let catalogueTables = """
    CREATE TABLE catalogue (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      taken_at INTEGER NOT NULL,
      -- The name of the key that was asked for, never the key, or NULL: then what is usable is unknown.
      key_name TEXT,
      previous INTEGER REFERENCES catalogue (id),
      -- The catalogue whose listings these are too: its own, or an earlier one that was the same.
      contents INTEGER NOT NULL
    ) STRICT;

    CREATE INDEX catalogue_by_source ON catalogue (source, taken_at);

    CREATE TABLE listing (
      id INTEGER PRIMARY KEY,
      -- All of it as JSON; the columns are what the view shows. Views may not use SQLite's functions of JSON.
      definition TEXT NOT NULL UNIQUE,
      model TEXT NOT NULL,
      canonical_slug TEXT,
      name TEXT,
      free INTEGER NOT NULL,
      prompt_usd TEXT,
      completion_usd TEXT,
      request_usd TEXT,
      context_length INTEGER,
      max_completion_tokens INTEGER,
      parameters TEXT,
      reasoning TEXT,
      expires TEXT,
      created TEXT
    ) STRICT;

    CREATE INDEX listing_by_model ON listing (model);

    CREATE TABLE catalogue_listing (
      catalogue INTEGER NOT NULL REFERENCES catalogue (id),
      listing INTEGER NOT NULL REFERENCES listing (id),
      usable INTEGER,
      PRIMARY KEY (catalogue, listing)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE catalogue_change (
      catalogue INTEGER NOT NULL REFERENCES catalogue (id),
      model TEXT NOT NULL,
      change TEXT NOT NULL,
      before TEXT,
      after TEXT
    ) STRICT;

    CREATE INDEX catalogue_change_by_catalogue ON catalogue_change (catalogue);

    -- What providers said about keys before and after runs.
    CREATE TABLE key_reading (
      id INTEGER PRIMARY KEY,
      run INTEGER REFERENCES run (id),
      moment TEXT NOT NULL CHECK (moment = 'before' OR moment = 'after'),
      account TEXT NOT NULL,
      quota_key TEXT NOT NULL,
      taken_at INTEGER NOT NULL,
      reading TEXT NOT NULL,
      free_used INTEGER,
      free_limit INTEGER,
      free_remaining INTEGER,
      free_tier INTEGER,
      usage_usd TEXT,
      limit_usd TEXT,
      limit_remaining_usd TEXT
    ) STRICT;

    CREATE INDEX key_reading_by_quota ON key_reading (quota_key, taken_at);
    """

  static let catalogueViews = """
    CREATE VIEW catalogues AS
    SELECT
      catalogue.id AS catalogue_id, source,
      strftime('%Y-%m-%dT%H:%M:%fZ', taken_at / 1e9, 'unixepoch') AS taken_at,
      (SELECT count(*) FROM catalogue_listing WHERE catalogue = contents) AS models,
      (SELECT count(*) FROM catalogue_listing JOIN listing ON listing.id = listing
        WHERE catalogue = contents AND listing.free) AS free,
      (SELECT sum(usable) FROM catalogue_listing WHERE catalogue = contents) AS usable,
      (SELECT count(*) FROM catalogue_change WHERE catalogue = catalogue.id) AS changes,
      previous AS previous_id
    FROM catalogue;

    CREATE VIEW catalogue_models AS
    SELECT
      catalogue.id AS catalogue_id, source,
      strftime('%Y-%m-%dT%H:%M:%fZ', taken_at / 1e9, 'unixepoch') AS taken_at,
      model, canonical_slug, name, free, usable, prompt_usd, completion_usd, request_usd,
      context_length, max_completion_tokens, parameters, reasoning, expires, created
    FROM catalogue
    JOIN catalogue_listing ON catalogue_listing.catalogue = catalogue.contents
    JOIN listing ON listing.id = catalogue_listing.listing;

    CREATE VIEW catalogue_changes AS
    SELECT
      catalogue.id AS catalogue_id, catalogue.source,
      strftime('%Y-%m-%dT%H:%M:%fZ', earlier.taken_at / 1e9, 'unixepoch') AS since,
      strftime('%Y-%m-%dT%H:%M:%fZ', catalogue.taken_at / 1e9, 'unixepoch') AS taken_at,
      catalogue_change.model, catalogue_change.change, catalogue_change.before,
      catalogue_change.after
    FROM catalogue
    JOIN catalogue AS earlier ON earlier.id = catalogue.previous
    JOIN catalogue_change ON catalogue_change.catalogue = catalogue.id;

    CREATE VIEW quotas AS
    SELECT
      run.run_id, key_reading.account, key_reading.moment,
      strftime('%Y-%m-%dT%H:%M:%fZ', taken_at / 1e9, 'unixepoch') AS taken_at,
      free_used, free_limit, free_remaining, free_tier, usage_usd, limit_usd, limit_remaining_usd
    FROM key_reading
    LEFT JOIN run ON run.id = key_reading.run;
    """
}
