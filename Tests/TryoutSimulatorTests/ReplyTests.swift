import Testing
import TryoutSimulator

struct ReplyTests {
  // MARK: - Determinism

  @Test func sameQuestionHasTheSameReply() {
    #expect(Reply.asked() == Reply.asked())
  }

  @Test func seedPersonaMessagesAndOccurrenceAllMatter() throws {
    var other = Script()
    other.seed = 2
    let replies = [
      Reply.asked(), Reply.asked(script: other), Reply.asked("slow"),
      Reply.asked("steady", "Tell me more."), Reply.asked(occurrence: 1),
    ]
    let contents = try replies.map { try $0.content }
    #expect(Set(contents).count == replies.count)
  }

  @Test func whenItIsAskedShowsOnlyInNames() throws {
    let request = ChatRequest(model: "steady", messages: [.init(role: "user", text: "Hi")])
    let later = Reply(
      to: request,
      script: Script(),
      occurrence: 0,
      now: Reply.testTime + .seconds(86_400)
    )
    let first = Reply(to: request, script: Script(), occurrence: 0, now: Reply.testTime)
    #expect(try later.content == first.content)
    #expect(later.pieces.map(\.at) == first.pieces.map(\.at))
    #expect(try later.completion.created == first.completion.created + 86_400)
  }

  // MARK: - The form of a stream

  @Test func streamHasRoleTokensFinishUsageAndDone() throws {
    let reply = Reply.asked("steady", "Say exactly: one two three", usage: true)
    #expect(reply.headers["Content-Type"] == "text/event-stream")
    #expect(reply.contentLength == nil)
    #expect(try reply.events.last?.data == "[DONE]")

    let chunks = try reply.chunks.map(\.chunk)
    #expect(
      chunks.map { $0.choices.first?.delta?.content } == ["", "one", " two", " three", "", nil]
    )
    #expect(chunks.map { $0.choices.first?.finishReason } == [nil, nil, nil, nil, "stop", nil])
    #expect(chunks[0].choices[0].delta?.role == "assistant")
    #expect(chunks.last?.choices.isEmpty == true)
    #expect(chunks.last?.usage?.promptTokens == 5)
    #expect(chunks.last?.usage?.completionTokens == 3)
    #expect(chunks.last?.usage?.totalTokens == 8)
    #expect(Set(chunks.map(\.id)).count == 1)
    #expect(reply.headers["X-Generation-Id"] == chunks[0].id)
    #expect(Set(chunks.map(\.created)) == [1_767_225_600])
    #expect(Set(chunks.map(\.object)) == ["chat.completion.chunk"])
  }

  @Test func paceIsTheScripts() throws {
    var script = Script()
    script.personas["steady"]?.firstToken = Latency(median: .milliseconds(100))
    script.personas["steady"]?.perToken = Latency(median: .milliseconds(10))
    let reply = Reply.asked("steady", "Say exactly: one two three", script: script)
    #expect(reply.headAt == .zero)
    #expect(try reply.events.map(\.at) == [0, 100, 110, 120, 120, 120].map(Duration.milliseconds))
  }

  @Test func jitterHasItsMedianAndSpread() throws {
    let firsts = try (0..<999).map { try Reply.asked(occurrence: $0).events[1].at }.sorted()
    // Log-normal with sigma 0.3: quartiles at 120 ms times exp(-0.2023) and exp(0.2023). The
    // bounds are four standard errors wide.
    #expect((112...128).contains(firsts[499] / .milliseconds(1)))
    #expect((92...105).contains(firsts[249] / .milliseconds(1)))
    #expect((137...157).contains(firsts[749] / .milliseconds(1)))
  }

  @Test func answerInOnePieceComesWhenAStreamWouldEnd() throws {
    let stream = Reply.asked()
    let whole = Reply.asked(stream: false)
    #expect(try whole.content == stream.content)
    #expect(whole.headAt == stream.pieces.last?.at)
    #expect(whole.contentLength == whole.pieces[0].bytes.count)
    #expect(try whole.completion.object == "chat.completion")
    #expect(try whole.completion.choices[0].finishReason == "stop")
  }

  @Test func textIsEscapedSoThatNothingBreaksTheFrame() throws {
    var script = Script()
    let say = "a \"b\" \\ c\r\nd\te\u{1}f \u{2028} 😀\n\ndata: g"
    script.answers = [ScriptedAnswer(when: .contains(""), say: say)]
    #expect(try Reply.asked(script: script).content == say)
    #expect(try Reply.asked(stream: false, script: script).content == say)
  }

  // MARK: - Personas

  @Test func thinkerReasonsFirst() throws {
    let reply = Reply.asked("thinker", "What is the capital of Japan?", usage: true)
    let chunks = try reply.chunks.map(\.chunk)
    let reasoned = chunks.compactMap { $0.choices.first?.delta?.reasoning }
    #expect(reasoned.count == 30)
    #expect(chunks[30].choices[0].delta?.reasoning != nil)
    #expect(chunks[31].choices[0].delta?.content == "Tokyo")
    #expect(chunks.last?.usage?.details.reasoningTokens == 30)
    #expect(chunks.last?.usage?.completionTokens == 31)
  }

  @Test func burstIsOneChunkAtTheEnd() throws {
    let reply = Reply.asked("burst")
    let chunks = try reply.chunks
    #expect(chunks.count == 3)
    #expect(chunks[1].chunk.choices[0].delta?.content?.split(separator: " ").count == 24)
    #expect(chunks[1].at > .milliseconds(200))
  }

  @Test func maxTokensCutsReasoningFirst() throws {
    let some = try Reply.asked("thinker", stream: false, maxTokens: 32).completion
    #expect(some.choices[0].finishReason == "length")
    #expect(some.choices[0].message?.content?.split(separator: " ").count == 2)
    let none = try Reply.asked("thinker", stream: false, maxTokens: 10).completion
    #expect(none.choices[0].message?.content == "")
    #expect(none.usage?.completionTokens == 10)
    #expect(none.usage?.details.reasoningTokens == 10)
    let exact = try Reply.asked("steady", "exactly: a b", stream: false, maxTokens: 2).completion
    #expect(exact.choices[0].finishReason == "stop")
  }

  @Test(arguments: [
    (Persona.UsageReport.none, false, false), (.none, true, false),
    (.onRequest, false, false), (.onRequest, true, true),
    (.always, false, true), (.always, true, true),
  ])
  func usageIsToldWhenAskedFor(report: Persona.UsageReport, asked: Bool, told: Bool) throws {
    var script = Script()
    script.personas["steady"]?.usage = report
    let chunks = try Reply.asked(usage: asked, script: script).chunks
    #expect(chunks.contains { $0.chunk.usage != nil } == told)
    let whole = try Reply.asked(stream: false, usage: asked, script: script).completion
    #expect((whole.usage != nil) == (report != .none))
  }

  @Test func costIsPerToken() throws {
    var script = Script()
    script.personas["steady"]?.costPerToken = 0.000002
    let reply = Reply.asked("steady", "exactly: a b c", stream: false, script: script)
    let cost = try #require(try reply.completion.usage?.cost)
    #expect(abs(cost - 0.000014) < 1e-12)
    let list = Reply.desk("/models", of: script, Standing())
    #expect(try #require(list).text.contains(#""completion":"0.000002""#))
  }

  @Test func unknownModelIsGone() throws {
    let reply = Reply.asked("nobody/nothing:free")
    #expect(reply.status == 404)
    #expect(try ErrorBody(reply).message == "No endpoints found for nobody/nothing:free.")
  }
}
