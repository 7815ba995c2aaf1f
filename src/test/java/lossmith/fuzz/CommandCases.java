package lossmith.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lossmith.fuzz.FuzzCase.End;
import lossmith.fuzz.FuzzCase.Expected;

/** Draws command lines of all commands. */
final class CommandCases {
  private CommandCases() {}

  static FuzzCase any(Draw draw, Path folder) throws IOException {
    DrawnRows drawn = DrawnRows.valid(draw);
    String rows =
        Files.write(folder.resolve("r.jsonl"), RowFormat.JSONL.bytes(drawn.rows, drawn.header()))
            .toString();
    Path out = folder.resolve("out.json");
    List<String> args = new ArrayList<>();
    switch (draw.below(8)) {
      case 0, 1, 2 -> args.addAll(List.of("score", rows, "--recipe", "grpo"));
      case 3 -> args.addAll(List.of("check", rows));
      case 4 -> args.addAll(List.of("show", draw.of("grpo", "dapo", "group-centred+log-prob")));
      case 5 -> args.addAll(List.of("recipes"));
      case 6 -> args.addAll(List.of("prove", "grpo", "--cases", "1", "--law", "NONE"));
      default -> args.addAll(List.of("fit", rows));
    }
    for (int i = 0; i < draw.between(0, 3); i++) {
      args.addAll(draw.of(options(rows, folder, out)));
    }
    switch (draw.below(8)) {
      case 0 -> args.remove(draw.below(args.size()));
      case 1 -> {
        int at = draw.below(args.size());
        args.set(at, args.get(at) + draw.of("x", " ", "=", "ü", "\n", ","));
      }
      case 2 ->
          args.add(draw.below(args.size() + 1), draw.of("", "--", "-", "--nothing", "x", "-1"));
      case 3 -> args.add(args.get(draw.below(args.size())));
      default -> {}
    }
    return new FuzzCase(
        "command " + (args.isEmpty() ? "" : args.get(0)), args, outputs(folder, out), Expected.ANY);
  }

  private static List<Path> outputs(Path folder, Path out) {
    return List.of(out, folder.resolve("t.parquet"), folder.resolve("g.parquet"));
  }

  private static List<List<String>> options(String rows, Path folder, Path out) {
    String json = out.toString();
    String tokens = folder.resolve("t.parquet").toString();
    return List.of(
        List.of("--json", json),
        List.of("--json", json),
        List.of("--json", rows),
        List.of("--json", folder.toString()),
        List.of("--json", folder.resolve("none/out.json").toString()),
        List.of("--json", "/dev/null"),
        List.of("--json", ""),
        List.of("--tokens", tokens),
        List.of("--tokens", tokens, "--gradient", tokens),
        List.of("--gradient", folder.resolve("g.parquet").toString()),
        List.of("--set", "clip_low=0.1"),
        List.of("--set", "clip_low=abc"),
        List.of("--set", "clip_low=NaN"),
        List.of("--set", "clip_low"),
        List.of("--set", "=1"),
        List.of("--set", "clip_low=1,clip_high=1"),
        List.of("--set", "temperature=2"),
        List.of("--recipe", "grpo,grpo"),
        List.of("--recipe", "reinforce,,dapo"),
        List.of("--recipe", ""),
        List.of("--recipe", "grpo+"),
        List.of("--recipe", "+"),
        List.of("--recipe", "group-centred+log-prob+k2"),
        List.of("--recipe", "java.lang.String"),
        List.of("--recipe", "no.such.Recipe"),
        List.of("--recipe", "none.java"),
        List.of("--memory", "1G"),
        List.of("--memory", "300000K"),
        List.of("--memory", "0"),
        List.of("--memory", "-1G"),
        List.of("--memory", "1e9"),
        List.of("--memory", "99999999999999999999T"),
        List.of("--recorded-temperature", "0.7"),
        List.of("--recorded-temperature", "NaN"),
        List.of("--recorded-temperature", "0"),
        List.of("--columns", "reward=log_prob"),
        List.of("--columns", "reward"),
        List.of("--columns", "reward=none"),
        List.of("--columns", "a=b,c=b"),
        List.of("--columns", "=,"),
        List.of("--columns", "nothing=reward"),
        List.of("--leave-out", "reward"),
        List.of("--leave-out", "none"),
        List.of("--grid", "logits"),
        List.of("--grid", "logits=" + rows),
        List.of("--grid", "x=none.npy"),
        List.of("--logits", rows),
        List.of("--logits", folder.toString()),
        List.of("--drop-incomplete"),
        List.of("--glob"),
        List.of("--glob", folder.resolve("[").toString()),
        List.of("--glob", folder.resolve("*.jsonl").toString()),
        List.of("--device", "GPU:7"),
        List.of("--device", "TPU"),
        List.of("--device", ""),
        List.of("--float32"),
        List.of("--conventions", "verl"),
        List.of("--conventions", "none"),
        List.of("--strict"),
        List.of("--verbose"),
        List.of("--confidence", "2"),
        List.of("--confidence", "x"),
        List.of("--cases", "0"),
        List.of("--seed", "x"),
        List.of("--law", "none"),
        List.of("--latex"),
        List.of("--schedule"),
        List.of("--surface", "none"),
        List.of("--help"),
        List.of("--version"),
        List.of(rows),
        List.of(folder.toString()),
        List.of("none.jsonl"),
        List.of("@" + rows));
  }

  /** Points of a run, for {@code fit}. */
  static FuzzCase fit(Draw draw, Path folder) throws IOException {
    DrawnRows drawn = new DrawnRows();
    for (int i = 0; i < draw.between(0, 8); i++) {
      java.util.Map<String, Object> row = new java.util.LinkedHashMap<>();
      row.put(
          "entropy",
          draw.oneIn(12)
              ? draw.of("null", "-1", "1e9", "\"x\"", "NaN", "[1]", "700")
              : DrawnRows.number(draw, 0, 2));
      row.put(
          "reward",
          draw.oneIn(12)
              ? draw.of("null", "1e308", "\"1\"", "Infinity", "{}", "true")
              : DrawnRows.number(draw, -1, 1));
      drawn.rows.add(row);
    }
    RowFormat format = draw.of(List.of(RowFormat.JSONL, RowFormat.CSV, RowFormat.JSON));
    byte[] bytes = format.bytes(drawn.rows, List.of("entropy", "reward"));
    if (draw.oneIn(5)) {
      bytes = draw.of(List.of(ByteMutation.values())).apply(bytes, draw);
    }
    Path file =
        Files.write(folder.resolve("p." + format.name().toLowerCase(java.util.Locale.ROOT)), bytes);
    Path json = folder.resolve("out.json");
    return new FuzzCase(
        "fit",
        List.of("fit", file.toString(), "--json", json.toString()),
        List.of(json),
        drawn.rows.size() < 3 && bytes.length < 9
            ? Expected.of(End.NOT_DONE, "no points")
            : Expected.ANY);
  }
}
