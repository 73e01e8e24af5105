extension Schema {
  /// The public views; their columns are documented in docs/database.md and only ever grow.
  ///
  /// Percentiles are nearest ranks with failures above every success, so they are NULL where the rank falls among
  /// the failures.
  static let views = """
    CREATE VIEW runs AS
    SELECT
      run_id, suite, state,
      strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1e9, 'unixepoch') AS started_at,
      strftime('%Y-%m-%dT%H:%M:%fZ', ended_at / 1e9, 'unixepoch') AS ended_at,
      planned,
      \(countOfRun(stale: false)) AS done,
      digest, seed, reason, harness, \(countOfRun(stale: true)) AS stale
    FROM run;

    CREATE VIEW revisions AS
    SELECT
      run.run_id, revision.digest,
      strftime('%Y-%m-%dT%H:%M:%fZ', replaced_at / 1e9, 'unixepoch') AS replaced_at,
      revision.definition
    FROM revision
    JOIN run ON run.id = revision.run;

    CREATE VIEW attempts AS
    SELECT
      run.run_id, attempt.sample_id, \(numberOfAttempt) AS attempt, attempt.target,
      route.account, route.model, result.served_model, result.upstream, attempt.prompt,
      attempt.case_id, attempt.repetition AS repeat, attempt.warmup,
      coalesce(result.status, 'started') AS status, result.failure, result.scope,
      result.http_status, result.finish_reason,
      strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(result.started_at, attempt.booked_at) / 1e9,
        'unixepoch') AS started_at,
      result.queue_ns / 1e6 AS queue_ms, result.sent_ns / 1e6 AS connect_ms,
      result.first_byte_ns / 1e6 AS ttfb_ms, result.first_token_ns / 1e6 AS ttft_ms,
      result.first_answer_ns / 1e6 AS ttfa_ms, result.last_token_ns / 1e6 AS latency_ms,
      result.end_ns / 1e6 AS end_ms, result.chunks, result.prompt_tokens,
      result.completion_tokens, result.reasoning_tokens, result.cached_tokens,
      result.total_tokens, result.cost_usd, result.cost_source, result.cold,
      result.sends > 1 AS resent, result.tainted, result.generation_id, result.replacement,
      result.dns_ns / 1e6 AS dns_ms, result.tcp_ns / 1e6 AS tcp_ms,
      result.tls_ns / 1e6 AS tls_ms, result.resumed, result.http_version, result.events,
      result.reads,
      result.chunks > 1 AND result.last_token_ns - result.first_token_ns < 1000000 AS buffered,
      result.harness_ns / 1e6 AS harness_ms, attempt.stale, attempt.vote, \(maybeSent) AS sent
    FROM run
    JOIN attempt ON attempt.id BETWEEN \(keysOfRun)
    JOIN route ON route.id = attempt.route
    LEFT JOIN result ON result.id = attempt.id;

    CREATE VIEW answers AS
    SELECT
      run.run_id, attempt.sample_id, \(numberOfAttempt) AS attempt, text.answer, text.reasoning,
      text.message, text.evidence
    FROM run
    JOIN text ON text.attempt BETWEEN \(keysOfRun)
    JOIN attempt ON attempt.id = text.attempt;

    CREATE VIEW samples AS
    SELECT
      run.run_id, attempt.sample_id, attempt.target, attempt.prompt, attempt.case_id,
      attempt.repetition AS repeat, closing.outcome,
      (SELECT count(*) FROM result \(triesOfClosing)) AS attempts,
      good.last_token_ns / 1e6 AS latency_ms, good.first_token_ns / 1e6 AS ttft_ms,
      CASE WHEN good.id IS NULL OR good.last_token_ns IS NOT NULL THEN
        (SELECT max(started_at + end_ns) - min(started_at - queue_ns)
          FROM result \(triesOfClosing)) / 1e6
      END AS total_ms,
      closing.score, closing.sample_failure AS failure, closing.reasons
    FROM run
    JOIN result AS closing ON closing.id BETWEEN \(keysOfRun)
    JOIN attempt ON attempt.id = closing.id
    -- The plus keeps SQLite from an index made on the spot, in which every sample would look through all of a run.
    LEFT JOIN result AS good
      ON good.id BETWEEN \(keysOfSample("closing.id")) AND +good.status = 'ok'
    WHERE closing.outcome IS NOT NULL AND NOT attempt.warmup AND NOT attempt.stale;

    CREATE VIEW targets AS
    WITH measured AS (
      SELECT run_id, target, outcome, outcome <> 'error' AS answered, latency_ms, ttft_ms
      FROM samples WHERE outcome <> 'skipped'
    ),
    totals AS (
      SELECT run_id, target, count(*) AS n, sum(answered) AS ok,
        count(*) - sum(answered) AS errors, sum(outcome = 'pass') AS passed,
        sum(outcome = 'fail') AS failed,
        sum(answered AND ttft_ms IS NOT NULL) + count(*) - sum(answered) AS timed
      FROM measured GROUP BY run_id, target
    ),
    latencies AS (
      SELECT run_id, target, latency_ms,
        row_number() OVER (PARTITION BY run_id, target ORDER BY latency_ms) AS place
      FROM measured WHERE answered AND latency_ms IS NOT NULL
    ),
    firsts AS (
      SELECT run_id, target, ttft_ms,
        row_number() OVER (PARTITION BY run_id, target ORDER BY ttft_ms) AS place
      FROM measured WHERE answered AND ttft_ms IS NOT NULL
    ),
    spent AS (
      SELECT run.run_id, attempt.target, sum(tried.total_tokens) AS tokens,
        sum(tried.cost_usd) AS cost_usd,
        sum(tried.status = 'ok' AND tried.total_tokens IS NULL) AS tokens_unknown,
        sum(tried.status = 'ok' AND tried.cost_usd IS NULL) AS cost_unknown
      FROM run
      JOIN result AS closing ON closing.id BETWEEN \(keysOfRun)
        AND closing.outcome IS NOT NULL AND closing.outcome <> 'skipped'
      JOIN attempt ON attempt.id = closing.id AND NOT attempt.warmup AND NOT attempt.stale
      JOIN result AS tried ON tried.id BETWEEN \(keysOfSample("closing.id"))
      GROUP BY run.run_id, attempt.target
    )
    SELECT
      totals.run_id, totals.target, n, ok, errors * 1.0 / n AS error_rate,
      passed * 1.0 / nullif(passed + failed, 0) AS pass_rate,
      (SELECT latency_ms FROM latencies WHERE latencies.run_id = totals.run_id
        AND latencies.target = totals.target AND place = (n + 1) / 2) AS p50_ms,
      (SELECT latency_ms FROM latencies WHERE latencies.run_id = totals.run_id
        AND latencies.target = totals.target AND place = (19 * n + 19) / 20) AS p95_ms,
      (SELECT ttft_ms FROM firsts WHERE firsts.run_id = totals.run_id
        AND firsts.target = totals.target AND place = (timed + 1) / 2) AS ttft_p50_ms,
      (SELECT ttft_ms FROM firsts WHERE firsts.run_id = totals.run_id
        AND firsts.target = totals.target AND place = (19 * timed + 19) / 20) AS ttft_p95_ms,
      iif(tokens_unknown > 0, NULL, tokens) AS tokens,
      iif(cost_unknown > 0, NULL, cost_usd) AS cost_usd
    FROM totals
    LEFT JOIN spent ON spent.run_id = totals.run_id AND spent.target = totals.target;
    """

  /// The number of `attempt` in its sample.
  private static let numberOfAttempt = "attempt.id & \(1 << AttemptKey.numberBits - 1)"

  /// The attempts of a sample that say something about its target.
  private static let triesOfClosing = """
    WHERE result.id BETWEEN \(keysOfSample("closing.id"))
      AND status IN ('ok', 'failed') AND coalesce(scope, '') NOT IN ('account', 'harness')
    """
}
