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
      (SELECT count(*) FROM sample
        WHERE sample.run = run.id AND NOT warmup AND NOT stale AND outcome IS NOT NULL) AS done,
      digest, seed, reason, harness,
      (SELECT count(*) FROM sample
        WHERE sample.run = run.id AND NOT warmup AND stale AND outcome IS NOT NULL) AS stale
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
      run.run_id, sample.sample_id, attempt.number AS attempt, sample.target, attempt.account,
      attempt.model, attempt.served_model, attempt.upstream, sample.prompt, sample.case_id,
      sample.repetition AS repeat, sample.warmup, attempt.status, attempt.failure, attempt.scope,
      attempt.http_status, attempt.finish_reason,
      strftime('%Y-%m-%dT%H:%M:%fZ', attempt.started_at / 1e9, 'unixepoch') AS started_at,
      attempt.queue_ns / 1e6 AS queue_ms, attempt.sent_ns / 1e6 AS connect_ms,
      attempt.first_byte_ns / 1e6 AS ttfb_ms, attempt.first_token_ns / 1e6 AS ttft_ms,
      attempt.first_answer_ns / 1e6 AS ttfa_ms, attempt.last_token_ns / 1e6 AS latency_ms,
      attempt.end_ns / 1e6 AS end_ms, attempt.chunks, attempt.prompt_tokens,
      attempt.completion_tokens, attempt.reasoning_tokens, attempt.cached_tokens,
      attempt.total_tokens, attempt.cost_usd, attempt.cost_source, attempt.cold,
      attempt.sends > 1 AS resent, attempt.tainted, attempt.generation_id, attempt.replacement,
      attempt.dns_ns / 1e6 AS dns_ms, attempt.tcp_ns / 1e6 AS tcp_ms,
      attempt.tls_ns / 1e6 AS tls_ms, attempt.resumed, attempt.http_version, attempt.events,
      attempt.reads,
      attempt.chunks > 1 AND attempt.last_token_ns - attempt.first_token_ns < 1000000 AS buffered,
      attempt.harness_ns / 1e6 AS harness_ms, sample.stale
    FROM attempt
    JOIN sample ON sample.id = attempt.sample
    JOIN run ON run.id = sample.run;

    CREATE VIEW answers AS
    SELECT
      run.run_id, sample.sample_id, attempt.number AS attempt, text.answer, text.reasoning,
      text.message, text.evidence
    FROM text
    JOIN attempt ON attempt.id = text.attempt
    JOIN sample ON sample.id = attempt.sample
    JOIN run ON run.id = sample.run;

    CREATE VIEW samples AS
    SELECT
      run.run_id, sample.sample_id, sample.target, sample.prompt, sample.case_id,
      sample.repetition AS repeat, sample.outcome, coalesce(tries.attempts, 0) AS attempts,
      good.last_token_ns / 1e6 AS latency_ms, good.first_token_ns / 1e6 AS ttft_ms,
      tries.total_ns / 1e6 AS total_ms, sample.score, sample.failure, sample.reasons
    FROM sample
    JOIN run ON run.id = sample.run
    LEFT JOIN (
      SELECT sample, count(*) AS attempts,
        max(started_at + end_ns) - min(started_at - queue_ns) AS total_ns
      FROM attempt
      WHERE status IN ('ok', 'failed') AND coalesce(scope, '') NOT IN ('account', 'harness')
      GROUP BY sample
    ) AS tries ON tries.sample = sample.id
    LEFT JOIN attempt AS good ON good.sample = sample.id AND good.status = 'ok'
    WHERE sample.outcome IS NOT NULL AND NOT sample.warmup AND NOT sample.stale;

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
      SELECT run.run_id, sample.target, sum(attempt.total_tokens) AS tokens,
        sum(attempt.cost_usd) AS cost_usd,
        sum(attempt.status = 'ok' AND attempt.total_tokens IS NULL) AS tokens_unknown,
        sum(attempt.status = 'ok' AND attempt.cost_usd IS NULL) AS cost_unknown
      FROM attempt
      JOIN sample ON sample.id = attempt.sample AND NOT sample.warmup AND NOT sample.stale
        AND sample.outcome IS NOT NULL AND sample.outcome <> 'skipped'
      JOIN run ON run.id = sample.run
      GROUP BY run.run_id, sample.target
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
}
