package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import java.io.PrintWriter;
import lossmith.objective.Objectives;
import lossmith.ops.Compile;
import lossmith.ops.memory.Precision;
import lossmith.pieces.Watch;
import lossmith.recipes.Conventions;
import lossmith.rollouts.Sample;
import lossmith.score.Scorer;
import lossmith.score.TokenSink;
import lossmith.storage.MemoryBudget;

/**
 * What the command line does when nothing is asked: the embedded sample under all recipes,
 * explained.
 */
public final class Tour {
  private Tour() {}

  /** Prints the tour. */
  public static void print(Objectives objectives, PrintWriter out) {
    Compile.prepare();
    out.println(
        "384 real responses of a small model to 48 additions, 11,193 tokens, four updates after"
            + " sampling.");
    out.println();
    Scorer scorer = new Scorer(Sample.rollouts(), LinkedHashMap.empty(), Precision.FLOAT64);
    Ranking.of(
            scorer,
            ScoreCommand.losses(objectives.all(), Conventions.paper()),
            true,
            TokenSink.NONE,
            new MemoryBudget(MemoryBudget.usual()),
            Watch.NONE)
        .print(out, "'show NAME' says which each reads.");
    out.println();
    out.println("Each row is one objective on the same tokens, through TensorFlow in float64.");
    out.println(
        "below/above: share of tokens where something that is clipped lies beyond a bound; clip"
            + " low/high: share that the advantage pushes further out, what trainers log as clip"
            + " fraction; zero grad: share that teaches nothing.");
    out.println(
        "dH: where a step of unit size moves the summed entropy, to first order; negative means it"
            + " collapses.");
    out.println("Next: 'recipes', 'show grpo', 'prove grpo', 'score FILE', '--help'.");
  }
}
