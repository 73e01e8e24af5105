import Testing
import TryoutSimulator

struct AnswerTests {
  @Test(arguments: [
    ("Reply with EXACTLY:  Hello, World! \nand no more", "Hello, World!"),
    ("What is the capital of France?", "Paris"),
    ("the capital of the kenya, please", "Nairobi"),
    ("What is 17 + 25?", "42"), ("7*6", "42"), ("12 × 12 =", "144"), ("5 - 9", "-4"),
    ("-3 * 4", "-12"),
    ("Answer in JSON with team: I was charged twice", #"{"team": "billing", "urgency": 3}"#),
    ("team as json. The app crashes", #"{"team": "tech", "urgency": 3}"#),
    ("JSON team, how are you", #"{"team": "other", "urgency": 3}"#),
  ])
  func knowsAFewThings(prompt: String, answer: String) throws {
    #expect(try Reply.asked("fast", prompt).content == answer)
    for occurrence in 0..<20 {
      let wrong = try Reply.asked("wrong", prompt, occurrence: occurrence).content
      #expect(wrong != answer)
      #expect(!wrong.isEmpty)
    }
  }

  @Test(arguments: [
    "Since 2025-11-05", "pages 12-15", "the capital of Atlantis", "exactly:", "a + b",
    "9223372036854775807 + 1", "JSON please", "99999999999999999999 + 1",
  ])
  func doesNotKnowTheRest(prompt: String) throws {
    let content = try Reply.asked("fast", prompt).content
    #expect(content.split(separator: " ").count == 24)
    #expect(content.hasSuffix("."))
  }

  @Test func scriptedAnswersComeFirst() throws {
    var script = Script()
    script.answers = [
      ScriptedAnswer(when: .contains("CAPITAL"), say: "shared"),
      ScriptedAnswer(when: .matches(#"order #\d+"#), say: "matched"),
    ]
    script.personas["wrong"]?.answers = [ScriptedAnswer(when: .contains("italy"), say: "own")]
    #expect(try Reply.asked("fast", "capital of Italy", script: script).content == "shared")
    #expect(try Reply.asked("fast", "my order #12", script: script).content == "matched")
    #expect(try Reply.asked("wrong", "capital of Italy", script: script).content == "own")
    #expect(try Reply.asked("wrong", "capital of Peru", script: script).content != "shared")
  }
}
