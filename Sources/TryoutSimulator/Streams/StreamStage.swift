/// The servers of one script while it is played: the one that is asked, and one that must not be.
package final class StreamStage: Sendable {
  private let server: RawServer
  private let other: RawServer

  /// Opens both on free loopback ports.
  package init(_ script: StreamScript) throws(SimulatorError) {
    other = try RawServer(.write(RawHTTP.streamHead), .close)
    let url = other.url
    server = try RawServer(answersEarly: { _ in !script.readsBodies }) { request in
      script.steps(StreamScript.Scene(onConnection: request.onConnection, other: url))
    }
  }

  /// What a client puts `/chat/completions` behind.
  package var url: String { server.url }

  /// Bytes that the server could write.
  package var sent: Int { server.sent }

  /// Requests that went to the other server.
  package var strayed: Int { other.received.count }

  /// Closes everything; a server that floods stops with it.
  package func stop() {
    server.stop()
    other.stop()
  }
}
