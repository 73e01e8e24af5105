import CCurl

/// What the connections of an engine have in common: whom they trust, and the TLS sessions to take up again.
///
/// libcurl would keep sessions with each handle, and whether a new connection resumes one would depend on which handle
/// was idle. Only the engine's thread uses it, so nothing is locked; it must outlive every handle.
final class Trust {
  private let certificates: String?
  /// Nil where libcurl has no memory left, which costs only the resuming.
  private let sessions: UnsafeMutableRawPointer?

  /// Trusts what the file's certificates have signed and nothing else, or what libcurl was built to trust.
  init(certificates: String?) {
    self.certificates = certificates
    sessions = curl_share_init()
    if let sessions { curl_share_setopt_sessions(sessions) }
  }

  deinit { curl_share_cleanup(sessions) }

  /// Both the signature and the name of a server are always checked.
  func apply(to easy: UnsafeMutableRawPointer) {
    curl_easy_setopt_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    curl_easy_setopt_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
    if let certificates {
      curl_easy_setopt_string(easy, CURLOPT_CAINFO, certificates)
      // With a directory beside it libcurl (since 7.87) would read the file anew for each connection: some 14 ms, in
      // which no other stream is read.
      curl_easy_setopt_pointer(easy, CURLOPT_CAPATH, nil)
    }
    curl_easy_setopt_pointer(easy, CURLOPT_SHARE, sessions)
  }

  /// Whether a connection that is ready took up an earlier session; nil without TLS, or where nobody tells.
  static func isResumed(_ easy: UnsafeMutableRawPointer) -> Bool? {
    let answer = curl_easy_tls_resumed(easy)
    return answer < 0 ? nil : answer != 0
  }
}
