package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Numbers are read, not counted. */
final class ShownNumbersTest {
  @Test
  void fiveDigitsTellMostNumbersApart() {
    assertEquals(
        "[0] is -0.16667, not 0.2", ShownNumbers.in("[0] is -0.16666666666666666, not 0.2"));
    assertEquals(
        "-2 against -1", ShownNumbers.in("-2.0000000000000000 against -1.0000000000000000"));
    assertEquals("at 2.5E-9", ShownNumbers.in("at 2.5000000000000000e-09"));
  }

  @Test
  void numbersThatDifferReadDifferently() {
    assertEquals("0.1234567 against 0.1234568", ShownNumbers.in("0.1234567 against 0.1234568"));
    assertEquals("1 against 1", ShownNumbers.in("1.0 against 1.00"));
  }

  @Test
  void theNumberOfAPaperIsNone() {
    assertEquals("MiniLLM (arXiv 2306.08543)", ShownNumbers.in("MiniLLM (arXiv 2306.08543)"));
  }
}
