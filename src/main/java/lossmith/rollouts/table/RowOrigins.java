package lossmith.rollouts.table;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The files that rows come from, one after the other.
 *
 * @param files each with the number of its first row, from 0
 */
record RowOrigins(Seq<Tuple2<Path, Integer>> files) {
  static final RowOrigins NONE = new RowOrigins(List.empty());

  RowOrigins then(Path file, int first) {
    return new RowOrigins(files.append(Tuple.of(file, first)));
  }

  /** {@return the files of which all rows are so, if there are several files} */
  Seq<Path> without(IntPredicate nothing, int rows) {
    return files
        .zip(files.drop(1).map(Tuple2::_2).append(rows))
        .filter(file -> files.size() > 1)
        .filter(file -> IntStream.range(file._1._2, file._2).allMatch(nothing))
        .map(file -> file._1._1);
  }

  /** {@return where a row is, counted from 1, and in which file if there are several} */
  String place(int row) {
    return files.size() < 2
        ? "row " + (row + 1)
        : files
            .findLast(file -> file._2 <= row)
            .map(file -> file._1 + ", row " + (row - file._2 + 1))
            .get();
  }
}
