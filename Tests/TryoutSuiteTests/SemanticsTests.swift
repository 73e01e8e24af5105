import Testing
import TryoutCore
import TryoutSuite

/// What the shorthands and defaults of single sections come to.
struct SemanticsTests {
  private func suite(_ sections: String, targets: String = "[simulator:steady]") throws -> Suite {
    let text = """
      version: 1
      suite: part
      targets: \(targets)
      prompts: [Hello]
      \(sections)
      """
    let result = SuiteReader.read(text: text, file: "part.yaml", folder: Golden.path)
    let messages = result.diagnostics.map(\.description).joined(separator: "\n")
    return try #require(result.suite, "\(messages)")
  }

  private func test(_ check: String) throws -> Check.Test {
    let judges = "judges: { polite: { target: steady, rubric: Polite. } }"
    let vars = "cases: [{ vars: { answer: x } }]"
    let suite = try suite("checks: [\(check)]\n\(judges)\n\(vars)")
    return try #require(suite.cases.first?.checks.first?.test)
  }

  @Test(arguments: Provider.presets.map(\.name))
  func everyPresetCanBeRun(name: String) throws {
    let targets = name == "simulator" ? "[simulator:steady]" : "[\(name):model]"
    let isYourOwn = name != "simulator" && Provider.preset(named: name)?.baseURL == nil
    guard isYourOwn else { return #expect(try suite("", targets: targets).targets.count == 1) }
    let account = "accounts: { own: { provider: \(name), base_url: \"https://me.example/v1\" } }"
    #expect(try suite(account, targets: "[own:model]").targets.count == 1)
  }

  @Test func adaptiveRunsHaveAMaximum() throws {
    let rule = "recommend: { rank_by: [latency] }"
    let targets = "[simulator:steady, simulator:fast, simulator:slow]"
    let written = try suite("run: { samples: { adaptive: 12 } }\n\(rule)", targets: targets).run
    #expect(written.adaptive && written.samples == 12)
    let bought = try suite(
      "run: { samples: adaptive, budget: { requests: 100 } }\n\(rule)", targets: targets)
    #expect(bought.run.adaptive && bought.run.samples == 33)
    let warmed = try suite(
      "run: { samples: adaptive, warmup: 1, budget: { requests: 100 } }\n\(rule)", targets: targets)
    #expect(warmed.run.samples == 32)
    let exact = try suite(
      "run: { samples: adaptive, warmup: 1, budget: { requests: 6 } }\n\(rule)", targets: targets)
    #expect(exact.run.samples == 1)
    #expect(try !suite("run: { samples: 12 }").run.adaptive)
  }

  @Test func parametersAreThoseOfTheProvider() throws {
    let params = "defaults: { params: { max_tokens: 9, seed: 7, temperature: 0 } }"
    let suite = try suite(params, targets: "[mistral:m, gemini:g, openai-responses:r, ollama:o]")
    #expect(
      suite.targets.map(\.parameters) == [
        ["max_tokens": 9, "random_seed": 7, "temperature": 0], ["max_tokens": 9, "temperature": 0],
        ["max_output_tokens": 9, "temperature": 0], ["max_tokens": 9, "seed": 7, "temperature": 0],
      ])
  }

