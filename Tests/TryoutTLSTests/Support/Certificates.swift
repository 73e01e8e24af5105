import Foundation

/// An authority of the test's own, with the certificates that it signed, as files of one folder.
struct Certificates {
  /// The names that the front serves, each with a certificate of its own.
  static let hosts = ["localhost", "tryout.localhost", "expired.localhost", "wrong.localhost"]

  let folder: URL

  /// What a client must trust.
  var authority: String { folder.appendingPathComponent("authority.pem").path }

  /// Makes everything with the `openssl` command: one key for all, since nobody keeps secrets here.
  init(in folder: URL) async throws {
    self.folder = folder
    let openssl = try Tool("openssl")
    try await openssl.run(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-keyout", "key.pem", "-out", "authority.pem", "-subj", "/CN=An authority for tests",
      "-days", "2", in: folder)
    for host in Certificates.hosts {
      let name = host == "wrong.localhost" ? "elsewhere.example" : host
      let days = host == "expired.localhost" ? "-1" : "2"
      try await openssl.run(
        "req", "-new", "-key", "key.pem", "-subj", "/CN=\(name)", "-addext",
        "subjectAltName=DNS:\(name)", "-out", "request.pem", in: folder)
      try await openssl.run(
        "x509", "-req", "-in", "request.pem", "-CA", "authority.pem", "-CAkey", "key.pem",
        "-days", days, "-copy_extensions", "copy", "-out", "\(host).pem", in: folder)
    }
  }
}
