package lossmith.ops.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import lossmith.dsl.Level;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/** Of a few rows only the matrices are narrow, and they may lie on their side. */
final class RowShapeTest {
  private static RowShape along(int axis) {
    return new RowShape(TFloat32.class, TBfloat16.class, 80, 4, 7, axis, HashMap.empty());
  }

  @Test
  void matricesAreNarrowAndColumnsAreNot() {
    assertEquals(TBfloat16.class, along(1).typeOf(Level.Name.VOCABULARY));
    assertEquals(TFloat32.class, along(1).typeOf(Level.Name.TOKEN));
  }

  @Test
  void eachLevelHasItsShape() {
    assertEquals(Shape.of(4, 7), along(1).of(Level.Name.VOCABULARY));
    assertEquals(Shape.of(7, 4), along(0).of(Level.Name.VOCABULARY));
    assertEquals(Shape.of(4), along(0).of(Level.Name.TOKEN));
    assertEquals(Shape.of(1), along(0).of(Level.Name.BATCH));
    assertEquals(Shape.of(4, 3), along(1).of(3).of(Level.Name.VOCABULARY));
  }
}
