package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vavr.collection.List;
import java.io.IOException;

/**
 * Reads JSON values into columns. Numbers may be NaN or Infinity, as Python writes them; lists in
 * lists are read as one list; of an object in a list one field is read, that of the log-probability
 * or of the token's id.
 */
final class JsonValues {
  /** Deeper than anybody nests rollouts, and far from the end of the stack. */
  static final int DEPTH = 64;

  private static final List<String> LOG_PROBS = List.of("logprob", "log_prob");
  private static final List<String> IDS = List.of("token_id", "id");

  static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNestingDepth(DEPTH)
          .maxStringLength(Integer.MAX_VALUE)
          .maxNumberLength(1000)
          .build();

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(CONSTRAINTS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final Wanted wanted;

  JsonValues(Wanted wanted) {
    this.wanted = wanted;
  }

  /** Reads the object at which the parser is, as one row; its fields are called prefix + name. */
  void fields(JsonParser parser, int row, String prefix) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Wanted.Place place = wanted.place(prefix + parser.currentName());
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        object(parser, row, place);
      } else if (place.asked) {
        value(parser, row, place.column);
      } else {
        JsonParser unused = parser.skipChildren();
      }
    }
  }

  /** Reads the object at which the parser is, as fields of a row. */
  void object(JsonParser parser, int row, Wanted.Place place) throws IOException {
    fields(parser, row, place.name + ".");
    if (place.asked) {
      place.column.object(row, "an object");
    }
  }

  /** Reads the value at which the parser is. */
  static void value(JsonParser parser, int row, CellColumn column) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          column.scalar(row, CellColumn.Kind.NUMBER, parser.getDoubleValue(), parser.getText());
      case VALUE_TRUE -> column.scalar(row, CellColumn.Kind.TRUTH, 1, "true");
      case VALUE_FALSE -> column.scalar(row, CellColumn.Kind.TRUTH, 0, "false");
      case VALUE_STRING -> column.text(row, parser.getText());
      case START_ARRAY -> {
        column.open(row, CellColumn.Kind.LIST);
        list(parser, column);
        column.close();
      }
      case START_OBJECT -> {
        JsonParser unused = parser.skipChildren();
        column.object(row, "an object");
      }
      default -> column.nothing(row);
    }
  }

  /** {@return what a token is, in words} */
  static String kind(JsonToken token) {
    return token.isNumeric() ? "number" : token == JsonToken.VALUE_STRING ? "text" : "value";
  }

  private static void list(JsonParser parser, CellColumn column) throws IOException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      switch (token) {
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> column.add(parser.getDoubleValue());
        case VALUE_NULL -> column.add(CellColumn.NO_ENTRY);
        case VALUE_TRUE -> column.add(1);
        case VALUE_FALSE -> column.add(0);
        case START_ARRAY -> {
          column.sawNested();
          list(parser, column);
        }
        case START_OBJECT -> {
          entry(parser, column, isLogProb(column.name()) ? LOG_PROBS : IDS);
        }
        case VALUE_STRING -> column.addText(parser.getText());
        default -> column.add(CellColumn.NO_NUMBER);
      }
    }
  }

  private static boolean isLogProb(String name) {
    return name.contains("prob") || name.contains("logp");
  }

  /** Adds a number of an object, or, where it has none, a message of a chat as text. */
  private static void entry(JsonParser parser, CellColumn column, List<String> fields)
      throws IOException {
    double number = CellColumn.NO_NUMBER;
    boolean found = false;
    String role = "";
    String content = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      boolean meant = fields.contains(name);
      JsonToken token = parser.nextToken();
      if (meant && token.isNumeric()) {
        number = parser.getDoubleValue();
        found = true;
      } else if (token == JsonToken.VALUE_STRING && name.equals("role")) {
        role = parser.getText();
      } else if (token == JsonToken.VALUE_STRING && name.equals("content")) {
        content = parser.getText();
      } else {
        JsonParser unused = parser.skipChildren();
      }
    }
    if (found || content.isEmpty()) {
      column.sawObject();
      column.add(number);
    } else {
      column.addText(role + ": " + content);
    }
  }
}
