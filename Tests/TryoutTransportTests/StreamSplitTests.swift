import Testing
import TryoutCore
import TryoutSimulator

@testable import TryoutTransport

/// The reader is a function of bytes and times: how the bytes were cut must not matter.
struct StreamSplitTests {
  @Test(arguments: StreamScript.all.filter { $0.body != nil })
  func everySplitReadsTheSame(script: StreamScript) throws {
    let bytes = try #require(script.body)
    let whole = try exchange(script) { body in feed(bytes[...], &body) }
    var before = BodyReader(dialect: try script.question.account.provider.dialect)
    for cut in bytes.indices {
      feed(bytes[cut...cut], &before)
      var body = before
      feed(bytes[(cut + 1)...], &body)
      #expect(try exchange(script) { $0 = body } == whole, "cut after \(cut)")
    }
    #expect(try exchange(script) { $0 = before } == whole, "byte by byte")
  }

  private func feed(_ bytes: ArraySlice<UInt8>, _ body: inout BodyReader) {
    let isRead = bytes.withUnsafeBytes { body.consume($0, at: 5) }
    #expect(isRead)
  }

  /// What the dialect makes of a body that came at one moment.
  private func exchange(
    _ script: StreamScript, body read: (inout BodyReader) -> Void
  ) throws -> Exchange {
    let question = try script.question
    var reply = TryoutTransport.Reply(ending: .complete)
    reply.body = BodyReader(dialect: question.account.provider.dialect)
    reply.head = ResponseHead(status: 200)
    read(&reply.body)
    reply.body.finish(at: 5)
    reply.timeline.firstByte = 5
    reply.timeline.firstToken = reply.body.stream.events.firstToken
    reply.timeline.firstAnswer = reply.body.stream.events.firstAnswer
    reply.timeline.lastToken = reply.body.stream.events.lastToken
    reply.timeline.end = 9
    let endpoint = Endpoint(url: "https://api.example/v1", key: StreamScript.key)
    return question.dialect(at: endpoint).exchange(from: reply, now: 0)
  }
}
