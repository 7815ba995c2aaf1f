package lossmith.blackbox;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.dsl.Columns;

/**
 * What multiplies the score of a token while its log-ratio moves alone, its advantage being 1 or
 * −1.
 *
 * @param pieces from low ratios to high ones
 */
public record RatioShape(Seq<Piece> pieces) {
  /** No step meets a ratio of 1, which is r and a constant at once. */
  private static final double FROM = -2.97;

  /** The smallest ratio that is asked for. */
  static final double LEAST = Math.exp(FROM);

  private static final double TO = 3.01;
  private static final double STEP = 0.15;

  /** How a factor depends on the ratio r. */
  public enum Factor {
    /** It is 0: clipped. */
    ZERO("0"),
    /** It is r. */
    RATIO("r"),
    /** It is a number that does not move with r. */
    HELD("a constant"),
    /** It points against the advantage. */
    AGAINST("of the wrong sign"),
    /** It is something else. */
    OTHER("another function of r");

    private final String words;

    Factor(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * One piece.
   *
   * @param factor what it is there
   * @param from the ratio at which it begins
   * @param to the ratio at which it ends
   * @param size the factor itself in its middle
   */
  public record Piece(Factor factor, double from, double to, double size) {
    /** {@return whether ratios of this piece are told} */
    boolean holds(double ratio) {
      return from <= ratio && ratio <= to;
    }

    /** A constant begins where the ratio is as large, which tells its edge to the last digit. */
    private double meeting(double edge) {
      return factor == Factor.HELD && Math.abs(size - edge) < ROUGH * edge ? size : edge;
    }

    private static final double ROUGH = 1e-5;
  }

  /**
   * {@return the shape of a loss}
   *
   * @param box the loss
   * @param advantage 1 or −1
   */
  static RatioShape of(BlackBox box, double advantage) {
    Sweep sweep = new Sweep(box, advantage);
    Seq<Piece> found = Vector.empty();
    double begun = Double.NEGATIVE_INFINITY;
    double inside = FROM;
    Factor last = sweep.factor(FROM);
    for (double d = FROM + STEP; d < TO; d += STEP) {
      Factor next = sweep.factor(d);
      if (next != last) {
        double edge = sweep.edge(d - STEP, d, last);
        found = found.append(piece(sweep, last, begun, edge, inside));
        begun = edge;
        inside = d;
        last = next;
      }
    }
    return new RatioShape(
        found.append(piece(sweep, last, begun, Double.POSITIVE_INFINITY, inside)));
  }

  private static Piece piece(Sweep sweep, Factor factor, double from, double to, double inside) {
    return new Piece(factor, Math.exp(from), Math.exp(to), sweep.at(inside));
  }

  /** {@return whether a factor stands at a ratio} */
  public boolean is(Factor factor, double ratio) {
    return pieces.exists(piece -> piece.factor == factor && piece.holds(ratio));
  }

  /** {@return whether it is a factor anywhere} */
  public boolean has(Factor factor) {
    return pieces.exists(piece -> piece.factor == factor);
  }

  /** {@return the ratio at which the last piece begins, if there are two} */
  Option<Double> last() {
    return Option.when(pieces.size() > 1, () -> pieces.last().meeting(pieces.last().from));
  }

  /** {@return what it is made of, in whatever order: its factors and where they change} */
  Set<String> marks() {
    return pieces
        .map(piece -> piece.factor.toString())
        .appendAll(pieces.tail().map(piece -> "at " + digits(piece.from)))
        .toSet();
  }

  /** {@return the ratio beyond which the factor is a constant, if it is not one everywhere} */
  Option<Double> heldAbove() {
    return last().filter(from -> pieces.last().factor == Factor.HELD);
  }

  /** {@return the factor at the smallest ratio, where it is one function of it everywhere} */
  Option<Double> smooth() {
    return Option.when(
        pieces.size() == 1 && pieces.head().factor == Factor.OTHER, () -> pieces.head().size);
  }

  /** {@return whether the factor is the ratio itself, however small this is} */
  boolean openBelow() {
    return pieces.head().factor == Factor.RATIO;
  }

  /** {@return the ratio at which the first piece ends, if there are two} */
  Option<Double> first() {
    return Option.when(pieces.size() > 1, () -> pieces.head().meeting(pieces.head().to));
  }

  @Override
  public String toString() {
    return pieces.map(RatioShape::words).mkString(", ");
  }

  private static String words(Piece piece) {
    String what = piece.factor == Factor.HELD ? digits(piece.size) : piece.factor.toString();
    if (piece.from == 0 && Double.isInfinite(piece.to)) {
      return what + " everywhere";
    }
    return piece.from == 0
        ? what + " below " + digits(piece.to)
        : Double.isInfinite(piece.to)
            ? what + " above " + digits(piece.from)
            : what + " from " + digits(piece.from) + " to " + digits(piece.to);
  }

  static String digits(double x) {
    String text = String.format(Locale.ROOT, "%.4f", x);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  /** The factor of one token by its log-ratio. */
  private static final class Sweep {
    private static final double SMALL = 1e-7;

    private final BlackBox box;
    private final TensorBatch batch;
    private final double advantage;
    private final double one;

    Sweep(BlackBox box, double advantage) {
      this.box = box;
      this.batch = Probes.token();
      this.advantage = advantage;
      this.one = raw(0);
    }

    /** The factor, relative to that on the policy itself where this is not 0. */
    double at(double logRatio) {
      double unit = Math.abs(one) > SMALL ? Math.abs(one) : 1;
      return raw(logRatio) / unit;
    }

    private double raw(double logRatio) {
      TensorBatch moved = moved(logRatio);
      return -advantage
          * (slope(Probes.advantages(box, moved, this::perRow)) - slope(nothing(moved)));
    }

    private TensorBatch nothing(TensorBatch moved) {
      return Probes.indifferent(box, moved);
    }

    private double perRow(int row) {
      return row == 0 ? advantage : box.reads(TensorBatch.ADVANTAGE) ? 0 : -advantage;
    }

    private TensorBatch moved(double logRatio) {
      TensorBatch all = batch;
      for (String other : List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
        double[] lp = batch.slots(Columns.LOG_PROB);
        all = all.with(other, slot -> slot == 0 ? lp[0] - logRatio : lp[slot]);
      }
      return all;
    }

    private double slope(TensorBatch asked) {
      return box.of(asked) instanceof Answer.Numbers numbers
          ? numbers.gradient(Columns.LOG_PROB, asked.size())[0]
          : Double.NaN;
    }

    Factor factor(double logRatio) {
      double f = at(logRatio);
      if (Math.abs(f) < SMALL) {
        return Factor.ZERO;
      }
      double r = Math.exp(logRatio);
      if (Math.abs(f - r) < SMALL * r * 10) {
        return Factor.RATIO;
      }
      if (f < 0) {
        return Factor.AGAINST;
      }
      return Math.abs(f - at(logRatio + 0.003)) < SMALL * f ? Factor.HELD : Factor.OTHER;
    }

    /** Where one factor ends, as a log-ratio. */
    double edge(double low, double high, Factor below) {
      double from = low;
      double to = high;
      for (int i = 0; i < 24; i++) {
        double middle = (from + to) / 2;
        if (factor(middle) == below) {
          from = middle;
        } else {
          to = middle;
        }
      }
      return (from + to) / 2;
    }
  }
}
