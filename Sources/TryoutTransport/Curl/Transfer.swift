import CCurl
import TryoutCore

/// One exchange on its easy handle: the state that libcurl's callbacks write.
///
/// It lives behind a pointer that libcurl hands back to each callback, so that a chunk costs no
/// allocation and no reference count. Only the engine's thread touches it.
struct Transfer {
  let easy: UnsafeMutableRawPointer
  /// The call into libcurl that is under way.
  private let turn: UnsafeMutablePointer<Turn>
  private let errorText: UnsafeMutablePointer<CChar>
  private var headers: UnsafeMutablePointer<curl_slist>?

  private(set) var letter: Mailbox.Letter
  private var start: Int64 = 0
  /// When libcurl had been called for the first time.
  private var driven: Int64 = 0
  /// How long of it the process stood still, and when it went on.
  private var stoodStill: Int64 = 0
  private var wentOn: Int64?
  private var sent: Int64?
  private var sends = 0
  private var resumed: Bool?
  private var headersCame: Int64?
  private var firstByte: Int64?
  private var head = ResponseHead()
  private var body = BodyReader()

  private var stampedTurn: UInt64 = 0
  private var stamp: Int64 = 0
  /// How long the bytes may have waited for the stamp of this turn, of the first token's, and of the last token's.
  private var lag: Int64 = 0
  private var firstLag: Int64 = 0
  private var lastLag: Int64 = 0
  /// Where the bytes that were handed over last end in memory.
  private var readEnd: UInt = 0
  /// Reads that brought something of the body, and when the last of them was.
  private var reads = 0
  private var lastRead: Int64 = 0
  /// Bytes of the answer that were shown.
  private var shown = 0

