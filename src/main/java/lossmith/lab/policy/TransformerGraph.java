package lossmith.lab.policy;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The transformer as TensorFlow operations, in three readings that share the weights: the logits of
 * whole texts, the gradient of the weights from a gradient of those logits, and the logits of one
 * further symbol of each text, the keys and values of the earlier ones being given. Blocks are
 * normalised before attention and before the feed-forward net; there are no biases.
 */
final class TransformerGraph implements AutoCloseable {
  private static final float HIDDEN = -1e9f;
  private static final float EPSILON = 1e-5f;

  final Graph graph = new Graph();

  /** All weights, one after another. */
  final Placeholder<TFloat32> weights;

  /** Texts, as rows of ids that are padded at their ends: [texts, length]. */
  final Placeholder<TInt32> ids;

  /** Which slots of the texts give logits, counted row after row. */
  final Placeholder<TInt32> slots;

  /** dL/dlogits: [slots, vocabulary]. */
  final Placeholder<TFloat32> logitsGradient;

  /** The logits of the slots: [slots, vocabulary]. */
  final Operand<TFloat32> logits;

  /** What the gradient needs of the way to the logits: fed to it, none is computed twice. */
  final Seq<Operand<TFloat32>> tape;

  /** The last hidden states of the slots, of which the logits are made: [slots, width]. */
  final Operand<TFloat32> hidden;

  /** dL/dhidden of what reads the last hidden states beside the logits: [slots, width]. */
  final Placeholder<TFloat32> hiddenGradient;

  /** dL/dweights, in the order of the weights, of a loss of the logits. */
  final Operand<TFloat32> weightsGradient;

  /** The same of a loss of the logits and of the last hidden states. */
  final Operand<TFloat32> sharedGradient;

  /** The next symbol of each text: [texts]. */
  final Placeholder<TInt32> next;

  /** Its position. */
  final Placeholder<TInt32> position;

  /** Keys and values of the symbols before it, layer after layer: [texts, heads, length, …]. */
  final Seq<Placeholder<TFloat32>> past;

  /** Those with the symbol itself. */
  final Seq<Operand<TFloat32>> present;

  /** The logits after it: [texts, vocabulary]. */
  final Operand<TFloat32> nextLogits;

  private final NetworkSize size;
  private final Ops tf;
  private final Seq<Operand<TFloat32>> parts;
  private Seq<Operand<TFloat32>> kept = Vector.empty();

  TransformerGraph(NetworkSize size) {
    this.size = size;
    this.tf = Ops.create(graph);
    this.weights = floats(Shape.of(size.weights()));
    this.parts = parts();
    this.ids = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
    this.slots = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    this.logits = texts();
    this.tape = kept;
    this.logitsGradient = floats(Shape.of(-1, size.vocabulary()));
    this.hidden = kept.last();
    this.hiddenGradient = floats(Shape.of(-1, size.width()));
    Operand<TFloat32> ofLogits = weighed(logitsGradient, logits);
    this.weightsGradient = gradient(ofLogits);
    this.sharedGradient = gradient(tf.math.add(ofLogits, weighed(hiddenGradient, hidden)));
    this.next = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    this.position = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    int head = size.width() / size.heads();
    this.past = Vector.fill(2 * size.layers(), () -> floats(Shape.of(-1, size.heads(), -1, head)));
    Seq<Operand<TFloat32>> grown = Vector.empty();
    Operand<TFloat32> x =
        tf.math.add(
            tf.gather(part(0), next, tf.constant(0)), tf.gather(part(1), position, tf.constant(0)));
    Operand<TInt32> perHead = tf.constant(new int[] {-1, 3, size.heads(), 1, head});
    for (int layer = 0; layer < size.layers(); layer++) {
      Operand<TFloat32> mixed =
          tf.reshape(tf.linalg.matMul(normalised(x, block(layer, 0)), block(layer, 1)), perHead);
      Operand<TFloat32> keys = longer(past.get(2 * layer), one(mixed, 1, 1));
      Operand<TFloat32> values = longer(past.get(2 * layer + 1), one(mixed, 2, 1));
      grown = grown.append(keys).append(values);
      Operand<TFloat32> heads = attended(tf.nn.softmax(scores(one(mixed, 0, 1), keys)), values);
      x = tf.math.add(x, tf.linalg.matMul(flat(heads), block(layer, 2)));
      x = fed(x, layer);
    }
    this.present = grown;
    this.nextLogits = output(x);
  }

