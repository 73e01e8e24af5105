/// The suites that the tests write, small and quick.
enum Suites {
  /// A script for the simulator with models that answer at once.
  static let quickScript = """
    version: 1
    models:
      quick: { first_token: 5ms, per_token: 1ms }
      dud: { like: quick, wrong: true }
    """

  /// Two simulated models, two cases, `samples` repeats; one model is right and one is wrong.
  static func simulated(
    samples: Int = 3, limit: String = "", run: String = "", gates: String = "answered >= 50%"
  ) -> String {
    """
    version: 1
    suite: tiny
    accounts:
      lab: { provider: simulator, script: quick.yaml }
    limits:
      pool: { account: lab, concurrency: 2\(limit) }
    targets:
      - { id: good, account: lab, model: quick, limit: pool }
      - { id: bad, account: lab, model: dud, limit: pool }
    prompts: ["{{ question }}"]
    cases:
      - { id: peru, vars: { question: What is the capital of Peru?, answer: Lima } }
      - { id: sum, vars: { question: What is 17 + 25?, answer: "42" } }
    checks: [{ id: right, contains: "{{ answer }}" }]
    run: { samples: \(samples), seed: 7\(run) }
    gates: ["\(gates)"]
    """
  }

  /// One model behind any address, asked `samples` times by two or so at once.
  static func remote(
    _ url: String, samples: Int = 1, concurrency: Int = 2, key: String = "none",
    model: String = "m", gates: String = "answered >= 50%"
  ) -> String {
    """
    version: 1
    suite: remote
    accounts:
      there: { provider: openai, base_url: "\(url)", key_env: \(key) }
    limits:
      pool: { account: there, concurrency: \(concurrency) }
    targets:
      - { id: only, account: there, model: "\(model)", limit: pool }
    prompts: [What is the capital of Peru?]
    checks: [not_empty]
    run:
      samples: \(samples)
      retry: { attempts: 1 }
      timeout: { connect: 5s, first_token: 60s, stall: 60s, total: 90s }
    gates: ["\(gates)"]
    """
  }
}

extension ScratchFolder {
  /// A folder with a simulated suite, `suite.yaml`.
  static func simulated(_ suite: String = Suites.simulated()) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(Suites.quickScript, to: "quick.yaml")
    try folder.write(suite, to: "suite.yaml")
    return folder
  }

  /// A folder with a suite for a server, `suite.yaml`.
  static func remote(_ suite: String) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(suite, to: "suite.yaml")
    return folder
  }
}
