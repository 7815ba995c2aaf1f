package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.nio.file.Path;
import java.util.ServiceLoader;
import lossmith.dsl.Problem;
import lossmith.score.EnginePlace;
import lossmith.score.HereEngine;
import lossmith.score.ScoreEngine;
import org.jspecify.annotations.Nullable;

/** Where rollouts are scored. */
final class EngineOptions {
  private static final String HERE = "here";

  @picocli.CommandLine.Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = HERE,
      description =
          "who scores: ${DEFAULT-VALUE}, this process; spark, a cluster (default:"
              + " ${DEFAULT-VALUE})")
  private String name = HERE;

  @picocli.CommandLine.Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "the cluster of --engine spark, such as spark://host:7077 or local[4]; without it that"
              + " of spark-submit")
  private @Nullable String master;

  @picocli.CommandLine.Option(
      names = "--staging",
      paramLabel = "FOLDER",
      description =
          "a folder that all machines of the cluster see under this path; what --engine spark puts"
              + " there is removed at the end (default: the temporary folder, if the cluster is"
              + " this machine)")
  private @Nullable Path staging;

  /** Refuses options that do not go together. */
  void check(boolean gradient, boolean texts, boolean plot) {
    if (name.equals(HERE) && (master != null || staging != null)) {
      throw problem(
              (master != null ? "--master" : "--staging") + " without another engine",
              "the engine that works there",
              "--engine spark")
          .exception();
    }
    if (!name.equals(HERE) && gradient) {
      throw problem(
              "--gradient with --engine " + name,
              "numbers per token in a folder; a file in the order of the rows is written by one"
                  + " machine",
              "--tokens FOLDER, whose column weight is dL/dlog pi")
          .exception();
    }
    if (!name.equals(HERE) && plot) {
      throw problem(
              "--plot with --engine " + name,
              "numbers per token in a folder; the machine that draws sees none of them",
              "--tokens FOLDER; --plot with --engine here, on the files of some prompts")
          .exception();
    }
    if (!name.equals(HERE) && texts) {
      throw problem(
              "--top-tokens, --report or --vocabulary with --engine " + name,
              "numbers and ids of tokens, without their texts",
              "--engine here, on the files of some prompts")
          .exception();
    }
  }

  /**
   * {@return the engine that was asked for}
   *
   * @param here the one of this process
   */
  ScoreEngine value(HereEngine here) {
    if (name.equals(HERE)) {
      return here;
    }
    List<ScoreEngine> others = List.ofAll(ServiceLoader.load(ScoreEngine.class));
    return others
        .find(engine -> engine.name().equals(name))
        .getOrElseThrow(
            () ->
                problem(
                        "--engine " + name + ", which is not on the class path",
                        others.map(ScoreEngine::name).prepend(HERE).mkString(" or "),
                        "mvn package -DskipTests -Pspark, which puts Spark beside lossmith.jar;"
                            + " src/spark/README.md says more")
                    .exception());
  }

  EnginePlace place(Option<Path> tokens) {
    return new EnginePlace(Option.of(master), Option.of(staging), tokens);
  }

  private static Problem problem(String wrote, String expected, String remedy) {
    return Problem.of("engine", wrote, expected, remedy);
  }
}
