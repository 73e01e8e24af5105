import Testing
import TryoutSimulator

struct FaultTests {
  /// A script whose model `m` is `steady` with this fault.
  private func script(_ fault: Fault) -> Script {
    var script = Script()
    script.personas["m"] = Persona()
    script.personas["m"]?.faults = [fault]
    return script
  }

  @Test(arguments: [
    (Fault.Kind.rateLimit, 429), (.serverError, 500), (.overloaded, 503), (.auth, 401),
    (.noCredit, 402), (.moderated, 403), (.contextLength, 400), (.notFound, 404),
    (.freeEnded, 404),
  ])
  func refusalsHaveTheirStatusAndBody(kind: Fault.Kind, status: Int) throws {
    for stream in [true, false] {
      let reply = Reply.asked("m", stream: stream, script: script(Fault(kind)))
      #expect(reply.status == status)
      #expect(try ErrorBody(reply).code == status)
      #expect(reply.headAt > .zero)
    }
  }

  @Test func rateLimitSaysWhenToComeBack() throws {
    let reply = Reply.asked("m", script: script(Fault(.rateLimit, retryAfter: .milliseconds(2500))))
    #expect(reply.headers["Retry-After"] == "3")
    #expect(reply.headers["X-RateLimit-Reset"] == "1767225602500")
    #expect(try ErrorBody(reply).metadata?.limitSource == "upstream_provider_shared_pool")
  }

  @Test func webPageAndErrorInOKAreWhatTheySay() throws {
    let page = Reply.asked("m", script: script(Fault(.html)))
    #expect(page.status == 502)
    #expect(page.headers["Content-Type"] == "text/html")
    let error = Reply.asked("m", script: script(Fault(.errorInOK)))
    #expect(error.status == 200)
    #expect(try ErrorBody(error).code == 502)
  }

  @Test func emptyAnswerIsWellFormed() throws {
    let reply = Reply.asked("m", usage: true, script: script(Fault(.empty)))
    #expect(try reply.content == "")
    #expect(try reply.events.last?.data == "[DONE]")
    #expect(try reply.chunks.last?.chunk.usage?.completionTokens == 0)
  }

  @Test func cutStreamLosesItsEnd() throws {
    let whole = Reply.asked("m", script: script(Fault(.stall, probability: 0)))
    let reply = Reply.asked("m", script: script(Fault(.cutStream, after: 3)))
    #expect(reply.pieces == Array(whole.pieces.prefix(5)))
    #expect(reply.ending == .cut(at: whole.pieces[5].at))

    let inOne = Reply.asked("m", stream: false, script: script(Fault(.cutStream)))
    #expect(inOne.pieces[0].bytes.count < inOne.contentLength ?? 0)
    #expect(inOne.ending == .cut(at: inOne.pieces[0].at))
  }

  @Test func drawnCutsFallBetweenTheFirstAndTheLastToken() throws {
    for occurrence in 0..<200 {
      let reply = Reply.asked("m", script: script(Fault(.truncated)), occurrence: occurrence)
      #expect((1...23).contains(try reply.chunks.count - 1))
      #expect(reply.ending == .whole)
    }
  }

  @Test func streamErrorIsAnEvent() throws {
    let reply = Reply.asked("m", script: script(Fault(.streamError, after: 2)))
    let last = try #require(try reply.chunks.last?.chunk)
    #expect(last.error?.code == 502)
    #expect(last.choices[0].finishReason == "error")
    #expect(try reply.chunks.count == 4)
  }

  @Test func malformedEventIsNoJSON() throws {
    let reply = Reply.asked("m", script: script(Fault(.malformed, after: 2)))
    #expect(throws: DecodingError.self) { try reply.chunks }
    #expect(try reply.events.last?.data == "[DONE]")
  }

  @Test func stallShiftsTheRest() throws {
    let whole = Reply.asked("m", script: script(Fault(.stall, probability: 0)))
    let reply = Reply.asked("m", script: script(Fault(.stall, after: 1, lasts: .seconds(9))))
    let delays = zip(reply.pieces, whole.pieces).map { $0.at - $1.at }
    #expect(delays.count == 28)
    #expect(delays.prefix(3).allSatisfy { $0 == .zero })
    #expect(delays.dropFirst(3).allSatisfy { $0 == .seconds(9) })
  }

  @Test func timesEndsAFault() {
    let script = script(Fault(.serverError, times: 2))
    let statuses = (0..<4).map { Reply.asked("m", script: script, occurrence: $0).status }
    #expect(statuses == [500, 500, 200, 200])
  }

  @Test func aQuarterOfFlakyFails() {
    let replies = (0..<2000).map { Reply.asked("flaky", occurrence: $0) }
    let failed = replies.count { $0.status != 200 || $0.ending != .whole }
    // Binomial, n = 2000, p = 0.25: standard deviation 19.4.
    #expect((420...580).contains(failed))
    #expect(Set(replies.map(\.status)) == [200, 429, 500, 503])
    #expect(replies.contains { $0.ending != .whole })
  }
}
