package lossmith.ops.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import lossmith.dsl.Level;
import lossmith.ops.runtime.Xla;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * A function of rows called for one block of a chunk after the other, as a loop inside one function
 * that XLA compiles: all operations on a block find it in the nearest cache, and the chunk is
 * written in place. Where the last block would be short it begins earlier; rows it takes again come
 * out the same.
 */
final class RowLoop implements AutoCloseable {
  /** The entries of a block, such that it and its result fit into the nearest cache. */
  private static final int CACHED = 1 << 15;

  private static final String START = "loop.start";
  private static final String MADE = "loop.made.";

  private final RowShape chunk;
  private final int block;
  private final RowFunction rows;
  private final ConcreteFunction condition;
  private final ConcreteFunction body;
  private final ConcreteFunction loop;

  /**
   * A loop.
   *
   * @param chunk how many rows there are
   * @param rows the function of a block, at most as many
   */
  RowLoop(RowShape chunk, RowFunction rows) {
    this.chunk = chunk;
    this.block = rows.shape().rows();
    this.rows = rows;
    this.condition = ConcreteFunction.create(this::condition);
    this.body = ConcreteFunction.create(this::body);
    this.loop = ConcreteFunction.create(this::loop);
  }

  /** As many rows of a chunk as stay in the nearest cache, at least one. */
  static RowShape block(RowShape chunk) {
    return chunk.ofRows(Math.max(1, Math.min(chunk.rows(), CACHED / chunk.width())));
  }

  /** What the function gives of all rows of the chunk, by name. */
  java.util.Map<String, Operand<?>> call(Ops tf, java.util.Map<String, Operand<?>> given) {
    return Xla.call(tf, loop, given);
  }

  /** The loop variables: the first row of the next block, the inputs, the results. */
  private final class State {
    private final Operand<TInt32> start;
    private final java.util.Map<String, Operand<? extends TType>> given = new LinkedHashMap<>();
    private final java.util.Map<String, Operand<? extends TType>> made = new LinkedHashMap<>();

    State(Ops tf) {
      start = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
      rows.inputs().forEach((name, level) -> given.put(name, chunk.placeholder(tf, name, level)));
      rows.outputs().forEach((name, level) -> made.put(name, chunk.placeholder(tf, name, level)));
    }

    Signature.Builder signature(String key) {
      Signature.Builder signature = Signature.builder().key(key).input(START, start);
      for (var input : given.entrySet()) {
        signature = signature.input(input.getKey(), input.getValue());
      }
      for (var output : made.entrySet()) {
        signature = signature.input(MADE + output.getKey(), output.getValue());
      }
      return signature;
    }
  }

  private Signature condition(Ops tf) {
    State state = new State(tf);
    Operand<TBool> more = tf.math.less(state.start, tf.constant(chunk.rows()));
    return state.signature("condition").output("more", more).build();
  }

  private Signature body(Ops tf) {
    State state = new State(tf);
    Operand<TInt32> from = tf.math.minimum(state.start, tf.constant(chunk.rows() - block));
    java.util.Map<String, Operand<?>> part = new HashMap<>();
    state.given.forEach((name, all) -> part.put(name, cut(tf, all, name, from)));
    java.util.Map<String, Operand<?>> found = rows.inside(tf, part);
    Operand<TInt32> next = tf.math.add(state.start, tf.constant(block));
    Signature.Builder signature = state.signature("body").output(START, next);
    for (var input : state.given.entrySet()) {
      signature = signature.output(input.getKey(), tf.identity(input.getValue()));
    }
    for (var output : rows.outputs()) {
      Operand<?> before = Objects.requireNonNull(state.made.get(output._1));
      Operand<?> here = Objects.requireNonNull(found.get(output._1));
      Operand<?> corner = corner(tf, output._2, from);
      signature = signature.output(MADE + output._1, Xla.write(tf, here, before, corner));
    }
    return signature.build();
  }

  private Signature loop(Ops tf) {
    Signature.Builder signature = Signature.builder().key("loop");
    List<Operand<?>> state = new ArrayList<>();
    state.add(tf.constant(0));
    for (var input : rows.inputs()) {
      Operand<?> given = chunk.placeholder(tf, input._1, input._2);
      signature = signature.input(input._1, given);
      state.add(given);
    }
    for (Level.Name level : rows.outputs().values()) {
      state.add(tf.zeros(tf.constant(chunk.of(level)), chunk.typeOf(level)));
    }
    List<Output<?>> end = tf.statelessWhile(state, condition, body).output();
    int at = 1 + rows.inputs().size();
    for (String name : rows.outputs().keySet()) {
      signature = signature.output(name, tf.identity(end.get(at++)));
    }
    return signature.build();
  }

  private <U extends TType> Operand<U> cut(
      Ops tf, Operand<U> all, String name, Operand<TInt32> from) {
    Level.Name level = rows.inputs().get(name).get();
    return level == Level.Name.VOCABULARY || level == Level.Name.TOKEN
        ? tf.slice(all, corner(tf, level, from), tf.constant(size(level)))
        : all;
  }

  private int[] size(Level.Name level) {
    return LongStream.of(rows.shape().of(level).asArray()).mapToInt(Math::toIntExact).toArray();
  }

  /** Where the rows from {@code from} begin in a tensor of this level. */
  private static Operand<TInt32> corner(Ops tf, Level.Name level, Operand<TInt32> from) {
    return level == Level.Name.VOCABULARY
        ? tf.stack(List.of(from, tf.constant(0)))
        : tf.expandDims(from, tf.constant(0));
  }

  @Override
  public void close() {
    loop.close();
    body.close();
    condition.close();
  }
}
