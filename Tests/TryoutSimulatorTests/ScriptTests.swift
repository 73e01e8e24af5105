import Foundation
import Testing
import TryoutSimulator

struct ScriptTests {
  @Test func minimalScriptIsTheBuiltInOne() throws {
    #expect(try Script(yaml: "version: 1") == Script())
  }

  @Test func readsEveryKeyOfAPersona() throws {
    let script = try Script(
      yaml: """
        version: 1
        models:
          m:
            first_token: { median: 120ms, sigma: 0.5 }
            per_token: 1.5ms
            answer_tokens: 3
            reasoning_tokens: 4
            burst: true
            wrong: true
            usage: always
            cost_per_token: 0.000002
            quotas: [{ requests: 5/2s }]
            answers: [{ when: /a+b/, say: c }, { when: On, say: Off }]
            faults:
              - { kind: stall, probability: 0.25, times: 2, after: 1, lasts: 2min }
              - { kind: rate_limit, retry_after: 3s }
        """
    )
    var expected = Persona()
    expected.firstToken = Latency(median: .milliseconds(120), sigma: 0.5)
    expected.perToken = Latency(median: .microseconds(1500))
    expected.answerTokens = 3
    expected.reasoningTokens = 4
    expected.burst = true
    expected.wrong = true
    expected.usage = .always
    expected.costPerToken = 0.000002
    expected.quotas = [Quota(requests: 5, per: .seconds(2))]
    expected.answers = [
      ScriptedAnswer(when: .matches("a+b"), say: "c"),
      ScriptedAnswer(when: .contains("On"), say: "Off"),
    ]
    expected.faults = [
      Fault(.stall, probability: 0.25, times: 2, after: 1, lasts: .seconds(120)),
      Fault(.rateLimit, retryAfter: .seconds(3)),
    ]
    #expect(script.personas["m"] == expected)
  }

  @Test func likeFollowsChainsAndKeepsWhatIsNotSaid() throws {
    let script = try Script(
      yaml: """
        version: 1
        models:
          c: { like: b, wrong: true }
          b: { like: thinker, answer_tokens: 5 }
          slow: { answer_tokens: 7 }
          fast: { like: fast, answer_tokens: 8 }
        """
    )
    var expected = try #require(Persona.builtIn["thinker"])
    expected.answerTokens = 5
    expected.wrong = true
    #expect(script.personas["c"] == expected)
    #expect(script.personas["slow"]?.firstToken == Persona.builtIn["slow"]?.firstToken)
    #expect(script.personas["fast"]?.firstToken == Persona.builtIn["fast"]?.firstToken)
    #expect(script.personas["steady"] == Persona.builtIn["steady"])
  }

  @Test func valuesMeanWhatTheySpell() throws {
    // In YAML 1.1 these are true, eight, false, ninety and a number with an exponent.
    let script = try Script(
      yaml: """
        version: 1
        seed: 010
        key: on
        models:
          no: { answers: [{ when: 1:30, say: 1e3 }] }
        """
    )
    #expect(script.seed == 10)
    #expect(script.key == "on")
    let answer = ScriptedAnswer(when: .contains("1:30"), say: "1e3")
    #expect(script.personas["no"]?.answers == [answer])
  }

  @Test(arguments: [
    ("version: 1\nsed: 3", "2:1: Unknown key \"sed\". Did you mean \"seed\"?"),
    ("version: 2", "1:10: Found \"2\", but expected version 1."),
    ("seed: 2", "1:1: The key \"version\" is missing."),
    ("", "1:1: The key \"version\" is missing."),
    ("- 1", "1:1: Found a list, but expected keys with values."),
    ("version: 1\nseed: -1", "2:7: Found \"-1\", but expected a whole number from 0."),
    ("version: 1\nkey:", "2:5: Found nothing, but expected a text."),
    ("version: 1\nversion: 1", "1:1: This is not YAML: the same key twice: version."),
    ("version: 1\nquotas: [}", "2:10: This is not YAML: "),
    ("version: 1\nquotas: 20/min", "2:9: Found \"20/min\", but expected a list."),
    ("version: 1\nquotas: [{ requests: 20 }]", "2:22: Found \"20\", but expected requests per"),
    ("version: 1\nquotas: [{}]", "2:10: The key \"requests\" is missing."),
    ("version: 1\nanswers: [{ when: /(/, say: x }]", "2:19: Found \"/(/\", but expected a regular"),
    ("version: 1\nmodels: { a: { like: stedy } }", "2:22: There is no model \"stedy\". Did you"),
    ("version: 1\nmodels: { a: { like: a } }", "2:22: The model \"a\" is like itself."),
    (
      "version: 1\nmodels:\n  a: { like: b }\n  b: { like: a }",
      "4:14: The model \"b\" is like itself."
    ),
    (
      "version: 1\nmodels: { a: { burst: yes } }",
      "2:23: Found \"yes\", but expected true or false."
    ),
    ("version: 1\nmodels: { a: { per_token: 8 } }", "2:27: Found \"8\", but expected a duration"),
    ("version: 1\nmodels: { a: { usage: often } }", "2:23: Found \"often\", but expected one of"),
    (
      "version: 1\nmodels: { a: { first_token: { constant: 1s, sigma: 1 } } }",
      "2:41: Found \"1s\", but expected either constant or median and sigma."
    ),
    (
      "version: 1\nmodels: { a: { faults: [{ kind: cut_steam }] } }",
      "2:33: Found \"cut_steam\", but expected one of rate_limit, server_error"
    ),
    (
      "version: 1\nmodels: { a: { faults: [{ kind: html, probability: 8 }] } }",
      "2:52: Found \"8\", but expected a number from 0 to 1.0."
    ),
  ])
  func mistakesAreToldWithTheirPlace(yaml: String, begins: String) throws {
    let error = try #require(throws: ScriptError.self) { try Script(yaml: yaml) }
    #expect(error.description.hasPrefix(begins), "\(error)")
  }

  @Test func exampleInTheGuideIsAScript() throws {
    let guide = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/simulator.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    let example = try #require(text.firstMatch(of: #/```yaml\n((?s).*?)```/#)?.1)
    let script = try Script(yaml: String(example))
    #expect(script.personas.count == Persona.builtIn.count + 4)
    let free = try #require(script.personas["acme/large:free"])
    #expect(free.firstToken == Latency(median: .milliseconds(900), sigma: 0.5))
    #expect(free.costPerToken == 0)
    #expect(free.faults.count == 2)
    for match in text.matches(of: #/```yaml\n((?s).*?)```/#) {
      #expect(throws: Never.self) { try Script(yaml: String(match.1)) }
    }
    for kind in Fault.Kind.allCases { #expect(text.contains("`\(kind.rawValue)`")) }
    for name in Persona.builtIn.keys { #expect(text.contains("| `\(name)` |")) }
  }
}