  /// Prepares an easy handle with all that does not change from order to order; nil without memory.
  static func make(
    for letter: Mailbox.Letter,
    turn: UnsafeMutablePointer<Turn>,
    _ trust: Trust
  ) -> UnsafeMutablePointer<Transfer>? {
    guard let easy = curl_easy_init() else { return nil }
    let transfer = UnsafeMutablePointer<Transfer>.allocate(capacity: 1)
    transfer.initialize(to: Transfer(easy: easy, turn: turn, letter: letter))
    let errorText = transfer.pointee.errorText
    curl_easy_setopt_pointer(easy, CURLOPT_PRIVATE, transfer)
    curl_easy_setopt_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    curl_easy_setopt_long(easy, CURLOPT_NOSIGNAL, 1)
    curl_easy_setopt_long(easy, CURLOPT_TCP_NODELAY, 1)
    // A key goes to the host it belongs to and nowhere else.
    curl_easy_setopt_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    curl_easy_setopt_http_only(easy)
    curl_easy_setopt_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    trust.apply(to: easy)
    curl_easy_setopt_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    curl_easy_setopt_long(easy, CURLOPT_POST, 1)

    curl_easy_setopt_pointer(easy, CURLOPT_WRITEDATA, transfer)
    curl_easy_setopt_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = context.assumingMemoryBound(to: Transfer.self)
      let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return transfer.pointee.takeBody(buffer) ? size * count : 0
    }
    curl_easy_setopt_pointer(easy, CURLOPT_HEADERDATA, transfer)
    curl_easy_setopt_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = context.assumingMemoryBound(to: Transfer.self)
      transfer.pointee.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return size * count
    }
    curl_easy_setopt_pointer(easy, CURLOPT_PREREQDATA, transfer)
    curl_easy_setopt_prereq(easy) { context, _, _, _, _ in
      guard let context else { return CURL_PREREQFUNC_ABORT }
      context.assumingMemoryBound(to: Transfer.self).pointee.takeSend()
      return CURL_PREREQFUNC_OK
    }
    return transfer
  }

  private init(
    easy: UnsafeMutableRawPointer,
    turn: UnsafeMutablePointer<Turn>,
    letter: Mailbox.Letter
  ) {
    self.easy = easy
    self.turn = turn
    self.letter = letter
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  /// Gives the handle and its memory back; the transfer must have left the multi handle.
  static func destroy(_ transfer: UnsafeMutablePointer<Transfer>) {
    curl_easy_cleanup(transfer.pointee.easy)
    curl_slist_free_all(transfer.pointee.headers)
    transfer.pointee.errorText.deallocate()
    transfer.deinitialize(count: 1)
    transfer.deallocate()
  }

  /// Sets what belongs to this order; the handle may have served others before.
  ///
  /// Among many others its buffer is small: streams come in small pieces, and thousands of buffers would be most of
  /// the memory.
  mutating func load(_ letter: Mailbox.Letter, among others: Int) -> CURLcode {
    let order = letter.order
    self.letter = letter
    (sent, sends, resumed, headersCame, firstByte) = (nil, 0, nil, nil, nil)
    head = ResponseHead()
    body = BodyReader(dialect: order.dialect)
    (stampedTurn, lastRead, reads) = (0, 0, 0)
    (stoodStill, wentOn) = (0, nil)
    (lag, firstLag, lastLag) = (0, 0, 0)
    shown = 0
    errorText.pointee = 0

    curl_slist_free_all(headers)
    headers = nil
    for header in order.headers { headers = curl_slist_append(headers, header) }
    curl_easy_setopt_list(easy, CURLOPT_HTTPHEADER, headers)
    let buffer = others < 256 ? 16384 : others < 2048 ? 4096 : 1024
    curl_easy_setopt_long(easy, CURLOPT_BUFFERSIZE, buffer)
    let isSecond = order.http == .http2
    let version = isSecond ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
    curl_easy_setopt_long(easy, CURLOPT_HTTP_VERSION, Int(version))
    curl_easy_setopt_long(easy, CURLOPT_PIPEWAIT, isSecond ? 1 : 0)
    // Our own deadlines are what counts; libcurl's only make sure that nothing hangs for ever.
    // They go on while the process stands still, and ours do not.
    let backstop = Int(min(order.patience.total / 1_000_000, 1 << 30)) + 3_600_000
    curl_easy_setopt_long(easy, CURLOPT_TIMEOUT_MS, backstop)
    curl_easy_setopt_long(easy, CURLOPT_CONNECTTIMEOUT_MS, backstop)
    let copied = copyBody(of: order)
    guard copied == CURLE_OK else { return copied }
    if order.isLoopback {
      // A proxy of the environment cannot reach this machine's own loopback.
      curl_easy_setopt_string(easy, CURLOPT_NOPROXY, "*")
    } else {
      // Null leaves the choice to NO_PROXY.
      curl_easy_setopt_pointer(easy, CURLOPT_NOPROXY, nil)
    }
    return curl_easy_setopt_string(easy, CURLOPT_URL, order.url)
  }

  private func copyBody(of order: Order) -> CURLcode {
    guard !order.isLookup else { return curl_easy_setopt_long(easy, CURLOPT_HTTPGET, 1) }
    curl_easy_setopt_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(order.body.count))
    return order.body.withUnsafeBytes {
      curl_easy_setopt_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
    }
  }

  /// The request is handed to libcurl now.
  mutating func begin(at now: Int64) { (start, driven) = (now, now) }

  /// libcurl has done what it could do at once.
  mutating func isDriven(at now: Int64) { driven = now }

  /// The process stood still until now.
  mutating func isResumed(after time: Int64, at now: Int64) {
    stoodStill += max(0, min(time, now - start))
    wentOn = now
  }

  var progress: Patience.Progress {
    let events = body.stream.events
    return Patience.Progress(
      start: start,
      isSent: sent != nil,
      hasToken: events.firstToken != nil,
      isDone: events.isDone,
      lastEvent: events.lastEvent,
      stoodStill: stoodStill,
      wentOn: wentOn
    )
  }

  /// The moment at which bytes were there.
  ///
  /// What one read brings gets one stamp, taken when the first of it is handed over: a token is never stamped before it
  /// was there. In one call libcurl may serve several transfers and each of them again, and may read more than once; each
  /// read fills its buffer from the start, so bytes that do not lie behind the last ones are of another read.
  private mutating func stamp(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    let address = UInt(bitPattern: bytes.baseAddress)
    let isSameRead =
      stampedTurn == turn.pointee.number && turn.pointee.owner == letter.ticket
      && address >= readEnd
    readEnd = address + UInt(bytes.count)
    guard !isSameRead else { return stamp }
    stampedTurn = turn.pointee.number
    turn.pointee.owner = letter.ticket
    stamp = MonotonicClock.now()
    lag = stamp - turn.pointee.readySince
    return stamp
  }

  /// The request is about to be written; again, if libcurl sends it a second time.
  private mutating func takeSend() {
    sends += 1
    let isNew = curl_easy_getinfo_long(easy, CURLINFO_NUM_CONNECTS) > 0
    resumed = isNew ? Trust.isResumed(easy) : nil
    sent = MonotonicClock.now()
    // libcurl looks for an answer in this same turn, and whatever it finds came later.
    stampedTurn = 0
  }

  private mutating func takeHeader(_ line: UnsafeRawBufferPointer) {
    let moment = stamp(line)
    if head.read(line: line) { headersCame = moment }
  }

  private mutating func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let moment = stamp(bytes)
    if firstByte == nil { firstByte = moment }
    if moment != lastRead {
      lastRead = moment
      reads += 1
    }
    defer {
      if body.stream.events.lastToken == moment || body.shape == .whole { lastLag = lag }
      if body.stream.events.firstToken == moment { firstLag = lag }
    }
    let goesOn = body.consume(bytes, at: moment)
    if let live = letter.order.live { show(on: live) }
    return goesOn
  }

  /// Shows what this read added to the answer.
  private mutating func show(on live: LiveText) {
    let answer = body.stream.events.scanner.answer
    guard answer.count > shown else { return }
    live.add(answer[shown...])
    shown = answer.count
  }

  /// How long its first or last token may have waited for its stamp; nil where none came.
  var stampLag: Int64? { firstByte == nil ? nil : max(firstLag, lastLag) }

  /// What we may have added to the latency: the time until the request was on its way, and the late stamp of a token.
  ///
  /// Opening a connection is the network's time, so there only the first call into libcurl is ours.
  private func harness(_ connection: Connection) -> Int64 {
    let sending = (connection.cold ? nil : sent).map { $0 - start } ?? driven - start
    return max(0, sending) + max(0, firstLag, lastLag)
  }

  /// What the engine reports about the transfer, which has ended.
  mutating func reply(_ ending: Ending, at end: Int64) -> Reply {
    body.finish(at: stamp)
    var reply = Reply(ending: body.isTooLarge ? .tooLarge : ending)
    let events = body.stream.events
    func relative(_ moment: Int64?) -> Int64? { moment.map { max(0, $0 - start) } }
    reply.timeline.origin = start
    reply.timeline.handover = max(0, start - letter.asked)
    reply.timeline.sent = relative(sent)
    reply.timeline.headers = relative(headersCame)
    reply.timeline.firstByte = relative(firstByte)
    reply.timeline.firstToken = relative(events.firstToken)
    reply.timeline.firstAnswer = relative(events.firstAnswer)
    reply.timeline.lastToken = relative(events.lastToken)
    reply.timeline.end = max(0, end - start)
    reply.connection = connection()
    reply.harness = harness(reply.connection)
    reply.reads = reads
    reply.head = head
    reply.body = body
    body = BodyReader()
    return reply
  }

  /// libcurl's times count from the start and are meaningful only for a connection opened for this
  /// transfer.
  private func connection() -> Connection {
    var connection = Connection()
    connection.sends = sends
    connection.cold = curl_easy_getinfo_long(easy, CURLINFO_NUM_CONNECTS) > 0
    connection.resumed = resumed
    if connection.cold {
      let name = curl_easy_getinfo_offset(easy, CURLINFO_NAMELOOKUP_TIME_T)
      let tcp = curl_easy_getinfo_offset(easy, CURLINFO_CONNECT_TIME_T)
      let tls = curl_easy_getinfo_offset(easy, CURLINFO_APPCONNECT_TIME_T)
      if name > 0 { connection.dns = name * 1000 }
      if tcp >= name, tcp > 0 { connection.tcp = (tcp - name) * 1000 }
      if tls >= tcp, tcp > 0, tls > 0 { connection.tls = (tls - tcp) * 1000 }
    }
    connection.httpVersion =
      switch curl_easy_getinfo_long(easy, CURLINFO_HTTP_VERSION) {
      case 1: "1.0"
      case 2: "1.1"
      case 3: "2"
      case 30: "3"
      default: nil
      }
    return connection
  }

  /// How a finished transfer ended in libcurl's eyes.
  func ending(_ code: CURLcode) -> Ending {
    guard code != CURLE_OK else { return .complete }
    return .curl(
      CurlError(
        code: code.rawValue,
        detail: String(cString: errorText),
        proxyStatus: curl_easy_getinfo_long(easy, CURLINFO_HTTP_CONNECTCODE)
      )
    )
  }
}
