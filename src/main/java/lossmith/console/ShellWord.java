package lossmith.console;

import java.util.regex.Pattern;

/** What is typed so that a shell hands it over as it is. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[\\w./,:=+@%-]+");

  private ShellWord() {}

  /** {@return a text, in single quotation marks where a shell would read something else} */
  public static String of(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
