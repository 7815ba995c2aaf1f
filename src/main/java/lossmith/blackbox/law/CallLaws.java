package lossmith.blackbox.law;

import static lossmith.blackbox.law.BoxLaw.fact;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a call of a loss gives, whatever the loss is. */
final class CallLaws {
  /** The law that one which gives no number breaks. */
  static final String ANSWERS = "answers";

  /** The law that one breaks whose numbers are none. */
  static final String FINITE = "finite";

  private CallLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        BoxLaw.of(
                ANSWERS,
                "It gives a tensor of one number for every batch",
                "L is one number",
                "a case that the code does not expect: an empty response, a prompt with one"
                    + " response, a ratio beyond what exp can hold",
                CallLaws::answers)
            .on(Trial.Kind.values()),
        BoxLaw.of(
            FINITE,
            "Value and gradient are finite",
            "|L| < ∞, |dL/dlog π| < ∞",
            "a division by a count or a spread that may be 0: an empty response, equal rewards; or"
                + " exp without a bound",
            CallLaws::finite),
        BoxLaw.of(
                "finite-at-extremes",
                "Value and gradient are finite however far the policies are apart",
                "|L| < ∞, |dL/dlog π| < ∞ where |log π − log π_old| ≤ 1e4",
                "exp of a log-ratio without a bound: 0·inf in the branch that is not taken; clamp"
                    + " the log-ratio before exp",
                CallLaws::finite)
            .on(Trial.Kind.EXTREME),
        BoxLaw.of(
                "same-twice",
                "The same batch gives the same numbers twice",
                "L(x) = L(x)",
                "a random choice inside the loss, or a state that it keeps",
                CallLaws::sameTwice)
            .on(Trial.Kind.ORDINARY),
        BoxLaw.of(
            "inputs-unchanged",
            "No input is another afterwards",
            "x after = x before",
            "an operation in place (x[mask] = 0, sub_, clamp_): work on a copy",
            CallLaws::unchanged),
        BoxLaw.of(
                "float32",
                "float32 gives what float64 gives, up to its rounding",
                "L32 ≈ L64",
                "a difference of large numbers that are nearly equal (E[x²] − E[x]²), or numbers"
                    + " that are cast to half precision",
                CallLaws::single)
            .on(Trial.Kind.ORDINARY)
            .within(2e-5, "float32 rounds at 6e-8, log-probs of size 10 bring 1e-6 to a ratio"),
        BoxLaw.of(
            "metrics-are-shares",
            "What is logged as a fraction is between 0 and 1, and all metrics are finite",
            "0 ≤ fraction ≤ 1",
            "a sum where a mean is meant, or a mean over all slots divided by tokens",
            CallLaws::metrics));
  }

  private static Seq<Violation> answers(Question q, double tolerance) {
    return q.answer() instanceof Answer.Failure failure ? fact(failure.text()) : List.empty();
  }

  private static Seq<Violation> finite(Question q, double tolerance) {
    if (!(q.answer() instanceof Answer.Numbers numbers)) {
      return List.empty();
    }
    Seq<Violation> value =
        Double.isFinite(numbers.loss()) ? List.empty() : fact("L = " + numbers.loss());
    return value.appendAll(
        numbers
            .gradients()
            .toList()
            .flatMap(
                g ->
                    List.range(0, g._2.length)
                        .filter(i -> !Double.isFinite(g._2[i]))
                        .flatMap(i -> fact("dL/d" + g._1 + "[" + i + "] = " + g._2[i]))));
  }

  private static Seq<Violation> sameTwice(Question q, double tolerance) {
    if (!(q.answer() instanceof Answer.Numbers numbers) || !numbers.finite()) {
      return List.empty();
    }
    return Differing.between("again", numbers, q.box().of(q.batch()), 0);
  }

  private static Seq<Violation> unchanged(Question q, double tolerance) {
    return q.answer() instanceof Answer.Numbers numbers
        ? numbers.changed().flatMap(name -> fact(name + " is another after the call"))
        : List.empty();
  }

  private static Seq<Violation> single(Question q, double tolerance) {
    if (!(q.answer() instanceof Answer.Numbers numbers) || !numbers.finite()) {
      return List.empty();
    }
    Answer single = q.box().of(q.batch(), BlackBox.TRAINED.intersect(q.box().columns()), true);
    return Differing.between("in float32", numbers, single, tolerance * numbers.scale());
  }

  private static Seq<Violation> metrics(Question q, double tolerance) {
    if (!(q.answer() instanceof Answer.Numbers numbers) || !numbers.finite()) {
      return List.empty();
    }
    return numbers
        .metrics()
        .toList()
        .flatMap(
            metric -> {
              String name = metric._1.toLowerCase(Locale.ROOT);
              boolean share =
                  List.of("frac", "share", "clip_ratio/", "ratio_clipped").exists(name::contains);
              double x = metric._2;
              boolean wrong = !Double.isFinite(x) || (share && !(x >= -1e-9 && x <= 1 + 1e-9));
              return wrong ? fact(metric._1 + " = " + x) : List.<Violation>empty();
            });
  }
}
