/// Why no request can be made on this machine at all.
package enum TransportError: Error, Equatable, CustomStringConvertible {
  /// libcurl lacks the callback that tells when a request is sent.
  case tooOld(version: String)
  /// Looking up a name would stop all other exchanges.
  case blockingNames(version: String)
  case noTLS(version: String)
  /// The system refused a thread or a descriptor.
  case noEngine(String)

  package var description: String {
    switch self {
    case .tooOld(let version):
      "libcurl 7.80 or newer is needed, found \(version). Install a newer libcurl."
    case .blockingNames(let version):
      "libcurl \(version) looks up names one at a time, which would spoil every measurement. "
        + "Install a libcurl with AsynchDNS (`curl --version` lists it under Features)."
    case .noTLS(let version):
      "libcurl \(version) was built without TLS. Install one with it, such as libcurl4-openssl."
    case .noEngine(let reason):
      "The network engine cannot start: \(reason). Check the limits of this process (`ulimit -a`)."
    }
  }
}
