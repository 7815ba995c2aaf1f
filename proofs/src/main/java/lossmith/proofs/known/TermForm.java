package lossmith.proofs.known;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Node;

/**
 * A term in normal form: without names, spreads and the values of parameters, its summands and
 * factors in one order ({@link Shapes} makes it). Two terms that mean the same mostly have one.
 */
final class TermForm {
  /** The word of what is a parameter, or a constant that might be one. */
  static final String NUMBER = "#";

  /** A number that is no more than rounding. */
  static final String ROUNDING = "#ulp";

  static final String NEGATED = "-";
  static final String INVERSE = "1/";
  static final String SUM = "+";
  static final String PRODUCT = "*";
  static final String STOPPED = "sg ";

  private final String word;
  private final Seq<TermForm> of;
  private final Node node;
  private final double value;
  private final boolean inAnyOrder;
  private final boolean live;
  private final boolean number;
  private final int size;
  private final long print;
  private final long bare;

  private TermForm(
      String word, Seq<TermForm> of, Node node, double value, boolean any, boolean live) {
    this.word = word;
    this.of = any ? of.sortBy(one -> one.print) : of;
    this.node = node;
    this.value = value;
    this.inAnyOrder = any;
    this.live = live || of.exists(one -> one.live);
    this.number = of.isEmpty() ? isNumber(word) : of.forAll(one -> one.number);
    this.size = 1 + of.map(one -> one.size).sum().intValue();
    this.print = mixed(word, this.of.map(one -> one.print));
    Seq<Long> barely = of.map(one -> one.bare);
    this.bare = mixed(unstopped(word), any ? barely.sorted() : barely);
  }

  /** A function of some terms, in their order. */
  static TermForm of(String word, Node node, TermForm... of) {
    return new TermForm(word, List.of(of), node, Double.NaN, false, false);
  }

  /** A function of some terms in any order. */
  static TermForm inAnyOrder(String word, Node node, Seq<TermForm> of) {
    return new TermForm(word, of, node, Double.NaN, true, false);
  }

  /** What stands for a column, or for any term of a kind. */
  static TermForm leaf(String word, Node node, boolean live) {
    return new TermForm(word, List.empty(), node, Double.NaN, false, live);
  }

  /** A constant: its value is part of the form where it is a small multiple of a half. */
  static TermForm constant(double value, Node node) {
    boolean structural = Double.isInfinite(value) || isStructural(value);
    String word = structural ? NUMBER + value : NUMBER;
    return new TermForm(word, List.empty(), node, value, false, false);
  }

  private static boolean isStructural(double value) {
    return Math.abs(value) <= 5 && 2 * value == Math.rint(2 * value);
  }

  private static boolean isNumber(String word) {
    return word.startsWith(NUMBER);
  }

  private static String unstopped(String word) {
    return word.startsWith(STOPPED) ? word.substring(STOPPED.length()) : word;
  }

  private static long mixed(String word, Seq<Long> prints) {
    long hash = 1125899906842597L;
    for (int i = 0; i < word.length(); i++) {
      hash = 31 * hash + word.charAt(i);
    }
    for (long one : prints) {
      hash = mixed(hash ^ mixed(one + 0x9E3779B97F4A7C15L));
    }
    return mixed(hash);
  }

  private static long mixed(long value) {
    long mix = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mix = (mix ^ (mix >>> 27)) * 0x94D049BB133111EBL;
    return mix ^ (mix >>> 31);
  }

  /** The same with other terms below it. */
  TermForm with(Seq<TermForm> other) {
    return new TermForm(word, other, node, value, inAnyOrder, false);
  }

  /** Another operation on the same terms. */
  TermForm as(String other) {
    return new TermForm(other, of, node, value, inAnyOrder, false);
  }

  /** The same of which nothing trains. */
  TermForm stopped() {
    if (!live) {
      return this;
    }
    return of.isEmpty() ? leaf(STOPPED + word, node, false) : with(of.map(TermForm::stopped));
  }

  String word() {
    return word;
  }

  boolean is(String other) {
    return word.equals(other);
  }

  Seq<TermForm> of() {
    return of;
  }

  TermForm first() {
    return of.head();
  }

  /** The term of which this is the form, or the nearest one around it. */
  Node node() {
    return node;
  }

  /** Its value, where it is a constant; otherwise no number. */
  double value() {
    return value;
  }

  boolean isConstant() {
    return !Double.isNaN(value);
  }

  boolean isInAnyOrder() {
    return inAnyOrder;
  }

  boolean isLive() {
    return live;
  }

  /** Whether it is made of rounding. */
  boolean rounds() {
    return word.equals(ROUNDING) || of.exists(TermForm::rounds);
  }

  /** Whether nothing of the batch enters. */
  boolean isNumber() {
    return number;
  }

  /** Whether it stands for any number. */
  boolean isAnyNumber() {
    return word.equals(NUMBER);
  }

  /** How many terms it has. */
  int size() {
    return size;
  }

  /** Equal for equal forms. */
  long print() {
    return print;
  }

  /** Equal for forms that are equal whatever is stopped. */
  long bare() {
    return bare;
  }

  /** Whether two are one form; a parameter may stand for whatever is made of numbers. */
  boolean agrees(TermForm other) {
    return print == other.print
        || (number && other.number && (isAnyNumber() || other.isAnyNumber()));
  }

  /** As a call of functions. */
  @Override
  public String toString() {
    return of.isEmpty() ? word : word + of.mkString("(", ", ", ")");
  }
}
