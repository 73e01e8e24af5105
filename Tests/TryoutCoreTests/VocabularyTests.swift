import Testing
import TryoutCore

struct VocabularyTests {
  /// FIPS 180-4 examples of NIST's Cryptographic Standards and Guidelines, and a million times `a`.
  @Test(arguments: [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    ("a", 100_000, "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"),
  ])
  func sha256(text: String, count: Int, hex: String) {
    #expect(SHA256.digest(of: String(repeating: text, count: count)).hex == hex)
  }

  /// Every length around the padding's edges, in one piece and byte by byte.
  @Test func sha256TakesPieces() {
    for length in 0...130 {
      let bytes = (0..<length).map { UInt8($0) }
      var pieces = SHA256()
      for byte in bytes { pieces.update(CollectionOfOne(byte)) }
      var whole = SHA256()
      whole.update(bytes)
      #expect(pieces.finish() == whole.finish())
    }
  }

  @Test(arguments: [
    ("{{ a }}", "1"), ("{{a}}", "1"), ("x{{ a }}y{{ b }}z", "x1y{{ a }}z"), ("{{{ a }}}", "{1}"),
    ("{{ a b }}", "{{ a b }}"), ("{{ a", "{{ a"), ("a }}", "a }}"), ("{{ }}", "{{ }}"),
    ("{{}}", "{{}}"), ("{ { a } }", "{ { a } }"), ("{{ {{ a }} }}", "{{ 1 }}"),
    ("{{ größe }}", "14 m²"), ("{{ a.b-c_1 }}", "deep"), ("", ""), ("{{\n a\t}}", "1"),
    ("{{ a | upper }}", "{{ a | upper }}"), ("{{ missing }}", "{{ missing }}"),
    ("{{a}}{{a}}", "11"),
  ])
  func templatesRender(text: String, rendered: String) {
    let values = ["a": "1", "b": "{{ a }}", "größe": "14 m²", "a.b-c_1": "deep"]
    #expect(Template(text).rendered(with: values) == rendered)
  }

  @Test func templatesKnowTheirVariables() {
    #expect(Template("{{ a }} {{b}} {{ a }} {{ c d }}").variables == ["a", "b", "a"])
    #expect(Template(literal: "{{ a }}").variables == [])
    #expect(Template(literal: "{{ a }}").rendered(with: ["a": "1"]) == "{{ a }}")
  }

  private static let document: JSON = [
    "team": "billing", "items": [["name": "first"], ["name": .null]], "odd key": 1, "a]b": 2,
    "it's": 3,
  ]

  @Test(arguments: [
    ("$.team", "\"billing\""), ("$.items[0].name", "\"first\""), ("$.items[1].name", "null"),
    ("$['odd key']", "1"), ("$[\"team\"]", "\"billing\""), ("$['a]b']", "2"), ("$['it's']", "3"),
    ("$.items[2]", nil), ("$.nothing", nil), ("$.team.deeper", nil), ("$.team[0]", nil),
    ("$.items.name", nil),
  ])
  func jsonPathsFind(text: String, value: String?) throws {
    let path = try #require(JSONPath(text))
    #expect(path.value(in: VocabularyTests.document)?.canonicalText == value)
    #expect(JSONPath(path.text) == path)
  }

  @Test(arguments: [
    "", "team", "$.", "$..a", "$[", "$[]", "$[x]", "$[-1]", "$['a'", "$['a]", "$.a b", "$.*",
    "$[*]", "$[0:2]", "$a",
  ])
  func jsonPathsAreRefused(text: String) {
    #expect(JSONPath(text) == nil)
  }