  private Placeholder<TFloat32> floats(Shape shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private Seq<Operand<TFloat32>> parts() {
    Seq<NetworkSize.Part> sizes = size.parts();
    int[] lengths = sizes.toJavaStream().mapToInt(NetworkSize.Part::size).toArray();
    var split =
        tf.splitV(weights, tf.constant(lengths), tf.constant(0), (long) lengths.length).output();
    return sizes.zipWithIndex(
        (part, i) ->
            tf.reshape(
                split.get(i),
                tf.constant(
                    part.spread() == 0
                        ? new int[] {part.columns()}
                        : new int[] {part.rows(), part.columns()})));
  }

  private Operand<TFloat32> part(int i) {
    return parts.get(i);
  }

  /** A part of a block: gains, projections in and out, gains, feed-forward in and out. */
  private Operand<TFloat32> block(int layer, int i) {
    return parts.get(2 + 6 * layer + i);
  }

  private Operand<TFloat32> keep(Operand<TFloat32> number) {
    kept = kept.append(number);
    return number;
  }

  private Operand<TFloat32> texts() {
    Operand<TInt32> shape = tf.shape(ids);
    Operand<TInt32> count = tf.gather(shape, tf.constant(0), tf.constant(0));
    Operand<TInt32> length = tf.gather(shape, tf.constant(1), tf.constant(0));
    Operand<TInt32> corner = tf.constant(new int[] {0, 0});
    Operand<TFloat32> places =
        tf.slice(part(1), corner, tf.stack(List.of(length, tf.constant(size.width())).asJava()));
    Operand<TFloat32> mask =
        tf.slice(tf.constant(later()), corner, tf.stack(List.of(length, length).asJava()));
    Operand<TInt32> rows = tf.constant(new int[] {-1, size.width()});
    Operand<TFloat32> x =
        tf.reshape(tf.math.add(tf.gather(part(0), ids, tf.constant(0)), places), rows);
    Operand<TInt32> perHead =
        tf.stack(
            List.of(
                    count,
                    length,
                    tf.constant(3),
                    tf.constant(size.heads()),
                    tf.constant(size.width() / size.heads()))
                .asJava());
    for (int layer = 0; layer < size.layers(); layer++) {
      Operand<TFloat32> h = keep(normalised(keep(x), block(layer, 0)));
      Operand<TFloat32> mixed =
          keep(
              tf.linalg.transpose(
                  tf.reshape(tf.linalg.matMul(h, block(layer, 1)), perHead),
                  tf.constant(new int[] {2, 0, 3, 1, 4})));
      Operand<TFloat32> shares =
          keep(tf.nn.softmax(tf.math.add(scores(one(mixed, 0, 0), one(mixed, 1, 0)), mask)));
      Operand<TFloat32> heads =
          keep(
              flat(
                  tf.linalg.transpose(
                      attended(shares, one(mixed, 2, 0)), tf.constant(new int[] {0, 2, 1, 3}))));
      x = keep(tf.math.add(x, tf.linalg.matMul(heads, block(layer, 2))));
      x = fed(x, layer);
    }
    return output(tf.gather(keep(x), slots, tf.constant(0)));
  }

  /** What is added to the scores of later symbols: nobody looks ahead. */
  private float[][] later() {
    float[][] mask = new float[size.positions()][size.positions()];
    for (int row = 0; row < mask.length; row++) {
      for (int column = row + 1; column < mask.length; column++) {
        mask[row][column] = HIDDEN;
      }
    }
    return mask;
  }

  /** Σ slope · number, whose gradient at the numbers is the slopes. */
  private Operand<TFloat32> weighed(Operand<TFloat32> slopes, Operand<TFloat32> numbers) {
    return tf.reduceSum(
        tf.math.mul(tf.stopGradient(slopes), numbers), tf.constant(new int[] {0, 1}));
  }

  private Operand<TFloat32> gradient(Operand<TFloat32> sum) {
    Output<?>[] inputs = parts.toJavaStream().map(Operand::asOutput).toArray(Output<?>[]::new);
    Seq<Operand<TFloat32>> each =
        Vector.of(graph.addGradients(sum.asOutput(), inputs))
            .map(slope -> tf.reshape(slope.expect(TFloat32.class), tf.constant(new int[] {-1})));
    return tf.concat(each.asJava(), tf.constant(0));
  }

  /** (x − mean) / std · gain, along the width. */
  private Operand<TFloat32> normalised(Operand<TFloat32> x, Operand<TFloat32> gain) {
    Operand<TInt32> last = tf.constant(-1);
    Operand<TFloat32> centred = tf.math.sub(x, tf.math.mean(x, last, Mean.keepDims(true)));
    Operand<TFloat32> variance = tf.math.mean(tf.math.square(centred), last, Mean.keepDims(true));
    Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant(EPSILON)));
    return tf.math.mul(tf.math.mul(centred, scale), gain);
  }

  private Operand<TFloat32> scores(Operand<TFloat32> queries, Operand<TFloat32> keys) {
    float scale = (float) (1 / Math.sqrt((double) size.width() / size.heads()));
    return tf.math.mul(
        tf.train.batchMatMul(queries, keys, TFloat32.class, BatchMatMul.adjY(true)),
        tf.constant(scale));
  }

  private Operand<TFloat32> attended(Operand<TFloat32> shares, Operand<TFloat32> values) {
    return tf.train.batchMatMul(shares, values, TFloat32.class);
  }

  /** Queries, keys or values. */
  private Operand<TFloat32> one(Operand<TFloat32> mixed, int which, int axis) {
    return tf.gather(mixed, tf.constant(which), tf.constant(axis));
  }

  private Operand<TFloat32> longer(Operand<TFloat32> past, Operand<TFloat32> one) {
    return tf.concat(List.of(past, one).asJava(), tf.constant(2));
  }

  private Operand<TFloat32> flat(Operand<TFloat32> heads) {
    return tf.reshape(heads, tf.constant(new int[] {-1, size.width()}));
  }

  private Operand<TFloat32> fed(Operand<TFloat32> x, int layer) {
    Operand<TFloat32> h = keep(normalised(x, block(layer, 3)));
    Operand<TFloat32> wide = keep(tf.nn.relu(tf.linalg.matMul(h, block(layer, 4))));
    return tf.math.add(x, tf.linalg.matMul(wide, block(layer, 5)));
  }

  private Operand<TFloat32> output(Operand<TFloat32> x) {
    int last = parts.size() - 1;
    return tf.linalg.matMul(keep(normalised(x, part(last - 1))), part(last));
  }

  @Override
  public void close() {
    graph.close();
  }
}
