package lossmith.rollouts.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lossmith.storage.MemoryBudget;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A column of a file keeps what was put into it: beside a list of lists, whatever the lengths. */
class CellColumnTest {
  private static final int ROWS = 2000;

  /**
   * @param same how many rows in a row have as many entries as the first, before others come
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 255, 256, 257, 1000, ROWS})
  void keepsEveryRow(int same) {
    Random random = new Random(same);
    for (int each : new int[] {0, 1, 5}) {
      CellColumn column = new CellColumn("numbers", new MemoryBudget(1 << 20));
      List<List<Double>> rows = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        int length = row < same ? each : random.nextInt(9) - 1;
        List<Double> numbers = random.doubles(Math.max(0, length)).boxed().toList();
        rows.add(numbers);
        // A row that is not met is one without entries.
        if (length >= 0) {
          column.open(row, CellColumn.Kind.LIST);
          numbers.forEach(column::add);
          column.close();
        }
      }
      assertTrue(column.rows() <= ROWS);
      for (int row = 0; row < ROWS; row++) {
        List<Double> numbers = rows.get(row);
        assertEquals(numbers.size(), column.length(row), "row " + row);
        double[] copied = new double[numbers.size()];
        column.copy(row, copied, 0);
        for (int i = 0; i < copied.length; i++) {
          assertEquals(numbers.get(i), column.number(row, i), "row " + row);
          assertEquals(numbers.get(i), copied[i], "row " + row);
        }
      }
    }
  }

  /** What is shared with a column of the same lengths is the same; other lengths are not shared. */
  @ParameterizedTest
  @ValueSource(ints = {1, 300, ROWS})
  void sharesEqualPlaces(int different) {
    CellColumn[] columns = new CellColumn[3];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = new CellColumn("numbers", new MemoryBudget(1 << 20));
      for (int row = 0; row < ROWS; row++) {
        columns[c].open(row, CellColumn.Kind.LIST);
        int length = (c == 2 && row == different - 1 ? 1 : 0) + row % (different == 1 ? 1 : 3);
        for (int i = 0; i < length; i++) {
          columns[c].add(1000.0 * c + row + i);
        }
        columns[c].close();
      }
    }
    assertTrue(columns[1].sharesPlaces(columns[0]));
    assertFalse(columns[2].sharesPlaces(columns[0]));
    for (int row = 0; row < ROWS; row++) {
      assertEquals(columns[0].length(row), columns[1].length(row));
      for (int i = 0; i < columns[1].length(row); i++) {
        assertEquals(1000.0 + row + i, columns[1].number(row, i));
      }
    }
  }
}
