package lossmith.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import lossmith.fuzz.FuzzCase.End;
import lossmith.fuzz.FuzzCase.Expected;

/** Draws files of rollouts that {@code score} and {@code check} are to read. */
final class RolloutCases {
  /** What means the same in Parquet, which writes numbers in its own way. */
  private static final Set<RowMutation> SAME_IN_PARQUET =
      EnumSet.of(RowMutation.SHUFFLED, RowMutation.DOUBLED, RowMutation.ORDER_OF_FIELDS);

  /** After these a file need not be refused whose rows have a meaning. */
  private static final Set<RowMutation> NAMES =
      EnumSet.of(RowMutation.TWO_NAMES, RowMutation.EXTRA, RowMutation.TWICE);

  private RolloutCases() {}

  static FuzzCase score(Draw draw, Path folder) throws IOException {
    DrawnRows drawn = DrawnRows.valid(draw);
    List<RowMutation> mutations = new ArrayList<>();
    boolean bytes = draw.oneIn(4);
    int many = bytes ? 0 : draw.of(List.of(0, 1, 1, 1, 2));
    for (int i = 0; i < many; i++) {
      mutations.add(draw.of(List.of(RowMutation.values())));
      mutations.get(i).apply(drawn, draw);
    }
    RowFormat format = draw.of(List.of(RowFormat.values()));
    String ending = format.name().toLowerCase(java.util.Locale.ROOT);
    String pack = format == RowFormat.PARQUET || !draw.oneIn(4) ? "" : draw.of(".gz", ".zst");
    byte[] plain = format.bytes(drawn.rows, drawn.header());
    if (plain.length == 0 && format == RowFormat.PARQUET) {
      format = RowFormat.JSONL;
      ending = "jsonl";
      plain = format.bytes(drawn.rows, drawn.header());
    }
    Expected expected = Expected.ANY;
    String told = "";
    if (bytes) {
      if (draw.oneIn(3)) {
        plain = harmless(plain, format, draw);
        expected = expected(drawn, format, mutations);
        told = "HARMLESS";
      } else {
        ByteMutation mutation = draw.of(List.of(ByteMutation.values()));
        told = mutation.name();
        boolean inside = draw.oneIn(2);
        plain = inside ? mutation.apply(plain, draw) : plain;
        plain = RowFormat.packed(plain, pack);
        plain = inside ? plain : mutation.apply(plain, draw);
        if (!inside
            && mutation == ByteMutation.CUT
            && (!pack.isEmpty() || format == RowFormat.PARQUET)) {
          expected = Expected.of(End.NOT_DONE, "cut off");
        }
        return of(
            draw,
            folder,
            List.of(file(draw, folder, ending + pack, plain)),
            "score " + ending + pack + " " + told,
            expected);
      }
    } else {
      expected = expected(drawn, format, mutations);
    }
    List<Path> files = new ArrayList<>();
    int half = drawn.rows.size() / 2;
    if (!bytes && format == RowFormat.JSONL && half > 0 && draw.oneIn(6)) {
      for (var part :
          List.of(drawn.rows.subList(0, half), drawn.rows.subList(half, drawn.rows.size()))) {
        byte[] one = format.bytes(part, drawn.header());
        files.add(
            Files.write(
                folder.resolve("part" + files.size() + ".jsonl" + pack),
                RowFormat.packed(one, pack)));
      }
    } else {
      files.add(file(draw, folder, ending + pack, RowFormat.packed(plain, pack)));
    }
    return of(draw, folder, files, "score " + ending + pack + " " + told + mutations, expected);
  }

  private static Path file(Draw draw, Path folder, String ending, byte[] bytes) throws IOException {
    String name = draw.of("r", "r", "r", "r[1]", "a b", "r*", "step=1", "it's") + ".";
    return Files.write(
        folder.resolve(
            name + (draw.oneIn(20) ? ending.toUpperCase(java.util.Locale.ROOT) : ending)),
        bytes);
  }

  private static FuzzCase of(
      Draw draw, Path folder, List<Path> files, String kind, Expected expected) {
    List<String> args = new ArrayList<>();
    List<Path> outputs = new ArrayList<>();
    boolean check = draw.oneIn(6);
    args.add(check ? "check" : "score");
    files.forEach(file -> args.add(file.toString()));
    outputs.add(folder.resolve("out.json"));
    args.addAll(List.of("--json", outputs.get(0).toString()));
    if (check) {
      return new FuzzCase(kind.replace("score", "check"), args, outputs, Expected.ANY);
    }
    boolean grpo = !draw.oneIn(8);
    args.addAll(
        List.of(
            "--recipe",
            grpo
                ? "grpo"
                : draw.of("reinforce", "dapo,cispo", "gspo", "kl-cov", "dpo", "ppo-actor-critic")));
    if (draw.oneIn(6)) {
      outputs.add(folder.resolve("tokens.parquet"));
      args.addAll(List.of("--tokens", outputs.get(outputs.size() - 1).toString()));
    }
    if (draw.oneIn(8)) {
      outputs.add(folder.resolve("gradient.parquet"));
      args.addAll(List.of("--gradient", outputs.get(outputs.size() - 1).toString()));
    }
    return new FuzzCase(kind, args, outputs, grpo ? expected : Expected.ANY);
  }

  /** What the rows mean to plain loops. */
  static Expected expected(DrawnRows drawn, RowFormat format, List<RowMutation> mutations) {
    if (mutations.contains(RowMutation.RENAMED)
        || (format == RowFormat.PARQUET && !SAME_IN_PARQUET.containsAll(mutations))) {
      return Expected.ANY;
    }
    try {
      GrpoByHand byHand = GrpoByHand.of(drawn, format == RowFormat.CSV);
      boolean names = mutations.stream().anyMatch(NAMES::contains);
      return new Expected(
          names ? End.ANY : End.DONE,
          byHand.loss().map(java.util.OptionalDouble::of).orElse(java.util.OptionalDouble.empty()),
          byHand.tolerance(),
          "by hand");
    } catch (GrpoByHand.Meaningless e) {
      return Expected.of(End.NOT_DONE, String.valueOf(e.getMessage()));
    }
  }

  /** Other bytes that mean the same. */
  private static byte[] harmless(byte[] bytes, RowFormat format, Draw draw) {
    if (format == RowFormat.PARQUET) {
      return bytes;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return switch (draw.below(6)) {
      case 0 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
      case 1 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE);
      case 2 -> text.getBytes(StandardCharsets.UTF_16);
      case 3 -> text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
      case 4 -> text.strip().getBytes(StandardCharsets.UTF_8);
      default ->
          (format == RowFormat.CSV ? text : text.replace("\n", "\n\n \n") + "\n\n")
              .getBytes(StandardCharsets.UTF_8);
    };
  }
}
