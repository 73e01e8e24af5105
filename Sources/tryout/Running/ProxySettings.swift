import Foundation

/// The proxies that the environment names, which libcurl obeys: they explain latencies.
enum ProxySettings {
  /// Those that are set, as a run records them.
  static var recorded: [String: String] { recorded(in: ProcessInfo.processInfo.environment) }

  /// The names are those that libcurl reads; upper-case `HTTP_PROXY` is none of them, since servers set it from requests.
  static func recorded(in environment: [String: String]) -> [String: String] {
    var facts: [String: String] = [:]
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
      let upper = name == "http_proxy" ? nil : environment[name.uppercased()]
      guard let value = environment[name] ?? upper, !value.isEmpty else { continue }
      facts[name] = withoutUser(value)
    }
    return facts
  }

  /// A proxy's user and password are secrets like keys.
  private static func withoutUser(_ url: String) -> String {
    guard let at = url.lastIndex(of: "@") else { return url }
    let scheme = url.firstRange(of: "://").map { url[..<$0.upperBound] } ?? ""
    return String(scheme + url[url.index(after: at)...])
  }
}
