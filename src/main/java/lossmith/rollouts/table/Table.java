package lossmith.rollouts.table;

import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * What was read of a file.
 *
 * @param rows how many rows it has
 * @param columns the columns that were asked for and are there
 * @param leftOut the names of all others, in the order of the file
 */
public record Table(int rows, Seq<CellColumn> columns, Seq<String> leftOut) {
  /** {@return the column of that name, if it was asked for and is there} */
  public Option<CellColumn> column(String name) {
    return columns.find(column -> column.name().equals(name));
  }
}
