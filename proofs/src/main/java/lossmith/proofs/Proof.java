package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.proofs.mutation.Mutant;
import lossmith.proofs.subject.Draws;

/**
 * What came of holding an objective to laws.
 *
 * @param subject the objective's name
 * @param presumed what each part of it reads as, from which laws follow that nobody has claimed
 * @param cases how many cases each law was tried on, those that it speaks of
 * @param leftOut by law, why it was left out of cases that it speaks of otherwise, and of how many
 * @param draws the cases
 * @param findings the laws that it breaks
 * @param accepted of laws that it may break, whether it does and why it may
 * @param repairs the single changes after which all of them hold, where there are any
 * @param observed what is true of it without being claimed, where a law is broken or none claimed
 */
public record Proof(
    String subject,
    Seq<String> presumed,
    Map<String, Integer> cases,
    Map<String, Map<String, Integer>> leftOut,
    Draws draws,
    Seq<Finding> findings,
    Seq<String> accepted,
    Seq<Mutant> repairs,
    Seq<String> observed) {
  /** {@return whether every law held, on cases enough to say so} */
  public boolean holds() {
    return findings.isEmpty() && draws.shortfall().isEmpty();
  }

  /** {@return what came of a law: holds, NO, accepted, or not tried} */
  public String verdict(String law) {
    if (isBroken(law)) {
      return "NO";
    }
    return isAccepted(law) ? "accepted" : cases.get(law).contains(0) ? "not tried" : "holds";
  }

  /** {@return whether it breaks a law} */
  public boolean isBroken(String law) {
    return findings.exists(finding -> finding.law().name().equals(law));
  }

  /** {@return whether it breaks a law that it may break} */
  public boolean isAccepted(String law) {
    return accepted.exists(text -> text.startsWith(law + " is broken"));
  }

  /** Of findings that have one cause the first, and the names of the others under it. */
  private static Seq<Finding> folded(Seq<Finding> findings) {
    return findings.flatMap(
        finding -> {
          Seq<Finding> same =
              finding.cause().isEmpty()
                  ? List.of(finding)
                  : findings.filter(other -> other.cause().equals(finding.cause()));
          boolean first = same.head().law().name().equals(finding.law().name());
          return first ? List.of(finding.folding(same.tail())) : List.<Finding>empty();
        });
  }

  /** The repairs; where the objective that was meant is known, calls that were forgotten alone. */
  private Seq<Mutant> mended() {
    return findings.exists(Telling::names)
        ? repairs.filter(repair -> repair.change().contains(" missing"))
        : repairs;
  }

  /** The findings, what tells most first; of those that tell least the names, where others tell. */
  private String told() {
    Seq<Finding> shown = Telling.shown(findings);
    Seq<String> others = findings.removeAll(shown).map(f -> f.law().name());
    return folded(shown).map(f -> f + "\n").mkString()
        + (others.isEmpty()
            ? ""
            : "  broken too, likely by the same mistake: "
                + others.mkString(", ")
                + " (--law "
                + others.head()
                + " shows it)\n");
  }

  /** {@return the same with what is true of it that nobody claims} */
  public Proof observing(Seq<String> others) {
    return new Proof(
        subject,
        presumed,
        cases,
        leftOut,
        draws,
        findings,
        accepted,
        repairs,
        observed.appendAll(others).distinct());
  }

  /**
   * {@return the same, where some laws may be broken}
   *
   * @param reasons why, by law
   */
  public Proof accepting(Map<String, String> reasons) {
    var both = findings.partition(finding -> reasons.containsKey(finding.law().name()));
    return new Proof(
        subject,
        presumed,
        cases,
        leftOut,
        draws,
        both._2,
        reasons
            .toList()
            .map(
                reason ->
                    reason._1
                        + (both._1.exists(finding -> finding.law().name().equals(reason._1))
                            ? " is broken: " + reason._2
                            : " is not broken, take it out (" + reason._2 + ")")),
        both._2.isEmpty() ? List.empty() : repairs,
        observed);
  }

  /** {@return what was presumed, a line each} */
  public String presumption() {
    return presumed.map(line -> "  presumed: " + line + "\n").mkString();
  }

  /**
   * {@return what would mend the objective, the laws that are broken with their smallest case, and
   * what was drawn}
   */
  public String report() {
    return draws.shortfall().map(why -> subject + " is NOT PROVED: " + why + "\n").mkString()
        + mended().map(r -> "all laws hold after one change: " + r + "\n").mkString()
        + told()
        + accepted.map(law -> "  accepted: " + law + "\n").mkString()
        + draws.lines().map(line -> "  drawn: " + line + "\n").mkString()
        + leftOut
            .flatMap(law -> law._2.map(why -> law._1 + " in " + why._2 + " cases: " + why._1))
            .map(law -> "  left out: " + law + "\n")
            .mkString()
        + observed.map(o -> "  observed: " + ShownNumbers.in(o) + "\n").mkString();
  }

  @Override
  public String toString() {
    int tried = cases.count(law -> law._2 > 0);
    int untried = cases.size() - tried;
    String head =
        subject
            + ": "
            + (tried - findings.size())
            + " of "
            + tried
            + " laws hold, up to "
            + cases.values().max().getOrElse(0)
            + " cases each"
            + (untried > 0 ? "; " + untried + " speak of none of these cases" : "");
    return (head + "\n" + presumption() + report()).strip();
  }
}
