package lossmith.console;

import io.vavr.collection.Seq;

/** Words in lines no longer than a screen is wide. */
public final class Words {
  /** What a screen and a page of documentation hold. */
  private static final int WIDTH = 100;

  private Words() {}

  /**
   * {@return words one after the other, in as many lines as they need}
   *
   * @param indent what each line begins with
   * @param words which are not broken
   * @param between what stands between two of them
   */
  public static String wrapped(String indent, Seq<String> words, String between) {
    return wrapped(indent, words, between, WIDTH);
  }

  /**
   * {@return the same in lines of another width}
   *
   * @param indent what each line begins with
   * @param words which are not broken
   * @param between what stands between two of them
   * @param width the most characters of a line
   */
  public static String wrapped(String indent, Seq<String> words, String between, int width) {
    StringBuilder text = new StringBuilder();
    StringBuilder line = new StringBuilder(indent);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i) + (i + 1 < words.size() ? between : "");
      if (line.length() > indent.length()
          && line.length() + word.stripTrailing().length() > width) {
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        line = new StringBuilder(indent);
      }
      line.append(word);
    }
    return text.append(line.toString().stripTrailing()).append(System.lineSeparator()).toString();
  }
}
