package lossmith.recipes.distil;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes that bring the policy towards a teacher. */
public final class DistilFamily {
  private DistilFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(
        new DistilForward(),
        new DistilReverse(),
        new DistilJsd(),
        new DistilTvd(),
        new DistilTopK(),
        new Opd(),
        new IwOpd(),
        new MiniLlm(),
        new Sdpo(),
        new DistilMixed(),
        new DistilAdaptiveKl(),
        new DistilSkewForward(),
        new DistilSkewReverse(),
        new DistilUld(),
        new DistilTopKReverse(),
        new DistilTopKMixed(),
        new DistilTopKTail());
  }
}
