package lossmith.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lossmith.fuzz.FuzzCase.End;

/**
 * What is to be said of how a command ended.
 *
 * @param past whether the input was past the first check: what was typed and the form of the file
 * @param faults everything that no user should see
 */
record Verdict(boolean past, List<String> faults) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A message of ours, or one about what was typed. */
  private static final Pattern MESSAGE = Pattern.compile("[^:]+: got .*; expected .*; write .*");

  /** What only developers understand. */
  private static final Pattern INTERNAL =
      Pattern.compile(
          "\tat |Exception|\\b(java|javax|org|com|io|sun|jdk|lossmith)\\.[a-z]+\\.[A-Za-z]"
              + "|\\b(Some|None|Optional|Right|Left)[(\\[]|@[0-9a-f]{6,8}\\b|%[sd]\\b");

  private static final int BAD_INPUT = 2;

  /** {@return the files under a folder with what is in them} */
  static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(
            folder.relativize(file).toString(),
            java.util.Arrays.hashCode(Files.readAllBytes(file)) + " " + Files.size(file));
      }
    }
    return found;
  }

  static Verdict of(
      FuzzCase given, int exit, String out, String err, Path folder, Map<String, String> before)
      throws IOException {
    List<String> faults = new ArrayList<>();
    String command = given.args().isEmpty() ? "" : given.args().get(0);
    if (exit < 0 || exit > BAD_INPUT || (exit == 1 && command.equals("score"))) {
      faults.add("exit code " + exit);
    }
    if (!given.args().contains("--help") && !given.args().contains("-h")) {
      for (String said : List.of(out, err)) {
        Matcher internal = INTERNAL.matcher(without(said, given));
        if (internal.find()) {
          faults.add("says '" + line(said, internal.group()) + "'");
        }
      }
    }
    boolean typing = err.contains("\nTry '");
    if (exit == BAD_INPUT && !typing) {
      if (!out.isEmpty()) {
        faults.add("bad input after output: " + out.lines().findFirst().orElse(""));
      }
      if (err.isBlank() || !err.lines().allMatch(one -> MESSAGE.matcher(one).matches())) {
        faults.add("a message of another form: " + err.strip());
      }
    }
    boolean told = out.contains("Beyond what floating point holds");
    if (exit == 0 && !told && (out + err).matches("(?s).*\\b(NaN|Infinity)\\b.*")) {
      faults.add("prints " + line(out + err, (out + err).contains("NaN") ? "NaN" : "Infinity"));
    }
    leftovers(given, exit, folder, before, faults);
    expected(given, exit, err, faults);
    boolean past = exit != BAD_INPUT || (!typing && !err.matches("(?s)(file|golden|output): .*"));
    return new Verdict(past, faults);
  }

  /** What was said without what the user wrote. */
  private static String without(String said, FuzzCase given) {
    String rest = said.replace("lossmith.recipes.Recipe", "");
    for (String arg : given.args()) {
      rest = arg.length() > 3 ? rest.replace(arg, "") : rest;
    }
    return rest;
  }

  private static String line(String said, String part) {
    return said.lines().filter(one -> one.contains(part)).findFirst().orElse(part);
  }

  private static void leftovers(
      FuzzCase given, int exit, Path folder, Map<String, String> before, List<String> faults)
      throws IOException {
    Map<String, String> after = files(folder);
    List<String> outputs =
        given.outputs().stream().map(path -> folder.relativize(path).toString()).toList();
    before.forEach(
        (name, content) -> {
          if (!content.equals(after.get(name))) {
            faults.add("changed the input " + name);
          }
        });
    for (String name : after.keySet()) {
      if (!before.containsKey(name) && (exit == BAD_INPUT || !outputs.contains(name))) {
        faults.add("left " + name);
      }
    }
  }

  private static void expected(FuzzCase given, int exit, String err, List<String> faults)
      throws IOException {
    FuzzCase.Expected expected = given.expected();
    if (expected.end() == End.DONE && exit != 0) {
      faults.add("refused (" + expected.why() + "): " + err.strip());
    }
    if (expected.end() == End.NOT_DONE && exit == 0) {
      faults.add("silent: done, although " + expected.why());
    }
    if (exit != 0 || !given.args().contains("--json")) {
      return;
    }
    Path json = Path.of(given.args().get(given.args().indexOf("--json") + 1));
    if (!given.args().get(0).equals("score") || !Files.exists(json)) {
      return;
    }
    JsonNode scores = MAPPER.readTree(json.toFile()).path("scores");
    for (JsonNode score : scores) {
      score
          .properties()
          .forEach(
              field -> {
                if (field.getValue().isTextual()
                    && !field.getKey().equals("recipe")
                    && !score.path("notes").toString().contains("beyond what floating")) {
                  faults.add("writes " + field);
                }
              });
    }
    double loss = scores.path(0).path("loss").asDouble(Double.NaN);
    if (expected.loss().isPresent()
        && !(Math.abs(loss - expected.loss().getAsDouble()) <= expected.tolerance())) {
      faults.add("silent: loss " + loss + ", by hand " + expected.loss().getAsDouble());
    }
  }
}
