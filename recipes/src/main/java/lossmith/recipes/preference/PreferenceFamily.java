package lossmith.recipes.preference;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/** The recipes that learn from preferred and rejected responses. */
public final class PreferenceFamily {
  private PreferenceFamily() {}

  /** {@return the recipes of this family, in the order in which they are listed} */
  public static Seq<Recipe> recipes() {
    return List.of(
        new Dpo(),
        new Cdpo(),
        new DpoHinge(),
        new Ipo(),
        new SimPo(),
        new Cpo(),
        new ApoZero(),
        new ApoDown(),
        new RobustDpo(),
        new Exo(),
        new Nca(),
        new BcoPair(),
        new Sppo(),
        new DiscoPop(),
        new DpoLengthNormalised(),
        new Orpo(),
        new Kto(),
        new Aot(),
        new AotUnpaired(),
        new Wpo(),
        new Sft(),
        new ApoZeroUnpaired(),
        new Bco(),
        new AlphaPo(),
        new NashMd(),
        new Xpo(),
        new TriplePo(),
        new TpoLength(),
        new LdDpo(),
        new TpoHinge(),
        new TpoIpo());
  }
}
