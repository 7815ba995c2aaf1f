package lossmith.ops.graph;

import io.vavr.control.Option;
import java.util.EnumMap;
import java.util.List;
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
  private final Map<Level.Name, Operand<TInt32>> shapes = new EnumMap<>(Level.Name.class);
  private final Map<Level.Name, Map<Level.Name, Operand<TInt32>>> parents =
      new EnumMap<>(Level.Name.class);

  /**
   * The structure of a batch.
   *
   * @param tf where operations are made
   * @param grid a matrix that is fed, if its width is to be that of all
   */
  RaggedIndex(Ops tf, Option<Operand<?>> grid) {
    this.tf = tf;
    this.sequenceOfToken = vector(SEQUENCE_OF_TOKEN);
    this.groupOfSequence = vector(GROUP_OF_SEQUENCE);
    this.groupOfToken = tf.gather(groupOfSequence, sequenceOfToken, tf.constant(0));
    this.sampled = vector(SAMPLED);
    this.width =
        grid.<Operand<TInt32>>map(of -> tf.gather(tf.shape(of), tf.constant(1), tf.constant(0)))
            .getOrElse(
                () ->
                    tf.withName(WIDTH)
                        .placeholder(TInt32.class, Placeholder.shape(Shape.scalar())));
    sizes.put(Level.Name.TOKEN, tf.size(sequenceOfToken));
    sizes.put(Level.Name.SEQUENCE, tf.size(groupOfSequence));
    sizes.put(
        Level.Name.GROUP, tf.withName(GROUPS).placeholderWithDefault(groups(), Shape.scalar()));
    sizes.put(Level.Name.BATCH, tf.constant(1));
  }

  /** As many prompts as have a response, where their number is not fed. */
  private Operand<TInt32> groups() {
    Operand<TInt32> none = tf.constant(new int[] {-1});
    Operand<TInt32> last =
        tf.max(tf.concat(List.of(none, groupOfSequence), tf.constant(0)), tf.constant(0));
    return tf.math.add(last, tf.constant(1));
  }

  /** The response of each token. */
  public Operand<TInt32> sequenceOfToken() {
    return sequenceOfToken;
  }

  /** The prompt of each response. */
  public Operand<TInt32> groupOfSequence() {
    return groupOfSequence;
  }

  /** The sampled entry of the vocabulary of each token. */
  public Operand<TInt32> sampled() {
    return sampled;
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
    return shapes.computeIfAbsent(level, this::newShape);
  }

  private Operand<TInt32> newShape(Level.Name level) {
    return level == Level.Name.VOCABULARY
        ? tf.stack(List.of(size(Level.Name.TOKEN), width))
        : tf.expandDims(size(level), tf.constant(0));
  }

  /**
   * For each element of {@code from} (token or coarser), the index of its element of {@code to}.
   */
  Operand<TInt32> parents(Level.Name from, Level.Name to) {
    return parents
        .computeIfAbsent(from, unused -> new EnumMap<>(Level.Name.class))
        .computeIfAbsent(to, unused -> newParents(from, to));
  }

  private Operand<TInt32> newParents(Level.Name from, Level.Name to) {
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
}
