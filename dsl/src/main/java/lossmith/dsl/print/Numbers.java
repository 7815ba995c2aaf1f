package lossmith.dsl.print;

/** Numbers as people write them. */
final class Numbers {
  private Numbers() {}

  static String text(double x) {
    if (Double.isInfinite(x)) {
      return x > 0 ? "∞" : "-∞";
    }
    return x == Math.rint(x) && Math.abs(x) < 1e15
        ? String.valueOf((long) x)
        : String.valueOf(x).replace(".0E", "e").replace("E", "e");
  }
}
