package lossmith.score;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.pieces.OneMachine;
import lossmith.pieces.PieceEngine;
import lossmith.pieces.Watch;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutFile;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;
import lossmith.storage.MemoryBudget;
import lossmith.vocabulary.Vocabulary;

/**
 * Scores in this process.
 *
 * @param texts columns of texts that are read too
 * @param vocabulary what tokens are as text, where those columns do not say it
 */
public record HereEngine(Seq<String> texts, Vocabulary vocabulary) implements ScoreEngine {
  /** {@return one that knows tokens by their ids alone} */
  public static HereEngine withoutTexts() {
    return new HereEngine(List.empty(), Vocabulary.unknown());
  }

  @Override
  public String name() {
    return "here";
  }

  @Override
  public EngineRollouts open(Seq<Path> files, Reading reading, EnginePlace place, Watch watch) {
    Rollouts rollouts = RolloutFile.read(files, reading, texts, watch);
    return new Here(rollouts, RowTexts.of(rollouts, reading, vocabulary));
  }

  private record Here(Rollouts rollouts, RowTexts texts) implements EngineRollouts {
    @Override
    public PieceEngine engine() {
      return new OneMachine(rollouts.pieces());
    }

    @Override
    public Option<String> ungrouped() {
      return rollouts.ungrouped();
    }

    @Override
    public Option<String> unpaired() {
      return rollouts.unpaired();
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
      return new TokenFile(rollouts, texts);
    }

    @Override
    public TokenOutput gradients() {
      return new GradientFile(rollouts);
    }

    @Override
    public InfluentialTokens influential(int most) {
      return new InfluentialTokens(rollouts, most);
    }

    @Override
    public ShownResponses shown(int objectives, int most) {
      return new ShownResponses(rollouts, objectives, most);
    }

    @Override
    public DifferingTokens differing(String first, String second, int most) {
      return new DifferingTokens(rollouts, first, second, most);
    }

    @Override
    public void close() {}
  }
}
