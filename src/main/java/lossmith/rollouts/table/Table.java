package lossmith.rollouts.table;

import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * What was read of a file, or of a part of files.
 *
 * @param rows how many rows it has
 * @param columns the columns that were asked for and are there
 * @param leftOut the names of all others, in the order of the file
 * @param numbers which of all rows these are, from 0, where they are some of them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
public record Table(int rows, Seq<CellColumn> columns, Seq<String> leftOut, Option<int[]> numbers) {
  /** {@return the column of that name, if it was asked for and is there} */
  public Option<CellColumn> column(String name) {
    return columns.find(column -> column.name().equals(name));
  }
}
