package lossmith.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Ways in which rollouts go wrong, or are unusual and right. */
enum RowMutation {
  SCALAR((drawn, draw) -> drawn.rows.forEach(row -> some(draw, 2, () -> scalar(drawn, row, draw)))),
  ONE_SCALAR((drawn, draw) -> scalar(drawn, draw.of(drawn.rows), draw)),
  ENTRY((drawn, draw) -> entry(list(drawn, draw), draw, Oddities.SCALARS)),
  NUMBER(
      (drawn, draw) ->
          entry(list(drawn, draw), draw, List.of("0", "1.0", "-1e9", "-9999", "-200", "-1e-30"))),
  LONGER((drawn, draw) -> list(drawn, draw).add("-0.5")),
  SHORTER(
      (drawn, draw) -> {
        List<Object> list = list(drawn, draw);
        if (!list.isEmpty()) {
          list.remove(0);
        }
      }),
  LONGER_EVERYWHERE(
      (drawn, draw) -> {
        String name = drawn.name("log_prob");
        drawn.rows.forEach(row -> asList(row, name).add("-0.5"));
      }),
  NESTED(
      (drawn, draw) -> {
        String name = draw.of(lists(drawn));
        int depth = draw.of(List.of(1, 1, 3, 50, 70, 1000));
        for (var row : drawn.rows) {
          List<Object> list = asList(row, name);
          row.put(
              name,
              depth == 1
                  ? new ArrayList<>(List.of(list))
                  : "[".repeat(depth) + DrawnRows.json(list) + "]".repeat(depth));
        }
      }),
  OBJECTS(
      (drawn, draw) -> {
        String name = drawn.name("log_prob");
        drawn.rows.forEach(
            row ->
                asList(row, name)
                    .replaceAll(x -> "{\"token\":\"a\",\"id\":3,\"logprob\":" + x + "}"));
      }),
  ANOTHER_KIND(
      (drawn, draw) -> {
        var row = draw.of(drawn.rows);
        row.put(draw.of(List.copyOf(row.keySet())), draw.of(Oddities.ANYTHING));
      }),
  ANOTHER_KIND_EVERYWHERE(
      (drawn, draw) -> {
        String name = draw.of(drawn.header());
        String value = draw.of(Oddities.ANYTHING);
        drawn.rows.forEach(row -> row.put(name, value));
      }),
  MISSING(
      (drawn, draw) -> {
        var row = draw.of(drawn.rows);
        Object unused = row.remove(draw.of(List.copyOf(row.keySet())));
      }),
  MISSING_EVERYWHERE(
      (drawn, draw) -> {
        String name = draw.of(drawn.header());
        drawn.rows.forEach(row -> row.remove(name));
      }),
  TWICE(
      (drawn, draw) -> {
        var row = draw.of(drawn.rows);
        String name = draw.of(List.copyOf(row.keySet()));
        row.put(name + DrawnRows.AGAIN, draw.oneIn(2) ? row.get(name) : draw.of(Oddities.ANYTHING));
      }),
  RENAMED(
      (drawn, draw) -> {
        String name = draw.of(drawn.header());
        String other =
            draw.of(name + "s", name.substring(1), name.toUpperCase(java.util.Locale.ROOT), "x");
        drawn.rows.forEach(row -> rename(row, name, other));
      }),
  TWO_NAMES((drawn, draw) -> drawn.rows.forEach(row -> row.put("acc", "1"))),
  MASK(
      (drawn, draw) -> {
        String name = drawn.names.computeIfAbsent("response_mask", key -> key);
        List<String> ones =
            draw.of(
                List.of(
                    List.of("0", "1"),
                    List.of("true", "false"),
                    List.of("1.0", "0.0", "0"),
                    List.of("0"),
                    List.of("1", "0", "0.5"),
                    List.of("1", "2"),
                    List.of("1", "null"),
                    List.of("1", "\"1\"")));
        for (var row : drawn.rows) {
          List<Object> like = asList(row, drawn.name("log_prob"));
          List<Object> mask = new ArrayList<>();
          like.forEach(x -> mask.add(draw.of(ones)));
          row.put(name, mask);
        }
      }),
  GARBAGE_WHERE_MASKED(
      (drawn, draw) -> {
        for (var row : drawn.rows) {
          if (drawn.value(row, "response_mask") instanceof List<?> mask) {
            for (String column : List.of("log_prob", "old_log_prob", "ref_log_prob", "tokens")) {
              if (drawn.value(row, column) instanceof List<?>) {
                List<Object> list = asList(row, drawn.name(column));
                for (int t = 0; t < Math.min(mask.size(), list.size()); t++) {
                  if (String.valueOf(mask.get(t)).equals("0")) {
                    list.set(t, draw.of("null", "NaN", "-1e10", "-100", "1e999", "7"));
                  }
                }
              }
            }
          }
        }
      }),
  IDS(
      (drawn, draw) -> {
        List<String> ids =
            draw.of(
                List.of(
                    List.of("1", "2"),
                    List.of("\"007\"", "7", "\"7\""),
                    List.of("1", "1.0", "1e0"),
                    List.of("12e3", "1200e1", "12000"),
                    List.of("9007199254740993", "9007199254740992"),
                    List.of(
                        "340282366920938463463374607431768211455",
                        "340282366920938463463374607431768211454"),
                    List.of("\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\"", "\"é中\"", "\"a b\""),
                    List.of("true", "false"),
                    List.of("null", "1"),
                    List.of("[1]", "1"),
                    List.of("{\"a\":1}", "1"),
                    List.of("\"\\ud83d\"", "\"\\ud83e\""),
                    List.of("\"a,b\"", "\"a\\\"b\"", "\"a\\nb\"")));
        String name = drawn.name("prompt_id");
        drawn.rows.forEach(row -> row.put(name, draw.of(ids)));
      }),
  ALL_IDS_DIFFER(
      (drawn, draw) -> {
        String name = drawn.name("prompt_id");
        for (int i = 0; i < drawn.rows.size(); i++) {
          drawn.rows.get(i).put(name, "\"id " + i + "\"");
        }
      }),
  DOUBLED((drawn, draw) -> drawn.rows.addAll(List.copyOf(drawn.rows))),
  SHUFFLED(
      (drawn, draw) -> {
        var rows = draw.shuffled(drawn.rows);
        drawn.rows.clear();
        drawn.rows.addAll(rows);
      }),
  FEWER(
      (drawn, draw) -> {
        int kept = draw.below(drawn.rows.size());
        drawn.rows.subList(kept, drawn.rows.size()).clear();
      }),
  ORDER_OF_FIELDS(
      (drawn, draw) ->
          drawn.rows.replaceAll(
              row -> {
                Map<String, Object> other = new LinkedHashMap<>();
                draw.shuffled(List.copyOf(row.keySet()))
                    .forEach(name -> other.put(name, row.get(name)));
                return other;
              })),
  REWARDS(
      (drawn, draw) -> {
        List<String> rewards =
            draw.of(
                List.of(
                    List.of("1"),
                    List.of("null"),
                    List.of("null", "1", "0"),
                    List.of("0", "1e200"),
                    List.of("1e308", "-1e308"),
                    List.of("1e-300", "0"),
                    List.of("\"1.0\"", "\" 1e0\"", "\"0\""),
                    List.of("true", "false"),
                    List.of("0.30000000000000004", "0.3"),
                    List.of("1000000000.5", "1000000001"),
                    List.of("{\"score\":1}", "1"),
                    List.of("[0,1]")));
        String name = drawn.name("reward");
        drawn.rows.forEach(row -> row.put(name, draw.of(rewards)));
      }),
  TOKENS(
      (drawn, draw) -> {
        String name = drawn.name("tokens");
        if (drawn.names.containsKey("tokens")) {
          entry(
              asList(draw.of(drawn.rows), name),
              draw,
              List.of("-100", "1.5", "3.0", "2147483647", "2147483648", "1e10", "\"a\"", "null"));
        }
      }),
  EXTRA(
      (drawn, draw) -> {
        String name =
            draw.of("step", "", " ", "a.b", "ünï", "x\ny", "x\"y", "extra_info", "ground_truth");
        String value = draw.of(Oddities.ANYTHING);
        drawn.rows.forEach(row -> row.put(name, value));
      }),
  LONG_ROW(
      (drawn, draw) -> {
        var row = draw.of(drawn.rows);
        int tokens = draw.between(2_000, 40_000);
        for (String name : lists(drawn)) {
          String one = name.contains("prob") || name.contains("logp") ? "-0.25" : "1";
          row.put(name, new ArrayList<Object>(java.util.Collections.nCopies(tokens, one)));
        }
      }),
  MANY_ROWS(
      (drawn, draw) -> {
        var rows = List.copyOf(drawn.rows);
        for (int i = 0; i < draw.between(10, 100); i++) {
          drawn.rows.addAll(rows);
        }
      });

