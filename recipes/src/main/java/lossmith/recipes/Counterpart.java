package lossmith.recipes;

/**
 * The same idea in another system.
 *
 * @param system whose it is
 * @param name what the system calls it
 * @param differs where its formula is another one, in one sentence; empty if it is the same
 * @param wrong its bug, in one sentence; empty if none is known
 */
public record Counterpart(Project system, String name, String differs, String wrong) {
  /**
   * A system whose source was read.
   *
   * @param title what it is called
   * @param url where its source is
   * @param commit the commit that was read
   */
  public record Project(String title, String url, String commit) {
    @Override
    public String toString() {
      return title;
    }
  }

  /** {@return the system, its name for it, and in one line where it differs or is wrong} */
  @Override
  public String toString() {
    return system
        + ", "
        + name
        + (differs.isEmpty() ? "" : ": " + differs)
        + (wrong.isEmpty() ? "" : "; wrong there: " + wrong);
  }
}
