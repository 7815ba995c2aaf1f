package lossmith.rollouts.table;

import io.vavr.Tuple2;
import io.vavr.collection.Seq;
import java.nio.file.Path;

/**
 * What is known of all parts that rows of files were spread to.
 *
 * @param names the columns of the files, in their order, whether a part has them or not
 * @param files the files, each with the number of its first row, from 0
 */
public record PartRows(Seq<String> names, Seq<Tuple2<Path, Integer>> files) {
  /** The column of a part that says which of all rows each is, from 0. */
  public static final String NUMBER = "lossmith_row";
}
