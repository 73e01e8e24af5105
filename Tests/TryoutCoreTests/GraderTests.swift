import Testing
import TryoutCore

struct GraderTests {
  private static let variables = ["team": "billing", "n": "42", "braces": "{{ n }}"]

  private func find(_ test: Check.Test, _ answer: String, finish: String? = "stop")
    -> Grader.Finding
  {
    Grader.examine(test, .answering(answer, finish: finish), variables: GraderTests.variables)
  }

  /// Each test with an answer that passes and one that fails.
  @Test(
    arguments: [
      (.equals(Template("{{ team }}")), " billing\n", "Billing"),
      (.equals(Template("{{ braces }}")), "{{ n }}", "42"),
      (.oneOf([Template("yes"), Template("{{ n }}")]), "42", "no"),
      (.contains([Template("a"), Template("{{ n }}")]), "a 42", "only 42"),
      (.notContains([Template("a"), Template("{{ n }}")]), "b", "x42"),
      (.startsWith(Template("{{ team }}")), "  billing, I think", "It is billing"),
      (.endsWith(Template("{{ team }}")), "It is billing\n", "billing, I think"),
      (.regex("^[A-Z]\\w+$"), "Word", "two words"),
      (.regex("größe"), "die größe", "die grösse"),
      (.notRegex("\\d"), "none", "1"),
      (.json, "\n{\"a\": [1]}\n", "Sure: {\"a\": 1}"),
      (.json, "42", ""),
      (.jsonPath(path("$.a[0]"), .exists), "{\"a\": [null]}", "{\"a\": []}"),
      (
        .jsonPath(path("$.team"), .equals(.template(Template("{{ team }}")))),
        "{\"team\": \"billing\"}", "{\"team\": \"tech\"}"
      ),
      (.jsonPath(path("$.n"), .equals(.template(Template("{{ n }}")))), "{\"n\": 42}", "not JSON"),
      (.jsonPath(path("$.n"), .equals(.value(1))), "{\"n\": 1.0}", "{\"n\": \"1\"}"),
      (
        .jsonPath(path("$.n"), .equals(.value(["a": [true]]))), "{\"n\":{\"a\":[true]}}",
        "{\"n\":{\"a\":[1]}}"
      ),
      (.jsonPath(path("$.n"), .oneOf([.value(1), .value(.null)])), "{\"n\": null}", "{\"n\": 2}"),
      (.maxChars(3), "äöü", "äöüß"), (.minChars(3), "äöü", "äö"),
      (.maxWords(2), " two \n words ", "now three words"),
      (.notEmpty, "x", " \n"),
      (.notRefusal, "Sorry for the delay: it is 42.", "I’m sorry, but I can’t help with that."),
      (
        .notRefusal, "I can help. Others say: I cannot.", "As an AI language model, I cannot judge."
      ),
      (.number(Template("{{ n }}"), tolerance: 0), "the answer is 42.", "the answer is 43."),
      (.number(Template("0.3"), tolerance: 0.05), "about 0.34", "about 0.36"),
      (.number(Template("1"), tolerance: 0), "1", "one"),
      (.all([.notEmpty, .maxChars(3)]), "abc", "abcd"),
      (.any([.equals(Template("a")), .equals(Template("b"))]), "b", "c"),
      (.not(.contains([Template("x")])), "a", "x"),
      (.all([]), "anything", nil), (.not(.any([])), "anything", nil),
    ] as [(Check.Test, String, String?)])
  func testsDecide(test: Check.Test, passing: String, failing: String?) {
    #expect(find(test, passing) == .passed)
    guard let failing else { return }
    guard case .failed(let why) = find(test, failing) else {
      Issue.record("\(test) does not fail")
      return
    }
    #expect(!why.isEmpty)
  }

  private static func path(_ text: String) -> JSONPath {
    guard let path = JSONPath(text) else { preconditionFailure("no path: \(text)") }
    return path
  }

  @Test func finishReasonsDecide() {
    #expect(find(.finish(["stop", "end"]), "x", finish: "end") == .passed)
    #expect(find(.finish(["stop"]), "x", finish: "length") == .failed("finished with “length”"))
    #expect(find(.finish(["stop"]), "x", finish: nil) == .failed("finished with no reason"))
  }

