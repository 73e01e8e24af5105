import Testing
import TryoutCore
import TryoutSuite

/// The examples of the format's contract, with the values that they must become.
struct ExampleTests {
  private func suite(_ name: String) throws -> Suite {
    try #require(try Golden.read(name).suite)
  }

  private func provider(_ name: String) throws -> Provider {
    try #require(Provider.preset(named: name))
  }

  @Test func hello() throws {
    let expected = Suite(
      name: "hello",
      accounts: [Account(id: "simulator", provider: .simulator)],
      limits: [
        Limit(id: "target:steady", account: "simulator"),
        Limit(id: "target:fast", account: "simulator"),
      ],
      targets: [
        Target(id: "steady", account: "simulator", model: "steady", limit: "target:steady"),
        Target(id: "fast", account: "simulator", model: "fast", limit: "target:fast"),
      ],
      prompts: [
        Prompt(
          id: "prompt-1",
          user: Template("Answer in one word: what is the capital of France?")
        )
      ]
    )
    #expect(try suite("example-hello") == expected)
  }

  @Test func freeDefaults() throws {
    let openrouter = try provider("openrouter")
    func target(_ model: String) -> Target {
      Target(
        id: model,
        account: "openrouter",
        model: model,
        limit: "openrouter-free",
        freeOnly: true
      )
    }
    var run = RunPolicy()
    run.samples = 3
    let expected = Suite(
      name: "free-defaults",
      accounts: [
        Account(
          id: "openrouter",
          provider: openrouter,
          baseURL: "https://openrouter.ai/api/v1",
          keyVariable: "OPENROUTER_API_KEY"
        )
      ],
      limits: [
        Limit(
          id: "openrouter-free",
          account: "openrouter",
          windows: [.init(.requests, 15, per: .minute), .init(.requests, 1000, per: .day)]
        )
      ],
      targets: [target("z-ai/glm-4.5-air:free"), target("openai/gpt-oss-20b:free")],
      prompts: [Prompt(id: "prompt-1", user: Template("{{ question }}"))],
      cases: [
        Case(
          id: "capital",
          variables: ["id": "capital", "question": "What is the capital of France?"]
        ),
        Case(id: "sum", variables: ["id": "sum", "question": "What is \"two\" plus\ntwo?"]),
      ],
      run: run,
      gates: [
        Gate(id: "answered >= 95%", metric: .answered, .atLeast, 0.95, text: "95%"),
        Gate(id: "latency.p95 <= 8s", metric: .clock(.latency, .p95), .atMost, 8, text: "8s"),
        Gate(id: "usd == 0", metric: .usd, .equal, 0, text: "0"),
      ]
    )
    #expect(try suite("example-free") == expected)
  }

