package lossmith.score;

import io.vavr.collection.Seq;
import java.nio.file.Path;
import lossmith.pieces.Watch;
import lossmith.rollouts.Reading;

/**
 * Where rollouts are scored: in this process, or on many machines. Others than {@link HereEngine}
 * are found by {@link java.util.ServiceLoader}.
 */
public interface ScoreEngine {
  /** {@return what it is called} */
  String name();

  /**
   * {@return rollouts, ready to be scored}
   *
   * @param files the files they are in, read as one
   * @param reading what their columns are called
   * @param place where the engine works
   * @param watch is told how many rows were read
   * @throws lossmith.dsl.ProblemException with everything that is wrong
   */
  EngineRollouts open(Seq<Path> files, Reading reading, EnginePlace place, Watch watch);
}
