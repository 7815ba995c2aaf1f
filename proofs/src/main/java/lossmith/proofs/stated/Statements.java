package lossmith.proofs.stated;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;

/** The statements by the name of the recipe that they are of. */
public final class Statements {
  private static final Map<String, Statement> ALL =
      LinkedHashMap.<String, Statement>empty()
          .merge(ReinforceStatements.all())
          .merge(ClippedStatements.all())
          .merge(SequenceStatements.all())
          .merge(EntropyStatements.all())
          .merge(SelectionStatements.all())
          .merge(OffPolicyStatements.all())
          .merge(DistillationStatements.all())
          .merge(TeacherStatements.all())
          .merge(PreferenceStatements.all())
          .merge(PairStatements.all())
          .merge(ActorStatements.all())
          .merge(UnpairedStatements.all());

  private Statements() {}

  /** {@return the statement of a recipe} */
  public static Option<Statement> of(String recipe) {
    return ALL.get(recipe);
  }
}
