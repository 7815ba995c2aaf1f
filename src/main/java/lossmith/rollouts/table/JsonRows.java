package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import lossmith.pieces.Watch;
import lossmith.storage.MemoryBudget;

/** Rows that are JSON objects, a line for each. */
record JsonRows() implements RowForm {
  @Override
  public String ending() {
    return ".jsonl";
  }

  @Override
  public boolean byLine(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".ndjson");
  }

  @Override
  public Iterator<String> rows(Path file) throws IOException {
    JsonParser parser = JsonValues.FACTORY.createParser(TextFile.open(file));
    JsonToken first = parser.nextToken();
    return new Objects(parser, first == JsonToken.START_ARRAY ? parser.nextToken() : first);
  }

  /** The objects of a file, one after the other; the file is closed behind the last. */
  private static final class Objects implements Iterator<String> {
    private final JsonParser parser;
    private JsonToken next;

    Objects(JsonParser parser, JsonToken first) {
      this.parser = parser;
      this.next = first;
    }

    @Override
    public boolean hasNext() {
      return next != null && next != JsonToken.END_ARRAY;
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        object(parser, next);
        String row = copied(parser);
        next = parser.nextToken();
        if (!hasNext()) {
          parser.close();
        }
        return row;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void object(JsonParser parser, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      throw new MalformedFile(
          "an object", "a " + JsonValues.kind(token), parser.currentTokenLocation());
    }
  }

  /** The object at which a parser is, in one line, with numbers as they are written. */
  private static String copied(JsonParser parser) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator to = JsonValues.FACTORY.createGenerator(text)) {
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token.isNumeric()) {
          to.writeNumber(parser.getText());
        } else {
          to.copyCurrentEvent(parser);
        }
      } while (depth > 0 && parser.nextToken() != null);
    }
    return text.toString();
  }

  @Override
  public Seq<String> names(String row) throws IOException {
    Wanted wanted = new Wanted(name -> false, new MemoryBudget(0), Watch.NONE);
    read(row, wanted);
    return wanted.table(1, RowOrigins.NONE).leftOut();
  }

  @Override
  public String text(String row, String column) throws IOException {
    Wanted wanted = new Wanted(column::equals, new MemoryBudget(0), Watch.NONE);
    read(row, wanted);
    return wanted.place(column).column.text(0);
  }

  private static void read(String row, Wanted wanted) throws IOException {
    try (JsonParser parser = JsonValues.FACTORY.createParser(row)) {
      object(parser, parser.nextToken());
      new JsonValues(wanted).fields(parser, 0, "");
      if (parser.nextToken() != null) {
        throw new MalformedFile("one object", "more behind it", parser.currentTokenLocation());
      }
    }
  }

  @Override
  public String head() {
    return "";
  }

  @Override
  public String numbered(String row, int number) {
    String rest = row.substring(row.indexOf('{') + 1).strip();
    return "{\"" + PartRows.NUMBER + "\":" + number + (rest.startsWith("}") ? rest : "," + rest);
  }
}
