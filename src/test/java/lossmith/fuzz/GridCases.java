package lossmith.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lossmith.fuzz.FuzzCase.End;
import lossmith.fuzz.FuzzCase.Expected;

/** Draws rollouts with a NumPy file of logits. */
final class GridCases {
  private GridCases() {}

  static FuzzCase score(Draw draw, Path folder) throws IOException {
    DrawnRows drawn = DrawnRows.valid(draw);
    int width = draw.between(2, 9);
    List<double[]> logits = new ArrayList<>();
    drawn.names.putIfAbsent("tokens", "tokens");
    boolean recorded = draw.oneIn(2);
    if (drawn.names.remove("entropy") != null) {
      // That of these logits would be another.
      drawn.rows.forEach(row -> row.remove("entropy"));
    }
    for (var row : drawn.rows) {
      List<Object> tokens = new ArrayList<>();
      List<Object> logProb = new ArrayList<>();
      int length = drawn.value(row, "log_prob") instanceof List<?> list ? list.size() : 0;
      for (int t = 0; t < length; t++) {
        double[] z = new double[width];
        double total = 0;
        for (int v = 0; v < width; v++) {
          z[v] = draw.real(-4, 4);
          total += Math.exp(z[v]);
        }
        int token = draw.below(width);
        tokens.add(String.valueOf(token));
        logProb.add(String.valueOf(z[token] - Math.log(total)));
        logits.add(z);
      }
      row.put(drawn.name("tokens"), tokens);
      row.put(drawn.name("log_prob"), logProb);
    }
    Expected expected = RolloutCases.expected(drawn, RowFormat.JSONL, List.of());
    if (!recorded) {
      String name = drawn.name("log_prob");
      drawn.rows.forEach(row -> row.remove(name));
    }
    String told = "as it is";
    String descr = "<f8";
    String order = "False";
    String shape = "(" + logits.size() + ", " + width + ")";
    int version = 1;
    boolean wrong = true;
    switch (draw.below(9)) {
      case 0 -> {
        descr = draw.of("<f2", ">f8", ">f4", "<i8", "|O", "<f16", "<c16", "|b1", "");
        told = "type";
      }
      case 1 -> {
        order = draw.of("True", "false", "0");
        told = "order";
      }
      case 2 -> {
        int n = logits.size();
        shape =
            draw.of(
                "(" + n * width + ",)",
                "(" + n + ", " + width + ", 1)",
                "(" + width + ", " + (n + 1) + ")",
                "(0, " + width + ")",
                "(" + n + ", 0)",
                "(-1, " + width + ")",
                "(" + n + ", 2305843009213693952)",
                "(2305843009213693952, " + width + ")",
                "(99999999999999999999999, " + width + ")",
                "(" + (n + 1) + ", " + width + ")",
                "()",
                "");
        told = "shape";
      }
      default -> {
        version = draw.of(List.of(1, 1, 2));
        wrong = false;
      }
    }
    byte[] file = file(version, descr, order, shape, logits);
    if (!wrong) {
      switch (draw.below(5)) {
        case 0 -> {
          file =
              draw.of(
                      List.of(
                          ByteMutation.CUT,
                          ByteMutation.FOLLOWED,
                          ByteMutation.ZEROS,
                          ByteMutation.NOTHING,
                          ByteMutation.OTHER_TEXT))
                  .apply(file, draw);
          told = "bytes";
          wrong = true;
        }
        case 1 -> {
          byte[] other = file.clone();
          other[draw.below(Math.min(other.length, 100))] ^= (byte) (1 << draw.below(8));
          file = other;
          told = "header";
          expected = Expected.ANY;
        }
        case 2 -> {
          double special =
              draw.of(
                  List.of(
                      Double.NaN,
                      Double.POSITIVE_INFINITY,
                      Double.NEGATIVE_INFINITY,
                      1e308,
                      -1e308));
          logits.get(draw.below(logits.size()))[draw.below(width)] = special;
          file = file(version, descr, order, shape, logits);
          told = "entry " + special;
          expected = Expected.ANY;
        }
        default -> {}
      }
    }
    Path rows =
        Files.write(folder.resolve("r.jsonl"), RowFormat.JSONL.bytes(drawn.rows, drawn.header()));
    Path npy = Files.write(folder.resolve("l.npy"), file);
    Path json = folder.resolve("out.json");
    List<String> args =
        new ArrayList<>(
            List.of(
                draw.oneIn(8) ? "check" : "score",
                rows.toString(),
                "--logits",
                npy.toString(),
                "--json",
                json.toString()));
    boolean check = args.get(0).equals("check");
    if (!check) {
      args.addAll(List.of("--recipe", "grpo"));
    }
    if (wrong) {
      expected = Expected.of(End.NOT_DONE, told);
    }
    return new FuzzCase(
        args.get(0) + " npy " + told,
        args,
        List.of(json),
        check && !wrong ? Expected.ANY : expected);
  }

  private static byte[] file(
      int version, String descr, String order, String shape, List<double[]> rows) {
    String dict =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n",
            descr,
            order,
            shape);
    byte[] header = dict.getBytes(StandardCharsets.US_ASCII);
    int width = rows.get(0).length;
    ByteBuffer file =
        ByteBuffer.allocate(8 + 2 * version + header.length + 8 * rows.size() * width)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    file.put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) header.length);
    } else {
      file.putInt(header.length);
    }
    file.put(header);
    rows.forEach(row -> java.util.Arrays.stream(row).forEach(file::putDouble));
    return file.array();
  }
}
