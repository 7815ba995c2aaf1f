package lossmith.recipes;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/** The recipes that come with the library. */
public final class Recipes {
  private Recipes() {}

  /** {@return all of them} */
  public static Seq<Recipe> all() {
    return List.of(
        new Reinforce(),
        new Ppo(),
        new Grpo(),
        new DapoAsPrinted(),
        new Dapo(),
        new Cispo(),
        new EntropyShaped(),
        new ForkingTokens(),
        new Psr(),
        new Nsr(),
        new WeightedReinforce(),
        new ClipCov(),
        new ClipCovGiven(),
        new KlCov(),
        new ProRl(),
        new SelfCertainty(),
        new TokenEntropy(),
        new TrajectoryEntropy(),
        new Unified(),
        new Gspo(),
        new GspoSequence(),
        new Luspo(),
        new Sapo(),
        new Gmpo(),
        new DppoTv(),
        new DppoKl(),
        new Dro(),
        new Gpg(),
        new PpoTokenIs(),
        new DrGrpo(),
        new Tis(),
        new Topr(),
        new CeGppo(),
        new Aspo(),
        new DecoupledPpo(),
        new M2po(),
        new Opsm(),
        new VapoNll(),
        new Vespo(),
        new DistilForward(),
        new DistilReverse(),
        new DistilJsd(),
        new DistilTvd(),
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
        new DistilTopK(),
        new Aot(),
        new AotUnpaired(),
        new Wpo(),
        new Sft(),
        new Qpg(),
        new Rmpg(),
        new Rpg(),
        new Mpo(),
        new VMpo(),
        new PpoActorCritic(),
        new ValueClipped(),
        new ApoZeroUnpaired(),
        new Bco(),
        new AlphaPo(),
        new NashMd(),
        new Xpo(),
        new Gvpo(),
        new Tpo(),
        new FlowRl(),
        new TriplePo(),
        new AStarPo(),
        new Opd(),
        new IwOpd(),
        new MiniLlm(),
        new Sdpo(),
        new DistilMixed(),
        new DistilAdaptiveKl(),
        new DistilSkewForward(),
        new DistilSkewReverse(),
        new DistilUld(),
        new Dft(),
        new TpoLength(),
        new LdDpo(),
        new RewardModel(),
        new ImplicitPrm(),
        new TpoHinge(),
        new TpoIpo(),
        new DistilTopKReverse(),
        new DistilTopKMixed(),
        new DistilTopKTail(),
        new Prm(),
        new SppoRegression());
  }

  /** {@return the recipe of that name, if there is one} */
  public static Option<Recipe> named(String name) {
    return all().find(recipe -> recipe.name().equals(name));
  }

  /**
   * {@return the recipe of that name}
   *
   * @param name its name, such as {@code grpo}
   * @throws lossmith.dsl.ProblemException where no recipe has that name, with the nearest one
   */
  public static Recipe get(String name) {
    return named(name).getOrElseThrow(() -> unknown(name));
  }

  private static ProblemException unknown(String name) {
    Seq<String> names = all().map(Recipe::name);
    return Problem.of(
            "recipe",
            "\"" + name + "\", no recipe" + Nearest.to(name, names),
            "one of " + names.mkString(", "),
            "Recipes.get(\"grpo\")")
        .exception();
  }
}
