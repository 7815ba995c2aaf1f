package lossmith.proofs.subject;

import java.util.EnumMap;
import lossmith.dsl.Fold;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.reference.Reference;
import lossmith.ops.CompiledLoss;
import lossmith.ops.Evaluation;
import lossmith.proofs.trial.Trial;
import org.jspecify.annotations.Nullable;

/** The evaluations of an objective on one case: each is computed once, for all laws. */
public final class Evaluations {
  private final Subject subject;
  private final Trial trial;
  private final Fold<Node> scaled;
  private final Reference reference;
  private final EnumMap<Surface, Evaluation> evaluations = new EnumMap<>(Surface.class);
  private @Nullable Evaluation rows;

  Evaluations(Subject subject, Trial trial, Fold<Node> scaled) {
    this.subject = subject;
    this.trial = trial;
    this.scaled = scaled;
    this.reference = new Reference(trial.samples(), trial.parameters());
  }

  /** The numbers of a node, as the reference evaluates it. */
  public double[] of(Node node) {
    return reference.of(node);
  }

  /** The number of a node of the whole batch, as the reference evaluates it. */
  public double number(Node node) {
    return reference.number(node);
  }

  /** The largest scale of the entries of a node of the objective's bound form. */
  public double scale(Node node) {
    return Scale.largest(scales(node));
  }

  /** The scale of each entry of a node of the objective's bound form. */
  double[] scales(Node node) {
    return reference.of(scaled.of(node));
  }

  /** What TensorFlow finds at a surface. */
  public Evaluation evaluation(Surface surface) {
    return evaluations.computeIfAbsent(
        surface,
        s -> {
          CompiledLoss loss = subject.compiled(s);
          return loss.evaluate(
              trial.samples(), trial.parameters().filterKeys(loss.parameters()::containsKey));
        });
  }

  /** What TensorFlow finds a few rows of the logits at a time. */
  public Evaluation rows() {
    Evaluation found = rows == null ? subject.rowwise().whole(trial) : rows;
    rows = found;
    return found;
  }
}
