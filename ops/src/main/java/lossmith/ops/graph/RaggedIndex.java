package lossmith.ops.graph;

import java.util.EnumMap;
import java.util.Map;
import lossmith.dsl.Level;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;

/**
 * The ragged structure of a batch as fed index vectors: which response, prompt and position each
 * token has. Shapes may change from step to step without compiling again.
 */
public final class RaggedIndex {
  static final String SEQUENCE_OF_TOKEN = "structure.sequence_of_token";
  static final String GROUP_OF_SEQUENCE = "structure.group_of_sequence";
  static final String GROUPS = "structure.groups";
  public static final String SAMPLED = "structure.sampled";
  static final String WIDTH = "structure.width";

  private final Ops tf;
  private final Operand<TInt32> sequenceOfToken;
  private final Operand<TInt32> groupOfSequence;
  private final Operand<TInt32> groupOfToken;
  final Operand<TInt32> sampled;
  final Operand<TInt32> width;
  private final Map<Level.Name, Operand<TInt32>> sizes = new EnumMap<>(Level.Name.class);

  RaggedIndex(Ops tf) {
    this.tf = tf;
    this.sequenceOfToken = vector(SEQUENCE_OF_TOKEN);
    this.groupOfSequence = vector(GROUP_OF_SEQUENCE);
    this.groupOfToken = tf.gather(groupOfSequence, sequenceOfToken, tf.constant(0));
    this.sampled = vector(SAMPLED);
    this.width = tf.withName(WIDTH).placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    sizes.put(Level.Name.TOKEN, tf.size(sequenceOfToken));
    sizes.put(Level.Name.SEQUENCE, tf.size(groupOfSequence));
    sizes.put(
        Level.Name.GROUP,
        tf.withName(GROUPS).placeholder(TInt32.class, Placeholder.shape(Shape.scalar())));
    sizes.put(Level.Name.BATCH, tf.constant(1));
  }

  private Operand<TInt32> vector(String name) {
    return tf.withName(name).placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
  }

  /** How many elements a level has, from token upwards. */
  Operand<TInt32> size(Level.Name level) {
    Operand<TInt32> size = sizes.get(level);
    if (size == null) {
      throw new IllegalStateException("the vocabulary level has two sizes");
    }
    return size;
  }

  /** The shape of the tensor of a level. */
  Operand<TInt32> shape(Level.Name level) {
    return level == Level.Name.VOCABULARY
        ? tf.stack(java.util.List.of(size(Level.Name.TOKEN), width))
        : tf.expandDims(size(level), tf.constant(0));
  }

  /**
   * For each element of {@code from} (token or coarser), the index of its element of {@code to}.
   */
  Operand<TInt32> parents(Level.Name from, Level.Name to) {
    if (from == to) {
      return tf.range(tf.constant(0), size(from), tf.constant(1));
    }
    if (to == Level.Name.BATCH) {
      return tf.fill(shape(from), tf.constant(0));
    }
    if (from == Level.Name.TOKEN) {
      return to == Level.Name.SEQUENCE ? sequenceOfToken : groupOfToken;
    }
    return groupOfSequence;
  }

  Operand<TInt32> sequenceOfToken() {
    return sequenceOfToken;
  }
}
