import Testing
import TryoutCore
import TryoutTransport

/// Asks one model of an account whose key is `sk-secret`.
struct Asking {
  private let transport: CurlTransport

  /// Trusts what the front's authority has signed, unless another file is named.
  init(_ front: Front, host: String = "localhost", trusting file: String? = nil) throws {
    try self.init(front.url(host), trusting: file ?? front.authority)
  }

  init(_ url: String, trusting file: String? = nil) throws {
    let endpoint = Endpoint(url: url, key: "sk-secret")
    transport = try CurlTransport(endpoints: ["test": endpoint], certificates: file)
  }

  /// Whether the loaded libcurl keeps the certificates it has read, as it does with OpenSSL since 7.87.
  static var keepsCertificates: Bool {
    let version = CurlTransport.curlVersion
    guard let numbers = version.firstMatch(of: /libcurl\/([0-9]+)\.([0-9]+)/),
      let major = Int(numbers.1), let minor = Int(numbers.2)
    else { return false }
    return version.contains("OpenSSL") && (major, minor) >= (7, 87)
  }

  /// Closes its connections.
  func end() { transport.shutdown() }

  func callAsFunction(
    _ prompt: String = "Say hello.", http: HTTPVersion = .http1
  ) async throws -> Exchange {
    let preset = try #require(Provider.preset(named: "openai"))
    let account = Account(id: "test", provider: preset, keyVariable: "TEST_KEY")
    return await transport.ask(
      Question(account: account, model: "quick", user: prompt, http: http))
  }
}