  @Test(arguments: [
    ("{\"b\":1,\"a\":[true,null,\"x\"]}", "{\"a\":[true,null,\"x\"],\"b\":1}"),
    (" [ 1 , -2 , 1.5 ] ", "[1,-2,1.5]"), ("\"\\u00e4\\n\\\"\\\\\\/\"", "\"ä\\n\\\"\\\\/\""),
    ("\"\\u0000\\u001f\\u2028\"", "\"\\u0000\\u001f\\u2028\""), ("\"😀\"", "\"😀\""),
    ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"), ("0.1", "0.1"), ("true", "true"),
    ("{}", "{}"), ("[]", "[]"), ("[\",]\",\"\\\",}\"]", "[\",]\",\"\\\",}\"]"), ("null", "null"),
    ("1e300", "1e+300"),
  ])
  func jsonHasACanonicalText(text: String, canonical: String) throws {
    let value = try JSON(parsing: text.utf8)
    #expect(value.canonicalText == canonical)
    let again = try JSON(parsing: canonical.utf8)
    #expect(again == value)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\": [\"\\\"\"], \n}", "{\"a\"}", "nul", "'a'", "1 2", "{\"a\":1}x",
    "\u{FEFF}",
  ])
  func brokenJSONIsRefused(text: String) {
    #expect(throws: DecodingError.self) { try JSON(parsing: text.utf8) }
  }

  @Test func jsonTellsTypesApart() throws {
    let value = try JSON(
      parsing: "{\"t\":true,\"one\":1,\"text\":\"1\",\"half\":0.5,\"none\":null}".utf8)
    #expect(value["t"] == .bool(true))
    #expect((value["one"]?.int, value["one"]?.double) == (1, 1))
    #expect((value["text"]?.int, value["text"]?.text) == (nil, "1"))
    #expect((value["half"]?.int, value["half"]?.double) == (nil, 0.5))
    #expect(value["none"] == nil)
    #expect(value[0] == nil)
  }

  @Test func metricsKeepTheirNames() {
    let names =
      Metric.allNames + Metric.Clock.allCases.map(\.rawValue)
      + FailureKind.allCases.map { "error_rate{\($0.rawValue)}" }
    for name in names { #expect(Metric(name)?.name == name) }
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: [
    "", "p95", "ttft.p96", "latency.", "error_rate{nothing}", "tokens", "tokens.p50", "ttft.p95.x",
    "USD",
  ])
  func otherNamesAreNoMetrics(name: String) {
    #expect(Metric(name) == nil)
  }

  @Test(arguments: [
    (Duration.zero, "0ms"), (.milliseconds(999), "999ms"), (.seconds(1), "1s"),
    (.milliseconds(1250), "1.2s"), (.milliseconds(9999), "9.9s"), (.seconds(10), "10s"),
    (.milliseconds(59_499), "59s"), (.milliseconds(59_500), "1m 0s"), (.seconds(125), "2m 5s"),
    (.milliseconds(3_599_700), "1h 0m"), (.seconds(3600), "1h 0m"), (.seconds(90_061), "25h 1m"),
  ])
  func durationsAreBrief(duration: Duration, text: String) {
    #expect(duration.brief == text)
  }

  @Test(arguments: [
    (Duration.seconds(Int64.max), Int64.max), (.seconds(Int64.min), .min),
    (.nanoseconds(Int64.max), .max), (.nanoseconds(Int64.max) + .nanoseconds(1), .max),
    (.nanoseconds(-7), -7),
  ])
  func nanosecondsSaturate(duration: Duration, nanoseconds: Int64) {
    #expect(duration.nanoseconds == nanoseconds)
  }

  /// The table of endings: some scopes say nothing about the target.
  @Test(arguments: [
    (FailureScope.request, "bad_request context_length moderated unsupported", true),
    (.model, "model_gone free_ended gated not_found", true),
    (.account, "auth no_credit policy_blocked rate_minute rate_day key_limit", false),
    (.upstream, "rate_upstream overloaded server", true),
    (.network, "dns connect tls reset proxy", true),
    (.time, "timeout_connect timeout_first_token timeout_stall timeout_total dropped", true),
    (.stream, "stream_error truncated_stream malformed empty too_large", true),
    (.harness, "cancelled budget", false),
  ])
  func failuresHaveScopes(scope: FailureScope, kinds: String, counts: Bool) {
    let expected = FailureKind.allCases.filter { $0.scope == scope }.map(\.rawValue)
    #expect(expected == kinds.split(separator: " ").map(String.init))
    #expect(scope.countsAgainstTarget == counts)
  }
}
