package lossmith.export;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.print.Formula;
import lossmith.dsl.python.Signature;
import lossmith.dsl.python.TorchModule;
import lossmith.recipes.Recipe;

/**
 * An objective as PyTorch source, with all that is known of it at its head: formula, gradient,
 * source, columns, parameters and fingerprint.
 */
public final class TorchExport {
  private TorchExport() {}

  /**
   * {@return the text of a module}
   *
   * @throws lossmith.dsl.ProblemException where no gradient of the objective reaches anything
   */
  public static String write(Recipe recipe, Objective objective) {
    Loss loss = objective.alive().loss();
    return TorchModule.of(objective.name(), head(recipe, objective), loss);
  }

  /** What is known of an objective. */
  static String head(Recipe recipe, Objective objective) {
    Loss loss = objective.loss();
    Signature signature = Signature.of(loss);
    Seq<String> gradients =
        signature.split().rest().gradients().toList().map(g -> Formula.unicode(g._1, g._2).strip());
    String source =
        List.of(recipe.source().paper(), recipe.source().where(), recipe.source().url())
            .filter(text -> !text.isEmpty())
            .mkString("; ");
    return objective.title()
        + ".\n\n"
        + indented(Formula.unicode(loss).strip())
        + "\n\nIts gradient:\n\n"
        + gradients.map(TorchExport::indented).mkString("\n\n")
        + "\n\nSource: "
        + source
        + recipe.deviations().map(how -> "\nDiffers: " + how).mkString()
        + "\n\nColumns\n"
        + signature.columns().map(column -> indented(column(column, signature))).mkString("\n")
        + (signature.parameters().isEmpty() ? "" : "\n\nParameters\n")
        + signature.parameters().map(p -> indented(p.name() + " = " + p.range())).mkString("\n")
        + "\n\nFingerprint "
        + loss.fingerprint();
  }

  private static String column(Node.Input column, Signature signature) {
    String absent =
        signature
            .fallbacks()
            .get(column.name())
            .map(other -> "; where it is absent " + Formula.unicode(other).strip())
            .getOrElse("");
    String meaning =
        signature
            .split()
            .statistics()
            .get(column.name())
            .map(statistic -> ": " + Formula.unicode(statistic).strip())
            .getOrElse("");
    return column.name() + ", one number per " + column.level() + meaning + absent;
  }

  private static String indented(String text) {
    return "    " + text.replace("\n", "\n    ");
  }
}
