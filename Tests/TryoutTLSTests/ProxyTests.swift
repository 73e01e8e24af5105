import Foundation
import Testing
import TryoutCore

/// TLS through the proxy that the environment names, each in a process that has the environment to itself.
///
/// `localhost` is never asked for through a proxy; `tryout.localhost` is, and means this machine as well.
struct ProxyTests {
  @Test(arguments: HTTPVersion.allCases)
  func aProxyPassesOnWhatItCannotRead(http: HTTPVersion) async {
    await #expect(processExitsWith: .success) { [http] in
      let proxy = try ConnectProxy()
      defer { proxy.stop() }
      setenv("https_proxy", "http://127.0.0.1:\(proxy.port)", 1)
      unsetenv("no_proxy")
      unsetenv("NO_PROXY")
      let (exchange, requests) = try await Front.serving { front in
        let ask = try Asking(front, host: "tryout.localhost")
        defer { ask.end() }
        return try await ask(http: http)
      }
      #expect(exchange.failure == nil)
      #expect(exchange.httpStatus == 200)
      #expect(exchange.connection.httpVersion == http.rawValue)
      #expect(requests.map(\.host) == ["tryout.localhost"])
      let head = try #require(proxy.heads.first)
      #expect(proxy.heads.count == 1)
      #expect(head.hasPrefix("CONNECT tryout.localhost:"))
      #expect(!head.contains("sk-secret"))
    }
  }

  @Test(arguments: ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
  func aProxyThatRefusesIsToBlame(refusal: String) async {
    await #expect(processExitsWith: .success) { [refusal] in
      let proxy = try ConnectProxy(refusal: refusal)
      defer { proxy.stop() }
      setenv("https_proxy", "http://127.0.0.1:\(proxy.port)", 1)
      unsetenv("no_proxy")
      unsetenv("NO_PROXY")
      let ask = try Asking("https://tryout.localhost:1/v1")
      defer { ask.end() }
      let exchange = try await ask()
      let failure = try #require(exchange.failure)
      #expect(failure.kind == .proxy)
      #expect(failure.message.contains(refusal.prefix(3)))
      #expect(exchange.timeline.sent == nil)
      #expect(exchange.httpStatus == nil)
      #expect(proxy.heads.allSatisfy { !$0.contains("sk-secret") })
    }
  }
}
