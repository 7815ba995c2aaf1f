package lossmith.blackbox;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;

/** A function that makes advantages of rewards, of which nothing is known but what it gives. */
public interface AdvantageBox {
  /**
   * What it gives.
   *
   * @param slots A of each slot; of one number per response, that in each of its slots
   * @param perResponse whether it is one number per response
   * @param changed the inputs that are not what they were
   */
  @SuppressWarnings("ArrayRecordComponent") // who changes an array copies it
  record Given(double[] slots, boolean perResponse, Seq<String> changed) {}

  /** {@return what to call it} */
  String name();

  /** {@return the columns that it reads} */
  Set<String> columns();

  /** {@return the numbers that it was given as parameters, or has by default} */
  Map<String, Double> parameters();

  /** {@return the settings that it is seen to read, so far as it has been asked} */
  Settings settings();

  /**
   * {@return what it gives for a batch, or why it gives nothing}
   *
   * @param batch the batch
   * @param single whether it computes in float32
   * @param moved settings that are others than they are
   */
  Either<String, Given> of(TensorBatch batch, boolean single, Map<String, Setting> moved);

  /** {@return the same in float64, as it is set} */
  default Either<String, Given> of(TensorBatch batch) {
    return of(batch, false, io.vavr.collection.LinkedHashMap.empty());
  }

  /** {@return whether it reads a column} */
  default boolean reads(String column) {
    return columns().contains(column);
  }
}
