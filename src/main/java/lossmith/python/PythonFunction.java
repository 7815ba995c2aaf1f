package lossmith.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import lossmith.blackbox.AdvantageBox;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Setting;
import lossmith.blackbox.Settings;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/**
 * A Python function in a child process, which is started again where a call has ended it. What it
 * gives for a batch is asked for again each time.
 *
 * <p>Long because all that can be wrong with a file and a function is told here.
 */
public final class PythonFunction implements BlackBox, AutoCloseable {
  /** How long Python may take to start and to import PyTorch: seconds on a cold disk. */
  private static final Duration STARTING = Duration.ofMinutes(3);

  /** So many calls long a file may take to be imported. */
  private static final int IMPORT = 10;

  /** Calls that end the process, after which no more are made: each costs a start or a limit. */
  private static final int MOST_ENDS = 4;

  private static final List<String> ADVANTAGE_SHAPES = List.of("BT", "B", "B1");

  private final Target target;
  private final Interpreter interpreter;
  private final ObjectNode loaded;
  private DriverProcess process;
  private int ends;
  private String cause = "";
  private String advantages = ADVANTAGE_SHAPES.head();

  private PythonFunction(Target target, Interpreter interpreter, DriverProcess process) {
    this.target = target;
    this.interpreter = interpreter;
    this.process = process;
    this.loaded = load();
    check();
  }

  /**
   * {@return a function that is ready}
   *
   * @param target the function
   * @param interpreter what runs it
   * @param probe a batch that it is tried on, to see in which shape it takes advantages
   * @throws lossmith.dsl.ProblemException where it cannot be imported, or called with what there is
   */
  public static PythonFunction open(Target target, Interpreter interpreter, TensorBatch probe) {
    return ready(new PythonFunction(target, interpreter, DriverProcess.start(interpreter)), probe);
  }

  /**
   * {@return another function in the same process, after which this one is not called again}
   *
   * @param other the function
   * @param probe as for {@link #open}
   */
  public PythonFunction instead(Target other, TensorBatch probe) {
    return ready(new PythonFunction(other, interpreter, alive()), probe);
  }

  private static PythonFunction ready(PythonFunction function, TensorBatch probe) {
    if (function.reads(TensorBatch.ADVANTAGE)) {
      function.advantages =
          ADVANTAGE_SHAPES
              .find(
                  shape -> {
                    function.advantages = shape;
                    return function.of(probe) instanceof Answer.Numbers;
                  })
              .getOrElse(ADVANTAGE_SHAPES.head());
    }
    return function;
  }

  private ObjectNode load() {
    ObjectNode asked = Frame.asking("load");
    asked.put("file", target.file().toAbsolutePath().toString()).put("function", target.function());
    asked.put("as", target.hook().getOrElse(""));
    ObjectNode bound = asked.putObject("bind");
    target.bound().forEach(one -> bound.put(one._1, one._2));
    ObjectNode settings = asked.putObject("set");
    target.settings().forEach(one -> setting(settings, one._1, one._2));
    try {
      ObjectNode started = process.ask(Frame.of(Frame.asking("ready")), STARTING).header();
      return started.path("ok").asBoolean()
          ? process.ask(Frame.of(asked), target.limit().multipliedBy(IMPORT)).header()
          : started;
    } catch (IOException e) {
      throw Problem.of(
              "python",
              target + ": " + e.getMessage(),
              "a file that can be imported, within " + IMPORT + " times the time limit of a call",
              interpreter.program()
                  + " "
                  + target.file()
                  + " to see what is wrong, or a longer --time-limit")
          .exception();
    }
  }

  private static void setting(ObjectNode to, String name, String text) {
    if (text.matches("[-+]?\\d{1,15}")) {
      to.put(name, Long.parseLong(text));
    } else if (text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")) {
      to.put(name, Double.parseDouble(text));
    } else if (text.matches("(?i)true|false")) {
      to.put(name, Boolean.parseBoolean(text));
    } else if (text.matches("(?i)none|null")) {
      to.putNull(name);
    } else {
      to.put(name, text);
    }
  }

  private void check() {
    switch (loaded.path("kind").asText()) {
      case "torch" ->
          throw Problem.of(
                  "python",
                  loaded.path("python").asText()
                      + " (Python "
                      + loaded.path("version").asText()
                      + ") without PyTorch",
                  "a Python with PyTorch",
                  loaded.path("python").asText()
                      + " -m pip install torch, or another Python: --interpreter PATH")
              .exception();
      case "function" -> {
        Seq<String> there = texts("there");
        throw Problem.of(
                "python",
                target.file()
                    + " has no "
                    + target.function()
                    + Nearest.to(target.function(), there),
                there.isEmpty() ? "a function" : "one of " + there.mkString(", "),
                "FILE.py:FUNCTION")
            .exception();
      }
      case "callable" ->
          throw Problem.of(
                  "python",
                  target.function() + " of " + target.file() + ", " + loaded.path("text").asText(),
                  "a function, an object with __call__, or a class of such objects",
                  "in the file: def my_loss(log_prob, …): return " + target.function() + "…")
              .exception();
      case "hook" -> throw hook();
      case "exception" ->
          throw Problem.of(
                  "python",
                  target + ": " + loaded.path("text").asText(),
                  "a file that can be imported",
                  interpreter.program() + " " + target.file() + " to see what is wrong")
              .exception();
      default -> Problem.throwAll(unbound());
    }
  }

