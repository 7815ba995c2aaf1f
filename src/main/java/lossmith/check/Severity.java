package lossmith.check;

import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
  /** The numbers cannot be right: nothing that is computed from them is. */
  ERROR,
  /** The numbers are not what they should be, or very probably not. */
  WARNING,
  /** A fact worth knowing, nothing wrong. */
  NOTE;

  /** {@return its name in small letters, as it is printed and written} */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
