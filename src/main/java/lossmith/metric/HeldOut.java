package lossmith.metric;

/**
 * Names of measurements on held-out prompts: {@code val-core/TASK/NUMBER}, such as {@code
 * val-core/addition/pass@8}, as verl writes them.
 */
public final class HeldOut {
  private static final String PREFIX = "val-core/";

  private HeldOut() {}

  /**
   * {@return the name of a measurement}
   *
   * @param task the task whose prompts are held out
   * @param number what is measured, such as {@code pass@8}
   */
  public static String name(String task, String number) {
    return PREFIX + task + "/" + number;
  }

  /** {@return whether a number is measured on held-out prompts, by its name} */
  public static boolean is(String name) {
    return name.startsWith(PREFIX);
  }

  /** {@return what is measured, without where: {@code pass@8}; the name of any other as it is} */
  public static String number(String name) {
    return is(name) ? name.substring(name.indexOf('/', PREFIX.length()) + 1) : name;
  }

  /**
   * {@return whether a measurement on held-out prompts is meant}
   *
   * @param name of a number of a run
   * @param meant the end of the name of a measurement, after whose {@code @} stands any number of
   *     tries
   */
  public static boolean isMeant(String name, String meant) {
    return is(name) && (meant.endsWith("@") ? name.contains(meant) : name.endsWith(meant));
  }
}
