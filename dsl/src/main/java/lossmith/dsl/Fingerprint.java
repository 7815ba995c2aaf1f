package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.SortedMap;
import io.vavr.collection.TreeMap;
import io.vavr.control.Option;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A hash of the meaning of a term, 64 hexadecimal digits: SHA-256 over its kinds, operands and
 * leaves. The same in every process, on every machine and in every release that has this {@link
 * #VERSION}; two terms with one fingerprint have the same value and the same gradient.
 *
 * <p>In it are: the kind of each node, its operands in order, constants by their bits, the name,
 * level and default of each column, the name, default and range of each parameter. Not in it are
 * labels given with {@code as(…)}, for they are for readers. The operands of x + y, x · y, log(e^x
 * + e^y), x = y, and, or count in an order of their own, and so do all summands of a sum, however
 * it is bracketed: a + b is b + a. Those of min and max count as they are written, because at a tie
 * the slope goes to the first.
 *
 * <p>Long because a meaning has one method for each kind of node.
 */
public final class Fingerprint {
  /** Increases when the meaning of a kind or its encoding here changes. */
  public static final int VERSION = 1;

  private final Fold<Print> fold = new Fold<>(new Prints());

  /** Fingerprints of several nodes; common parts are hashed once. */
  public Fingerprint() {}

  /** {@return the fingerprint of a node} */
  public static String of(Node node) {
    return new Fingerprint().digest(node);
  }

  /** {@return the fingerprint of a node, reusing those of earlier calls} */
  public String digest(Node node) {
    return fold.of(node).digest();
  }

  /** {@return the fingerprint of the value of a loss and of the inputs that it trains} */
  static String of(Loss loss) {
    Seq<String> trains = loss.trains().toList().sorted();
    return digest("loss", trains.prepend(of(loss.value().node())));
  }

  /** {@return the SHA-256 of a text in UTF-8, 64 hexadecimal digits} */
  public static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static String digest(String kind, Seq<String> parts) {
    StringBuilder text = new StringBuilder("lossmith " + VERSION + "\n");
    for (String part : parts.prepend(kind)) {
      text.append(part.length()).append(':').append(part).append('\n');
    }
    return hash(text.toString());
  }

  /**
   * The fingerprint of a node and, of a sum, its summands.
   *
   * @param digest its fingerprint
   * @param summands what it is a sum of, and how often; itself once, if it is no sum
   */
  private record Print(String digest, SortedMap<String, BigInteger> summands) {
    static Print of(String kind, String... parts) {
      String digest = Fingerprint.digest(kind, List.of(parts));
      return new Print(digest, TreeMap.of(digest, BigInteger.ONE));
    }

    static Print unordered(String kind, Print left, Print right) {
      return left.digest.compareTo(right.digest) <= 0
          ? of(kind, left.digest, right.digest)
          : of(kind, right.digest, left.digest);
    }

    static Print sum(Print left, Print right) {
      SortedMap<String, BigInteger> all = left.summands.merge(right.summands, BigInteger::add);
      Seq<String> counted = all.toList().map(one -> one._2 + " " + one._1);
      return new Print(Fingerprint.digest("sum", counted), all);
    }
  }

  /**
   * The words are part of the fingerprint: they stay as they are, whatever becomes of the names of
   * classes and of printed words.
   */
  private final class Prints implements Algebra<Print> {
    private static final String NONE = "";

    private static String bits(double value) {
      return Long.toHexString(Double.doubleToLongBits(value));
    }

    private static String optional(Option<Print> where) {
      return where.map(Print::digest).getOrElse(NONE);
    }

    @Override
    public Print input(Node.Input node) {
      String otherwise = node.otherwise().map(Fingerprint.this::digest).getOrElse(NONE);
      String kind = node.trained() ? "trained" : "given";
      return Print.of(kind, node.name(), word(node.level()), otherwise);
    }

    @Override
    public Print sampled(Node.Sampled node) {
      return Print.of("chosen");
    }

    @Override
    public Print constant(Node.Constant node) {
      return Print.of("constant", bits(node.value()), word(node.level()));
    }

    @Override
    public Print truth(Node.Truth node) {
      return Print.of("truth", node.value() ? "yes" : "no", word(node.level()));
    }

    @Override
    public Print parameter(Node.ParameterValue node) {
      Range range = node.range();
      return Print.of(
          "parameter", node.name(), bits(range.initial()), bits(range.low()), bits(range.high()));
    }

    @Override
    public Print uniform(Node.Uniform node, Print seed, Print step) {
      return Print.of("uniform", seed.digest(), step.digest());
    }

    @Override
    public Print named(Node.Named node, Print of) {
      return of;
    }

    @Override
    public Print unary(Node.Unary node, Print of) {
      return Print.of(word(node.op()), of.digest());
    }

    @Override
    public Print not(Node.Not node, Print of) {
      return Print.of("not", of.digest());
    }

    @Override
    public Print stopGradient(Node.StopGradient node, Print of) {
      return Print.of("stop gradient", of.digest());
    }

    @Override
    public Print broadcast(Node.Broadcast node, Print of) {
      return Print.of("per", of.digest(), word(node.to()));
    }

    @Override
    public Print neighbour(Node.Neighbour node, Print of) {
      return Print.of("neighbour", of.digest(), word(node.from()), bits(node.edge()));
    }

    @Override
    public Print gather(Node.Gather node, Print of) {
      return Print.of("at the sampled entry", of.digest());
    }

    @Override
    public Print binary(Node.Binary node, Print left, Print right) {
      return switch (node.op()) {
        case PLUS -> Print.sum(left, right);
        case MINUS -> Print.of("minus", left.digest(), right.digest());
        case TIMES -> Print.unordered("times", left, right);
        case DIVIDE -> Print.of("divide", left.digest(), right.digest());
        case MIN -> Print.of("min of two", left.digest(), right.digest());
        case MAX -> Print.of("max of two", left.digest(), right.digest());
        case LOG_ADD_EXP -> Print.unordered("log of e^x + e^y", left, right);
        case SIGMOID_DIFF -> Print.of("softmax of two", left.digest(), right.digest());
        case PROB_TIMES -> Print.of("e^x times y", left.digest(), right.digest());
      };
    }

    @Override
    public Print compare(Node.Compare node, Print left, Print right) {
      return switch (node.op()) {
        case BELOW -> Print.of("below", left.digest(), right.digest());
        case AT_MOST -> Print.of("at most", left.digest(), right.digest());
        case EQUAL -> Print.unordered("equal", left, right);
      };
    }

    @Override
    public Print logic(Node.Logic node, Print left, Print right) {
      return Print.unordered(node.all() ? "and" : "or", left, right);
    }

    @Override
    public Print scan(Node.Scan node, Print addend, Print coefficient) {
      String direction = word(node.direction());
      return Print.of("linear recurrence", addend.digest(), coefficient.digest(), direction);
    }

    @Override
    public Print sumByKey(Node.SumByKey node, Print of, Print key) {
      String kind = node.cumulative() ? "sum up to key" : "sum over equal keys";
      return Print.of(kind, of.digest(), key.digest(), word(node.within()));
    }

    @Override
    public Print permute(Node.Permute node, Print of, Print key) {
      String kind = node.inverse() ? "unsorted by key" : "sorted by key";
      return Print.of(kind, of.digest(), key.digest(), word(node.within()));
    }

    @Override
    public Print clip(Node.Clip node, Print of, Print low, Print high) {
      return Print.of("clip", of.digest(), low.digest(), high.digest());
    }

    @Override
    public Print select(Node.Select node, Print when, Print left, Print right) {
      return Print.of("select", when.digest(), left.digest(), right.digest());
    }

    @Override
    public Print reduce(Node.Reduce node, Print of, Option<Print> where) {
      String ddof = Integer.toString(node.ddof());
      return Print.of(
          "reduce " + word(node.op()), of.digest(), word(node.to()), ddof, optional(where));
    }

    @Override
    public Print count(Node.Count node, Option<Print> where) {
      return Print.of("count", word(node.from()), word(node.to()), optional(where));
    }

    @Override
    public Print rank(Node.Rank node, Print of, Option<Print> where) {
      return Print.of("rank", of.digest(), word(node.within()), optional(where));
    }

    @Override
    public Print quantile(Node.Quantile node, Print of, Print fraction, Option<Print> where) {
      return Print.of("quantile", of.digest(), fraction.digest(), word(node.to()), optional(where));
    }

    private static String word(UnaryOp op) {
      return switch (op) {
        case NEGATE -> "negate";
        case EXP -> "exp";
        case EXP_SLOPE -> "slope of exp";
        case LOG -> "log";
        case SQRT -> "sqrt";
        case ABS -> "abs";
        case SIGN -> "sign";
        case SQUARE -> "square";
        case SIGMOID -> "sigmoid";
        case LOG_SIGMOID -> "log sigmoid";
        case SOFTPLUS -> "softplus";
        case TANH -> "tanh";
        case EXPM1 -> "exp minus 1";
        case EXP_REMAINDER -> "exp minus 1 minus";
        case EXP_REMAINDER_SLOPE -> "slope of exp minus 1 minus";
        case LOG1P -> "log of 1 plus";
        case LOG1M_EXP -> "log of 1 minus exp";
        case FLOOR -> "floor";
      };
    }

    private static String word(ReduceOp op) {
      return switch (op) {
        case SUM -> "sum";
        case MEAN -> "mean";
        case STD -> "std";
        case MIN -> "min";
        case MAX -> "max";
        case ULP -> "ulp";
      };
    }

    private static String word(Level.Name level) {
      return switch (level) {
        case VOCABULARY -> "vocabulary";
        case TOKEN -> "token";
        case SEQUENCE -> "sequence";
        case GROUP -> "group";
        case BATCH -> "batch";
      };
    }

    private static String word(Direction direction) {
      return switch (direction) {
        case FORWARD -> "forward";
        case BACKWARD -> "backward";
      };
    }
  }
}
