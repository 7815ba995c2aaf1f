package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonLocation;
import java.io.IOException;

/** Something in a file that is not what its format asks for there. */
final class MalformedFile extends IOException {
  private static final long serialVersionUID = 1;

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
