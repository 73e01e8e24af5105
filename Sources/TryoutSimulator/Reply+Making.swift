extension Reply {
  /// Plans the reply to one request; the same arguments always give the same reply.
  ///
  /// - Parameters:
  ///   - occurrence: how often this model was asked these messages before, from 0.
  ///   - now: since the epoch; shows in `created`, in ids and in resets, and nowhere else.
  package init(
    to request: ChatRequest,
    script: Script,
    occurrence: Int,
    now: Duration
  ) {
    guard let persona = script.personas[request.model] else {
      self = .refusal(status: 404, message: "No endpoints found for \(request.model).")
      return
    }
    if let refusal = Reply.refusal(by: persona.listing, of: request, price: persona.costPerToken) {
      self = refusal
      return
    }
    var hash = request.hash(seed: script.seed)
    hash.add(UInt64(occurrence))
    var randomness = Randomness(seed: hash.value)

    let fault = persona.faults.struck(occurrence: occurrence, roll: randomness.unit())
    let position = randomness.unit()
    let answer = Answer(
      to: request,
      by: persona,
      shared: script.answers,
      says: fault?.kind != .empty,
      using: &randomness
    )
    if let fault, let refusal = Reply.refusal(fault, of: request.model, answer: answer, now: now) {
      self = refusal
      return
    }

    let created = now.components.seconds
    let wire = Wire(
      id: "gen-\(created)-\(Reply.suffix(using: &randomness))",
      created: created,
      model: request.model,
      costPerToken: persona.costPerToken,
      usageChunk: persona.usageChunk
    )
    if request.stream {
      let withUsage =
        switch persona.usage {
        case .none: false
        case .onRequest: request.wantsUsage
        case .always: true
        }
      self = .streamed(answer, wire: wire, withUsage: withUsage, fault: fault, position: position)
      comment(persona.comments, until: answer.firstToken)
    } else {
      self = .inOnePiece(answer, wire: wire, withUsage: persona.usage != .none, fault: fault)
      pad(persona.padding)
    }
    let generation = Generation(answer, to: request, by: wire)
    self.generation = generation
    cost = generation.cost
  }

  private static func streamed(
    _ answer: Answer,
    wire: Wire,
    withUsage: Bool,
    fault: Fault?,
    position: Double
  ) -> Reply {
    let head = [Piece(at: .zero, Wire.comment), Piece(at: .zero, Wire.event(wire.roleChunk))]
    let body = answer.chunks.map { Piece(at: $0.at, Wire.event(wire.tokenChunk($0))) }
    var tail = [Piece(at: answer.end, Wire.event(wire.finishChunk(answer.finishReason)))]
    if withUsage { tail.append(Piece(at: answer.end, Wire.event(wire.usageChunk(answer)))) }
    tail.append(Piece(at: answer.end, Wire.done))

    // Unless the script says where, at least one token gets out and at least one is lost.
    let drawn = 1 + Int(position * Double(max(1, body.count - 1)))
    let split = min(fault?.after ?? drawn, body.count)
    let sent = head + body[..<split]
    let rest = body[split...] + tail
    let next = rest.first?.at ?? answer.end

    var reply = Reply(headers: ["X-Generation-Id": wire.id], stream: head + body + tail)
    switch fault?.kind {
    case .cutStream:
      reply.pieces = sent
      reply.ending = .cut(at: next)
    case .truncated:
      reply.pieces = sent
    case .streamError:
      let error = wire.errorChunk(code: 502, message: "Provider disconnected")
      reply.pieces = sent + [Piece(at: next, Wire.event(error)), Piece(at: next, Wire.done)]
    case .lengthError:
      // As captured: the answer was cut twice over, and then the error comes without a finish reason.
      let error = wire.errorChunk(code: 400, message: "Token limit reached", finish: .null)
      reply.pieces =
        sent
        + [
          wire.finishChunk("length"), wire.finishChunk("length"),
          error.with(["usage": wire.usage(answer)]),
        ]
        .map { Piece(at: next, Wire.event($0)) } + [Piece(at: next, Wire.done)]
    case .malformed:
      let broken = Piece(at: next, #"data: {"id":"\#(wire.id)","choices":[{"delta":{"con"# + "\n\n")
      reply.pieces = sent + [broken] + rest
    case .stall:
      let lasts = fault?.lasts ?? .zero
      reply.pieces = sent + rest.map { $0.later(by: lasts) }
    default: break
    }
    return reply
  }

  private static func inOnePiece(
    _ answer: Answer,
    wire: Wire,
    withUsage: Bool,
    fault: Fault?
  ) -> Reply {
    let text = wire.completion(answer, withUsage: withUsage).text
    let half = String(text.prefix(text.count / 2))
    let headers = ["X-Generation-Id": wire.id]
    var reply = Reply(status: 200, headers: headers, at: answer.end, text: text)
    switch fault?.kind {
    case .cutStream:
      reply.pieces = [Piece(at: answer.end, half)]
      reply.ending = .cut(at: answer.end)
    case .truncated, .malformed:
      reply = Reply(status: 200, headers: headers, at: answer.end, text: half)
    case .stall:
      let end = answer.end + (fault?.lasts ?? .zero)
      reply = Reply(status: 200, headers: headers, at: end, text: text)
    case .streamError, .lengthError:
      let error = Reply.errorBody(code: 502, message: "Provider disconnected")
      reply = Reply(status: 200, headers: headers, at: answer.end, text: error.text)
    default: break
    }
    return reply
  }

  /// Comments while the model has not begun, and one after every fifth event.
  private mutating func comment(_ count: Int, until firstToken: Duration) {
    guard count > 0, status == 200 else { return }
    let early = (0..<count).map { Piece(at: firstToken * $0 / (count + 1), Wire.comment) }
    var rest: [Piece] = []
    for (index, piece) in pieces.enumerated() {
      rest.append(piece)
      if index % 5 == 4 { rest.append(Piece(at: piece.at, Wire.comment)) }
    }
    // The head, a comment and the role, stays the first.
    pieces = Array(rest.prefix(1)) + early + rest.dropFirst()
    pieces.sort { $0.at < $1.at }
  }

  /// White space before the body, as OpenRouter keeps a connection alive: status and first bytes come at once.
  private mutating func pad(_ lines: Int) {
    guard lines > 0, status == 200 else { return }
    let blank = "\n" + String(repeating: " ", count: 9) + "\n"
    let blanks = (0..<lines).map { Piece(at: headAt * $0 / (lines + 1), blank) }
    pieces = blanks + pieces
    headAt = .zero
    contentLength = nil
  }

  private static func suffix(using randomness: inout Randomness) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<20).map { _ in randomness.pick(letters) })
  }
}

extension Reply.Piece {
  fileprivate func later(by delay: Duration) -> Reply.Piece {
    var piece = self
    piece.at += delay
    return piece
  }
}
