import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

/// The whole transport over real sockets.
///
/// Times have lower bounds only: nothing can be stamped
/// before it was written.
struct CurlTransportTests {
  private func ask(
    _ url: String,
    key: String? = "sk-secret",
    _ change: (inout Question) -> Void = { _ in }
  ) async throws -> Exchange {
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: url, key: key)])
    defer { transport.shutdown() }
    return await transport.ask(try Fixture.question(change: change))
  }

  private func ask(
    _ steps: Step...,
    change: (inout Question) -> Void = { _ in }
  ) async throws -> Exchange {
    let server = try RawServer { _ in steps }
    defer { server.stop() }
    return try await ask(server.url, change)
  }

  private static func milliseconds(_ count: Int64) -> Int64 { count * 1_000_000 }

  @Test func aStreamIsStampedAsItComes() async throws {
    let exchange = try await ask(
      .wait(20),
      .write(Wire.streamHead),
      .wait(20),
      .write(Wire.role),
      .wait(20),
      .write(Wire.event(#"{"choices":[{"delta":{"reasoning":"hm"}}]}"#)),
      .wait(20),
      .write(Wire.content("Hel")),
      .wait(20),
      .write(Wire.content("lo")),
      .wait(20),
      .write(Wire.finish + Wire.done + Wire.lastChunk)
    )
    #expect(exchange.failure == nil)
    #expect(exchange.answer == "Hello")
    #expect(exchange.reasoning == "hm")
    #expect(exchange.httpStatus == 200)
    #expect(exchange.chunks == 3)
    let timeline = exchange.timeline
    let stamps = [
      timeline.sent, timeline.headers, timeline.firstByte, timeline.firstToken,
      timeline.firstAnswer, timeline.lastToken, timeline.end,
    ].compactMap(\.self)
    #expect(stamps.count == 7)
    for (index, stamp) in stamps.enumerated() {
      #expect(stamp >= Self.milliseconds(20) * Int64(index))
    }
    #expect(stamps == stamps.sorted())
    #expect(timeline.handover >= 0)
  }

  @Test func aBurstHasOneStamp() async throws {
    let timeline = try await ask(.write(Wire.stream)).timeline
    #expect(timeline.firstToken != nil)
    #expect(timeline.firstToken == timeline.lastToken)
    #expect(timeline.firstByte == timeline.firstToken)
    #expect(try #require(timeline.headers) > #require(timeline.sent))
  }

  @Test func theSecondRequestReusesTheConnection() async throws {
    let server = try RawServer(.write(Wire.stream))
    defer { server.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: server.url)])
    defer { transport.shutdown() }
    let first = await transport.ask(try Fixture.question()).connection
    let second = await transport.ask(try Fixture.question()).connection
    #expect(first.cold)
    #expect(try #require(first.tcp) > 0)
    #expect(first.tls == nil)
    #expect(first.resumed == nil)
    #expect(!second.cold)
    #expect(second.sends == 1)
    #expect(second.httpVersion == "1.1")
    #expect([second.dns, second.tcp, second.tls] == [nil, nil, nil])
    #expect(server.received.map(\.connection) == [0, 0])
  }

  @Test func aRequestThatIsSentTwiceIsCountedTwice() async throws {
    // The second request on a connection finds it closed, and libcurl sends it on a fresh one.
    let server = try RawServer { request in
      request.onConnection == 0 ? [.write(Wire.stream)] : [.close]
    }
    defer { server.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: server.url)])
    defer { transport.shutdown() }
    #expect(await transport.ask(try Fixture.question()).connection.sends == 1)
    let resent = await transport.ask(try Fixture.question())
    #expect(resent.failure == nil)
    #expect(resent.connection.sends == 2)
    #expect(server.received.count == 3)
  }

  @Test func theRequestIsWhatWasAsked() async throws {
    let server = try RawServer(.write(Wire.stream))
    defer { server.stop() }
    let exchange = try await ask(server.url)
    let received = try #require(server.received.first)
    #expect(received.head.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
    #expect(received.head.contains("\r\nAuthorization: Bearer sk-secret"))
    #expect(!received.head.contains("Expect:"))
    #expect(try JSON(parsing: received.body.utf8)["model"]?.text == "vendor/model:free")
    #expect(exchange.connection.sends == 1)
  }

  @Test func aRedirectIsNotFollowedAndTheKeyStays() async throws {
    let other = try RawServer(.write(Wire.stream))
    defer { other.stop() }
    let exchange = try await ask(
      .write(RawHTTP.response("307 Temporary Redirect", fields: ["Location: \(other.url)"], ""))
    )
    #expect(exchange.failure?.kind == .unsupported)
    #expect(exchange.httpStatus == 307)
    #expect(other.received.isEmpty)
  }

  @Test(arguments: [
    ([Step.reset], FailureKind.reset),
    ([.close], .reset),
    ([.write(Wire.streamHead), .wait(10), .reset], .reset),
    ([.write(Wire.streamHead + Wire.content("x")), .wait(10), .reset], .truncatedStream),
    ([.write(Wire.streamHead + Wire.content("x")), .close], .truncatedStream),
    (
      [.write(Wire.streamHead + Wire.content("x") + Wire.finish + Wire.lastChunk)], .truncatedStream
    ),
    (
      [
        .write("HTTP/1.1 200 OK\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n"),
        .close,
      ], .truncatedStream
    ),
    (
      [
        .write(
          RawHTTP.response("200 OK", "{\"choices\":[").replacing(
            "Content-Length: 12",
            with: "Content-Length: 99"
          )
        ), .close,
      ], .truncatedStream
    ),
    ([.write("SSH-2.0-OpenSSH\r\n"), .close], .malformed),
    ([.write(RawHTTP.response(type: "text/html", "<html>hello</html>"))], .malformed),
    ([.write(RawHTTP.response("500 Oops", "oops"))], .server),
    ([.write(Wire.streamHead + Wire.role + Wire.finish + Wire.done + Wire.lastChunk)], .empty),
  ])
  func whatCanGoWrong(steps: [Step], kind: FailureKind) async throws {
    let server = try RawServer { _ in steps }
    defer { server.stop() }
    let exchange = try await ask(server.url)
    let failure = try #require(exchange.failure)
    #expect(failure.kind == kind, "\(failure.message)")
    #expect(!failure.message.contains("sk-secret"))
  }

  @Test(arguments: [
    ([Step.waitForClose], FailureKind.timeoutFirstToken),
    ([.write(Wire.streamHead + Wire.role), .waitForClose], .timeoutFirstToken),
    ([.write(Wire.streamHead + Wire.content("x")), .waitForClose], .timeoutStall),
  ])
  func deadlinesEndTheExchange(steps: [Step], kind: FailureKind) async throws {
    let server = try RawServer { _ in steps }
    defer { server.stop() }
    let exchange = try await ask(server.url) { question in
      question.timeouts.firstToken = .milliseconds(kind == .timeoutStall ? 60_000 : 100)
      question.timeouts.stall = .milliseconds(100)
    }
    #expect(exchange.failure?.kind == kind)
    #expect(exchange.timeline.end >= Self.milliseconds(100))
  }

  @Test func commentsDoNotHideAStall() async throws {
    let exchange = try await ask(
      .write(Wire.streamHead + Wire.content("x")),
      .wait(40),
      .write(RawHTTP.chunked(": hi\n\n")),
      .wait(40),
      .write(RawHTTP.chunked(": hi\n\n")),
      .waitForClose
    ) { $0.timeouts.stall = .milliseconds(120) }
    #expect(exchange.failure?.kind == .timeoutStall)
    #expect(exchange.answer == "x")
  }

  @Test func aWholeAnswerOnlyHasATotalDeadline() async throws {
    let exchange = try await ask(.waitForClose) { question in
      question.stream = false
      question.timeouts.firstToken = .milliseconds(20)
      question.timeouts.stall = .milliseconds(20)
      question.timeouts.total = .milliseconds(150)
    }
    #expect(exchange.failure?.kind == .timeoutTotal)
    #expect(exchange.timeline.end >= Self.milliseconds(150))
  }

  @Test func aServerThatIsNotThereRefuses() async throws {
    let server = try RawServer(.close)
    let url = server.url
    server.stop()
    _ = try? await ask(url)  // the listener goes with the first connection that it refuses
    let exchange = try await ask(url)
    #expect(exchange.failure?.kind == .connect)
    #expect(exchange.connection == Connection())
    #expect(exchange.timeline.sent == nil)
  }

  @Test func aNameWithoutAddressIsToldApart() async throws {
    let exchange = try await ask("http://name.invalid/v1")
    #expect(exchange.failure?.kind == .dns)
    #expect(exchange.failure?.message.contains("name.invalid") == true)
  }

  @Test(arguments: ["ftp://127.0.0.1/v1", "http://user:word@127.0.0.1:1/v1", "not a url", ""])
  func addressesThatCannotBeUsed(url: String) async throws {
    #expect(try await ask(url).failure?.kind == .unsupported)
  }

  @Test func aKeyThatIsNoneIsNotSent() async throws {
    let server = try RawServer(.write(Wire.stream))
    defer { server.stop() }
    let exchange = try await ask(server.url, key: "two\r\nX-Evil: lines")
    #expect(exchange.failure?.kind == .auth)
    #expect(exchange.failure?.message.contains("Evil") == false)
    #expect(server.received.isEmpty)
  }

  @Test func manyStreamsAtOnceStayApart() async throws {
    let server = try RawServer { request in
      [.write(Wire.streamHead)]
        + (0..<20).flatMap { [Step.wait(2), .write(Wire.content("\(request.number).\($0) "))] }
        + [.write(Wire.finish + Wire.done + Wire.lastChunk)]
    }
    defer { server.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: server.url)])
    defer { transport.shutdown() }
    let question = try Fixture.question()
    let exchanges = await withTaskGroup { group in
      for _ in 0..<64 { group.addTask { await transport.ask(question) } }
      return await group.reduce(into: [Exchange]()) { $0.append($1) }
    }
    #expect(exchanges.allSatisfy { $0.failure == nil && $0.chunks == 20 })
    let expected = (0..<64).map { request in (0..<20).map { "\(request).\($0) " }.joined() }
    #expect(Set(exchanges.map(\.answer)) == Set(expected))
  }

  @Test func cancellingTheTaskEndsTheExchange() async throws {
    let server = try RawServer(.write(Wire.streamHead + Wire.content("x")), .waitForClose)
    defer { server.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: server.url)])
    defer { transport.shutdown() }
    let question = try Fixture.question()
    let kinds = await withTaskGroup { group in
      group.addTask { await transport.ask(question).failure?.kind }
      while server.received.isEmpty { await Task.yield() }
      group.cancelAll()
      // A task that is cancelled before it begins ends as well.
      group.addTask { await transport.ask(question).failure?.kind }
      return await group.reduce(into: [FailureKind?]()) { $0.append($1) }
    }
    #expect(kinds == [.cancelled, .cancelled])
  }

  @Test func shutdownEndsWhatIsUnderWayAndJoins() async throws {
    let server = try RawServer(.waitForClose)
    defer { server.stop() }
    let transport = try CurlTransport(endpoints: ["test": Endpoint(url: server.url)])
    let question = try Fixture.question()
    async let pending = transport.ask(question)
    while server.received.isEmpty { await Task.yield() }
    transport.shutdown()
    transport.shutdown()
    #expect(await pending.failure?.kind == .cancelled)
    #expect(await transport.ask(question).failure?.kind == .cancelled)
  }

  @Test func anEndlessAnswerIsTooLarge() async throws {
    let piece = RawHTTP.chunked(String(repeating: "x", count: 1 << 20))
    let exchange = try await ask(
      .write(Wire.streamHead),
      .write(RawHTTP.chunked("data: ")),
      .write(String(repeating: piece, count: 9)),
      .waitForClose
    )
    #expect(exchange.failure?.kind == .tooLarge)
  }

  @Test func theLibraryNamesItself() {
    #expect(CurlTransport.curlVersion.hasPrefix("libcurl/"))
  }
}
