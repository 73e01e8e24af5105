/// How pages look, in light and in dark.
enum HTMLStyle {
  /// No character that HTML or XML would have escaped.
  static let sheet = """
    :root { color-scheme: light dark; --text: #1d2025; --back: #fff; --soft: #5d6570; --line: #d9dde3;
      --good: #116329; --bad: #b3261e; --doubtful: #8a5a00; --bar: #3566b8; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #e4e7eb; --back: #15181c; --soft: #9aa3ae; --line: #343a42;
        --good: #6fcf8a; --bad: #ff8a80; --doubtful: #f0b849; --bar: #86aef0; }
    }
    body { margin: 0; color: var(--text); background: var(--back); font: 15px/1.5 system-ui, sans-serif; }
    main { max-width: 90rem; margin: 0 auto; padding: 1.5rem; }
    h1 { font-size: 1.4rem; line-height: 1.3; overflow-wrap: anywhere; }
    h2 { font-size: 1.05rem; margin: 2rem 0 0.5rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--line); text-align: left;
      vertical-align: top; }
    th { color: var(--soft); font-weight: 600; white-space: nowrap; }
    .figure { text-align: right; white-space: nowrap; }
    .ends, dt, sup, ol { color: var(--soft); }
    .good { color: var(--good); } .bad { color: var(--bad); font-weight: 700; }
    .doubtful, .warning { color: var(--doubtful); }
    a { color: inherit; }
    li:target { color: var(--text); font-weight: 600; }
    sup { line-height: 0; }
    svg { display: block; margin-left: auto; }
    .track { stroke: var(--line); stroke-width: 1; }
    .range { stroke: var(--bar); stroke-width: 3; opacity: 0.45; }
    .open { stroke: var(--bad); stroke-width: 3; opacity: 0.6; stroke-dasharray: 3 2; }
    .value { fill: var(--bar); }

    """
}
