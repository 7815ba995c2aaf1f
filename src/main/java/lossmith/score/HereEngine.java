package lossmith.score;

import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.pieces.OneMachine;
import lossmith.pieces.PieceEngine;
import lossmith.pieces.Watch;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import lossmith.storage.MemoryBudget;

/** Scores in this process. */
public final class HereEngine implements ScoreEngine {
  @Override
  public String name() {
    return "here";
  }

  @Override
  public EngineRollouts open(Seq<Path> files, Reading reading, EnginePlace place, Watch watch) {
    return new Here(RolloutFile.read(files, reading, watch));
  }

  private record Here(Rollouts rollouts) implements EngineRollouts {
    @Override
    public PieceEngine engine() {
      return new OneMachine(rollouts.pieces());
    }

    @Override
    public Option<String> ungrouped() {
      return rollouts.ungrouped();
    }

    @Override
    public Seq<String> notes() {
      return rollouts.notes();
    }

    @Override
    public MemoryBudget budget() {
      return rollouts.budget();
    }

    @Override
    public Rollouts first(long tokens) {
      return rollouts.first(tokens);
    }

    @Override
    public TokenOutput tokens() {
      return new TokenFile(rollouts);
    }

    @Override
    public TokenOutput gradients() {
      return new GradientFile(rollouts);
    }

    @Override
    public void close() {}
  }
}
