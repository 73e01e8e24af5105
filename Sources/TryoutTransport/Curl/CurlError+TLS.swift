extension CurlError {
  /// What to do about a secure connection that failed for a reason in libcurl's words.
  ///
  /// Those words are the TLS library's own: the first are OpenSSL's, the others GnuTLS's or Apple's.
  static func advice(onTLS reason: String) -> String {
    let reason = reason.lowercased()
    func says(_ words: String...) -> Bool { words.contains(where: reason.contains) }
    if says("has expired", "expiration date has passed") {
      return
        "The server's certificate is out of date: whoever runs it must renew it. Or this machine's clock is wrong."
    }
    if says("not yet valid", "not activated", "activation date") {
      return "The server's certificate is not valid yet. Check this machine's clock."
    }
    if says("subject name", "does not match", "hostname mismatch") {
      return "The server's certificate is for another name. Check the host in base_url."
    }
    if says("setting certificate", "certificate file", "verify locations", "cacert") {
      return "The file of trusted certificates cannot be read. Check SSL_CERT_FILE."
    }
    if says(
      "self-signed", "self signed", "issuer", "unknown ca", "certificate verification failed",
      "not trusted")
    {
      return
        "No authority that this machine trusts has signed the server's certificate. If it is your own authority, "
        + "name a file with its certificate in SSL_CERT_FILE."
    }
    if says(
      "wrong version number", "http request", "unexpected tls packet", "ssl_error_syscall",
      "unexpected eof")
    {
      return
        "The server does not seem to speak TLS on this port. Check the port and the scheme in base_url."
    }
    return "Check the certificates of this machine and of the server."
  }
}
