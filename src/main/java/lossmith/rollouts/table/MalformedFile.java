package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;

/** Something in a file that is not what its format asks for there. */
final class MalformedFile extends IOException {
  private static final long serialVersionUID = 1;

  /** {@return what the parser says, without where it says that the source is} */
  static String reason(JacksonException e) {
    return e instanceof StreamConstraintsException
        ? "nested more than " + JsonValues.DEPTH + " deep, or a number of more than 1000 digits"
        : String.valueOf(e.getOriginalMessage()).replaceFirst("(?s) \\(start marker at.*", "");
  }

  MalformedFile(String why) {
    super(why);
  }

  MalformedFile(String expected, String got, JsonLocation at) {
    super(
        "line "
            + at.getLineNr()
            + ", column "
            + at.getColumnNr()
            + ": "
            + got
            + " where "
            + expected
            + " is expected");
  }
}
