package lossmith.fuzz;

import java.util.List;

/** What is written where something else is expected, as JSON. */
final class Oddities {
  /** Where an entry of a list is expected. */
  static final List<String> SCALARS =
      List.of(
          "null",
          "NaN",
          "Infinity",
          "-Infinity",
          "1e999",
          "-1e308",
          "1e308",
          "1e-320",
          "-0.0",
          "true",
          "\"text\"",
          "\"-1\"",
          "[]",
          "[-1]",
          "{}",
          "12345678901234567890123456789",
          "1".repeat(1001));

  /** Where anything is expected. */
  static final List<String> ANYTHING =
      List.of(
          "null",
          "0",
          "1",
          "-1.5",
          "1e999",
          "NaN",
          "true",
          "\"\"",
          "\"text\"",
          "\"1.5\"",
          "\"1f\"",
          "\"0x1p3\"",
          "\" 2 \"",
          "\"nan\"",
          "\"-inf\"",
          "\"\\ud83d\"",
          "[]",
          "[1,2]",
          "[null]",
          "[[]]",
          "{}",
          "{\"score\":1}",
          "{\"a\":{\"b\":[{\"c\":1}]}}",
          "\"[1,2]\"",
          "\"{\"");

  private Oddities() {}
}
