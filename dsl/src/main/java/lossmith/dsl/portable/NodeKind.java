package lossmith.dsl.portable;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;

/**
 * The kinds of nodes, each with what it has beside its operands and how many operands it takes.
 * Names are part of the form that files have: they stay, whatever classes are called.
 */
public enum NodeKind {
  /** A column; its operand, if it has one, stands for it where the data has no such column. */
  INPUT(0, 1, Attribute.NAME, Attribute.LEVEL, Attribute.TRAINED),
  /** Yes at the vocabulary entry that was sampled. */
  SAMPLED(0, 0),
  /** A number. */
  CONSTANT(0, 0, Attribute.NUMBER, Attribute.LEVEL),
  /** An answer. */
  TRUTH(0, 0, Attribute.ANSWER, Attribute.LEVEL),
  /** A named number with a default and a closed range. */
  PARAMETER(0, 0, Attribute.NAME, Attribute.DEFAULT, Attribute.LOW, Attribute.HIGH),
  /** A random number per token, keyed by a seed and a step. */
  UNIFORM(2, 2),
  /** The operand under a symbol. */
  NAMED(1, 1, Attribute.SYMBOL),
  /** An element-wise function. */
  UNARY(1, 1, Attribute.UNARY),
  /** The opposite answer. */
  NOT(1, 1),
  /** The operand's value without its gradient. */
  STOP_GRADIENT(1, 1),
  /** The operand at every element of a finer level. */
  BROADCAST(1, 1, Attribute.TO),
  /** The operand at the neighbouring token; beyond the last one, the edge. */
  NEIGHBOUR(1, 1, Attribute.DIRECTION, Attribute.EDGE),
  /** The operand at the sampled vocabulary entry. */
  GATHER(1, 1),
  /** An element-wise function of two. */
  BINARY(2, 2, Attribute.BINARY),
  /** A comparison. */
  COMPARE(2, 2, Attribute.COMPARE),
  /** And, or or. */
  LOGIC(2, 2, Attribute.ALL),
  /** A linear recurrence: addend, coefficient. */
  SCAN(2, 2, Attribute.DIRECTION),
  /** A sum over equal keys: operand, key. */
  SUM_BY_KEY(2, 2, Attribute.WITHIN, Attribute.CUMULATIVE),
  /** The operand sorted by a key: operand, key. */
  PERMUTE(2, 2, Attribute.WITHIN, Attribute.INVERSE),
  /** The operand between two bounds: operand, lower, upper. */
  CLIP(3, 3),
  /** One of two by an answer: answer, where yes, where no. */
  SELECT(3, 3),
  /** A reduction: operand and, if not all members count, which do. */
  REDUCE(1, 2, Attribute.REDUCE, Attribute.TO, Attribute.DDOF),
  /** How many members count: which do, if not all. */
  COUNT(0, 1, Attribute.FROM, Attribute.TO),
  /** The descending rank: operand and, if not all members count, which do. */
  RANK(1, 2, Attribute.WITHIN),
  /** A quantile: operand, fraction and, if not all members count, which do. */
  QUANTILE(2, 3, Attribute.TO);

  private final int least;
  private final int most;

  @SuppressWarnings("ImmutableEnumChecker") // an immutable list of immutable attributes
  private final List<Attribute> attributes;

  NodeKind(int least, int most, Attribute... attributes) {
    this.least = least;
    this.most = most;
    this.attributes = List.of(attributes);
  }

  /** {@return its word in files, such as {@code stop_gradient}} */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return how few operands it takes} */
  public int least() {
    return least;
  }

  /** {@return how many operands it takes} */
  public int most() {
    return most;
  }

  /** {@return what it has beside its operands, in order} */
  public Seq<Attribute> attributes() {
    return attributes;
  }
}