  /** What a trainer gives, to a function that wants something else. */
  private ProblemException hook() {
    String hook = loaded.path("hook").asText();
    String fits = loaded.path("fits").asText();
    Seq<String> gives = texts("gives");
    Seq<String> missing = texts("missing");
    return Problem.of(
            "as",
            target.function()
                + " as "
                + hook
                + ", whose hook gives "
                + gives.mkString(", ")
                + ", and nothing for "
                + missing.mkString(", "),
            "a function of (" + gives.mkString(", ") + ")",
            fits.equals(hook)
                ? "--as tensors, with --bind PARAMETER=COLUMN where a name does not tell"
                : "--as " + fits + ", which its parameters fit")
        .exception();
  }

  private Seq<Problem> unbound() {
    Seq<String> aliases = texts("aliases");
    Seq<Problem> unknown =
        texts("unknown")
            .map(
                name ->
                    Problem.of(
                        "bind",
                        name + ", no parameter of " + target.function(),
                        "PARAMETER=COLUMN of a parameter that it has",
                        "--bind old_logps=old_log_prob"));
    Seq<Problem> columns =
        target
            .bound()
            .filter(one -> !aliases.contains(one._2))
            .toList()
            .map(
                one ->
                    Problem.of(
                        "bind",
                        one._1 + "=" + one._2 + ", no column" + Nearest.to(one._2, aliases),
                        "one of " + aliases.mkString(", "),
                        "--bind " + one._1 + "=log_prob"));
    Seq<Problem> open =
        texts("unbound")
            .map(
                name ->
                    Problem.of(
                        "bind",
                        "the parameter " + name + ", whose name does not tell what it is",
                        "a column (" + aliases.mkString(", ") + ") or a constant",
                        "--bind " + name + "=old_log_prob, or --set " + name + "=0.2"));
    Seq<Problem> bad = unknown.appendAll(columns).appendAll(open);
    if (estimates()) {
      return bad.isEmpty() && !reads(Columns.REWARD) && !reads(Columns.TOKEN_REWARD)
          ? List.of(
              Problem.of(
                  "bind",
                  target.function() + " without rewards",
                  "a parameter that is reward or token_reward",
                  "--bind PARAMETER=reward"))
          : bad;
    }
    return bad.isEmpty() && !BlackBox.TRAINED.exists(this::reads)
        ? List.of(
            Problem.of(
                "bind",
                target.function()
                    + " without log-probs of the policy, and without its entropies or values",
                "a parameter that is log_prob, or value; of an advantage, one that is reward",
                "--bind PARAMETER=log_prob, or --as advantage"))
        : bad;
  }

  private Seq<String> texts(String field) {
    return List.ofAll(loaded.path(field)).map(JsonNode::asText);
  }

  /** {@return whether it makes advantages of rewards, and is no loss} */
  public boolean estimates() {
    return loaded.path("hook").asText().equals(Hook.ADVANTAGE.toString());
  }

  /** {@return the same as what makes advantages of rewards} */
  public AdvantageBox advantage() {
    return new PythonAdvantage(this);
  }

  /** {@return whose loss it is, and which column each of its parameters has} */
  public String calling() {
    Seq<String> bound =
        List.ofAll(loaded.path("bound").properties())
            .map(one -> one.getKey() + " = " + one.getValue().asText());
    return loaded.path("hook").asText()
        + (bound.isEmpty() ? "" : ": " + bound.mkString(", "))
        + (reads(TensorBatch.ADVANTAGE) && !advantages.equals("BT")
            ? "; advantages one per response"
            : "");
  }

  @Override
  public String name() {
    return target.toString();
  }

  @Override
  public Set<String> columns() {
    return LinkedHashSet.ofAll(texts("columns"));
  }

  @Override
  public boolean knowsWhole() {
    return loaded.path("whole").asBoolean();
  }

  @Override
  public Map<String, Double> parameters() {
    return List.ofAll(loaded.path("defaults").properties())
        .foldLeft(
            LinkedHashMap.empty(), (all, one) -> all.put(one.getKey(), one.getValue().asDouble()));
  }

