package lossmith.recipes.part;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Parameter;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Counterpart;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.preference.Dpo;
import lossmith.recipes.preference.PairLoss;
import lossmith.recipes.preference.PairScore;

/**
 * A preference loss of a named score; where no loss is named, of direct preference optimisation.
 */
record ScoredPreference(PairLoss pair, Part<PairScore> score) implements Recipe {
  private static Seq<PairLoss> losses() {
    return Recipes.all().filter(PairLoss.class::isInstance).map(PairLoss.class::cast);
  }

  /** {@return whether one of the names is a score} */
  static boolean speaksOf(Seq<String> names) {
    return Scores.all().exists(score -> names.contains(score.name()));
  }

  /** {@return the loss of a score and of a preference loss, by their names} */
  static ScoredPreference of(Seq<String> names) {
    Seq<PairLoss> pairs = losses().filter(pair -> names.contains(pair.name()));
    Seq<Part<PairScore>> scores = Scores.all().filter(score -> names.contains(score.name()));
    Seq<String> known = pairs.map(Recipe::name).appendAll(scores.map(Part::name));
    Problem.throwAll(
        names
            .reject(known::contains)
            .map(
                name ->
                    problem(
                        "\"" + name + "\" beside " + scores.head().name(),
                        "one of " + losses().map(Recipe::name).mkString(", "),
                        "a preference loss there")));
    Problem.throwAll(Composition.twice(names));
    Problem.throwAll(tooMany("preference loss", pairs.map(Recipe::name)));
    Problem.throwAll(tooMany("score", scores.map(Part::name)));
    return new ScoredPreference(pairs.headOption().getOrElse(Dpo::new), scores.head());
  }

  private static Seq<Problem> tooMany(String kind, Seq<String> names) {
    return names.size() < 2
        ? List.empty()
        : List.of(problem(names.mkString(" and "), "one " + kind, names.head() + " alone"));
  }

  private static Problem problem(String written, String expected, String instead) {
    return Problem.of("part", written, expected, instead);
  }

  /** A score increases with what it is of: what the loss claims of signs is true of it too. */
  @Override
  public Card card() {
    return Card.of(
            pair.name() + Composition.AND + score.name(),
            pair.title() + "; of " + score.title(),
            pair.source())
        .claiming(pair.claims().appendAll(score.claims()))
        .deviating(pair.deviations());
  }

  @Override
  public Seq<Counterpart> counterparts() {
    return score.counterparts();
  }

  @Override
  public Loss loss(Conventions c) {
    Seq<Parameter> ofPair = pair.loss(c).parameters();
    Seq<String> shared =
        parameters(score.make())
            .filter(
                p -> ofPair.exists(q -> q.name().equals(p.name()) && !q.range().equals(p.range())))
            .map(Parameter::name);
    PairScore named =
        shared.foldLeft(
            score.make(), (all, name) -> renamed(all, name, Qualified.name(score.name(), name)));
    return shared.foldLeft(
        pair.loss(c, named), (loss, name) -> loss.renamed(name, Qualified.name(pair.name(), name)));
  }

  private static Seq<Parameter> parameters(PairScore score) {
    Term<Token> x = Terms.logProb().minus(Terms.referenceLogProb());
    return Terms.minimise(score.margin(x).mean(Over.GROUPS)).parameters();
  }

  private static PairScore renamed(PairScore score, String name, String other) {
    return new PairScore() {
      @Override
      public Term<Group> chosen(Term<Token> x) {
        return score.chosen(x).renamed(name, other);
      }

      @Override
      public Term<Group> rejected(Term<Token> x) {
        return score.rejected(x).renamed(name, other);
      }

      @Override
      public Term<Group> margin(Term<Token> x) {
        return score.margin(x).renamed(name, other);
      }

      @Override
      public Term<Group> meanMargin(Term<Token> x) {
        return score.meanMargin(x).renamed(name, other);
      }
    };
  }
}
