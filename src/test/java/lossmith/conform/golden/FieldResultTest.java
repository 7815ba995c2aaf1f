package lossmith.conform.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FieldResultTest {
  private static NumberArray row(double... values) {
    return NumberArray.of(values, values.length);
  }

  private static FieldResult array(NumberArray got, NumberArray expected) {
    return FieldResult.of("x", got, expected, 0);
  }

  @Test
  void whatWasAddedUpToAnArrayIsItsScaleWhereItIsMore() {
    assertTrue(FieldResult.of("x", row(0, 0.9e-9), row(0, 0), 1).holds());
    assertFalse(FieldResult.of("x", row(0, 1.1e-9), row(0, 0), 1).holds());
    assertFalse(array(row(0, 1e-17), row(0, 0)).holds());
  }

  @Test
  void theScaleOfAnArrayIsItsLargestEntry() {
    FieldResult near = array(row(1000, 1e-9), row(1000, 0));
    assertTrue(near.holds());
    assertEquals("[1]", near.where());
    assertEquals(1e-12, near.relative(), 1e-24);
    assertFalse(array(row(1000, 1.1e-6), row(1000, 0)).holds());
  }

  @Test
  void theScaleOfANumberIsWhatWasAddedUpToIt() {
    assertTrue(number(2 * (1 + 0.9e-9), 0, 2).holds());
    assertFalse(number(2 * (1 + 1.1e-9), 0, 2).holds());
    assertTrue(number(0.9e-6, 1000, 0).holds());
    assertFalse(number(1.1e-6, 1000, 0).holds());
    assertFalse(number(1e-300, 0, 0).holds());
  }

  private static FieldResult number(double got, double magnitude, double expected) {
    return FieldResult.of("x", new Total(got, magnitude), expected);
  }

  @Test
  void notANumberAgreesOnlyWithItself() {
    assertTrue(array(row(Double.NaN, 1), row(Double.NaN, 1)).holds());
    assertFalse(array(row(Double.NaN, 1), row(2, 1)).holds());
    assertFalse(array(row(2, 1), row(Double.NaN, 1)).holds());
    assertFalse(number(1, Double.POSITIVE_INFINITY, 2).holds());
    assertFalse(number(1, Double.NaN, 2).holds());
    assertTrue(number(Double.POSITIVE_INFINITY, 1, Double.POSITIVE_INFINITY).holds());
    assertFalse(number(1, 1, Double.POSITIVE_INFINITY).holds());
  }

  @Test
  void anotherShapeDoesNotAgree() {
    FieldResult finding = array(row(1, 2), NumberArray.of(new double[] {1, 2}, 2, 1));
    assertFalse(finding.holds());
    assertEquals("shape [2] instead of [2, 1]", finding.where());
  }
}
