package lossmith.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rollouts as they are to be written: a field is JSON text, or a list of fields. A key that ends in
 * {@link #AGAIN} is the same name a second time.
 */
final class DrawnRows {
  static final String AGAIN = "\0";

  /** What files call a column, the name here first. */
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "prompt_id", List.of("prompt_id", "uid", "group_id"),
          "tokens", List.of("tokens", "response_ids"),
          "reward", List.of("reward", "score"),
          "log_prob", List.of("log_prob", "new_log_probs"),
          "old_log_prob", List.of("old_log_prob", "old_log_probs"),
          "ref_log_prob", List.of("ref_log_prob", "ref_logprobs"),
          "response_mask", List.of("response_mask", "loss_mask"));

  /** Columns with a number for each response. */
  static final List<String> OF_RESPONSES = List.of("finished", "sign");

  /** Columns with a number for each token that grpo does not need, but every reader checks. */
  static final List<String> OF_TOKENS =
      List.of("entropy", "value", "advantage", "token_reward", "rollout_log_prob");

  private static final List<String> OTHERS =
      Stream.concat(OF_RESPONSES.stream(), OF_TOKENS.stream()).toList();

  final List<Map<String, Object>> rows = new ArrayList<>();

  /** What the file calls a column, by its name here. */
  final Map<String, String> names = new LinkedHashMap<>();

  /** Good rollouts: a few prompts, each with a few responses of a few tokens. */
  static DrawnRows valid(Draw draw) {
    DrawnRows drawn = new DrawnRows();
    List<String> columns = new ArrayList<>(List.of("prompt_id", "reward", "log_prob"));
    for (String more :
        List.of("tokens", "old_log_prob", "old_log_prob", "ref_log_prob", "response_mask")) {
      if (draw.oneIn(2) && !columns.contains(more)) {
        columns.add(more);
      }
    }
    for (String more : OTHERS) {
      if (draw.oneIn(8)) {
        columns.add(more);
      }
    }
    for (String column : draw.shuffled(columns)) {
      List<String> called = NAMES.getOrDefault(column, List.of(column));
      drawn.names.put(column, draw.oneIn(3) ? draw.of(called) : called.get(0));
    }
    int prompts = draw.between(1, 4);
    boolean texts = draw.oneIn(3);
    for (int prompt = 0; prompt < prompts; prompt++) {
      int responses = prompt == 0 ? draw.between(2, 4) : draw.between(1, 4);
      for (int i = 0; i < responses; i++) {
        int length = prompt + i == 0 ? draw.between(1, 6) : draw.between(0, 6);
        drawn.rows.add(drawn.row(draw, prompt, length, prompt + i == 0));
      }
    }
    if (texts) {
      drawn.rows.forEach(row -> row.put("response", "\"" + draw.of("fine", "é中😀", "") + "\""));
    }
    return drawn;
  }

  private Map<String, Object> row(Draw draw, int prompt, int length, boolean first) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (String column : names.keySet()) {
      Object value =
          switch (column) {
            case "prompt_id" -> String.valueOf(prompt);
            case "reward" -> draw.oneIn(2) ? draw.of("0", "1") : number(draw, -2, 2);
            case "finished" -> draw.of("0", "1", "true", "false");
            case "sign" -> draw.of("1", "-1");
            case "tokens" -> list(length, t -> String.valueOf(draw.below(50)));
            case "response_mask" ->
                list(length, t -> first && t == 0 ? "1" : draw.of("1", "1", "0"));
            default -> list(length, t -> number(draw, -3, -0.01));
          };
      row.put(names.get(column), value);
    }
    return row;
  }

  private static List<Object> list(int length, java.util.function.IntFunction<String> entry) {
    return new ArrayList<>(IntStream.range(0, length).mapToObj(entry).toList());
  }

  static String number(Draw draw, double low, double high) {
    double number = draw.real(low, high);
    return draw.oneIn(2) ? String.format(java.util.Locale.ROOT, "%.3f", number) : "" + number;
  }

  /** {@return what the file calls a column} */
  String name(String column) {
    return names.getOrDefault(column, column);
  }

  /** {@return the names that any row has, in the order in which they are met} */
  List<String> header() {
    return rows.stream().flatMap(row -> row.keySet().stream()).distinct().toList();
  }

  /** {@return the value of a column in a row; null where it has none} */
  @org.jspecify.annotations.Nullable
  Object value(Map<String, Object> row, String column) {
    return row.get(name(column));
  }

  /** {@return a value as JSON} */
  static String json(Object value) {
    return value instanceof List<?> list
        ? list.stream()
            .map(DrawnRows::json)
            .collect(java.util.stream.Collectors.joining(",", "[", "]"))
        : String.valueOf(value);
  }

  /** {@return a row as a JSON object} */
  static String object(Map<String, Object> row) {
    return row.entrySet().stream()
        .map(field -> quoted(field.getKey().replace(AGAIN, "")) + ":" + json(field.getValue()))
        .collect(java.util.stream.Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
