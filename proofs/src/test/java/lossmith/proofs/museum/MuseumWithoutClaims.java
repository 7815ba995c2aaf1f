package lossmith.proofs.museum;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Function;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;

/**
 * What of the museum is caught where nobody claims anything, by the laws of roles alone or by every
 * law: {@code main} prints the table; its arguments are the number of cases and {@code all}.
 */
final class MuseumWithoutClaims {
  private MuseumWithoutClaims() {}

  /**
   * What a loss breaks without claims.
   *
   * @param exhibit the exhibit
   * @param wrong the laws that it breaks as it was written
   * @param mended those that it breaks without the mistake
   */
  record Row(Exhibit exhibit, Seq<String> wrong, Seq<String> mended) {
    boolean caught() {
      return !wrong.toSet().removeAll(mended).isEmpty();
    }

    @Override
    public String toString() {
      return String.format(
          "%-45s %-30s %s",
          exhibit.name(),
          caught() ? wrong.removeAll(mended).mkString(", ") : "-",
          mended.isEmpty() ? "" : "mended too: " + mended.mkString(", "));
    }
  }

  /** The exhibits that compile: the others are caught by the types. */
  static Seq<Exhibit> exhibits() {
    return Museum.all().filter(exhibit -> exhibit.caught() instanceof Caught.ByLaw);
  }

  static Row row(Exhibit exhibit, int cases, Function<Subject, Seq<Law>> laws) {
    Caught.ByLaw law = (Caught.ByLaw) exhibit.caught();
    return new Row(
        exhibit,
        broken(exhibit.name(), law.wrong(), cases, laws),
        broken(exhibit.name(), law.mended(), cases, laws));
  }

  private static Seq<String> broken(
      String name, Loss loss, int cases, Function<Subject, Seq<Law>> laws) {
    try (Subject subject = new Subject(name, loss)) {
      Seq<Law> open = laws.apply(subject);
      Seq<String> found = List.empty();
      boolean first = true;
      for (Trial trial : subject.trials(1, cases)) {
        boolean once = first;
        Seq<Law> broken =
            open.filter(law -> once || law.scope() == Law.Scope.CASE)
                .filter(law -> law.violations(subject, trial).nonEmpty());
        found = found.appendAll(broken.map(Law::name));
        open = open.removeAll(broken);
        first = false;
      }
      return found.distinct().sorted();
    } catch (ProblemException refused) {
      return List.of("refused");
    }
  }

  public static void main(String[] args) {
    int cases = args.length > 0 ? Integer.parseInt(args[0]) : 60;
    boolean every = args.length > 1 && args[1].equals("all");
    Function<Subject, Seq<Law>> laws = every ? Laws::of : Laws::ofRoles;
    Seq<Row> rows = List.empty();
    for (Exhibit exhibit : exhibits()) {
      rows = rows.append(row(exhibit, cases, laws));
      System.out.println(rows.last());
    }
    System.out.println(
        rows.count(Row::caught)
            + " of "
            + rows.size()
            + " caught by "
            + (every ? "some law" : "a law of a role")
            + " without claims; mended ones that break one: "
            + rows.count(row -> row.mended().nonEmpty()));
  }
}
