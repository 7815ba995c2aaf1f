package lossmith.rollouts.table;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The files that rows come from, one after the other.
 *
 * @param files each with the number of its first row, from 0
 * @param numbers which of all rows these are, where they are some of them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
record RowOrigins(Seq<Tuple2<Path, Integer>> files, Option<int[]> numbers) {
  static final RowOrigins NONE = new RowOrigins(List.empty(), Option.none());

  RowOrigins then(Path file, int first) {
    return new RowOrigins(files.append(Tuple.of(file, first)), numbers);
  }

  /** {@return the files of which all rows are so, if there are several files and all rows here} */
  Seq<Path> without(IntPredicate nothing, int rows) {
    return files
        .zip(files.drop(1).map(Tuple2::_2).append(rows))
        .filter(file -> files.size() > 1 && numbers.isEmpty())
        .filter(file -> IntStream.range(file._1._2, file._2).allMatch(nothing))
        .map(file -> file._1._1);
  }

  /** {@return which of all rows one is, from 0} */
  int number(int row) {
    return numbers.map(all -> all[row]).getOrElse(row);
  }

  /** {@return where a row is, counted from 1, and in which file if there are several} */
  String place(int row) {
    int number = number(row);
    return files.size() < 2
        ? "row " + (number + 1)
        : files
            .findLast(file -> file._2 <= number)
            .map(file -> file._1 + ", row " + (number - file._2 + 1))
            .get();
  }
}
