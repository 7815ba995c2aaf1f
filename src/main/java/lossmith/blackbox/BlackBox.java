package lossmith.blackbox;

import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;

/** A loss of which nothing is known but what it gives. */
public interface BlackBox {
  /** The columns whose slopes are a loss's to give. */
  Set<String> TRAINED = HashSet.of(Columns.LOG_PROB, Columns.ENTROPY, Columns.VALUE);

  /** {@return what to call it} */
  String name();

  /**
   * {@return the columns that it reads, by the names of {@link Columns} and {@link TensorBatch}}
   */
  Set<String> columns();

  /** {@return whether it is told how large the whole batch is of which it sees a part} */
  boolean knowsWhole();

  /** {@return the numbers that it was given as parameters, or has by default} */
  Map<String, Double> parameters();

  /**
   * {@return what it gives for a batch}
   *
   * @param batch the batch
   * @param trained the columns by which its slopes are asked for
   * @param single whether it computes in float32
   */
  Answer of(TensorBatch batch, Set<String> trained, boolean single);

  /** {@return the same in float64, with the slopes of what is trained} */
  default Answer of(TensorBatch batch) {
    return of(batch, TRAINED.intersect(columns()), false);
  }

  /** {@return the settings that it is seen to read, so far as it has been asked} */
  default Settings settings() {
    return Settings.NONE;
  }

  /**
   * {@return what it gives for a batch with other settings}
   *
   * @param moved what they are, by name
   */
  default Answer of(TensorBatch batch, Map<String, Setting> moved) {
    return of(batch);
  }

  /** {@return whether it reads a column} */
  default boolean reads(String column) {
    return columns().contains(column);
  }

  /** {@return the columns that it may be called without} */
  default Set<String> optional() {
    return HashSet.empty();
  }

  /**
   * {@return what it gives where a column is not given}
   *
   * @param batch the batch
   * @param column one of {@link #optional()}
   */
  default Answer without(TensorBatch batch, String column) {
    return of(batch);
  }
}