  @SuppressWarnings("ImmutableEnumChecker") // none of them holds anything
  private final BiConsumer<DrawnRows, Draw> change;

  RowMutation(BiConsumer<DrawnRows, Draw> change) {
    this.change = change;
  }

  void apply(DrawnRows drawn, Draw draw) {
    if (!drawn.rows.isEmpty() && drawn.rows.stream().noneMatch(Map::isEmpty)) {
      change.accept(drawn, draw);
    }
  }

  private static void some(Draw draw, int many, Runnable change) {
    if (draw.oneIn(many)) {
      change.run();
    }
  }

  private static void scalar(DrawnRows drawn, Map<String, Object> row, Draw draw) {
    row.put(draw.of(drawn.name("prompt_id"), drawn.name("reward")), draw.of(Oddities.ANYTHING));
  }

  private static void rename(Map<String, Object> row, String name, String other) {
    Object value = row.remove(name);
    if (value != null) {
      row.put(other, value);
    }
  }

  private static void entry(List<Object> list, Draw draw, List<String> instead) {
    if (!list.isEmpty()) {
      list.set(draw.below(list.size()), draw.of(instead));
    }
  }

  private static List<String> lists(DrawnRows drawn) {
    return drawn.names.entrySet().stream()
        .filter(
            name ->
                !List.of("prompt_id", "reward").contains(name.getKey())
                    && !DrawnRows.OF_RESPONSES.contains(name.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static List<Object> list(DrawnRows drawn, Draw draw) {
    return asList(draw.of(drawn.rows), draw.of(lists(drawn)));
  }

  /** The list under a name, which is put there if there is none. */
  private static List<Object> asList(Map<String, Object> row, String name) {
    List<Object> list = new ArrayList<>();
    if (row.get(name) instanceof List<?> old) {
      list.addAll(old);
    }
    row.put(name, list);
    return list;
  }
}
