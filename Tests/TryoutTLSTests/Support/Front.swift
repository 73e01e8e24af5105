import Foundation
import TryoutCore
import TryoutSimulator
import TryoutTransport

/// nginx with TLS and HTTP/2 in front of a simulator, serving `Certificates.hosts` on one port.
struct Front {
  /// One request as nginx wrote it down.
  struct Request: Equatable {
    var connection: String
    var host: String
    /// `HTTP/1.1` or `HTTP/2.0`.
    var version: String
    /// Whether the connection took up an earlier TLS session.
    var isResumed: Bool
    var key: String

    fileprivate init?(line: Substring) {
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5 else { return nil }
      (connection, host, version, key) = (fields[0], fields[1], fields[2], fields[4])
      isResumed = fields[3] == "r"
    }
  }

  /// How nginx is set up.
  struct Setting {
    var requestsPerConnection = 1000
    var protocols = "TLSv1.2 TLSv1.3"
  }

  let port: UInt16
  let authority: String
  /// The simulator itself, without TLS.
  let plainURL: String

  func url(_ host: String = "localhost") -> String { "https://\(host):\(port)/v1" }

  /// Serves while `body` runs, and returns its result with all requests that came.
  static func serving<Result>(
    _ script: Script = .quick,
    _ setting: Setting = Setting(),
    _ body: (Front) async throws -> Result
  ) async throws -> (result: Result, requests: [Request]) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tryout-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let certificates = try await Certificates(in: folder)
    return try await Simulator(script: script).withRunning { simulator in
      let (nginx, port) = try await start(in: folder, setting, before: simulator.port)
      let front = Front(
        port: port, authority: certificates.authority, plainURL: simulator.baseURL)
      do {
        let result = try await body(front)
        // A client may have its whole answer before nginx has written that down; it does before it ends.
        nginx.stop()
        _ = await nginx.end()
        let log = try String(
          contentsOf: folder.appendingPathComponent("access.log"), encoding: .utf8)
        return (result, log.split(separator: "\n").compactMap(Request.init))
      } catch {
        nginx.stop()
        _ = await nginx.end()
        throw error
      }
    }
  }

  /// Starts nginx and waits until it listens; again, where somebody was quicker to take the port.
  private static func start(
    in folder: URL, _ setting: Setting, before simulator: UInt16
  ) async throws -> (Tool.Running, UInt16) {
    let tool = try Tool("nginx")
    var said = ""
    for _ in 0..<5 {
      let port = try Loopback.freePort()
      try configuration(setting, port: port, before: simulator)
        .write(to: folder.appendingPathComponent("nginx.conf"), atomically: true, encoding: .utf8)
      let nginx = try tool.start(
        ["-p", folder.path, "-e", "error.log", "-c", "nginx.conf"], in: folder)
      while nginx.isRunning {
        // It writes this once it listens; whoever connected could meet the nginx of another test.
        if FileManager.default.fileExists(atPath: folder.path + "/nginx.pid") {
          return (nginx, port)
        }
        try await Task.sleep(for: .milliseconds(5))
      }
      said = nginx.said
    }
    throw Tool.Trouble.failed("nginx", said: said)
  }

  private static func configuration(
    _ setting: Setting, port: UInt16, before simulator: UInt16
  ) -> String {
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    let servers = Certificates.hosts.map { host in
      """
        server {
          listen 127.0.0.1:\(port) ssl http2;
          server_name \(host);
          ssl_certificate \(host).pem;
          ssl_certificate_key key.pem;
          location / { proxy_pass http://127.0.0.1:\(simulator); }
        }
      """
    }
    return """
      daemon off;
      worker_shutdown_timeout 10s;
      pid nginx.pid;
      error_log error.log info;
      events { worker_connections 512; }
      http {
      \(kinds.map { "  \($0)_temp_path temp_\($0);" }.joined(separator: "\n"))
        log_format facts '$connection|$server_name|$server_protocol|$ssl_session_reused|$http_authorization';
        access_log access.log facts;
        ssl_session_cache shared:front:1m;
        ssl_protocols \(setting.protocols);
        keepalive_requests \(setting.requestsPerConnection);
        proxy_http_version 1.1;
        proxy_buffering off;
      \(servers.joined(separator: "\n"))
      }
      """
  }
}

extension Script {
  /// One model, `quick`, whose answers take few milliseconds.
  static var quick: Script {
    var persona = Persona()
    persona.firstToken = Latency(median: .milliseconds(20))
    persona.perToken = Latency(median: .milliseconds(1))
    var script = Script()
    script.personas["quick"] = persona
    return script
  }
}
