package lossmith.fuzz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * GRPO of rows by plain loops, under the papers' conventions: what {@code score --recipe grpo} has
 * to say about them, or that they cannot be scored.
 *
 * @param loss the loss; empty where these loops have no opinion, of numbers near overflow and
 *     rewards that differ by rounding
 * @param tolerance how far another summation may be off
 */
record GrpoByHand(Optional<Double> loss, double tolerance) {
  private static final List<String> LISTS =
      Stream.concat(
              Stream.of("tokens", "response_mask", "log_prob", "old_log_prob", "ref_log_prob"),
              DrawnRows.OF_TOKENS.stream())
          .toList();
  private static final List<String> KNOWN =
      Stream.of(List.of("prompt_id", "reward"), DrawnRows.OF_RESPONSES, LISTS)
          .flatMap(List::stream)
          .toList();

  /** How an entry begins that is an object of an inference server. */
  private static final String OBJECT = "{\"token\":\"a\",\"id\":3,\"logprob\":";

  /** Rows that mean nothing. */
  static final class Meaningless extends Exception {
    private static final long serialVersionUID = 1;

    Meaningless(String why) {
      super(why);
    }
  }

  /** What is read of a row. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes them
  private record Response(String id, double reward, double[] logProb, double[] old) {}

  static GrpoByHand of(DrawnRows drawn, boolean csv) throws Meaningless {
    List<Response> responses = new ArrayList<>();
    Set<String> columns = new HashSet<>();
    for (String column : KNOWN) {
      String name = drawn.name(column);
      if (drawn.rows.stream().anyMatch(row -> row.containsKey(name))) {
        columns.add(column);
      }
    }
    for (String needed : List.of("prompt_id", "reward", "log_prob")) {
      demand(columns.contains(needed), "no " + needed);
    }
    for (Map<String, Object> row : drawn.rows) {
      responses.add(response(drawn, row, columns, csv));
    }
    Map<String, List<Response>> prompts = new LinkedHashMap<>();
    responses.forEach(one -> prompts.computeIfAbsent(one.id, id -> new ArrayList<>()).add(one));
    demand(responses.stream().anyMatch(one -> one.logProb.length > 0), "no token");
    demand(responses.stream().anyMatch(one -> !Double.isNaN(one.reward)), "no reward");
    demand(prompts.size() < responses.size() || responses.size() == 1, "no groups");
    double sum = 0;
    double magnitude = 0;
    boolean sure = true;
    for (List<Response> prompt : prompts.values()) {
      double[] rewards =
          prompt.stream().mapToDouble(Response::reward).filter(r -> !Double.isNaN(r)).toArray();
      double mean = 0;
      double most = 0;
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double reward : rewards) {
        mean += reward / rewards.length;
        most = Math.max(most, Math.abs(reward));
        low = Math.min(low, reward);
        high = Math.max(high, reward);
      }
      double squares = 0;
      for (double reward : rewards) {
        squares += (reward - mean) * (reward - mean) / rewards.length;
      }
      boolean same = !(high - low > 8 * Math.ulp(most));
      sure &= most < 1e100 && (most > 1e-100 || most == 0);
      sure &=
          same ? high - low <= 4 * Math.ulp(most) || rewards.length < 2 : high - low > 1e-6 * most;
      for (Response one : prompt) {
        double a = same || Double.isNaN(one.reward) ? 0 : (one.reward - mean) / Math.sqrt(squares);
        for (int t = 0; t < one.logProb.length; t++) {
          double d = one.logProb[t] - one.old[t];
          sure &= Math.abs(d) < 300;
          double r = Math.exp(d);
          double clipped = Math.max(0.8, Math.min(1.2, r));
          double part = Math.min(r * a, clipped * a) / one.logProb.length / prompt.size();
          sum += part / prompts.size();
          magnitude += Math.abs(part) / prompts.size();
        }
      }
    }
    return new GrpoByHand(
        sure ? Optional.of(0.0 - sum) : Optional.empty(), 1e-9 * Math.max(1e-3, magnitude));
  }

  private static Response response(
      DrawnRows drawn, Map<String, Object> row, Set<String> columns, boolean csv)
      throws Meaningless {
    for (String column : columns) {
      String name = drawn.name(column);
      demand(!row.containsKey(name + DrawnRows.AGAIN), column + " twice");
    }
    List<String> mask = null;
    int length = -1;
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (String column : DrawnRows.OF_RESPONSES) {
      demand(
          !columns.contains(column) || !Double.isNaN(reward(drawn.value(row, column), csv)),
          "no " + column);
    }
    for (String column : LISTS) {
      if (columns.contains(column)) {
        List<String> list = flat(drawn.value(row, column), column, csv);
        demand(length < 0 || list.size() == length, "another length");
        length = list.size();
        demand(list.stream().allMatch(x -> x.length() <= 1000), "a number of too many digits");
        lists.put(column, list);
        mask = column.equals("response_mask") ? list : mask;
      }
    }
    List<double[]> numbers = new ArrayList<>();
    for (String column : lists.keySet()) {
      double[] kept = new double[length];
      int many = 0;
      for (int t = 0; t < length; t++) {
        if (mask != null && !column.equals("response_mask") && entry(mask.get(t)) == 0) {
          continue;
        }
        double x = entry(lists.get(column).get(t));
        demand(Double.isFinite(x), column + ": no number");
        demand(!column.equals("response_mask") || x == 0 || x == 1, "no mask");
        demand(!column.equals("tokens") || (x >= 0 && x == (int) x), "no token");
        kept[many++] = x;
      }
      double[] all = java.util.Arrays.copyOf(kept, many);
      if (column.equals("log_prob")) {
        numbers.add(0, all);
      } else if (column.equals("old_log_prob")) {
        numbers.add(all);
      }
      if (column.equals("log_prob") && !columns.contains("old_log_prob")) {
        numbers.add(all);
      }
    }
    return new Response(
        id(drawn.value(row, "prompt_id"), csv),
        reward(drawn.value(row, "reward"), csv),
        numbers.get(0),
        numbers.get(1));
  }

  /** The entries of a list and of the lists in it. */
  private static List<String> flat(@Nullable Object value, String column, boolean csv)
      throws Meaningless {
    List<String> flat = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object entry : list) {
        String text = String.valueOf(entry);
        if (entry instanceof List<?> || text.startsWith("[")) {
          flat.addAll(flat(entry, column, csv));
        } else {
          flat.add(
              text.startsWith(OBJECT) && column.contains("log_prob")
                  ? text.substring(OBJECT.length(), text.length() - 1)
                  : text);
        }
      }
      return flat;
    }
    String text = String.valueOf(value);
    String bare = csv && text.startsWith("\"[") ? text.substring(1, text.length() - 1) : text;
    demand(bare.startsWith("["), "no list");
    demand(!bare.startsWith("[".repeat(60)), "too deep");
    boolean objects = column.contains("log_prob") && bare.contains(OBJECT);
    String entries = objects ? bare.replace(OBJECT, "").replace("}", "") : bare;
    for (String entry : entries.replaceAll("[\\[\\]]", "").split(",", -1)) {
      if (!entry.isEmpty()) {
        flat.add(entry);
      }
    }
    return flat;
  }

  /** The number of an entry of a list; NaN for what is none. */
  private static double entry(String text) {
    return switch (text) {
      case "true" -> 1;
      case "false" -> 0;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> text.matches("-?[0-9].*") ? Double.parseDouble(text) : Double.NaN;
    };
  }

  private static String id(@Nullable Object value, boolean csv) throws Meaningless {
    String text = String.valueOf(value);
    demand(value != null && !text.equals("null"), "no id");
    boolean quoted = text.startsWith("\"");
    String bare = quoted ? text.substring(1, text.length() - 1) : text;
    demand(value instanceof String && ((quoted && !csv) || !bare.matches("(?s)[\\[{].*")), "no id");
    demand(!csv || !bare.isBlank(), "no id");
    return bare;
  }

  /** The reward; NaN where there is none. */
  private static double reward(@Nullable Object value, boolean csv) throws Meaningless {
    String text = String.valueOf(value);
    if (text.equals("null") || (csv && text.matches("\"\\s*\""))) {
      return Double.NaN;
    }
    String bare = text.replace("\"", "").strip();
    if (bare.equals("true") || bare.equals("false")) {
      demand(csv || !text.startsWith("\""), "text");
      return bare.equals("true") ? 1 : 0;
    }
    demand(value instanceof String && bare.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?"), "no number");
    double number = Double.parseDouble(bare);
    demand(Double.isFinite(number) && text.length() <= 1000, "no finite number");
    return number;
  }

  private static void demand(boolean so, String otherwise) throws Meaningless {
    if (!so) {
      throw new Meaningless(otherwise);
    }
  }
}
