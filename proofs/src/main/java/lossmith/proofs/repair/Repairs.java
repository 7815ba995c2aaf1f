package lossmith.proofs.repair;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.known.KnownLaws;
import lossmith.proofs.law.DivergenceLaws;
import lossmith.proofs.law.Laws;
import lossmith.proofs.law.ReferencePenalty;
import lossmith.proofs.mutation.Mutant;
import lossmith.proofs.mutation.Mutants;
import lossmith.proofs.presumed.RoleLaws;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;

/**
 * Which line of a wrong objective is wrong: the single changes after which its gradient reaches
 * what it declares, nothing is dead, nothing that had a gradient has lost it, and every claim holds
 * and every law of what it then reads as, some that is broken among them. None switches a term off.
 * Laws of the compiler have no repair here.
 */
public final class Repairs {
  private static final int CASES = 25;

  /** What these say of a surrogate depends on which of two terms is chosen. */
  private static final Set<String> OF_THE_BOUND = HashSet.of("clip-side", "pull-back");

  private static final String DIGITS = "single-precision";

  private Repairs() {}

  public static Seq<Mutant> of(Subject subject, Seq<Law> broken, long seed) {
    Seq<Law> wanted = Laws.pinning(subject);
    boolean about =
        broken
            .reject(law -> law.name().equals(RoleLaws.COMPLETE)) // no change makes an input
            .exists(
                law ->
                    law.scope() == Law.Scope.OBJECTIVE
                        || wanted.exists(w -> w.name().equals(law.name())));
    boolean presumed =
        broken
            .map(Law::name)
            .toSet()
            .remove(RoleLaws.COMPLETE)
            .remove(DIGITS) // another objective has other digits
            .exists(name -> Laws.ofRoles(subject).exists(law -> law.name().equals(name)));
    if (!about && !presumed) {
      return List.empty();
    }
    boolean penalised = broken.exists(law -> law.name().equals(DivergenceLaws.LIVE));
    Seq<Trial> trials = subject.trials(seed, CASES);
    if (trials.isEmpty()) {
      return List.empty();
    }
    Seq<String> spoken = broken.map(Law::name).remove(KnownLaws.NAME);
    if (spoken.nonEmpty() && spoken.forAll(OF_THE_BOUND::contains)) {
      // a clip that takes the wrong side is no call that was forgotten
      return Mutants.of(subject.loss())
          .filter(Repairs::choosesTheOther)
          .filter(mutant -> mutant.loss().isRight())
          .filter(mutant -> holds(subject, mutant.loss().get(), wanted, broken, trials))
          .take(3);
    }
    Set<String> still = still(subject, subject.loss(), trials);
    return MissingMask.of(subject.loss(), trials)
        .map(MissingMask::mended)
        .appendAll(
            ForgottenCalls.of(subject.loss())
                .filter(m -> m.loss().forAll(loss -> choices(loss) >= choices(subject.loss()))))
        .appendAll(about ? Mutants.of(subject.loss()).reject(Repairs::switchesOff) : List.empty())
        .filter(mutant -> mutant.loss().isRight())
        .filter(mutant -> holds(subject, mutant.loss().get(), wanted, broken, trials))
        .filter(
            mutant ->
                !penalised || ReferencePenalty.becomesReverse(subject, mutant.loss().get(), trials))
        .filter(mutant -> keepsParameters(subject.loss(), mutant.loss().get()))
        .filter(mutant -> still.containsAll(still(subject, mutant.loss().get(), trials)))
        .take(3);
  }

  /** Who writes a parameter means it to count. */
  private static boolean keepsParameters(Loss loss, Loss mended) {
    return mended.parameters().toSet().containsAll(loss.parameters());
  }

  /** Of how many choices both terms have a gradient: who chooses means both. */
  private static int choices(Loss loss) {
    return Graph.only(Node.Binary.class, Graph.below(loss))
        .count(choice -> isChoice(choice) && choice.left().live() && choice.right().live());
  }

  /** A minimum for a maximum, or the other way round. */
  private static boolean choosesTheOther(Mutant mutant) {
    return mutant.site().live()
        && isChoice(mutant.site())
        && mutant.other().exists(Repairs::isChoice);
  }

  private static boolean isChoice(Node node) {
    return node instanceof Node.Binary choice
        && (choice.op() == BinaryOp.MIN || choice.op() == BinaryOp.MAX);
  }

  /** A term that is gone keeps every law of it. */
  private static boolean switchesOff(Mutant mutant) {
    return mutant.change().equals("detached")
        || mutant.change().startsWith("always the ")
        || (mutant.change().equals("branches swapped") && isIndicator(mutant.site()))
        || (mutant.change().endsWith("operand dropped") && isSum(mutant.site()));
  }

  /** A number where a condition holds and 0 where it does not. */
  private static boolean isIndicator(Node node) {
    return node instanceof Node.Select select
        && List.of(select.left(), select.right())
            .exists(
                branch ->
                    PresumedRole.plain(branch) instanceof Node.Constant zero && zero.value() == 0);
  }

  private static boolean isSum(Node node) {
    return node instanceof Node.Binary sum
        && sum.live()
        && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS);
  }

  /**
   * The parts of a loss without gradient in any case, such as one whose advantage has become 0:
   * what is left of such a part keeps every claim.
   */
  private static Set<String> still(Subject subject, Loss loss, Seq<Trial> trials) {
    return loss.parts().filterValues(part -> still(subject, part, trials)).keySet();
  }

  private static boolean still(Subject subject, Term<Batch> part, Seq<Trial> trials) {
    try (Subject alone = subject.with(Terms.minimise(part))) {
      Seq<Node> gradients = alone.bound(Surface.STATISTICS).gradients().values();
      return trials.forAll(
          trial -> {
            Reference reference = new Reference(trial.samples(), trial.parameters());
            return gradients.forAll(
                gradient -> Arrays.stream(reference.of(gradient)).allMatch(x -> x == 0));
          });
    }
  }

  private static Set<String> roles(Subject subject) {
    return subject
        .presumed()
        .map(part -> part.presumed())
        .map(
            part ->
                part.part()
                    + (part.role().policyGradient()
                        ? " policy gradient"
                        : " " + part.role().name()))
        .toSet();
  }

  /**
   * Of what is mended some law that is broken must speak too: those that are silent do not hold.
   * The one that knows the catalogue speaks of everything.
   */
  private static boolean holds(
      Subject subject, Loss mended, Seq<Law> wanted, Seq<Law> broken, Seq<Trial> trials) {
    if (!Flow.check(mended).isEmpty()) {
      return false;
    }
    try (Subject other = subject.with(mended)) {
      if (!roles(other).containsAll(roles(subject))) {
        return false; // another kind of objective is no mended one
      }
      Set<String> speaking = Laws.of(other).map(Law::name).toSet();
      Seq<String> told = broken.map(Law::name).remove(KnownLaws.NAME);
      return (told.isEmpty() || told.exists(speaking::contains))
          && wanted
              .appendAll(Laws.ofRoles(other))
              .forAll(
                  law ->
                      (law.scope() == Law.Scope.OBJECTIVE ? trials.take(1) : trials)
                          .forAll(trial -> law.violations(other, trial).isEmpty()));
    } catch (ProblemException refused) {
      return false;
    }
  }
}
