package lossmith.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A problem is one line, whatever was written. */
class ProblemTest {
  @Test
  void whatEndsALineOrSteersATerminalIsSpelledOut() {
    Problem problem = Problem.of("file", "a\nb\u001b[31m\u2028é\\", "one\tline", "another");
    assertEquals(
        "file: got a\\u000ab\\u001b[31m\\u2028é\\; expected one\\u0009line; write another",
        problem.toString());
  }
}
