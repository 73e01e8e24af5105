extension Schema {
  /// What programs have said of answers, by a hash of the program's words; what could not be decided is not kept.
  static let opinions = """
    CREATE TABLE opinion (
      attempt INTEGER NOT NULL REFERENCES attempt (id),
      program TEXT NOT NULL,
      passes INTEGER NOT NULL,
      score REAL NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (attempt, program)
    ) STRICT, WITHOUT ROWID;
    """
}
