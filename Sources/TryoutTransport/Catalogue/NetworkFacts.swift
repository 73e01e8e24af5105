import CCurl
import Foundation

/// What this process uses on its way to providers, whoever they are.
package struct NetworkFacts: Sendable {
  /// Name, version and parts of libcurl.
  package var curl: String
  /// Features that matter here, by name, with whether the library has them.
  package var features: [(name: String, isThere: Bool)]
  /// The file of certificates that servers are checked with; nil where the library has others or does not tell.
  package var certificates: String?
  /// Whether SSL_CERT_FILE names it.
  package var isNamedByUser: Bool
  /// Environment variables that name proxies, with their values; without user names and passwords.
  package var proxies: [(name: String, value: String)]

  /// Throws where the library lacks what honest measurements need.
  package static func now() throws(TransportError) -> NetworkFacts {
    try CurlLibrary.check()
    let info = curl_version_info_now().pointee
    let wanted = [
      ("HTTP/2", CURL_VERSION_HTTP2), ("IPv6", CURL_VERSION_IPV6),
      ("asynchronous names", CURL_VERSION_ASYNCHDNS),
    ]
    return NetworkFacts(
      curl: CurlLibrary.version,
      features: wanted.map { ($0.0, info.features & $0.1 != 0) },
      certificates: CurlLibrary.namedCertificates ?? CurlLibrary.builtInCertificates,
      isNamedByUser: CurlLibrary.namedCertificates != nil,
      proxies: proxies(in: ProcessInfo.processInfo.environment))
  }

  private static func proxies(
    in environment: [String: String]
  ) -> [(name: String, value: String)] {
    // libcurl heeds HTTP_PROXY in lower case only, since a CGI server sets the other from a request.
    let names = [
      "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]
    return names.compactMap { name in
      guard let value = environment[name], !value.isEmpty else { return nil }
      return (
        name,
        value.replacing(/\/\/[^\/@]*@/, with: "//[user]@").replacing(/^[^\/@]*@/, with: "[user]@")
      )
    }
  }
}
