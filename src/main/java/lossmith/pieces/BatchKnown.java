package lossmith.pieces;

import io.vavr.Tuple2;
import io.vavr.collection.Map;
import java.util.function.Function;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.storage.NumberStore;

/**
 * What is known of the whole batch so far.
 *
 * @param numbers one for the batch, by name
 * @param columns a number for each element of a level, by name
 */
public record BatchKnown(Map<String, Double> numbers, Map<String, Column> columns) {
  /**
   * A number for each element of a level.
   *
   * @param level the level
   * @param values in the order of the batch
   */
  public record Column(Level.Name level, NumberStore values) {}

  /**
   * {@return a piece with all that is known of the batch, as columns}
   *
   * @param piece the piece
   * @param places where its elements of a level are among those of the batch
   */
  Samples on(Samples piece, Function<Level.Name, long[]> places) {
    Samples all = withNumbers(piece, numbers);
    for (Tuple2<String, Column> column : columns) {
      long[] own = places.apply(column._2.level());
      double[] values = new double[own.length];
      for (int i = 0; i < own.length; i++) {
        values[i] = column._2.values().get(own[i]);
      }
      all = all.with(column._1, column._2.level(), values);
    }
    return all;
  }

  /** {@return a piece with numbers of the batch as columns} */
  public static Samples withNumbers(Samples piece, Map<String, Double> numbers) {
    return numbers.foldLeft(
        piece, (all, one) -> all.with(one._1, Level.Name.BATCH, new double[] {one._2}));
  }
}