  @Override
  public Settings settings() {
    try {
      JsonNode header = alive().ask(Frame.of(Frame.asking("settings")), target.limit()).header();
      return new Settings(
          List.ofAll(header.path("settings").properties())
              .foldLeft(
                  LinkedHashMap.empty(),
                  (all, one) -> all.put(one.getKey(), setting(one.getValue()))),
          List.ofAll(header.path("unread")).map(JsonNode::asText),
          List.ofAll(header.path("fallbacks").properties())
              .foldLeft(
                  LinkedHashMap.empty(),
                  (all, one) ->
                      all.put(
                          one.getKey(),
                          new Settings.Fallback(
                              setting(one.getValue().path(0)), setting(one.getValue().path(1))))));
    } catch (IOException e) {
      return Settings.NONE; // the call before has ended it
    }
  }

  private static Setting setting(JsonNode value) {
    return value.isBoolean()
        ? new Setting.Switch(value.booleanValue())
        : new Setting.Amount(value.doubleValue(), value.isIntegralNumber());
  }

  @Override
  public Answer of(TensorBatch batch, Map<String, Setting> moved) {
    return of(batch, TRAINED.intersect(columns()), false, moving(moved));
  }

  @Override
  public Set<String> optional() {
    return LinkedHashSet.ofAll(texts("optional"));
  }

  @Override
  public Answer without(TensorBatch batch, String column) {
    ObjectNode asked = Frame.asking("call");
    asked.putArray("absent").add(column);
    return of(batch, TRAINED.intersect(columns()), false, asked);
  }

  /** A call with other settings. */
  static ObjectNode moving(Map<String, Setting> moved) {
    ObjectNode asked = Frame.asking("call");
    if (moved.nonEmpty()) {
      ObjectNode to = asked.putObject("moved");
      moved.forEach(one -> put(to, one._1, one._2));
    }
    return asked;
  }

  private static void put(ObjectNode to, String name, Setting is) {
    if (is instanceof Setting.Amount amount && amount.whole()) {
      to.put(name, Math.round(amount.value()));
    } else if (is instanceof Setting.Amount amount) {
      to.put(name, amount.value());
    } else if (is instanceof Setting.Switch turned) {
      to.put(name, turned.on());
    } else {
      to.putNull(name);
    }
  }

  @Override
  public Answer of(TensorBatch batch, Set<String> trained, boolean single) {
    return of(batch, trained, single, Frame.asking("call"));
  }

  private Answer of(TensorBatch batch, Set<String> trained, boolean single, ObjectNode call) {
    trained.forEach(call.putArray("trained")::add);
    return asked(batch, single, call).fold(Answer.Failure::new, PythonFunction::answer);
  }

  /** What it answers for a batch, or why it does not. */
  Either<String, Frame> asked(TensorBatch batch, boolean single, ObjectNode call) {
    call.put("single", single)
        .put("advantages", advantages)
        .put("tokens", batch.wholeTokens())
        .put("responses", batch.wholeRows());
    int[] shape = {batch.rows(), batch.width()};
    double[] groups = Arrays.stream(batch.group()).asDoubleStream().toArray();
    Frame frame =
        Frame.of(call)
            .with(Columns.RESPONSE_MASK, batch.mask(), false, shape)
            .with(TensorBatch.GROUP, groups, true, batch.rows());
    for (var column : batch.slots()) {
      frame = reads(column._1) ? frame.with(column._1, column._2, false, shape) : frame;
    }
    for (var column : batch.responses()) {
      frame = reads(column._1) ? frame.with(column._1, column._2, false, batch.rows()) : frame;
    }
    if (ends == MOST_ENDS) {
      return Either.left(
          "not asked again after " + ends + " calls without an answer, the last for: " + cause);
    }
    try {
      Frame answer = alive().ask(frame, target.limit());
      return answer.header().path("ok").asBoolean()
          ? Either.right(answer)
          : Either.left(answer.header().path("text").asText());
    } catch (IOException e) {
      ends++;
      cause = String.valueOf(e.getMessage());
      return Either.left(cause);
    }
  }

  /** The process, started again where a call has ended it. */
  private DriverProcess alive() {
    if (!process.alive()) {
      process = DriverProcess.start(interpreter);
      ObjectNode unused = load();
    }
    return process;
  }

  private static Answer answer(Frame frame) {
    ObjectNode header = frame.header();
    Map<String, double[]> gradients = LinkedHashMap.empty();
    Map<String, Double> metrics = LinkedHashMap.empty();
    for (var array : frame.arrays()) {
      String[] name = array._1.split(":", 2);
      if (name[0].equals("gradient")) {
        gradients = gradients.put(name[1], array._2.values());
      } else if (name[0].equals("metric")) {
        metrics = metrics.put(name[1], array._2.values()[0]);
      }
    }
    return new Answer.Numbers(
        frame.arrays().get("loss").get().values()[0],
        gradients,
        metrics,
        List.ofAll(header.path("changed")).map(JsonNode::asText),
        header.path("graph").asBoolean());
  }

  @Override
  public void close() {
    process.close();
  }
}
