package lossmith.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.stream.DoubleStream;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;

class RowTableTest {
  private static void add(RowTable table, double... numbers) {
    table.add(
        rows -> {
          for (double number : numbers) {
            rows.beginRow();
            rows.append(number);
            rows.endRow();
          }
        });
  }

  private static double[] all(RowTable table) {
    DoubleStream.Builder found = DoubleStream.builder();
    table.numbers("SELECT x FROM entries ORDER BY x", found::add);
    return found.build().toArray();
  }

  @Test
  void tablesOfOneBudgetDoNotSeeEachOther() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    try (RowTable one = new RowTable("x DOUBLE", budget)) {
      add(one, 3, 1);
      try (RowTable other = new RowTable("x DOUBLE", budget)) {
        add(other, 7);
        add(one, 2);
        assertArrayEquals(new double[] {1, 2, 3}, all(one));
        assertArrayEquals(new double[] {7}, all(other));
      }
      assertEquals(6, one.number("SELECT sum(x) FROM entries"));
    }
    try (RowTable later = new RowTable("x DOUBLE", budget)) {
      assertEquals(0, later.number("SELECT count(*) FROM entries"));
    }
  }

  @Test
  void oneThatIsNeverUsedOpensNothing() {
    new RowTable("no such type", new MemoryBudget(1 << 20)).close();
  }

  @Test
  void aBudgetThatIsTooSmallIsToldWithALargerOne() {
    try (RowTable table = new RowTable("x DOUBLE", new MemoryBudget(1 << 20))) {
      ProblemException thrown =
          assertThrows(
              ProblemException.class,
              () -> table.number("SELECT len(list(range)) FROM range(100000000)"));
      assertEquals("memory", thrown.problems().head().code());
      assertTrue(thrown.problems().head().remedy().contains("--memory 1024M"));
    }
  }

  @Test
  void whatDoesNotWorkIsTold() {
    try (RowTable wrong = new RowTable("x DOUBLE", new MemoryBudget(1 << 20))) {
      assertThrows(UncheckedIOException.class, () -> wrong.number("SELECT y FROM entries"));
    }
  }
}