  @Test func everyTest() throws {
    let path = try #require(JSONPath("$.a[0]"))
    let table: [(String, Check.Test)] = [
      ("json", .json), ("not_empty", .notEmpty), ("not_refusal", .notRefusal),
      ("{ json: true }", .json),
      ("{ equals: 010 }", .equals(Template("010"))),
      ("{ one_of: [yes, 1:30] }", .oneOf([Template("yes"), Template("1:30")])),
      ("{ contains: \"{{ answer }}\" }", .contains([Template("{{ answer }}")])),
      ("{ contains: [a, b] }", .contains([Template("a"), Template("b")])),
      ("{ not_contains: a }", .notContains([Template("a")])),
      ("{ starts_with: a }", .startsWith(Template("a"))),
      ("{ ends_with: a }", .endsWith(Template("a"))),
      ("{ regex: '^\\d+$' }", .regex("^\\d+$")), ("{ not_regex: a }", .notRegex("a")),
      (
        "{ json_schema: schemas/triage.json }",
        .jsonSchema(#"{"type":"object","required":["team"]}"#)
      ),
      ("{ json_schema: { type: object } }", .jsonSchema(#"{"type":"object"}"#)),
      ("{ json_path: '$.a[0]' }", .jsonPath(path, .exists)),
      ("{ json_path: '$.a[0]', equals: 5 }", .jsonPath(path, .equals(.value(5)))),
      ("{ json_path: '$.a[0]', equals: '5' }", .jsonPath(path, .equals(.template(Template("5"))))),
      (
        "{ json_path: '$.a[0]', one_of: [true, yes, null, 1.5] }",
        .jsonPath(
          path,
          .oneOf([.value(true), .template(Template("yes")), .value(.null), .value(1.5)])
        )
      ),
      ("{ max_chars: 3 }", .maxChars(3)), ("{ min_chars: 3 }", .minChars(3)),
      ("{ max_words: 3 }", .maxWords(3)),
      ("{ finish: stop }", .finish(["stop"])),
      ("{ finish: [stop, length] }", .finish(["stop", "length"])),
      ("{ number: 42 }", .number(Template("42"), tolerance: 0)),
      (
        "{ number: \"{{ answer }}\", tolerance: 0.5 }",
        .number(Template("{{ answer }}"), tolerance: 0.5)
      ),
      ("{ judge: polite, at_least: 70% }", .judge("polite", atLeast: 0.7)),
      ("{ command: [jq, -e, .a] }", .command(["jq", "-e", ".a"])),
      (
        "{ all: [json, { any: [{ max_words: 1 }, { not: { contains: a } }] }] }",
        .all([.json, .any([.maxWords(1), .not(.contains([Template("a")]))])])
      ),
    ]
    for (text, expected) in table { #expect(try test(text) == expected, "\(text)") }
  }

  @Test func checkIDs() throws {
    let suite = try suite(
      """
      checks: [json, { contains: a }, { id: contains-2, contains: b }, { contains: c }]
      cases: [{ checks: [{ contains: d }, not_empty] }, { id: other }]
      """
    )
    #expect(
      suite.cases.map { $0.checks.map(\.id) } == [
        ["json", "contains", "contains-2", "contains-3", "contains-4", "not_empty"],
        ["json", "contains", "contains-2", "contains-3"],
      ]
    )
    #expect(suite.cases.map(\.id) == ["case-1", "other"])
  }

  @Test func casesFromFilesAndInline() throws {
    let suite = try suite(
      """
      cases:
        - { from: cases/fine.csv, tags: [bulk], checks: [{ equals: "{{ answer }}" }] }
        - { vars: { on: yes, time: 1:30, list: [1, x] }, checks: [{ equals: "{{ on }}" }] }
        - { from: cases/fine.csv, id_field: question }
      checks: [not_empty]
      """
    )
    #expect(suite.cases.map(\.id) == ["a", "b", "case-3", "One?", "Two?"])
    #expect(suite.cases[2].variables == ["on": "yes", "time": "1:30", "list": #"[1,"x"]"#])
    #expect(suite.cases[0].tags == ["bulk"])
    #expect(suite.cases[0].checks.map(\.id) == ["not_empty", "equals"])
  }

  @Test func parametersFollowTheCoreRules() throws {
    let suite = try suite(
      "checks: [json]\ndefaults: { stream: false, params: { seed: 1, stop: [a] } }",
      targets: """
        [{ provider: openai, model: m, stream: true,
           params: { seed: 010, a: 0x1F, b: 1e3, c: yes, d: "1", e: ~, f: True, g: { h: [-1.5] } } },
         "openai:n"]
        """
    )
    #expect(
      suite.targets[0].parameters == [
        "seed": 10, "stop": ["a"], "a": 31, "b": .number(1000), "c": "yes", "d": "1", "e": .null,
        "f": true, "g": ["h": [-1.5]],
      ]
    )
    #expect(suite.targets.map(\.stream) == [true, false])
  }

  @Test func accountsOfTargets() throws {
    let suite = try suite(
      """
      accounts:
        openai: { provider: vllm, base_url: "http://[::1]:9000/v1//" }
        lab: { provider: openai, base_url: "https://lab.example.com", key_env: none }
      """,
      targets: "[\"openai:a:b\", lab:c, groq:d, { account: lab, model: e, id: f }]"
    )
    #expect(suite.accounts.map(\.id) == ["openai", "lab", "groq"])
    #expect(
      suite.accounts.map(\.baseURL) == [
        "http://[::1]:9000/v1", "https://lab.example.com", "https://api.groq.com/openai/v1",
      ]
    )
    #expect(suite.accounts.map(\.keyVariable) == [nil, nil, "GROQ_API_KEY"])
    #expect(suite.targets.map(\.id) == ["a:b", "c", "d", "f"])
    #expect(suite.targets.map(\.account) == ["openai", "lab", "groq", "lab"])
  }

  @Test func implicitLimits() throws {
    let suite = try suite(
      """
      limits: { shared: { account: openrouter, requests: 5/s, tokens: [1k/min, 1M/day] } }
      """,
      targets: """
        ["openrouter:a:free", { account: openrouter, model: b, free_only: true },
         openrouter:c, { account: openrouter, model: d, limit: shared },
         { account: openrouter, model: "e:free", free_only: false }]
        """
    )
    #expect(
      suite.targets.map(\.limit) == [
        "openrouter-free", "openrouter-free", "target:c", "shared", "target:e:free",
      ]
    )
    #expect(suite.targets.map(\.freeOnly) == [true, true, false, false, false])
    #expect(
      suite.limits.map(\.id) == ["shared", "openrouter-free", "target:c", "target:e:free"]
    )
    #expect(suite.limits[0].windows.count == 3)
    #expect(suite.limits.map(\.concurrency) == [1, 1, 1, 1])
  }

  @Test func ownLimitReplacesTheImplicitOne() throws {
    let suite = try suite(
      "limits: { openrouter-free: { account: openrouter, requests: 5/min, concurrency: 2 } }",
      targets: "[\"openrouter:a:free\"]"
    )
    #expect(
      suite.limits == [
        Limit(
          id: "openrouter-free",
          account: "openrouter",
          windows: [.init(.requests, 5, per: .minute)],
          concurrency: 2
        )
      ]
    )
  }

  /// OpenRouter's days begin at 00:00 UTC; those of others slide, and a day of 24 hours does everywhere.
  @Test(arguments: [
    ("openrouter", "9/day", Limit.Window.Period.day), ("simulator", "9/day", .day),
    ("litellm", "9/day", .day), ("gemini", "9/day", .rolling), ("groq", "9/day", .rolling),
    ("openrouter", "9/24h", .rolling),
  ])
  func daysAreThePresets(provider: String, rate: String, period: Limit.Window.Period) throws {
    let suite = try suite(
      "limits: { own: { account: \(provider), requests: \(rate) } }",
      targets: "[{ account: \(provider), model: m, limit: own, free_only: true }]")
    #expect(suite.limits[0].windows == [.init(.requests, 9, per: period)])
  }

  /// Whatever the dialect calls the allowance, and where it has one of its own.
  @Test(arguments: [
    ("openai", "max_tokens: 9", true), ("openai-responses", "max_tokens: 9", true),
    ("groq", "max_tokens: 9", true), ("anthropic", "temperature: 0", true),
    ("openai", "temperature: 0", false), ("openai", "max_tokens: -1", false),
    ("openai", "max_tokens: 9223372036854775807", false),
  ])
  func aBudgetInDollarsWantsABound(provider: String, parameter: String, isBound: Bool) {
    let text = """
      version: 1
      suite: part
      targets: [{ account: \(provider), model: m, price: { input: 1, output: 2, per: 1M }, params: { \(parameter) } }]
      prompts: [Hello]
      run: { budget: { usd: 1 } }
      """
    let result = SuiteReader.read(text: text, file: "part.yaml", folder: Golden.path)
    let errors = result.diagnostics.filter { $0.severity == .error }.map(\.description)
    #expect(errors.isEmpty == isBound)
    #expect(isBound || errors.contains { $0.contains("may cost anything") }, "\(errors)")
  }

  @Test func burstsAndPoolsAreRead() throws {
    let suite = try suite(
      """
      limits: { own: { account: openrouter, requests: [9/min, 9/day], burst: 3 } }
      run: { retry: { pool_wait: 2m..5m }, budget: { wall: 2m }, timeout: { total: 2m } }
      """,
      targets: "[{ account: openrouter, model: m, limit: own, free_only: true }]")
    #expect(suite.limits[0].burst == 3)
    #expect(suite.run.retry.poolBase == .seconds(120) && suite.run.retry.poolCap == .seconds(300))
    #expect(suite.run.budget.wall == .seconds(120))
  }

  @Test(arguments: [
    ("closed", Load.closed),
    (
      "{ rate: 5/s, for: 60s }", .open(OpenLoad(.poisson, [.init(rate: 5, duration: .seconds(60))]))
    ),
    ("{ rate: 30/min, arrivals: constant }", .open(OpenLoad(.constant, [.init(rate: 0.5)]))),
    (
      "{ steps: [{ rate: 2/s, for: 30s }, { rate: 5/s }], arrivals: constant }",
      .open(OpenLoad(.constant, [.init(rate: 2, duration: .seconds(30)), .init(rate: 5)]))
    ),
  ])
  func loads(text: String, expected: Load) throws {
    #expect(try suite("run: { load: \(text), concurrency: 8 }").run.load == expected)
  }

  /// One place for each target would drop nearly everything; limits that are written stay as they are.
  @Test func openLoadSharesThePlaces() throws {
    let run = "run: { load: { rate: 5/s }, concurrency: 65 }"
    #expect(try suite(run).limits.map(\.concurrency) == [65])
    let two = try suite(run, targets: "[simulator:steady, simulator:fast]")
    #expect(two.limits.map(\.concurrency) == [32, 32])
    let written = try suite(
      "\(run)\naccounts: { lab: { provider: simulator } }\nlimits: { own: { account: lab, concurrency: 3 } }",
      targets: "[{ account: lab, model: fast, limit: own }, simulator:steady]")
    #expect(written.limits.map(\.concurrency) == [3, 65])
  }

  @Test(arguments: [
    ("error_rate{server} <= 1%", Metric.errorRate(.server), Gate.Comparison.atMost, 0.01),
    ("decode_rate.p50>=20/s", .clock(.decodeRate, .p50), .atLeast, 20),
    ("  tokens.output  <=  2k ", .tokens(.output), .atMost, 2000),
    ("usd_per_1k_ok <= 0.5", .usdPerThousandOK, .atMost, 0.5),
  ])
  func shortGates(
    text: String,
    metric: Metric,
    comparison: Gate.Comparison,
    limit: Double
  ) throws {
    let gate = try #require(try suite("gates: ['\(text)']").gates.first)
    #expect(gate.metric == metric)
    #expect(gate.comparison == comparison)
    #expect(gate.limit == limit)
    #expect(gate.id == text)
  }

  @Test func gatesAgainstTheBaseline() throws {
    let gates = try suite(
      """
      gates:
        - { metric: latency, against: baseline, at_most: 1.1x }
        - { metric: pass_rate, against: baseline, at_least: 0.98x, bound: estimate }
      checks: [json]
      """
    ).gates
    #expect(gates.map(\.id) == ["latency", "pass_rate"])
    #expect(gates.map(\.paired) == [true, false])
    #expect(gates.map(\.limit) == [1.1, 0.98])
  }
}
