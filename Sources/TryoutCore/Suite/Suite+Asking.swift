extension Suite {
  /// The suite that asks these targets one prompt, once, and judges nothing but whether an answer came.
  ///
  /// Accounts, limits, time limits and the budget stay as they are. Nothing is retried: whoever asks sees what happened.
  package func asking(_ prompt: String, system: String?) -> Suite {
    var suite = self
    suite.prompts = [
      Prompt(
        id: "ask", system: system.map(Template.init(literal:)), user: Template(literal: prompt))
    ]
    suite.cases = [Case(id: "default", checks: [Check(id: "not_empty", .notEmpty)])]
    (suite.exclusions, suite.judges, suite.gates) = ([], [], [])
    suite.recommendation = nil
    suite.run.samples = 1
    suite.run.warmup = 0
    suite.run.order = .sequential
    suite.run.load = .closed
    suite.run.retry.attempts = 1
    return suite
  }
}
