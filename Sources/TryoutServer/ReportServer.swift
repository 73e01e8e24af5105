import FlyingFox
import FlyingSocks
import Foundation
package import TryoutReport

/// Shows reports to a browser and to programs, on the loopback interface only.
///
/// It is given reports and never a store, so it can show nothing that a report does not hold.
package struct ReportServer: Sendable {
  /// The report of a run by its id, or of the latest run.
  package typealias Source = @Sendable (_ run: String?) async throws -> Report

  private let port: UInt16
  private let source: Source

  /// - Parameter port: 0 lets the system choose a free one.
  package init(port: UInt16, source: @escaping Source) {
    self.port = port
    self.source = source
  }

  /// Serves until the task is cancelled; `announce` gets the address once it is open.
  ///
  /// Throws where the port cannot be had.
  package func run(announce: @escaping @Sendable (_ url: String) -> Void) async throws {
    let server = HTTPServer(
      address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), logger: .disabled)
    let source = source
    await server.appendRoute("GET,HEAD /") { request in
      let response = request.isForLoopback ? await page(of: request, source) : .elsewhere
      return response.answering(request)
    }
    await server.appendRoute("GET,HEAD /api/report") { request in
      let response = request.isForLoopback ? await document(of: request, source) : .elsewhere
      return response.answering(request)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await server.run() }
      try await server.waitUntilListening()
      if case .ip4(_, let port) = await server.listeningAddress {
        announce("http://127.0.0.1:\(port)/")
      }
      try await group.next()
    }
  }
}

private func document(of request: HTTPRequest, _ source: ReportServer.Source) async -> HTTPResponse
{
  do {
    let report = try await source(request.run)
    return respond(.ok, "application/json", JSONRendering().render(report))
  } catch {
    let message = String(describing: error)
    let body = (try? JSONEncoder().encode(["error": message])) ?? Data("{}".utf8)
    return respond(.notFound, "application/json", String(decoding: body, as: UTF8.self))
  }
}

private func page(of request: HTTPRequest, _ source: ReportServer.Source) async -> HTTPResponse {
  do {
    return respond(.ok, "text/html", HTMLRendering().render(try await source(request.run)))
  } catch {
    let escaped = String(describing: error).replacingOccurrences(of: "&", with: "&amp;")
      .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
    return respond(
      .notFound, "text/html",
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>tryout</title>
      <main><p>\(escaped)</p></main></html>
      """)
  }
}

private func respond(_ status: HTTPStatusCode, _ type: String, _ body: String) -> HTTPResponse {
  HTTPResponse(
    statusCode: status,
    headers: [
      .contentLength: String(body.utf8.count),
      .contentType: "\(type); charset=utf-8",
      // The page runs nothing and loads nothing, whatever a model's name may hold.
      HTTPHeader("Content-Security-Policy"): "default-src 'none'; style-src 'unsafe-inline'",
      HTTPHeader("X-Content-Type-Options"): "nosniff",
    ],
    body: Data(body.utf8))
}

private extension HTTPRequest {
  var run: String? { query.first { $0.name == "run" }?.value }

  /// Whether it was sent to a loopback name: a page of another site that resolves its own name to 127.0.0.1 is not.
  var isForLoopback: Bool {
    let host = headers[.host]?.split(separator: ":").first
    return host == "127.0.0.1" || host == "localhost"
  }
}

private extension HTTPResponse {
  /// The response, of which HEAD gets all but the body.
  func answering(_ request: HTTPRequest) -> HTTPResponse {
    request.method == HTTPMethod("HEAD")
      ? HTTPResponse(statusCode: statusCode, headers: headers) : self
  }

  static let elsewhere = respond(
    .forbidden, "text/plain", "This server answers loopback names only.")
}
