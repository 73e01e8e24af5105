import Glibc

/// A streamed chat completion as bytes, made once and stamped anew whenever a part of it is sent.
///
/// Each chunk says twice when it was sent: as its content, which a client hands on, and as `ns`, which the yardstick
/// reads.
struct Reply {
  /// Added to a stamp, so that it always has as many digits.
  static let base: Int64 = 1_000_000_000_000_000_000
  static let digits = 19

  /// How many chunks there are; a part is a chunk, and the last one ends the reply as well.
  let chunks: Int
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  /// Where each part begins, and where the last ends.
  private let starts: [Int]
  /// Where the two stamps of a part are, counted from its chunk's end.
  private let places: (Int, Int)
  private let ends: [Int]

  init(chunks: Int) {
    self.chunks = chunks
    var text = Array(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        .utf8)
    var (starts, ends) = ([0], [Int]())
    let tail = #""}}]}"# + "\n\n\r\n"
    let between = #","choices":[{"index":0,"delta":{"content":""#
    for _ in 0..<chunks {
      let event =
        #"data: {"id":"cc-1","object":"chat.completion.chunk","ns":"# + "\(Reply.base)" + between
        + "\(Reply.base)" + #""}}]}"# + "\n\n"
      text += Reply.framed(event)
      ends.append(text.count)
      starts.append(text.count)
    }
    text += Reply.framed(
      #"data: {"id":"cc-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":17,"completion_tokens":\#(chunks),"total_tokens":\#(chunks + 17)}}"#
        + "\n\ndata: [DONE]\n\n")
    text += Array("0\r\n\r\n".utf8)
    starts[chunks] = text.count
    bytes = .allocate(capacity: text.count)
    _ = bytes.initialize(from: text)
    self.starts = starts
    self.ends = ends
    let second = tail.utf8.count + Reply.digits
    places = (second + between.utf8.count + Reply.digits, second)
  }

  /// Stamps the parts with this moment and sends them; false where the peer is gone or does not keep up.
  func send(_ parts: Range<Int>, to socket: Int32) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Reply.digits) { stamp in
      var rest = Moment.now() + Reply.base
      for place in stamp.indices.reversed() {
        stamp[place] = UInt8(48 + rest % 10)
        rest /= 10
      }
      guard let digits = stamp.baseAddress, let start = bytes.baseAddress else { return }
      for part in parts {
        memcpy(start + ends[part] - places.0, digits, Reply.digits)
        memcpy(start + ends[part] - places.1, digits, Reply.digits)
      }
    }
    let range = starts[parts.lowerBound]..<starts[parts.upperBound]
    let sent = Glibc.send(
      socket, bytes.baseAddress.map { $0 + range.lowerBound }, range.count, Int32(MSG_NOSIGNAL))
    return sent == range.count
  }

  /// One chunk of HTTP's chunked coding.
  private static func framed(_ text: String) -> [UInt8] {
    Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)
  }
}

/// The clock of both processes: nanoseconds of `CLOCK_MONOTONIC`.
enum Moment {
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