  @Test(
    arguments: [
      ("1,234.5", 1234.5), ("-3", -3), ("the answer is 42.", 42), ("1e3", 1000), ("2.5E-1 m", 0.25),
      ("−7 °C", -7), ("first 1, then 2", 2), ("1,2,3", 3), ("12,345,678", 12_345_678), ("3.", 3),
      ("50%", 50), ("$1,000.00!", 1000), ("5 eggs", 5), ("5eggs", 5), ("between 5-7", 7),
      ("on 2024-05-03", 3), ("GPT-4", 4), ("(-2)", -2), ("x=-2", -2), ("1,23", 23), ("٣ 4", 4),
    ] as [(String, Double)])
  func theLastNumberCounts(answer: String, number: Double) {
    #expect(find(.number(Template("\(number)"), tolerance: 1e-9), answer) == .passed)
  }

  /// A hundred thousand numbers are read once each.
  @Test func longListsOfNumbersAreRead() {
    let answer = (1...100_000).map(String.init).joined(separator: " ")
    #expect(find(.number(Template("100000"), tolerance: 0), answer) == .passed)
  }

  @Test(
    arguments: [
      (.number(Template("{{ team }}"), tolerance: 0), "1"),
      (.judge("polite", atLeast: 0.5), "x"), (.command(["true"]), "x"),
      (.not(.command(["true"])), "x"),
      (.all([.notEmpty, .command([])]), "x"), (.any([.maxChars(0), .command([])]), "x"),
    ] as [(Check.Test, String)])
  func whatCannotBeDecidedIsUngraded(test: Check.Test, answer: String) {
    guard case .ungraded = find(test, answer) else {
      Issue.record("\(test) is decided")
      return
    }
  }

  @Test func aDecidedPartDecidesDespiteAnUngradedOne() {
    #expect(find(.any([.command([]), .notEmpty]), "x") == .passed)
    #expect(
      find(.all([.command([]), .maxChars(0)]), "x") == .failed("has 1 characters, at most 0"))
  }

  private static let yes = Check.Test.notEmpty
  private static let no = Check.Test.maxChars(0)
  private static let unknown = Check.Test.command([])

  @Test(
    arguments: [
      ([], .ungraded, nil),
      ([Check(id: "a", yes)], .pass, 1), ([Check(id: "a", no)], .fail, 0),
      ([Check(id: "a", yes), Check(id: "b", no, weight: 3)], .fail, 0.25),
      ([Check(id: "a", yes), Check(id: "b", unknown)], .ungraded, nil),
      ([Check(id: "a", no), Check(id: "b", unknown)], .fail, nil),
      // Score checks weigh and never fail; where there are any, the others do not weigh.
      (
        [Check(id: "a", no, severity: .score), Check(id: "b", yes, severity: .score, weight: 3)],
        .pass, 0.75
      ),
      ([Check(id: "a", yes), Check(id: "b", no, severity: .score)], .pass, 0),
      ([Check(id: "a", no), Check(id: "b", yes, severity: .score)], .fail, 1),
      ([Check(id: "a", yes), Check(id: "b", unknown, severity: .score)], .pass, nil),
      ([Check(id: "a", no), Check(id: "b", unknown, severity: .score)], .fail, nil),
      ([Check(id: "b", unknown, severity: .score)], .pass, nil),
      (
        [
          Check(id: "a", yes), Check(id: "b", unknown, severity: .score),
          Check(id: "c", no, severity: .score),
        ], .pass, nil
      ),
      ([Check(id: "a", unknown), Check(id: "b", yes, severity: .score)], .ungraded, 1),
      // What only informs changes nothing.
      ([Check(id: "a", yes), Check(id: "b", no, severity: .info)], .pass, 1),
      ([Check(id: "a", yes), Check(id: "b", unknown, severity: .info)], .pass, 1),
      ([Check(id: "a", yes, severity: .info)], .ungraded, nil),
    ] as [([Check], Grade.Outcome, Double?)])
  func severitiesDecide(checks: [Check], outcome: Grade.Outcome, score: Double?) {
    let grade = Grader.grade(.answering("x"), of: Case(id: "c", checks: checks))
    #expect((grade.outcome, grade.score) == (outcome, score))
    let complaints = checks.filter { $0.test != GraderTests.yes }.map(\.id)
    #expect(grade.reasons.map { String($0.prefix { $0 != ":" }) } == complaints)
  }
}
