extension Script {
  /// A provider like OpenRouter with its free models and their ways: limits, privacy, gate, three shapes of usage,
  /// keep-alives, and two nights in which models go, end, are renamed, get a price, shrink and come.
  package static func openRouter() throws(ScriptError) -> Script {
    var script = try Script(yaml: openRouterText)
    script.personas = script.personas.filter { $0.key.contains("/") }
    script.nights = script.nights.map { night in night.filter { $0.key.contains("/") } }
    return script
  }

  /// Written as scripts are, so that it can serve as an example of one.
  package static let openRouterText = """
    version: 1
    quotas:
      - requests: 20/min
      - requests: 50/day
    models:
      acme/large:
        cost_per_token: 0.0000002
        usage: always
        listing:
          { slug: acme/large-20260105, created: 2026-01-05, context: 131072, max_completion: 8192,
            parameters: [max_tokens, seed, temperature, tools] }
      acme/large:free: { like: acme/large, cost_per_token: 0 }
      acme/small:free:
        like: fast
        usage: always
        usage_chunk: null_finish
        listing: { created: 2026-03-02, context: 32768, parameters: [max_tokens, seed, temperature] }
      nova/mini: { like: acme/small:free, cost_per_token: 0.00000005, listing: { slug: nova/mini-20260601 } }
      nova/mini:free: { like: nova/mini, cost_per_token: 0 }
      zeta/thinker:free:
        like: thinker
        usage: always
        usage_chunk: repeated_finish
        comments: 12
        listing:
          { created: 2026-06-10, context: 262144, parameters: [max_tokens, reasoning, temperature],
            reasoning: mandatory }
      zeta/burst:free: { like: burst, usage: always, padding: 20, listing: { created: 2026-07-01, context: 65536 } }
      omni/private:free: { like: acme/small:free, blocked: true }
      omni/gated:free: { like: acme/small:free, gated: true }
      kappa/pool:free:
        like: acme/small:free
        faults: [{ kind: rate_limit, probability: 0.6, retry_after: 30s }]
      kappa/breaks:free:
        like: acme/small:free
        faults: [{ kind: length_error, probability: 0.5 }]
    nights:
      - gone: [acme/large:free]
        ended: [nova/mini:free]
      - gone: [kappa/pool:free]
        models:
          zeta/burst:free: { cost_per_token: 0.0000001 }
          acme/small:free:
            listing: { context: 16384, expires: 2026-12-31, parameters: [max_tokens, temperature] }
          nova/next:free:
            like: nova/mini
            cost_per_token: 0
            listing: { slug: nova/next-20261101, created: 2026-11-01 }
          omni/private:free: { blocked: false }

    """
}
