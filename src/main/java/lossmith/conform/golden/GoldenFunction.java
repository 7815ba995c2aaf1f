package lossmith.conform.golden;

/** A function of another system, written as terms. */
@FunctionalInterface
public interface GoldenFunction {
  /**
   * {@return what the terms give on the inputs of a case, under the case's names}
   *
   * @param given the case; its expected results are not looked at
   * @param meaning what gives terms their numbers
   */
  ComputedFields outcome(GoldenCase given, Meaning meaning);

  /**
   * {@return the function that one trial is enough for}
   *
   * @param trial from a case to what is computed for it
   */
  static GoldenFunction of(java.util.function.Function<GoldenCase, Computation> trial) {
    return (given, meaning) -> trial.apply(given).outcome(meaning);
  }
}
