import CCurl
import TryoutCore

/// Why libcurl could not finish a transfer.
struct CurlError: Sendable, Equatable {
  let code: UInt32
  /// libcurl's own words; may be empty.
  let detail: String
  /// What a proxy answered to CONNECT; zero without one.
  let proxyStatus: Int

  /// Names the failure for a transfer that got as far as said.
  func failure(at host: String, wasSent: Bool, hasBody: Bool) -> Failure {
    let reason = detail.isEmpty ? String(cString: curl_easy_strerror(CURLcode(code))) : detail
    if proxyStatus >= 300 {
      return Failure(
        .proxy,
        "The proxy refused to connect to \(host): HTTP \(proxyStatus). Check https_proxy."
      )
    }
    switch CURLcode(code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return Failure(
        .dns,
        "No address found for \(host). Check the base URL and the name server (\(reason))."
      )
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
      return Failure(
        .proxy,
        "The proxy cannot be used: \(reason). Check http_proxy and https_proxy."
      )
    case CURLE_COULDNT_CONNECT:
      return Failure(.connect, "No connection to \(host): \(reason). Is the server running?")
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
      CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
      return Failure(
        .tls,
        "No secure connection to \(host): \(reason). \(CurlError.advice(onTLS: reason))"
      )
    case CURLE_OPERATION_TIMEDOUT:
      return Failure(
        wasSent ? .timeoutTotal : .timeoutConnect,
        "\(host) did not answer in time: \(reason)."
      )
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED:
      return wasSent
        ? Failure(.malformed, "\(host) does not speak HTTP: \(reason).")
        : Failure(
          .unsupported,
          "The base URL cannot be used: \(reason). It must be http:// or https:// without a user."
        )
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      return Failure(.malformed, "\(host) answered something that is not HTTP: \(reason).")
    default:
      // Send and receive errors, empty replies, partial bodies, HTTP/2 streams that were reset.
      if hasBody { return Failure(.truncatedStream, "\(host) cut the answer short: \(reason).") }
      return wasSent
        ? Failure(.reset, "\(host) closed the connection before it answered: \(reason).")
        : Failure(.connect, "No connection to \(host): \(reason).")
    }
  }
}
