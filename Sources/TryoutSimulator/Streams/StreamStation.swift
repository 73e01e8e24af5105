import Foundation

/// Serves every stream of the table from one port: the `model` of a request names the row.
package final class StreamStation: Sendable {
  private let server: RawServer
  private let other: RawServer

  /// Opens the station; port 0 lets the system choose a free one.
  package init(port: UInt16 = 0) throws(SimulatorError) {
    let scripts = Dictionary(uniqueKeysWithValues: StreamScript.all.map { ($0.id, $0) })
    let script = { @Sendable (body: ArraySlice<UInt8>) in
      Self.model(in: body).flatMap { scripts[$0] }
    }
    let other = try RawServer(keepsRequests: false, .write(RawHTTP.response("404 Not Found", "")))
    self.other = other
    server = try RawServer(
      port: port, keepsRequests: false, answersEarly: { script($0)?.readsBodies == false }
    ) { request in
      if request.head.hasPrefix("GET /v1/models ") { return [.write(Self.catalogue)] }
      guard let script = script(Array(request.body.utf8)[...]) else {
        return [.write(Self.unknown)]
      }
      return script.steps(
        StreamScript.Scene(onConnection: request.onConnection, other: other.url))
    }
  }

  /// What a client puts `/chat/completions` behind.
  package var url: String { server.url }

  /// Closes all connections and the port.
  package func stop() {
    server.stop()
    other.stop()
  }

  /// The model that a request names, looked for at both ends of what has come of its body.
  ///
  /// A prompt that holds the same words holds them with escaped quotes.
  private static func model(in body: ArraySlice<UInt8>) -> String? {
    for part in [body.prefix(65_536), body.suffix(65_536)] {
      let text = String(decoding: part, as: UTF8.self)
      if let match = text.firstMatch(of: /"model"\s*:\s*"([^"]*)"/) { return String(match.1) }
    }
    return nil
  }

  private static var catalogue: String {
    let models = StreamRow.all.map {
      JSON.object(["id": .string($0.id), "description": .string("The server \($0.server).")])
    }
    return RawHTTP.response("200 OK", JSON.object(["data": .array(models)]).text)
  }

  private static var unknown: String {
    let message = "No stream has this name; GET /v1/models lists them."
    let error = JSON.object(["code": .integer(404), "message": .string(message)])
    return RawHTTP.response("404 Not Found", JSON.object(["error": error]).text)
  }
}
