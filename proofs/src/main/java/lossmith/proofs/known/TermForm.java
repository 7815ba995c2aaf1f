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
  private final Amount amount;
  private final boolean inAnyOrder;
  private final boolean live;
  private final boolean number;
  private final int size;
  private final long print;
  private final long bare;
  private final long named;

  private TermForm(
      String word,
      Seq<TermForm> of,
      Node node,
      double value,
      Amount amount,
      boolean any,
      boolean live) {
    this.word = word;
    this.of = any ? of.sortBy(one -> one.print) : of;
    this.node = node;
    this.value = value;
    this.amount = amount;
    this.inAnyOrder = any;
    this.live = live || of.exists(one -> one.live);
    this.number = of.isEmpty() ? isNumber(word) : !counts(word) && of.forAll(one -> one.number);
    this.size = 1 + of.map(one -> one.size).sum().intValue();
    this.print = mixed(word, this.of.map(one -> one.print));
    this.named =
        mixed(
            word + amount.parameters().toList().sorted().mkString(" "),
            this.of.map(one -> one.named));
    Seq<Long> barely = of.map(one -> one.bare);
    this.bare = mixed(unstopped(word), any ? barely.sorted() : barely);
  }

  /** A function of some terms, in their order. */
  static TermForm of(String word, Node node, TermForm... of) {
    return made(word, List.of(of), node, false);
  }

  /** A function of some terms in any order. */
  static TermForm inAnyOrder(String word, Node node, Seq<TermForm> of) {
    return made(word, of, node, true);
  }

  private static TermForm made(String word, Seq<TermForm> of, Node node, boolean inAnyOrder) {
    Amount amount =
        of.nonEmpty() && of.forAll(one -> one.number)
            ? Amount.of(word, of.map(one -> one.amount))
            : Amount.UNKNOWN;
    return new TermForm(word, of, node, Double.NaN, amount, inAnyOrder, false);
  }

  /** What stands for a column, or for any term of a kind. */
  static TermForm leaf(String word, Node node, boolean live) {
    return new TermForm(word, List.empty(), node, Double.NaN, Amount.UNKNOWN, false, live);
  }

  /** What stands for a parameter, or for a number made of some. */
  static TermForm number(Amount amount, Node node) {
    return new TermForm(NUMBER, List.empty(), node, Double.NaN, amount, false, false);
  }

  /** A constant: its value is part of the form where it is a small multiple of a half. */
  static TermForm constant(double value, Node node) {
    boolean structural = Double.isInfinite(value) || isStructural(value);
    String word = structural ? NUMBER + value : NUMBER;
    return new TermForm(word, List.empty(), node, value, Amount.constant(value), false, false);
  }

  private static boolean isStructural(double value) {
    return Math.abs(value) <= 5 && 2 * value == Math.rint(2 * value);
  }

  private static boolean isNumber(String word) {
    return word.startsWith(NUMBER);
  }

  /** Whether even numbers become something that is another with each batch. */
  private static boolean counts(String word) {
    return word.startsWith("scan ") || word.startsWith("sum ") || word.startsWith("next ");
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
    return made(word, other, node, inAnyOrder);
  }

  /** Another operation on the same terms. */
  TermForm as(String other) {
    return made(other, of, node, inAnyOrder);
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

  /** Its value of the values of parameters, where it is a number; otherwise unknown. */
  Amount amount() {
    return amount;
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

  /** Equal for equal forms whose numbers are made of parameters of the same names. */
  long named() {
    return named;
  }

  /** Whether two are one form; a parameter may stand for whatever is made of numbers. */
  boolean agrees(TermForm other) {
    return print == other.print
        || (isFactor() && other.isFactor())
        || (number && other.number && (isAnyNumber() || other.isAnyNumber()));
  }

  /** Whether it stands for any detached factor: a teacher's advantage is made of policies alone. */
  boolean isFactor() {
    return is(Fragments.ADVANTAGE) || is(Fragments.WEIGHT);
  }

  /** As a call of functions. */
  @Override
  public String toString() {
    return of.isEmpty() ? word : word + of.mkString("(", ", ", ")");
  }
}
