package lossmith.score;

import io.vavr.control.Option;
import java.nio.file.Path;

/**
 * Where an engine that is not in this process works.
 *
 * @param master the address of a cluster
 * @param staging a folder that all of its machines see
 * @param tokens the folder to which numbers per token go, if they are wanted
 */
public record EnginePlace(Option<String> master, Option<Path> staging, Option<Path> tokens) {
  /** That of the engine in this process, which has no other. */
  public static final EnginePlace NOWHERE =
      new EnginePlace(Option.none(), Option.none(), Option.none());
}
