package lossmith.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassingTest {
  /** The share of all choices of k among n tries that hold a right one, counted. */
  private static double counted(int n, int right, int k) {
    int all = 0;
    int passed = 0;
    for (int choice = 0; choice < 1 << n; choice++) {
      if (Integer.bitCount(choice) == k) {
        all++;
        passed += (choice & ((1 << right) - 1)) != 0 ? 1 : 0;
      }
    }
    return (double) passed / all;
  }

  @ParameterizedTest
  @CsvSource({"10,0,3", "10,1,3", "10,4,3", "10,8,3", "10,10,10", "10,1,10", "6,3,1", "1,1,1"})
  void passAtKIsTheShareOfChoicesThatPass(int n, int right, int k) {
    assertEquals(counted(n, right, k), Passing.passAt(n, right, k), 1e-12);
  }
}
