package lossmith.lab;

/** What random numbers are for: each use has a sequence of its own. */
final class Streams {
  static final long WEIGHTS = 1;
  static final long DEMONSTRATIONS = 2;
  static final long PROMPTS = 3;
  static final long RESPONSES = 4;
  static final long ORDER = 5;
  static final long HELD_OUT = 6;
  static final long RIVALS = 7;
  static final long OPTIMAL_VALUES = 8;

  private Streams() {}
}
