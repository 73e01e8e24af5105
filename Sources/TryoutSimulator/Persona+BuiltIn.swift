extension Persona {
  /// The personas every simulator has; a script may change them and add others.
  package static let builtIn: [String: Persona] = [
    "steady": Persona(),
    "fast": Persona(firstToken: 45, perToken: 3),
    "slow": Persona(firstToken: 450, perToken: 20),
    "flaky": flaky,
    "thinker": thinker,
    "burst": burst,
    "wrong": wrong,
  ]

  private static var flaky: Persona {
    var persona = Persona(firstToken: 120, perToken: 8)
    persona.faults = [
      Fault(.rateLimit, probability: 0.08),
      Fault(.serverError, probability: 0.05),
      Fault(.overloaded, probability: 0.04),
      Fault(.cutStream, probability: 0.08),
    ]
    return persona
  }

  private static var thinker: Persona {
    var persona = Persona(firstToken: 250, perToken: 8)
    persona.reasoningTokens = 30
    return persona
  }

  private static var burst: Persona {
    var persona = Persona(firstToken: 120, perToken: 8)
    persona.burst = true
    return persona
  }

  private static var wrong: Persona {
    var persona = Persona(firstToken: 60, perToken: 4)
    persona.wrong = true
    return persona
  }

  /// Milliseconds, with the jitter that all built-in personas share.
  private init(firstToken: Int, perToken: Int) {
    self.firstToken = Latency(median: .milliseconds(firstToken), sigma: 0.3)
    self.perToken = Latency(median: .milliseconds(perToken), sigma: 0.2)
  }
}
