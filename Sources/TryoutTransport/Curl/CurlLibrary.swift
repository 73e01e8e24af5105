import CCurl
import Foundation

/// The libcurl that this process has loaded.
enum CurlLibrary {
  /// Initialises libcurl once for the process, and keeps dead connections from ending it.
  private static let initialised: Bool = {
    curl_tls_skip_exit_handler()
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()

  /// Name, version and parts of the library, such as `libcurl/8.5.0 OpenSSL/3.0.13 zlib/1.3`.
  static var version: String {
    _ = initialised
    return String(cString: curl_version())
  }

  /// The file of trusted certificates that the environment names in place of the built-in one.
  static let namedCertificates = ProcessInfo.processInfo.environment["SSL_CERT_FILE"].flatMap {
    $0.isEmpty ? nil : $0
  }

  /// The file that libcurl was built to trust; nil where it has none or does not tell.
  static let builtInCertificates: String? = withHandle { easy in
    curl_easy_default_certificates(easy).map { String(cString: $0) }
  }

  /// The file to trust and nothing else; nil leaves everything to libcurl.
  ///
  /// That is the built-in one where libcurl has a directory beside it, which costs much (`Trust`).
  static let certificates: String? = {
    if let namedCertificates { return namedCertificates }
    guard let builtInCertificates, withHandle(curl_easy_has_certificate_directory) == true,
      FileManager.default.isReadableFile(atPath: builtInCertificates)
    else { return nil }
    return builtInCertificates
  }()

  private static func withHandle<Answer>(
    _ body: (UnsafeMutableRawPointer) -> Answer?
  ) -> Answer? {
    guard initialised, let easy = curl_easy_init() else { return nil }
    defer { curl_easy_cleanup(easy) }
    return body(easy)
  }

  /// Throws where the library lacks what honest measurements need.
  static func check() throws(TransportError) {
    guard initialised else { throw .noEngine("libcurl cannot be initialised") }
    let info = curl_version_info_now().pointee
    let version = info.version.map { String(cString: $0) } ?? "of an unknown version"
    if info.version_num < 0x07_50_00 { throw .tooOld(version: version) }
    if info.features & CURL_VERSION_ASYNCHDNS == 0 { throw .blockingNames(version: version) }
    if info.features & CURL_VERSION_SSL == 0 { throw .noTLS(version: version) }
  }
}
