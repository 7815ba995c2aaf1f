package lossmith.ops.rows;

import io.vavr.collection.Map;
import lossmith.dsl.Level;
import lossmith.ops.graph.RaggedIndex;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * The shape of a few rows of the logits in a graph.
 *
 * @param type the type in which is computed
 * @param wide the type in which matrices are given
 * @param saturation beyond which |x| the exponential is flat
 * @param rows how many tokens
 * @param width how many vocabulary entries
 * @param axis along which the vocabulary runs: 1, or 0 where the logits come transposed out of a
 *     matrix product
 * @param softmaxes grids that are log-probabilities of logits: by the grid's name, the name of the
 *     logits
 */
public record RowShape(
    Class<? extends TNumber> type,
    Class<? extends TNumber> wide,
    double saturation,
    int rows,
    int width,
    int axis,
    Map<String, String> softmaxes) {

  /** The same rows over this many entries of the vocabulary. */
  public RowShape of(int entries) {
    return new RowShape(type, wide, saturation, rows, entries, axis, softmaxes);
  }

  /** Fewer or more rows over the same entries. */
  RowShape ofRows(int fewer) {
    return new RowShape(type, wide, saturation, fewer, width, axis, softmaxes);
  }

  public Shape of(Level.Name level) {
    return switch (level) {
      case VOCABULARY -> axis == 1 ? Shape.of(rows, width) : Shape.of(width, rows);
      case TOKEN -> Shape.of(rows);
      case SEQUENCE, GROUP, BATCH -> Shape.of(1);
    };
  }

  /**
   * What is given under a name at a level: the sampled entries as integers, the rest as numbers.
   */
  Placeholder<? extends TNumber> placeholder(Ops tf, String name, Level.Name level) {
    Class<? extends TNumber> given =
        name.equals(RaggedIndex.SAMPLED) ? TInt32.class : typeOf(level);
    return tf.placeholder(given, Placeholder.shape(of(level)));
  }

  /** In what type an input is given. */
  Class<? extends TNumber> typeOf(Level.Name level) {
    return level == Level.Name.VOCABULARY ? wide : type;
  }
}