  @Test func fullTargets() throws {
    let suite = try suite("example-full")
    #expect(suite.name == "ticket-triage")
    #expect(suite.description == "Which free model may triage tickets?")
    #expect(
      suite.accounts == [
        Account(
          id: "or",
          provider: try provider("openrouter"),
          baseURL: "https://openrouter.ai/api/v1",
          keyVariable: "OPENROUTER_API_KEY"
        ),
        Account(
          id: "gpu",
          provider: try provider("openai"),
          baseURL: "http://127.0.0.1:8000/v1"
        ),
      ]
    )
    #expect(
      suite.limits == [
        Limit(
          id: "or-free",
          account: "or",
          windows: [.init(.requests, 15, per: .minute), .init(.requests, 1000, per: .day)],
          concurrency: 4
        ),
        Limit(
          id: "or-paid",
          account: "or",
          windows: [.init(.tokens, 200_000, per: .minute)],
          concurrency: 8
        ),
      ]
    )
    #expect(
      suite.targets == [
        Target(
          id: "llama",
          account: "or",
          model: "meta-llama/llama-3.3-70b-instruct:free",
          limit: "or-free",
          freeOnly: true,
          parameters: ["temperature": 0.2, "max_tokens": 400, "seed": 7]
        ),
        Target(
          id: "mini",
          account: "or",
          model: "openai/gpt-4o-mini",
          limit: "or-paid",
          parameters: ["temperature": 0, "max_tokens": 400, "seed": 7],
          route: ["only": ["openai"], "allow_fallbacks": false],
          price: Price(input: 0.15 / 1e6, output: 0.60 / 1e6)
        ),
      ]
    )
  }

  @Test func fullMatrix() throws {
    let suite = try suite("example-full")
    let user = "Ticket: {{ ticket }}\nKeys: team (billing|tech|other), urgency (1-5).\n"
    let system = "You triage support tickets. Answer with one JSON object and nothing else."
    #expect(
      suite.prompts == [
        Prompt(id: "terse", system: Template(system), user: Template(user)),
        Prompt(
          id: "guided",
          user: Template(literal: "Read the ticket twice. {{ this stays }}\n")
        ),
      ]
    )
    #expect(suite.exclusions == [Exclusion(target: "mini", prompt: "guided")])
    let checks = [
      Check(id: "stop", .finish(["stop"])),
      Check(id: "shape", .jsonSchema(#"{"type":"object","required":["team"]}"#)),
      Check(id: "length", .maxChars(300), severity: .score, weight: 0.5),
      Check(id: "tone", .judge("polite", atLeast: 0.7), severity: .score, weight: 2),
    ]
    let path = try #require(JSONPath("$.team"))
    let team = Check(id: "team", .jsonPath(path, .equals(.template(Template("billing")))))
    let subject = #"{"lines":[1,2.5,null],"subject":"Invoice"}"#
    #expect(
      suite.cases == [
        Case(
          id: "double-charge",
          tags: ["billing"],
          variables: ["ticket": "I was charged twice for order 1881."],
          checks: checks + [team]
        ),
        Case(
          id: "t-1",
          tags: ["bulk"],
          variables: ["ticket_id": "t-1", "ticket": "The app does not start."],
          checks: checks
        ),
        Case(
          id: "2",
          tags: ["bulk"],
          variables: ["ticket_id": "2", "ticket": subject],
          checks: checks
        ),
      ]
    )
    #expect(
      suite.judges == [
        Judge(
          id: "polite",
          target: "mini",
          rubric: "Polite and free of blame.",
          votes: 3,
          neverJudge: ["mini"]
        )
      ]
    )
  }

  @Test func fullRun() throws {
    let suite = try suite("example-full")
    var run = RunPolicy()
    run.samples = 5
    run.warmup = 1
    run.seed = 42
    run.budget.usd = 1
    run.budget.requests = 600
    run.budget.wall = .seconds(7200)
    // Everything else that the example writes is the default.
    #expect(suite.run == run)
    #expect(
      suite.gates == [
        Gate(id: "up", metric: .answered, .atLeast, 0.95, text: "0.95", bound: .lower95),
        Gate(id: "quality", metric: .passRate, .atLeast, 0.8, text: "0.80", bound: .lower95),
        Gate(
          id: "billing",
          metric: .passRate,
          .atLeast,
          0.9,
          text: "0.90",
          filter: .init(tag: "billing")
        ),
        Gate(id: "p95", metric: .clock(.latency, .p95), .atMost, 8, text: "8s"),
        Gate(
          id: "first",
          metric: .clock(.ttft, .p95),
          .atMost,
          2,
          text: "2s",
          severity: .warn
        ),
        Gate(id: "price", metric: .usd, .atMost, 0, text: "0"),
        Gate(
          id: "regress",
          metric: .paired(.latency),
          .atMost,
          1.1,
          text: "1.10x",
          against: "baseline",
          paired: true
        ),
      ]
    )
    #expect(
      suite.recommendation
        == RecommendationRule(
          eligible: ["up", "quality", "p95"],
          rankBy: [.passRate, .clock(.latency, .p95), .usd],
          fallbackLength: 3,
          differIn: [.upstream, .family]
        )
    )
    #expect(suite.reportFormats == ["markdown", "csv", "html", "json", "junit"])
  }
}
