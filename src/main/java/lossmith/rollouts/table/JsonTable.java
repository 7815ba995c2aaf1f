package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;

/** Rows of JSON objects: one after the other, as in JSONL, or in one list. */
final class JsonTable {
  private JsonTable() {}

  static int read(Path file, Wanted wanted, int first) throws IOException {
    JsonValues values = new JsonValues(wanted);
    try (Reader reader = TextFile.open(file);
        JsonParser parser = JsonValues.FACTORY.createParser(reader)) {
      int row = first;
      JsonToken token = parser.nextToken();
      boolean list = token == JsonToken.START_ARRAY;
      if (list) {
        token = parser.nextToken();
      }
      for (; token != null && token != JsonToken.END_ARRAY; token = parser.nextToken()) {
        if (token != JsonToken.START_OBJECT) {
          throw new MalformedFile(
              "an object", "a " + JsonValues.kind(token), parser.currentTokenLocation());
        }
        values.fields(parser, row++, "");
        wanted.sawRow();
      }
      if (list && (token == null || parser.nextToken() != null)) {
        throw new MalformedFile("one list", "more behind it", parser.currentTokenLocation());
      }
      return row;
    }
  }
}
